package acd

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"openseat"
)

const app = openseat.AppID(1400000001)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// call names the work of these tests.
func call(name string) openseat.Ref { return openseat.CallRef(app, name) }

// say tells a command the way a supervisor would.
func say(c openseat.Command) string {
	switch c := c.(type) {
	case openseat.Tell:
		return c.To.ID + ": " + sayEvent(c.Event)
	case openseat.SetTimer:
		return fmt.Sprintf("timer %s %s", c.Name, c.After)
	case openseat.StopTimer:
		return "stop " + c.Name
	case openseat.Reply:
		if c.Error != nil {
			return "error " + c.Error.Code
		}
		return fmt.Sprintf("answer %v", c.Value)
	case AgentChanged:
		return sayChange(c)
	}
	return fmt.Sprintf("%T", c)
}

func sayChange(c AgentChanged) string {
	s := fmt.Sprintf("%s %s", c.User, c.Status)
	if c.Reason != "" {
		s += " (" + c.Reason + ")"
	}
	if c.Reserved != "" {
		s += " then " + string(c.Reserved)
	}
	if len(c.Work) > 0 {
		s += " with " + c.Work[0].ID
	}
	return s
}

func sayEvent(e openseat.Event) string {
	switch e := e.(type) {
	case Offered:
		return strings.TrimSpace(fmt.Sprintf("offered %s %s", e.User, e.Conn)) + sayOn(e.Seat)
	case OfferRevoked:
		return fmt.Sprintf("revoked %s %s", e.User, e.Reason)
	case NobodyOnline:
		return "nobody"
	case Position:
		return fmt.Sprintf("place %d", e.Place)
	case Granted:
		return "granted " + e.User + sayOn(e.Seat)
	case AllBusy:
		return "all busy"
	case Refused:
		return "refused " + e.User + " " + e.Code
	case AgentGone:
		return e.User + " is gone"
	case HoldWanted:
		return strings.TrimSpace("held? " + e.User)
	}
	return fmt.Sprintf("%T", e)
}

func sayOn(s Seat) string {
	if s == "" {
		return ""
	}
	return " on " + string(s)
}

// step is a moment of a story: what the board is told, and what it must say, in order. Timers that are set and stopped are
// left out unless a step says timers.
type step struct {
	at     time.Duration
	tell   openseat.Event
	want   string // commands, one a line
	timers bool
}

type story struct {
	name  string
	steps []step
}

func runStory(t *testing.T, b *Board, steps []step) {
	t.Helper()
	for i, s := range steps {
		var got []string
		for _, c := range b.Handle(morning.Add(s.at), s.tell) {
			line := say(c)
			if isTimer := strings.HasPrefix(line, "timer ") || strings.HasPrefix(line, "stop "); isTimer && !s.timers {
				continue
			}
			got = append(got, line)
		}
		var want []string
		for line := range strings.Lines(s.want) {
			if line = strings.TrimSpace(line); line != "" {
				want = append(want, line)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d at %s, told %T %+v:\n got  %q\n want %q", i, s.at, s.tell, s.tell, got, want)
		}
	}
}

// desk is the plan most stories play at.
func desk() Configured {
	return Configured{
		Groups: []GroupPlan{{ID: 1}, {ID: 2}, {ID: 3, RingAll: true}, {ID: 4, UseLastSeat: true}},
		Agents: []AgentPlan{
			{User: "alice", Groups: map[int64]int{1: 1, 3: 1, 4: 1}},
			{User: "bob", Groups: map[int64]int{1: 1, 2: 1, 3: 1, 4: 1}},
			{User: "carol", Groups: map[int64]int{3: 1, 4: 1}},
			{User: "dave", Groups: map[int64]int{2: 2}},
		},
	}
}

func in(user string) SignedIn                 { return SignedIn{User: user, Conn: user + "-1"} }
func set(user string, s Status) StatusSet     { return StatusSet{User: user, Status: s} }
func queue(work string, group int64) Enqueued { return Enqueued{Work: call(work), Group: group} }
func take(work, user string) OfferTaken       { return OfferTaken{Work: call(work), User: user} }
func miss(work, user, reason string) OfferMissed {
	return OfferMissed{Work: call(work), User: user, Reason: reason}
}
func drop(work string) Withdrawn            { return Withdrawn{Work: call(work)} }
func dial(work, user string) Occupied       { return Occupied{Work: call(work), User: user} }
func lose(user string) ConnLost             { return ConnLost{User: user, Conn: user + "-1"} }
func fired(name string) openseat.TimerFired { return openseat.TimerFired{Name: name} }
func ask(e openseat.Event) openseat.Asked   { return openseat.Asked{Ask: "q", Event: e} }
func release(work, user string, wrapUp time.Duration) Released {
	return Released{Work: call(work), User: user, WrapUp: wrapUp}
}

func TestStories(t *testing.T) {
	const s = time.Second
	stories := []story{
		{"a call is offered, taken, wrapped up", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1\ntimer offer:alice 2m0s", true},
			{2 * s, take("c1", "alice"), "stop offer:alice\nalice busy with c1", true},
			{9 * s, release("c1", "alice", 30*s), "timer wrapup:alice 30s\nalice arrange", true},
			{39 * s, fired("wrapup:alice"), "alice free", true},
		}},
		{"the agent free for longest is first", []step{
			{0, in("bob"), "bob free", false},
			{1 * s, in("alice"), "alice free", false},
			{2 * s, queue("c1", 1), "c1: offered bob bob-1", false},
			{3 * s, queue("c2", 1), "c2: offered alice alice-1", false},
			{4 * s, take("c2", "alice"), "alice busy with c2", false},
			{5 * s, take("c1", "bob"), "bob busy with c1", false},
			{6 * s, release("c2", "alice", 0), "alice free", false},
			{7 * s, release("c1", "bob", 0), "bob free", false},
			{8 * s, queue("c3", 1), "c3: offered alice alice-1", false},
		}},
		{"the agent's priority in the group goes before idleness", []step{
			{0, in("dave"), "dave free", false},
			{1 * s, in("bob"), "bob free", false},
			{2 * s, queue("c1", 2), "c1: offered bob bob-1", false},
			{3 * s, queue("c2", 2), "c2: offered dave dave-1", false},
			{4 * s, queue("c3", 2), "c3: place 1", false},
		}},
		{"priority, then longest waiting, then who came first", []step{
			{0, in("alice"), "alice free", false},
			{0, set("alice", StatusNotReady), "alice notReady", false},
			{1 * s, Enqueued{Work: call("c1"), Group: 1, Priority: 5}, "c1: place 1", false},
			{2 * s, Enqueued{Work: call("c2"), Group: 1, Priority: 3}, "c2: place 1", false},
			{2 * s, Enqueued{Work: call("c3"), Group: 1, Priority: 3}, "c3: place 2", false},
			{3 * s, Enqueued{Work: call("c4"), Group: 1, Priority: 3, Since: morning.Add(s)}, "c4: place 1", false},
			{4 * s, PositionWanted{call("c1")}, "c1: place 4", false},
			{5 * s, set("alice", StatusFree), "alice free\nc4: offered alice alice-1", false},
			{6 * s, drop("c4"), "c2: offered alice alice-1", false},
			{7 * s, drop("c2"), "c3: offered alice alice-1", false},
			{8 * s, drop("c3"), "c1: offered alice alice-1", false},
			{9 * s, PositionWanted{call("c1")}, "c1: place 1", false},
		}},
		{"who does not answer is notReady, the next is rung, the work keeps its age", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, queue("c2", 1), "c2: offered bob bob-1", false},
			{3 * s, queue("c3", 1), "c3: place 1", false},
			{21 * s, miss("c1", "alice", "timeout"), "alice notReady (timeout)\nc1: place 1", false},
			{22 * s, take("c2", "bob"), "bob busy with c2", false},
			{30 * s, release("c2", "bob", 0), "bob free\nc1: offered bob bob-1", false},
		}},
		{"who rejects stays free and is the last choice; rejecting twice is being away", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, miss("c1", "alice", "rejected"), "c1: offered bob bob-1", false},
			{3 * s, miss("c1", "bob", "rejected"), "c1: offered alice alice-1", false},
			{4 * s, miss("c1", "alice", "rejected"), "alice notReady (rejected)\nc1: offered bob bob-1", false},
			{5 * s, take("c1", "bob"), "bob busy with c1", false},
		}},
		{"work names whom it is not for", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, Enqueued{Work: call("c1"), Group: 1, Skip: []string{"alice"}}, "c1: offered bob bob-1", false},
			{2 * s, Enqueued{Work: call("c2"), Group: 1, Skip: []string{"alice"}}, "c2: offered alice alice-1", false},
		}},
		{"the last agent goes first where the group wants it and he is free", []step{
			{0, in("alice"), "alice free", false},
			{0, in("carol"), "carol free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, Enqueued{Work: call("c1"), Group: 4, Last: "bob"}, "c1: offered bob bob-1", false},
			{2 * s, Enqueued{Work: call("c2"), Group: 4, Last: "bob"}, "c2: offered alice alice-1", false},
			{3 * s, Enqueued{Work: call("c3"), Group: 4, Last: "nobody we know"}, "c3: offered carol carol-1", false},
		}},
		{"ring-all: the first wins, the others are told", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, queue("c1", 3), "c1: offered alice alice-1\nc1: offered bob bob-1", false},
			{2 * s, in("carol"), "carol free\nc1: offered carol carol-1", false},
			{3 * s, miss("c1", "carol", "rejected"), "", false},
			{4 * s, queue("c2", 3), "c2: offered carol carol-1", false},
			{5 * s, take("c1", "bob"), "c1: revoked alice taken\nbob busy with c1\nc2: offered alice alice-1", false},
			{5 * s, take("c1", "alice"), "c1: revoked alice taken", false},
			{5 * s, take("c1", "bob"), "", false},
			{6 * s, drop("c2"), "", false},
		}},
		{"ring-all: work that all miss waits again", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, queue("c1", 3), "c1: offered alice alice-1\nc1: offered bob bob-1", false},
			{21 * s, miss("c1", "alice", "timeout"), "alice notReady (timeout)", false},
			{21 * s, miss("c1", "bob", "timeout"), "bob notReady (timeout)\nc1: place 1", false},
		}},
		{"nobody online", []step{
			{0, queue("c1", 1), "c1: nobody", false},
			{1 * s, queue("c2", 99), "c2: nobody", false},
			{2 * s, in("alice"), "alice free", false},
			{3 * s, set("alice", StatusRest), "alice rest", false},
			{4 * s, queue("c3", 1), "c3: nobody", false},
			{5 * s, set("alice", StatusNotReady), "alice notReady", false},
			{6 * s, queue("c4", 1), "c4: place 1", false},
			{6 * s, queue("c5", 1), "c5: place 2", false},
			{7 * s, SignedOut{"alice"}, "alice offline (signedOut)\nc4: nobody\nc5: nobody", false},
			{8 * s, PositionWanted{call("c4")}, "", false},
		}},
		{"a status asked for at work is reserved and follows the after-call work", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, take("c1", "alice"), "alice busy with c1", false},
			{3 * s, ask(set("alice", StatusFree)), "error FailedOperation.CurStateNotAllowModify", false},
			{3 * s, ask(StatusSet{User: "alice", Status: StatusRest, Reason: "lunch"}), "alice busy then rest with c1\nanswer busy", false},
			{9 * s, release("c1", "alice", 30*s), "alice arrange then rest", false},
			{39 * s, fired("wrapup:alice"), "alice rest (lunch)", false},
		}},
		{"a reservation can be taken back", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, dial("c1", "alice"), "alice busy with c1\nc1: granted alice", false},
			{2 * s, set("alice", StatusRest), "alice busy then rest with c1", false},
			{3 * s, set("alice", StatusFree), "alice busy with c1", false},
			{4 * s, release("c1", "alice", 0), "alice free", false},
		}},
		{"after-call work ends early, or is extended", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, dial("c1", "alice"), "alice busy with c1\nc1: granted alice", false},
			{2 * s, release("c1", "alice", 30*s), "timer wrapup:alice 30s\nalice arrange", true},
			{12 * s, set("alice", StatusArrange), "timer wrapup:alice 30s\nalice arrange", true},
			{32 * s, fired("wrapup:alice"), "timer wrapup:alice 10s", true},
			{33 * s, set("alice", StatusFree), "stop wrapup:alice\nalice free", true},
			{42 * s, fired("wrapup:alice"), "", true},
		}},
		{"who dialed out of notReady is notReady afterwards", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, set("alice", StatusNotReady), "alice notReady", false},
			{2 * s, dial("c1", "alice"), "alice busy with c1\nc1: granted alice", false},
			{2 * s, dial("c1", "alice"), "c1: granted alice", false},
			{3 * s, dial("c2", "alice"), "c2: refused alice FailedOperation.SeatStatusBusy", false},
			{4 * s, release("c1", "alice", 5*s), "alice arrange", false},
			{5 * s, dial("c3", "alice"), "alice busy with c3\nc3: granted alice", false},
			{6 * s, release("c3", "alice", 0), "alice notReady", false},
		}},
		{"colleagues reach who is notReady, not who rests", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, set("alice", StatusRest), "alice rest", false},
			{2 * s, Occupied{Work: call("c1"), User: "alice", By: "bob"}, "c1: refused alice FailedOperation.CurStateNotAllowModify", false},
			{3 * s, set("alice", StatusNotReady), "alice notReady", false},
			{4 * s, Occupied{Work: call("c1"), User: "alice", By: "bob"}, "alice busy with c1\nc1: granted alice", false},
			{5 * s, Occupied{Work: call("c2"), User: "dave", By: "bob"}, "c2: refused dave FailedOperation.CurStateNotAllowModify", false},
			{5 * s, Occupied{Work: call("c2"), User: "nobody", By: "bob"}, "c2: refused nobody FailedOperation.CurStateNotAllowModify", false},
		}},
		{"who is being rung cannot dial, and what he asks for comes after", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, dial("c2", "alice"), "c2: refused alice FailedOperation.SeatStatusBusy", false},
			{3 * s, set("alice", StatusRest), "alice free then rest", false},
			{4 * s, drop("c1"), "alice rest", false},
		}},
		{"a page that comes back in time changes nothing", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, lose("alice"), "timer presence:alice 10s", true},
			{2 * s, queue("c1", 1), "c1: place 1", true},
			{3 * s, SignedIn{"alice", "alice-2"}, "stop presence:alice\nc1: offered alice alice-2\ntimer offer:alice 2m0s", true},
			{4 * s, lose("alice"), "", true},
		}},
		{"a ringing page is reloaded", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, lose("alice"), "timer presence:alice 10s\ntimer reload:alice 3s", true},
			{3 * s, SignedIn{"alice", "alice-2"}, "stop presence:alice\nstop reload:alice\nc1: offered alice alice-2", true},
			{4 * s, take("c1", "alice"), "alice busy with c1", false},
		}},
		{"a ringing page is gone", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, lose("alice"), "", false},
			{5 * s, fired("reload:alice"), "c1: revoked alice gone\nc1: place 1", false},
			{5 * s, take("c1", "alice"), "c1: revoked alice gone", false},
			{12 * s, fired("presence:alice"), "alice offline (connectionLost)\nc1: nobody", false},
		}},
		{"who was lost is back as he was", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, StatusSet{User: "alice", Status: StatusRest, Reason: "lunch"}, "alice rest (lunch)", false},
			{2 * s, lose("alice"), "", false},
			{12 * s, fired("presence:alice"), "alice offline (connectionLost)", false},
			{60 * s, SignedIn{"alice", "alice-2"}, "alice rest (lunch)", false},
			{61 * s, ConnLost{"alice", "alice-2"}, "", false},
			{71 * s, fired("presence:alice"), "alice offline (connectionLost)", false},
			{time.Hour, in("alice"), "alice free", false},
		}},
		{"who is lost at work for good is offline once it ends", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, dial("c1", "alice"), "alice busy with c1\nc1: granted alice", false},
			{2 * s, lose("alice"), "", false},
			{12 * s, fired("presence:alice"), "c1: alice is gone\nalice busy then offline with c1", false},
			{13 * s, ask(set("alice", StatusRest)), "error FailedOperation.CurStateNotAllowModify", false},
			{14 * s, release("c1", "alice", 30*s), "alice offline (connectionLost)", false},
		}},
		{"who comes back to his work stays", []step{
			{0, in("alice"), "alice free", false},
			{1 * s, dial("c1", "alice"), "alice busy with c1\nc1: granted alice", false},
			{2 * s, SignedOut{"alice"}, "alice busy then offline with c1", false},
			{3 * s, in("alice"), "alice busy with c1", false},
			{4 * s, release("c1", "alice", 0), "alice free", false},
		}},
		{"signing out while ringing", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, SignedOut{"alice"}, "c1: revoked alice gone\nalice offline (signedOut)\nc1: offered bob bob-1", false},
		}},
		{"an offer nobody settles ends by its deadline; after three the work is given up", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{121 * s, fired("offer:alice"), "c1: revoked alice gone\nalice notReady (unreachable)\nc1: offered bob bob-1", false},
			{241 * s, fired("offer:bob"), "c1: revoked bob gone\nbob notReady (unreachable)\nc1: place 1", false},
			{242 * s, set("bob", StatusFree), "bob free\nc1: offered bob bob-1", false},
			{362 * s, fired("offer:bob"), "c1: revoked bob gone\nbob notReady (unreachable)\nc1: nobody", false},
		}},
		{"work changes its queue", []step{
			{0, in("alice"), "alice free", false},
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{2 * s, queue("c1", 1), "", false},
			{3 * s, queue("c1", 2), "c1: offered dave dave-1", false},
			{4 * s, queue("c2", 1), "c2: offered alice alice-1", false},
		}},
		{"the day starts with the configured status", []step{
			{0, Configured{Groups: desk().Groups, Agents: desk().Agents, OnlineStatus: StatusNotReady}, "", false},
			{1 * s, in("alice"), "alice notReady", false},
		}},
		{"groups and agents leave the plan", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 2), "c1: offered bob bob-1", false},
			{1 * s, queue("c2", 2), "c2: offered dave dave-1", false},
			{1 * s, queue("c3", 2), "c3: place 1", false},
			{2 * s, dial("c4", "alice"), "alice busy with c4\nc4: granted alice", false},
			{3 * s, Configured{Groups: []GroupPlan{{ID: 1}}, Agents: []AgentPlan{{User: "bob", Groups: map[int64]int{1: 1}}}},
				`c3: nobody
				 c1: revoked bob gone
				 c1: nobody
				 c2: revoked dave gone
				 c2: nobody
				 alice busy then offline with c4
				 dave offline (removed)`, false},
			{4 * s, release("c4", "alice", 30*s), "alice offline (removed)", false},
			{5 * s, ask(in("alice")), "error InvalidParameterValue.AccountNotExist", false},
			{6 * s, queue("c5", 1), "c5: offered bob bob-1", false},
		}},
		{"an agent joins a group where work waits", []step{
			{0, in("bob"), "bob free", false},
			{0, in("alice"), "alice free", false},
			{1 * s, dial("c0", "bob"), "bob busy with c0\nc0: granted bob", false},
			{2 * s, queue("c1", 2), "c1: place 1", false},
			{3 * s, Configured{Groups: []GroupPlan{{ID: 2}}, Agents: []AgentPlan{
				{User: "alice", Groups: map[int64]int{2: 1}}, {User: "bob", Groups: map[int64]int{2: 1}}}},
				"c1: offered alice alice-1", false},
		}},
		{"the board's node dies: pages must show themselves again, work stays", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{1 * s, dial("c2", "bob"), "bob busy with c2\nc2: granted bob", false},
			{5 * s, openseat.OwnerLost{Node: "n1"}, `timer presence:alice 10s
				timer offer:alice 1m56s
				c1: held? alice
				timer presence:bob 10s
				c2: held? bob
				timer presence:dave 10s
				timer confirm 15s`, true},
			{5 * s, ask(Held{call("c1"), "alice"}), "answer <nil>", false},
			{5 * s, ask(Held{call("c2"), "bob"}), "answer <nil>", false},
			{6 * s, queue("c3", 2), "c3: place 1", false},
			{7 * s, in("alice"), "c1: offered alice alice-1", false},
			{7 * s, in("bob"), "", false},
			{8 * s, in("dave"), "c3: offered dave dave-1", false},
			{9 * s, take("c1", "alice"), "alice busy with c1", false},
			{15 * s, fired("presence:dave"), "", false},
			{19 * s, fired("confirm"), "timer confirm 1s", true},
			{20 * s, fired("confirm"), "", true},
			{20 * s, ask(fired("confirm")), "error ResourceNotFound", true},
		}},
		{"the board's node dies: work that does not say it is still there is given up", []step{
			{0, in("alice"), "alice free", false},
			{0, in("bob"), "bob free", false},
			{0, in("dave"), "dave free", false},
			{1 * s, queue("c1", 1), "c1: offered alice alice-1", false},
			{1 * s, dial("c2", "bob"), "bob busy with c2\nc2: granted bob", false},
			{1 * s, dial("c3", "dave"), "dave busy with c3\nc3: granted dave", false},
			{2 * s, queue("c4", 1), "c4: place 1", false},
			{3 * s, queue("c5", 2), "c5: place 1", false},
			{3 * s, queue("c6", 1), "c6: place 2", false},
			{3 * s, SignedOut{"dave"}, "dave busy then offline with c3", false},
			{5 * s, openseat.OwnerLost{}, `c1: held? alice
				c2: held? bob
				c3: held? dave
				c4: held?
				c6: held?
				c5: held?`, false},
			{6 * s, in("alice"), "c1: offered alice alice-1", false},
			{6 * s, in("bob"), "", false},
			{7 * s, ask(Held{Work: call("c6")}), "answer <nil>", false},
			{7 * s, ask(Held{call("c1"), "bob"}), "error ResourceNotFound", false},
			{7 * s, ask(Held{call("c7"), "alice"}), "error ResourceNotFound", false},
			{20 * s, fired("confirm"), `bob free
				dave offline (signedOut)
				c1: nobody
				c4: nobody
				c5: nobody
				c6: offered alice alice-1`, false},
			{21 * s, release("c2", "bob", 0), "", false},
		}},
		{"what is unknown or wrong is said to who asked, and changes nothing", []step{
			{0, ask(set("eve", StatusFree)), "error InvalidParameterValue.AccountNotExist", false},
			{0, ask(set("alice", StatusFree)), "error FailedOperation.CurStateNotAllowModify", false},
			{0, ask(set("alice", StatusBusy)), "error InvalidParameterValue", false},
			{0, ask(set("alice", "asleep")), "error InvalidParameterValue", false},
			{0, ask(queue("c1", 77)), "c1: nobody\nerror InvalidParameterValue.SkillGroupError", false},
			{0, ask(drop("c1")), "error ResourceNotFound", false},
			{0, ask(take("c1", "alice")), "c1: revoked alice taken\nerror FailedOperation.CurStateNotAllowModify", false},
			{0, ask(miss("c1", "alice", "timeout")), "error ResourceNotFound", false},
			{0, ask(release("c1", "alice", 0)), "error ResourceNotFound", false},
			{0, ask(lose("alice")), "error ResourceNotFound", false},
			{0, ask(PositionWanted{call("c1")}), "error ResourceNotFound", false},
			{0, ask(nil), "error UnsupportedOperation", false},
			{0, ask(Position{}), "error UnsupportedOperation", false},
			{0, Position{}, "", false},
			{0, fired("wrapup:eve"), "", false},
			{0, fired("what"), "", false},
			{0, ask(in("alice")), "alice free\nanswer <nil>", false},
			{0, ask(set("alice", StatusNotReady)), "alice notReady\nanswer free", false},
		}},
	}
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			b := New(app)
			b.Handle(morning, desk())
			runStory(t, b, s.steps)
		})
	}
}
