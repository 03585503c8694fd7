package live

import (
	"sync/atomic"
	"time"
)

// health knows whether the journal answers: somebody waits for it, and it has been silent for too long.
type health struct {
	waiting atomic.Int64
	since   atomic.Int64 // of the first who waits, or of the last answer
}

func (h *health) begin(now time.Time) {
	if h.waiting.Add(1) == 1 {
		h.since.Store(now.UnixNano())
	}
}

func (h *health) answered(now time.Time) { h.since.Store(now.UnixNano()) }

func (h *health) end() { h.waiting.Add(-1) }

func (h *health) sick(now time.Time, slow time.Duration) bool {
	return h.waiting.Load() > 0 && now.UnixNano()-h.since.Load() > int64(slow)
}

// counters are the runtime's figures.
type counters struct {
	events, busy, refused, panics, lost, stalls, unwritten, dropped, takenOver atomic.Int64
}

// Stats are figures of a runtime since its start.
type Stats struct {
	Things    int   // running now
	Undone    int   // events waiting at the courier now
	Events    int64 // told to things and written
	Busy      int64 // events refused because a mailbox was full
	Refused   int64 // things refused by Start
	Panics    int64 // bugs in things
	Lost      int64 // things another node took
	Stalls    int64 // tries of writing an entry that failed
	Unwritten int64 // entries that can never be written
	Dropped   int64 // events between things whose receiver does not exist any more
	TakenOver int64 // things taken over from dead nodes
	Sick      bool  // the journal does not answer: new things are refused
}

// Stats returns the figures of now.
func (r *Runtime) Stats() Stats {
	c := &r.counts
	return Stats{
		Things: int(r.total.Load()), Undone: int(r.courier.undone.Load()),
		Events: c.events.Load(), Busy: c.busy.Load(), Refused: c.refused.Load(), Panics: c.panics.Load(), Lost: c.lost.Load(),
		Stalls: c.stalls.Load(), Unwritten: c.unwritten.Load(), Dropped: c.dropped.Load(), TakenOver: c.takenOver.Load(),
		Sick: r.health.sick(time.Now(), r.cfg.Slow),
	}
}
