package gateway

import "sync"

// order runs functions in goroutines of their own, those of one lane one after the other, and not more than maxInFlight at
// once.
type order struct {
	mu    sync.Mutex
	busy  int
	tails map[string]chan struct{}
	wait  sync.WaitGroup
}

func newOrder() *order { return &order{tails: map[string]chan struct{}{}} }

// run starts f after what was started in its lane before; false when too much is under way. The empty lane has no order.
func (o *order) run(lane string, f func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy >= maxInFlight {
		return false
	}
	o.busy++
	before, done := o.tails[lane], make(chan struct{})
	if lane != "" {
		o.tails[lane] = done
	}
	o.wait.Go(func() {
		if before != nil {
			<-before
		}
		f()
		o.end(lane, done)
	})
	return true
}

func (o *order) end(lane string, done chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(done)
	o.busy--
	if o.tails[lane] == done {
		delete(o.tails, lane)
	}
}
