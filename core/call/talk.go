package call

import (
	"strings"
	"time"

	"openseat"
	"openseat/core/acd"
)

const (
	serverTypeWeb = "staffSeat"
	closeClient   = "client"
	closeSeat     = "seat"
	closeAdmin    = "admin"
	closeTimer    = "timer"
)

func (c *Call) asked(a openseat.Asked) {
	switch e := a.Event.(type) {
	case CallOut:
		c.callOut(a.Ask, e)
	case Accepted:
		c.accept(a.Ask, e)
	case Declined:
		c.decline(a.Ask, e.User)
	case HungUp:
		c.hungUp(a.Ask, e.User)
	case Muted:
		c.mute(a.Ask, e)
	case HeldByAgent:
		c.hold(a.Ask, e)
	case DigitsSent:
		c.sendDigits(a.Ask, e)
	case EndedByAPI:
		c.endedByAPI(a.Ask)
	case ViewWanted:
		c.view(a.Ask, e.User)
	default:
		c.told(a.Event)
		c.reply(a.Ask, nil)
	}
}

func (c *Call) reply(ask string, err *openseat.Error) {
	if ask != "" {
		c.do(openseat.Reply{Ask: ask, Error: err})
	}
}

func (c *Call) addSeat(user, conn string, group int64, priority int) *seat {
	n := len(c.seats)
	s := &seat{conn: conn, Participant: Participant{
		User: user, Type: serverTypeWeb, Leg: agentLeg(n + 1), Group: group, Priority: priority, Sequence: n, StartAt: c.now,
	}}
	c.seats = append(c.seats, s)
	return s
}

func agentLeg(n int) string {
	const digits = "0123456789"
	if n < 10 {
		return "a" + digits[n:n+1]
	}
	return agentLeg(n/10) + digits[n%10:n%10+1]
}

// seatLeaves ends an agent's part.
func (c *Call) seatLeaves(s *seat, end EndStatus) {
	s.state, s.EndAt, s.End = seatGone, c.now, end
	for _, t := range []string{timerRing, timerMedia, timerLost} {
		c.stopTimer(t + s.Leg)
	}
}

func (c *Call) legRinging(leg string) {
	if leg != CustomerLeg || c.phase != dialing || c.customerUp { // 180 may come after 200
		return
	}
	if c.facts.RingAt.IsZero() { // a carrier may say so several times
		c.facts.RingAt = c.now
		c.ringback()
	}
}

func (c *Call) legProgress(leg string) {
	if leg != CustomerLeg || c.phase != dialing || c.customerUp || c.early {
		return
	}
	if c.facts.RingAt.IsZero() {
		c.facts.RingAt = c.now
	}
	c.early = true
	c.bridge()
}

func (c *Call) legAnswered(e LegAnswered) {
	if e.Leg == CustomerLeg {
		c.customerAnswered(e.Voicemail)
		return
	}
	s := c.seatAt(e.Leg)
	if s == nil || s.state != seatConnecting {
		return
	}
	s.state, s.AcceptAt = seatTalking, c.now
	c.stopTimer(timerMedia + s.Leg)
	if c.facts.Direction == Inbound {
		c.talk()
		c.notify(s.User, "userAccessed", withTab(map[string]any{}, s.tab))
		return
	}
	if c.customerUp {
		c.talk()
		return
	}
	c.bridge()
	c.ringback()
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
	for _, s := range c.present(seatConnecting, seatTalking) {
		c.notify(s.User, "calloutAccepted", map[string]any{})
	}
	if len(c.present(seatTalking)) > 0 {
		c.talk()
	}
}

// talk is the moment when customer and agent hear each other: both are recorded from here.
func (c *Call) talk() {
	c.phase = talking
	c.stopTimer(timerQueue)
	if c.facts.AcceptAt.IsZero() {
		c.facts.AcceptAt = c.now
	}
	c.play = ""
	for _, s := range c.present(seatTalking) {
		c.do(Connect{A: CustomerLeg, B: s.Leg})
		if s.Record == "" {
			s.Record = c.startRecording(s.Leg, "record:"+s.Leg, s.User).Record
		}
	}
	if c.facts.Record == "" {
		c.facts.Record = c.startRecording(CustomerLeg, "record:"+CustomerLeg, c.customer()).Record
	}
}

// bridge lets a dialing agent hear the early media of the far end.
func (c *Call) bridge() {
	for _, s := range c.present(seatTalking) {
		if c.early {
			c.do(Connect{A: CustomerLeg, B: s.Leg})
		}
	}
}

// ringback plays the ringing tone to a dialing agent who hears none from the far end.
func (c *Call) ringback() {
	if c.early || c.facts.RingAt.IsZero() {
		return
	}
	for _, s := range c.present(seatTalking) {
		c.playTo(s.Leg, []Prompt{{Audio: "builtin:ringback"}}, true)
	}
}

func (c *Call) hungUp(ask, user string) {
	s := c.seatOf(user, seatRinging, seatConnecting, seatTalking)
	if s == nil {
		c.reply(ask, openseat.Errorf(openseat.CodeStateNotAllowed, "%s has no part in session %s", user, c.ref.ID))
		return
	}
	if s.state == seatRinging {
		c.decline(ask, user)
		return
	}
	c.reply(ask, nil)
	switch c.phase {
	case dialing, asking:
		c.finish(ending{end: c.cancelled(), side: SideSeat, closeBy: closeSeat, seat: EndOK})
	case queued: // accepted, and hung up before the sound was there
		c.backsOut(s)
	default:
		c.agentLeaves(s, EndOK, closeSeat)
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

// agentLeaves ends a talk from the agent's side: the customer goes to the survey, or is hung up.
func (c *Call) agentLeaves(s *seat, end EndStatus, closeBy string) {
	if c.phase == dialing && !c.customerUp {
		c.finish(ending{end: end, side: SideSeat, closeBy: closeBy, seat: end})
		return
	}
	if c.run == nil || !c.run.HasSurvey() || c.phase != talking || end != EndOK {
		c.finish(ending{end: c.talked(), side: SideSeat, closeBy: closeBy, seat: end})
		return
	}
	c.stopRecordings(func(*recording) bool { return true })
	c.dropSeat(s, ending{seat: end, closeBy: closeBy})
	c.phase = surveying
	c.do(Disconnect{Leg: CustomerLeg})
	c.steps(c.run.BeginAfter())
}

// talked is the end status of a call whose sides have been connected.
func (c *Call) talked() EndStatus {
	if c.voicemail {
		return EndVoiceMailReached
	}
	return EndOK
}

func (c *Call) mute(ask string, e Muted) {
	s := c.talkingSeat(ask, e.User)
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

func (c *Call) hold(ask string, e HeldByAgent) {
	s := c.talkingSeat(ask, e.User)
	if s == nil {
		return
	}
	if c.phase != talking {
		c.reply(ask, openseat.Errorf(openseat.CodeStateNotAllowed, "session %s is not in talk", c.ref.ID))
		return
	}
	if s.held != e.On {
		s.held = e.On
		c.service(s, "StaffHold", "StaffUnhold", e.On)
		c.holdMusic(s)
	}
	c.reply(ask, nil)
}

func (c *Call) holdMusic(s *seat) {
	if s.held {
		c.do(Disconnect{Leg: CustomerLeg})
		c.play = c.playTo(CustomerLeg, []Prompt{{Audio: "builtin:music"}}, true)
		return
	}
	c.hush()
	c.do(Connect{A: CustomerLeg, B: s.Leg})
}

func (c *Call) service(s *seat, on, off string, isOn bool) {
	name := off
	if isOn {
		name = on
	}
	s.Events = append(s.Events, Service{Type: name, At: c.now})
}

func (c *Call) talkingSeat(ask, user string) *seat {
	s := c.seatOf(user, seatTalking)
	if s == nil {
		c.reply(ask, openseat.Errorf(openseat.CodeStateNotAllowed, "%s is not in talk in session %s", user, c.ref.ID))
	}
	return s
}

func (c *Call) sendDigits(ask string, e DigitsSent) {
	if e.Digits == "" || len(e.Digits) > maxDigits || strings.Trim(e.Digits, "0123456789*#ABCD") != "" {
		c.reply(ask, openseat.Errorf(openseat.CodeInvalidValue, "dtmfText: must be 1 to %d of 0-9, *, #, A-D", maxDigits))
		return
	}
	if c.talkingSeat(ask, e.User) == nil {
		return
	}
	c.do(SendDigits{Leg: CustomerLeg, Digits: e.Digits})
	c.reply(ask, nil)
}

func (c *Call) mediaLost(leg string) {
	s := c.seatAt(leg)
	if s == nil || s.state != seatTalking || s.lost {
		return
	}
	s.lost = true
	c.setTimer(timerLost+leg, orDuration(c.plan.MediaLossGrace, defaultGrace))
}

func (c *Call) mediaBack(leg string) {
	if s := c.seatAt(leg); s != nil && s.lost {
		s.lost = false
		c.stopTimer(timerLost + leg)
	}
}

// agentGone is the board's word that the agent's page will not come back. A talk goes on as long as its sound does.
func (c *Call) agentGone(user string) {
	if s := c.seatOf(user, seatRinging); s != nil {
		c.missed(s, "unreachable")
	}
}

// holdWanted answers a board that was made again and is not sure what it knows: is this agent still with us, or, when no
// agent is named, do we still wait? What we told it last may be lost, and what it told us.
func (c *Call) holdWanted(user string) {
	waits := c.phase == queued && len(c.present(seatConnecting)) == 0
	switch s := c.seatOf(user, seatRinging, seatConnecting, seatTalking); {
	case s != nil:
		if c.facts.Direction == Inbound && s.state != seatRinging {
			c.tellBoard(acd.OfferTaken{Work: c.ref, User: user})
		}
		c.tellBoard(acd.Held{Work: c.ref, User: user})
	case user == "" && waits:
		c.tellBoard(acd.Held{Work: c.ref})
	case waits: // he was offered to us, and we never heard of it
		c.tellBoard(acd.OfferMissed{Work: c.ref, User: user, Reason: "lost"})
		c.tellBoard(acd.Released{Work: c.ref, User: user})
	default:
		c.tellBoard(acd.Withdrawn{Work: c.ref})
		if user != "" {
			c.tellBoard(acd.Released{Work: c.ref, User: user})
		}
	}
}

// AgentView is a running call as its agent's page shows it, after a reload too.
type AgentView struct {
	SessionID  string              `json:"sessionId"`
	Type       string              `json:"type"` // phone
	Direction  Direction           `json:"direction"`
	State      string              `json:"state"` // ringing, calling (a call-out not answered yet), inProgress
	Caller     string              `json:"callerPhoneNumber"`
	Callee     string              `json:"calleePhoneNumber"`
	Location   string              `json:"callerLocation"`
	Remark     string              `json:"remark"`
	UUI        string              `json:"uui"`
	IVRPath    []map[string]string `json:"ivrPath"`
	ServerType string              `json:"serverType"`
	Timeout    int                 `json:"timeout"` // of ringing, seconds
	Muted      bool                `json:"muted"`
	Held       bool                `json:"held"`
	StartAt    time.Time           `json:"startAt"`
	RingAt     time.Time           `json:"ringAt,omitzero"`
	AcceptAt   time.Time           `json:"acceptAt,omitzero"`
	TabUUID    string              `json:"tabUUID,omitempty"`
	Conn       string              `json:"conn,omitempty"`
}

func (c *Call) view(ask, user string) {
	s := c.seatOf(user, seatRinging, seatConnecting, seatTalking)
	if s == nil {
		c.reply(ask, openseat.Errorf(openseat.CodeNotFound, "%s has no part in session %s", user, c.ref.ID))
		return
	}
	c.do(openseat.Reply{Ask: ask, Value: AgentView{
		SessionID: c.ref.ID, Type: "phone", Direction: c.facts.Direction, State: c.viewState(s),
		Caller: c.facts.Caller, Callee: c.facts.Callee, Remark: c.facts.Remark, UUI: c.facts.UUI, IVRPath: c.ivrPath(),
		ServerType: serverTypeWeb, Timeout: int(c.ringTime(s.Group) / time.Second), Muted: s.muted, Held: s.held,
		StartAt: c.facts.StartAt, RingAt: s.RingAt, AcceptAt: c.facts.AcceptAt, TabUUID: s.tab, Conn: s.conn,
	}})
}

func (c *Call) viewState(s *seat) string {
	switch {
	case s.state == seatRinging:
		return "ringing"
	case c.phase == dialing:
		return "calling"
	default:
		return "inProgress"
	}
}

func withTab(data map[string]any, tab string) map[string]any {
	if tab != "" {
		data["tabUUID"] = tab
	}
	return data
}
