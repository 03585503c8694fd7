package call

import (
	"strings"

	"openseat"
)

const (
	closeClient = "client"
	closeSeat   = "seat"
	closeAdmin  = "admin"
	closeTimer  = "timer"
)

func (c *Call) legRinging(leg string) {
	if s := c.seatAt(leg); s != nil && s.role == phone && s.state == seatRinging && s.RingAt.IsZero() {
		s.RingAt = c.now
	}
	if leg == CustomerLeg && c.phase == dialing && !c.customerUp && c.facts.RingAt.IsZero() { // 180 may come twice, and after 200
		c.facts.RingAt = c.now
	}
}

func (c *Call) legProgress(leg string) {
	c.legRinging(leg)
	if s := c.seatAt(leg); s != nil && s.role == phone && s.state == seatRinging {
		s.early = true
	}
	if leg == CustomerLeg && c.phase == dialing && !c.customerUp {
		c.early = true
	}
}

func (c *Call) legAnswered(e LegAnswered) {
	if e.Leg == CustomerLeg {
		c.customerAnswered(e.Voicemail)
		return
	}
	s := c.seatAt(e.Leg)
	switch {
	case s == nil || c.phase == closed:
	case s.state == seatConnecting:
		c.arrives(s)
	case s.state == seatRinging && s.role == phone:
		c.arrives(s)
	case s.state == seatRinging && s.onPhone():
		c.phoneAnswered(s, e.Voicemail)
	}
}

// phoneAnswered is an agent who takes the call by lifting his telephone.
func (c *Call) phoneAnswered(s *seat, voicemail bool) {
	switch {
	case voicemail:
		c.missed(s, reasonUnreachable)
	case c.tooLate(s):
		c.stopRinging(s)
		c.seatLeaves(s, EndSeatGiveUp)
		c.notify(s.User, "autoTransfer", map[string]any{})
	default:
		c.stopTimer(timerRing + s.Leg)
		c.stopTimer(timerQueue)
		c.taken(s)
		c.arrives(s)
	}
}

// tooLate tells whether a colleague was quicker to take what the queue offered to several; the board knows.
func (c *Call) tooLate(s *seat) bool { return s.offered && (c.queue == nil || c.connecting()) }

// arrives is somebody's sound: from now on he takes part.
func (c *Call) arrives(s *seat) {
	s.state = seatTalking
	c.stopTimer(timerMedia + s.Leg)
	if s.role == monitor {
		return
	}
	s.AcceptAt = c.now
	switch {
	case s.errand != nil && s.errand == c.errand:
		c.errandTaken(s)
	case c.internal():
		c.internalArrives(s)
	case c.facts.Direction == Inbound || c.queue != nil:
		c.talk()
		c.accessed(s)
	case c.customerUp:
		c.talk()
	default:
		c.dialCustomer()
	}
}

func (c *Call) accessed(s *seat) {
	if s.role == agent {
		c.notify(s.User, "userAccessed", withTab(map[string]any{}, s.tab))
	}
}

func (c *Call) customerAnswered(voicemail bool) {
	if c.customerUp || c.phase == closed {
		return
	}
	c.customerUp = true
	if c.facts.Direction == Inbound {
		c.phase = inFlow
		c.steps(c.run.Begin())
		return
	}
	c.voicemail, c.facts.AcceptAt = voicemail, c.now
	if c.run != nil {
		c.flowAnswered()
		return
	}
	for _, s := range c.present(seatConnecting, seatTalking) {
		if s.role == agent {
			c.notify(s.User, "calloutAccepted", map[string]any{})
		}
	}
	if len(c.agents()) > 0 {
		c.talk()
	}
}

// flowAnswered begins the flow of a call that no agent made. It does not talk to a mailbox.
func (c *Call) flowAnswered() {
	if c.voicemail {
		c.finish(ending{end: EndVoiceMailReached, side: SideSystem})
		return
	}
	c.phase = inFlow
	c.steps(c.run.Begin())
}

// talk is the moment when customer and agent hear each other: both are recorded from here.
func (c *Call) talk() {
	c.phase = talking
	c.stopTimer(timerQueue)
	c.stopTimer(timerFlow)
	if c.facts.AcceptAt.IsZero() {
		c.facts.AcceptAt = c.now
	}
	c.play, c.queue = "", nil
	for _, s := range c.speakers() {
		if s.Record == "" {
			s.Record = c.startRecording(s.Leg, "record:"+s.Leg, s.endpoint()).Record
		}
	}
	if c.facts.Record == "" && !c.internal() {
		c.facts.Record = c.startRecording(CustomerLeg, "record:"+CustomerLeg, c.customer()).Record
	}
}

// endpoint is who a recording of the seat is filed under.
func (s *seat) endpoint() string {
	if s.role == phone {
		return s.Phone
	}
	return s.User
}

func (c *Call) mute(ask string, e Muted) {
	s := c.speaker(ask, e.User)
	if s == nil {
		return
	}
	if s.muted != e.On {
		s.muted = e.On
		c.service(s, "StaffMute", "StaffUnmute", e.On)
		c.do(MuteLeg{Leg: s.Leg, On: s.muted})
	}
	c.reply(ask, nil)
}

// speaker finds who may mute himself: an agent in talk, or a monitor who is heard.
func (c *Call) speaker(ask, user string) *seat {
	if m := c.monitorOf(user); m != nil && m.hasLeg() && m.state == seatTalking {
		return m
	}
	return c.talkingSeat(ask, user)
}

func (c *Call) service(s *seat, on, off string, isOn bool) {
	name := off
	if isOn {
		name = on
	}
	s.Events = append(s.Events, Service{Type: name, At: c.now})
}

// sendDigits sends to whom the agent talks: the customer, or while he is held, the outside party that is consulted.
func (c *Call) sendDigits(ask string, e DigitsSent) {
	if e.Digits == "" || len(e.Digits) > maxDigits || strings.Trim(e.Digits, "0123456789*#ABCD") != "" {
		c.refusef(ask, openseat.CodeInvalidValue, "dtmfText: must be 1 to %d of 0-9, *, #, A-D", maxDigits)
		return
	}
	if c.talkingSeat(ask, e.User) == nil {
		return
	}
	leg := c.farLeg()
	if leg == "" {
		c.refusef(ask, openseat.CodeStateNotAllowed, "nobody in session %s hears digits", c.ref.ID)
		return
	}
	c.do(SendDigits{Leg: leg, Digits: e.Digits})
	c.reply(ask, nil)
}

func (c *Call) farLeg() string {
	if c.consult {
		for _, s := range c.seats {
			if s.role == phone && (s.state == seatTalking || s.early && s.state == seatRinging) {
				return s.Leg
			}
		}
	}
	if c.internal() {
		return ""
	}
	return CustomerLeg
}

// seatMoved notes that another page of the agent carries his sound now.
func (c *Call) seatMoved(ask string, e SeatMoved) {
	s := c.seatOf(e.User, seatConnecting, seatTalking)
	switch {
	case s == nil || !s.hasLeg():
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s has no part in session %s", e.User, c.ref.ID)
	case s.onPhone():
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s talks on his %s in session %s", e.User, device(s.Type), c.ref.ID)
	default:
		s.conn, s.tab = e.Conn, e.TabUUID
		c.reply(ask, nil)
	}
}
