package call

import (
	"maps"
	"strconv"
	"time"

	"openseat/core/flow"
)

func (c *Call) arrived(e Arrived) {
	if c.phase != unborn {
		return
	}
	c.begin(e.Plan, Inbound, TypeInbound, e.Caller, e.Callee, e.Trunk)
	c.facts.Location, c.facts.Remark, c.last = e.Location, e.Remark, e.LastAgent
	c.phase = door
	if e.Interface != "" && e.Plan.Helpers.Route {
		c.do(RingLeg{Leg: CustomerLeg})
		id := c.waitForHelp(Routed{Error: "no answer in time"}, routeWait)
		c.do(AskRoute{ID: id, URL: e.Interface, IVRID: e.IVRID, Caller: e.Caller, Callee: e.Callee})
		return
	}
	c.answer()
}

// answer takes the call in for its flow. A published flow was checked; a broken one, or none, refuses the call rather than
// hanging it.
func (c *Call) answer() {
	def, err := flow.Parse(c.plan.Flow)
	if err != nil {
		c.finish(ending{end: EndError, side: SideSystem, sip: 500})
		return
	}
	c.run = flow.NewRun(def, c.flowEnv())
	c.do(AnswerLeg{Leg: CustomerLeg})
}

// routed is the company's word on who answers: another flow, the number's own, or nobody.
func (c *Call) routed(e Routed) {
	if e.Reject {
		c.finish(ending{end: EndIVREnd, side: SideSystem, sip: 603})
		return
	}
	if len(e.Flow) > 0 {
		c.plan.Flow, c.plan.Flows = e.Flow, e.Flows
	}
	vars := maps.Clone(c.plan.Vars)
	if vars == nil {
		vars = map[string]string{}
	}
	maps.Copy(vars, e.Vars)
	c.plan.Vars = vars
	c.answer()
}

// flowEnv is what the flow knows of its call.
func (c *Call) flowEnv() flow.Env {
	vars := maps.Clone(c.plan.Vars)
	if vars == nil {
		vars = map[string]string{}
	}
	maps.Copy(vars, map[string]string{
		flow.VarCaller: c.facts.Caller, flow.VarCallee: c.facts.Callee, flow.VarSession: c.ref.ID, flow.VarLastAgent: c.last,
	})
	return flow.Env{Vars: vars, Schedules: c.plan.Schedules, Flows: c.plan.Flows, Now: func() time.Time { return c.now }}
}

func prompts(ps []flow.Prompt) []Prompt {
	out := make([]Prompt, len(ps))
	for i, p := range ps {
		out[i] = Prompt(p)
	}
	return out
}

func (c *Call) wait(d time.Duration) {
	if d == 0 {
		c.stopTimer(timerFlow)
		return
	}
	c.setTimer(timerFlow, d)
}

func (c *Call) keyMeant(s flow.Pressed) {
	k := Key{Key: s.Key, Label: s.Label, Node: s.Node, At: c.now}
	if s.After {
		c.facts.PostKeys = append(c.facts.PostKeys, k)
		return
	}
	c.facts.Keys = append(c.facts.Keys, k)
}

// leave records a message of the customer.
func (c *Call) leave(longest time.Duration) {
	what := "voicemail"
	if n := len(c.records); n > 0 { // another message in the same call
		what += ":" + strconv.Itoa(n)
	}
	c.startKind(kindVoicemail, CustomerLeg, what, c.customer())
	c.setTimer(timerVoicemail, longest)
}

// messageOver ends the customer's message, however it came about.
func (c *Call) messageOver() {
	c.stopTimer(timerVoicemail)
	c.stopRecordings(func(r *recording) bool { return r.Kind == kindVoicemail })
}

// flowEnded hangs up on a customer whose flow has nothing more for him, for the reason it gives, if any.
func (c *Call) flowEnded(reason string) {
	switch {
	case c.phase == surveying:
		c.finish(ending{end: EndOK, side: SideSeat})
	case reason == flow.ReasonNotWorkTime:
		c.finish(ending{end: EndNotWorkTime, side: SideSystem})
	case reason == flow.ReasonBlacklist:
		c.finish(ending{end: EndBlackList, side: SideSystem})
	case c.nobody:
		c.finish(ending{end: EndNoSeatOnline, side: SideSystem})
	default:
		c.finish(ending{end: EndIVREnd, side: SideSystem})
	}
}

func (c *Call) digit(e Digit) {
	if e.Leg != CustomerLeg || c.run == nil || c.pressed >= maxDigitsPressed {
		return
	}
	if c.phase != inFlow && c.phase != surveying && !c.inFlowQueue() {
		return
	}
	c.pressed++
	if len(c.openRecordings(kindVoicemail)) > 0 && e.Digit == "#" {
		c.messageOver()
	}
	c.steps(c.run.Key(e.Digit))
}

func (c *Call) played(leg, play string) {
	if leg != CustomerLeg || play != c.play || c.run == nil {
		return
	}
	c.play = ""
	if c.phase == inFlow || c.phase == surveying || c.inFlowQueue() {
		c.steps(c.run.Played())
	}
}
