package call

import (
	"openseat"
	"openseat/core/acd"
)

func (c *Call) hungUp(ask, user string) {
	s := c.seatOf(user, seatRinging, seatConnecting, seatTalking)
	switch {
	case s == nil:
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s has no part in session %s", user, c.ref.ID)
		return
	case s.role == monitor:
		c.dropSeat(s, ending{seat: EndOK, closeBy: closeSeat})
		c.reply(ask, nil)
		return
	case s.state == seatRinging && (c.phase != dialing || s != c.seats[0]):
		c.decline(ask, user)
		return
	}
	c.reply(ask, nil)
	switch {
	case c.phase == asking, c.phase == dialing && s == c.seats[0]:
		c.finish(ending{end: c.cancelled(), side: SideSeat, closeBy: closeSeat, seat: EndOK})
	case s.state == seatConnecting: // accepted, and hung up before the sound was there
		c.backsOut(s)
	default:
		c.agentLeaves(s, EndOK)
	}
}

// cancelled says how a call-out ends that its agent gave up.
func (c *Call) cancelled() EndStatus {
	switch {
	case c.customerUp:
		return c.talked()
	case c.phase == asking:
		return EndCallerCancel
	case c.facts.RingAt.IsZero():
		return EndCallerCancelWithoutRing
	default:
		return EndCallerCancelWhileRing
	}
}

// talked is the end status of a call whose sides have been connected.
func (c *Call) talked() EndStatus {
	if c.voicemail {
		return EndVoiceMailReached
	}
	return EndOK
}

// agentLeaves ends the part of an agent, or of an outside party, in a talk. The talk goes on as long as there is somebody with
// the customer; then he goes to the survey, or is hung up.
func (c *Call) agentLeaves(s *seat, end EndStatus) {
	switch {
	case s.role == monitor:
		c.dropSeat(s, ending{seat: end, closeBy: closeSeat})
	case c.phase == dialing && !c.customerUp:
		c.finish(ending{end: end, side: SideSeat, closeBy: closeSeat, seat: end})
	case c.errand != nil && c.errand.moves && c.errand.begun && c.errand.by == s: // he does not wait until it is taken
		c.handsOff(s, end)
	case len(c.speakers()) > 1 && !c.internal():
		c.goesOnWithout(s, end)
	default:
		c.lastLeaves(s, end)
	}
}

// goesOnWithout: who was consulted has the customer when the agent leaves who consulted him; else the agent takes him back.
func (c *Call) goesOnWithout(s *seat, end EndStatus) {
	if c.errand != nil && c.errand.by == s {
		c.cancelErrand()
	}
	c.dropSeat(s, ending{seat: end, closeBy: closeSeat})
	for _, heir := range c.speakers() {
		if heir.invited() && heir.errand.by == s {
			if s.TransferTo == "" {
				handedOver(s, heir)
			}
			heir.errand = nil
		}
	}
	c.consultOver()
}

func (c *Call) lastLeaves(s *seat, end EndStatus) {
	c.cancelErrand()
	if c.run == nil || !c.run.HasSurvey() || c.phase != talking || end != EndOK || s.role == phone {
		c.finish(ending{end: c.talked(), side: SideSeat, closeBy: closeSeat, seat: end})
		return
	}
	c.stopRecordings(func(*recording) bool { return true })
	x := ending{seat: end, closeBy: closeSeat}
	c.dropSeat(s, x)
	c.stopAllMonitoring(x)
	c.phase = surveying
	c.steps(c.run.BeginAfter())
}

// giveUpAsking ends a call for which the board was asked for agents, whatever it may still answer.
func (c *Call) giveUpAsking() {
	if c.internal() {
		c.tellBoard(acd.Released{Work: c.ref, User: c.in.ToUser})
	}
	c.vanish()
}
