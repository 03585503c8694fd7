package live

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"openseat"
)

// courier carries what things tell each other and cannot be taken at once: the receiver's mailbox is full, or it runs on
// another node. It keeps the order per receiver, waits for nobody, and does not give up while the process lives, unless the
// receiver is known to have ended. New things are refused while it has too much to carry (Config.Undone).
type courier struct {
	rt     *Runtime
	undone atomic.Int64

	mu     sync.Mutex
	routes map[openseat.Ref][]openseat.Event // by receiver; an entry exists while its carrier runs
}

func newCourier(r *Runtime) *courier {
	return &courier{rt: r, routes: make(map[openseat.Ref][]openseat.Event)}
}

// inner is how many times Config.Mailbox things among themselves may fill a mailbox. What they tell each other is caused by
// what came from outside, which is bounded; it must not be refused before that is.
const inner = 8

// TellSoon tells a thing of any node something and returns at once. What its mailbox cannot take now follows later, in order:
// it is for those who must neither wait nor lose anything, as lines. Nothing is known of a thing that does not exist.
func (r *Runtime) TellSoon(to openseat.Ref, e openseat.Event) { r.pass(to, e) }

// pass tells a thing something in another thing's name.
func (r *Runtime) pass(to openseat.Ref, e openseat.Event) {
	if !r.courier.carries(to) {
		if t := r.find(to); t != nil && t.box.put(e, inner*r.cfg.Mailbox) == nil {
			return
		}
	}
	r.courier.send(to, e)
}

// carries reports whether something is on its way to the receiver: what follows must not overtake it.
func (c *courier) carries(to openseat.Ref) bool {
	if c.undone.Load() == 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.routes[to]
	return ok
}

func (c *courier) send(to openseat.Ref, e openseat.Event) {
	if n := c.undone.Add(1); n%int64(c.rt.cfg.Undone) == 0 {
		c.rt.log.Error("things cannot tell each other as much as they want to; new things are refused", "waiting", n, "to", to)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	queue, running := c.routes[to]
	c.routes[to] = append(queue, e)
	if !running {
		c.rt.helpers.Go(func() { c.carry(to) })
	}
}

// carry brings one receiver what is for it, until nothing is.
func (c *courier) carry(to openseat.Ref) {
	for {
		e := c.first(to)
		if e == nil || !c.bring(to, e) {
			return
		}
		c.brought(to)
	}
}

func (c *courier) first(to openseat.Ref) openseat.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	queue := c.routes[to]
	if len(queue) == 0 {
		delete(c.routes, to)
		return nil
	}
	return queue[0]
}

func (c *courier) brought(to openseat.Ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	queue := c.routes[to]
	queue[0] = nil
	c.routes[to] = queue[1:]
	c.undone.Add(-1)
}

// bring tries until the event is taken or there is nobody to take it; false when the runtime closes first.
func (c *courier) bring(to openseat.Ref, e openseat.Event) bool {
	for try := 0; ; try++ {
		ctx, cancel := context.WithTimeout(c.rt.ctx, 5*time.Second)
		err := c.rt.tell(ctx, to, e, inner*c.rt.cfg.Mailbox)
		cancel()
		if err == nil {
			return true
		}
		if final(err) {
			c.rt.counts.dropped.Add(1)
			c.rt.log.Log(context.Background(), unheard(err), "thing told nobody", "to", to, "event", e.EventName(), "err", err)
			return true
		}
		if try%16 == 15 {
			c.rt.log.Error("thing cannot be told, trying again", "to", to, "event", e.EventName(), "try", try+1, "err", err)
		}
		if !pause(c.rt.ctx, try) {
			return false
		}
	}
}

// final tells refusals for good from those that may pass: a full mailbox, a dead node whose things are not taken over yet, a
// network that is down.
func final(err error) bool {
	return isCode(err, openseat.CodeNotFound) || isCode(err, openseat.CodeUnsupported) || isCode(err, openseat.CodeInvalidParameter)
}

// unheard is how loudly it is logged that a thing told nobody. A receiver that has ended since is everyday business: things
// tell each other of ends that cross each other.
func unheard(err error) slog.Level {
	if isCode(err, openseat.CodeNotFound) {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}
