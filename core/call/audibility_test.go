package call_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
)

// team is a desk with everybody at it: alice (a1) is in talk with the customer (c), bob is her colleague, carol supervises,
// dave is in group 2.
func team(t *testing.T) *desk {
	d := &desk{t, calltest.New(dayPlan(t), []acd.AgentPlan{
		{User: "alice", Groups: map[int64]int{1: 1}}, {User: "bob", Groups: map[int64]int{}},
		{User: "carol", Groups: map[int64]int{}}, {User: "dave", Groups: map[int64]int{2: 1}},
	})}
	for _, user := range []string{"alice", "bob", "carol", "dave"} {
		d.w.Tell(acd.SignedIn{User: user, Conn: "page-" + user})
	}
	return d
}

func (d *desk) inTalk() {
	d.Helper()
	d.rung("1")
	d.must(call.Accepted{User: "alice", Conn: "page-alice"})
	d.run(time.Second)
}

// does asks the call, and lets a second pass.
func (d *desk) does(events ...openseat.Event) {
	d.Helper()
	for _, e := range events {
		reply := d.w.Pending(theCall, e)
		d.run(time.Second)
		if r, answered := reply(); !answered || r.Error != nil {
			d.Fatalf("%s: answered %v, %v", e.EventName(), answered, r.Error)
		}
	}
}

func (d *desk) takes(user string) {
	d.Helper()
	d.does(call.Accepted{User: user, Conn: "page-" + user})
}

func (d *desk) monitored(mode call.MonitorMode) {
	d.Helper()
	d.does(call.Monitored{User: "carol", Conn: "page-carol", Mode: mode})
}

func (d *desk) consulting() {
	d.Helper()
	d.inTalk()
	d.does(call.Invited{User: "alice", ToUser: "bob"})
	d.takes("bob")
}

func (d *desk) threeWay() {
	d.Helper()
	d.consulting()
	d.does(call.Reconnected{User: "alice"})
}

func (d *desk) calledOut() {
	d.Helper()
	d.w.CallOut(theCall, "alice", "00864008001000", "008613900000001", 1, "")
	d.run(time.Second)
}

func (d *desk) calledIn() {
	d.Helper()
	d.w.Begin(theCall, call.CallIn{Plan: d.w.Plan, User: "alice", Conn: "page-alice", ToUser: "bob"})
	d.run(time.Second)
}

func (d *desk) customer(e openseat.Event) {
	d.w.Customer(theCall, e)
	d.run(time.Second)
}

// The audibility matrix: for every state of a call, who hears whom, and what those hear who hear nobody. c is the customer,
// a1, a2 … are the agents in the order they came, p1 an outside party, m1 the supervisor.
var hold, unhold = call.HeldByAgent{User: "alice", On: true}, call.HeldByAgent{User: "alice"}

func matrix() []cell {
	return []cell{
		{"in the flow", func(d *desk) { d.w.Arrive(theCall, "008613800138000", "00864008001000"); d.run(time.Second) }, "c: Welcome"},
		{"in the queue", func(d *desk) { d.rung("1"); d.run(3 * time.Second) }, "c: music"},
		{"talking", func(d *desk) { d.inTalk() }, "c:a1 a1:c"},
		{"muted", func(d *desk) { d.inTalk(); d.does(call.Muted{User: "alice", On: true}) }, "c:a1 a1:c"},
		{"on hold", func(d *desk) { d.inTalk(); d.does(hold) }, "c: music"},
		{"on hold, and back", func(d *desk) { d.inTalk(); d.does(hold, unhold) }, "c:a1 a1:c"},

		{"consulting: a colleague rings", func(d *desk) { d.inTalk(); d.does(call.Invited{User: "alice", ToUser: "bob"}) }, "c: music a1: ringback"},
		{"consulting: a group's queue", func(d *desk) {
			d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusNotReady})
			d.inTalk()
			d.does(call.Invited{User: "alice", ToGroup: 2, Wait: true})
		}, "c: music a1: music"},
		{"consulting", (*desk).consulting, "a1:a2 a2:a1 c: music"},
		{"consulting, and put on hold besides", func(d *desk) { d.consulting(); d.does(hold) }, "a1:a2 a2:a1 c: music"},
		{"consulting, from hold", func(d *desk) {
			d.inTalk()
			d.does(hold, call.Invited{User: "alice", ToUser: "bob"})
			d.takes("bob")
		}, "a1:a2 a2:a1 c: music"},
		{"consulting an outside number: it rings", func(d *desk) {
			d.inTalk()
			d.does(outside)
			d.customer(call.LegRinging{Leg: "p1"})
		}, "c: music a1: ringback"},
		{"consulting an outside number: early media", func(d *desk) { d.inTalk(); d.does(outside); d.customer(call.LegProgress{Leg: "p1"}) }, "a1:p1 p1:a1 c: music"},
		{"consulting an outside number", func(d *desk) { d.inTalk(); d.does(outside); d.customer(call.LegAnswered{Leg: "p1"}) }, "a1:p1 p1:a1 c: music"},
		{"three-way", (*desk).threeWay, "c:a1,a2 a1:c,a2 a2:c,a1"},
		{"three-way, customer put on hold", func(d *desk) { d.threeWay(); d.does(hold) }, "a1:a2 a2:a1 c: music"},
		{"three-way with an outside number", func(d *desk) {
			d.inTalk()
			d.does(outside)
			d.customer(call.LegAnswered{Leg: "p1"})
			d.does(unhold)
		}, "c:a1,p1 a1:c,p1 p1:c,a1"},
		{"consulted declined", func(d *desk) {
			d.inTalk()
			d.does(call.Invited{User: "alice", ToUser: "bob"}, call.Declined{User: "bob"})
		}, "c:a1 a1:c"},
		{"consulted hung up", func(d *desk) { d.consulting(); d.does(call.HungUp{User: "bob"}) }, "c:a1 a1:c"},
		{"consulted hung up, customer was on hold before", func(d *desk) { d.consulting(); d.does(hold, call.HungUp{User: "bob"}) }, "c: music"},
		{"consulted kicked", func(d *desk) { d.consulting(); d.does(call.Kicked{User: "alice", Member: "a2"}) }, "c:a1 a1:c"},
		{"consulting agent hung up: warm transfer", func(d *desk) { d.consulting(); d.does(call.HungUp{User: "alice"}) }, "c:a2 a2:c"},
		{"three-way, first agent hung up", func(d *desk) { d.threeWay(); d.does(call.HungUp{User: "alice"}) }, "c:a2 a2:c"},
		{"three-way, second agent hung up", func(d *desk) { d.threeWay(); d.does(call.HungUp{User: "bob"}) }, "c:a1 a1:c"},
		{"outside number left with the customer", func(d *desk) {
			d.inTalk()
			d.does(outside)
			d.customer(call.LegAnswered{Leg: "p1"})
			d.does(call.HungUp{User: "alice"})
		}, "c:p1 p1:c"},

		{"transfer to a colleague, pending", func(d *desk) { d.inTalk(); d.does(toBob) }, "c: music"},
		{"transfer to a colleague, his sound is to come", func(d *desk) {
			d.w.NoMedia["bob"] = true
			d.inTalk()
			d.does(toBob, call.Accepted{User: "bob"})
		}, "c: music"},
		{"transferred to a colleague", func(d *desk) { d.inTalk(); d.does(toBob); d.takes("bob") }, "c:a2 a2:c"},
		{"transfer declined", func(d *desk) { d.inTalk(); d.does(toBob, call.Declined{User: "bob"}) }, "c:a1 a1:c"},
		{"transfer cancelled", func(d *desk) { d.inTalk(); d.does(toBob, call.TransferCancelled{User: "alice"}) }, "c:a1 a1:c"},
		{"transfer pending, agent has hung up", func(d *desk) { d.inTalk(); d.does(toBob, call.HungUp{User: "alice"}) }, "c: music"},
		{"transfer to a group, pending", func(d *desk) { d.inTalk(); d.does(call.Transferred{User: "alice", ToGroup: 2}) }, "c: music"},
		{"transferred to a group", func(d *desk) { d.inTalk(); d.does(call.Transferred{User: "alice", ToGroup: 2}); d.takes("dave") }, "c:a2 a2:c"},
		{"transfer to a group, first agent rung again", func(d *desk) {
			d.inTalk()
			d.does(call.Transferred{User: "alice", ToGroup: 2})
			d.run(8 * time.Second)
			d.does(acd.NobodyOnline{Group: 2})
		}, "c: music"},

		{"listened to", func(d *desk) { d.inTalk(); d.monitored(call.Listen) }, "c:a1 a1:c m1:c,a1"},
		{"listened to, on hold", func(d *desk) { d.inTalk(); d.monitored(call.Listen); d.does(hold) }, "c: music"},
		{"listened to, in consultation", func(d *desk) { d.consulting(); d.monitored(call.Listen) }, "a1:a2 a2:a1 m1:a1,a2 c: music"},
		{"listened to, three-way", func(d *desk) { d.threeWay(); d.monitored(call.Listen) }, "c:a1,a2 a1:c,a2 a2:c,a1 m1:c,a1,a2"},
		{"listened to, transfer pending", func(d *desk) { d.inTalk(); d.monitored(call.Listen); d.does(toBob) }, "c: music"},
		{"whispered", func(d *desk) { d.inTalk(); d.monitored(call.Whisper) }, "c:a1 a1:c,m1 m1:c,a1"},
		{"whispered, on hold", func(d *desk) { d.inTalk(); d.monitored(call.Whisper); d.does(hold) }, "a1:m1 m1:a1 c: music"},
		{"whispered, in consultation", func(d *desk) { d.consulting(); d.monitored(call.Whisper) }, "a1:a2,m1 a2:a1,m1 m1:a1,a2 c: music"},
		{"whispered, an outside number takes part", func(d *desk) {
			d.inTalk()
			d.does(outside)
			d.customer(call.LegAnswered{Leg: "p1"})
			d.monitored(call.Whisper)
		}, "a1:p1,m1 p1:a1 m1:a1,p1 c: music"},
		{"barged in", func(d *desk) { d.inTalk(); d.monitored(call.Barge) }, "c:a1,m1 a1:c,m1 m1:c,a1"},
		{"barged in, on hold", func(d *desk) { d.inTalk(); d.monitored(call.Barge); d.does(hold) }, "a1:m1 m1:a1 c: music"},
		{"barged in, in consultation", func(d *desk) { d.consulting(); d.monitored(call.Barge) }, "a1:a2,m1 a2:a1,m1 m1:a1,a2 c: music"},
		{"whisper becomes listening", func(d *desk) { d.inTalk(); d.monitored(call.Whisper); d.monitored(call.Listen) }, "c:a1 a1:c m1:c,a1"},
		{"read", func(d *desk) { d.inTalk(); d.monitored(call.Read) }, "c:a1 a1:c"},
		{"monitor has left", func(d *desk) { d.inTalk(); d.monitored(call.Barge); d.does(call.HungUp{User: "carol"}) }, "c:a1 a1:c"},
		{"intercepted", func(d *desk) { d.inTalk(); d.monitored(call.Listen); d.does(call.Intercepted{User: "carol"}) }, "c:m1 m1:c"},
		{"intercepted in consultation", func(d *desk) { d.consulting(); d.monitored(call.Listen); d.does(call.Intercepted{User: "carol"}) }, "c:m1 m1:c"},

		{"internal call, ringing", (*desk).calledIn, "a1: ringback"},
		{"internal call", func(d *desk) { d.calledIn(); d.takes("bob") }, "a1:a2 a2:a1"},
		{"internal call on hold", func(d *desk) { d.calledIn(); d.takes("bob"); d.does(hold) }, "a2: music"},
		{"internal call listened to", func(d *desk) { d.calledIn(); d.takes("bob"); d.monitored(call.Listen) }, "a1:a2 a2:a1 m1:a1,a2"},

		{"call-out, dialing", (*desk).calledOut, ""},
		{"call-out, ringing", func(d *desk) { d.calledOut(); d.customer(call.LegRinging{Leg: "c"}) }, "a1: ringback"},
		{"call-out, early media", func(d *desk) { d.calledOut(); d.customer(call.LegProgress{Leg: "c"}) }, "c:a1 a1:c"},
		{"call-out, answered", func(d *desk) { d.calledOut(); d.customer(call.LegAnswered{Leg: "c"}) }, "c:a1 a1:c"},

		{"agent's page lost", func(d *desk) { d.inTalk(); d.customer(call.MediaLost{Leg: "a1"}) }, "c:a1 a1:c"},
		{"page lost in consultation, for good", func(d *desk) { d.consulting(); d.customer(call.MediaLost{Leg: "a1"}); d.run(time.Minute) }, "c:a2 a2:c"},
		{"survey", func(d *desk) { d.inTalk(); d.monitored(call.Barge); d.does(call.HungUp{User: "alice"}) }, "c: Please"},
	}
}

var (
	toBob   = call.Transferred{User: "alice", ToUser: "bob"}
	outside = call.Invited{User: "alice", Phone: "008613700000007", Trunk: "demo", Caller: "00864008001000"}
)

// cell is one row of the matrix: a state, how it comes about, and what is heard in it.
type cell struct {
	state string
	stage func(*desk)
	want  string
}

func TestAudibilityMatrix(t *testing.T) {
	for _, c := range matrix() {
		t.Run(c.state, func(t *testing.T) {
			d := team(t)
			c.stage(d)
			if got := d.heard(); got != c.want {
				t.Errorf("heard is %q, want %q\n%s", got, c.want, tail(d.w.Log, 30))
			}
		})
	}
}

// heard is who hears whom now, and after that what others are played.
func (d *desk) heard() string {
	hears := d.w.Hears(theCall)
	var out []string
	legs := []string{"c", "a1", "a2", "a3", "p1", "m1"}
	for _, leg := range legs {
		if len(hears[leg]) > 0 {
			out = append(out, leg+":"+strings.Join(hears[leg], ","))
		}
	}
	for _, leg := range legs {
		if p := d.w.Played(theCall, leg); p != "" {
			word, _, _ := strings.Cut(strings.TrimPrefix(p, "builtin:"), " ")
			out = append(out, fmt.Sprintf("%s: %s", leg, strings.Trim(word, ".")))
		}
	}
	if unknown := slices.DeleteFunc(slices.Collect(maps.Keys(hears)), func(l string) bool { return slices.Contains(legs, l) }); len(unknown) > 0 {
		out = append(out, fmt.Sprint("and ", unknown))
	}
	return strings.Join(out, " ")
}
