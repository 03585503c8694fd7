package acd

import (
	"slices"

	"openseat"
)

const (
	mostRung      = 100 // agents that a ring-all offer rings at once
	mostUnsettled = 3   // rounds of offers that may end by the safety deadline before the work is given up
)

// Reasons of OfferMissed and OfferRevoked.
const (
	missedTimeout     = "timeout"
	missedUnreachable = "unreachable"
	revokedGone       = "gone"
	revokedTaken      = "taken"
)

// settle brings the board to rest: work without anybody to serve it is sent away, free agents get the most urgent work,
// and those still free join ring-all offers. Afterwards no free agent and waiting work of the same group are left.
func (b *Board) settle() {
	for _, g := range b.dirty {
		if g.staff == 0 {
			b.sendAway(g)
		}
	}
	for {
		w := b.mostUrgent()
		if w == nil {
			break
		}
		b.giveOut(w)
	}
	for _, g := range b.dirty {
		b.joinIn(g)
		g.dirty = false
	}
	clear(b.dirty)
	b.dirty = b.dirty[:0]
	b.tellPlaces()
}

// mostUrgent returns the first of all work that waits where somebody is free.
func (b *Board) mostUrgent() *work {
	var best *work
	for _, g := range b.dirty {
		if g.free.size == 0 {
			continue
		}
		if w, ok := g.waiting.first(); ok && (best == nil || w.before(best)) {
			best = w
		}
	}
	return best
}

// giveOut offers waiting work to the best free agent of its group, or to all.
func (b *Board) giveOut(w *work) {
	g := b.groups[w.Group]
	g.waiting.remove(w)
	b.offer(b.pick(w, g), w)
	if g.RingAll {
		w.RingAll = true
		g.ringing.insert(w)
		b.ringMore(w, g)
	}
}

// pick chooses among the free agents of the group, of whom there is at least one: the agent who served the customer last,
// if the group wants that and he is online; the first in order who did not miss this work yet; else who missed it longest ago.
func (b *Board) pick(w *work, g *group) *agent {
	if a := b.agents[w.Last]; g.UseLastSeat && a != nil && a.ready && a.Status == StatusFree && a.in(g.ID) != nil && !w.skips(w.Last) {
		return a
	}
	for m := range g.free.all() {
		if !w.skips(m.agent.User) {
			return m.agent
		}
	}
	for _, user := range w.Skip {
		if a := b.agents[user]; a != nil && a.ready && a.in(g.ID) != nil {
			return a
		}
	}
	m, _ := g.free.first()
	return m.agent
}

// joinIn lets the group's free agents ring for its longest waiting ring-all offer.
func (b *Board) joinIn(g *group) {
	if w, ok := g.ringing.first(); ok && g.RingAll && g.free.size > 0 {
		b.ringMore(w, g)
	}
}

// ringMore offers the work to every free agent who did not miss it, as far as the bound allows: to mobile phones of those
// offline only if nobody online is being rung.
func (b *Board) ringMore(w *work, g *group) {
	var more []*agent
	for m := range g.free.all() {
		if len(w.Offers)+len(more) >= mostRung || m.rank > offlineRank && b.ringsOnline(w, more) {
			break
		}
		if !w.skips(m.agent.User) {
			more = append(more, m.agent)
		}
	}
	for _, a := range more {
		b.offer(a, w)
	}
}

// ringsOnline reports whether somebody who is online is being rung, or is about to be.
func (b *Board) ringsOnline(w *work, more []*agent) bool {
	online := func(a *agent) bool { return a.Status != StatusOffline }
	return slices.ContainsFunc(more, online) ||
		slices.ContainsFunc(w.Offers, func(user string) bool { return online(b.agents[user]) })
}

func (b *Board) offer(a *agent, w *work) {
	a.Offer, a.On = w.Ref, a.seat()
	w.Offers = append(w.Offers, a.User)
	b.touch(a)
	b.tellOffer(a, w)
	b.setTimer(a, offerDeadline, b.rules.OfferWait)
}

func (b *Board) tellOffer(a *agent, w *work) {
	o := Offered{User: a.User, Group: w.Group, Conn: a.Conn, Seat: a.On}
	if m := a.in(w.Group); m != nil {
		o.Priority = m.priority
	}
	b.tell(w.Ref, o)
}

// offered returns the agent and the work when the one is being offered to the other.
func (b *Board) offered(user string, ref openseat.Ref) (*agent, *work) {
	a, w := b.agents[user], b.works[ref]
	if a == nil || w == nil || a.Offer != ref {
		return nil, nil
	}
	return a, w
}

// offerTaken binds the work to the agent who was first. An answer that comes too late is taken back at once.
func (b *Board) offerTaken(e OfferTaken) *openseat.Error {
	if a := b.agents[e.User]; a != nil && a.Work == e.Work && a.Status == StatusBusy {
		return nil
	}
	a, w := b.offered(e.User, e.Work)
	if a == nil {
		reason := revokedTaken
		if b.works[e.Work] != nil {
			reason = revokedGone
		}
		b.tell(e.Work, OfferRevoked{User: e.User, Reason: reason})
		return openseat.Errorf(openseat.CodeStateNotAllowed, "work %s is not offered to agent %q", e.Work, e.User)
	}
	on := a.On
	b.forget(w)
	b.clearOffer(a)
	for _, user := range w.Offers {
		if user != a.User {
			b.tell(w.Ref, OfferRevoked{User: user, Reason: revokedTaken})
			b.endOffer(b.agents[user])
		}
	}
	w.Offers = nil
	b.engage(a, w.Ref, on, "")
	return nil
}

func (b *Board) offerMissed(e OfferMissed) *openseat.Error {
	a, w := b.offered(e.User, e.Work)
	if a == nil {
		return openseat.Errorf(openseat.CodeNotFound, "work %s is not offered to agent %q", e.Work, e.User)
	}
	w.Unsettled, w.Unsure = 0, false
	b.miss(a, w, e.Reason)
	b.waitAgain(w)
	return nil
}

// offerRanOut ends an offer that the work never settled, as if the agent had been out of reach.
func (b *Board) offerRanOut(a *agent) {
	w := b.works[a.Offer]
	b.tell(w.Ref, OfferRevoked{User: a.User, Reason: revokedGone})
	b.miss(a, w, missedUnreachable)
	if len(w.Offers) > 0 {
		return
	}
	if w.Unsettled++; w.Unsettled >= mostUnsettled {
		b.forget(w)
		b.tell(w.Ref, NobodyOnline{Group: w.Group})
		return
	}
	b.waitAgain(w)
}

// miss ends the offer to an agent who did not take it. Who was offline stays so: his mobile phone has a pause.
func (b *Board) miss(a *agent, w *work, reason string) {
	absent := reason == missedTimeout || reason == missedUnreachable || w.skips(a.User)
	w.skip(a.User)
	b.leaveOffer(a, w)
	switch {
	case a.Status == StatusOffline:
		b.setTimer(a, pauseDeadline, mobilePause)
	case absent && a.Reserved.Status == "":
		a.Reserved = choice{Status: StatusNotReady, Reason: reason}
	}
	b.endOffer(a)
}

// takeBack ends the offer to an agent who vanished. The caller brings the agent's state in order.
func (b *Board) takeBack(a *agent) {
	w := b.works[a.Offer]
	b.tell(w.Ref, OfferRevoked{User: a.User, Reason: revokedGone})
	b.leaveOffer(a, w)
	b.clearOffer(a)
	b.waitAgain(w)
}

func (b *Board) leaveOffer(a *agent, w *work) {
	if at := slices.Index(w.Offers, a.User); at >= 0 {
		w.Offers = slices.Delete(w.Offers, at, at+1)
	}
}

// waitAgain puts work that nobody is being rung for any more back into its queue, where its age keeps its place.
func (b *Board) waitAgain(w *work) {
	if len(w.Offers) == 0 {
		b.groups[w.Group].ringing.remove(w)
		w.RingAll = false
		b.wait(w)
	}
}

// endOffer makes the agent what he was before he was rung, or what he asked to be meanwhile.
func (b *Board) endOffer(a *agent) {
	b.clearOffer(a)
	if a.Reserved.Status != "" {
		b.resume(a)
		return
	}
	b.touch(a)
}

func (b *Board) clearOffer(a *agent) {
	a.Offer, a.On = openseat.Ref{}, ""
	b.stopTimer(a, offerDeadline)
	b.stopTimer(a, reloadDeadline)
}
