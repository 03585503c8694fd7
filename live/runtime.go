package live

import (
	"context"
	"errors"
	"hash/maphash"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"openseat"
)

// Runtime runs the live things of this node.
type Runtime struct {
	cfg  Config
	log  *slog.Logger
	seed maphash.Seed

	ctx      context.Context // ends when the runtime's patience with the journal ends, in Close
	cancel   context.CancelFunc
	stopping chan struct{} // closed by Close: things finish what they are doing
	things   sync.WaitGroup
	helpers  sync.WaitGroup // courier, sweeper, savers
	left     chan struct{}  // a token when a thing has left

	shards   [64]shard
	total    atomic.Int64
	asks     *asks
	courier  *courier
	health   health
	counts   counters
	draining atomic.Bool
	sweeping sync.Once
	closing  sync.Once
	lasting  sync.Map // openseat.Ref -> struct{}: given to Open, here or for another node to run
}

// shard is a part of the map of things, with a lock of its own.
type shard struct {
	mu     sync.RWMutex
	things map[openseat.Ref]*thing
	kinds  map[openseat.Kind]int
}

// New makes a runtime. It runs nothing until told to.
func New(c Config) *Runtime {
	r := &Runtime{cfg: c.withDefaults(), seed: maphash.MakeSeed(), stopping: make(chan struct{}), left: make(chan struct{}, 1), asks: newAsks()}
	r.log = r.cfg.Logger
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.courier = newCourier(r)
	for i := range r.shards {
		r.shards[i].things = make(map[openseat.Ref]*thing)
		r.shards[i].kinds = make(map[openseat.Kind]int)
	}
	return r
}

// Start begins a new thing with its first event, and returns once that is written. CodeInUse when the thing exists or has
// existed; CodeUnavailable when this node takes no more, or when the journal is too slow. A thing whose Start failed for
// slowness, and that turns out to have been written after all, is told openseat.OwnerLost and nothing of it is done.
func (r *Runtime) Start(ctx context.Context, ref openseat.Ref, first openseat.Event) error {
	if err := r.admit(); err != nil {
		r.counts.refused.Add(1)
		return err
	}
	t, err := r.add(ref)
	if err != nil {
		return err
	}
	go t.live(func() error { return t.beginNew(first) })
	err = r.await(ctx, t)
	if errors.Is(err, errPending) && t.fate.CompareAndSwap(fatePending, fateAbandoned) {
		r.counts.refused.Add(1)
		return errUnavailable("the journal is slow")
	}
	if errors.Is(err, errPending) { // it was written in this very moment
		return nil
	}
	return err
}

// Open sees to it that a lasting thing is run by somebody: it is taken over when nobody runs it, and made when it is new.
func (r *Runtime) Open(ctx context.Context, ref openseat.Ref) error {
	if r.stopped() {
		return errUnavailable("this node is shutting down")
	}
	r.lasting.Store(ref, struct{}{})
	for try := 0; ; try++ {
		err := r.takeOver(ctx, ref, true)
		var taken *TakenError
		if errors.As(err, &taken) {
			return nil
		}
		if !isCode(err, openseat.CodeInUse) || r.underway(ctx, ref) {
			return settledOr(err)
		}
		if !pause(ctx, try) { // what was in the way did not come to life
			return errUnavailable("it does not begin")
		}
	}
}

// underway waits until the thing that has the place has begun; false when it has not.
func (r *Runtime) underway(ctx context.Context, ref openseat.Ref) bool {
	t := r.find(ref)
	return t != nil && r.await(ctx, t) == nil
}

// settledOr is nil for a thing that runs here already.
func settledOr(err error) error {
	if isCode(err, openseat.CodeInUse) {
		return nil
	}
	return err
}

// takeOver runs a thing that nobody runs. fresh: also one that has no past.
func (r *Runtime) takeOver(ctx context.Context, ref openseat.Ref, fresh bool) error {
	t, err := r.add(ref)
	if err != nil {
		return err
	}
	go t.live(func() error { return t.beginAgain(fresh) })
	if err = r.await(ctx, t); errors.Is(err, errPending) {
		return errUnavailable("the journal is slow")
	}
	return err
}

// await waits until the thing has begun, or not; errPending when that takes too long.
func (r *Runtime) await(ctx context.Context, t *thing) error {
	ctx, cancel := limited(ctx, r.cfg.Patience)
	defer cancel()
	select {
	case <-t.begun:
		return t.beginErr
	case <-ctx.Done():
		return errPending
	}
}

// Tell passes an event to a thing, wherever it runs. CodeNotFound when it does not exist or has ended, CodeUnavailable when
// its mailbox is full or its node is gone.
func (r *Runtime) Tell(ctx context.Context, ref openseat.Ref, e openseat.Event) error {
	return r.tell(ctx, ref, e, r.cfg.Mailbox)
}

// TellHere is Tell for things of this node only; it never blocks. Other nodes' Remotes end here.
func (r *Runtime) TellHere(_ context.Context, ref openseat.Ref, e openseat.Event) error {
	return r.put(ref, e, r.cfg.Mailbox)
}

func (r *Runtime) tell(ctx context.Context, ref openseat.Ref, e openseat.Event, limit int) error {
	err := r.put(ref, e, limit)
	if err == nil || !isCode(err, openseat.CodeNotFound) {
		return err
	}
	node, err := r.locate(ctx, ref)
	if err != nil {
		return err
	}
	if node == r.cfg.Node { // begun just now, or just ended
		return r.put(ref, e, limit)
	}
	return r.cfg.Remote.Tell(ctx, node, ref, e)
}

func (r *Runtime) put(ref openseat.Ref, e openseat.Event, limit int) error {
	t := r.find(ref)
	if t == nil {
		return errNotFound(ref)
	}
	err := t.box.put(e, limit)
	if errors.Is(err, errFull) {
		r.counts.busy.Add(1)
		return errBusy(ref)
	}
	return err
}

// locate names the living node that runs the thing.
func (r *Runtime) locate(ctx context.Context, ref openseat.Ref) (string, error) {
	owner, err := r.cfg.Leases.Owner(ctx, ref)
	switch {
	case err != nil:
		r.log.Debug("owner not found out", "thing", ref, "err", err)
		return "", errUnavailable("it is not known who runs it")
	case owner == nil:
		return "", errNotFound(ref)
	case !owner.Alive:
		return "", errUnavailable("its node has died")
	case owner.Node != r.cfg.Node && r.cfg.Remote == nil:
		return "", errNotFound(ref)
	}
	return owner.Node, nil
}

// Ask tells a thing an event and returns what it replies (see As). It waits as long as ctx allows, or Config.AskWait when
// ctx has no deadline; then it is CodeFailed.
func (r *Runtime) Ask(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error) {
	ctx, cancel := limited(ctx, r.cfg.AskWait)
	defer cancel()
	v, err := r.AskHere(ctx, ref, e)
	if err == nil || !isCode(err, openseat.CodeNotFound) {
		return v, err
	}
	node, lost := r.locate(ctx, ref)
	if lost != nil {
		return nil, lost
	}
	if node == r.cfg.Node {
		return r.AskHere(ctx, ref, e)
	}
	v, err = r.cfg.Remote.Ask(ctx, node, ref, e)
	if err != nil && ctx.Err() != nil {
		return nil, errNoReply(ref)
	}
	return v, err
}

// AskHere is Ask for things of this node only. Other nodes' Remotes end here.
func (r *Runtime) AskHere(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error) {
	ctx, cancel := limited(ctx, r.cfg.AskWait)
	defer cancel()
	id, answer := r.asks.open()
	defer r.asks.forget(id)
	if err := r.put(ref, openseat.Asked{Ask: id, Event: e}, r.cfg.Mailbox); err != nil {
		return nil, err
	}
	select {
	case a := <-answer:
		return a.value, a.err
	case <-ctx.Done():
		return nil, errNoReply(ref)
	}
}

// Count returns how many things of a kind run on this node.
func (r *Runtime) Count(kind openseat.Kind) int {
	n := 0
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.RLock()
		n += s.kinds[kind]
		s.mu.RUnlock()
	}
	return n
}

// Running lists the things of a kind that run on this node.
func (r *Runtime) Running(kind openseat.Kind) []openseat.Ref {
	var refs []openseat.Ref
	for i := range r.shards {
		s := &r.shards[i]
		s.mu.RLock()
		for ref := range s.things {
			if ref.Kind == kind {
				refs = append(refs, ref)
			}
		}
		s.mu.RUnlock()
	}
	return refs
}

// admit refuses new things while this node has enough, or cannot write.
func (r *Runtime) admit() error {
	switch {
	case r.draining.Load():
		return errUnavailable("this node is shutting down")
	case r.total.Load() >= int64(r.cfg.Things):
		return errUnavailable("this node has as much as it can take")
	case r.courier.undone.Load() >= int64(r.cfg.Undone):
		return errUnavailable("this node is behind with its work")
	case r.health.sick(time.Now(), r.cfg.Slow):
		return errUnavailable("the journal does not answer")
	}
	return nil
}

func (r *Runtime) shard(ref openseat.Ref) *shard {
	return &r.shards[maphash.String(r.seed, ref.ID)%uint64(len(r.shards))]
}

func (r *Runtime) find(ref openseat.Ref) *thing {
	s := r.shard(ref)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.things[ref]
}

// add reserves the thing's place on this node; errExists when it is taken.
func (r *Runtime) add(ref openseat.Ref) (*thing, error) {
	s := r.shard(ref)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.stopped() {
		return nil, errUnavailable("this node is shutting down")
	}
	if s.things[ref] != nil {
		return nil, errExists(ref)
	}
	t := newThing(r, ref)
	s.things[ref] = t
	s.kinds[ref.Kind]++
	r.total.Add(1)
	r.things.Add(1)
	return t, nil
}

func (r *Runtime) remove(t *thing) {
	s := r.shard(t.ref)
	s.mu.Lock()
	delete(s.things, t.ref)
	if s.kinds[t.ref.Kind]--; s.kinds[t.ref.Kind] == 0 {
		delete(s.kinds, t.ref.Kind)
	}
	s.mu.Unlock()
	r.total.Add(-1)
	select {
	case r.left <- struct{}{}:
	default:
	}
}

func (r *Runtime) stopped() bool {
	select {
	case <-r.stopping:
		return true
	default:
		return false
	}
}

// limited gives ctx a deadline when it has none.
func limited(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}
