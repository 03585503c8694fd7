package acd

import (
	"cmp"

	"openseat"
)

// occupied gives an agent asked for by name to the work, if his state allows.
func (b *Board) occupied(e Occupied) (any, *openseat.Error) {
	a, err := b.known(e.User)
	if err == nil {
		err = a.refusal(e)
	}
	if err != nil {
		code := err.Code
		if code == openseat.CodeAccountNotExist {
			code = openseat.CodeStateNotAllowed
		}
		b.tell(e.Work, Refused{User: e.User, Code: code})
		return nil, err
	}
	a.Unsure = false
	if a.Work != e.Work {
		b.engage(a, e.Work, a.seatFor(e), e.By)
	}
	granted := Granted{User: a.User, Conn: a.Conn, Seat: a.On}
	b.tell(e.Work, granted)
	return granted, nil
}

// engage makes the agent busy with the work. Who was offline (his mobile phone was rung) is so again when it ends.
func (b *Board) engage(a *agent, work openseat.Ref, on Seat, by string) {
	if a.Status == StatusOffline {
		a.Leaving = cmp.Or(a.Reason, reasonSignedOut)
	}
	a.Work, a.On = work, on
	b.become(a, StatusBusy, "", by)
}

// byOther reports whether somebody else asks for the agent.
func (e Occupied) byOther() bool { return e.By != "" && e.By != e.User }

// refusal says why the agent cannot be had, if he cannot.
func (a *agent) refusal(e Occupied) *openseat.Error {
	switch {
	case a.Status == StatusBusy && a.Work == e.Work: // told twice
		return nil
	case a.Status == StatusBusy || a.ringing():
		return openseat.Errorf(openseat.CodeSeatBusy, "agent %q is busy", a.User)
	case a.Status == StatusOffline && !a.reachedOffline(e):
		return openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q is offline", a.User)
	case e.byOther() && (a.Status == StatusRest || a.Status == StatusArrange && !e.Return):
		return openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q cannot be reached: status is %s", a.User, a.Status)
	case e.byOther() && !a.hears(a.seatFor(e)):
		return openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q cannot be reached: the connection is lost", a.User)
	}
	return nil
}

// reachedOffline reports whether the agent, who is offline, can be had by a telephone: one that is asked for, or, when a
// colleague does not mind which, the one that rings while he is away.
func (a *agent) reachedOffline(e Occupied) bool {
	switch e.Seat {
	case SeatMobile:
		return true
	case SeatExtension:
		return a.Phone || !e.byOther() // his own call may come from that very phone
	default:
		return e.Seat == "" && e.byOther() && (a.Phone || a.Mobile != MobileOff)
	}
}

// seatFor is the device that the work is to ring or use.
func (a *agent) seatFor(e Occupied) Seat {
	switch {
	case e.Seat == SeatWeb:
		return ""
	case e.Seat != "":
		return e.Seat
	case e.byOther():
		return a.seat()
	default:
		return a.desk()
	}
}

// seat is the device on which others reach the agent.
func (a *agent) seat() Seat {
	if a.Mobile == MobileAlways || a.Mobile == MobileOffline && a.Status == StatusOffline {
		return SeatMobile
	}
	return a.desk()
}

// desk is the device at which the agent works: his page, unless he prefers his SIP phone or has only that.
func (a *agent) desk() Seat {
	if a.Phone && (a.Presence != here || a.Seat == SeatExtension) {
		return SeatExtension
	}
	return ""
}

// hears reports whether the device can ring now, as far as the board knows.
func (a *agent) hears(on Seat) bool {
	switch on {
	case SeatMobile:
		return true
	case SeatExtension:
		return a.Phone
	default:
		return a.Presence == here
	}
}
