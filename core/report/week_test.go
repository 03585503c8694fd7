package report_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
	"openseat/core/org"
	"openseat/core/report"
)

// week is a simulated week of a desk: customers call, choose, wait, talk and hang up; agents answer, miss, work after the call,
// rest and go home.
type week struct {
	t      *testing.T
	r      *rand.Rand
	w      *calltest.World
	agents []string
	served map[string]bool // sessions that somebody answered
}

const (
	weekDays    = 5
	callsADay   = 250
	weekAgents  = 12
	hotline     = "00864008001000"
	workdayEnds = 9 * time.Hour
)

func liveWeek(t *testing.T) *week {
	t.Helper()
	flow, err := os.ReadFile("../call/testdata/welcome.json")
	if err != nil {
		t.Fatal(err)
	}
	plan := call.Plan{App: calltest.App, Flow: json.RawMessage(flow), Groups: map[int64]*org.SkillGroup{
		1: {ID: 1, Name: "Support", RingTimeout: 15 * time.Second, WrapUp: 20 * time.Second},
		2: {ID: 2, Name: "Sales", RingTimeout: 15 * time.Second},
	}}
	k := &week{t: t, r: rand.New(rand.NewPCG(4, 8)), served: map[string]bool{}}
	var agents []acd.AgentPlan
	for i := range weekAgents {
		user := fmt.Sprintf("agent%02d", i)
		k.agents = append(k.agents, user)
		agents = append(agents, acd.AgentPlan{User: user, Groups: map[int64]int{1 + int64(i%2): 3, 1: 3}})
	}
	k.w = calltest.New(plan, agents)
	k.w.Watch = k.react
	for day := range weekDays {
		k.liveDay(calltest.Start.AddDate(0, 0, day), day)
	}
	k.w.Run(calltest.Start.AddDate(0, 0, weekDays))
	return k
}

func (k *week) within(d time.Duration) time.Duration { return time.Duration(k.r.Int64N(int64(d))) }

func (k *week) liveDay(begin time.Time, day int) {
	at := func(when time.Time, do func()) { k.w.After(when.Sub(k.w.Now), do) }
	k.w.Run(begin)
	for _, a := range k.agents {
		at(begin.Add(k.within(30*time.Minute)), func() { k.w.Tell(acd.SignedIn{User: a, Conn: fmt.Sprint(a, day)}) })
		at(begin.Add(3*time.Hour+k.within(time.Hour)), func() { k.w.Tell(acd.StatusSet{User: a, Status: acd.StatusRest, Reason: "lunch"}) })
		at(begin.Add(4*time.Hour+k.within(time.Hour)), func() { k.w.Tell(acd.StatusSet{User: a, Status: acd.StatusFree}) })
		at(begin.Add(workdayEnds+k.within(20*time.Minute)), func() { k.w.Tell(acd.SignedOut{User: a}) })
	}
	for n := range callsADay {
		session := fmt.Sprintf("d%d-%d", day, n)
		at(begin.Add(k.within(workdayEnds)), func() { k.arrive(session, fmt.Sprintf("00861380000%04d", n)) })
	}
}

// arrive is a customer who calls, presses a key or not, and has so much patience.
func (k *week) arrive(session, caller string) {
	k.w.Arrive(session, caller, hotline)
	if key := "1122 "[k.r.IntN(5)]; key != ' ' {
		k.w.After(k.within(6*time.Second), func() { k.does(session, call.Digit{Leg: call.CustomerLeg, Digit: string(key)}) })
	}
	k.w.After(k.within(4*time.Minute), func() {
		if !k.served[session] {
			k.leaves(session)
		}
	})
}

func (k *week) does(session string, e openseat.Event) {
	if k.w.Alive(session, call.CustomerLeg) && !k.w.Ended(session) {
		k.w.Customer(session, e)
	}
}

func (k *week) leaves(session string) {
	k.does(session, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
}

// react is what people do about what their pages show.
func (k *week) react(e openseat.Entry) {
	for _, c := range e.Commands {
		if n, ok := c.(call.Notify); ok {
			k.reactTo(e.Ref.ID, n)
		}
		if a, ok := c.(acd.AgentChanged); ok && a.Status == acd.StatusNotReady { // he missed a call, and comes back
			k.w.After(time.Minute, func() { k.w.Tell(acd.StatusSet{User: a.User, Status: acd.StatusFree}) })
		}
	}
}

func (k *week) reactTo(session string, n call.Notify) {
	switch n.Event {
	case "callIn":
		if k.r.IntN(8) > 0 {
			k.w.After(k.within(12*time.Second), func() { k.w.Pending(session, call.Accepted{User: n.User, Conn: "c"}) })
		}
	case "userAccessed":
		k.served[session] = true
		if k.r.IntN(4) == 0 {
			k.w.After(k.within(30*time.Second), func() { k.w.Pending(session, call.HeldByAgent{User: n.User, On: true}) })
			k.w.After(30*time.Second+k.within(20*time.Second), func() { k.w.Pending(session, call.HeldByAgent{User: n.User, On: false}) })
		}
		k.w.After(50*time.Second+k.within(3*time.Minute), func() {
			if k.r.IntN(2) == 0 {
				k.leaves(session)
				return
			}
			k.w.Pending(session, call.HungUp{User: n.User})
			k.w.After(4*time.Second, func() { k.does(session, call.Digit{Leg: call.CustomerLeg, Digit: "1"}) })
			k.w.After(20*time.Second, func() { k.leaves(session) })
		})
	}
}

// recount counts the week by what was told and wanted in it, without any record.
type recount struct {
	figures  report.Figures
	queued   map[string]time.Time
	accepted map[string]time.Time
	talks    map[string]time.Time // since, by session and agent
	holds    map[string]time.Time
	statuses map[string]report.StatusChange
	to       time.Time
}

func (k *week) recount(to time.Time) report.Figures {
	c := &recount{
		queued: map[string]time.Time{}, accepted: map[string]time.Time{}, talks: map[string]time.Time{}, holds: map[string]time.Time{},
		statuses: map[string]report.StatusChange{}, to: to,
	}
	for _, e := range k.w.Entries {
		if _, ok := e.Event.(call.Arrived); ok {
			c.figures.Offered++
		}
		for _, cmd := range e.Commands {
			c.command(e, cmd)
		}
	}
	for _, s := range c.statuses {
		c.lasted(s, to)
	}
	return c.figures
}

func (c *recount) command(e openseat.Entry, cmd openseat.Command) {
	session := e.Ref.ID
	switch cmd := cmd.(type) {
	case openseat.Tell:
		if _, enqueued := cmd.Event.(acd.Enqueued); enqueued && c.queued[session].IsZero() {
			c.queued[session] = e.At
		}
	case call.Notify:
		c.shown(session+" "+cmd.User, session, cmd, e.At)
	case call.Closed:
		c.closed(session, cmd.Record, e.At)
	case acd.AgentChanged:
		if cmd.Status != cmd.Before {
			c.lasted(c.statuses[cmd.User], cmd.Since)
			c.statuses[cmd.User] = report.StatusChange{User: cmd.User, Status: cmd.Status, Since: cmd.Since}
		}
	}
}

// shown counts what an agent's page showed.
func (c *recount) shown(talk, session string, n call.Notify, at time.Time) {
	switch n.Event {
	case "callIn":
		c.figures.Missed++ // until he answers
	case "userAccessed":
		c.figures.Missed--
		c.talks[talk] = at
		if c.accepted[session].IsZero() {
			c.accepted[session] = at
		}
	case "callChanged":
		if held := n.Data["held"] == true; held == c.holds[talk].IsZero() {
			c.hold(talk, held, at)
		}
	case "sessionEnded":
		if since := c.talks[talk]; !since.IsZero() {
			c.figures.Talk += at.Sub(since)
			delete(c.talks, talk)
		}
		if !c.holds[talk].IsZero() {
			c.hold(talk, false, at)
		}
	}
}

func (c *recount) hold(talk string, on bool, at time.Time) {
	if on {
		c.holds[talk] = at
		return
	}
	c.figures.Hold += at.Sub(c.holds[talk])
	delete(c.holds, talk)
}

func (c *recount) closed(session string, f call.Facts, at time.Time) {
	queued, accepted := c.queued[session], c.accepted[session]
	if key := f.PostKeys; len(key) > 0 && key[0].Key == "1" {
		c.figures.Rated++
		c.figures.RatingSum++
	}
	if !accepted.IsZero() {
		c.figures.Answered++
	}
	if queued.IsZero() {
		if accepted.IsZero() {
			c.figures.InFlow++
		}
		return
	}
	until := at
	if !accepted.IsZero() {
		until = accepted
	}
	wait := until.Sub(queued)
	c.figures.Queued++
	c.figures.Wait += wait
	c.figures.LongestWait = max(c.figures.LongestWait, wait)
	switch {
	case !accepted.IsZero():
		if wait <= report.ServiceLevelWithin {
			c.figures.WithinLevel++
		}
	case f.End == call.EndWaitingGiveUp || f.End == call.EndRingingGiveUp:
		c.figures.Abandoned++
		if wait <= report.ShortAbandon {
			c.figures.AbandonedShort++
		}
	}
}

func (c *recount) lasted(s report.StatusChange, until time.Time) {
	if s.User == "" || s.Status == acd.StatusOffline {
		return
	}
	d := until.Sub(s.Since)
	c.figures.Online += d
	switch s.Status {
	case acd.StatusFree:
		c.figures.Free += d
	case acd.StatusBusy:
		c.figures.Busy += d
	case acd.StatusRest:
		c.figures.Rest += d
	case acd.StatusNotReady:
		c.figures.NotReady += d
	case acd.StatusArrange:
		c.figures.WrapUp += d
	case acd.StatusOffline:
	}
}

// Every figure of a report, made of records, equals a recount of the journal.
func TestAWeekRecounted(t *testing.T) {
	if testing.Short() {
		t.Skip("lives through a week")
	}
	k := liveWeek(t)
	from, to := calltest.Start, calltest.Start.AddDate(0, 0, weekDays)
	want := k.recount(to)
	if want.Offered != weekDays*callsADay || want.Answered < want.Offered/3 || want.Abandoned == 0 || want.Missed == 0 || want.Hold == 0 || want.Rated == 0 {
		t.Fatalf("a strange week: %+v", want)
	}
	records, statuses := k.past()
	for _, by := range []report.By{report.ByHour, report.ByDay, report.ByGroup, report.ByAgent, report.ByNumber} {
		r := report.NewReport(by, time.UTC, from, to, report.Filter{})
		for i := range records {
			r.AddCall(&records[i])
		}
		for _, s := range statuses {
			r.AddStatus(s)
		}
		if r.Total != want {
			t.Errorf("by %s:\nreport  %+v\nrecount %+v", by, r.Total, want)
		}
	}
}

// past is what the store keeps of the week.
func (k *week) past() ([]report.CDR, []report.StatusChange) {
	var (
		records  []report.CDR
		statuses []report.StatusChange
	)
	last := map[string]int{}
	for _, e := range k.w.Entries {
		for _, c := range e.Commands {
			switch c := c.(type) {
			case call.Closed:
				records = append(records, report.NewCDR(c.Record, &org.View{}))
			case acd.AgentChanged:
				if c.Status == c.Before {
					continue
				}
				if i, known := last[c.User]; known {
					statuses[i].Until = c.Since
				}
				last[c.User] = len(statuses)
				statuses = append(statuses, report.StatusChange{User: c.User, Status: c.Status, Since: c.Since})
			}
		}
	}
	return records, statuses
}
