package flow

import "encoding/json"

// workTime goes on while the company works. A schedule that is gone counts as open: better a call too many than a company
// that cannot be reached.
func (r *Run) workTime(n Node) {
	s := r.env.Schedules[n.Schedule]
	switch {
	case s == nil || s.Open(r.now()):
		r.enter(n.Next)
	case n.Closed == "" && len(r.calls) == 0:
		r.end(ReasonNotWorkTime)
	default:
		r.enter(n.Closed)
	}
}

func (r *Run) blacklist(n Node) {
	switch {
	case r.vars[VarBlocked] != "true":
		r.enter(n.Next)
	case n.Listed == "":
		r.end(ReasonBlacklist)
	default:
		r.enter(n.Listed)
	}
}

func (r *Run) branch(n Node) string {
	for _, b := range n.Branches {
		if r.holds(b.If) {
			return b.Next
		}
	}
	return n.Next
}

func (r *Run) assign(n Node) {
	for _, a := range n.Assign {
		if a.Expr != "" {
			r.set(a.Var, text(eval(a.Expr, false, r.names())))
			continue
		}
		r.set(a.Var, r.fill(a.Value))
	}
}

func (r *Run) fetch(n Node) {
	r.phase = fetching
	r.emit(Fetch{Request: Request{
		URL: r.fillURL(n.URL), Method: or(n.Method, "POST"), Headers: r.fillAll(n.Headers), Params: r.fillAll(n.Params),
		Timeout: seconds(n.Timeout, 5),
	}})
}

// Fetched says what a server answered. Anything but a 2xx with JSON (or with nothing, when nothing is wanted) is a failure.
func (r *Run) Fetched(a Response) []Step {
	return r.do(func() {
		if r.phase != fetching {
			return
		}
		n := r.at()
		if r.understood(n, a) {
			r.enter(n.Next)
			return
		}
		if r.tries++; r.tries <= n.Retries {
			r.fetch(n)
			return
		}
		r.enter(or(n.Failed, n.Next))
	})
}

// understood takes an answer's values into the variables.
func (r *Run) understood(n Node, a Response) bool {
	if a.Error != "" || a.Status < 200 || a.Status > 299 {
		return false
	}
	var body any
	if err := json.Unmarshal([]byte(a.Body), &body); err != nil && len(n.Outputs) > 0 {
		return false
	}
	names := r.names()
	names["status"], names["body"] = a.Status, body
	for _, v := range sortedKeys(n.Outputs) {
		r.set(v, text(eval(n.Outputs[v], false, names)))
	}
	return true
}

// Sent says whether a text message could be handed to the company's hook.
func (r *Run) Sent(ok bool) []Step {
	return r.do(func() {
		if r.phase != texting {
			return
		}
		n := r.at()
		if ok {
			r.enter(n.Next)
			return
		}
		r.enter(or(n.Failed, n.Next))
	})
}
