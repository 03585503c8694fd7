package acd

import "openseat"

// statusSet does what somebody asked for, at once or, when the agent is at work or being rung, afterwards. Its value is
// the status the agent had.
func (b *Board) statusSet(e StatusSet) (any, *openseat.Error) {
	want := choice{Status: e.Status, Reason: e.Reason, By: e.By}
	switch e.Status {
	case StatusFree, StatusNotReady, StatusRest, StatusArrange:
	default:
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "status %q cannot be set: it is not free, notReady, rest or arrange", e.Status)
	}
	a, err := b.known(e.User)
	if err != nil {
		return nil, err
	}
	was := a.Status
	switch {
	case a.Status == StatusOffline && a.Phone && e.Status != StatusArrange:
		a.ByPhone = true // it is there, the page is not
		b.begin(a, want)
	case a.Status == StatusOffline:
		err = openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q is offline", a.User)
	case a.Leaving != "":
		err = openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q has left and is offline once the work ends", a.User)
	case a.Status == StatusBusy:
		err = b.reserveAtWork(a, want)
	case a.ringing():
		b.reserve(a, want)
	default:
		b.choose(a, want)
	}
	if err != nil {
		return nil, err
	}
	return was, nil
}

// reserveAtWork reserves, unless there is nothing to reserve: a busy agent cannot be made free.
func (b *Board) reserveAtWork(a *agent, want choice) *openseat.Error {
	if want.Status == StatusFree && a.Home.Status == StatusFree && a.Reserved.Status == "" {
		return openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q is busy; the status can be changed when the work ends", a.User)
	}
	b.reserve(a, want)
	return nil
}

func (b *Board) reserve(a *agent, want choice) {
	if want.Status == StatusFree && a.Home.Status == StatusFree {
		want = choice{} // what he is anyway: the reservation is taken back
	}
	if a.Reserved == want {
		return
	}
	a.Reserved = want
	b.report(a, a.Status)
}

// choose changes the status of an agent who is not at work.
func (b *Board) choose(a *agent, want choice) {
	switch {
	case want.Status == StatusArrange && a.Status == StatusArrange:
		b.setTimer(a, wrapUpDeadline, a.WrapUp)
		b.report(a, a.Status)
	case want.Status == StatusArrange:
		a.Reserved = want
		b.wrapUp(a, arrangeWait)
	case want.Status == a.Status && (want.Reason == a.Reason || want.Status == StatusFree):
	default:
		a.Home, a.Reserved = want, choice{}
		b.become(a, want.Status, want.Reason, want.By)
	}
}
