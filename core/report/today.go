package report

import (
	"time"
)

// Today counts an instance's finished calls of the day: of the groups, of the agents, and how long queued and rung calls were.
// It is told every record once or more, in any order; the zero value is not ready, NewToday is.
type Today struct {
	Since  time.Time // midnight
	Groups *Report
	Agents *Report
	// Inbound counts the calls in: all, by number, and by number and group.
	Inbound Inbound

	seen map[string]bool
}

// Inbound is the figures of calls in that DescribeCallInMetrics asks for.
type Inbound struct {
	Total    Stages
	ByGroup  map[int64]*Stages
	ByNumber map[string]*NumberStages
}

// NumberStages is the calls to one number.
type NumberStages struct {
	Stages

	ByGroup map[int64]*Stages
}

// Stages is how far calls in have come, and how long each stage took.
type Stages struct {
	Flow, Queue, Ring, Accept Stage
	Outside                   int // handed on to an outside number
}

// Stage is one of them: the calls that came to it, and how long they were in it.
type Stage struct {
	Calls        int
	Sum, Longest time.Duration
}

// Average is how long a call was in the stage.
func (s Stage) Average() time.Duration {
	if s.Calls == 0 {
		return 0
	}
	return s.Sum / time.Duration(s.Calls)
}

func (s *Stage) add(from, to time.Time) {
	if from.IsZero() {
		return
	}
	d := max(0, to.Sub(from))
	s.Calls++
	s.Sum += d
	s.Longest = max(s.Longest, d)
}

// NewToday begins a day.
func NewToday(now time.Time) *Today {
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	report := func(by By) *Report {
		return NewReport(by, now.Location(), midnight, midnight.AddDate(0, 0, 1), Filter{})
	}
	return &Today{
		Since: midnight, Groups: report(ByGroup), Agents: report(ByAgent), seen: map[string]bool{},
		Inbound: Inbound{ByGroup: map[int64]*Stages{}, ByNumber: map[string]*NumberStages{}},
	}
}

// Holds says whether a moment is of this day.
func (t *Today) Holds(at time.Time) bool {
	return !at.Before(t.Since) && at.Before(t.Since.AddDate(0, 0, 1))
}

// Add counts a record, unless it was counted before or began on another day.
func (t *Today) Add(c *CDR) {
	if t.seen[c.SessionID] || !t.Holds(c.StartAt) {
		return
	}
	t.seen[c.SessionID] = true
	t.Groups.AddCall(c)
	t.Agents.AddCall(c)
	t.Inbound.add(c)
}

func (in *Inbound) add(c *CDR) {
	if c.number() == "" || c.number() != c.Callee {
		return
	}
	n := in.ByNumber[c.Callee]
	if n == nil {
		n = &NumberStages{ByGroup: map[int64]*Stages{}}
		in.ByNumber[c.Callee] = n
	}
	of := []*Stages{&in.Total, &n.Stages}
	if g := c.QueuedGroup; g != 0 {
		of = append(of, stagesOf(in.ByGroup, g), stagesOf(n.ByGroup, g))
	}
	for _, s := range of {
		s.add(c)
	}
}

func stagesOf(m map[int64]*Stages, group int64) *Stages {
	if m[group] == nil {
		m[group] = &Stages{}
	}
	return m[group]
}

// add counts one call in: the flow until it is queued or over, the queue until somebody is rung, the ringing until somebody
// answers, the talk until the end.
func (s *Stages) add(c *CDR) {
	first := func(times ...time.Time) time.Time {
		for _, t := range times {
			if !t.IsZero() {
				return t
			}
		}
		return c.EndAt
	}
	s.Flow.add(c.StartAt, first(c.QueuedAt, c.RingAt, c.AcceptAt))
	s.Queue.add(c.QueuedAt, first(c.RingAt, c.AcceptAt))
	s.Ring.add(c.RingAt, first(c.AcceptAt))
	s.Accept.add(c.AcceptAt, c.EndAt)
	for _, p := range c.Serves {
		s.Outside += one(p.User == "" && !p.AcceptAt.IsZero())
	}
}
