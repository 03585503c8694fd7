package bus

import (
	"context"
	"sync"
)

// progress knows up to where a consumer has handled everything, though entries are finished in any order.
type progress struct {
	moved chan struct{} // a token when floor has risen

	mu    sync.Mutex
	floor uint64
	steps []*step // in the journal's order, the first of them unfinished
}

// step is one entry in hand.
type step struct {
	seq  uint64
	done bool
}

// begin notes an entry in hand; entries begin in the journal's order.
func (p *progress) begin(seq uint64) *step {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &step{seq: seq}
	p.steps = append(p.steps, s)
	return s
}

// pass notes an entry that needs no handling.
func (p *progress) pass(seq uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.steps); n == 0 {
		p.floor = seq
	} else if last := p.steps[n-1]; last.done {
		last.seq = seq // the last one was finished or passed, too: they rise together
	} else {
		p.steps = append(p.steps, &step{seq: seq, done: true})
	}
}

func (p *progress) end(s *step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.done = true
	n := 0
	for n < len(p.steps) && p.steps[n].done {
		p.floor = p.steps[n].seq
		p.steps[n] = nil
		n++
	}
	if n == 0 {
		return
	}
	p.steps = p.steps[n:]
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

func (p *progress) at() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.floor
}

// room waits while the consumer is too far ahead of its oldest unfinished entry.
func (p *progress) room(ctx context.Context) error {
	for {
		p.mu.Lock()
		n := len(p.steps)
		p.mu.Unlock()
		if n < ahead {
			return nil
		}
		select {
		case <-p.moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
