package flow

import (
	"maps"
	"time"
)

// Env is what a Run knows of the world around it. The zero value is an empty world.
type Env struct {
	Vars      map[string]string      // values to begin with: VarCaller, …
	Schedules map[string]*Schedule   // by name
	Flows     map[string]*Definition // sub-flows by name, see Definition.Bundle
	Now       func() time.Time       // the owner's clock; nil = the zero time
}

// Run is one walk through a Definition.
type Run struct {
	def   *Definition
	env   Env
	vars  map[string]string
	node  string // where it stands; empty = not begun, or over
	calls []callSite
	phase phase
	tries int // of the present Keys, Digits, … node, or of music in the present Queue node
	typed string
	steps []Step
	// places says where each of steps was wanted.
	places []Place
	hops   int // nodes entered without waiting
	nodes  int // entered in all
}

// callSite is where a sub-flow leads back to.
type callSite struct {
	def  *Definition
	next string
}

// phase says what a Run waits for.
type phase int

const (
	idle       phase = iota
	saying           // for Played
	listening        // for Key or Elapsed
	wronged          // for Played of the wrong-key prompts
	over             // for nothing more
	queueing         // for QueueFailed
	announcing       // for Placed, or Played of the announcement; the queue goes on
	greeting         // for Played of a voicemail's prompts
	recording        // for MessageLeft
	hearing          // for Heard
	fetching         // for Fetched
	texting          // for Sent
	forwarding       // for ForwardFailed
)

// NewRun makes a walk of d.
func NewRun(d *Definition, env Env) *Run {
	vars := maps.Clone(env.Vars)
	if vars == nil {
		vars = map[string]string{}
	}
	return &Run{def: d, env: env, vars: vars}
}

// Begin walks from the start.
func (r *Run) Begin() []Step { return r.do(func() { r.enter(r.def.Start) }) }

// HasSurvey tells whether BeginAfter leads anywhere.
func (r *Run) HasSurvey() bool { return r.root().AfterCall != "" }

// BeginAfter walks from the node for after the call.
func (r *Run) BeginAfter() []Step {
	return r.do(func() {
		r.def, r.calls = r.root(), nil
		r.enter(r.def.AfterCall)
	})
}

// root is the definition that the walk began with.
func (r *Run) root() *Definition {
	if len(r.calls) > 0 {
		return r.calls[0].def
	}
	return r.def
}

// Over tells whether the Run has ended.
func (r *Run) Over() bool { return r.node == "" }

// Node is the ID of the node where the Run stands, and the name of the flow it is in.
func (r *Run) Node() (flow, node string) { return r.def.Name, r.node }

// Played says the last Say came to its end.
func (r *Run) Played() []Step {
	return r.do(func() {
		n := r.at()
		switch r.phase {
		case saying:
			r.said(n)
		case wronged:
			r.ask(n)
		case greeting:
			r.phase = recording
			r.emit(Leave{Max: seconds(n.MaxSeconds, 120)})
		case announcing:
			r.announced(n)
		case queueing, forwarding:
			r.music(n)
		case idle, listening, recording, hearing, fetching, texting, over:
		}
	})
}

// Key says the customer pressed a key.
func (r *Run) Key(k string) []Step {
	return r.do(func() {
		n := r.at()
		switch {
		case r.phase == recording && k == "#":
			r.message(n)
		case r.phase == queueing || r.phase == announcing:
			r.queueKey(n, k)
		case r.phase != saying && r.phase != listening && r.phase != wronged:
		case n.Type == Keys || n.Type == Satisfaction:
			r.pressed(n, k)
		case n.Type == Digits:
			r.dialed(n, k)
		}
	})
}

// Elapsed says the last Wait is over.
func (r *Run) Elapsed() []Step {
	return r.do(func() {
		switch r.phase {
		case listening:
			r.silence(r.at())
		case queueing:
			r.announce(r.at())
		default:
		}
	})
}

// MessageLeft says the customer's message has been recorded.
func (r *Run) MessageLeft() []Step {
	return r.do(func() {
		if r.phase == recording {
			r.message(r.at())
		}
	})
}

// HungUp says the customer is gone. Nothing is wanted any more, but a survey that he heard and did not answer tells so.
func (r *Run) HungUp() []Step {
	return r.do(func() {
		if n := r.at(); n.Type == Satisfaction {
			r.noInput(n)
		}
		r.node, r.phase = "", over
	})
}

func (r *Run) do(f func()) []Step {
	r.steps, r.places, r.hops = nil, nil, 0
	f()
	return r.steps
}

func (r *Run) emit(s Step) {
	r.steps = append(r.steps, s)
	r.places = append(r.places, Place{r.def.Name, r.node})
}

func (r *Run) at() Node { return r.def.Nodes[r.node] }

func (r *Run) now() time.Time {
	if r.env.Now == nil {
		return time.Time{}
	}
	return r.env.Now()
}

// enter stands on a node and does what it says first. An empty id ends the flow, or the sub-flow.
func (r *Run) enter(id string) {
	for id == "" && len(r.calls) > 0 {
		back := r.calls[len(r.calls)-1]
		r.calls = r.calls[:len(r.calls)-1]
		r.def, id = back.def, back.next
	}
	r.hops++
	r.nodes++
	if id == "" || r.hops > maxHops || r.nodes > maxWalk {
		r.end("")
		return
	}
	r.node, r.tries, r.typed = id, 0, ""
	r.begin(r.at())
}

func (r *Run) begin(n Node) {
	switch n.Type {
	case Queue, Agent:
		r.queue(n)
	case External:
		r.forward(n)
	case Voicemail:
		r.phase = greeting
		r.say(append(append([]Prompt{}, n.Prompts...), Prompt{Audio: "builtin:beep"}), false)
	case WorkTime:
		r.workTime(n)
	case Condition:
		r.enter(r.branch(n))
	case Set:
		r.assign(n)
		r.enter(n.Next)
	case HTTP:
		r.fetch(n)
	case SMS:
		r.phase = texting
		r.emit(Text{To: or(r.fill(n.To), r.vars[VarCaller]), Body: r.fill(n.Text)})
	case Blacklist:
		r.blacklist(n)
	case SubFlow:
		r.walkInto(n)
	default:
		r.ask(n)
	}
}

// walkInto goes into a sub-flow. One that does not exist, or that is too deep, is passed by.
func (r *Run) walkInto(n Node) {
	sub := r.env.Flows[n.Flow]
	if sub == nil || len(r.calls) >= maxDepth {
		r.enter(n.Next)
		return
	}
	r.calls = append(r.calls, callSite{def: r.def, next: n.Next})
	r.def = sub
	r.enter(sub.Start)
}

func (r *Run) say(ps []Prompt, loop bool) {
	filled := make([]Prompt, len(ps))
	for i, p := range ps {
		p.Text = r.fill(p.Text)
		filled[i] = p
	}
	r.emit(Say{Prompts: filled, Loop: loop})
}

// ask says a node's prompts, if it has any.
func (r *Run) ask(n Node) {
	r.phase, r.typed = saying, ""
	if len(n.Prompts) == 0 {
		r.said(n)
		return
	}
	r.say(n.Prompts, false)
}

// said goes on after a node's prompts.
func (r *Run) said(n Node) {
	switch n.Type {
	case Keys, Satisfaction, Digits:
		r.phase = listening
		r.emit(Wait{For: seconds(n.Timeout, 5)})
	case Speech:
		r.phase = hearing
		r.emit(Listen{Silence: seconds(n.Timeout, 5), Max: seconds(n.MaxSeconds, 15)})
	case HangUp:
		r.end("")
	default:
		r.enter(n.Next)
	}
}

func (r *Run) message(n Node) {
	r.emit(Wait{})
	r.enter(n.Next)
}

func (r *Run) end(reason string) {
	r.node, r.phase, r.calls = "", over, nil
	r.emit(End{Reason: reason})
}

func (r *Run) label(n Node) string { return or(n.Label, r.node) }

func seconds(s, otherwise int) time.Duration {
	if s == 0 {
		s = otherwise
	}
	return time.Duration(s) * time.Second
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
