package sip

import "sync"

// mailboxLimit is how much of what the network says may wait for one leg. Beyond it the far end has to say it again.
const mailboxLimit = 64

// mailbox does one thing after the other. It has a goroutine only while there is something to do.
type mailbox struct {
	mu    sync.Mutex
	queue []func()
	busy  bool
	start func(func()) // starts a goroutine
}

// post lets f be done after everything posted before.
func (m *mailbox) post(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.push(f)
}

// offer is post for what the network wants; false says that too much is waiting.
func (m *mailbox) offer(f func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) >= mailboxLimit {
		return false
	}
	m.push(f)
	return true
}

func (m *mailbox) push(f func()) {
	m.queue = append(m.queue, f)
	if !m.busy {
		m.busy = true
		m.start(m.work)
	}
}

func (m *mailbox) work() {
	for {
		m.mu.Lock()
		if len(m.queue) == 0 {
			m.busy, m.queue = false, nil
			m.mu.Unlock()
			return
		}
		f := m.queue[0]
		m.queue = m.queue[1:]
		m.mu.Unlock()
		f()
	}
}
