package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"openseat"
)

const (
	// inHand is how many entries of a consumer may be handled at the same time.
	inHand = 256
	// ahead is how far a consumer may get ahead of an entry that it cannot handle.
	ahead = 1 << 16
	// patient is how many failures of an entry are no alarm yet.
	patient = 5
	// bookmark is how often the cursor is saved.
	bookmark = time.Second
)

var errTaken = errors.New("another node runs this consumer")

// cursor is how far a consumer has got, and where it runs.
type cursor struct {
	Node string `json:"node"` // empty: nowhere
	Seq  uint64 `json:"seq"`  // everything up to here is handled
}

// consumer reads the journal for one purpose while this node runs it.
type consumer struct {
	bus     *Bus
	name    string
	filters []string
	want    func(names []string) bool
	handle  func(context.Context, openseat.Entry) error

	rev   uint64 // of the cursor
	saved uint64
	slots chan struct{}
	tasks sync.WaitGroup

	progress progress
	failing  atomic.Int64
	mu       sync.Mutex
	lanes    map[string][]task // by subject, while entries of it are being handled
}

// task is an entry to handle.
type task struct {
	message jetstream.Msg
	seq     uint64
	step    *step
}

// Consume handles every entry whose subject matches one of the filters (all when there are none), from the beginning of the
// journal or from where the consumer of this name last was, on whatever node: one at a time runs it, the others stand by.
// It returns nil when ctx ends or the bus is closed.
//
// Each entry is handled at least once, those of one subject in their order, one after the other; different subjects at the
// same time. want, if not nil, is asked with the names of an entry's event and commands; what is not wanted counts as handled.
// When handle fails it is called again, later and later, for ever: after a few failures with an alarm in the log each time.
// Entries of other subjects go on meanwhile.
func (b *Bus) Consume(ctx context.Context, name string, filters []string, want func(names []string) bool,
	handle func(context.Context, openseat.Entry) error,
) error {
	if !validKey(name) {
		return fmt.Errorf("consumer name %q", name)
	}
	if !b.enter() {
		return nil
	}
	defer b.work.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.ctx, cancel)()
	if _, twice := b.running.LoadOrStore(name, (*consumer)(nil)); twice {
		return fmt.Errorf("consumer %s runs here already", name)
	}
	defer b.running.Delete(name)
	for ctx.Err() == nil {
		c := &consumer{
			bus: b, name: name, filters: filters, want: want, handle: handle,
			slots: make(chan struct{}, inHand), lanes: make(map[string][]task),
		}
		err := c.run(ctx)
		if ctx.Err() == nil && !errors.Is(err, errTaken) {
			b.log.Error("consumer broke off, trying again", "consumer", name, "err", err)
		}
		if !b.standBy(ctx) {
			break
		}
	}
	return nil
}

// standBy waits for the next try at running a consumer.
func (b *Bus) standBy(ctx context.Context) bool {
	wait := time.NewTimer(heartbeat)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// run takes the cursor and reads, until ctx ends or the cursor is lost.
func (c *consumer) run(ctx context.Context) error {
	seq, err := c.take(ctx)
	if err != nil {
		return err
	}
	c.bus.running.Store(c.name, c)
	defer c.bus.running.Store(c.name, (*consumer)(nil))
	c.warnOfLoss(ctx, seq)
	c.saved = seq
	c.progress.floor, c.progress.moved = seq, make(chan struct{}, 1)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var saver sync.WaitGroup
	saver.Go(func() { c.keepSaving(ctx, cancel) })
	err = c.bus.tail(ctx, seq+1, func(seq uint64, m jetstream.Msg) error { return c.receive(ctx, seq, m) })
	cancel(err)
	c.tasks.Wait()
	saver.Wait()
	c.giveBack(context.Cause(ctx))
	return context.Cause(ctx)
}

// take makes this node the one that runs the consumer.
func (c *consumer) take(ctx context.Context) (uint64, error) {
	kv := c.bus.cursors
	e, err := kv.Get(ctx, c.name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		c.rev, err = kv.Create(ctx, c.name, c.page(c.bus.self, 0))
		if conflict(err) {
			return 0, errTaken
		}
		return 0, err
	}
	if err != nil {
		return 0, err
	}
	var at cursor
	if err := json.Unmarshal(e.Value(), &at); err != nil {
		return 0, err
	}
	if at.Node != "" && at.Node != c.bus.self && c.bus.nodes.owner(at.Node).Alive {
		return 0, errTaken
	}
	c.rev, err = kv.Update(ctx, c.name, c.page(c.bus.self, at.Seq), e.Revision())
	if conflict(err) {
		return 0, errTaken
	}
	return at.Seq, err
}

func (c *consumer) page(node string, seq uint64) []byte {
	b, _ := json.Marshal(cursor{node, seq}) //nolint:errchkjson // a string and a number
	return b
}

// warnOfLoss says so when entries have grown too old before this consumer came to read them.
func (c *consumer) warnOfLoss(ctx context.Context, seq uint64) {
	info, err := c.bus.journal.Info(ctx)
	if err == nil && seq > 0 && info.State.FirstSeq > seq+1 {
		c.bus.log.Error("entries have left the journal unread", "consumer", c.name, "from", seq+1, "to", info.State.FirstSeq-1)
	}
}

func (c *consumer) keepSaving(ctx context.Context, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(bookmark)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := c.save(ctx, c.bus.self); conflict(err) {
				cancel(errTaken)
				return
			} else if err != nil && ctx.Err() == nil {
				c.bus.log.Warn("cursor not saved", "consumer", c.name, "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (c *consumer) save(ctx context.Context, node string) error {
	seq := c.progress.at()
	if seq == c.saved && node == c.bus.self {
		return nil
	}
	rev, err := c.bus.cursors.Update(ctx, c.name, c.page(node, seq), c.rev)
	if err == nil {
		c.rev, c.saved = rev, seq
	}
	return err
}

// giveBack lets another node go on at once.
func (c *consumer) giveBack(why error) {
	if errors.Is(why, errTaken) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := c.save(ctx, ""); err != nil && !conflict(err) {
		c.bus.log.Warn("cursor not saved", "consumer", c.name, "err", err)
	}
}

// wants looks at a message from outside. It is done here, and not by the engine, so that the cursor moves on with the journal
// though nothing in it is wanted.
func (c *consumer) wants(m jetstream.Msg) bool {
	hit := len(c.filters) == 0
	for _, f := range c.filters {
		hit = hit || matches(f, m.Subject())
	}
	return hit && (c.want == nil || c.want(namesOf(m.Headers())))
}

// receive puts a message into its subject's lane.
func (c *consumer) receive(ctx context.Context, seq uint64, m jetstream.Msg) error {
	if !c.wants(m) {
		c.progress.pass(seq)
		return nil
	}
	if err := c.progress.room(ctx); err != nil {
		return err
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	subject := m.Subject()
	t := task{m, seq, c.progress.begin(seq)}
	c.mu.Lock()
	defer c.mu.Unlock()
	lane, busy := c.lanes[subject]
	if busy {
		c.lanes[subject] = append(lane, t)
		return nil
	}
	c.lanes[subject] = nil
	c.tasks.Go(func() { c.work(ctx, subject, t) })
	return nil
}

// work handles a subject's entries one after the other, until there are none.
func (c *consumer) work(ctx context.Context, subject string, t task) {
	for {
		ok := c.finish(ctx, t)
		<-c.slots
		if !ok {
			return // ctx has ended: the lane is left as it is
		}
		c.progress.end(t.step)
		c.mu.Lock()
		lane := c.lanes[subject]
		if len(lane) == 0 {
			delete(c.lanes, subject)
			c.mu.Unlock()
			return
		}
		t, c.lanes[subject] = lane[0], lane[1:]
		c.mu.Unlock()
	}
}

// finish handles one entry, however often it takes; false when ctx ends first.
func (c *consumer) finish(ctx context.Context, t task) bool {
	for try := 0; ctx.Err() == nil; try++ {
		err := c.attempt(ctx, t)
		if err == nil {
			if try >= patient {
				c.failing.Add(-1)
			}
			return true
		}
		if try == patient-1 {
			c.failing.Add(1)
		}
		if ctx.Err() == nil && try >= patient-1 {
			c.bus.log.Error("entry cannot be handled, trying again",
				"consumer", c.name, "subject", t.message.Subject(), "seq", t.seq, "try", try+1, "err", err)
		}
		pause(ctx, try)
	}
	return false
}

func (c *consumer) attempt(ctx context.Context, t task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	e, err := c.bus.shared(t.message.Subject(), t.seq, t.message.Data())
	if err != nil {
		return err
	}
	return c.handle(ctx, e)
}

// ConsumerStatus tells how a consumer that runs on this node is doing.
type ConsumerStatus struct {
	Name    string
	Seq     uint64 // everything up to here is handled
	Behind  uint64 // entries after that, wanted or not
	Failing int    // entries that have failed so often that it is an alarm
}

// Consumers lists the consumers that run on this node.
func (b *Bus) Consumers(ctx context.Context) ([]ConsumerStatus, error) {
	info, err := b.journal.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	var out []ConsumerStatus
	b.running.Range(func(_, v any) bool {
		if c, _ := v.(*consumer); c != nil {
			s := ConsumerStatus{Name: c.name, Seq: c.progress.at(), Failing: int(c.failing.Load())}
			s.Behind = max(info.State.LastSeq, s.Seq) - s.Seq
			out = append(out, s)
		}
		return true
	})
	return out, nil
}
