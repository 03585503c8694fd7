package media

import (
	"sync"
	"sync/atomic"
	"time"
)

// watch notices that packets stopped coming. The reading goroutine only counts; a timer compares.
type watch struct {
	packets atomic.Uint64
	comfort atomic.Bool // the far end has said that it is silent, and sends nothing until it is not

	mu       sync.Mutex
	timer    *time.Timer
	expected bool
	told     bool // by Expect; until then the first packet tells
	seen     uint64
	quiet    time.Duration
	lost     bool
	stopped  bool
}

// heard notes that sound came.
func (w *watch) heard() {
	w.packets.Add(1)
	if w.comfort.Load() {
		w.comfort.Store(false)
	}
}

// silent notes that the far end is there and silent.
func (w *watch) silent() {
	w.packets.Add(1)
	w.comfort.Store(true)
}

// Expect says whether media should be coming: true from answer on, false on hold. It turns true by itself with the first
// packet ever heard.
func (p *Port) Expect(on bool) {
	w := &p.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected, w.told, w.quiet = on, true, 0
	if !on {
		w.lost = false
		w.seen = w.packets.Load()
	}
}

func (p *Port) startWatch() {
	w := &p.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(p.pace(false), p.look)
}

func (p *Port) stopWatch() {
	w := &p.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

// pace is how long to wait between two looks; a lost line is watched closely so that its return is told soon.
func (p *Port) pace(lost bool) time.Duration {
	if lost {
		return p.opts.LossAfter / 25
	}
	return p.opts.LossAfter / 5
}

// look is the timer's work. It alone tells of loss and return, so that they are told in order.
func (p *Port) look() {
	tell := p.compare()
	if tell != nil {
		tell()
	}
	w := &p.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.timer.Reset(p.pace(w.lost))
	}
}

// compare returns what is to be told, if anything.
func (p *Port) compare() (tell func()) {
	w := &p.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	packets := w.packets.Load()
	moved := packets != w.seen
	w.seen = packets
	switch {
	case w.stopped:
		return nil
	case moved:
		w.quiet = 0
		w.expected = w.expected || !w.told
		if !w.lost {
			return nil
		}
		w.lost = false
		return p.opts.Events.MediaBack
	case !w.expected || w.lost:
		return nil
	case w.comfort.Load():
		w.quiet = 0
		return nil
	}
	w.quiet += p.pace(false)
	if w.quiet < p.opts.LossAfter {
		return nil
	}
	w.lost = true
	return p.opts.Events.MediaLost
}
