package call

import (
	"strconv"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/flow"
)

func (c *Call) arrived(e Arrived) {
	if c.phase != unborn {
		return
	}
	c.begin(e.Plan, Inbound, TypeInbound, e.Caller, e.Callee, e.Trunk)
	def, err := flow.Parse(e.Plan.Flow)
	if err != nil { // a published flow was checked; a broken one refuses the call rather than hanging it
		c.finish(ending{end: EndError, side: SideSystem, sip: 500})
		return
	}
	c.run, c.phase = flow.NewRun(def, flow.Env{Now: func() time.Time { return c.now }}), door
	c.do(AnswerLeg{Leg: CustomerLeg})
}

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
		case flow.Enqueue:
			c.enqueue(s)
		case flow.Leave:
			c.leave(s.Max)
		case flow.End:
			c.flowEnded()
		}
	}
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

func (c *Call) enqueue(s flow.Enqueue) {
	c.phase, c.group, c.priority, c.nobody = queued, s.Group, s.Priority, false
	if c.facts.QueuedAt.IsZero() {
		c.facts.QueuedAt = c.now
	}
	c.facts.QueuedGroup = s.Group
	patience := orDuration(s.Timeout, orDuration(c.groupPlan(s.Group).QueueTimeout, defaultPatience))
	c.since, c.until = c.now, c.now.Add(patience)
	c.setTimer(timerQueue, patience)
	c.tellBoard(acd.Enqueued{Work: c.ref, Group: c.group, Priority: c.priority, Since: c.since})
}

// requeue puts a customer back whom an agent took without talking to him: with his old place, and that agent last.
func (c *Call) requeue(skip string) {
	c.setTimer(timerQueue, max(c.until.Sub(c.now), leastWait))
	c.tellBoard(acd.Enqueued{Work: c.ref, Group: c.group, Priority: c.priority, Since: c.since, Skip: []string{skip}})
}

// queueFailed takes the customer out of the queue and goes on in the flow.
func (c *Call) queueFailed(why string) {
	if c.phase != queued || len(c.present(seatConnecting)) > 0 {
		return
	}
	c.dropRinging()
	c.stopTimer(timerQueue)
	c.phase, c.nobody = inFlow, why == flow.NobodyOnline
	c.steps(c.run.QueueFailed(why))
}

// nobodyOnline is the board's word that nobody will come to a queue. It may be about one that the customer has left.
func (c *Call) nobodyOnline(group int64) {
	if group == c.group {
		c.queueFailed(flow.NobodyOnline)
	}
}

// offered rings an agent. An offer of a queue that the customer has left has been taken back already; one that is told again
// says that the agent's page is another now, which finds the call by itself.
func (c *Call) offered(e acd.Offered) {
	if c.phase != queued || e.Group != c.group {
		return
	}
	if s := c.seatOf(e.User, seatRinging, seatConnecting); s != nil {
		if s.state == seatRinging {
			s.conn = e.Conn
		}
		return
	}
	s := c.addSeat(e.User, e.Conn, e.Group, e.Priority)
	s.RingAt = c.now
	if c.facts.RingAt.IsZero() {
		c.facts.RingAt = c.now
	}
	ring := c.ringTime(e.Group)
	c.setTimer(timerRing+s.Leg, ring)
	c.notify(e.User, "callIn", map[string]any{
		"type": "phone", "timeout": int(ring / time.Second), "serverType": serverTypeWeb,
		"callerPhoneNumber": c.facts.Caller, "calleePhoneNumber": c.facts.Callee, "callerLocation": "",
		"remark": c.facts.Remark, "ivrPath": c.ivrPath(),
	})
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

// offerRevoked stops an agent's ringing, also when the talk with another one has begun meanwhile. Who had accepted was too
// late.
func (c *Call) offerRevoked(e acd.OfferRevoked) {
	if s := c.seatOf(e.User, seatRinging); s != nil {
		c.seatLeaves(s, EndSeatGiveUp)
		c.notify(s.User, "autoTransfer", map[string]any{})
	}
	if s := c.seatOf(e.User, seatConnecting); s != nil && c.phase == queued {
		c.backsOut(s)
	}
}

// backsOut puts a customer back into the queue whom an agent had accepted, but not talked to.
func (c *Call) backsOut(s *seat) {
	c.do(HangUpLeg{Leg: s.Leg})
	c.seatLeaves(s, EndSeatGiveUp)
	c.tellBoard(acd.Released{Work: c.ref, User: s.User})
	c.requeue(s.User)
	c.notify(s.User, "autoTransfer", map[string]any{})
}

// accept lets a rung agent in: his page may bring its sound now.
func (c *Call) accept(ask string, e Accepted) {
	s := c.seatOf(e.User, seatRinging)
	if s == nil || c.phase != queued || len(c.present(seatConnecting)) > 0 {
		c.reply(ask, openseat.Errorf(openseat.CodeStateNotAllowed, "session %s does not ring %s", c.ref.ID, e.User))
		return
	}
	s.state, s.conn, s.tab = seatConnecting, e.Conn, e.TabUUID
	c.stopTimer(timerRing + s.Leg)
	c.stopTimer(timerQueue)
	c.setTimer(timerMedia+s.Leg, mediaWait)
	c.do(OpenAgent{Leg: s.Leg, User: s.User})
	c.tellBoard(acd.OfferTaken{Work: c.ref, User: s.User})
	c.reply(ask, nil)
}

func (c *Call) decline(ask, user string) {
	s := c.seatOf(user, seatRinging)
	if s == nil {
		c.reply(ask, openseat.Errorf(openseat.CodeStateNotAllowed, "session %s does not ring %s", c.ref.ID, user))
		return
	}
	c.missed(s, "rejected")
	c.reply(ask, nil)
}

// missed sends the customer on to the next agent.
func (c *Call) missed(s *seat, reason string) {
	c.seatLeaves(s, EndSeatGiveUp)
	c.tellBoard(acd.OfferMissed{Work: c.ref, User: s.User, Reason: reason})
	c.notify(s.User, "autoTransfer", map[string]any{})
}

// noMedia is an agent whose page never brought its sound: the customer waits on, with his old place.
func (c *Call) noMedia(s *seat) {
	c.do(HangUpLeg{Leg: s.Leg})
	c.seatLeaves(s, EndClientError)
	c.notify(s.User, "sessionEnded", map[string]any{
		"type": "phone", "closeBy": closeAdmin, "mainReason": EndClientError.String(), "subReason": "no media from the agent's page", "duration": 0.0,
	})
	c.tellBoard(acd.StatusSet{User: s.User, Status: acd.StatusNotReady, By: "system"})
	c.tellBoard(acd.Released{Work: c.ref, User: s.User})
	if c.facts.Direction == Outbound {
		c.finish(ending{end: EndClientError, side: SideSystem})
		return
	}
	c.requeue(s.User)
}

// leave records a message of the customer.
func (c *Call) leave(longest time.Duration) {
	what := "voicemail"
	if n := len(c.records); n > 0 { // another message in the same call
		what += ":" + strconv.Itoa(n)
	}
	r := c.startRecording(CustomerLeg, what, c.customer())
	r.Kind = "voicemail"
	c.setTimer(timerVoicemail, longest)
}

// messageOver ends the customer's message, however it came about.
func (c *Call) messageOver() {
	c.stopTimer(timerVoicemail)
	c.stopRecordings(func(r *recording) bool { return r.Kind == "voicemail" })
}

// flowEnded hangs up on a customer whose flow has nothing more for him.
func (c *Call) flowEnded() {
	switch {
	case c.phase == surveying:
		c.finish(ending{end: EndOK, side: SideSeat})
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
	if c.phase != inFlow && c.phase != surveying {
		return
	}
	c.pressed++
	if len(c.openRecordings("voicemail")) > 0 && e.Digit == "#" {
		c.messageOver()
	}
	c.steps(c.run.Key(e.Digit))
}

func (c *Call) played(leg, play string) {
	if leg != CustomerLeg || play != c.play || c.run == nil {
		return
	}
	c.play = ""
	if c.phase == inFlow || c.phase == surveying || c.phase == queued {
		c.steps(c.run.Played())
	}
}
