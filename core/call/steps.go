package call

import (
	"openseat/core/acd"
	"openseat/core/flow"
)

// steps does what the flow wants.
func (c *Call) steps(ss []flow.Step) {
	for _, s := range ss {
		switch s := s.(type) {
		case flow.Say:
			c.play = c.playTo(CustomerLeg, prompts(s.Prompts), s.Loop)
		case flow.Hush:
			c.hush()
		case flow.Wait:
			c.wait(s.For)
		case flow.Pressed:
			c.keyMeant(s)
		case flow.Leave:
			c.leave(s.Max)
		case flow.End:
			c.flowEnded(s.Reason)
		default:
			c.farStep(s)
		}
	}
}

// farStep does what takes others: the board, an outside number, servers. What nobody does here fails at once, so that the flow
// goes on its way for that.
func (c *Call) farStep(s flow.Step) {
	switch s := s.(type) {
	case flow.Enqueue:
		c.enqueue(s)
	case flow.Dequeue:
		c.leaveQueue()
		c.phase = inFlow
	case flow.AskPlace:
		c.tellBoard(acd.PositionWanted{Work: c.ref})
	case flow.Forward:
		c.forward(s)
	default:
		c.helpWith(s)
	}
}

// forward dials an outside number for the customer.
func (c *Call) forward(s flow.Forward) {
	p := c.addSeat(phone, "")
	p.Phone, p.Type = s.Number, TypeOutside
	caller := s.Caller
	if caller == "" {
		caller = c.facts.Callee
	}
	c.setTimer(timerRing+p.Leg, s.Timeout)
	c.do(DialTrunk{Leg: p.Leg, Trunk: c.facts.Trunk, Caller: caller, Callee: s.Number, Timeout: s.Timeout})
}
