// Package openseat is the vocabulary every other package speaks: who a thing is (Ref), what it is told (Event), what it
// answers with (Command), what is written down of it (Entry), and how failure is named (Error).
//
// It imports nothing of ours, and nothing that does I/O.
package openseat

import (
	"strconv"
	"time"
)

// AppID is an SdkAppId: one contact-center instance. Ten digits, starting with 140. Every stored row, every journal
// subject and every connection belongs to exactly one.
type AppID int64

func (a AppID) String() string { return strconv.FormatInt(int64(a), 10) }

// Kind says what sort of live thing a Ref names.
type Kind string

// The kinds of live things.
const (
	KindCall  Kind = "call"  // one call; ID is its SessionId
	KindBoard Kind = "board" // the queue board of an instance; ID is always BoardID
)

// BoardID is the ID of an instance's only board.
const BoardID = "main"

// Ref names one live thing. Its journal subject is "journal.<App>.<Kind>.<ID>", so ID holds no dots, spaces or wildcards.
type Ref struct {
	App  AppID  `json:"app"`
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

func (r Ref) String() string { return r.App.String() + "." + string(r.Kind) + "." + r.ID }

// CallRef names the call with this SessionId.
func CallRef(app AppID, sessionID string) Ref { return Ref{App: app, Kind: KindCall, ID: sessionID} }

// BoardRef names the instance's queue board.
func BoardRef(app AppID) Ref { return Ref{App: app, Kind: KindBoard, ID: BoardID} }

// Event is something that happened, told to a Thing. Events are plain values that survive JSON; they carry every fact a
// Thing needs, since a Thing never looks anything up.
type Event interface {
	// EventName is the event's stable name in the journal, "<package>.<Name>".
	EventName() string
}

// Command is something a Thing wants done. Commands are plain values that survive JSON.
type Command interface {
	// CommandName is the command's stable name in the journal, "<package>.<Name>".
	CommandName() string
}

// Thing is told events and answers with commands. Handle never blocks, never reads the clock, never draws random numbers
// and never touches the outside: the same events at the same times give the same commands, always.
type Thing interface {
	Handle(now time.Time, e Event) []Command
}

// Snapshotter is a Thing whose state can be saved beside its journal, so that opening it again needs no long replay.
type Snapshotter interface {
	Thing
	Snapshot() ([]byte, error)
	Restore(snapshot []byte) error
}

// Entry is one line of a thing's journal: what it was told, and what it wanted done because of it.
type Entry struct {
	Ref      Ref
	Seq      uint64    // position in the whole journal; grows, with gaps, along one Ref
	At       time.Time // when the thing was told
	Event    Event
	Commands []Command
}

// The commands below are done by the runtime itself, for every kind of thing.
type (
	// Tell passes an event to another thing. Delivered at least once: receivers ignore what they know already.
	Tell struct {
		To    Ref   `json:"to"`
		Event Event `json:"-"`
	}
	// SetTimer asks for a TimerFired with this name after a delay. Setting a name again replaces its timer.
	SetTimer struct {
		Name  string        `json:"name"`
		After time.Duration `json:"after"`
	}
	// StopTimer takes a timer back. A name that is not set is not an error.
	StopTimer struct {
		Name string `json:"name"`
	}
	// Reply answers an Asked event. Exactly one of Error and Value is meaningful.
	Reply struct {
		Ask   string `json:"ask"` // Asked.Ask
		Error *Error `json:"error,omitempty"`
		Value any    `json:"value,omitempty"` // survives JSON
	}
	// Done says the thing has ended: nothing more is told to it, its lease is given back.
	Done struct{}
)

// CommandName implements Command.
func (Tell) CommandName() string { return "openseat.Tell" }

// CommandName implements Command.
func (SetTimer) CommandName() string { return "openseat.SetTimer" }

// CommandName implements Command.
func (StopTimer) CommandName() string { return "openseat.StopTimer" }

// CommandName implements Command.
func (Reply) CommandName() string { return "openseat.Reply" }

// CommandName implements Command.
func (Done) CommandName() string { return "openseat.Done" }

// The events below are told by the runtime itself.
type (
	// TimerFired says that a timer set with SetTimer has run out.
	TimerFired struct {
		Name string `json:"name"`
	}
	// Asked wraps an event whose teller waits for a Reply carrying the same Ask.
	Asked struct {
		Ask   string `json:"ask"`
		Event Event  `json:"-"`
	}
	// OwnerLost says that the node that ran the thing died; LastAlive is the last moment it is known to have run. It is
	// the first event a thing is told when another node, or the same one restarted, takes it over.
	OwnerLost struct {
		Node      string    `json:"node"`
		LastAlive time.Time `json:"lastAlive"`
	}
)

// EventName implements Event.
func (TimerFired) EventName() string { return "openseat.TimerFired" }

// EventName implements Event.
func (Asked) EventName() string { return "openseat.Asked" }

// EventName implements Event.
func (OwnerLost) EventName() string { return "openseat.OwnerLost" }
