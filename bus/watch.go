package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"openseat"
)

// ErrSlow is Watching.Err's answer for a listener that was cut off because it did not keep up. It has missed entries: whoever
// it serves must look at the state anew.
var ErrSlow = errors.New("the listener is too slow")

// backlog is how many entries may wait for one listener.
const backlog = 1024

// Watching is a listener's connection to the journal.
type Watching struct {
	filter string
	want   func([]string) bool
	handle func(openseat.Entry)
	queue  chan *news
	cut    chan struct{} // closed by the hub when the queue is full

	done chan struct{}
	err  error
}

// Done is closed when nothing more will be told.
func (w *Watching) Done() <-chan struct{} { return w.done }

// Err says why, once Done is closed: ErrSlow, or nil when its context ended or the bus was closed.
func (w *Watching) Err() error {
	select {
	case <-w.done:
		return w.err
	default:
		return nil
	}
}

// news is an entry on its way to listeners; the first that wants it reads it for all.
type news struct {
	seq     uint64
	message jetstream.Msg
	names   []string

	once  sync.Once
	entry openseat.Entry
	err   error
}

// hub reads the journal once for all listeners of this node.
type hub struct {
	bus *Bus

	mu        sync.Mutex
	begun     bool
	listeners map[*Watching]struct{}
}

func newHub(b *Bus) *hub { return &hub{bus: b, listeners: make(map[*Watching]struct{})} }

// Watch tells handle the entries that are written from now on (from when Watch has returned, at the latest), in the journal's
// order, one after the other, until ctx ends. filter is a subject with wildcards (see Subjects); want, if not nil, is asked
// with the names of an entry's event and commands before it is read. A listener that falls too far behind is cut off: then
// Done is closed and Err is ErrSlow.
func (b *Bus) Watch(ctx context.Context, filter string, want func(names []string) bool, handle func(openseat.Entry)) (*Watching, error) {
	w := &Watching{
		filter: filter, want: want, handle: handle,
		queue: make(chan *news, backlog), cut: make(chan struct{}), done: make(chan struct{}),
	}
	if !b.enter() {
		return nil, errClosed
	}
	if err := b.hub.join(ctx, w); err != nil {
		b.work.Done()
		return nil, fmt.Errorf("watch %s: %w", filter, err)
	}
	go func() {
		defer b.work.Done()
		b.hub.serve(ctx, w)
	}()
	return w, nil
}

// join adds a listener; the first one starts the reading.
func (h *hub) join(ctx context.Context, w *Watching) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.begun {
		info, err := h.bus.journal.Info(ctx)
		if err != nil {
			return err
		}
		h.begun = true
		h.bus.work.Go(func() { _ = h.bus.tail(h.bus.ctx, info.State.LastSeq+1, h.spread) })
	}
	h.listeners[w] = struct{}{}
	return nil
}

func (h *hub) leave(w *Watching) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, w)
}

// spread puts a message into every queue it is for, and cuts off those whose queue is full.
func (h *hub) spread(seq uint64, m jetstream.Msg) error {
	n := &news{seq: seq, message: m}
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.listeners {
		if !matches(w.filter, m.Subject()) || !n.wantedBy(w) {
			continue
		}
		select {
		case w.queue <- n:
		default:
			delete(h.listeners, w)
			close(w.cut)
		}
	}
	return nil
}

func (n *news) wantedBy(w *Watching) bool {
	if w.want == nil {
		return true
	}
	if n.names == nil {
		n.names = namesOf(n.message.Headers())
	}
	return w.want(n.names)
}

// serve tells one listener what is in its queue.
func (h *hub) serve(ctx context.Context, w *Watching) {
	defer close(w.done)
	defer h.leave(w)
	for {
		select {
		case n := <-w.queue:
			n.once.Do(func() { n.entry, n.err = h.bus.shared(n.message.Subject(), n.seq, n.message.Data()) })
			if n.err != nil {
				h.bus.log.Error("entry cannot be read", "seq", n.seq, "err", n.err)
				continue
			}
			w.handle(n.entry)
		case <-w.cut:
			w.err = ErrSlow
			return
		case <-ctx.Done():
			return
		case <-h.bus.ctx.Done():
			return
		}
	}
}
