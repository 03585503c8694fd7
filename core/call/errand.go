package call

import (
	"maps"
	"strconv"

	"openseat"
	"openseat/core/acd"
	"openseat/core/org"
)

// An errand is a transfer or an invitation under way. A call has one at a time:
//
//	asked ─▶ the board is asked ─refused─▶ over, nothing has changed
//	                 │Granted, Offered, Position; an outside number needs nobody's leave
//	                 ▼
//	               begun: somebody rings, or is waited for ─taken─▶ over: he is in the call
//	                 │not taken, cancelled
//	                 ├─ invitation ─▶ over: the customer is taken back
//	                 ├─ transfer, and its agent is still there ─▶ over: they hear each other again
//	                 └─ transfer, and he is gone ─▶ he is rung again (back) ─not taken─▶ over: his group's queue
type errand struct {
	id    string
	ask   string // of who waits to hear that it has begun
	by    *seat
	user  string
	group int64
	phone string
	moves bool // a transfer
	begun bool
	back  bool // of the agent whose transfer failed
}

// setOut begins an errand by asking the board for somebody.
func (c *Call) setOut(e errand, noWait bool) {
	c.setErrand(e)
	c.setTimer(timerBoard, boardWait)
	if e.user != "" {
		c.tellBoard(acd.Occupied{Work: c.ref, User: e.user, By: e.by.User, Return: e.back})
		return
	}
	c.waitFor(queue{group: e.group, noWait: noWait, skip: []string{e.by.User}}, 0)
}

func (c *Call) setErrand(e errand) {
	c.errands++
	e.id = "i" + strconv.Itoa(c.errands)
	c.errand = &e
}

// learn takes in what a plan made earlier does not know. The plan's own map is others' too.
func (c *Call) learn(groups map[int64]*org.SkillGroup) {
	if len(groups) == 0 {
		return
	}
	known := maps.Clone(c.plan.Groups)
	if known == nil {
		known = map[int64]*org.SkillGroup{}
	}
	maps.Copy(known, groups)
	c.plan.Groups = known
}

// wanted tells whether a user is who the errand has asked the board for.
func (e *errand) wanted(user string) bool { return e != nil && !e.begun && e.user == user }

// errandGranted rings who was asked for by name.
func (c *Call) errandGranted(g acd.Granted) {
	e := c.errand
	c.stopMonitoring(e.user)
	s := c.addAgent(e.user, g.Seat)
	s.conn, s.bound, s.errand = g.Conn, true, e
	if e.back {
		s.Group, s.Priority = e.by.Group, e.by.Priority
	}
	c.errandBegins()
	c.ring(s)
}

// errandBegins is the moment from which an errand shows: until then it may be refused, and has changed nothing.
func (c *Call) errandBegins() {
	e := c.errand
	e.begun, c.team = true, true
	c.stopTimer(timerBoard)
	switch {
	case e.back:
	case e.moves:
		c.transferBegins()
	default:
		c.consult = true
		c.replyWith(e.ask, c.invitation())
	}
}

// errandRefused ends an errand that could not begin.
func (c *Call) errandRefused(err *openseat.Error) {
	e := c.errand
	c.stopTimer(timerBoard)
	c.errand = nil
	if e.back {
		c.backToGroup(e)
		return
	}
	c.reply(e.ask, err)
}

// errandCode is the code of an errand's failure, by its reason.
func errandCode(reason string) string {
	switch reason {
	case reasonBusy:
		return openseat.CodeSeatBusy
	case reasonNobody, reasonUnreachable:
		return openseat.CodeUnavailable
	default:
		return openseat.CodeCallOutFailed
	}
}

// errandFailed ends an errand that nobody takes.
func (c *Call) errandFailed(reason string) {
	e := c.errand
	switch {
	case !e.begun:
		c.errandRefused(openseat.Errorf(errandCode(reason), "%s cannot be had for session %s: %s", e.target(), c.ref.ID, reason))
	case !e.moves:
		c.errand = nil
		c.consultOver()
	case e.back:
		c.errand = nil
		c.backToGroup(e)
	default:
		c.transferFailed(reason)
	}
}

func (e *errand) target() string {
	switch {
	case e.user != "":
		return e.user
	case e.group != 0:
		return "skill group " + strconv.FormatInt(e.group, 10)
	default:
		return e.phone
	}
}

// errandTaken is who was asked for, come.
func (c *Call) errandTaken(s *seat) {
	e := c.errand
	c.errand, c.queue = nil, nil
	if e.moves {
		c.transferTaken(e, s)
	}
	c.talk()
	c.accessed(s)
}

// errandRings tells whether somebody is being rung for the errand.
func (c *Call) errandRings() bool {
	for _, s := range c.present(seatRinging, seatConnecting) {
		if c.errand != nil && s.errand == c.errand && (s.role != phone || !s.RingAt.IsZero()) {
			return true
		}
	}
	return false
}

// cancelErrand ends an errand by its agent's wish; who is rung for it is left alone.
func (c *Call) cancelErrand() {
	e := c.errand
	if e == nil {
		return
	}
	if !e.begun {
		c.abandon(e)
		c.refusef(e.ask, openseat.CodeCallOutFailed, "cancelled")
	}
	c.leaveQueue()
	c.errand = nil
	for _, s := range c.present(seatRinging, seatConnecting) {
		if s.errand == e {
			c.stopRinging(s)
			c.seatLeaves(s, EndSeatGiveUp)
			c.release(s)
			if s.role == agent {
				c.notify(s.User, "autoTransfer", map[string]any{})
			}
		}
	}
	c.stopTimer(timerBoard)
}

// abandon gives back whom the board may have granted meanwhile.
func (c *Call) abandon(e *errand) {
	if e.user != "" && !e.begun {
		c.tellBoard(acd.Released{Work: c.ref, User: e.user})
	}
}

// boardSilent ends an errand about which the board says nothing.
func (c *Call) boardSilent() {
	e := c.errand
	if e == nil || e.begun {
		return
	}
	c.abandon(e)
	c.leaveQueue()
	c.errandRefused(openseat.Errorf(openseat.CodeCallOutFailed, "the queue board does not answer"))
}

// granted is the board's word that an agent is ours.
func (c *Call) granted(e acd.Granted) {
	s := c.seatOf(e.User, seatRinging, seatConnecting, seatTalking)
	switch {
	case c.phase == asking && c.granting(e):
	case c.errand.wanted(e.User) && c.phase != closed:
		c.errandGranted(e)
	case c.phase != closed && c.namedWaited(e.User):
		c.namedGranted(e)
	case s != nil && s.role == agent && c.phase != closed:
		s.bound = true
	default: // he is not wanted any more
		c.tellBoard(acd.Released{Work: c.ref, User: e.User})
	}
}

// refused is the board's word that an agent cannot be had.
func (c *Call) refused(e acd.Refused) {
	switch {
	case c.phase == asking:
		c.notGranted(e)
	case c.errand.wanted(e.User):
		c.errandFailed(refusal(e))
	case c.namedWaited(e.User):
		c.namedRefused(e)
	}
}

// refusal is the reason of a board's Refused.
func refusal(e acd.Refused) string {
	if e.Code == openseat.CodeSeatBusy {
		return reasonBusy
	}
	return reasonUnreachable
}
