package call

import (
	"slices"

	"openseat"
	"openseat/core/acd"
)

// mostMonitors bounds who monitors one call.
const mostMonitors = 20

// monitor lets a supervisor take part, or changes how he does.
func (c *Call) monitor(ask string, e Monitored) {
	m := c.monitorOf(e.User)
	switch {
	case !slices.Contains([]MonitorMode{Listen, Whisper, Barge, Read}, e.Mode):
		c.refusef(ask, openseat.CodeInvalidValue, "mode: must be %s, %s, %s or %s", Listen, Whisper, Barge, Read)
		return
	case m == nil && c.seatOf(e.User, seatRinging, seatConnecting, seatTalking) != nil:
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s has a part in session %s", e.User, c.ref.ID)
		return
	case m == nil && !c.canBeMonitored():
		c.refusef(ask, openseat.CodeStateNotAllowed, "no agent talks in session %s", c.ref.ID)
		return
	case m == nil && len(c.monitors()) >= mostMonitors:
		c.refusef(ask, openseat.CodeOutOfCountLimit, "session %s is monitored by %d already", c.ref.ID, mostMonitors)
		return
	}
	if m == nil {
		m = c.addSeat(monitor, e.User)
		m.mode, m.state = Read, seatTalking
	}
	m.conn, m.tab = e.Conn, e.TabUUID
	c.setMode(m, e.Mode)
	c.replyWith(ask, c.agentView(m))
}

func (c *Call) canBeMonitored() bool {
	return (c.phase == talking || c.phase == dialing) && len(c.agents()) > 0
}

func (c *Call) monitors() []*seat {
	return slices.DeleteFunc(c.present(seatConnecting, seatTalking), func(s *seat) bool { return s.role != monitor })
}

// setMode changes how a supervisor takes part. Who only reads has no line; one that is wanted (again) has a new name, so that
// the end of the old one is not taken for its own.
func (c *Call) setMode(m *seat, mode MonitorMode) {
	before := m.mode
	m.mode = mode
	switch {
	case before == Read && mode != Read:
		if m.used {
			m.Leg = c.nextLeg(monitor)
		}
		m.used, m.state, m.over, m.lost = true, seatConnecting, false, false
		c.setTimer(timerMedia+m.Leg, mediaWait)
		c.do(OpenAgent{Leg: m.Leg, User: m.User})
	case before != Read && mode == Read:
		c.hangUp(m)
		c.stopTimer(timerMedia + m.Leg)
		c.stopTimer(timerLost + m.Leg)
		m.state, m.muted = seatTalking, false
	}
	if mode == Whisper || mode == Barge {
		c.team = true
	}
}

// stopMonitoring ends a supervisor's part who is about to be rung for the same call.
func (c *Call) stopMonitoring(user string) {
	if m := c.monitorOf(user); m != nil {
		c.dropSeat(m, ending{seat: EndOK, closeBy: closeSeat})
	}
}

// stopAllMonitoring ends the supervisors' parts with the talk.
func (c *Call) stopAllMonitoring(x ending) {
	for _, m := range c.monitors() {
		c.dropSeat(m, x)
	}
}

// intercept puts a supervisor who listens in the place of the agents.
func (c *Call) intercept(ask, user string) {
	m := c.monitorOf(user)
	switch {
	case m == nil || m.state != seatTalking || m.mode == Read:
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s does not listen to session %s", user, c.ref.ID)
		return
	case c.phase != talking || c.internal() || len(c.agents()) == 0:
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s has no customer in talk", c.ref.ID)
		return
	}
	c.cancelErrand()
	replaced := c.agents()
	c.becomesAgent(m)
	for _, s := range replaced {
		if !s.invited() {
			handedOver(s, m)
		}
		c.dropSeat(s, ending{seat: EndOK, closeBy: closeAdmin, main: "intercepted", cause: Cause{Text: "by " + user}})
	}
	c.talk()
	c.accessed(m)
	c.reply(ask, nil)
}

// becomesAgent makes a monitor the last who took part.
func (c *Call) becomesAgent(m *seat) {
	c.seats = append(slices.DeleteFunc(c.seats, func(s *seat) bool { return s == m }), m)
	m.role, m.mode, m.AcceptAt, m.StartAt = agent, "", c.now, c.now
	m.shown = nil
	c.holder, c.consult, c.team = nil, false, true
	m.bound = true
	c.tellBoard(acd.Occupied{Work: c.ref, User: m.User})
}
