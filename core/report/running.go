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
	User      string   // the agent who rings, joins or talks, the first of several; empty while there is none
	Users     []string // the agents in the call
	Monitors  []string // the supervisors who listen, or read
	State     SessionState
	Group     int64     // the skill group whose queue it entered last; 0 = none
	QueuedAt  time.Time // when it entered a queue first
	Location  string    // of the customer's number
	Held      bool      // the other party is on hold

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
		case "call.Arrived", "call.CallOut", "call.CallIn", "openseat.Asked", "acd.Offered", "call.LegRinging", "call.OpenAgent", "call.Record",
			"call.Notify", "call.Closed", "openseat.Done":
			return true
		}
	}
	return slices.Contains(names, "openseat.Tell") && slices.Contains(names, "call.Play") // music, for who begins to wait
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
	s.note(e, event)
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
		r.calls[e.Ref] = &Session{Ref: e.Ref, Direction: call.Inbound, Caller: b.Caller, Callee: b.Callee, StartAt: e.At,
			Location: call.LocationText(b.Location)}
	case call.CallOut:
		r.calls[e.Ref] = &Session{
			Ref: e.Ref, Direction: call.Outbound, Caller: b.Caller, Callee: b.Callee, StartAt: e.At, User: b.User, State: Joining,
			Location: call.LocationText(b.Location),
		}
	case call.CallOutFlow:
		r.calls[e.Ref] = &Session{Ref: e.Ref, Direction: call.Outbound, Caller: b.Caller, Callee: b.Callee, StartAt: e.At,
			Location: call.LocationText(b.Location)}
	case call.CallIn:
		r.calls[e.Ref] = &Session{
			Ref: e.Ref, Direction: call.Outbound, Caller: b.User, Callee: b.ToUser, StartAt: e.At, User: b.User, State: Joining,
		}
	}
}

func (s *Session) note(e openseat.Entry, event openseat.Event) {
	switch x := event.(type) {
	case acd.Offered:
		s.queued(x.Group, e.At)
		s.rung(x.User, e.At)
	case call.LegRinging:
		if x.Leg == call.CustomerLeg && s.RingAt.IsZero() {
			s.State, s.RingAt = Ringing, e.At
		}
	case call.Monitored:
		if granted(e) && !slices.Contains(s.Monitors, x.User) {
			s.Monitors = append(s.Monitors, x.User)
		}
	}
}

// queued is a call that enters a queue, or has been taken out of it.
func (s *Session) queued(group int64, at time.Time) {
	s.Group = group
	if s.QueuedAt.IsZero() {
		s.QueuedAt = at
	}
}

// granted tells whether what was asked was not refused.
func granted(e openseat.Entry) bool {
	return !slices.ContainsFunc(e.Commands, func(c openseat.Command) bool {
		r, ok := c.(openseat.Reply)
		return ok && r.Error != nil
	})
}

// rung is an agent who rings. While others talk he does not show.
func (s *Session) rung(user string, at time.Time) {
	if s.RingAt.IsZero() {
		s.RingAt = at
	}
	if len(s.Users) == 0 {
		s.User, s.State = user, Ringing
	}
}

func (r *Running) command(s *Session, at time.Time, c openseat.Command) {
	switch c := c.(type) {
	case call.OpenAgent:
		if len(s.Users) == 0 && !slices.Contains(s.Monitors, c.User) {
			s.User = c.User
			if s.Direction == call.Inbound {
				s.State = Joining
			}
		}
	case call.Record:
		if s.User == "" && c.Leg == call.CustomerLeg { // a voicemail
			return
		}
		s.State = InProgress
		if s.AcceptAt.IsZero() {
			s.AcceptAt = at
		}
	case call.Notify:
		s.told(c, at)
	case openseat.Tell:
		if q, ok := c.Event.(acd.Enqueued); ok {
			s.queued(q.Group, at)
		}
	case call.Closed, openseat.Done:
		delete(r.calls, s.Ref)
	}
}

// told follows what the agents' pages are told, since that is what everybody should see.
func (s *Session) told(n call.Notify, at time.Time) {
	switch n.Event {
	case "callIn":
		if n.Data["type"] == "internal" {
			s.State = Ringing
		} else if !slices.Contains(s.Users, n.User) {
			s.rung(n.User, at)
		}
	case "callOuted", "userAccessed":
		s.Monitors = without(s.Monitors, n.User)
		s.Users = append(without(s.Users, n.User), n.User)
		s.User = s.Users[0]
		if n.Event == "userAccessed" {
			s.State = InProgress
		}
	case "callChanged":
		if slices.Contains(s.Users, n.User) {
			s.Held = n.Data["held"] == true
		}
	case "autoTransfer", "sessionEnded":
		s.left(n.User)
	}
}

// left is somebody whose ringing, talk or listening is over.
func (s *Session) left(user string) {
	if slices.Contains(s.Monitors, user) {
		s.Monitors = without(s.Monitors, user)
		return
	}
	s.Users = without(s.Users, user)
	switch {
	case s.User != user:
	case len(s.Users) > 0:
		s.User = s.Users[0]
	default:
		s.User, s.State, s.Held = "", Waiting, false
	}
}

func without(users []string, user string) []string {
	return slices.DeleteFunc(slices.Clone(users), func(u string) bool { return u == user })
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
