package acd

import (
	"math"
	"slices"
	"time"

	"openseat"
)

// mostSkipped bounds the agents that a work remembers as its last choice; the oldest is forgotten first.
const mostSkipped = 32

// workState is all of a work that a snapshot keeps.
type workState struct {
	Ref      openseat.Ref
	Group    int64
	Priority int
	Since    time.Time
	Seq      uint64
	Last     string
	Skip     []string // who missed it, the latest last
	Offers   []string // who is being rung, the first offered first; none = it waits
	RingAll  bool     // it is being offered to all: it stands in group.ringing
	Unsure   bool     // it must confirm that it is still there
	// Unsettled counts the rounds of offers in a row that ended by their safety deadline.
	Unsettled int
	NoWait    bool // it does not stay in the queue
}

// work is somebody's wish to be served: it waits in its group's queue, or is being offered.
type work struct {
	workState
	age int64 // Since, quick to compare
}

// before is the order of a queue: smaller priority, then longest waiting, then who came first.
func (w *work) before(o *work) bool {
	if w.Priority != o.Priority {
		return w.Priority < o.Priority
	}
	if w.age != o.age {
		return w.age < o.age
	}
	return w.Seq < o.Seq
}

func (w *work) skips(user string) bool { return slices.Contains(w.Skip, user) }

// skip makes user the work's very last choice.
func (w *work) skip(user string) {
	if at := slices.Index(w.Skip, user); at >= 0 {
		w.Skip = slices.Delete(w.Skip, at, at+1)
	}
	w.Skip = append(w.Skip, user)
	if over := len(w.Skip) - mostSkipped; over > 0 {
		w.Skip = slices.Delete(w.Skip, 0, over)
	}
}

// group is a queue and the agents who serve it.
type group struct {
	GroupPlan
	waiting row[*work]
	ringing row[*work]   // ring-all work being offered: agents who become free join in
	free    row[*member] // who may be offered work, the best choice first
	staff   int          // members who are neither offline nor on a rest
	dirty   bool         // in Board.dirty
}

// longest returns since when the work that waits longest has waited; zero when none waits. The oldest of each priority
// stands first in it, so only priorities are walked.
func (g *group) longest() time.Time {
	w, ok := g.waiting.first()
	oldest := w
	for ok {
		if w.age < oldest.age {
			oldest = w
		}
		behind := work{workState: workState{Priority: w.Priority, Seq: math.MaxUint64}, age: math.MaxInt64}
		w, ok = g.waiting.from(&behind)
	}
	if oldest == nil {
		return time.Time{}
	}
	return oldest.Since
}

func (b *Board) mark(g *group) {
	if !g.dirty {
		g.dirty = true
		b.dirty = append(b.dirty, g)
	}
}

// enqueued lets work join a queue. Work that stands in this queue already, or is being offered from it, stays as it is.
func (b *Board) enqueued(e Enqueued) *openseat.Error {
	if old := b.works[e.Work]; old != nil {
		if old.Group == e.Group {
			old.Unsure = false
			return nil
		}
		b.withdraw(old)
	}
	if b.groups[e.Group] == nil {
		b.tell(e.Work, NobodyOnline{Group: e.Group})
		return openseat.Errorf(openseat.CodeSkillGroupError, "skill group %d does not exist", e.Group)
	}
	since := clean(e.Since)
	if e.Since.IsZero() || since.After(b.now) {
		since = b.now // another node's clock must not make work younger than new
	}
	w := &work{age: since.UnixNano(), workState: workState{
		Ref: e.Work, Group: e.Group, Priority: e.Priority, Since: since, Seq: b.next(), Last: e.Last,
		NoWait: e.NoWait,
	}}
	for _, user := range e.Skip {
		w.skip(user)
	}
	b.works[w.Ref] = w
	b.wait(w)
	return nil
}

// wait puts the work into its queue; settle decides whether it stays there.
func (b *Board) wait(w *work) {
	g := b.groups[w.Group]
	g.waiting.insert(w)
	b.queued = append(b.queued, w)
	b.mark(g)
}

func (b *Board) withdrawn(e Withdrawn) *openseat.Error {
	w := b.works[e.Work]
	if w == nil {
		return openseat.Errorf(openseat.CodeNotFound, "work %s is not in a queue", e.Work)
	}
	b.withdraw(w)
	return nil
}

// withdraw takes the work out. Whoever was being rung for it is what he was; the work, which asked for it, is not told.
func (b *Board) withdraw(w *work) {
	b.forget(w)
	for _, user := range w.Offers {
		b.endOffer(b.agents[user])
	}
	w.Offers = nil
}

// forget takes the work from the board.
func (b *Board) forget(w *work) {
	g := b.groups[w.Group]
	g.waiting.remove(w)
	g.ringing.remove(w)
	delete(b.works, w.Ref)
}

// sendAway tells all work that waits in the group that nobody will come.
func (b *Board) sendAway(g *group) {
	for w := range g.waiting.all() {
		delete(b.works, w.Ref)
		b.tell(w.Ref, NobodyOnline{Group: g.ID})
	}
	g.waiting = row[*work]{}
}

func (b *Board) positionWanted(e PositionWanted) (any, *openseat.Error) {
	w := b.works[e.Work]
	if w == nil {
		return nil, openseat.Errorf(openseat.CodeNotFound, "work %s is not in a queue", e.Work)
	}
	w.Unsure = false
	position := b.position(w)
	b.tell(w.Ref, position)
	return position, nil
}

func (b *Board) position(w *work) Position {
	if len(w.Offers) > 0 {
		return Position{Place: 1}
	}
	return Position{Place: b.groups[w.Group].waiting.place(w)}
}

// tellPlaces tells the work that entered a queue and stayed there how many are before it, once who will not wait has left.
func (b *Board) tellPlaces() {
	for _, w := range b.queued {
		if w.NoWait && b.stays(w) {
			b.forget(w)
			b.tell(w.Ref, AllBusy{Group: w.Group})
		}
	}
	for i, w := range b.queued {
		if b.stays(w) {
			b.tell(w.Ref, b.position(w))
		}
		b.queued[i] = nil
	}
	b.queued = b.queued[:0]
}

// stays reports whether work that entered a queue is still in it.
func (b *Board) stays(w *work) bool { return b.works[w.Ref] == w && len(w.Offers) == 0 }
