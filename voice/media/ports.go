package media

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
)

// ErrNoPorts says that every port of the range is taken.
var ErrNoPorts = errors.New("media: no free RTP port")

// Ports hands out pairs of UDP ports: an even one for RTP and the odd one above it for RTCP (RFC 3550 section 11). It goes
// round the range, so that a port rests as long as possible before another call gets packets meant for its last one.
type Ports struct {
	mu     sync.Mutex
	lo     int // even
	taken  []bool
	cursor int
}

// NewPorts hands out the pairs between lo and hi, both included.
func NewPorts(lo, hi int) (*Ports, error) {
	first := lo + lo%2
	pairs := (hi + 1 - first) / 2
	if lo < 1 || hi > 65535 || pairs < 1 {
		return nil, fmt.Errorf("media: no pair of ports in %d-%d", lo, hi)
	}
	return &Ports{lo: first, taken: make([]bool, pairs), cursor: rand.IntN(pairs)}, nil //nolint:gosec // G404: no secret
}

// take returns the next free even port.
func (p *Ports) take() (port int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range p.taken {
		i := p.cursor
		p.cursor = (p.cursor + 1) % len(p.taken)
		if !p.taken[i] {
			p.taken[i] = true
			return p.lo + 2*i, true
		}
	}
	return 0, false
}

func (p *Ports) give(port int) {
	p.mu.Lock()
	p.taken[(port-p.lo)/2] = false
	p.mu.Unlock()
}

// Size is how many legs the range has room for.
func (p *Ports) Size() int { return len(p.taken) }
