package report

import (
	"time"

	"openseat/core/acd"
)

// StatusChange is one line of an agent's status history.
type StatusChange struct {
	N            int64 // names the line; a later page begins after it
	User         string
	Status       acd.Status
	Reason       string
	Session      string // whose work it was, if any
	By           string
	Since, Until time.Time // Until is zero while the status lasts
}

// Usage is what a stretch of time cost, in lines and people.
type Usage struct {
	InMinutes, OutMinutes int64 // of talk; each call's begun minute is a whole one
	Agents                int64 // who talked
}
