package media

import (
	"slices"
	"sync"
	"time"
)

// metronomeShards spread the playing ports over the 20 ms, so that a thousand of them do not all send in the same instant.
const metronomeShards = 10

// maxLag is how late a beat may be made up for; a shard that was held up longer starts its rhythm anew.
const maxLag = 200 * time.Millisecond

// Metronome beats every 20 ms for all ports that play something. Deadlines are absolute, so a late beat does not make the
// following ones late. Its goroutines live only while somebody plays.
type Metronome struct {
	mu     sync.Mutex
	next   int
	shards [metronomeShards]metronomeShard
}

// beater does its 20 ms of work; it returns false when it wants no more beats.
type beater interface{ beat() bool }

type metronomeShard struct {
	mu      sync.Mutex
	members []beater // replaced, never changed in place: the running goroutine reads it without the lock
	running bool
}

// NewMetronome returns a metronome for all ports of a process.
func NewMetronome() *Metronome { return &Metronome{} }

// join lets b hear the beat, beginning at once.
func (m *Metronome) join(b beater) {
	m.mu.Lock()
	shard := &m.shards[m.next]
	m.next = (m.next + 1) % metronomeShards
	m.mu.Unlock()
	shard.join(b)
}

func (s *metronomeShard) join(b beater) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members = append(slices.Clone(s.members), b)
	if !s.running {
		s.running = true
		go s.run()
	}
}

func (s *metronomeShard) run() {
	next := time.Now()
	var ended []beater
	for {
		s.mu.Lock()
		members := s.members
		s.mu.Unlock()
		ended = ended[:0]
		for _, b := range members {
			if !b.beat() {
				ended = append(ended, b)
			}
		}
		if len(ended) > 0 && !s.leave(ended) {
			return
		}
		next = next.Add(FrameTime)
		wait := time.Until(next)
		if wait < -maxLag {
			next = time.Now()
		}
		if wait > 0 {
			time.Sleep(wait)
		}
	}
}

// leave takes the ended members out; it reports whether any are left.
func (s *metronomeShard) leave(ended []beater) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := make([]beater, 0, len(s.members))
	for _, b := range s.members {
		if i := slices.Index(ended, b); i >= 0 {
			ended = slices.Delete(ended, i, i+1) // only once: it may have joined again meanwhile
			continue
		}
		kept = append(kept, b)
	}
	s.members = kept
	s.running = len(kept) > 0
	return s.running
}
