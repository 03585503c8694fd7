package call

import (
	"openseat"
	"openseat/core/acd"
)

func (c *Call) callOut(ask string, e CallOut) {
	if c.phase != unborn {
		c.reply(ask, openseat.Errorf(openseat.CodeStateNotAllowed, "session %s has begun already", c.ref.ID))
		return
	}
	c.begin(e.Plan, Outbound, TypeOutbound, e.Caller, e.Callee, e.Trunk)
	c.facts.UUI, c.facts.Remark, c.facts.QueuedGroup = e.UUI, e.Remark, e.Group
	c.phase, c.ask, c.tab = asking, ask, e.TabUUID
	s := c.addSeat(e.User, e.Conn, e.Group, 0)
	s.state, s.tab = seatConnecting, e.TabUUID
	c.tellBoard(acd.Occupied{Work: c.ref, User: e.User})
	c.setTimer(timerBoard, boardWait)
}

// CallResponse is what the agent's page learns of its call-out, by the names of the SDK.
type CallResponse struct {
	SessionID      string `json:"sessionId"`
	CalleeLocation string `json:"calleeLocation"`
	Callee         string `json:"calleePhoneNumber"`
	Caller         string `json:"callerPhoneNumber"`
	ServerType     string `json:"serverType"`
	Remark         string `json:"remark"`
}

// granted is the board's word that the agent is ours.
func (c *Call) granted(e acd.Granted) {
	s := c.seatOf(e.User, seatConnecting)
	if c.phase != asking || s == nil {
		if c.phase == closed {
			c.tellBoard(acd.Released{Work: c.ref, User: e.User})
		}
		return
	}
	c.stopTimer(timerBoard)
	c.phase, s.RingAt = dialing, c.now
	c.setTimer(timerMedia+s.Leg, mediaWait)
	c.do(OpenAgent{Leg: s.Leg, User: s.User})
	c.do(DialTrunk{Leg: CustomerLeg, Trunk: c.facts.Trunk, Caller: c.facts.Caller, Callee: c.facts.Callee, Timeout: dialWait})
	c.do(openseat.Reply{Ask: c.ask, Value: CallResponse{
		SessionID: c.ref.ID, Callee: c.facts.Callee, Caller: c.facts.Caller, ServerType: serverTypeWeb, Remark: c.facts.Remark,
	}})
	c.ask = ""
	c.notify(s.User, "callOuted", withTab(map[string]any{
		"callerPhoneNumber": c.facts.Caller, "calleePhoneNumber": c.facts.Callee, "serverType": serverTypeWeb, "remark": c.facts.Remark,
	}, c.tab))
}

// refused is the board's word that the agent cannot call out now. Nothing has been dialed; the attempt leaves no record, as
// TCCC leaves none, but its journal.
func (c *Call) refused(e acd.Refused) {
	if c.phase != asking {
		return
	}
	c.reply(c.ask, openseat.Errorf(e.Code, "%s cannot call out now", e.User))
	c.vanish()
}

// vanish ends a call-out that never began.
func (c *Call) vanish() {
	c.phase, c.ask = closed, ""
	c.stopTimer(timerBoard)
	c.stopTimer(timerMax)
	c.do(openseat.Done{})
}
