package acd

import (
	"fmt"
	"slices"
	"strings"

	"openseat"
)

// snapshotVersion is the first number of a snapshot. It grows when fields are added; older ones can still be read then.
const snapshotVersion = 2

// Snapshot implements openseat.Snapshotter. Rows and counters are not in it: they follow from the rest. It is written by
// hand (tape.go) since it is made between two events, also on days when a hundred thousand wait.
func (b *Board) Snapshot() ([]byte, error) {
	t := &tape{bytes: make([]byte, 0, 256+96*len(b.roster)+64*len(b.works))}
	version, app := int64(snapshotVersion), int64(b.app)
	t.int64(&version)
	t.int64(&app)
	b.fields(t)
	t.length(len(b.byID))
	for _, g := range b.byID {
		g.fields(t)
	}
	t.length(len(b.works))
	b.writeWorks(t)
	t.length(len(b.roster))
	for _, a := range b.roster {
		a.write(t)
	}
	return t.bytes, t.err
}

// writeWorks writes the queues in order, then what is being offered, each where its first agent stands in the roster.
func (b *Board) writeWorks(t *tape) {
	for _, g := range b.byID {
		for w := range g.waiting.all() {
			w.fields(t)
		}
	}
	for _, a := range b.roster {
		if a.ringing() {
			if w := b.works[a.Offer]; w.Offers[0] == a.User {
				w.fields(t)
			}
		}
	}
}

func (a *agent) write(t *tape) {
	a.fields(t)
	t.bool(&a.listed)
	t.length(len(a.members))
	for _, m := range a.members {
		t.int64(&m.group.ID)
		t.int(&m.priority)
	}
}

// Restore implements openseat.Snapshotter: the board becomes the one that was saved, and goes on exactly as that one
// would have. A snapshot that contradicts itself or is another instance's is an error, and changes nothing.
func (b *Board) Restore(snapshot []byte) error {
	fresh := New(b.app)
	if err := fresh.read(&tape{bytes: snapshot, reading: true}); err != nil {
		return fmt.Errorf("restore queue board of %s: %w", b.app, err)
	}
	for _, g := range fresh.dirty {
		g.dirty = false
	}
	fresh.dirty = nil // a board is at rest between two events
	*b = *fresh
	return nil
}

func (b *Board) read(t *tape) error {
	var version, app int64
	t.int64(&version)
	t.int64(&app)
	switch {
	case t.err != nil:
	case version < 1 || version > snapshotVersion:
		return fmt.Errorf("the snapshot is of version %d", version)
	case openseat.AppID(app) != b.app:
		return fmt.Errorf("the snapshot is of instance %d", app)
	}
	t.version = version
	b.fields(t)
	plans := make([]GroupPlan, t.length(0))
	for i := range plans {
		plans[i].fields(t)
	}
	b.openGroups(plans)
	for range t.length(0) {
		if err := b.readWork(t); err != nil {
			return err
		}
	}
	for range t.length(0) {
		if err := b.readAgent(t); err != nil {
			return err
		}
	}
	slices.SortFunc(b.roster, func(x, y *agent) int { return strings.Compare(x.User, y.User) })
	if t.err != nil {
		return t.err
	}
	return b.checkOffers()
}

func (b *Board) readWork(t *tape) error {
	w := &work{}
	w.fields(t)
	w.age = w.Since.UnixNano()
	g := b.groups[w.Group]
	switch {
	case t.err != nil:
		return t.err
	case g == nil:
		return fmt.Errorf("work %s waits in group %d, which is not there", w.Ref, w.Group)
	case b.works[w.Ref] != nil:
		return fmt.Errorf("work %s is there twice", w.Ref)
	case len(w.Offers) == 0:
		g.waiting.insert(w)
	case w.RingAll:
		g.ringing.insert(w)
	}
	b.works[w.Ref] = w
	return nil
}

func (b *Board) readAgent(t *tape) error {
	var s agentState
	s.fields(t)
	if t.err == nil && b.agents[s.User] != nil {
		return fmt.Errorf("agent %q is there twice", s.User)
	}
	a := b.enroll(s.User)
	a.agentState = s
	t.bool(&a.listed)
	groups := map[int64]int{}
	for range t.length(0) {
		var id int64
		var priority int
		t.int64(&id)
		t.int(&priority)
		groups[id] = priority
	}
	b.rank(a)
	b.place(a, groups)
	return t.err
}

// checkOffers makes sure that agents and works agree about who is being rung for what.
func (b *Board) checkOffers() error {
	offers := 0
	for _, a := range b.roster {
		if a.ringing() == a.Deadlines[offerDeadline].IsZero() || !a.ringing() && !a.Deadlines[reloadDeadline].IsZero() {
			return fmt.Errorf("agent %q has an offer or a deadline without the other", a.User)
		}
		if !a.ringing() {
			continue
		}
		if w := b.works[a.Offer]; w == nil || !slices.Contains(w.Offers, a.User) {
			return fmt.Errorf("agent %q is rung by work %s, which is not there", a.User, a.Offer)
		}
		offers++
	}
	for _, w := range b.works {
		offers -= len(w.Offers)
	}
	if offers != 0 {
		return fmt.Errorf("%d offers are to agents who do not know of them", -offers)
	}
	return nil
}

// The fields functions list what a snapshot keeps, for writing and for reading.

func (b *Board) fields(t *tape) {
	t.uint64(&b.seq)
	t.string((*string)(&b.rules.OnlineStatus))
	t.duration(&b.rules.PresenceWait)
	t.duration(&b.rules.OfferWait)
	t.time(&b.confirmBy)
}

func (g *GroupPlan) fields(t *tape) {
	t.int64(&g.ID)
	t.bool(&g.RingAll)
	t.bool(&g.UseLastSeat)
}

func (s *workState) fields(t *tape) {
	t.ref(&s.Ref)
	t.int64(&s.Group)
	t.int(&s.Priority)
	t.time(&s.Since)
	t.uint64(&s.Seq)
	t.string(&s.Last)
	t.strings(&s.Skip)
	t.strings(&s.Offers)
	t.bool(&s.RingAll)
	t.bool(&s.Unsure)
	t.int(&s.Unsettled)
	if t.has(2) {
		t.bool(&s.NoWait)
	}
}

func (s *agentState) fields(t *tape) {
	t.string(&s.User)
	t.string(&s.Conn)
	t.int((*int)(&s.Presence))
	t.string((*string)(&s.Status))
	t.string(&s.Reason)
	t.string(&s.By)
	t.time(&s.Since)
	t.uint64(&s.Idle)
	s.Home.fields(t)
	s.Reserved.fields(t)
	t.string(&s.Leaving)
	s.Back.fields(t)
	t.time(&s.BackUntil)
	t.ref(&s.Work)
	t.ref(&s.Offer)
	t.bool(&s.Unsure)
	t.duration(&s.WrapUp)
	for i := range pauseDeadline {
		t.time(&s.Deadlines[i])
	}
	if t.has(2) {
		t.time(&s.Deadlines[pauseDeadline])
		t.bool(&s.Phone)
		t.bool(&s.ByPhone)
		t.string((*string)(&s.Seat))
		t.int((*int)(&s.Mobile))
		t.string((*string)(&s.On))
	}
}

func (c *choice) fields(t *tape) {
	t.string((*string)(&c.Status))
	t.string(&c.Reason)
	t.string(&c.By)
}
