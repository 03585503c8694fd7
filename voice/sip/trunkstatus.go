package sip

import (
	"cmp"
	"slices"
	"time"

	"openseat"
)

// TrunkStatus is how a trunk is.
type TrunkStatus struct {
	App  openseat.AppID
	Name string
	// Peer is where calls go now; empty while its name is not resolved.
	Peer            string
	Calls, MaxCalls int

	Registered      bool
	RegisteredUntil time.Time
	RegisterError   string // of the last attempt

	Alive      bool      // answered the last health check
	Checked    time.Time // zero: not yet
	CheckError string    // of the last check
	LastAnswer time.Time
	RoundTrip  time.Duration
}

// Status tells how every trunk is, by instance and name.
func (s *Server) Status() []TrunkStatus {
	var all []TrunkStatus
	for _, t := range s.atlas.Load().trunks {
		all = append(all, t.report())
	}
	slices.SortFunc(all, func(a, b TrunkStatus) int {
		return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func (t *trunk) report() TrunkStatus {
	t.mu.Lock()
	status := t.status
	t.mu.Unlock()
	status.Calls, status.MaxCalls = int(t.calls.Load()), t.limit()
	if peer, ok := t.peer(); ok {
		status.Peer = peer.String()
	}
	return status
}

// note changes the status.
func (t *trunk) note(change func(*TrunkStatus)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.status)
}
