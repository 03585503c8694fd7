package acd

import (
	"time"

	"openseat"
)

// signedIn brings an agent online, or gives an agent who is online already another page.
func (b *Board) signedIn(e SignedIn) *openseat.Error {
	a, err := b.known(e.User)
	if err != nil {
		return err
	}
	if a.Presence == here && a.Conn == e.Conn {
		return nil
	}
	a.Conn, a.Presence = e.Conn, here
	b.stopTimer(a, presenceDeadline)
	b.stopTimer(a, reloadDeadline)
	switch {
	case a.Status == StatusOffline:
		b.comeOnline(a)
	case a.Leaving != "":
		a.Leaving = ""
		b.report(a, a.Status)
	case a.ringing():
		b.tellOffer(a, b.works[a.Offer])
	}
	b.touch(a)
	return nil
}

// comeOnline gives the status a day starts with, or, to who was only lost for a while, the one he had.
func (b *Board) comeOnline(a *agent) {
	a.Home = choice{Status: b.rules.OnlineStatus}
	if a.Back.Status != "" && !b.now.After(a.BackUntil) {
		a.Home = a.Back
	}
	a.Back, a.BackUntil = choice{}, time.Time{}
	b.become(a, a.Home.Status, a.Home.Reason, a.Home.By)
}

// signedOut sends the agent home: now, or once his work ends.
func (b *Board) signedOut(e SignedOut) *openseat.Error {
	a, err := b.known(e.User)
	if err != nil {
		return err
	}
	b.leave(a, reasonSignedOut)
	return nil
}

// leave ends an agent's presence. Work in hand goes on.
func (b *Board) leave(a *agent, reason string) {
	switch {
	case a.Status == StatusOffline:
	case a.Status != StatusBusy:
		b.goOffline(a, reason)
	case a.Leaving != reason:
		a.Leaving, a.Presence, a.Conn = reason, away, ""
		b.stopTimer(a, presenceDeadline)
		b.report(a, a.Status)
	}
}

// goOffline takes everything from the agent that only an agent who is online has.
func (b *Board) goOffline(a *agent, reason string) {
	if a.ringing() {
		b.takeBack(a)
	}
	b.stopTimer(a, presenceDeadline)
	a.Back, a.BackUntil = choice{}, time.Time{}
	if reason == reasonLost {
		a.Back, a.BackUntil = a.Home, b.now.Add(returnWithin)
		if a.Reserved.Status != "" && a.Reserved.Status != StatusArrange {
			a.Back = a.Reserved
		}
	}
	a.Home, a.Reserved, a.Leaving = choice{}, choice{}, ""
	a.Presence, a.Conn, a.WrapUp = away, "", 0
	b.become(a, StatusOffline, reason, "")
	if !a.listed {
		b.dismiss(a)
	}
}

// connLost starts to wait for the agent's page.
func (b *Board) connLost(e ConnLost) *openseat.Error {
	a, err := b.known(e.User)
	if err != nil {
		return err
	}
	if a.Presence != here || a.Conn != e.Conn {
		return openseat.Errorf(openseat.CodeNotFound, "connection %q of agent %q is not the present one", e.Conn, e.User)
	}
	b.lose(a)
	if a.ringing() {
		b.setTimer(a, reloadDeadline, reloadWait)
	}
	return nil
}

func (b *Board) lose(a *agent) {
	a.Presence = lost
	b.setTimer(a, presenceDeadline, b.rules.PresenceWait)
	b.touch(a)
}

// lostForGood says that the page did not come back in time.
func (b *Board) lostForGood(a *agent) {
	if a.Status == StatusBusy {
		b.tell(a.Work, AgentGone{User: a.User})
	}
	b.leave(a, reasonLost)
}
