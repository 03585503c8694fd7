package report

import (
	"slices"
	"strconv"
	"time"

	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
)

// Part is what one member of staff had to do with a session, however often he was rung in it: a row of his own past, and of
// who knows the customer.
type Part struct {
	User     string
	Group    int64         // he was asked for last; 0 = none
	StartAt  time.Time     // he was rung, or called, first
	AcceptAt time.Time     // zero: he was not in it
	Talk     time.Duration // all his parts together
	Missed   bool          // he was rung and did not take it; not so while a colleague did
	Score    int           // the key the customer pressed in the survey after talking with him; -1 = none
}

// Parts lists who of the staff had to do with a session, in order of appearance.
func (c *CDR) Parts() []Part {
	at := map[string]int{}
	var parts []Part
	for _, p := range c.Serves {
		if p.User == "" {
			continue
		}
		i, known := at[p.User]
		if !known {
			i = len(parts)
			at[p.User] = i
			parts = append(parts, Part{User: p.User, StartAt: p.StartAt, Score: -1})
		}
		c.add(&parts[i], p)
	}
	for _, p := range slices.Backward(c.Serves) {
		if p.User != "" && !p.AcceptAt.IsZero() {
			parts[at[p.User]].Score = c.score()
			break
		}
	}
	return parts
}

func (c *CDR) add(part *Part, p call.Participant) {
	part.Group = p.Group
	switch {
	case !p.AcceptAt.IsZero():
		if part.AcceptAt.IsZero() {
			part.AcceptAt = p.AcceptAt
		}
		part.Talk += p.EndAt.Sub(p.AcceptAt)
		part.Missed = false
	case part.AcceptAt.IsZero() && c.missed(p):
		part.Missed = true
	}
}

// missed says that a part was a call to somebody who did not take it. Who called out himself missed nothing, nor did he whom
// a colleague forestalled.
func (c *CDR) missed(p call.Participant) bool {
	if p.Sequence == 0 && c.Direction == call.Outbound {
		return false
	}
	for _, o := range c.Serves {
		if o.User != p.User && !o.AcceptAt.IsZero() && !o.AcceptAt.Before(p.StartAt) && !o.AcceptAt.After(p.EndAt) && o.Group == p.Group {
			return false
		}
	}
	return true
}

// score is the key of the survey, -1 when there was none.
func (c *CDR) score() int {
	if len(c.PostKeys) == 0 {
		return -1
	}
	key, err := strconv.Atoi(c.PostKeys[0].Key)
	if err != nil {
		return -1
	}
	return key
}

// MyCall is a call as a member of staff finds it in his own list.
type MyCall struct {
	SessionID string
	Internal  bool
	Direction call.Direction // of an internal call: Outbound when it was his
	Caller    string
	Callee    string
	Location  org.Location
	Peer      string // the colleague of an internal call
	PeerName  string
	StartAt   time.Time
	AcceptAt  time.Time
	EndAt     time.Time
	Talk      time.Duration
	End       call.EndStatus
	Missed    bool
	Group     int64
	GroupName string
	Remark    string
	Score     int      // -1 = none
	Note      org.Note // the zero Note when he wrote none
}

// NewMyCall makes the line of one part; the note is the store's to add.
func NewMyCall(c *CDR, p Part) MyCall {
	m := MyCall{
		SessionID: c.SessionID, Internal: c.CallType == call.TypeInternal, Direction: c.Direction, Caller: c.Caller, Callee: c.Callee,
		Location: c.Location, StartAt: p.StartAt, AcceptAt: p.AcceptAt, EndAt: c.EndAt, Talk: p.Talk, End: c.End, Missed: p.Missed,
		Group: p.Group, GroupName: c.GroupNames[p.Group], Remark: c.Remark, Score: p.Score,
	}
	if m.Internal {
		m.addPeer(c, p.User)
	}
	return m
}

func (m *MyCall) addPeer(c *CDR, user string) {
	m.Peer = c.Callee
	if len(c.Serves) > 0 && c.Serves[0].User != user {
		m.Peer, m.Direction = c.Caller, call.Inbound
	}
	m.PeerName = c.People[m.Peer].Name
}

// MyCallsQuery chooses lines of an agent's list, newest first.
type MyCallsQuery struct {
	Missed bool   // only those he missed
	Before string // where the last page ended; empty = from the newest
	Limit  int
}

// MyDay sums up what a member of staff did since a moment, such as the morning.
type MyDay struct {
	In, Out, Missed int // calls; those missed are in neither
	Talk, Longest   time.Duration
	Hours           []MyHour // with anything in them, in order
	Statuses        map[acd.Status]time.Duration
	Scores          int // calls with a survey's key
	ScoreSum        int // of these keys
}

// MyHour counts the calls that began in an hour.
type MyHour struct {
	At              time.Time
	In, Out, Missed int
}

// Add counts one call.
func (d *MyDay) Add(startAt time.Time, out bool, p Part) {
	hour := startAt.Truncate(time.Hour)
	if n := len(d.Hours); n == 0 || !d.Hours[n-1].At.Equal(hour) {
		d.Hours = append(d.Hours, MyHour{At: hour})
	}
	h := &d.Hours[len(d.Hours)-1]
	switch {
	case p.Missed:
		d.Missed++
		h.Missed++
	case out:
		d.Out++
		h.Out++
	case !p.AcceptAt.IsZero():
		d.In++
		h.In++
	}
	d.Talk += p.Talk
	d.Longest = max(d.Longest, p.Talk)
	if p.Score >= 0 {
		d.Scores++
		d.ScoreSum += p.Score
	}
}
