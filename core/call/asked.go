package call

import (
	"openseat"
)

// asked does what somebody waits for the answer to.
func (c *Call) asked(a openseat.Asked) {
	switch e := a.Event.(type) {
	case CallOut:
		c.callOut(a.Ask, e)
	case CallIn:
		c.callIn(a.Ask, e)
	case Accepted:
		c.accept(a.Ask, e)
	case Declined:
		c.decline(a.Ask, e.User)
	case HungUp:
		c.hungUp(a.Ask, e.User)
	case Muted:
		c.mute(a.Ask, e)
	case HeldByAgent:
		c.hold(a.Ask, e)
	case DigitsSent:
		c.sendDigits(a.Ask, e)
	case EndedByAPI:
		c.endedByAPI(a.Ask)
	case ViewWanted:
		c.view(a.Ask, e.User)
	default:
		if !c.askedOfTeam(a) {
			c.told(a.Event)
			c.reply(a.Ask, nil)
		}
	}
}

// askedOfTeam does what only calls of several parties know.
func (c *Call) askedOfTeam(a openseat.Asked) bool {
	switch e := a.Event.(type) {
	case Transferred:
		c.transfer(a.Ask, e)
	case TransferCancelled:
		c.cancelTransfer(a.Ask, e.User)
	case Invited:
		c.invite(a.Ask, e)
	case Reconnected:
		c.reconnect(a.Ask, e)
	case Kicked:
		c.kick(a.Ask, e)
	case Monitored:
		c.monitor(a.Ask, e)
	case Intercepted:
		c.intercept(a.Ask, e.User)
	case SeatMoved:
		c.seatMoved(a.Ask, e)
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

// refusef answers that something cannot be done.
func (c *Call) refusef(ask, code, format string, args ...any) {
	c.reply(ask, openseat.Errorf(code, format, args...))
}

func (c *Call) replyWith(ask string, value any) {
	if ask != "" {
		c.do(openseat.Reply{Ask: ask, Value: value})
	}
}
