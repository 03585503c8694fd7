package voice

import "sync"

// Crew is a group of goroutines that can be waited for, and that nobody joins any more once it is. The lines
// use it; the zero value is ready.
type Crew struct {
	mu     sync.Mutex
	n      int
	closed bool
	idle   chan struct{}
}

// Run does f on a goroutine of its own; false says that the crew is closed.
func (c *Crew) Run(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.n++
	go func() {
		defer c.leave()
		f()
	}()
	return true
}

func (c *Crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	if c.n == 0 && c.closed {
		close(c.idle)
	}
}

// Close lets nobody join any more; the channel is closed when everybody has left.
func (c *Crew) Close() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed, c.idle = true, make(chan struct{})
		if c.n == 0 {
			close(c.idle)
		}
	}
	return c.idle
}
