// Package livetest has in-memory stand-ins for what a live.Runtime works with: a journal, leases for a cluster of nodes that
// can be killed, snapshots, a network between runtimes. They are as strict as the real ones, work in virtual time, and fail
// on demand.
package livetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"openseat"
	"openseat/live"
)

// Journal is a live.Journal in memory.
type Journal struct {
	codec *openseat.Codec

	mu      sync.Mutex
	seq     uint64
	entries map[openseat.Ref][]openseat.Entry
	all     []openseat.Entry
	before  func(openseat.Entry) error
	after   func(openseat.Entry) error
	hold    chan struct{}
}

// NewJournal makes an empty journal. With a codec every entry goes through JSON, as in the real one; nil keeps values.
func NewJournal(codec *openseat.Codec) *Journal {
	return &Journal{codec: codec, entries: make(map[openseat.Ref][]openseat.Entry)}
}

// Before makes appends fail, when f does, without writing.
func (j *Journal) Before(f func(openseat.Entry) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.before = f
}

// After makes appends fail, when f does, though the entry is written.
func (j *Journal) After(f func(openseat.Entry) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.after = f
}

// Hold makes appends wait until the function it returns is called.
func (j *Journal) Hold() (release func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	hold := make(chan struct{})
	j.hold = hold
	return func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.hold == hold {
			j.hold = nil
		}
		close(hold)
	}
}

// Append implements live.Journal.
func (j *Journal) Append(ctx context.Context, ref openseat.Ref, expectLast uint64, e openseat.Entry) (uint64, error) {
	if err := j.held(ctx); err != nil {
		return 0, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.before != nil {
		if err := j.before(e); err != nil {
			return 0, err
		}
	}
	past := j.entries[ref]
	if last := lastSeq(past); last != expectLast {
		return 0, fmt.Errorf("%w: last is %d, not %d", live.ErrConflict, last, expectLast)
	}
	e.Ref, e.Seq = ref, j.seq+1
	if j.codec != nil {
		var err error
		if e, err = throughJSON(j.codec, e); err != nil {
			return 0, fmt.Errorf("%w: %w", live.ErrUnwritable, err)
		}
	}
	j.seq++
	j.entries[ref] = append(past, e)
	j.all = append(j.all, e)
	if j.after != nil {
		return e.Seq, j.after(e)
	}
	return e.Seq, nil
}

func (j *Journal) held(ctx context.Context) error {
	j.mu.Lock()
	hold := j.hold
	j.mu.Unlock()
	if hold == nil {
		return nil
	}
	select {
	case <-hold:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Truncate takes back a thing's last entry, as an engine whose machine lost power does.
func (j *Journal) Truncate(ref openseat.Ref) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if past := j.entries[ref]; len(past) > 0 {
		j.entries[ref] = past[:len(past)-1]
	}
}

func lastSeq(entries []openseat.Entry) uint64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[len(entries)-1].Seq
}

// Read implements live.Journal.
func (j *Journal) Read(_ context.Context, ref openseat.Ref, after uint64) ([]openseat.Entry, error) {
	var out []openseat.Entry
	for _, e := range j.Entries(ref) {
		if e.Seq > after {
			out = append(out, e)
		}
	}
	return out, nil
}

// Entries returns what is written of one thing.
func (j *Journal) Entries(ref openseat.Ref) []openseat.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]openseat.Entry(nil), j.entries[ref]...)
}

// All returns everything that is written, in order.
func (j *Journal) All() []openseat.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]openseat.Entry(nil), j.all...)
}

// throughJSON is what an entry is after it was written and read back.
func throughJSON(c *openseat.Codec, e openseat.Entry) (openseat.Entry, error) {
	b, err := c.MarshalEvent(e.Event)
	if err != nil {
		return e, err
	}
	if e.Event, err = c.UnmarshalEvent(b); err != nil {
		return e, err
	}
	at, err := e.At.MarshalJSON()
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(at, &e.At); err != nil {
		return e, err
	}
	commands := make([]openseat.Command, len(e.Commands))
	for i, x := range e.Commands {
		if b, err = c.MarshalCommand(x); err != nil {
			return e, err
		}
		if commands[i], err = c.UnmarshalCommand(b); err != nil {
			return e, err
		}
	}
	e.Commands = commands
	return e, nil
}

// Snapshots is a live.Snapshots in memory.
type Snapshots struct {
	mu   sync.Mutex
	last map[openseat.Ref]live.Snapshot
}

// NewSnapshots makes an empty one.
func NewSnapshots() *Snapshots { return &Snapshots{last: make(map[openseat.Ref]live.Snapshot)} }

// Load implements live.Snapshots.
func (s *Snapshots) Load(_ context.Context, ref openseat.Ref) (*live.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap, ok := s.last[ref]
	if !ok {
		return nil, nil
	}
	return &snap, nil
}

// Save implements live.Snapshots.
func (s *Snapshots) Save(_ context.Context, ref openseat.Ref, snap live.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.last[ref]; !ok || old.Seq <= snap.Seq {
		s.last[ref] = snap
	}
	return nil
}

// Delete implements live.Snapshots.
func (s *Snapshots) Delete(_ context.Context, ref openseat.Ref) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.last, ref)
	return nil
}
