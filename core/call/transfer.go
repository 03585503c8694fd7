package call

import (
	"openseat"
	"openseat/core/flow"
)

const reasonNobody = flow.NobodyOnline

// transfer hands the customer on: to a colleague, to a group, or, when the colleague was consulted and is in the call already,
// by leaving it.
func (c *Call) transfer(ask string, e Transferred) {
	s := c.talkingSeat(ask, e.User)
	if s == nil {
		return
	}
	if to := c.seatOf(e.ToUser, seatTalking); to != nil && to != s && to.role == agent && c.phase == talking && !c.internal() {
		c.reply(ask, nil)
		c.notify(s.User, "transfer", map[string]any{"userId": to.User})
		handedOver(s, to)
		c.agentLeaves(s, EndOK)
		return
	}
	if err := c.transferable(s, e); err != nil {
		c.reply(ask, err)
		return
	}
	c.learn(e.Groups)
	c.setOut(errand{ask: ask, by: s, user: e.ToUser, group: e.ToGroup, moves: true}, false)
}

// transferable tells why a customer cannot be handed on, if he cannot.
func (c *Call) transferable(s *seat, e Transferred) *openseat.Error {
	switch {
	case (e.ToUser == "") == (e.ToGroup == 0):
		return openseat.Errorf(openseat.CodeInvalidParameter, "exactly one of userId and skillGroupId must be given")
	case e.ToUser == s.User:
		return openseat.Errorf(openseat.CodeInvalidValue, "userId: %s has the call already", s.User)
	case c.phase != talking || c.internal():
		return openseat.Errorf(openseat.CodeStateNotAllowed, "session %s has no customer in talk", c.ref.ID)
	case c.errand != nil:
		return openseat.Errorf(openseat.CodeStateNotAllowed, "session %s is waiting for %s", c.ref.ID, c.errand.target())
	case len(c.speakers()) > 1:
		return openseat.Errorf(openseat.CodeStateNotAllowed, "others take part in session %s: it can be handed only to one of them", c.ref.ID)
	}
	return nil
}

// transferBegins: the customer hears music now. To a colleague, the agent stays until it is taken; to a group, he is free.
func (c *Call) transferBegins() {
	e := c.errand
	c.holder, c.consult = nil, false
	c.reply(e.ask, nil)
	c.notify(e.by.User, "transfer", e.data())
	if e.group != 0 {
		c.facts.QueuedGroup = e.group
		c.handsOff(e.by, EndOK)
	}
}

func (e *errand) data() map[string]any {
	if e.user != "" {
		return map[string]any{"userId": e.user}
	}
	return map[string]any{"skillGroupId": e.group}
}

// handsOff ends the part of an agent whose customer waits for somebody else.
func (c *Call) handsOff(s *seat, end EndStatus) {
	c.dropSeat(s, ending{seat: end, closeBy: closeSeat})
	c.phase = queued
}

// transferTaken is a customer in other hands.
func (c *Call) transferTaken(e *errand, s *seat) {
	if e.back {
		return
	}
	handedOver(e.by, s)
	if e.by.state == seatTalking {
		c.dropSeat(e.by, ending{seat: EndOK, closeBy: closeSeat})
	}
}

// handedOver notes who has the customer from whom.
func handedOver(from, to *seat) {
	from.TransferTo, from.TransferToType = to.User, to.Type
	to.TransferFrom, to.TransferFromType = from.User, from.Type
	if to.role == phone {
		from.TransferTo = to.Phone
	}
}

// transferFailed brings the customer back: to the agent who waits, or, when he is gone, to him once more.
func (c *Call) transferFailed(reason string) {
	e := c.errand
	data := e.data()
	data["code"], data["reason"] = errandCode(reason), reason
	c.notify(e.by.User, "transferFailed", data)
	c.errand = nil
	if e.by.state != seatTalking {
		c.setOut(errand{by: e.by, user: e.by.User, moves: true, back: true}, false)
	}
}

// backToGroup is the last resort of a transfer that failed: the queue of the agent's group, and from there wherever the flow
// leads. A call that came by no queue ends.
func (c *Call) backToGroup(e *errand) {
	if e.by.Group == 0 {
		c.nobody = true
		c.flowEnded("")
		return
	}
	c.facts.QueuedGroup = e.by.Group
	c.phase = queued
	c.waitFor(queue{group: e.by.Group}, 0)
}

func (c *Call) cancelTransfer(ask, user string) {
	s := c.talkingSeat(ask, user)
	if s == nil {
		return
	}
	if c.errand == nil || !c.errand.moves || c.errand.by != s {
		c.refusef(ask, openseat.CodeStateNotAllowed, "%s transfers nobody in session %s", user, c.ref.ID)
		return
	}
	c.cancelErrand()
	c.reply(ask, nil)
}
