package call

import (
	"openseat"
	"openseat/core/org"
)

// SentToGroup takes a customer out of his flow, or out of the queue that it put him in, and lets him wait for a group's agent:
// TransferToManual of the cloud API. By names who wants it.
type SentToGroup struct {
	Group  int64                     `json:"group"`
	Groups map[int64]*org.SkillGroup `json:"groups,omitempty"` // Group, when the call's plan may not know it
	By     string                    `json:"by"`
}

// EventName implements openseat.Event.
func (SentToGroup) EventName() string { return "call.SentToGroup" }

// sendToGroup ends whatever the flow was doing with the customer. If nobody takes him, the flow goes on if it had put him into
// a queue, and else the call ends.
func (c *Call) sendToGroup(ask string, e SentToGroup) {
	if c.phase != inFlow && !c.inFlowQueue() || c.connecting() {
		c.refusef(ask, openseat.CodeStateNotAllowed, "session %s is in no flow", c.ref.ID)
		return
	}
	c.learn(e.Groups)
	c.leaveQueue()
	c.leaveFlow()
	c.phase, c.nobody, c.facts.QueuedGroup = queued, false, e.Group
	if c.facts.QueuedAt.IsZero() {
		c.facts.QueuedAt = c.now
	}
	c.waitFor(queue{group: e.Group, last: c.last}, 0)
	c.reply(ask, nil)
}

// leaveFlow stops what the flow has begun: prompts, messages, questions, and the dialing of an outside number.
func (c *Call) leaveFlow() {
	c.hush()
	c.messageOver()
	c.stopTimer(timerFlow)
	c.stopTimer(timerHelp)
	c.unhelped = nil
	for _, s := range c.present(seatRinging) {
		if s.role == phone {
			c.stopRinging(s)
			c.seatLeaves(s, EndCallerCancel)
		}
	}
}
