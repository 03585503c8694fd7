package call

import (
	"openseat"
)

// asked does what somebody waits for the answer to.
func (c *Call) asked(a openseat.Asked) {
	if !c.wish(a.Ask, a.Event) {
		c.told(a.Event)
		c.reply(a.Ask, nil)
	}
}

// wish does what an agent or a program wants, and tells whether it was such a thing. Without an ask nobody hears the answer.
func (c *Call) wish(ask string, e openseat.Event) bool {
	switch e := e.(type) {
	case CallOut:
		c.callOut(ask, e)
	case CallIn:
		c.callIn(ask, e)
	case CallOutFlow:
		c.callOutFlow(ask, e)
	case Accepted:
		c.accept(ask, e)
	case Declined:
		c.decline(ask, e.User)
	case HungUp:
		c.hungUp(ask, e.User)
	case Muted:
		c.mute(ask, e)
	case HeldByAgent:
		c.hold(ask, e)
	case DigitsSent:
		c.sendDigits(ask, e)
	case SentToGroup:
		c.sendToGroup(ask, e)
	case EndedByAPI:
		c.endedByAPI(ask)
	case ViewWanted:
		c.view(ask, e.User)
	default:
		return c.teamWish(ask, e)
	}
	return true
}

// teamWish does what only calls of several parties know.
func (c *Call) teamWish(ask string, e openseat.Event) bool {
	switch e := e.(type) {
	case Transferred:
		c.transfer(ask, e)
	case TransferCancelled:
		c.cancelTransfer(ask, e.User)
	case Invited:
		c.invite(ask, e)
	case Reconnected:
		c.reconnect(ask, e)
	case Kicked:
		c.kick(ask, e)
	case Monitored:
		c.monitor(ask, e)
	case Intercepted:
		c.intercept(ask, e.User)
	case SeatMoved:
		c.seatMoved(ask, e)
	default:
		return false
	}
	return true
}

func (c *Call) reply(ask string, err *openseat.Error) {
	if ask != "" {
		c.do(openseat.Reply{Ask: ask, Error: err})
	}
}

// refusef answers that something cannot be done. Of a call that has ended, that is all there is to say.
func (c *Call) refusef(ask, code, format string, args ...any) {
	if c.phase == closed {
		code, format, args = openseat.CodeNotFound, "session %s has ended", []any{c.ref.ID}
	}
	c.reply(ask, openseat.Errorf(code, format, args...))
}

func (c *Call) replyWith(ask string, value any) {
	if ask != "" {
		c.do(openseat.Reply{Ask: ask, Value: value})
	}
}
