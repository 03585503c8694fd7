package live

import (
	"sync"

	"openseat"
)

// mailbox is a bounded queue of events that never makes the teller wait. It grows as needed and shrinks when it is empty,
// since most things hold an event or two at a time.
type mailbox struct {
	wake chan struct{} // holds one token when there may be something to take

	mu     sync.Mutex
	ring   []openseat.Event
	head   int
	n      int
	closed bool
	gone   error // why it is closed
}

// smallRing is how large a ring may be when it is kept while empty.
const smallRing = 16

// put adds e unless limit events wait already (errFull), or the mailbox is closed (its reason).
func (m *mailbox) put(e openseat.Event, limit int) error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return m.gone
	}
	if m.n >= limit {
		m.mu.Unlock()
		return errFull
	}
	m.push(e)
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return nil
}

func (m *mailbox) push(e openseat.Event) {
	if m.n == len(m.ring) {
		bigger := make([]openseat.Event, max(4, 2*m.n))
		for i := range m.n {
			bigger[i] = m.ring[(m.head+i)%len(m.ring)]
		}
		m.ring, m.head = bigger, 0
	}
	m.ring[(m.head+m.n)%len(m.ring)] = e
	m.n++
}

// take removes the oldest event; nil when there is none.
func (m *mailbox) take() openseat.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n == 0 {
		return nil
	}
	e := m.ring[m.head]
	m.ring[m.head] = nil
	m.head = (m.head + 1) % len(m.ring)
	m.n--
	if m.n == 0 && len(m.ring) > smallRing {
		m.ring, m.head = nil, 0
	}
	return e
}

// close refuses further events with why, and returns those that were not taken.
func (m *mailbox) close(why error) []openseat.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed, m.gone = true, why
	left := make([]openseat.Event, 0, m.n)
	for i := range m.n {
		left = append(left, m.ring[(m.head+i)%len(m.ring)])
	}
	m.ring, m.n = nil, 0
	return left
}

// putBack makes e the oldest event again. Only the owner of the mailbox does this.
func (m *mailbox) putBack(e openseat.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.push(e) // makes room; then everything moves up by one
	for i := m.n - 1; i > 0; i-- {
		m.ring[(m.head+i)%len(m.ring)] = m.ring[(m.head+i-1)%len(m.ring)]
	}
	m.ring[m.head] = e
}
