package call

import (
	"openseat"
)

// mostSpeakers bounds who talks in one call.
const mostSpeakers = 8

// invite asks for a third party, whom the agent consults while the customer hears music.
func (c *Call) invite(ask string, e Invited) {
	s := c.talkingSeat(ask, e.User)
	if s == nil {
		return
	}
	if err := c.invitable(s, e); err != nil {
		c.reply(ask, err)
		return
	}
	c.learn(e.Groups)
	x := errand{ask: ask, by: s, user: e.ToUser, group: e.ToGroup, phone: e.Phone}
	if e.Phone == "" {
		c.setOut(x, !e.Wait)
		return
	}
	c.setErrand(x)
	p := c.addSeat(phone, "")
	p.Phone, p.Type, p.errand = e.Phone, TypeOutside, c.errand
	c.setTimer(timerRing+p.Leg, dialWait)
	c.do(DialTrunk{Leg: p.Leg, Trunk: e.Trunk, Caller: e.Caller, Callee: e.Phone, Timeout: dialWait})
	c.errandBegins()
}

// invitable tells why nobody can be invited, if so.
func (c *Call) invitable(s *seat, e Invited) *openseat.Error {
	given := 0
	for _, is := range []bool{e.ToUser != "", e.ToGroup != 0, e.Phone != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return openseat.Errorf(openseat.CodeInvalidParameter, "exactly one of userId, skillGroupId and phone must be given")
	case c.phase != talking || c.internal():
		return openseat.Errorf(openseat.CodeStateNotAllowed, "session %s has no customer in talk", c.ref.ID)
	case c.errand != nil:
		return openseat.Errorf(openseat.CodeStateNotAllowed, "session %s is waiting for %s", c.ref.ID, c.errand.target())
	case len(c.speakers()) >= mostSpeakers:
		return openseat.Errorf(openseat.CodeOutOfCountLimit, "session %s has %d members", c.ref.ID, mostSpeakers)
	case e.ToUser == s.User || c.seatOf(e.ToUser, seatTalking) != nil && c.monitorOf(e.ToUser) == nil:
		return openseat.Errorf(openseat.CodeSeatBusy, "%s is in session %s", e.ToUser, c.ref.ID)
	}
	return nil
}

// invitation is the member that an invitation has brought so far.
func (c *Call) invitation() Member {
	for _, s := range c.present(seatRinging) {
		if s.errand == c.errand {
			return c.member(s)
		}
	}
	return Member{ID: c.errand.id, Type: "agent", Group: c.errand.group, State: "queued"}
}

// reconnect takes the customer back: who was consulted stays, and all hear each other.
func (c *Call) reconnect(ask string, e Reconnected) {
	s := c.talkingSeat(ask, e.User)
	switch {
	case s == nil:
	case e.Member != "" && e.Member != CustomerLeg && c.memberNamed(e.Member) == nil:
		c.refusef(ask, openseat.CodeNotFound, "session %s has no member %s", c.ref.ID, e.Member)
	case c.phase != talking || c.handingOn():
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s is not in talk", c.ref.ID)
	default:
		c.setHold(s, false)
		c.reply(ask, nil)
	}
}

// memberNamed finds a member by its leg, or by the invitation that it came by.
func (c *Call) memberNamed(id string) *seat {
	for _, s := range c.present(seatRinging, seatConnecting, seatTalking) {
		if s.role != monitor && (s.Leg == id || s.errand != nil && s.errand.id == id) {
			return s
		}
	}
	return nil
}

// kick removes who was invited: from the talk, or before he has come.
func (c *Call) kick(ask string, e Kicked) {
	s := c.talkingSeat(ask, e.User)
	if s == nil {
		return
	}
	m := c.memberNamed(e.Member)
	switch {
	case m == nil && c.errand != nil && c.errand.id == e.Member, m != nil && m != s && m.invited() && m.errand == c.errand:
		c.cancelErrand()
		c.consultOver()
		c.reply(ask, nil)
	case m == nil:
		c.refusef(ask, openseat.CodeNotFound, "session %s has no member %s", c.ref.ID, e.Member)
	case m == s || !m.invited():
		c.refusef(ask, openseat.CodeStateNotAllowed, "member %s of session %s was not invited", e.Member, c.ref.ID)
	default:
		c.dropSeat(m, ending{end: EndOK, seat: EndOK, closeBy: closeSeat})
		c.consultOver()
		c.reply(ask, nil)
	}
}

// consultOver takes the customer back when nobody is left who was consulted, or asked for.
func (c *Call) consultOver() {
	if c.errand != nil {
		return
	}
	for _, s := range c.speakers() {
		if s.invited() {
			return
		}
	}
	c.consult = false
}
