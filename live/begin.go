package live

import (
	"errors"
	"time"

	"openseat"
)

// beginNew makes the thing with its first event.
func (t *thing) beginNew(first openseat.Event) error {
	if err := t.make(); err != nil {
		return err
	}
	if err := t.acquire(); err != nil {
		t.refused = errExists(t.ref)
		return err
	}
	commands, err := t.write(first)
	switch {
	case errors.Is(err, errLost):
		return t.existed()
	case errors.Is(err, ErrUnwritable):
		t.release()
		return openseat.Errorf(openseat.CodeInternal, "internal error")
	case err != nil:
		return err
	case t.fate.CompareAndSwap(fatePending, fateBegun):
		return t.do(commands)
	}
	t.rt.log.Warn("thing was written after its start had been given up", "thing", t.ref)
	if commands, err = t.write(openseat.OwnerLost{Node: t.rt.cfg.Node, LastAlive: t.at}); err != nil {
		return err
	}
	return t.do(commands)
}

// existed deals with a new thing whose journal is not empty: it is refused. If it had an owner that died, the lease is ours
// now, and it goes on here.
func (t *thing) existed() error {
	t.refused = errExists(t.ref)
	if t.lease.Before == nil {
		t.release()
		return t.refused
	}
	return t.resume(false)
}

// beginAgain takes over a thing that nobody runs. fresh: it may also be new.
func (t *thing) beginAgain(fresh bool) error {
	if err := t.make(); err != nil {
		return err
	}
	if err := t.acquire(); err != nil {
		return err
	}
	return t.resume(fresh)
}

func (t *thing) make() error {
	if t.self = t.rt.cfg.Make(t.ref); t.self == nil {
		return errKind(t.ref)
	}
	t.keeper.of(t.self)
	return nil
}

// acquire gets the lease; a *TakenError is final, anything else is tried again.
func (t *thing) acquire() error {
	for try := 0; ; try++ {
		lease, err := t.rt.cfg.Leases.Acquire(t.rt.ctx, t.ref)
		var taken *TakenError
		if err == nil || errors.As(err, &taken) {
			t.lease = lease
			return err
		}
		if try%8 == 0 {
			t.rt.log.Error("no lease, trying again", "thing", t.ref, "try", try+1, "err", err)
		}
		if !pause(t.rt.ctx, try) {
			return errStopped
		}
	}
}

func (t *thing) release() {
	if err := t.rt.cfg.Leases.Release(t.rt.ctx, t.lease); err != nil {
		t.rt.log.Warn("lease not released", "thing", t.ref, "err", err)
	}
}

// resume brings the thing to where its journal ends, and tells it that its owner was lost. It begins anew when that cannot
// be written, because the former owner wrote meanwhile: it cannot any more once we have.
func (t *thing) resume(fresh bool) error {
	for try := 0; ; try++ {
		p, err := t.rt.replay(t.ref)
		if err == nil {
			if err = t.adopt(p, fresh); !errors.Is(err, errLost) {
				return err
			}
		}
		if try%8 == 0 {
			t.rt.log.Error("take-over failed, trying again", "thing", t.ref, "try", try+1, "err", err)
		}
		if !pause(t.rt.ctx, try) {
			return errStopped
		}
	}
}

// adopt goes on where the past ended.
func (t *thing) adopt(p *past, fresh bool) error {
	t.self, t.last, t.at, t.timers = p.self, p.last, p.at, p.timers
	t.keeper.of(p.self)
	t.keeper.behind, t.keeper.saved = p.replayed, p.snapshot
	switch {
	case p.ended, p.empty && !fresh:
		p.retell(t.rt) // its end may have been written, and told nobody
		t.forget()
		return errNotFound(t.ref)
	case p.empty:
		return nil
	}
	lost := openseat.OwnerLost{Node: t.rt.cfg.Node, LastAlive: t.at}
	if b := t.lease.Before; b != nil {
		lost.Node = b.Node
		if b.LastAlive.After(t.at) {
			lost.LastAlive = b.LastAlive.UTC().Round(0)
		}
	}
	commands, err := t.write(lost)
	if err != nil {
		return err
	}
	t.rt.counts.takenOver.Add(1)
	p.retell(t.rt)
	return t.do(commands)
}

// retell repeats the Tells of the last entry, the only ones that may not have been heard.
func (p *past) retell(r *Runtime) {
	for _, tell := range p.tells {
		r.pass(tell.To, tell.Event)
	}
}

// past is a thing as its journal tells it.
type past struct {
	self     openseat.Thing
	last     uint64
	at       time.Time
	timers   timers
	tells    []openseat.Tell // of the last entry
	replayed int             // entries since the snapshot
	snapshot bool            // there is one
	ended    bool
	empty    bool
}

// replay makes a thing from its snapshot and its journal.
func (r *Runtime) replay(ref openseat.Ref) (*past, error) {
	p := &past{self: r.cfg.Make(ref)}
	if err := r.restore(ref, p); err != nil {
		return nil, err
	}
	// The snapshot's own entry is read, too: its Tells may not have arrived.
	entries, err := r.cfg.Journal.Read(r.ctx, ref, max(p.last, 1)-1)
	if err != nil {
		return nil, err
	}
	p.empty = len(entries) == 0 && !p.snapshot
	for _, e := range entries {
		p.again(r, e)
	}
	return p, nil
}

// again tells the thing an entry of its journal.
func (p *past) again(r *Runtime, e openseat.Entry) {
	p.tells = p.tells[:0]
	known := e.Seq <= p.last
	if fired, ok := e.Event.(openseat.TimerFired); ok && !known {
		p.timers.stop(fired.Name)
	}
	for _, c := range e.Commands {
		switch c := c.(type) {
		case openseat.Tell:
			p.tells = append(p.tells, c)
		case openseat.SetTimer:
			if !known {
				p.timers.start(c.Name, e.At.Add(c.After))
			}
		case openseat.StopTimer:
			if !known {
				p.timers.stop(c.Name)
			}
		case openseat.Done:
			p.ended = true
		}
	}
	if known {
		return
	}
	commands, _ := r.handle(p.self, e.Ref, e.At, e.Event)
	if len(commands) != len(e.Commands) {
		r.log.Warn("replay differs from the journal", "thing", e.Ref, "seq", e.Seq, "event", e.Event.EventName(),
			"then", len(e.Commands), "now", len(commands))
	}
	p.last, p.at = e.Seq, e.At
	p.replayed++
}

// restore starts the past from the latest snapshot. One that the thing does not understand (another version wrote it) is
// left aside for the journal.
func (r *Runtime) restore(ref openseat.Ref, p *past) error {
	saver, ok := p.self.(openseat.Snapshotter)
	if !ok || r.cfg.Snapshots == nil {
		return nil
	}
	s, err := r.cfg.Snapshots.Load(r.ctx, ref)
	if err != nil || s == nil {
		return err
	}
	p.snapshot = true
	if err := saver.Restore(s.State); err != nil {
		r.log.Error("snapshot not understood, replaying the journal instead", "thing", ref, "err", err)
		p.self = r.cfg.Make(ref)
		return nil
	}
	p.last, p.at = s.Seq, s.At
	for _, timer := range s.Timers {
		p.timers.start(timer.Name, timer.At)
	}
	return nil
}
