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

// beater does its 20 ms of work. It may be called once more just after it left.
type beater interface{ beat() }

type metronomeShard struct {
	mu      sync.Mutex
	members []beater      // replaced, never changed in place: the running goroutine reads it without the lock
	empty   chan struct{} // closed when the last member leaves; nil while there are none
}

// NewMetronome returns a metronome for all ports of a process.
func NewMetronome() *Metronome { return &Metronome{} }

// join lets b hear the beat, beginning at once. The shard is where to leave.
func (m *Metronome) join(b beater) *metronomeShard {
	m.mu.Lock()
	shard := &m.shards[m.next]
	m.next = (m.next + 1) % metronomeShards
	m.mu.Unlock()
	shard.join(b)
	return shard
}

func (s *metronomeShard) join(b beater) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members = append(slices.Clone(s.members), b)
	if s.empty == nil {
		s.empty = make(chan struct{})
		go s.run(s.empty)
	}
}

func (s *metronomeShard) leave(b beater) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := make([]beater, 0, len(s.members))
	for _, member := range s.members {
		if member != b {
			kept = append(kept, member)
		}
	}
	s.members = kept
	if len(kept) == 0 && s.empty != nil {
		close(s.empty)
		s.empty = nil
	}
}

func (s *metronomeShard) run(empty <-chan struct{}) {
	next := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-empty:
			return
		case <-timer.C:
		}
		s.mu.Lock()
		members := s.members
		s.mu.Unlock()
		for _, b := range members {
			b.beat()
		}
		next = next.Add(FrameTime)
		wait := time.Until(next)
		if wait < -maxLag {
			next = time.Now()
		}
		timer.Reset(wait)
	}
}
