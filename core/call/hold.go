package call

import (
	"openseat"
)

func (c *Call) hold(ask string, e HeldByAgent) {
	s := c.talkingSeat(ask, e.User)
	if s == nil {
		return
	}
	if c.phase != talking || c.handingOn() {
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s is not in talk", c.ref.ID)
		return
	}
	c.setHold(s, e.On)
	c.reply(ask, nil)
}

// setHold has somebody held, or taken back. Who takes a customer back whom agents consult about has a three-way talk.
func (c *Call) setHold(s *seat, on bool) {
	if held := c.holder != nil || c.consult && !on; held == on {
		return
	}
	c.service(s, "StaffHold", "StaffUnhold", on)
	c.holder = nil
	if on {
		c.holder = s
		return
	}
	c.consult = false
}

// legHeld is the hold key of an agent's SIP phone.
func (c *Call) legHeld(e LegHeld) {
	if s := c.seatAt(e.Leg); s != nil && s.onPhone() && s.state == seatTalking && c.phase == talking && !c.handingOn() {
		c.setHold(s, e.On)
	}
}
