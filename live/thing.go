package live

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"

	"openseat"
)

// How a thing's goroutine ends, besides having begun in vain.
var (
	errDone    = errors.New("the thing has ended")
	errLost    = errors.New("the thing is run elsewhere")
	errStopped = errors.New("the runtime is closed")
	errFull    = errors.New("the mailbox is full")
	errPending = errors.New("the thing has not begun yet")
)

// What becomes of a new thing while its Start waits.
const (
	fatePending int32 = iota
	fateBegun
	fateAbandoned // Start has given up and said so
)

// thing is one live thing: an openseat.Thing with its goroutine and mailbox. All but box, fate and begun belong to the
// goroutine.
type thing struct {
	rt  *Runtime
	ref openseat.Ref
	box mailbox

	fate     atomic.Int32
	begun    chan struct{} // closed when beginErr is known
	beginErr error
	refused  error // what Start is told, if not how the thing's life began

	self   openseat.Thing
	lease  Lease
	last   uint64    // Seq of the last entry
	at     time.Time // of the last entry; time never runs backwards for a thing
	heard  time.Time // the same moment by the clock that nobody sets: timers begin here
	timers timers
	clock  *time.Timer // set to the earliest of what is due by itself
	keeper keeper
}

func newThing(r *Runtime, ref openseat.Ref) *thing {
	t := &thing{rt: r, ref: ref, begun: make(chan struct{})}
	t.box.wake = make(chan struct{}, 1)
	return t
}

// live is the goroutine of a thing.
func (t *thing) live(begin func() error) {
	defer t.rt.things.Done()
	err := begin()
	t.announce(err)
	for err == nil {
		var e openseat.Event
		if e, err = t.next(); err == nil {
			err = t.handle(e)
		}
		if errors.Is(err, errLost) {
			err = t.lost()
		}
	}
	t.leave(err)
}

// lost is what happens when somebody else wrote the thing's journal: whatever is being done for it here ends. Normally another
// node runs it. But if the lease is still ours, the journal merely does not end where we left it (as when the engine's machine
// lost power), and the thing goes on from there.
func (t *thing) lost() error {
	r := t.rt
	r.counts.lost.Add(1)
	r.log.Warn("thing lost: its journal was written by somebody else", "thing", t.ref)
	if l, ok := r.cfg.Executor.(Loser); ok {
		l.Lost(t.ref)
	}
	for try := 0; ; try++ {
		owner, err := r.cfg.Leases.Owner(r.ctx, t.ref)
		switch {
		case err != nil && pause(r.ctx, try):
			continue
		case err != nil:
			return errStopped
		case owner == nil || owner.Node != r.cfg.Node:
			return errLost
		}
		t.lease.Before = nil
		return t.resume(false)
	}
}

// announce tells Start or Open how it went.
func (t *thing) announce(err error) {
	switch {
	case t.refused != nil:
		t.beginErr = t.refused
	case errors.Is(err, errStopped):
		t.beginErr = errUnavailable("this node is shutting down")
	case !errors.Is(err, errDone):
		t.beginErr = err
	}
	close(t.begun)
}

// next waits for what is to be told next: timers that have run out, then the mailbox.
func (t *thing) next() (openseat.Event, error) {
	for !t.rt.stopped() {
		now := time.Now()
		if name, ok := t.timers.due(now); ok {
			return openseat.TimerFired{Name: name}, nil
		}
		t.keep(now)
		if e := t.box.take(); e != nil {
			return e, nil
		}
		t.wait(now)
	}
	return nil, errStopped
}

// wait sleeps until there may be something to do.
func (t *thing) wait(now time.Time) {
	due, ok := t.timers.next()
	if snapshot, behind := t.keeper.due(); behind && (!ok || snapshot.Before(due)) {
		due, ok = snapshot, true
	}
	if !ok {
		select {
		case <-t.box.wake:
		case <-t.rt.stopping:
		}
		return
	}
	if t.clock == nil {
		t.clock = time.NewTimer(due.Sub(now))
	} else {
		t.clock.Reset(due.Sub(now))
	}
	select {
	case <-t.box.wake:
	case <-t.clock.C:
	case <-t.rt.stopping:
	}
	t.clock.Stop()
}

// handle tells the thing an event, writes what it wants, and does it.
func (t *thing) handle(e openseat.Event) error {
	if asked, ok := e.(openseat.Asked); ok && isQuestion(asked.Event) {
		t.answer(asked)
		return nil
	}
	commands, err := t.write(e)
	if err != nil {
		t.returnEvent(e)
		return err
	}
	return t.do(commands)
}

func isQuestion(e openseat.Event) bool {
	_, is := e.(Question)
	return is
}

// answer has a question answered, and nothing written. A thing that wants more than to reply has a bug, and does not get it.
func (t *thing) answer(q openseat.Asked) {
	commands, ok := t.rt.handle(t.self, t.ref, t.entryTime(time.Now()), q)
	if !ok {
		t.rt.answerFailure(q)
	}
	for _, c := range commands {
		r, is := c.(openseat.Reply)
		if !is {
			t.rt.log.Error("a question was to change something", "thing", t.ref, "event", q.Event.EventName(), "command", c.CommandName())
			continue
		}
		t.rt.asks.settle(r.Ask, answerOf(r))
	}
}

// write tells the thing an event and writes the entry.
func (t *thing) write(e openseat.Event) ([]openseat.Command, error) {
	heard := time.Now()
	now := t.entryTime(heard)
	commands, ok := t.rt.handle(t.self, t.ref, now, e)
	if !ok {
		t.rt.answerFailure(e)
	}
	seq, err := t.append(openseat.Entry{Ref: t.ref, At: now, Event: e, Commands: commands})
	if err != nil {
		return nil, err
	}
	t.at, t.heard, t.last = now, heard, seq
	t.keeper.behind++
	t.rt.counts.events.Add(1)
	return commands, nil
}

// entryTime is now without its monotonic part, so that it is the same when read back from the journal.
func (t *thing) entryTime(now time.Time) time.Time {
	now = now.UTC().Round(0)
	if now.Before(t.at) {
		return t.at
	}
	return now
}

// handle runs Handle. A panic is a bug of ours: it is logged and counted, its event stays without commands (as it will on
// replay, since Handle is a pure function), and the thing goes on.
func (r *Runtime) handle(self openseat.Thing, ref openseat.Ref, now time.Time, e openseat.Event) (commands []openseat.Command, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			r.counts.panics.Add(1)
			r.log.Error("panic in a thing", "thing", ref, "event", e.EventName(), "panic", p, "stack", string(debug.Stack()))
			commands, ok = nil, false
		}
	}()
	return self.Handle(now, e), true
}

// answerFailure spares whoever asked the wait for a reply that will not come.
func (r *Runtime) answerFailure(e openseat.Event) {
	if asked, ok := e.(openseat.Asked); ok {
		r.asks.settle(asked.Ask, answer{err: openseat.Errorf(openseat.CodeInternal, "internal error")})
	}
}

// append writes the entry, however long the journal takes: what the thing does next must come after it. It ends when the
// thing is lost, or when the runtime is closed and has no more patience.
func (t *thing) append(entry openseat.Entry) (uint64, error) {
	r := t.rt
	r.health.begin(time.Now())
	defer r.health.end()
	for try := 0; ; try++ {
		seq, err := r.cfg.Journal.Append(r.ctx, t.ref, t.last, entry)
		switch {
		case err == nil:
			r.health.answered(time.Now())
			return seq, nil
		case errors.Is(err, ErrConflict) && try > 0:
			return t.findOwn(entry)
		case errors.Is(err, ErrConflict):
			return 0, errLost
		case errors.Is(err, ErrUnwritable):
			return t.unwritten(entry, err)
		}
		if try%8 == 0 && r.ctx.Err() == nil {
			r.log.Error("journal does not take an entry, trying again", "thing", t.ref, "try", try+1, "err", err)
		}
		r.counts.stalls.Add(1)
		if !pause(r.ctx, try) {
			return 0, errStopped
		}
	}
}

// unwritten lets a thing go on past a bug of ours: its commands are done though nobody can read them in the journal. A thing
// that would begin like that does not begin.
func (t *thing) unwritten(entry openseat.Entry, err error) (uint64, error) {
	t.rt.counts.unwritten.Add(1)
	t.rt.log.Error("entry cannot be written", "thing", t.ref, "event", entry.Event.EventName(), "err", err)
	if t.last == 0 {
		return 0, err
	}
	return t.last, nil
}

// findOwn looks whether an earlier try, whose answer was lost, has written the entry.
func (t *thing) findOwn(entry openseat.Entry) (uint64, error) {
	for try := 0; ; try++ {
		entries, err := t.rt.cfg.Journal.Read(t.rt.ctx, t.ref, t.last)
		if err == nil {
			if len(entries) == 1 && entries[0].At.Equal(entry.At) && entries[0].Event.EventName() == entry.Event.EventName() {
				return entries[0].Seq, nil
			}
			return 0, errLost
		}
		if !pause(t.rt.ctx, try) {
			return 0, errStopped
		}
	}
}

// pause waits a little longer each time, up to a second; false when ctx has ended.
func pause(ctx context.Context, try int) bool {
	wait := time.NewTimer(min(10*time.Millisecond<<min(try, 7), time.Second))
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// do does commands in their order: its own here, runs of others in one call of the executor. errDone after Done.
func (t *thing) do(commands []openseat.Command) error {
	from, done := 0, false
	for i, c := range commands {
		switch c := c.(type) {
		case openseat.Tell:
			t.execute(commands[from:i])
			t.rt.pass(c.To, c.Event)
		case openseat.SetTimer:
			t.execute(commands[from:i])
			t.timers.start(c.Name, t.heard.Add(c.After))
		case openseat.StopTimer:
			t.execute(commands[from:i])
			t.timers.stop(c.Name)
		case openseat.Reply:
			t.execute(commands[from:i])
			t.rt.asks.settle(c.Ask, answerOf(c))
		case openseat.Done:
			t.execute(commands[from:i])
			done = true
		default:
			continue
		}
		from = i + 1
	}
	t.execute(commands[from:])
	if done {
		return errDone
	}
	return nil
}

func (t *thing) execute(commands []openseat.Command) {
	if len(commands) > 0 {
		t.rt.cfg.Executor.Execute(t.ref, t.at, commands)
	}
}

// leave takes the thing off this node.
func (t *thing) leave(why error) {
	r := t.rt
	gone := errNotFound(t.ref)
	if errors.Is(why, errStopped) {
		gone = errUnavailable("this node is shutting down")
	}
	r.remove(t)
	left := t.box.close(gone)
	t.forwardOrFail(left, why)
	switch {
	case errors.Is(why, errDone):
		t.forget()
	case errors.Is(why, errStopped):
		t.keepLast()
	}
}

// forwardOrFail sends what is left in the mailbox after a thing that lives on elsewhere. Otherwise there is nobody to tell
// it to any more, and only those who wait for an answer get one.
func (t *thing) forwardOrFail(left []openseat.Event, why error) {
	var taken *TakenError
	elsewhere := errors.Is(why, errLost) || errors.As(why, &taken)
	for _, e := range left {
		asked, isAsked := e.(openseat.Asked)
		switch {
		case isAsked && elsewhere:
			t.rt.asks.settle(asked.Ask, answer{err: errUnavailable("it has just moved to another node")})
		case isAsked:
			t.rt.asks.settle(asked.Ask, answer{err: t.box.gone})
		case elsewhere:
			t.rt.courier.send(t.ref, e)
		}
	}
}

// returnEvent gives back the event in hand of a thing that could not write it.
func (t *thing) returnEvent(e openseat.Event) {
	if _, own := e.(openseat.TimerFired); !own {
		t.box.putBack(e)
	}
}

// forget gives back what a thing that has ended no longer needs.
func (t *thing) forget() {
	ctx, cancel := context.WithTimeout(t.rt.ctx, t.rt.cfg.Patience)
	defer cancel()
	t.keeper.settle()
	if t.rt.cfg.Snapshots != nil && t.keeper.saved {
		if err := t.rt.cfg.Snapshots.Delete(ctx, t.ref); err != nil {
			t.rt.log.Warn("snapshot not deleted", "thing", t.ref, "err", err)
		}
	}
	if err := t.rt.cfg.Leases.Release(ctx, t.lease); err != nil {
		t.rt.log.Warn("lease not released", "thing", t.ref, "err", err)
	}
}
