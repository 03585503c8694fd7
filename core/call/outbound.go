package call

import (
	"openseat"
	"openseat/core/acd"
	"openseat/core/flow"
)

func (c *Call) callOut(ask string, e CallOut) {
	if c.phase != unborn {
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s has begun already", c.ref.ID)
		return
	}
	c.begin(e.Plan, Outbound, TypeOutbound, e.Caller, e.Callee, e.Trunk)
	c.facts.UUI, c.facts.Remark, c.facts.QueuedGroup, c.facts.Location = e.UUI, e.Remark, e.Group, e.Location
	c.phase, c.ask, c.atDoor = asking, ask, e.AtDoor
	s := c.addAgent(e.User, e.Seat)
	s.conn, s.tab, s.Group, s.state, s.bound = e.Conn, e.TabUUID, e.Group, seatConnecting, true
	c.tellBoard(acd.Occupied{Work: c.ref, User: e.User, Seat: e.Seat})
	c.setTimer(timerBoard, boardWait)
}

// callOutFlow dials a customer whom nobody but a flow wants to talk to.
func (c *Call) callOutFlow(ask string, e CallOutFlow) {
	if c.phase != unborn {
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s has begun already", c.ref.ID)
		return
	}
	def, err := flow.Parse(e.Plan.Flow)
	if err != nil {
		c.refusef(ask, openseat.CodeInvalidValue, "%v", err)
		c.phase = closed
		c.do(openseat.Done{})
		return
	}
	c.begin(e.Plan, Outbound, TypeOutbound, e.Caller, e.Callee, e.Trunk)
	c.facts.UUI, c.facts.Remark, c.facts.Location = e.UUI, e.Remark, e.Location
	c.run, c.phase, c.dialed = flow.NewRun(def, c.flowEnv()), dialing, true
	c.do(DialTrunk{
		Leg: CustomerLeg, Trunk: e.Trunk, Caller: e.Caller, Callee: e.Callee, Timeout: orDuration(e.Ring, dialWait),
	})
	c.reply(ask, nil)
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

func (c *Call) callResponse() CallResponse {
	r := CallResponse{
		SessionID: c.ref.ID, Callee: c.facts.Callee, Caller: c.facts.Caller, ServerType: c.seats[0].Type, Remark: c.facts.Remark,
		CalleeLocation: LocationText(c.facts.Location),
	}
	if c.internal() {
		r.Caller, r.Callee = "", ""
	}
	return r
}

// granting goes on with a call that waits for its agents, and tells whether it did.
func (c *Call) granting(g acd.Granted) bool {
	caller := c.seats[0]
	switch {
	case c.internal() && g.User == c.in.ToUser:
		c.calleeGranted(g)
	case g.User != caller.User:
		return false
	case c.internal():
		c.callerGranted(g)
	default:
		c.stopTimer(timerBoard)
		c.phase = dialing
		caller.sitsAt(g.Seat)
		c.openCaller()
		if !caller.onPhone() {
			c.dialCustomer()
		}
		c.replyWith(c.ask, c.callResponse())
		c.ask = ""
		c.notifyCallOuted(map[string]any{
			"callerPhoneNumber": c.facts.Caller, "calleePhoneNumber": c.facts.Callee, "remark": c.facts.Remark,
		})
	}
	return true
}

// sitsAt notes the device that the board has found.
func (s *seat) sitsAt(on acd.Seat) {
	if on != "" {
		s.Type = string(on)
	}
}

// openCaller makes the line of the agent who calls: his page's, or his telephone's, which rings, unless it is what he called with.
func (c *Call) openCaller() {
	s := c.seats[0]
	s.RingAt = c.now
	switch {
	case !s.onPhone():
		c.setTimer(timerMedia+s.Leg, mediaWait)
		c.do(OpenAgent{Leg: s.Leg, User: s.User})
	case c.atDoor:
		c.setTimer(timerMedia+s.Leg, mediaWait)
		c.do(AnswerLeg{Leg: s.Leg})
	default:
		s.state = seatRinging
		ring := c.ringTime(s.Group)
		c.setTimer(timerRing+s.Leg, ring)
		c.ringPhone(s, ring)
	}
}

// dialCustomer dials the customer's number, once.
func (c *Call) dialCustomer() {
	if c.dialed {
		return
	}
	c.dialed = true
	c.do(DialTrunk{Leg: CustomerLeg, Trunk: c.facts.Trunk, Caller: c.facts.Caller, Callee: c.facts.Callee, Timeout: dialWait})
}

func (c *Call) notifyCallOuted(data map[string]any) {
	s := c.seats[0]
	data["serverType"] = s.Type
	c.notify(s.User, "callOuted", withTab(data, s.tab))
}

// notGranted is the board's word that an agent cannot call now. Nothing has been dialed; the attempt leaves no record, as
// TCCC leaves none, but its journal.
func (c *Call) notGranted(e acd.Refused) {
	caller := c.seats[0]
	if e.User == caller.User {
		caller.bound = false
		c.refusef(c.ask, e.Code, "%s cannot call out now", e.User)
	} else {
		c.refusef(c.ask, errandCode(refusal(e)), "%s cannot be reached now", e.User)
	}
	c.vanish()
}

// vanish ends a call that never began.
func (c *Call) vanish() {
	c.release(c.seats[0])
	if c.atDoor && !c.seats[0].over {
		c.do(HangUpLeg{Leg: c.seats[0].Leg, SIP: 486})
	}
	c.phase, c.ask = closed, ""
	c.stopTimer(timerBoard)
	c.stopTimer(timerMax)
	c.do(openseat.Done{})
}
