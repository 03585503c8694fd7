package call

import (
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/flow"
	"openseat/core/org"
)

// Why somebody who was asked for did not come: the reasons of acd.OfferMissed, and of the event transferFailed.
const (
	reasonRejected    = "rejected"
	reasonTimeout     = "timeout"
	reasonUnreachable = "unreachable"
	reasonNoMedia     = "noMedia"
	reasonBusy        = "busy"
)

// ring rings an agent where he is: his telephone, or his page, which learns of the call in any case.
func (c *Call) ring(s *seat) {
	s.RingAt = c.now
	if c.facts.RingAt.IsZero() && c.facts.AcceptAt.IsZero() {
		c.facts.RingAt = c.now
	}
	ring := c.ringTime(s.Group)
	c.setTimer(timerRing+s.Leg, ring)
	c.ringPhone(s, ring)
	c.notify(s.User, "callIn", c.callInData(s, ring))
}

func (c *Call) ringPhone(s *seat, ring time.Duration) {
	if !s.onPhone() {
		return
	}
	shown := c.customer()
	switch {
	case s.Type == string(acd.SeatMobile): // a carrier passes on none but our own numbers
		shown = c.shownOnMobile()
	case c.internal() && s == c.seats[0]:
		shown = c.in.ToUser
	case c.internal():
		shown = c.in.User
	}
	c.do(RingSeat{Leg: s.Leg, User: s.User, Seat: acd.Seat(s.Type), Caller: shown, Name: c.facts.Remark, Timeout: ring})
}

func (c *Call) shownOnMobile() string {
	if c.internal() {
		return c.in.Caller
	}
	return c.ours()
}

func (c *Call) callInData(s *seat, ring time.Duration) map[string]any {
	data := map[string]any{
		"type": c.viewType(s), "timeout": int(ring / time.Second), "serverType": s.Type,
		"callerPhoneNumber": c.facts.Caller, "calleePhoneNumber": c.facts.Callee, "callerLocation": LocationText(c.facts.Location),
		"remark": c.facts.Remark, "ivrPath": c.ivrPath(),
	}
	if c.internal() {
		data["peerUserId"] = c.in.User
	}
	if c.facts.Direction == Outbound {
		data["direction"] = int(Outbound)
	}
	if e := s.errand; e != nil && !e.back {
		data[map[bool]string{true: "transferFrom", false: "inviteFrom"}[e.moves]] = e.by.User
	}
	return data
}

// LocationText is where a number belongs, in a few words.
func LocationText(l org.Location) string {
	text := l.Province
	if l.City != l.Province {
		text += l.City
	}
	if text == "" {
		text = l.Country
	}
	if text != "" && l.Operator != "" {
		text += " "
	}
	return text + l.Operator
}

func (c *Call) ringTime(group int64) time.Duration {
	return orDuration(c.groupPlan(group).RingTimeout, defaultRing)
}

func (c *Call) ivrPath() []map[string]string {
	path := make([]map[string]string, 0, len(c.facts.Keys))
	for _, k := range c.facts.Keys {
		path = append(path, map[string]string{"key": k.Key, "label": k.Label})
	}
	return path
}

// accept lets a rung agent in: his page may bring its sound now.
func (c *Call) accept(ask string, e Accepted) {
	s := c.seatOf(e.User, seatRinging)
	switch {
	case s == nil || c.tooLate(s) || c.connecting() && !c.internal():
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s does not ring %s", c.ref.ID, e.User)
		return
	case s.onPhone():
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s rings the %s of %s: it is answered there", c.ref.ID, device(s.Type), e.User)
		return
	}
	s.state, s.conn, s.tab = seatConnecting, e.Conn, e.TabUUID
	c.stopTimer(timerRing + s.Leg)
	c.stopTimer(timerQueue)
	c.setTimer(timerMedia+s.Leg, mediaWait)
	c.do(OpenAgent{Leg: s.Leg, User: s.User})
	c.taken(s)
	c.reply(ask, nil)
}

func device(seat string) string {
	if seat == string(acd.SeatMobile) {
		return "mobile phone"
	}
	return "SIP phone"
}

// taken tells the board that the agent it offered us has taken it.
func (c *Call) taken(s *seat) {
	if s.offered {
		s.bound = true
		c.tellBoard(acd.OfferTaken{Work: c.ref, User: s.User})
	}
}

func (c *Call) decline(ask, user string) {
	s := c.seatOf(user, seatRinging)
	if s == nil {
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s does not ring %s", c.ref.ID, user)
		return
	}
	c.missed(s, reasonRejected)
	c.reply(ask, nil)
}

// stopRinging makes a telephone be still.
func (c *Call) stopRinging(s *seat) {
	if s.hasLeg() {
		c.hangUp(s)
	}
}

// hangUp ends a seat's line, unless it has ended by itself.
func (c *Call) hangUp(s *seat) {
	if !s.over {
		c.do(HangUpLeg{Leg: s.Leg})
	}
}

// missed ends the ringing of who does not come. A customer in the queue goes on to the next agent.
func (c *Call) missed(s *seat, reason string) {
	c.stopRinging(s)
	c.seatLeaves(s, EndSeatGiveUp)
	s.why = reason
	if s.offered {
		c.tellBoard(acd.OfferMissed{Work: c.ref, User: s.User, Reason: reason})
		c.notify(s.User, "autoTransfer", map[string]any{})
		return
	}
	c.release(s)
	if s.role == agent {
		c.notify(s.User, "autoTransfer", map[string]any{})
	}
	c.notTaken(s, reason)
}

// notTaken goes on without somebody who was asked for by name.
func (c *Call) notTaken(s *seat, reason string) {
	switch {
	case s.errand != nil && s.errand == c.errand:
		c.errandFailed(reason)
	case c.queue != nil && c.queue.user != "" && c.queue.user == s.User:
		c.queueFailed(flow.WaitedOut)
	case s.role == phone && c.run != nil:
		c.steps(c.run.ForwardFailed())
	case c.internal() && s != c.seats[0]:
		c.finish(ending{end: internalEnd(reason), side: SideSeat, closeBy: closeClient, seat: EndOK})
	case c.phase == dialing: // the agent's own telephone, on a call-out
		c.finish(ending{end: EndSeatGiveUp, side: SideSeat, closeBy: closeSeat, seat: EndOK})
	}
}

// backsOut is an agent who accepted, and left before his sound was there.
func (c *Call) backsOut(s *seat) {
	c.hangUp(s)
	c.seatLeaves(s, EndSeatGiveUp)
	c.release(s)
	c.waitOn(s, reasonRejected)
	c.notify(s.User, "autoTransfer", map[string]any{})
}

// waitOn goes on waiting for somebody else than an agent who took the call and did not come.
func (c *Call) waitOn(s *seat, reason string) {
	if s.offered && c.queue != nil {
		c.requeue(s.User)
		return
	}
	c.notTaken(s, reason)
}

// noMedia is an agent whose page never brought its sound: the customer waits on, with his old place.
func (c *Call) noMedia(s *seat) {
	c.hangUp(s)
	c.seatLeaves(s, EndClientError)
	s.why = reasonNoMedia
	c.notify(s.User, "sessionEnded", map[string]any{
		"type": c.viewType(s), "closeBy": closeAdmin, "mainReason": EndClientError.String(),
		"subReason": "no media from the agent's page", "duration": 0.0,
	})
	if s.role == monitor {
		return
	}
	c.tellBoard(acd.StatusSet{User: s.User, Status: acd.StatusNotReady, By: "system"})
	c.release(s)
	if c.phase == dialing && s == c.seats[0] {
		c.finish(ending{end: EndClientError, side: SideSystem})
		return
	}
	c.waitOn(s, reasonNoMedia)
}

// phoneEnded is a telephone that rang, or was to ring, and did not answer.
func (c *Call) phoneEnded(s *seat, cause Cause) {
	if s.role == phone {
		end := FromCause(cause)
		c.seatLeaves(s, end)
		s.why = end.String()
		c.notTaken(s, s.why)
		return
	}
	reason := reasonUnreachable
	switch cause.SIP {
	case 486, 600, 603:
		reason = reasonRejected
	case 408, 487:
		reason = reasonTimeout
	}
	c.missed(s, reason)
}
