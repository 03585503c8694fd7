package acd

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
)

func newDesk(t *testing.T, users ...string) *Board {
	t.Helper()
	b := New(app)
	b.Handle(morning, desk())
	for i, user := range users {
		b.Handle(morning.Add(time.Duration(i)*time.Second), in(user))
	}
	return b
}

func TestOverview(t *testing.T) {
	b := newDesk(t, "alice", "bob", "carol")
	b.Handle(morning.Add(10*time.Second), dial("c1", "alice"))
	b.Handle(morning.Add(10*time.Second), set("alice", StatusRest))
	b.Handle(morning.Add(11*time.Second), queue("c2", 1))
	b.Handle(morning.Add(12*time.Second), Enqueued{Work: call("c3"), Group: 1, Priority: 9})
	b.Handle(morning.Add(13*time.Second), Enqueued{Work: call("c4"), Group: 1, Priority: 1})
	b.Handle(morning.Add(14*time.Second), lose("carol"))

	got := b.Handle(morning.Add(20*time.Second), openseat.Asked{Ask: "q", Event: Overview{}})
	c1, c2 := call("c1"), call("c2")
	want := Wallboard{
		At: morning.Add(20 * time.Second),
		Agents: []AgentView{
			{
				User: "alice", Status: StatusBusy, Since: morning.Add(10 * time.Second), Reserved: StatusRest, Work: &c1,
				Conn: "alice-1", Groups: []GroupView{{1, 1}, {3, 1}, {4, 1}},
			},
			{
				User: "bob", Status: StatusFree, Since: morning.Add(time.Second), Ringing: &c2, Conn: "bob-1",
				Groups: []GroupView{{1, 1}, {2, 1}, {3, 1}, {4, 1}},
			},
			{
				User: "carol", Status: StatusFree, Since: morning.Add(2 * time.Second), Conn: "carol-1", Lost: true,
				Groups: []GroupView{{3, 1}, {4, 1}},
			},
			{User: "dave", Status: StatusOffline, Groups: []GroupView{{2, 2}}},
		},
		Queues: []QueueView{
			{Group: 1, Waiting: 2, Longest: morning.Add(12 * time.Second), Agents: 2, Online: 2, Free: 1, Ringing: 1, Busy: 1},
			{Group: 2, Agents: 2, Online: 1, Free: 1, Ringing: 1},
			{Group: 3, Agents: 3, Online: 3, Free: 2, Ringing: 1, Busy: 1},
			{Group: 4, Agents: 3, Online: 3, Free: 2, Ringing: 1, Busy: 1},
		},
	}
	if len(got) != 1 || !reflect.DeepEqual(got[0], openseat.Reply{Ask: "q", Value: want}) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	if !reflect.DeepEqual(b.Agents(), want.Agents) || !reflect.DeepEqual(b.Queues(), want.Queues) {
		t.Fatal("the views differ from the wallboard")
	}
}

func TestOverviewOfSome(t *testing.T) {
	b := newDesk(t)
	for _, c := range []struct {
		ask  Overview
		want string
		more bool
	}{
		{Overview{}, "alice bob carol dave", false},
		{Overview{Limit: 2}, "alice bob", true},
		{Overview{Limit: 2, After: "bob"}, "carol dave", false},
		{Overview{After: "bobby"}, "carol dave", false},
		{Overview{After: "zoe"}, "", false},
		{Overview{Users: []string{"dave", "eve", "alice"}}, "dave alice", false},
		{Overview{Users: []string{"dave", "alice"}, Limit: 1}, "dave", true},
	} {
		reply := b.Handle(morning, openseat.Asked{Event: c.ask})[0].(openseat.Reply)
		wallboard := reply.Value.(Wallboard)
		var users []string
		for _, a := range wallboard.Agents {
			users = append(users, a.User)
		}
		if got := strings.Join(users, " "); got != c.want || wallboard.More != c.more {
			t.Errorf("%+v: got %q, more %t, want %q, more %t", c.ask, got, wallboard.More, c.want, c.more)
		}
	}
}

// TestCodec makes sure that the board's words survive the journal.
func TestCodec(t *testing.T) {
	events, commands := Words()
	codec := openseat.NewCodec(events, commands)
	for _, e := range append(events,
		desk(), queue("c1", 1), release("c1", "alice", time.Second),
		openseat.Asked{Ask: "q", Event: set("alice", StatusRest)}, openseat.Asked{Event: Overview{Users: []string{"alice"}}},
	) {
		text, err := codec.MarshalEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := codec.UnmarshalEvent(text)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Errorf("%s: got %+v, %v, want %+v", text, back, err, e)
		}
	}
	for _, c := range append(commands,
		openseat.Tell{To: call("c1"), Event: Offered{User: "alice", Group: 1, Priority: 2, Conn: "p"}},
		AgentChanged{User: "alice", Status: StatusArrange, Since: morning, Until: morning, Work: []openseat.Ref{call("c1")}},
	) {
		text, err := codec.MarshalCommand(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := codec.UnmarshalCommand(text)
		if err != nil || !reflect.DeepEqual(back, c) {
			t.Errorf("%s: got %+v, %v, want %+v", text, back, err, c)
		}
	}
}

func TestRestoreRefusesNonsense(t *testing.T) {
	good := newDesk(t, "alice")
	good.Handle(morning, queue("c1", 1))
	good.Handle(morning, queue("c2", 1))
	whole, err := good.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := New(app).Restore(whole); err != nil {
		t.Fatal(err)
	}
	spoilt := func(spoil func(b *Board)) []byte {
		b := newDesk(t)
		if err := b.Restore(whole); err != nil {
			t.Fatal(err)
		}
		spoil(b)
		text, _ := b.Snapshot()
		return text
	}
	for name, text := range map[string][]byte{
		"nothing":                nil,
		"JSON":                   []byte("{}"),
		"another instance":       spoilt(func(b *Board) { b.app++ }),
		"a group is missing":     spoilt(func(b *Board) { b.works[call("c2")].Group = 9 }),
		"an offer to nobody":     spoilt(func(b *Board) { w := b.works[call("c1")]; w.Offers = append(w.Offers, "bob") }),
		"an offer of nothing":    spoilt(func(b *Board) { b.works[call("c1")].Ref.ID = "c3" }),
		"an offer without end":   spoilt(func(b *Board) { b.agents["alice"].Deadlines[offerDeadline] = time.Time{} }),
		"a deadline of no offer": spoilt(func(b *Board) { b.agents["bob"].Deadlines[offerDeadline] = morning }),
		"work twice":             spoilt(func(b *Board) { b.works[call("c2")].Ref.ID = "c1" }),
		"an agent twice":         spoilt(func(b *Board) { b.agents["bob"].User = "alice" }),
	} {
		b := newDesk(t, "alice")
		if err := b.Restore(text); err == nil {
			t.Errorf("%s: no error", name)
		}
		if len(b.Agents()) != 4 {
			t.Errorf("%s: the board changed", name)
		}
	}
	for n := range whole {
		if New(app).Restore(whole[:n]) == nil {
			t.Errorf("the first %d of %d bytes: no error", n, len(whole))
		}
	}
}

func FuzzRestore(f *testing.F) {
	b := New(app)
	b.Handle(morning, desk())
	b.Handle(morning, in("alice"))
	b.Handle(morning, queue("c1", 1))
	b.Handle(morning, queue("c2", 1))
	text, _ := b.Snapshot()
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		b := New(app)
		if b.Restore(text) != nil {
			return
		}
		b.Handle(morning, openseat.OwnerLost{})
	})
}

// TestSnapshotKeepsEverything fails when a field is added to a state and forgotten in its fields function.
func TestSnapshotKeepsEverything(t *testing.T) {
	var written, read struct {
		a agentState
		w workState
		g GroupPlan
		b Board
	}
	seed := 0
	fill(reflect.ValueOf(&written.a).Elem(), &seed)
	fill(reflect.ValueOf(&written.w).Elem(), &seed)
	fill(reflect.ValueOf(&written.g).Elem(), &seed)
	fill(reflect.ValueOf(&written.b.rules).Elem(), &seed)
	written.b.seq, written.b.confirmBy = 77, morning

	out := &tape{}
	written.a.fields(out)
	written.w.fields(out)
	written.g.fields(out)
	written.b.fields(out)
	in := &tape{bytes: out.bytes, reading: true, version: snapshotVersion}
	read.a.fields(in)
	read.w.fields(in)
	read.g.fields(in)
	read.b.fields(in)
	if !reflect.DeepEqual(written, read) || in.err != nil || len(in.bytes) > 0 {
		t.Fatalf("wrote %+v\nread  %+v, %v", written, read, in.err)
	}
}

// fill gives every field a value of its own.
func fill(v reflect.Value, seed *int) {
	*seed++
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(morning.Add(time.Duration(*seed))))
			return
		}
		for _, field := range v.Fields() {
			fill(field, seed)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), seed)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), seed)
		fill(v.Index(1), seed)
	case reflect.String:
		v.SetString(fmt.Sprint("text", *seed))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64:
		v.SetUint(uint64(*seed))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(-*seed))
	default:
		panic("a field of kind " + v.Kind().String())
	}
}

// TestRingAllIsBounded: a group of thousands does not ring as a whole.
func TestRingAllIsBounded(t *testing.T) {
	b := New(app)
	plan := Configured{Groups: []GroupPlan{{ID: 1, RingAll: true}}}
	for i := range 150 {
		plan.Agents = append(plan.Agents, AgentPlan{User: fmt.Sprintf("agent%03d", i), Groups: map[int64]int{1: 9}})
	}
	b.Handle(morning, plan)
	for _, a := range plan.Agents {
		b.Handle(morning, in(a.User))
	}
	b.Handle(morning, queue("c1", 1))
	if q := b.Queues()[0]; q.Ringing != 100 || q.Free != 150 {
		t.Fatalf("got %+v, want 100 ringing", q)
	}
	if p := b.Agents()[0].Groups[0].Priority; p != lowestPriority {
		t.Fatalf("priority 9 became %d", p)
	}
	b.Handle(morning, queue("c2", 1))
	if q := b.Queues()[0]; q.Ringing != 150 {
		t.Fatalf("got %+v, want 150 ringing", q)
	}
}

// TestSkipIsBounded: who missed long ago is forgotten, who missed last is not.
func TestSkipIsBounded(t *testing.T) {
	var w work
	for i := range 100 {
		w.skip(fmt.Sprint("agent", i))
	}
	w.skip("agent90")
	if len(w.Skip) != mostSkipped || w.skips("agent10") || w.Skip[mostSkipped-1] != "agent90" {
		t.Fatalf("got %q", w.Skip)
	}
	if n := slices.Index(w.Skip, "agent90"); n != mostSkipped-1 {
		t.Fatalf("agent90 stands twice, first at %d", n)
	}
}

// TestAskedForNothing: a question is answered even when nothing happens, and once.
func TestAskedForNothing(t *testing.T) {
	events, _ := Words()
	for _, e := range append(events, nil, openseat.TimerFired{}, openseat.OwnerLost{}, openseat.Asked{}) {
		replies := 0
		for _, c := range New(app).Handle(morning, openseat.Asked{Ask: "q", Event: e}) {
			if r, ok := c.(openseat.Reply); ok && r.Ask == "q" {
				replies++
			}
		}
		if replies != 1 {
			t.Errorf("%T: %d replies", e, replies)
		}
	}
}
