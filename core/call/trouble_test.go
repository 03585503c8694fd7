package call_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
)

// desk is a world with one call in it, for troubles that no orderly story has: words that cross each other on their way,
// boards that forget, pages that vanish at the wrong moment.
type desk struct {
	*testing.T
	w *calltest.World
}

const theCall = "s1"

func newDesk(t *testing.T) *desk {
	d := &desk{t, calltest.New(dayPlan(t), []acd.AgentPlan{
		{User: "alice", Groups: map[int64]int{1: 1, 2: 1}}, {User: "bob", Groups: map[int64]int{1: 2, 2: 1}},
	})}
	d.w.Tell(acd.SignedIn{User: "alice", Conn: "page1"})
	return d
}

func (d *desk) run(after time.Duration) { d.w.Run(d.w.Now.Add(after)) }

func (d *desk) tell(e openseat.Event) { d.w.TellCall(theCall, e) }

func (d *desk) press(key string) {
	d.w.Customer(theCall, call.Digit{Leg: call.CustomerLeg, Digit: key})
}

func (d *desk) leave() {
	d.w.Customer(theCall, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
}

func (d *desk) ask(e openseat.Event) openseat.Reply { return d.w.Ask(theCall, e) }

func (d *desk) must(e openseat.Event) {
	d.Helper()
	if r := d.ask(e); r.Error != nil {
		d.Fatalf("%s: %v", e.EventName(), r.Error)
	}
}

// rung has a customer in the queue, and alice rung for him.
func (d *desk) rung(key string) {
	d.w.Arrive(theCall, "008613800138000", "00864008001000")
	d.run(time.Second)
	d.press(key)
	d.run(time.Second)
}

// talking has alice in talk with him.
func (d *desk) talking() {
	d.rung("1")
	d.must(call.Accepted{User: "alice", Conn: "page1"})
	d.run(time.Second)
}

// commands lists the call's commands of one type.
func commands[C openseat.Command](d *desk) (out []C) {
	for _, e := range d.w.Entries {
		for _, c := range e.Commands {
			if c, ok := c.(C); ok && e.Ref.ID == theCall {
				out = append(out, c)
			}
		}
	}
	return out
}

// record lets the day end, and returns the call's only record.
func (d *desk) record() call.Facts {
	d.Helper()
	d.run(48 * time.Hour)
	closed := commands[call.Closed](d)
	if len(closed) != 1 || !d.w.Ended(theCall) {
		d.Fatalf("the call left %d records, ended=%v:\n%s", len(closed), d.w.Ended(theCall), tail(d.w.Log, 40))
	}
	for _, a := range d.w.Board().Agents() {
		if a.Status == acd.StatusBusy || a.Ringing != nil {
			d.Errorf("%s is %s, ringing %v, with no call", a.User, a.Status, a.Ringing)
		}
	}
	return closed[0].Record
}

func (d *desk) status(user string) acd.Status {
	for _, a := range d.w.Board().Agents() {
		if a.User == user {
			return a.Status
		}
	}
	return ""
}

func TestUnmutedWhileOnHoldIsHeardAfterwards(t *testing.T) {
	d := newDesk(t)
	d.talking()
	for _, e := range []openseat.Event{
		call.Muted{User: "alice", On: true}, call.HeldByAgent{User: "alice", On: true},
		call.Muted{User: "alice"}, call.HeldByAgent{User: "alice"},
	} {
		d.must(e)
	}
	if m := commands[call.MuteLeg](d); len(m) == 0 || m[len(m)-1].On {
		t.Errorf("she ends up mute: %+v", m)
	}
}

func TestAnswerThatCameTooLateGoesBackToTheQueue(t *testing.T) {
	d := newDesk(t)
	d.rung("1")
	d.must(call.Accepted{User: "alice", Conn: "page1"})
	d.tell(acd.OfferRevoked{User: "alice", Reason: "gone"})
	if f := d.record(); f.EndAt.Sub(f.StartAt) > time.Hour {
		t.Errorf("he waited %v", f.EndAt.Sub(f.StartAt))
	}
}

func TestNewsOfAnotherQueueChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.rung("1")
	seats := len(commands[call.Notify](d))
	d.tell(acd.NobodyOnline{Group: 2})
	d.tell(acd.Offered{User: "bob", Group: 2, Conn: "page2"})
	if n := commands[call.Notify](d); len(n) != seats {
		t.Errorf("he was moved: %+v", n[seats:])
	}
}

func TestRevokedAfterTheTalkBeganStopsRinging(t *testing.T) {
	d := newDesk(t)
	d.w.Tell(acd.SignedIn{User: "bob", Conn: "page2"})
	d.rung("2") // rings both
	d.must(call.Accepted{User: "alice", Conn: "page1"})
	d.tell(call.LegAnswered{Leg: "a1"}) // before the board has said a word
	d.run(time.Second)
	for _, n := range commands[call.Notify](d) {
		if n.User == "bob" && n.Event == "autoTransfer" {
			return
		}
	}
	t.Errorf("bob rings on:\n%s", tail(d.w.Log, 20))
}

func TestCallOutThatDiedWithItsNodeLeavesNobodyBusy(t *testing.T) {
	d := newDesk(t)
	d.w.CallOut(theCall, "alice", "00864008001000", "008613900000001", 1, "")
	d.w.Crash(d.w.Now)
	d.w.Tell(acd.SignedIn{User: "alice", Conn: "page2"})
	d.run(time.Hour)
	if s := d.status("alice"); s != acd.StatusFree {
		t.Errorf("alice is %s", s)
	}
}

func TestAgentVanishesWhileDialing(t *testing.T) {
	for name, vanish := range map[string]openseat.Event{
		"her line ends": call.LegEnded{Leg: "a1"}, "her sound stops": call.MediaLost{Leg: "a1"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.w.CallOut(theCall, "alice", "00864008001000", "008613900000001", 1, "")
			d.run(time.Second)
			d.tell(call.LegRinging{Leg: call.CustomerLeg})
			d.tell(vanish)
			if f := d.record(); f.End != call.EndClientError || f.HungUpSide != call.SideSeat {
				t.Errorf("it ended %s by %s", f.End, f.HungUpSide)
			}
		})
	}
}

func TestHungUpOnACalleeWhoJustAnswered(t *testing.T) {
	d := newDesk(t)
	d.w.NoMedia["alice"] = true
	d.w.CallOut(theCall, "alice", "00864008001000", "008613900000001", 1, "")
	d.run(time.Second)
	d.tell(call.LegAnswered{Leg: call.CustomerLeg})
	d.must(call.HungUp{User: "alice"})
	if f := d.record(); f.End != call.EndOK {
		t.Errorf("an answered call ended %s", f.End)
	}
}

func TestRingingTwiceIsHeardOnce(t *testing.T) {
	d := newDesk(t)
	d.w.CallOut(theCall, "alice", "00864008001000", "008613900000001", 1, "")
	d.run(time.Second)
	for range 3 {
		d.tell(call.LegRinging{Leg: call.CustomerLeg})
	}
	if p := commands[call.Play](d); len(p) != 1 {
		t.Errorf("the ringing tone began %d times", len(p))
	}
	for range 3 {
		d.tell(call.LegProgress{Leg: call.CustomerLeg})
	}
	if c := commands[call.Hear](d); len(c) != 1 {
		t.Errorf("early media was connected %d times", len(c))
	}
}

func TestRingingAfterTheAnswerIsOld(t *testing.T) {
	d := newDesk(t)
	d.w.NoMedia["alice"] = true
	d.w.CallOut(theCall, "alice", "00864008001000", "008613900000001", 1, "")
	d.run(time.Second)
	d.tell(call.LegAnswered{Leg: call.CustomerLeg})
	d.run(time.Second)
	d.tell(call.LegRinging{Leg: call.CustomerLeg})
	d.tell(call.LegProgress{Leg: call.CustomerLeg})
	if f := d.record(); !f.RingAt.IsZero() {
		t.Errorf("it rang at %v, and was answered at %v", f.RingAt, f.AcceptAt)
	}
}

func TestTwoMessagesInOneCallAreTwoRecordings(t *testing.T) {
	d := newDesk(t)
	d.w.Plan.Flow = json.RawMessage(`{"name":"f","start":"a","nodes":{
		"a":{"type":"voicemail","next":"b"},"b":{"type":"voicemail","next":"c"},"c":{"type":"hangup"}}}`)
	d.w.Arrive(theCall, "008613800138000", "00864008001000")
	d.run(5 * time.Second)
	d.press("#")
	d.run(5 * time.Second)
	d.leave()
	d.record()
	if r := commands[call.Recorded](d); len(r) != 2 || r[0].Recording.Record == r[1].Recording.Record {
		t.Errorf("messages: %+v", r)
	}
}

func TestDowntimeIsNoTalkTime(t *testing.T) {
	d := newDesk(t)
	d.talking()
	alive := d.w.Now.Add(time.Second)
	d.w.Now = d.w.Now.Add(time.Hour)
	d.w.Crash(alive)
	for _, n := range commands[call.Notify](d) {
		if n.Event == "sessionEnded" && n.Data["duration"].(float64) > 5 {
			t.Errorf("%+v", n.Data)
		}
	}
}

func TestReloadedPageRingsAgain(t *testing.T) {
	d := newDesk(t)
	d.rung("1")
	before := len(commands[call.Notify](d))
	d.tell(acd.Offered{User: "alice", Group: 1, Priority: 1, Conn: "page7"})
	v := d.ask(call.ViewWanted{User: "alice"}).Value.(call.AgentView)
	if v.Conn != "page7" || v.State != "ringing" {
		t.Errorf("%+v", v)
	}
	if n := len(commands[call.Notify](d)); n != before {
		t.Error("one call came in twice")
	}
}

// told lists what the call told the board since some entry.
func (d *desk) told(since int) (out []string) {
	for _, e := range d.w.Entries[since:] {
		for _, c := range e.Commands {
			if tell, ok := c.(openseat.Tell); ok && e.Ref.ID == theCall {
				out = append(out, tell.Event.EventName())
			}
		}
	}
	return out
}

func TestABoardThatForgotIsToldHowThingsStand(t *testing.T) {
	for _, c := range []struct {
		name  string
		stage func(*desk)
		asks  string
		want  []string
	}{
		{"she is rung", func(d *desk) { d.rung("1") }, "alice", []string{"acd.Held"}},
		{"she is rung, he waits", func(d *desk) { d.rung("1") }, "", []string{"acd.Held"}},
		{"bob was to be rung", func(d *desk) { d.rung("1") }, "bob", []string{"acd.OfferMissed", "acd.Released"}},
		{"she has taken him", func(d *desk) { d.rung("1"); d.must(call.Accepted{User: "alice"}) }, "alice", []string{"acd.OfferTaken", "acd.Held"}},
		{"he waits no more", func(d *desk) { d.rung("1"); d.must(call.Accepted{User: "alice"}) }, "", []string{"acd.Withdrawn"}},
		{"they talk", (*desk).talking, "alice", []string{"acd.OfferTaken", "acd.Held"}},
		{"they talk, he waits no more", (*desk).talking, "", []string{"acd.Withdrawn"}},
		{"bob has no part in it", (*desk).talking, "bob", []string{"acd.Withdrawn", "acd.Released"}},
		{"bob only listens", func(d *desk) {
			d.talking()
			d.must(call.Monitored{User: "bob", Mode: call.Listen})
		}, "bob", []string{"acd.Withdrawn", "acd.Released"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			c.stage(d)
			since := len(d.w.Entries)
			d.tell(acd.HoldWanted{User: c.asks})
			if got := d.told(since); !slices.Equal(got, c.want) {
				t.Errorf("told the board %v, want %v", got, c.want)
			}
		})
	}
}

func TestALostRecordingIsNotWaitedFor(t *testing.T) {
	d := newDesk(t)
	d.talking()
	for _, r := range commands[call.Record](d) {
		d.tell(call.RecordingFailed{Record: r.Record, Reason: "the line is gone"})
	}
	d.leave()
	d.run(time.Second)
	if !d.w.Ended(theCall) {
		t.Error("the call waits on")
	}
}
