package report

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"openseat/core/acd"
	"openseat/core/call"
)

// The yardsticks of figures.
const (
	ServiceLevelWithin = 20 * time.Second // a queued call that is answered so soon is answered in time
	ShortAbandon       = 5 * time.Second  // who gives up so soon may have dialed wrong
)

// Figures are what calls and agents came to, in a stretch of time or of one group, agent or number.
type Figures struct {
	Offered        int // calls in
	InFlow         int // of these, ended in the flow
	Queued         int
	Answered       int
	Abandoned      int // gave up waiting or ringing
	AbandonedShort int
	WithinLevel    int
	Wait           time.Duration // of all queued
	LongestWait    time.Duration
	Out            int
	OutAnswered    int
	Internal       int
	Talk           time.Duration // of agents, all together
	Hold           time.Duration
	WrapUp         time.Duration
	Transfers      int
	Missed         int // times that an agent was rung and did not answer
	Rated          int // calls whose customer gave a mark
	RatingSum      int

	Online, Free, Busy, Rest, NotReady time.Duration // of agents
}

// ServiceLevel is the share of queued calls that were answered in time; -1 when there was none.
func (f *Figures) ServiceLevel() float64 {
	if f.Queued == 0 {
		return -1
	}
	return float64(f.WithinLevel) / float64(f.Queued)
}

// By is what the lines of a report are about.
type By string

// What a report may be by.
const (
	ByHour   By = "hour"
	ByDay    By = "day"
	ByGroup  By = "group"
	ByAgent  By = "agent"
	ByNumber By = "number"
)

// Filter chooses calls. Zero values do not filter.
type Filter struct {
	Group     int64
	User      string
	Number    string // of the instance
	Direction *call.Direction
}

// Report counts calls and agents' statuses of a stretch of time. Calls are told before statuses; it keeps their figures and when
// agents were through with them, but no records.
type Report struct {
	By       By
	Zone     *time.Location
	From, To time.Time // statuses are counted between them
	Filter   Filter

	Total Figures
	lines map[string]*Figures
	ends  map[string][]ending // by agent, of the calls that count
}

// ending is when an agent was through with a call, and what his after-call work belongs to, if lines are groups or numbers.
type ending struct {
	at            time.Time
	group, number string
}

// wrapUpDelay is how long after a call's end its after-call work may begin.
const wrapUpDelay = 2 * time.Second

// NewReport makes an empty report.
func NewReport(by By, zone *time.Location, from, to time.Time, f Filter) *Report {
	return &Report{By: by, Zone: zone, From: from, To: to, Filter: f, lines: map[string]*Figures{}, ends: map[string][]ending{}}
}

// Keys are the report's lines in order: times, group IDs, mails or numbers.
func (r *Report) Keys() []string { return slices.Sorted(maps.Keys(r.lines)) }

// Line is the figures of one line; the zero Figures when nothing happened.
func (r *Report) Line(key string) Figures {
	if f := r.lines[key]; f != nil {
		return *f
	}
	return Figures{}
}

func (r *Report) line(key string) *Figures {
	f := r.lines[key]
	if f == nil {
		f = &Figures{}
		r.lines[key] = f
	}
	return f
}

// AddCall counts a finished call.
func (r *Report) AddCall(c *CDR) {
	if !r.Filter.takes(c) {
		return
	}
	group, number := groupKey(c.QueuedGroup), c.number()
	for _, p := range c.Serves {
		if !p.AcceptAt.IsZero() {
			r.ends[p.User] = append(r.ends[p.User], ending{p.EndAt, group, number})
		}
	}
	r.Total.addCall(c)
	switch r.By {
	case ByAgent:
		r.addParts(c)
	case ByGroup:
		r.addTo(group, c)
	case ByNumber:
		r.addTo(number, c)
	case ByHour, ByDay:
		r.addTo(r.bucket(c.StartAt), c)
	}
}

func (r *Report) addTo(key string, c *CDR) {
	if key != "" {
		r.line(key).addCall(c)
	}
}

func groupKey(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// number is the instance's own in a call with the outside.
func (c *CDR) number() string {
	switch {
	case c.CallType == call.TypeInternal:
		return ""
	case c.Direction == call.Outbound:
		return c.Caller
	default:
		return c.Callee
	}
}

func (f Filter) takes(c *CDR) bool {
	part := func(is func(call.Participant) bool) bool { return slices.ContainsFunc(c.Serves, is) }
	return (f.Group == 0 || c.QueuedGroup == f.Group || part(func(p call.Participant) bool { return p.Group == f.Group })) &&
		(f.User == "" || part(func(p call.Participant) bool { return p.User == f.User })) &&
		(f.Number == "" || c.number() == f.Number) && (f.Direction == nil || c.Direction == *f.Direction)
}

// bucket names the hour or day of a moment.
func (r *Report) bucket(at time.Time) string {
	if r.By == ByDay {
		return at.In(r.Zone).Format("2006-01-02")
	}
	return at.In(r.Zone).Format("2006-01-02T15")
}

// addCall counts a call as a whole.
func (f *Figures) addCall(c *CDR) {
	switch {
	case c.CallType == call.TypeInternal:
		f.Internal++
	case c.Direction == call.Outbound:
		f.Out++
		f.OutAnswered += one(!c.AcceptAt.IsZero())
	default:
		f.addInbound(c)
	}
	for _, p := range c.Serves {
		f.addService(c, p)
	}
	f.addMark(c)
}

func (f *Figures) addInbound(c *CDR) {
	f.Offered++
	answered := !c.AcceptAt.IsZero()
	f.Answered += one(answered)
	if c.QueuedAt.IsZero() {
		f.InFlow += one(!answered)
		return
	}
	until := c.EndAt
	if answered {
		until = c.AcceptAt
	}
	wait := max(0, until.Sub(c.QueuedAt))
	abandoned := !answered && (c.End == call.EndWaitingGiveUp || c.End == call.EndRingingGiveUp)
	f.Queued++
	f.Wait += wait
	f.LongestWait = max(f.LongestWait, wait)
	f.Abandoned += one(abandoned)
	f.AbandonedShort += one(abandoned && wait <= ShortAbandon)
	f.WithinLevel += one(answered && wait <= ServiceLevelWithin)
}

// addService counts one agent's part, or one time that he was rung.
func (f *Figures) addService(c *CDR, p call.Participant) {
	if p.User == "" {
		return
	}
	if p.AcceptAt.IsZero() {
		f.Missed += one(c.missed(p))
		return
	}
	f.Talk += max(0, p.EndAt.Sub(p.AcceptAt))
	f.Hold += holdOf(p)
	f.Transfers += one(p.TransferTo != "")
}

// holdOf is how long the other party was on hold.
func holdOf(p call.Participant) time.Duration {
	var (
		sum   time.Duration
		since time.Time
	)
	for _, e := range p.Events {
		switch {
		case e.Type == "StaffHold" && since.IsZero():
			since = e.At
		case e.Type == "StaffUnhold" && !since.IsZero():
			sum += e.At.Sub(since)
			since = time.Time{}
		}
	}
	if !since.IsZero() {
		sum += p.EndAt.Sub(since)
	}
	return max(0, sum)
}

func (f *Figures) addMark(c *CDR) {
	if mark := c.score(); mark >= 0 {
		f.Rated++
		f.RatingSum += mark
	}
}

// addParts counts a call for each agent who had to do with it: as offered to him, answered, or called out by him.
func (r *Report) addParts(c *CDR) {
	for _, p := range c.Parts() {
		if r.Filter.User != "" && p.User != r.Filter.User {
			continue
		}
		f := r.line(p.User)
		answered := !p.AcceptAt.IsZero()
		switch {
		case c.CallType == call.TypeInternal:
			f.Internal++
		case c.Direction == call.Outbound && p.User == c.firstAgent():
			f.Out++
			f.OutAnswered += one(!c.AcceptAt.IsZero())
		default:
			f.Offered++
			f.Answered += one(answered)
		}
		for _, s := range c.Serves {
			if s.User == p.User {
				f.addService(c, s)
			}
		}
		if p.Score >= 0 {
			f.Rated++
			f.RatingSum += p.Score
		}
	}
}

// firstAgent is who called out.
func (c *CDR) firstAgent() string {
	for _, p := range c.Serves {
		if p.User != "" {
			return p.User
		}
	}
	return ""
}

// AddStatus counts an agent's status. One that goes on counts up to the end of the report.
func (r *Report) AddStatus(s StatusChange) {
	until := s.Until
	if until.IsZero() || until.After(r.To) {
		until = r.To
	}
	since := s.Since
	if since.Before(r.From) {
		since = r.From
	}
	if !since.Before(until) || s.Status == acd.StatusOffline || r.Filter.User != "" && s.User != r.Filter.User {
		return
	}
	of, known := r.before(s)
	ofCalls := r.Filter.Group != 0 || r.Filter.Number != "" || r.Filter.Direction != nil
	if ofCalls && (s.Status != acd.StatusArrange || !known) {
		return
	}
	add := func(key string, d time.Duration) {
		r.Total.addStatus(s.Status, d, ofCalls)
		if key != "" {
			r.line(key).addStatus(s.Status, d, ofCalls || r.By == ByGroup || r.By == ByNumber)
		}
	}
	switch r.By {
	case ByHour, ByDay:
		r.cut(since, until, add)
	case ByAgent:
		add(s.User, until.Sub(since))
	case ByGroup, ByNumber:
		key := ""
		if known {
			key = of.group
			if r.By == ByNumber {
				key = of.number
			}
		}
		add(key, until.Sub(since))
	}
}

// before is the call that after-call work is about.
func (r *Report) before(s StatusChange) (ending, bool) {
	if s.Status != acd.StatusArrange {
		return ending{}, false
	}
	ends := r.ends[s.User]
	i := slices.IndexFunc(ends, func(e ending) bool {
		late := s.Since.Sub(e.at)
		return late > -wrapUpDelay && late < wrapUpDelay
	})
	if i < 0 {
		return ending{}, false
	}
	return ends[i], true
}

// cut cuts a stretch of time at the report's hours or days.
func (r *Report) cut(since, until time.Time, add func(string, time.Duration)) {
	for since.Before(until) {
		end := r.after(since)
		if end.After(until) {
			end = until
		}
		add(r.bucket(since), end.Sub(since))
		since = end
	}
}

// after is when the next hour or day begins. Days have 23 or 25 hours, too.
func (r *Report) after(at time.Time) time.Time {
	if r.By == ByHour {
		return at.In(r.Zone).Truncate(time.Minute).Add(time.Duration(60-at.In(r.Zone).Minute()) * time.Minute)
	}
	local := at.In(r.Zone)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, r.Zone)
}

// addStatus counts a stretch of a status. workOnly counts what belongs to calls.
func (f *Figures) addStatus(s acd.Status, d time.Duration, workOnly bool) {
	if s == acd.StatusArrange {
		f.WrapUp += d
	}
	if workOnly {
		return
	}
	f.Online += d
	switch s {
	case acd.StatusFree:
		f.Free += d
	case acd.StatusBusy:
		f.Busy += d
	case acd.StatusRest:
		f.Rest += d
	case acd.StatusNotReady:
		f.NotReady += d
	case acd.StatusArrange, acd.StatusOffline:
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
