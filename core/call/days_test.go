package call_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
	"openseat/core/org"
)

// TestRandomDays lives through days of random calls, agents, drops, time-outs and crashes, and holds them against what must
// be true of every day, whatever happens in it. DAYS=3000 lives through more of them.
func TestRandomDays(t *testing.T) {
	days, _ := strconv.Atoi(os.Getenv("DAYS"))
	days = max(days, 60)
	if testing.Short() && days == 60 {
		days = 15
	}
	for seed := range days {
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) { liveDay(t, uint64(seed)) })
	}
}

// day is one random day.
type day struct {
	t     *testing.T
	r     *rand.Rand
	w     *calltest.World
	calls []string
	conns int
	seen  int // journal entries looked at
	quiet bool
	busy  map[string]string
	asked map[string]int // replies by ask
	hung  map[string]int // "session/leg": times hung up
}

var agents = []string{"alice", "bob", "carol", "dave", "erin"}

func liveDay(t *testing.T, seed uint64) {
	d := &day{t: t, r: rand.New(rand.NewPCG(seed, 7)), busy: map[string]string{}, asked: map[string]int{}, hung: map[string]int{}}
	d.w = calltest.New(dayPlan(t), dayAgents())
	d.w.Watch, d.quiet = d.watch, seed%3 > 0
	for range 600 {
		d.step()
		d.w.Run(d.w.Now.Add(time.Duration(d.r.IntN(4000)) * time.Millisecond))
		d.look()
	}
	d.w.Run(d.w.Now.Add(6 * time.Hour))
	d.look()
	d.endOfDay()
}

func dayPlan(t *testing.T) call.Plan {
	def, err := os.ReadFile("testdata/welcome.json")
	if err != nil {
		t.Fatal(err)
	}
	return call.Plan{App: calltest.App, Flow: json.RawMessage(def), Groups: map[int64]*org.SkillGroup{
		1: {ID: 1, Name: "Support", RingTimeout: 8 * time.Second, WrapUp: 5 * time.Second},
		2: {ID: 2, Name: "Sales", RingTimeout: 8 * time.Second, RingAll: true},
	}}
}

func dayAgents() []acd.AgentPlan {
	var out []acd.AgentPlan
	for i, a := range agents {
		groups := map[int64]int{1: 1 + i%3}
		if i%2 == 0 {
			groups[2] = 3
		}
		p := acd.AgentPlan{User: a, Groups: groups}
		switch a {
		case "dave":
			p.Seat = acd.SeatExtension
		case "erin":
			p.Mobile = acd.MobileOffline
		}
		out = append(out, p)
	}
	return out
}

// step has something happen.
func (d *day) step() {
	agent := agents[d.r.IntN(len(agents))]
	switch n := d.r.IntN(100); {
	case n < 12:
		d.conns++
		d.w.Tell(acd.SignedIn{User: agent, Conn: fmt.Sprint(agent, d.conns)})
	case n < 15:
		d.w.Tell(acd.ConnLost{User: agent, Conn: fmt.Sprint(agent, d.conns)})
	case n < 17:
		d.w.Tell(acd.SignedOut{User: agent})
	case n < 24:
		d.w.Tell(acd.StatusSet{User: agent, Status: []acd.Status{acd.StatusFree, acd.StatusNotReady, acd.StatusRest}[d.r.IntN(3)]})
	case n < 27:
		d.w.NoMedia[agent] = !d.w.NoMedia[agent]
	case n < 45 && d.quiet && n > 30: // agents have time for each other
		d.w.Tell(acd.StatusSet{User: agent, Status: acd.StatusFree})
	case n < 30 && d.quiet:
	case n < 45:
		d.calls = append(d.calls, fmt.Sprint("in", len(d.calls)))
		d.w.Arrive(d.calls[len(d.calls)-1], "008613800138000", "00864008001000")
	case n < 50:
		d.calls = append(d.calls, fmt.Sprint("out", len(d.calls)))
		out := call.CallOut{Plan: d.w.Plan, User: agent, Trunk: "demo", Caller: "00864008001000", Callee: "008613900000001", Group: 1}
		out.Seat, out.AtDoor = d.door(agent)
		d.w.BeginPending(d.calls[len(d.calls)-1], out)
		d.putDown(out.AtDoor)
	case n < 53:
		d.calls = append(d.calls, fmt.Sprint("int", len(d.calls)))
		in := call.CallIn{Plan: d.w.Plan, User: agent, ToUser: d.agent(), Mobile: d.r.IntN(3) == 0}
		in.Seat, in.AtDoor = d.door(agent)
		d.w.BeginPending(d.calls[len(d.calls)-1], in)
		d.putDown(in.AtDoor)
	case n < 54:
		d.calls = append(d.calls, fmt.Sprint("flow", len(d.calls)))
		d.w.Begin(d.calls[len(d.calls)-1], call.CallOutFlow{Plan: d.w.Plan, Trunk: "demo", Caller: "00864008001000", Callee: "008613900000001"})
	case n < 55:
		d.w.Tell([]openseat.Event{acd.PhoneUp{User: "dave"}, acd.PhoneDown{User: "dave"}, acd.PhoneUp{User: "alice"}}[d.r.IntN(3)])
		d.w.Lifts[agent] = d.r.IntN(3) > 0
	case n < 56 && d.r.IntN(4) == 0:
		d.w.Crash(d.w.Now.Add(-time.Second))
	case n < 57 && d.r.IntN(4) == 0:
		d.w.Stab = true
	case n < 58 && d.r.IntN(4) == 0: // the board's node dies, the calls' do not
		d.w.Tell(openseat.OwnerLost{Node: "n2", LastAlive: d.w.Now.Add(-time.Second)})
	default:
		d.callStep(agent)
	}
}

// door is what an agent calls from: often his SIP phone, if he has one.
func (d *day) door(agent string) (seat acd.Seat, atDoor bool) {
	if agent == "dave" && d.r.IntN(3) > 0 {
		return acd.SeatExtension, true
	}
	return "", false
}

// putDown has an agent who dialed on his SIP phone hang up soon, sometimes before the board has answered.
func (d *day) putDown(atDoor bool) {
	if atDoor && d.r.IntN(3) == 0 {
		d.w.Run(d.w.Now.Add(time.Duration(d.r.IntN(6)) * calltest.CourierTime))
		d.w.Customer(d.calls[len(d.calls)-1], call.LegEnded{Leg: "a1", Cause: call.Cause{SIP: 487, ByPeer: true}})
	}
}

func (d *day) agent() string { return agents[d.r.IntN(len(agents))] }

// callStep has something happen to one of the latest calls.
func (d *day) callStep(agent string) {
	if len(d.calls) == 0 {
		return
	}
	s := d.calls[max(0, len(d.calls)-1-d.r.IntN(8))]
	if running := d.running(); len(running) > 0 && d.r.IntN(4) > 0 {
		s = running[d.r.IntN(len(running))]
	}
	if d.r.IntN(2) == 0 {
		if c := d.w.Call(s); c != nil && d.r.IntN(5) > 0 {
			if talkers := call.Talkers(c); len(talkers) > 0 {
				agent = talkers[d.r.IntN(len(talkers))]
			}
		}
		d.ask(s, d.teamWord(agent))
		return
	}
	leg := d.leg()
	switch d.r.IntN(20) {
	case 0, 1, 2:
		d.w.Customer(s, call.Digit{Leg: call.CustomerLeg, Digit: string("1234#"[d.r.IntN(5)])})
	case 3, 4, 5, 6:
		for _, a := range agents {
			d.ask(s, call.Accepted{User: a, Conn: "c"})
		}
	case 7:
		d.ask(s, call.Declined{User: agent})
	case 8, 9:
		d.ask(s, call.HungUp{User: agent})
	case 10:
		d.w.Customer(s, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
	case 11:
		d.ask(s, call.HeldByAgent{User: agent, On: d.r.IntN(2) == 0})
	case 12:
		d.w.TellCall(s, call.MediaLost{Leg: leg})
	case 13:
		d.w.TellCall(s, call.MediaBack{Leg: leg})
	case 14:
		d.w.Customer(s, call.LegRinging{Leg: d.far()})
	case 15:
		d.w.Customer(s, call.LegAnswered{Leg: d.far()})
	case 17:
		d.w.Customer(s, call.LegProgress{Leg: d.far()})
	case 18:
		d.ask(s, call.Muted{User: agent, On: d.r.IntN(2) == 0})
	case 19:
		d.ask(s, call.ViewWanted{User: agent})
	case 16:
		if d.w.Alive(s, leg) {
			d.w.Customer(s, call.LegEnded{Leg: leg, Cause: call.Cause{SIP: []int{200, 486, 480}[d.r.IntN(3)], ByPeer: true}})
		}
	}
}

// running lists the calls that somebody talks in.
func (d *day) running() (out []string) {
	for _, s := range d.calls[max(0, len(d.calls)-30):] {
		if c := d.w.Call(s); c != nil && len(call.Talkers(c)) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// teamWord is something an agent asks of a call of several.
func (d *day) teamWord(agent string) openseat.Event {
	group := int64(1 + d.r.IntN(2))
	switch d.r.IntN(12) {
	case 0, 1:
		return call.Transferred{User: agent, ToUser: d.agent()}
	case 2, 3:
		return call.Transferred{User: agent, ToGroup: group}
	case 4:
		return call.TransferCancelled{User: agent}
	case 5:
		return call.Invited{User: agent, ToUser: d.agent()}
	case 6:
		return call.Invited{User: agent, ToGroup: group, Wait: d.r.IntN(2) == 0}
	case 7:
		return call.Invited{User: agent, Phone: "008613700000007", Trunk: "demo", Caller: "00864008001000"}
	case 8:
		return call.Reconnected{User: agent}
	case 9:
		return call.Kicked{User: agent, Member: d.leg()}
	case 10:
		return call.Monitored{User: agent, Mode: []call.MonitorMode{call.Listen, call.Whisper, call.Barge, call.Read}[d.r.IntN(4)]}
	default:
		return call.Intercepted{User: agent}
	}
}

func (d *day) leg() string {
	return fmt.Sprint([]string{"a", "a", "p", "m"}[d.r.IntN(4)], 1+d.r.IntN(3))
}

func (d *day) far() string { return []string{call.CustomerLeg, "p1", "p2"}[d.r.IntN(3)] }

func (d *day) ask(session string, e openseat.Event) { d.w.Pending(session, e) }

// watch looks on after every word that a call was told.
func (d *day) watch(e openseat.Entry) {
	if e.Ref.Kind != openseat.KindCall {
		return
	}
	for _, c := range e.Commands {
		switch c := c.(type) {
		case call.Hear:
			d.discreet(e.Ref.ID, c)
		case openseat.Reply:
			d.asked[c.Ask]++
			if d.asked[c.Ask] > 1 {
				d.t.Errorf("%s: %s was answered twice", e.Ref.ID, c.Ask)
			}
		case call.HangUpLeg:
			leg := e.Ref.ID + "/" + c.Leg
			if d.hung[leg]++; d.hung[leg] > 1 {
				d.t.Errorf("%s was hung up twice", leg)
			}
		}
	}
	d.discreet(e.Ref.ID, call.Hear{Legs: d.w.Heard(e)})
}

// discreet: nobody hears whom he must not.
func (d *day) discreet(session string, h call.Hear) {
	c := d.w.Call(session)
	if call.IsClosed(c) {
		return
	}
	unheard, toAgents := call.Unheard(c)
	for listener, heard := range h.Legs {
		for _, leg := range heard {
			if slices.Contains(unheard, leg) || slices.Contains(toAgents, leg) && !slices.Contains(call.AgentLegs(c), listener) {
				d.t.Errorf("%s: %s hears %s", session, listener, leg)
			}
		}
	}
}

// look checks what has happened since the last look.
func (d *day) look() {
	for ; d.seen < len(d.w.Entries); d.seen++ {
		e := d.w.Entries[d.seen]
		if e.Ref.Kind != openseat.KindCall {
			continue
		}
		for _, c := range e.Commands {
			d.noDoubleTalk(e.Ref.ID, c)
		}
	}
}

// noDoubleTalk: an agent never talks in two calls at once, and hears the end of one before the next begins.
func (d *day) noDoubleTalk(session string, c openseat.Command) {
	switch c := c.(type) {
	case call.OpenAgent:
		if c.Leg[0] == 'm' { // who listens is not in talk
			return
		}
		if other := d.busy[c.User]; other != "" && other != session {
			d.t.Errorf("%s talks in %s and %s", c.User, other, session)
		}
		d.busy[c.User] = session
	case call.Notify:
		if over := c.Event == "sessionEnded" || c.Event == "autoTransfer"; over && d.busy[c.User] == session {
			delete(d.busy, c.User)
		}
	}
}

// endOfDay: every call has ended with one record that makes sense, and nobody is left in a state without a cause.
func (d *day) endOfDay() {
	records := map[string]int{}
	for _, e := range d.w.Entries {
		for _, c := range e.Commands {
			if closed, ok := c.(call.Closed); ok {
				records[e.Ref.ID]++
				d.sane(closed.Record)
			}
		}
	}
	for _, s := range d.calls {
		if !d.w.Ended(s) {
			d.t.Errorf("%s lives on", s)
		}
		if records[s] > 1 || (records[s] == 0 && strings.HasPrefix(s, "in") && !strings.HasPrefix(s, "int")) {
			d.t.Errorf("%s left %d records", s, records[s])
		}
	}
	if open := d.w.Unanswered(); len(open) > 0 {
		d.t.Errorf("never answered: %v", open)
	}
	for _, a := range d.w.Board().Agents() {
		if a.Status == acd.StatusBusy || a.Status == acd.StatusArrange || a.Ringing != nil {
			d.t.Errorf("%s is %s with nothing going on", a.User, a.Status)
		}
	}
	if d.t.Failed() {
		d.t.Logf("journal:\n%s", tail(d.w.Log, 80))
	}
}

func tail(lines []string, n int) string {
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// sane: times follow each other, and every part has an end.
func (d *day) sane(f call.Facts) {
	if f.Direction == call.Inbound {
		ordered(d.t, f.SessionID, f.StartAt, f.QueuedAt, f.RingAt, f.AcceptAt, f.EndAt)
	} else { // who was called by a flow has answered before he waits
		ordered(d.t, f.SessionID, f.StartAt, f.RingAt, f.AcceptAt, f.EndAt)
		ordered(d.t, f.SessionID, f.StartAt, f.QueuedAt, f.EndAt)
	}
	for i, p := range f.Serves {
		ordered(d.t, f.SessionID+"/"+p.Leg, p.StartAt, p.RingAt, p.AcceptAt, p.EndAt)
		if p.Sequence != i || p.EndAt.IsZero() || p.EndAt.After(f.EndAt) {
			d.t.Errorf("%s: part %d is %+v, of a call that ended %v", f.SessionID, i, p, f.EndAt)
		}
	}
	if f.HungUpSide == "" || f.EndAt.IsZero() {
		d.t.Errorf("%s ended without a side or a time: %+v", f.SessionID, f)
	}
	talked := slices.ContainsFunc(f.Serves, func(p call.Participant) bool { return p.Record != "" })
	if f.CallType != call.TypeInternal && (f.Record != "") != talked {
		d.t.Errorf("%s: the customer's recording is %q, the agents' say talked=%v", f.SessionID, f.Record, talked)
	}
}

func ordered(t *testing.T, what string, times ...time.Time) {
	var last time.Time
	for _, at := range times {
		if at.IsZero() {
			continue
		}
		if at.Before(last) {
			t.Errorf("%s: times go back: %v", what, times)
			return
		}
		last = at
	}
}

// TestReplayIsTheSame: the same events at the same times give the same commands, so that a call can be made again from its
// journal.
func TestReplayIsTheSame(t *testing.T) {
	d := &day{t: t, r: rand.New(rand.NewPCG(99, 7)), busy: map[string]string{}}
	d.w = calltest.New(dayPlan(t), dayAgents())
	for range 300 {
		d.step()
		d.w.Run(d.w.Now.Add(time.Duration(d.r.IntN(4000)) * time.Millisecond))
	}
	again := map[openseat.Ref]*call.Call{}
	for _, e := range d.w.Entries {
		if e.Ref.Kind != openseat.KindCall {
			continue
		}
		if again[e.Ref] == nil {
			again[e.Ref] = call.New(e.Ref)
		}
		got, want := fmt.Sprintf("%+v", again[e.Ref].Handle(e.At, e.Event)), fmt.Sprintf("%+v", e.Commands)
		if got != want {
			t.Fatalf("%s at %v: replay gives\n%s\nnot\n%s", e.Ref.ID, e.At, got, want)
		}
	}
}
