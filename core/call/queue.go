package call

import (
	"time"

	"openseat/core/acd"
	"openseat/core/flow"
)

func (c *Call) enqueue(s flow.Enqueue) {
	c.phase, c.nobody = queued, false
	if c.facts.QueuedAt.IsZero() {
		c.facts.QueuedAt = c.now
	}
	c.facts.QueuedGroup = s.Group
	c.waitFor(queue{group: s.Group, user: s.User, priority: s.Priority, byFlow: true, last: c.last}, s.Timeout)
}

// waitFor begins to wait in a group's queue, with patience (zero = the group's).
func (c *Call) waitFor(q queue, patience time.Duration) {
	patience = orDuration(patience, orDuration(c.groupPlan(q.group).QueueTimeout, defaultPatience))
	q.since, q.until = c.now, c.now.Add(patience)
	c.queue = &q
	c.setTimer(timerQueue, patience)
	if q.user != "" {
		c.askForNamed()
		return
	}
	c.tellBoard(c.enqueued())
}

// askForNamed asks for the only agent whom the flow wants. While he is busy, he is asked for again and again.
func (c *Call) askForNamed() {
	if c.queue != nil && c.queue.user != "" {
		c.tellBoard(acd.Occupied{Work: c.ref, User: c.queue.user, By: "flow"})
	}
}

// namedGranted rings him.
func (c *Call) namedGranted(g acd.Granted) {
	c.stopMonitoring(g.User)
	s := c.addAgent(g.User, g.Seat)
	s.conn, s.bound = g.Conn, true
	c.ring(s)
}

// namedRefused waits until he is free, if he is there.
func (c *Call) namedRefused(e acd.Refused) {
	if refusal(e) == reasonBusy {
		c.setTimer(timerRetry, retryWait)
		return
	}
	c.queueFailed(flow.NobodyOnline)
}

// namedWaited tells whether the call waits for this agent, and does not ring him yet.
func (c *Call) namedWaited(user string) bool {
	return c.queue != nil && c.queue.user != "" && c.queue.user == user && c.seatOf(user, seatRinging, seatConnecting) == nil
}

func (c *Call) enqueued() acd.Enqueued {
	q := c.queue
	return acd.Enqueued{Work: c.ref, Group: q.group, Priority: q.priority, Since: q.since, Last: q.last, Skip: q.skip, NoWait: q.noWait}
}

// requeue puts back into the queue what an agent took without coming: with its old place, and that agent last.
func (c *Call) requeue(skip string) {
	c.queue.skip = []string{skip}
	c.setTimer(timerQueue, max(c.queue.until.Sub(c.now), leastWait))
	c.tellBoard(c.enqueued())
}

// leaveQueue takes the call out of its queue; who rings for it is not rung any more.
func (c *Call) leaveQueue() {
	if c.queue == nil {
		return
	}
	c.withdraw()
	for _, s := range c.present(seatRinging) {
		if s.offered || s.User == c.queue.user && s.User != "" {
			c.stopRinging(s)
			c.seatLeaves(s, EndSeatGiveUp)
			c.release(s)
			c.notify(s.User, "autoTransfer", map[string]any{})
		}
	}
	c.stopTimer(timerQueue)
	c.queue = nil
}

// withdraw takes back what the board was asked for.
func (c *Call) withdraw() {
	if c.queue == nil || c.queue.user == "" {
		c.tellBoard(acd.Withdrawn{Work: c.ref})
		return
	}
	c.stopTimer(timerRetry)
	if c.namedWaited(c.queue.user) {
		c.tellBoard(acd.Released{Work: c.ref, User: c.queue.user})
	}
}

// queueFailed takes the customer out of the queue, and goes on in the flow. Who waits for somebody else goes on without.
func (c *Call) queueFailed(why string) {
	if c.queue == nil || c.connecting() {
		return
	}
	c.leaveQueue()
	if c.errand != nil {
		if why == flow.WaitedOut {
			why = reasonTimeout
		}
		c.errandFailed(why)
		return
	}
	c.phase, c.nobody = inFlow, why == flow.NobodyOnline
	if c.run != nil {
		if steps := c.run.QueueFailed(why); len(steps) > 0 {
			c.steps(steps)
			return
		}
	}
	c.flowEnded("") // there is no flow, or it left that queue long ago
}

// nobodyOnline is the board's word that nobody will come to a queue. It may be about one that the call has left.
func (c *Call) nobodyOnline(group int64) {
	if c.queue != nil && c.queue.group == group {
		c.queueFailed(flow.NobodyOnline)
	}
}

// allBusy is the board's word to who did not want to wait.
func (c *Call) allBusy(group int64) {
	if c.queue != nil && c.queue.group == group && c.queue.noWait {
		c.queueFailed(reasonBusy)
	}
}

// inFlowQueue tells whether the customer waits where the flow put him, and not because he was handed on.
func (c *Call) inFlowQueue() bool { return c.phase == queued && c.queue != nil && c.queue.byFlow }

// placed is the board's word that the call stands in its queue, and where.
func (c *Call) placed(place int) {
	switch e := c.errand; {
	case c.queue == nil:
	case e != nil && !e.begun:
		c.errandBegins()
	case c.inFlowQueue():
		c.steps(c.run.Placed(place, 0))
	}
}

// offered rings an agent. An offer of a queue that the call has left has been taken back already; one that is told again says
// that the agent's page is another now, which finds the call by itself.
func (c *Call) offered(e acd.Offered) {
	if c.queue == nil || c.queue.user != "" || e.Group != c.queue.group {
		return
	}
	c.stopMonitoring(e.User)
	if s := c.seatOf(e.User, seatRinging, seatConnecting, seatTalking); s != nil {
		if s.state == seatRinging {
			s.conn = e.Conn
		}
		return
	}
	s := c.addAgent(e.User, e.Seat)
	s.conn, s.Group, s.Priority, s.offered, s.errand = e.Conn, e.Group, e.Priority, true, c.errand
	if c.errand != nil && !c.errand.begun {
		c.errandBegins()
	}
	c.ring(s)
}

// offerRevoked stops an agent's ringing, also when the talk with another one has begun meanwhile. Who had accepted was too
// late; who talks on a telephone already is asked for by name.
func (c *Call) offerRevoked(e acd.OfferRevoked) {
	if s := c.seatOf(e.User, seatRinging); s != nil && s.offered {
		c.stopRinging(s)
		c.seatLeaves(s, EndSeatGiveUp)
		c.notify(s.User, "autoTransfer", map[string]any{})
	}
	if s := c.seatOf(e.User, seatConnecting); s != nil && s.offered && c.queue != nil {
		c.backsOut(s)
	}
	if s := c.seatOf(e.User, seatTalking); s != nil && s.offered {
		c.tellBoard(acd.Occupied{Work: c.ref, User: s.User})
	}
}

// holdWanted answers a board that was made again and is not sure what it knows: is this agent still with us, or, when no
// agent is named, do we still wait? What we told it last may be lost, and what it told us.
func (c *Call) holdWanted(user string) {
	waits := c.queue != nil && c.queue.user == "" && !c.connecting()
	switch s := c.seatOf(user, seatRinging, seatConnecting, seatTalking); {
	case s != nil && s.role == agent: // the board holds nobody to monitor
		if s.offered && s.state != seatRinging {
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
