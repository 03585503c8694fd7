package acd

import (
	"cmp"
	"slices"
	"time"

	"openseat"
)

const (
	confirmWait  = 15 * time.Second // for works to say that they are still there
	confirmTimer = "confirm"
)

// ownerLost says that the board itself was dead for a while. Pages ended or must show themselves again. What was given to
// works stays theirs, if they say so in time: what they said last may have been lost. Timers may have died with the node,
// so all are set anew.
func (b *Board) ownerLost() {
	unsure := false
	for _, a := range b.roster {
		b.doubt(a)
		unsure = unsure || a.Unsure || a.ringing()
		if a.Status == StatusBusy {
			b.tell(a.Work, HoldWanted{User: a.User})
		}
		if a.ringing() {
			b.tell(a.Offer, HoldWanted{User: a.User})
		}
	}
	for _, g := range b.byID {
		for w := range g.waiting.all() {
			unsure = true
			b.tell(w.Ref, HoldWanted{})
		}
	}
	for _, w := range b.works {
		w.Unsure = true
	}
	if unsure {
		b.confirmBy = b.now.Add(confirmWait)
		b.do(openseat.SetTimer{Name: confirmTimer, After: confirmWait})
	}
}

// doubt makes the agent's page a lost one, forgets his SIP phone until it shows itself, makes his work one to be confirmed,
// and sets his timers anew.
func (b *Board) doubt(a *agent) {
	a.Unsure = a.Status == StatusBusy
	a.Phone = false
	if a.Presence == here || a.onlyByPhone() {
		b.lose(a)
	} else if !a.Deadlines[presenceDeadline].IsZero() {
		b.setTimer(a, presenceDeadline, b.rules.PresenceWait)
	}
	b.touch(a)
	for _, d := range []deadline{offerDeadline, wrapUpDeadline, reloadDeadline, pauseDeadline} {
		if until := a.Deadlines[d]; !until.IsZero() {
			b.setTimer(a, d, max(0, until.Sub(b.now)))
		}
	}
}

// held says that the board remembers right.
func (b *Board) held(e Held) *openseat.Error {
	if a := b.agents[e.User]; a != nil && a.Status == StatusBusy && a.Work == e.Work {
		a.Unsure = false
		return nil
	}
	w := b.works[e.Work]
	if a := b.agents[e.User]; w == nil || e.User != "" && (a == nil || a.Offer != e.Work) {
		return openseat.Errorf(openseat.CodeNotFound, "work %s has no agent %q", e.Work, e.User)
	}
	w.Unsure = false
	return nil
}

// confirmRanOut gives up the works that said nothing.
func (b *Board) confirmRanOut() *openseat.Error {
	if b.confirmBy.IsZero() {
		return openseat.Errorf(openseat.CodeNotFound, "no timer %q is set", confirmTimer)
	}
	if left := b.confirmBy.Sub(b.now); left > 0 {
		b.do(openseat.SetTimer{Name: confirmTimer, After: left})
		return nil
	}
	b.confirmBy = time.Time{}
	for _, a := range slices.Clone(b.roster) { // who leaves may be dismissed from it
		if a.Unsure {
			b.release(a, 0)
		}
	}
	for _, w := range b.unsure() {
		b.withdraw(w)
		b.tell(w.Ref, NobodyOnline{Group: w.Group}) // in case it is there after all
	}
	return nil
}

// unsure lists the works that nobody confirmed, in the order they came.
func (b *Board) unsure() []*work {
	var works []*work
	for _, w := range b.works {
		if w.Unsure {
			works = append(works, w)
		}
	}
	slices.SortFunc(works, func(x, y *work) int { return cmp.Compare(x.Seq, y.Seq) })
	return works
}
