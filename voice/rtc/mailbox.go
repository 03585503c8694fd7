package rtc

import "sync"

// mailbox does one thing after the other. It has a goroutine only while there is something to do.
type mailbox struct {
	mu    sync.Mutex
	queue []func()
	busy  bool
}

// post lets f be done after everything posted before.
func (m *mailbox) post(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue = append(m.queue, f)
	if !m.busy {
		m.busy = true
		go m.work()
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
