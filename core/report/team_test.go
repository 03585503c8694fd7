package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
	"openseat/core/org"
	"openseat/core/report"
)

// shift is a small office: alice and bob serve group 1 and 2, carol supervises.
func shift(t *testing.T) *calltest.World {
	t.Helper()
	w := calltest.New(call.Plan{
		App: calltest.App, Flow: []byte(`{"name":"f","start":"q","nodes":{"q":{"type":"queue","group":1}}}`),
		Groups: map[int64]*org.SkillGroup{1: {ID: 1, Name: "Support"}, 2: {ID: 2, Name: "Sales"}},
	}, []acd.AgentPlan{
		{User: "alice", Groups: map[int64]int{1: 1}}, {User: "bob", Groups: map[int64]int{2: 1}}, {User: "carol", Groups: map[int64]int{}},
	})
	for _, user := range []string{"alice", "bob", "carol"} {
		w.Tell(acd.SignedIn{User: user, Conn: "page-" + user})
	}
	return w
}

// line is a running call's line in a word.
func line(w *calltest.World) string {
	var r report.Running
	for _, e := range w.Entries {
		r.Apply(e)
	}
	ss := r.List(calltest.App)
	if len(ss) != 1 {
		return "none"
	}
	s := ss[0]
	state := []string{"waiting", "ringing", "joining", "talking"}[s.State]
	return strings.Join([]string{state, s.User, strings.Join(s.Users, "+"), strings.Join(s.Monitors, "+")}, "/")
}

func TestTheLineOfACallOfSeveral(t *testing.T) {
	w := shift(t)
	w.Arrive("s1", "008613800138000", "00864008001000")
	accept := func(user string) openseat.Event { return call.Accepted{User: user, Conn: "page-" + user} }
	for _, c := range []struct {
		asks openseat.Event
		want string
	}{
		{nil, "ringing/alice//"},
		{accept("alice"), "talking/alice/alice/"},
		{call.Monitored{User: "carol", Mode: call.Read}, "talking/alice/alice/carol"},
		{call.Monitored{User: "carol", Mode: call.Listen}, "talking/alice/alice/carol"},
		{call.Invited{User: "alice", ToUser: "bob"}, "talking/alice/alice/carol"},
		{accept("bob"), "talking/alice/alice+bob/carol"},
		{call.HungUp{User: "bob"}, "talking/alice/alice/carol"},
		{call.Transferred{User: "alice", ToGroup: 2}, "ringing/bob//carol"},
		{call.Declined{User: "bob"}, "ringing/bob//carol"},
		{accept("bob"), "talking/bob/bob/carol"},
		{call.Transferred{User: "bob", ToUser: "alice"}, "talking/bob/bob/carol"},
		{accept("alice"), "talking/alice/alice/carol"},
		{call.Intercepted{User: "carol"}, "talking/carol/carol/"},
		{call.EndedByAPI{}, "none"},
	} {
		if c.asks != nil {
			w.Pending("s1", c.asks)
		}
		w.Run(w.Now.Add(time.Second))
		if got := line(w); got != c.want {
			t.Errorf("after %+v: %q, want %q", c.asks, got, c.want)
		}
	}
}

func TestTheAgentOfARecord(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	part := func(user string, accepted, consulted bool) call.Participant {
		p := call.Participant{User: user, Consulted: consulted}
		if accepted {
			p.AcceptAt = at
		}
		return p
	}
	for name, c := range map[string]struct {
		typ    int
		serves []call.Participant
		want   string
	}{
		"nobody was rung":             {call.TypeInbound, nil, ""},
		"rung only":                   {call.TypeInbound, []call.Participant{part("alice", false, false), part("bob", false, false)}, "bob"},
		"handed on":                   {call.TypeInbound, []call.Participant{part("alice", true, false), part("bob", true, false)}, "bob"},
		"not taken by the second":     {call.TypeInbound, []call.Participant{part("alice", true, false), part("bob", false, false)}, "alice"},
		"the second was consulted":    {call.TypeInbound, []call.Participant{part("alice", true, false), part("bob", true, true)}, "alice"},
		"an outside party came after": {call.TypeInbound, []call.Participant{part("alice", true, false), part("", true, false)}, "alice"},
		"internal":                    {call.TypeInternal, []call.Participant{part("alice", true, false), part("bob", true, false)}, "alice"},
	} {
		cdr := report.CDR{Facts: call.Facts{CallType: c.typ, Serves: c.serves}}
		got := ""
		if p := cdr.Seat(); p != nil {
			got = p.User
		}
		if got != c.want {
			t.Errorf("%s: it is filed under %q, want %q", name, got, c.want)
		}
	}
}

func TestWhoIsNamedInARecord(t *testing.T) {
	v := &org.View{Staff: map[string]*org.Staff{"alice": {UserID: "alice", Mail: "alice@demo.openseat", Name: "Alice"}}}
	cdr := report.NewCDR(call.Facts{Serves: []call.Participant{
		{User: "alice", TransferTo: "008613700000007"}, {Phone: "008613700000007", TransferFrom: "alice"},
	}}, v)
	got := []string{cdr.Mail("alice"), cdr.Mail("008613700000007"), cdr.Person(cdr.Serves[0]).Name, cdr.Person(cdr.Serves[1]).Phone}
	if want := []string{"alice@demo.openseat", "008613700000007", "Alice", "008613700000007"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if len(cdr.People) != 1 {
		t.Errorf("%v", cdr.People)
	}
}
