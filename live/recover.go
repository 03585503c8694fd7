package live

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"openseat"
)

// takers is how many things are taken over at the same time.
const takers = 16

// Recover takes over the things of dead nodes, those of this node's earlier lives among them, and returns when they run
// here (or elsewhere: another node may be quicker). From then on it looks again every Config.Sweep.
func (r *Runtime) Recover(ctx context.Context) error {
	err := r.sweep(ctx)
	if !r.stopped() {
		r.sweeping.Do(func() { r.helpers.Go(r.sweepOn) })
	}
	return err
}

func (r *Runtime) sweepOn() {
	tick := time.NewTicker(r.cfg.Sweep)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := r.sweep(r.ctx); err != nil && !r.stopped() {
				r.log.Error("things of dead nodes not taken over", "err", err)
			}
		case <-r.stopping:
			return
		}
	}
}

func (r *Runtime) sweep(ctx context.Context) error {
	if r.draining.Load() {
		return nil
	}
	refs, err := r.cfg.Leases.Orphans(ctx)
	if err != nil || len(refs) == 0 {
		return err
	}
	// Every surviving node does this; in different orders they share the work.
	rand.Shuffle(len(refs), func(i, j int) { refs[i], refs[j] = refs[j], refs[i] })
	return r.takeOverAll(ctx, refs)
}

func (r *Runtime) takeOverAll(ctx context.Context, refs []openseat.Ref) error {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs []error
		todo = make(chan openseat.Ref)
	)
	for range min(takers, len(refs)) {
		wg.Go(func() {
			for ref := range todo {
				if err := r.takeOver(ctx, ref, false); err != nil && !settled(err) {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				}
			}
		})
	}
	for _, ref := range refs {
		todo <- ref
	}
	close(todo)
	wg.Wait()
	return errors.Join(errs...)
}

// settled: somebody else runs it, we do, or it had ended.
func settled(err error) bool {
	var taken *TakenError
	return errors.As(err, &taken) || isCode(err, openseat.CodeInUse) || isCode(err, openseat.CodeNotFound)
}

// Drain takes no more new things and returns when those that end have ended, or with ctx's error when that takes too long.
// Things that were opened (Open) go on.
func (r *Runtime) Drain(ctx context.Context) error {
	r.draining.Store(true)
	for r.transient() > 0 {
		select {
		case <-r.left:
		case <-r.stopping:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// transient counts the things that will end.
func (r *Runtime) transient() int {
	n := int(r.total.Load())
	r.lasting.Range(func(ref, _ any) bool {
		if r.find(ref.(openseat.Ref)) != nil { //nolint:forcetypeassert // only Refs are stored
			n--
		}
		return true
	})
	return n
}

// Close stops everything: things finish the event they are at, snapshots are saved. What has not ended is for Recover, in the
// next life of this node or at another one.
func (r *Runtime) Close() error {
	r.closing.Do(func() {
		r.draining.Store(true)
		r.lockAll(func() { close(r.stopping) })
		patience := time.AfterFunc(r.cfg.Patience, r.cancel)
		r.things.Wait()
		r.helpers.Wait()
		patience.Stop()
		r.cancel()
	})
	return nil
}

// lockAll runs f while no thing can be added, so that none is added after it.
func (r *Runtime) lockAll(f func()) {
	for i := range r.shards {
		r.shards[i].mu.Lock()
		defer r.shards[i].mu.Unlock()
	}
	f()
}
