package live

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"openseat"
)

// ErrConflict is Journal.Append's answer when the thing's last entry is not the expected one: another node wrote.
var ErrConflict = errors.New("another node has written this thing's journal")

// ErrUnwritable is Journal.Append's answer to an entry that can never be written (it has no JSON, or is too large).
var ErrUnwritable = errors.New("the entry cannot be written")

// Journal is the ledger of all things.
type Journal interface {
	// Append writes one entry; expectLast is the Seq of the thing's last entry, 0 = it has none. ErrConflict when that is
	// not so, ErrUnwritable when trying again is useless. After any other error the entry may or may not be there.
	// Concurrent appends share their trips to the disk. The entry's Ref is ref; its Seq is ignored.
	Append(ctx context.Context, ref openseat.Ref, expectLast uint64, entry openseat.Entry) (seq uint64, err error)
	// Read returns the thing's entries with a Seq above after, oldest first.
	Read(ctx context.Context, ref openseat.Ref, after uint64) ([]openseat.Entry, error)
}

// Lease says that this node may run a thing.
type Lease struct {
	Ref openseat.Ref
	// Rev is the lease's revision; it belongs to the Leases that gave it.
	Rev uint64
	// Before is the dead owner that the lease was taken from, nil when it was free.
	Before *Owner
}

// Owner is a node that runs things, in one life of its process.
type Owner struct {
	Node string
	// Alive says whether it still does. LastAlive is the last moment a dead one is known to have run; zero = not known.
	Alive     bool
	LastAlive time.Time
}

// TakenError is Leases.Acquire's answer when another living node runs the thing.
type TakenError struct{ Node string }

func (e *TakenError) Error() string { return "run by node " + e.Node }

// Leases says which node runs which thing, and which nodes are alive.
type Leases interface {
	// Acquire makes this node the thing's owner: when nobody owns it, when its owner is dead, or when this node has the lease
	// already (then it gets a new one; the runtime runs no thing twice). *TakenError otherwise.
	Acquire(ctx context.Context, ref openseat.Ref) (Lease, error)
	// Release gives a lease back, unless somebody else has it by now. With Rev 0: whatever this node holds of Ref.
	Release(ctx context.Context, l Lease) error
	// Owner tells who runs the thing; nil when nobody does.
	Owner(ctx context.Context, ref openseat.Ref) (*Owner, error)
	// Orphans lists the things whose owner is dead, earlier lives of this node included. It is asked every few seconds, and
	// is cheap while nobody dies.
	Orphans(ctx context.Context) ([]openseat.Ref, error)
}

// Snapshot is what is kept beside the journal of an openseat.Snapshotter: its state after the entry Seq.
type Snapshot struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	Timers []Timer   `json:"timers,omitempty"`
	State  []byte    `json:"-"` // of the thing
}

// Timer is a timer that is set.
type Timer struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Snapshots keeps the latest snapshot of each thing.
type Snapshots interface {
	// Load returns the latest; nil when there is none.
	Load(ctx context.Context, ref openseat.Ref) (*Snapshot, error)
	// Save replaces it, wholly or not at all, and not when the one there has a higher Seq.
	Save(ctx context.Context, ref openseat.Ref, s Snapshot) error
	// Delete removes it, if there is one.
	Delete(ctx context.Context, ref openseat.Ref) error
}

// Question is an event that changes nothing: the thing it is asked only replies. It is not written to the journal, since nothing
// follows from it; so screens may ask as often as they like, and also while the journal is away. A node that has just lost the
// thing may still answer what was.
type Question interface {
	openseat.Event
	// Question marks the event; it does nothing.
	Question()
}

// Executor does the commands of things, other than those that are the runtime's own.
type Executor interface {
	// Execute is called from the thing's goroutine, in order, after the commands have been written. It never blocks, and
	// does not keep the slice.
	Execute(ref openseat.Ref, at time.Time, commands []openseat.Command)
}

// Loser is an Executor that wants to know that a thing is run elsewhere now: whatever it does for the thing must end.
type Loser interface {
	Lost(ref openseat.Ref)
}

// Remote reaches the things of other nodes. Errors are openseat.Errors when the other node gave them; CodeNotFound means
// that it does not run the thing.
type Remote interface {
	Tell(ctx context.Context, node string, ref openseat.Ref, e openseat.Event) error
	// Ask returns a json.RawMessage.
	Ask(ctx context.Context, node string, ref openseat.Ref, e openseat.Event) (any, error)
}

// Config says what a Runtime works with. Zero limits are replaced by the defaults named.
type Config struct {
	// Node is this node's name in this life, as Leases and Remote know it.
	Node      string
	Journal   Journal
	Leases    Leases
	Snapshots Snapshots // nil = snapshots are not kept
	Executor  Executor
	Remote    Remote // nil = there are no other nodes
	// Make makes an empty thing, nil when there is no such kind.
	Make   func(ref openseat.Ref) openseat.Thing
	Logger *slog.Logger

	Mailbox  int           // events waiting for one thing from outside; 4096. Things among themselves may use eight times that
	Things   int           // things running at once; 100,000
	Undone   int           // events waiting at the courier before new things are refused; 100,000
	AskWait  time.Duration // limit of Ask when its context has none; 5 s
	Slow     time.Duration // the journal answers nothing for so long: new things are refused; 1 s
	Patience time.Duration // limit of Start and Open when their context has none, and of Close's politeness; 5 s
	Sweep    time.Duration // how often orphans are looked for after Recover; 2 s

	SnapshotEntries int           // entries between snapshots; 500
	SnapshotEvery   time.Duration // longest age of a snapshot that is behind; 30 s
}

func (c Config) withDefaults() Config {
	setDefault(&c.Mailbox, 4096)
	setDefault(&c.Things, 100_000)
	setDefault(&c.Undone, 100_000)
	setDefault(&c.AskWait, 5*time.Second)
	setDefault(&c.Slow, time.Second)
	setDefault(&c.Patience, 5*time.Second)
	setDefault(&c.Sweep, 2*time.Second)
	setDefault(&c.SnapshotEntries, 500)
	setDefault(&c.SnapshotEvery, 30*time.Second)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

func setDefault[T int | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}
