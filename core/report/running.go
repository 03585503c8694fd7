package report

import (
	"maps"
	"slices"
	"strings"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// Session is a running call as lists of running calls show it.
type Session struct {
	Ref       openseat.Ref
	Direction call.Direction
	Caller    string
	Callee    string
	StartAt   time.Time
	RingAt    time.Time
	AcceptAt  time.Time
	User      string // the agent who rings, joins or talks; empty while there is none
	State     SessionState

	seq uint64 // of the last entry noted
}

// SessionState is what a running call is doing.
type SessionState int

// The states. A call whose customer is still in the flow or the queue is Waiting.
const (
	Waiting SessionState = iota
	Ringing
	Joining
	InProgress
)

// Running folds the journal into the calls that run now. It is told every entry, in order per call; the zero value is empty.
// Who has missed entries reads the calls' journals again (Refs, Refold).
type Running struct{ calls map[openseat.Ref]*Session }

// Refs lists the calls that are held to be running.
func (r *Running) Refs() []openseat.Ref { return slices.Collect(maps.Keys(r.calls)) }

// Refold makes a call's line anew from its whole journal.
func (r *Running) Refold(ref openseat.Ref, journal []openseat.Entry) {
	delete(r.calls, ref)
	for _, e := range journal {
		r.Apply(e)
	}
}

// RunningWants tells whether an entry whose event and commands have these names matters to Running, so that others need not
// be read.
func RunningWants(names []string) bool {
	for _, n := range names {
		switch n {
		case "call.Arrived", "call.CallOut", "openseat.Asked", "acd.Offered", "call.LegRinging", "call.OpenAgent", "call.Record",
			"call.Notify", "call.Closed", "openseat.Done":
			return true
		}
	}
	return false
}

// Apply notes an entry, unless it is known.
func (r *Running) Apply(e openseat.Entry) {
	if s := r.calls[e.Ref]; e.Ref.Kind != openseat.KindCall || s != nil && e.Seq <= s.seq {
		return
	}
	event := e.Event
	if a, ok := event.(openseat.Asked); ok {
		event = a.Event
	}
	r.begin(e, event)
	s := r.calls[e.Ref]
	if s == nil {
		return
	}
	s.seq = e.Seq
	s.note(e.At, event)
	for _, c := range e.Commands {
		r.command(s, e.At, c)
	}
}

func (r *Running) begin(e openseat.Entry, event openseat.Event) {
	if r.calls == nil {
		r.calls = map[openseat.Ref]*Session{}
	}
	switch b := event.(type) {
	case call.Arrived:
		r.calls[e.Ref] = &Session{Ref: e.Ref, Direction: call.Inbound, Caller: b.Caller, Callee: b.Callee, StartAt: e.At}
	case call.CallOut:
		r.calls[e.Ref] = &Session{
			Ref: e.Ref, Direction: call.Outbound, Caller: b.Caller, Callee: b.Callee, StartAt: e.At, User: b.User, State: Joining,
		}
	}
}

func (s *Session) note(at time.Time, event openseat.Event) {
	switch x := event.(type) {
	case acd.Offered:
		s.User, s.State = x.User, Ringing
		if s.RingAt.IsZero() {
			s.RingAt = at
		}
	case call.LegRinging:
		if s.RingAt.IsZero() {
			s.State, s.RingAt = Ringing, at
		}
	}
}

func (r *Running) command(s *Session, at time.Time, c openseat.Command) {
	switch c := c.(type) {
	case call.OpenAgent:
		s.User = c.User
		if s.Direction == call.Inbound {
			s.State = Joining
		}
	case call.Record:
		if s.User == "" { // a voicemail
			return
		}
		s.State = InProgress
		if s.AcceptAt.IsZero() {
			s.AcceptAt = at
		}
	case call.Notify:
		s.told(c)
	case call.Closed, openseat.Done:
		delete(r.calls, s.Ref)
	}
}

// told follows what the agent's page is told, since that is what everybody should see.
func (s *Session) told(n call.Notify) {
	if (n.Event == "autoTransfer" || n.Event == "sessionEnded") && n.User == s.User && s.Direction == call.Inbound {
		s.User, s.State = "", Waiting
	}
}

// List is the running calls of an instance, oldest first.
func (r *Running) List(app openseat.AppID) []Session {
	var out []Session
	for _, s := range r.calls {
		if s.Ref.App == app {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b Session) int {
		if c := a.StartAt.Compare(b.StartAt); c != 0 {
			return c
		}
		return strings.Compare(a.Ref.ID, b.Ref.ID)
	})
	return out
}
