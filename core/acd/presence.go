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
		b.stay(a)
	case a.ringing() && a.On == "":
		b.tellOffer(a, b.works[a.Offer])
	}
	b.touch(a)
	return nil
}

// comeOnline gives the status a day starts with, or, to who was only lost for a while, the one he had.
func (b *Board) comeOnline(a *agent) {
	home := choice{Status: b.rules.OnlineStatus}
	if a.Back.Status != "" && !b.now.After(a.BackUntil) {
		home = a.Back
	}
	b.begin(a, home)
}

// begin makes an agent who was offline what he is to be: now, or once his mobile phone does not ring any more.
func (b *Board) begin(a *agent, home choice) {
	a.Home, a.Back, a.BackUntil = home, choice{}, time.Time{}
	if a.ringing() && home.Status != StatusFree {
		a.Home, a.Reserved = choice{Status: StatusFree}, home
	}
	b.stopTimer(a, pauseDeadline)
	b.become(a, a.Home.Status, a.Home.Reason, a.Home.By)
}

// stay keeps an agent who would have been offline after his work. Who was offline before it begins his day.
func (b *Board) stay(a *agent) {
	a.Leaving = ""
	if a.Home.Status == "" {
		a.Home = choice{Status: b.rules.OnlineStatus}
	}
	b.report(a, a.Status)
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
	a.ByPhone = a.ByPhone && reason == reasonLost
	switch {
	case a.Status == StatusOffline:
		if a.ringing() && reason == reasonRemoved {
			b.takeBack(a)
		}
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
	if a.ringing() && (a.On != SeatMobile || reason == reasonRemoved) {
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
	if a.ringing() && a.On == "" {
		b.setTimer(a, reloadDeadline, reloadWait)
	}
	return nil
}

func (b *Board) lose(a *agent) {
	a.Presence = lost
	b.setTimer(a, presenceDeadline, b.rules.PresenceWait)
	b.touch(a)
}

// lostForGood says that the page did not come back in time. Work on a telephone does not need it, and who works by his SIP
// phone stays online.
func (b *Board) lostForGood(a *agent) {
	if a.Status == StatusBusy && a.On == "" {
		b.tell(a.Work, AgentGone{User: a.User})
	}
	if a.Phone && (a.ByPhone || a.Seat == SeatExtension) {
		a.Presence, a.Conn, a.ByPhone = away, "", true
		b.touch(a)
		return
	}
	b.leave(a, reasonLost)
}

// phoneUp notes that the agent's SIP phone is there. It signs nobody in but who was lost while he worked by it.
func (b *Board) phoneUp(e PhoneUp) *openseat.Error {
	a, err := b.known(e.User)
	if err != nil {
		return err
	}
	a.Phone = true
	if a.Status == StatusOffline && a.ByPhone && a.Back.Status != "" && !b.now.After(a.BackUntil) {
		b.comeOnline(a)
		return nil
	}
	b.touch(a)
	return nil
}

// phoneDown waits for the phone of who is online by it alone as for a page.
func (b *Board) phoneDown(e PhoneDown) *openseat.Error {
	a, err := b.known(e.User)
	if err != nil {
		return err
	}
	if !a.Phone {
		return openseat.Errorf(openseat.CodeNotFound, "agent %q has no phone that is registered", e.User)
	}
	b.dropPhone(a)
	return nil
}

func (b *Board) dropPhone(a *agent) {
	a.Phone = false
	if a.onlyByPhone() {
		b.lose(a)
		return
	}
	b.touch(a)
}

// onlyByPhone reports whether the agent is online without a page.
func (a *agent) onlyByPhone() bool {
	return a.Presence == away && a.Status != StatusOffline && a.Leaving == ""
}
