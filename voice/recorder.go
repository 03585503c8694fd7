package voice

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/voice/media"
)

// Shelf is where finished recordings go.
type Shelf interface {
	// Put stores a file under a key, replacing what was there.
	Put(ctx context.Context, key string, f *os.File, size int64) error
	// Has tells whether something is stored under a key.
	Has(ctx context.Context, key string) bool
}

// Asker tells a call something and waits until it is in the journal.
type Asker interface {
	Ask(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error)
}

// take is one recording under way.
type take struct {
	leg Leg
	rec *media.Recording
}

// record begins a recording; r.mu is held. A recording that cannot be begun is told as failed; the call goes on.
func (r *room) record(c call.Record) {
	leg := r.legs[c.Leg]
	if leg == nil || r.takes[c.Record] != nil {
		return
	}
	rec, err := r.x.Recorder.spool.Start(spoolID(r.ref.App, c.Record), leg.Port().Format().Codec)
	if err != nil {
		r.x.Recorder.alarm("recording", err)
		r.x.Teller.Tell(r.ref, call.RecordingFailed{Record: c.Record, Reason: "the recording could not be begun"})
		return
	}
	leg.Port().Record(rec)
	r.takes[c.Record] = &take{leg: leg, rec: rec}
}

// stopRecord ends a recording and has it stored; r.mu is held.
func (r *room) stopRecord(id string) {
	t := r.takes[id]
	if t == nil {
		return
	}
	delete(r.takes, id)
	t.leg.Port().StopRecord()
	t.rec.Stop()
	r.x.Recorder.store(r.ref, id)
}

// Recorder turns finished recordings into files on the shelf, a few at a time and never in the way of a call. A recording
// stays in the spool until the call's journal has it, so that no crash loses one.
type Recorder struct {
	spool *media.Spool
	shelf Shelf
	asker Asker
	alarm func(kind string, err error)
	log   *slog.Logger

	mu   sync.Mutex
	todo []job
	wake chan struct{}
	left map[string]openseat.AppID // spool IDs from before this process that no call has asked for yet
}

type job struct {
	ref openseat.Ref
	id  string
	try int
}

// How hard a recording is tried to be stored: for a day, with longer and longer pauses.
const (
	storeTries    = 200
	storeWait     = time.Second
	storeWaitMost = 10 * time.Minute
)

// NewRecorder makes a recorder over a spool; Run does its work. alarm must not block.
func NewRecorder(spool *media.Spool, shelf Shelf, asker Asker, alarm func(kind string, err error), log *slog.Logger) (*Recorder, error) {
	left, err := spool.Recover()
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		spool: spool, shelf: shelf, asker: asker, alarm: alarm, log: log,
		wake: make(chan struct{}, 1), left: map[string]openseat.AppID{},
	}
	for _, l := range left {
		app, _, _ := strings.Cut(l.ID, "_")
		n, _ := strconv.ParseInt(app, 10, 64) // a name that is not ours is found on no shelf
		r.left[l.ID] = openseat.AppID(n)
	}
	return r, nil
}

// Recover stores what an earlier process left of a recording, or tells the call that nothing is left.
func (r *Recorder) Recover(ref openseat.Ref, id string) {
	r.mu.Lock()
	delete(r.left, spoolID(ref.App, id))
	r.mu.Unlock()
	r.store(ref, id)
}

// Sweep removes from the spool what an earlier process had shelved and written down, but not removed. It is called once every
// orphaned call has been taken over.
func (r *Recorder) Sweep(ctx context.Context) {
	r.mu.Lock()
	left := maps.Clone(r.left)
	clear(r.left)
	r.mu.Unlock()
	for id, app := range left {
		_, record, _ := strings.Cut(id, "_")
		if !r.shelf.Has(ctx, Key(app, record)) {
			r.log.Warn("the spool holds a recording that no call asks for", "record", id)
			continue
		}
		if err := r.spool.Remove(id); err != nil {
			r.alarm("recording", err)
		}
	}
}

// spoolID names a recording in the spool.
func spoolID(app openseat.AppID, record string) string { return app.String() + "_" + record }

// Backlog is the number of recordings not stored yet.
func (r *Recorder) Backlog() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.todo)
}

func (r *Recorder) store(ref openseat.Ref, id string) { r.push(job{ref: ref, id: id}) }

func (r *Recorder) push(j job) {
	r.mu.Lock()
	r.todo = append(r.todo, j)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run stores recordings until ctx ends. Several may run side by side.
func (r *Recorder) Run(ctx context.Context) {
	for {
		j, ok := r.pop()
		if !ok {
			select {
			case <-ctx.Done():
				return
			case <-r.wake:
			}
			continue
		}
		r.finish(ctx, j)
		if ctx.Err() != nil {
			return
		}
	}
}

func (r *Recorder) pop() (job, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.todo) == 0 {
		return job{}, false
	}
	j := r.todo[0]
	r.todo = r.todo[1:]
	if len(r.todo) > 0 { // another worker may help
		select {
		case r.wake <- struct{}{}:
		default:
		}
	}
	return j, true
}

// Key is where a recording lies on the shelf.
func Key(app openseat.AppID, id string) string {
	return "recordings/" + app.String() + "/" + id + ".mp3"
}

func (r *Recorder) finish(ctx context.Context, j job) {
	err := r.deliver(ctx, j)
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, os.ErrNotExist):
		r.log.Warn("nothing is left of a recording", "session", j.ref.ID, "record", j.id)
		r.giveUp(ctx, j, "nothing was recorded")
	case j.try >= storeTries:
		r.alarm("recording", err)
		r.giveUp(ctx, j, "the recording could not be stored")
	default:
		r.alarm("recording", err)
		r.again(ctx, j)
	}
}

// giveUp has the call write down that a recording is lost.
func (r *Recorder) giveUp(ctx context.Context, j job, why string) {
	if err := r.tell(ctx, j, call.RecordingFailed{Record: j.id, Reason: why}); err != nil {
		r.alarm("recording", err)
	}
}

// again tries a job once more, later.
func (r *Recorder) again(ctx context.Context, j job) {
	wait := min(storeWait<<min(j.try, 20), storeWaitMost)
	j.try++
	time.AfterFunc(wait, func() {
		if ctx.Err() == nil {
			r.push(j)
		}
	})
}

// deliver encodes a recording, shelves it, and has the call write it down; only then it leaves the spool.
func (r *Recorder) deliver(ctx context.Context, j job) error {
	enc, err := r.spool.Encode(ctx, spoolID(j.ref.App, j.id))
	if err != nil {
		return err
	}
	size, err := r.shelve(ctx, j, enc.Path)
	if err != nil {
		return err
	}
	ready := call.RecordingReady{Record: j.id, Blob: Key(j.ref.App, j.id), Duration: enc.Duration, Size: size}
	if err := r.tell(ctx, j, ready); err != nil {
		return err
	}
	return r.spool.Remove(spoolID(j.ref.App, j.id))
}

func (r *Recorder) shelve(ctx context.Context, j job, path string) (int64, error) {
	f, err := os.Open(path) //nolint:gosec // the spool's own file
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), r.shelf.Put(ctx, Key(j.ref.App, j.id), f, info.Size())
}

// tell has the call write the event down. A call that is gone has given up waiting: the recording stays on the shelf.
func (r *Recorder) tell(ctx context.Context, j job, e openseat.Event) error {
	_, err := r.asker.Ask(ctx, j.ref, e)
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
		r.log.Warn("a recording came too late for its call", "session", j.ref.ID, "record", j.id)
		return nil
	}
	return err
}
