package voice

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
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
	// Put stores size bytes under a key, replacing what was there.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Has tells whether something is stored under a key.
	Has(ctx context.Context, key string) bool
}

// Asker tells a call something and waits until it is in the journal.
type Asker interface {
	Ask(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error)
}

// take is one recording under way. It pauses while nobody is there to talk to: what an agent says beside a customer on hold is
// nobody's business, and silence takes its place, so that all recordings of a call keep their times. What is recorded from the
// beginning without a listener (a voicemail) is not paused.
type take struct {
	name   string // of the leg
	leg    Leg
	rec    *media.Recording
	least  time.Duration
	talked bool // somebody has been there to talk to
	paused bool
}

// follow pauses the recording when a talk ends, and goes on when there is one again.
func (t *take) follow(talks bool) {
	switch {
	case talks && t.paused:
		t.leg.Port().Record(t.rec)
	case !talks && t.talked && !t.paused:
		t.leg.Port().StopRecord()
	}
	t.paused = !talks && t.talked
	t.talked = t.talked || talks
}

// record begins a recording; r.mu is held. A recording that cannot be begun is told as failed; the call goes on.
func (r *room) record(c call.Record) {
	if r.takes[c.Record] != nil {
		return
	}
	leg := r.legs[c.Leg]
	if leg == nil {
		r.x.recordNothing(r.ref, c)
		return
	}
	rec, err := r.x.Recorder.spool.Start(spoolID(r.ref.App, c.Record), leg.Port().Format().Codec)
	if err != nil {
		r.x.Recorder.alarm("recording", err)
		r.x.Teller.Tell(r.ref, call.RecordingFailed{Record: c.Record, Reason: "the recording could not be begun"})
		return
	}
	leg.Port().Record(rec)
	r.takes[c.Record] = &take{name: c.Leg, leg: leg, rec: rec, least: c.Least, talked: r.talks(c.Leg)}
}

// recordNothing answers for a leg that is not there, so that nobody waits for its recording.
func (x *Exchange) recordNothing(ref openseat.Ref, c call.Record) {
	x.Teller.Tell(ref, call.RecordingFailed{Record: c.Record, Reason: "there is no line " + c.Leg})
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
	r.x.Recorder.store(r.ref, id, t.least)
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
	jobs map[string]bool // spool IDs of recordings that are not stored yet, whoever is at them
	todo []job           // those that may be tried now
	wake chan struct{}
	left map[string]openseat.AppID // spool IDs from before this process that no call has asked for yet
}

// job is a recording to be stored. Without a ref nobody waits for it.
type job struct {
	ref   *openseat.Ref
	app   openseat.AppID
	id    string
	least time.Duration // what is shorter is not kept
	try   int
}

// How hard a recording is tried to be stored: for more than a day, with longer and longer pauses.
const (
	storeTries    = 200
	storeWait     = time.Second
	storeWaitMost = 10 * time.Minute
	encodeTries   = 3 // then it is stored as WAV
)

// errNothing says that nothing was ever recorded.
var errNothing = errors.New("nothing was recorded")

// NewRecorder makes a recorder over a spool; Run does its work. alarm must not block.
func NewRecorder(spool *media.Spool, shelf Shelf, asker Asker, alarm func(kind string, err error), log *slog.Logger) (*Recorder, error) {
	left, err := spool.Recover()
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		spool: spool, shelf: shelf, asker: asker, alarm: alarm, log: log,
		jobs: map[string]bool{}, wake: make(chan struct{}, 1), left: map[string]openseat.AppID{},
	}
	for _, l := range left {
		app, _, _ := strings.Cut(l.ID, "_")
		n, _ := strconv.ParseInt(app, 10, 64) // a name that is not ours is found on no shelf
		r.left[l.ID] = openseat.AppID(n)
	}
	return r, nil
}

// Recover stores what an earlier process left of a recording, or tells the call that nothing is left, or less than least.
func (r *Recorder) Recover(ref openseat.Ref, id string, least time.Duration) {
	r.mu.Lock()
	delete(r.left, spoolID(ref.App, id))
	r.mu.Unlock()
	r.store(ref, id, least)
}

// Sweep clears the spool of what no call has asked for: an earlier process had shelved and written it down, but not removed
// it; or the call has given it up, and then it is shelved all the same, for whoever looks for it. Sweep is called once every
// orphaned call has been taken over.
func (r *Recorder) Sweep(ctx context.Context) {
	r.mu.Lock()
	left := maps.Clone(r.left)
	clear(r.left)
	r.mu.Unlock()
	for id, app := range left {
		_, record, _ := strings.Cut(id, "_")
		if !r.shelf.Has(ctx, Key(app, record, ".mp3")) && !r.shelf.Has(ctx, Key(app, record, ".wav")) {
			r.log.Warn("the spool holds a recording that no call asks for; it is stored", "record", id)
			r.push(job{app: app, id: record})
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
	return len(r.jobs)
}

func (r *Recorder) store(ref openseat.Ref, id string, least time.Duration) {
	r.push(job{ref: &ref, app: ref.App, id: id, least: least})
}

// push has a recording stored, unless somebody is at it already: a call that was lost here and taken over again asks twice.
func (r *Recorder) push(j job) {
	r.mu.Lock()
	known := r.jobs[j.spoolID()]
	r.jobs[j.spoolID()] = true
	r.mu.Unlock()
	if !known {
		r.enqueue(j)
	}
}

func (r *Recorder) settle(j job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.jobs, j.spoolID())
}

func (r *Recorder) enqueue(j job) {
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

// PeaksKind is the kind of a recording's picture: a byte of 0 to 100 for each part of it, see media.Spool.Peaks.
const PeaksKind = ".peaks"

// Key is where a recording lies on the shelf; kind is ".mp3" or, when the encoder failed, ".wav"; or PeaksKind.
func Key(app openseat.AppID, id, kind string) string {
	return "recordings/" + app.String() + "/" + id + kind
}

func (j job) spoolID() string { return spoolID(j.app, j.id) }

func (j job) session() string {
	if j.ref == nil {
		return ""
	}
	return j.ref.ID
}

func (r *Recorder) finish(ctx context.Context, j job) {
	err := r.deliver(ctx, j)
	switch {
	case errors.Is(err, errNothing):
		r.log.Warn("nothing is left of a recording", "session", j.session(), "record", j.id)
		err = r.tell(ctx, j, call.RecordingFailed{Record: j.id, Reason: err.Error()})
	case err != nil && j.try >= storeTries:
		r.alarm("recording", err)
		err = r.tell(ctx, j, call.RecordingFailed{Record: j.id, Reason: "the recording could not be stored"})
	}
	switch {
	case ctx.Err() != nil: // the next life of this process does it
	case err != nil:
		r.alarm("recording", err)
		r.again(ctx, j)
	default:
		r.settle(j)
	}
}

// again tries a job once more, later.
func (r *Recorder) again(ctx context.Context, j job) {
	wait := min(storeWait<<min(j.try, 20), storeWaitMost)
	j.try++
	time.AfterFunc(wait, func() {
		if ctx.Err() == nil {
			r.enqueue(j)
		}
	})
}

// deliver encodes a recording, shelves it, and has the call write it down; only then it leaves the spool.
func (r *Recorder) deliver(ctx context.Context, j job) error {
	enc, err := r.spool.Encode(ctx, j.spoolID())
	switch {
	case err != nil && enc.Path == "" && errors.Is(err, os.ErrNotExist):
		return errNothing
	case err != nil && (enc.Path == "" || j.try < encodeTries || ctx.Err() != nil):
		return err
	}
	if enc.Duration < j.least {
		return r.discard(ctx, j)
	}
	ready := call.RecordingReady{Record: j.id, Blob: Key(j.app, j.id, filepath.Ext(enc.Path)), Duration: enc.Duration}
	if ready.Size, err = r.shelve(ctx, ready.Blob, enc.Path); err != nil {
		return err
	}
	if err := r.draw(ctx, j); err != nil { // it can be listened to without
		r.log.Warn("a recording has no picture", "session", j.session(), "record", j.id, "error", err)
	}
	if err := r.tell(ctx, j, ready); err != nil {
		return err
	}
	return r.spool.Remove(j.spoolID())
}

// draw puts a picture of the recording beside it.
func (r *Recorder) draw(ctx context.Context, j job) error {
	peaks, err := r.spool.Peaks(j.spoolID())
	if err != nil {
		return err
	}
	return r.shelf.Put(ctx, Key(j.app, j.id, PeaksKind), bytes.NewReader(peaks), int64(len(peaks)))
}

// discard throws a recording away that is too short to be of any use.
func (r *Recorder) discard(ctx context.Context, j job) error {
	if err := r.tell(ctx, j, call.RecordingFailed{Record: j.id, Reason: "too short"}); err != nil {
		return err
	}
	return r.spool.Remove(j.spoolID())
}

func (r *Recorder) shelve(ctx context.Context, key, path string) (int64, error) {
	f, err := os.Open(path) //nolint:gosec // the spool's own file
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), r.shelf.Put(ctx, key, f, info.Size())
}

// tell has the call write the event down. A call that is gone has given up waiting: the recording stays on the shelf.
func (r *Recorder) tell(ctx context.Context, j job, e openseat.Event) error {
	if j.ref == nil {
		return nil
	}
	_, err := r.asker.Ask(ctx, *j.ref, e)
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
		r.log.Warn("a recording came too late for its call", "session", j.session(), "record", j.id)
		return nil
	}
	return err
}
