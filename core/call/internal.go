package call

import (
	"openseat"
	"openseat/core/acd"
)

// callIn begins a call from one agent to another: the board is asked for the caller, then for the callee.
func (c *Call) callIn(ask string, e CallIn) {
	if c.phase != unborn {
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s has begun already", c.ref.ID)
		return
	}
	c.begin(e.Plan, Outbound, TypeInternal, e.User, e.ToUser, "")
	c.phase, c.ask, c.in, c.atDoor = asking, ask, e, e.AtDoor
	s := c.addAgent(e.User, e.Seat)
	s.state, s.conn, s.tab, s.bound = seatConnecting, e.Conn, e.TabUUID, true
	c.setTimer(timerBoard, boardWait)
	if e.ToUser == "" || e.ToUser == e.User {
		c.refusef(ask, openseat.CodeInvalidValue, "calleeUserId: must be a colleague")
		c.vanish()
		return
	}
	c.tellBoard(acd.Occupied{Work: c.ref, User: e.User, Seat: e.Seat})
}

// callerGranted asks for the callee.
func (c *Call) callerGranted(g acd.Granted) {
	c.seats[0].sitsAt(g.Seat)
	want := acd.Occupied{Work: c.ref, User: c.in.ToUser, By: c.in.User}
	if c.in.Mobile {
		want.Seat = acd.SeatMobile
	}
	c.tellBoard(want)
}

// calleeGranted is both agents ours: their lines are made, the caller's first if it is a telephone.
func (c *Call) calleeGranted(g acd.Granted) {
	c.stopTimer(timerBoard)
	c.phase = dialing
	callee := c.addAgent(g.User, g.Seat)
	callee.conn, callee.bound = g.Conn, true
	c.openCaller()
	c.replyWith(c.ask, c.callResponse())
	c.ask = ""
	c.notifyCallOuted(map[string]any{"type": "internal", "peerUserId": c.in.ToUser})
	if c.seats[0].state == seatConnecting && !c.seats[0].onPhone() {
		c.ring(callee)
	}
}

// internalArrives is one of the two agents, there with his sound.
func (c *Call) internalArrives(s *seat) {
	caller, callee := c.seats[0], c.seats[1]
	switch {
	case caller.state == seatTalking && callee.state == seatTalking:
		c.talk()
		c.notify(caller.User, "calloutAccepted", map[string]any{})
		c.accessed(callee)
	case s == caller && callee.RingAt.IsZero():
		c.ring(callee)
	}
}

// internalEnd is how an internal call ends that its callee did not take.
func internalEnd(reason string) EndStatus {
	switch reason {
	case reasonRejected:
		return EndUserReject
	case reasonNoMedia:
		return EndClientError
	default:
		return EndNotAnswer
	}
}
