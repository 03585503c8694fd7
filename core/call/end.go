package call

import (
	"cmp"
	"strings"
	"time"

	"openseat"
	"openseat/core/flow"
)

// ending says how a call ends: its status, who ended it, and what the agents in it are told.
type ending struct {
	end     EndStatus
	side    string // HungUpSide
	closeBy string // sessionEnded.closeBy; empty = by side
	seat    EndStatus
	main    string // sessionEnded.mainReason; empty = the end status
	cause   Cause
	sip     int       // final answer to a leg that was never answered
	at      time.Time // zero = now
	dead    bool      // the lines are gone already: nothing to hang up
}

func (c *Call) legEnded(e LegEnded) {
	if e.Leg == CustomerLeg {
		c.customerGone(e.Cause)
		return
	}
	s := c.seatAt(e.Leg)
	if s == nil || s.state == seatGone || c.phase == closed {
		return
	}
	s.over = true
	switch {
	case c.atDoor && s == c.seats[0] && (c.phase == asking || c.phase == dialing):
		c.doorClosed(s)
	case s.state == seatConnecting:
		c.noMedia(s)
	case s.state == seatRinging && !s.hasLeg():
	case s.state == seatRinging:
		c.phoneEnded(s, e.Cause)
	case s.onPhone() || s.role == phone: // he hung up
		c.agentLeaves(s, EndOK)
	default:
		c.agentLeaves(s, EndClientError)
	}
}

// doorClosed is an agent who dialed on his SIP phone, and hung up before anybody was there to talk to.
func (c *Call) doorClosed(s *seat) {
	if c.phase == asking {
		c.refusef(c.ask, openseat.CodeCallOutFailed, "%s hung up", s.User)
		c.giveUpAsking()
		return
	}
	c.finish(ending{end: c.cancelled(), side: SideSeat, closeBy: closeSeat, seat: EndOK})
}

// customerGone ends the call, since its customer has.
func (c *Call) customerGone(cause Cause) {
	switch c.phase {
	case door, inFlow:
		c.finish(ending{end: c.gaveUpFlow(), side: SideUser, cause: cause})
	case queued:
		c.finish(ending{end: c.gaveUpWaiting(), side: SideUser, cause: cause, seat: EndRingingGiveUp})
	case dialing:
		c.dialFailed(cause)
	case talking:
		c.finish(ending{end: c.talked(), side: SideUser, cause: cause, seat: EndOK})
	case surveying:
		c.finish(ending{end: EndOK, side: SideSeat, cause: cause})
	case unborn, asking, closed:
	}
}

// gaveUpFlow is the end status of a customer who hung up on the flow.
func (c *Call) gaveUpFlow() EndStatus {
	switch {
	case c.handed(): // he had talked, and was handed on
		return c.talked()
	case c.nobody: // and he has just been told so
		return EndNoSeatOnline
	case len(c.openRecordings(kindVoicemail)) > 0: // a caller ends his message by hanging up: the flow has done its work
		return EndIVREnd
	default:
		return EndIVRGiveUp
	}
}

func (c *Call) gaveUpWaiting() EndStatus {
	if c.handed() {
		return c.talked()
	}
	if len(c.present(seatRinging, seatConnecting)) > 0 {
		return EndRingingGiveUp
	}
	return EndWaitingGiveUp
}

// dialFailed ends a call-out that the far end, or the carrier, did not take.
func (c *Call) dialFailed(cause Cause) {
	if c.customerUp { // answered, but the agent's sound was not there yet
		c.finish(ending{end: c.talked(), side: SideUser, cause: cause, seat: EndOK})
		return
	}
	end := FromCause(cause)
	side := SideUser
	if end == EndOperatorError {
		side = SideSystem
	}
	c.finish(ending{end: end, side: side, cause: cause, seat: EndOK})
}

func (c *Call) endedByAPI(ask string) {
	if c.phase == closed || c.phase == unborn {
		c.reply(ask, openseat.Errorf(openseat.CodeNotFound, "session %s has ended", c.ref.ID))
		return
	}
	c.reply(ask, nil)
	c.finish(ending{end: EndCallTerminatedByAPI, side: SideSystem, closeBy: closeAdmin, seat: EndOK})
}

// ownerLost ends a call whose node died: its lines died with it.
func (c *Call) ownerLost(e openseat.OwnerLost) {
	if c.phase == unborn {
		c.do(openseat.Done{})
		return
	}
	if c.phase == asking { // the board hears Occupied once more, if it was our last word
		c.giveUpAsking()
		return
	}
	c.recoverRecordings()
	if c.phase == closed {
		c.rest()
		return
	}
	end, side := EndError, SideSystem
	if c.phase == surveying {
		end, side = EndOK, SideSeat
	}
	c.finish(ending{end: end, side: side, closeBy: closeAdmin, seat: EndError, at: e.LastAlive, dead: true})
}

// finish ends the call: every leg is hung up, every recording stopped, every agent told and released, and the record given.
func (c *Call) finish(x ending) {
	if c.phase == closed {
		return
	}
	was := c.phase
	c.facts.EndAt = c.endTime(x.at)
	c.facts.End, c.facts.HungUpSide, c.facts.Cause = x.end, x.side, x.cause
	if was == surveying {
		c.steps(c.run.HungUp())
	}
	c.refusef(c.ask, openseat.CodeCallOutFailed, "the call ended: %s", x.end)
	c.ask = ""
	c.stopRecordings(func(*recording) bool { return true })
	if was == queued || c.queue != nil {
		c.withdraw()
	}
	c.queue = nil
	if e := c.errand; e != nil && !e.begun {
		c.abandon(e)
		c.refusef(e.ask, openseat.CodeCallOutFailed, "the call ended: %s", x.end)
	}
	for _, s := range c.present(seatRinging, seatConnecting, seatTalking) {
		c.dropSeat(s, x)
	}
	if !x.dead && !c.internal() {
		c.do(HangUpLeg{Leg: CustomerLeg, SIP: x.sip})
	}
	c.phase, c.run, c.errand = closed, nil, nil
	for _, t := range []string{timerFlow, timerQueue, timerVoicemail, timerMax, timerBoard, timerRetry, timerHelp} {
		c.stopTimer(t)
	}
	c.close()
}

// endTime is when the call ended: now, or the last moment a dead node was alive, but never before anything known.
func (c *Call) endTime(at time.Time) time.Time {
	if at.IsZero() {
		return c.now
	}
	return later(at, c.before)
}

// dropSeat ends one party's part when the call ends, or goes on without him.
func (c *Call) dropSeat(s *seat, x ending) {
	end, hasLeg := seatEnd(s, x), s.hasLeg()
	c.seatLeaves(s, end)
	if !x.at.IsZero() {
		s.EndAt = c.facts.EndAt
	}
	if !x.dead && hasLeg {
		c.hangUp(s)
	}
	c.release(s)
	if s.role != phone {
		c.notify(s.User, "sessionEnded", c.sessionEnded(s, x))
	}
}

// seatEnd is the end status of one party's part.
func seatEnd(s *seat, x ending) EndStatus {
	switch {
	case x.seat == EndError:
		return x.end
	case s.AcceptAt.IsZero() && x.seat == EndOK && x.end == EndOK && s.state == seatRinging:
		return EndRingingGiveUp
	case s.AcceptAt.IsZero() && x.seat == EndOK:
		return x.end
	default:
		return x.seat
	}
}

// wrapUp is the after-call work that follows a talk, not a consultation.
func (c *Call) wrapUp(s *seat) time.Duration {
	if c.facts.AcceptAt.IsZero() || s.AcceptAt.IsZero() || s.invited() {
		return 0
	}
	if s.Group == 0 {
		return c.groupPlan(c.facts.QueuedGroup).WrapUp
	}
	return c.groupPlan(s.Group).WrapUp
}

func (c *Call) sessionEnded(s *seat, x ending) map[string]any {
	data := map[string]any{"type": c.viewType(s), "closeBy": x.closeBy, "duration": 0.0}
	if x.closeBy == "" {
		data["closeBy"] = map[string]string{SideUser: closeClient, SideSeat: closeSeat}[x.side]
		if x.side == SideSystem {
			data["closeBy"] = closeAdmin
		}
	}
	if data["closeBy"] == closeAdmin {
		data["mainReason"], data["subReason"] = cmp.Or(x.main, x.end.String()), x.cause.Text
	}
	if !c.facts.AcceptAt.IsZero() && !s.AcceptAt.IsZero() {
		data["duration"] = s.EndAt.Sub(later(c.facts.AcceptAt, s.AcceptAt)).Seconds()
	}
	return data
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// close gives the record, and ends when no recording is missing.
func (c *Call) close() {
	f := c.facts
	f.Serves = make([]Participant, 0, len(c.seats))
	for _, s := range c.seats {
		if s.role != monitor {
			s.Sequence, s.Consulted = len(f.Serves), s.invited()
			f.Serves = append(f.Serves, s.Participant)
		}
	}
	c.do(Closed{Record: f})
	for _, id := range c.recordIDs() {
		c.publish(c.records[id])
	}
	c.rest()
}

// rest waits for what recordings are missing, or ends.
func (c *Call) rest() {
	for _, r := range c.records {
		if !r.done {
			c.setTimer(timerRecords, recordingsWait)
			return
		}
	}
	c.stopTimer(timerRecords)
	c.do(openseat.Done{})
}

func (c *Call) timer(name string) {
	delete(c.timers, name)
	kind, leg, seated := strings.Cut(name, ":")
	if seated {
		c.seatTimer(kind+":", c.seatAt(leg))
		return
	}
	switch name {
	case timerFlow:
		if c.run != nil && c.phase != talking && (c.phase != queued || c.inFlowQueue()) {
			c.steps(c.run.Elapsed())
		}
	case timerQueue:
		c.queueFailed(flow.WaitedOut)
	case timerVoicemail:
		c.messageOver()
		if c.run != nil {
			c.steps(c.run.MessageLeft())
		}
	case timerMax:
		c.finish(ending{end: c.overtime(), side: SideSystem, closeBy: closeTimer, seat: EndOK})
	case timerBoard:
		if c.phase != asking {
			c.boardSilent()
			return
		}
		c.refusef(c.ask, openseat.CodeUnavailable, "the queue board does not answer")
		c.giveUpAsking()
	case timerHelp:
		c.helperAnswers(c.unhelped)
	case timerRetry:
		c.askForNamed()
	case timerRecords:
		c.do(openseat.Done{})
	}
}

// overtime is the end status of a call that reached the longest duration.
func (c *Call) overtime() EndStatus {
	switch {
	case !c.facts.AcceptAt.IsZero():
		return EndOK
	case c.facts.Direction == Outbound:
		return EndNotAnswer
	default:
		return EndIVREnd
	}
}

func (c *Call) seatTimer(kind string, s *seat) {
	if s == nil {
		return
	}
	switch {
	case kind == timerRing && s.state == seatRinging:
		c.missed(s, reasonTimeout)
	case kind == timerMedia && s.state == seatConnecting:
		c.noMedia(s)
	case kind == timerLost && s.state == seatTalking && s.lost:
		c.agentLeaves(s, EndClientError)
	}
}
