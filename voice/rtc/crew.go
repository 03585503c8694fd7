package rtc

import "sync"

// crew is a group of goroutines that can be waited for, and that nobody joins any more once it is.
type crew struct {
	mu     sync.Mutex
	n      int
	closed bool
	idle   chan struct{}
}

// run does f on a goroutine of its own; false says that the crew is closed.
func (c *crew) run(f func()) bool {
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

func (c *crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	if c.n == 0 && c.closed {
		close(c.idle)
	}
}

// close lets nobody join any more; the channel is closed when everybody has left.
func (c *crew) close() <-chan struct{} {
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
