package push_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/push"
)

var update = flag.Bool("update", false, "write what the stories tell now into their files")

// TestStories plays every call story of testdata/stories: a script of who does what when, and the CDR that follows from it.
// A story's files are: the script (the comment of the archive), "cdr.json", and "journal", all that was told and wanted.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) < 25 {
		t.Fatalf("there are %d stories, want at least 25 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { play(t, file) })
	}
}

func play(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newStory(t)
	s.run(string(ar.Comment))
	got := []txtar.File{
		{Name: "cdr.json", Data: s.cdrs()},
		{Name: "journal", Data: s.journal()},
	}
	if *update {
		ar.Files = got
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for i, f := range got {
		if i >= len(ar.Files) || ar.Files[i].Name != f.Name {
			t.Fatalf("the story has no %s; run with -update", f.Name)
		}
		if d := cmp.Diff(string(ar.Files[i].Data), string(f.Data)); d != "" {
			t.Errorf("%s differs (-want +got):\n%s", f.Name, d)
		}
	}
}

// story is a script being played.
type story struct {
	t *testing.T
	w *calltest.World
	v *org.View
}

const session = "s1"

func newStory(t *testing.T) *story {
	v := instance(t)
	plan := call.Plan{App: calltest.App, Flow: v.Flows["welcome"].Definition, Groups: v.Groups}
	agents := []acd.AgentPlan{
		{User: "alice@demo.openseat", Groups: map[int64]int{1: 1}},
		{User: "bob@demo.openseat", Groups: map[int64]int{1: 2, 2: 3}},
		{User: "carol@demo.openseat", Groups: map[int64]int{}},
		{User: "dave@demo.openseat", Groups: map[int64]int{2: 3}, Seat: acd.SeatExtension},
	}
	return &story{t: t, v: v, w: calltest.New(plan, agents)}
}

// instance is where the stories happen: the demo's groups, and its flow "welcome".
func instance(t *testing.T) *org.View {
	def, err := os.ReadFile("testdata/welcome.json")
	if err != nil {
		t.Fatal(err)
	}
	staff := func(user, name, number string, groups ...int64) *org.Staff {
		s := &org.Staff{App: calltest.App, UserID: user, Mail: user, Name: name, Nick: name, StaffNumber: number}
		for _, g := range groups {
			s.Groups = append(s.Groups, org.Membership{GroupID: g, Priority: 3})
		}
		return s
	}
	return &org.View{
		Instance: org.Instance{App: calltest.App},
		Groups: map[int64]*org.SkillGroup{
			1: {ID: 1, Name: "Support", RingTimeout: 20 * time.Second, WrapUp: 10 * time.Second},
			2: {ID: 2, Name: "Sales", RingTimeout: 20 * time.Second, RingAll: true},
		},
		Staff: map[string]*org.Staff{
			"alice@demo.openseat": staff("alice@demo.openseat", "Alice", "1001", 1),
			"bob@demo.openseat":   staff("bob@demo.openseat", "Bob", "1002", 1, 2),
			"carol@demo.openseat": staff("carol@demo.openseat", "Carol", "1003"),
			"dave@demo.openseat":  staff("dave@demo.openseat", "Dave", "1004", 2),
		},
		Flows: map[string]*org.Flow{"welcome": {Name: "welcome", Version: 1, Definition: def}},
	}
}

// run plays a script: lines of "<seconds> <what> <arguments>"; comments begin with #.
func (s *story) run(script string) {
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		at, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			s.t.Fatalf("%q: %v", lines.Text(), err)
		}
		s.w.Run(calltest.Start.Add(time.Duration(at * float64(time.Second))))
		s.do(f[1], f[2:])
	}
	s.w.Run(s.w.Now.Add(5 * time.Hour))
}

func (s *story) do(what string, args []string) {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	user := arg(0) + "@demo.openseat"
	code := func(i int) int { n, _ := strconv.Atoi(arg(i)); return n }
	switch what {
	case "online":
		s.w.Tell(acd.SignedIn{User: user, Conn: "page-" + arg(0)})
	case "status":
		s.w.Tell(acd.StatusSet{User: user, Status: acd.Status(arg(1))})
	case "call":
		s.w.Arrive(session, "008613800138000", "00864008001000")
	case "press":
		s.w.Customer(session, call.Digit{Leg: call.CustomerLeg, Digit: arg(0)})
	case "accept":
		s.must(call.Accepted{User: user, Conn: "page-" + arg(0)}, arg(1))
	case "hangup":
		s.must(call.HungUp{User: user}, arg(1))
	case "decline":
		s.must(call.Declined{User: user}, arg(1))
	case "mute", "unmute":
		s.must(call.Muted{User: user, On: what == "mute"}, arg(1))
	case "hold", "unhold":
		s.must(call.HeldByAgent{User: user, On: what == "hold"}, arg(1))
	case "digits":
		s.must(call.DigitsSent{User: user, Digits: arg(1)}, arg(2))
	case "leave": // the customer hangs up
		s.w.Customer(session, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
	case "deaf":
		s.w.NoMedia[user] = true
	case "lost":
		s.w.TellCall(session, call.MediaLost{Leg: arg(0)})
	case "back":
		s.w.TellCall(session, call.MediaBack{Leg: arg(0)})
	case "dial":
		if r := s.w.CallOut(session, user, "00864008001000", arg(1), 1, "order-7"); r.Error != nil && r.Error.Code != arg(2) {
			s.t.Errorf("dial: %v", r.Error)
		}
	case "rings":
		s.w.Customer(session, call.LegRinging{Leg: call.CustomerLeg})
	case "progress":
		s.w.Customer(session, call.LegProgress{Leg: call.CustomerLeg})
	case "answers":
		s.w.Customer(session, call.LegAnswered{Leg: call.CustomerLeg, Voicemail: arg(0) == "voicemail"})
	case "refuses": // SIP status, Q.850 cause
		s.w.Customer(session, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: code(0), Q850: code(1), ByPeer: true}})
	case "api":
		s.must(call.EndedByAPI{By: "AKID"}, arg(0))
	case "crash":
		s.w.Crash(s.w.Now.Add(-500 * time.Millisecond))
	default:
		s.doInTeam(what, user, args)
	}
}

// doInTeam does what calls of several parties know. Its answer comes later: the board is asked.
func (s *story) doInTeam(what, user string, args []string) {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	group, _ := strconv.ParseInt(arg(1), 10, 64)
	var e openseat.Event
	switch peer := arg(1) + "@demo.openseat"; what {
	case "transfer":
		e = call.Transferred{User: user, ToUser: peer}
	case "transfer-group":
		e = call.Transferred{User: user, ToGroup: group}
	case "cancel":
		e = call.TransferCancelled{User: user}
	case "invite":
		e = call.Invited{User: user, ToUser: peer}
	case "invite-group":
		e = call.Invited{User: user, ToGroup: group, Wait: true}
	case "invite-phone":
		e = call.Invited{User: user, Phone: arg(1), Trunk: "demo", Caller: "00864008001000"}
	case "reconnect":
		e = call.Reconnected{User: user}
	case "kick":
		e = call.Kicked{User: user, Member: arg(1)}
	case "monitor":
		e = call.Monitored{User: user, Conn: "page-" + arg(0), Mode: call.MonitorMode(arg(1))}
	case "intercept":
		e = call.Intercepted{User: user}
	default:
		s.doOutside(what, user, args)
		return
	}
	s.w.Pending(session, e)
}

// doOutside is what happens around the calls, or begins one.
func (s *story) doOutside(what, user string, args []string) {
	switch what {
	case "offline":
		s.w.Tell(acd.SignedOut{User: user})
	case "phone": // the agent's SIP phone registers
		s.w.Tell(acd.PhoneUp{User: user})
	case "lifts": // a telephone that rings
		s.w.Customer(session, call.LegAnswered{Leg: args[0]})
	case "hangs-up":
		s.w.Customer(session, call.LegEnded{Leg: args[0], Cause: call.Cause{SIP: 200, ByPeer: true}})
	case "call-in":
		s.w.BeginPending(session, call.CallIn{Plan: s.w.Plan, User: user, Conn: "page-" + args[0], ToUser: args[1] + "@demo.openseat"})
	case "double-call":
		s.w.BeginPending(session, call.CallOut{
			Plan: s.w.Plan, User: user, Trunk: "demo", Caller: "00864008001000", Callee: args[1], Group: 1, Seat: acd.Seat(args[2]),
		})
	default:
		s.t.Fatalf("nobody knows how to %q", what)
	}
}

// must asks the call, and expects the error code named, or none.
func (s *story) must(e interface{ EventName() string }, code string) {
	r := s.w.Ask(session, e)
	got := ""
	if r.Error != nil {
		got = r.Error.Code
	}
	if got != code {
		s.t.Errorf("%s answered %q, want %q", e.EventName(), got, code)
	}
}

// journal is what the call was told and wanted; the board has stories of its own.
func (s *story) journal() (out []byte) {
	mine := false
	for _, l := range s.w.Log {
		if !strings.HasPrefix(l, "         ") { // an event; its commands are indented
			mine = strings.Contains(l, " "+session+" < ")
		}
		if mine {
			out = fmt.Appendln(out, l)
		}
	}
	return out
}

// cdrs renders the CDR pushes of the story, of which there must be at most one.
func (s *story) cdrs() []byte {
	var out []byte
	n := 0
	for _, e := range s.w.Entries {
		for _, c := range e.Commands {
			closed, ok := c.(call.Closed)
			if !ok {
				continue
			}
			n++
			cdr := report.NewCDR(closed.Record, s.v)
			b, err := json.MarshalIndent(push.CDRBody(&cdr), "", "  ")
			if err != nil {
				s.t.Fatal(err)
			}
			out = fmt.Appendf(out, "%s\n", b)
		}
	}
	if n > 1 {
		s.t.Errorf("the call left %d records", n)
	}
	if !s.w.Ended(session) {
		s.t.Error("the call lives on five hours after the story")
	}
	for _, a := range s.w.Board().Agents() {
		if a.Status == acd.StatusBusy || a.Ringing != nil {
			s.t.Errorf("%s is %s, ringing %v, five hours after the story", a.User, a.Status, a.Ringing)
		}
	}
	return out
}
