package live

import (
	"context"
	"errors"
	"time"

	"openseat"
)

// keeper keeps the snapshot of a thing that can give one, so that taking it over needs no long replay.
type keeper struct {
	thing  openseat.Snapshotter // nil: the thing gives none
	behind int                  // entries since the last snapshot
	since  time.Time            // when it fell behind
	every  time.Duration
	saved  bool          // there is a snapshot
	saving chan struct{} // closed when the save under way has ended; nil when there is none
}

func (k *keeper) of(t openseat.Thing) { k.thing, _ = t.(openseat.Snapshotter) }

// due is when the next snapshot must be made.
func (k *keeper) due() (time.Time, bool) {
	if k.thing == nil || k.behind == 0 || k.since.IsZero() {
		return time.Time{}, false
	}
	return k.since.Add(k.every), true
}

// settle waits for the save under way.
func (k *keeper) settle() {
	if k.saving != nil {
		<-k.saving
		k.saving = nil
	}
}

// busy reports whether a save is under way.
func (k *keeper) busy() bool {
	if k.saving == nil {
		return false
	}
	select {
	case <-k.saving:
		k.saving = nil
		return false
	default:
		return true
	}
}

// keep makes a snapshot when it is time to.
func (t *thing) keep(now time.Time) {
	k := &t.keeper
	cfg := &t.rt.cfg
	if k.thing == nil || cfg.Snapshots == nil || k.behind == 0 {
		return
	}
	if k.since.IsZero() {
		k.since, k.every = now, cfg.SnapshotEvery
	}
	if (k.behind < cfg.SnapshotEntries && now.Before(k.since.Add(k.every))) || k.busy() {
		return
	}
	if s, ok := t.snapshot(); ok {
		done := make(chan struct{})
		k.saving = done
		t.rt.helpers.Go(func() {
			defer close(done)
			t.rt.save(t.ref, s)
		})
	}
}

// keepLast makes the snapshot of a thing that stops, and waits until it is there.
func (t *thing) keepLast() {
	k := &t.keeper
	k.settle()
	if k.thing == nil || t.rt.cfg.Snapshots == nil || k.behind == 0 {
		return
	}
	if s, ok := t.snapshot(); ok {
		t.rt.save(t.ref, s)
	}
}

func (t *thing) snapshot() (s Snapshot, ok bool) {
	state, err := t.state()
	t.keeper.behind, t.keeper.since = 0, time.Time{}
	if err != nil {
		t.rt.log.Error("no snapshot of a thing", "thing", t.ref, "err", err)
		return s, false
	}
	t.keeper.saved = true
	return Snapshot{Seq: t.last, At: t.at, Timers: t.timers.list(), State: state}, true
}

// state asks the thing for its state; a panic there is an error.
func (t *thing) state() (state []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.rt.counts.panics.Add(1)
			err = errors.New("panic")
			t.rt.log.Error("panic in a thing's Snapshot", "thing", t.ref, "panic", p)
		}
	}()
	return t.keeper.thing.Snapshot()
}

// save writes a snapshot. If that fails the one before and the journal still tell everything.
func (r *Runtime) save(ref openseat.Ref, s Snapshot) {
	ctx, cancel := context.WithTimeout(r.ctx, r.cfg.SnapshotEvery)
	defer cancel()
	if err := r.cfg.Snapshots.Save(ctx, ref, s); err != nil {
		r.log.Error("snapshot not saved", "thing", ref, "err", err)
	}
}
