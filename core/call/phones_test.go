package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
)

// phones is a desk where alice sits at a SIP phone, bob is at his page, and dave is reached on his mobile phone.
func phones(t *testing.T) *desk {
	d := &desk{t, calltest.New(dayPlan(t), []acd.AgentPlan{
		{User: "alice", Groups: map[int64]int{1: 1}, Seat: acd.SeatExtension}, {User: "bob", Groups: map[int64]int{1: 5}},
		{User: "dave", Groups: map[int64]int{2: 1}, Mobile: acd.MobileAlways},
	})}
	for _, user := range []string{"alice", "bob", "dave"} {
		d.w.Tell(acd.SignedIn{User: user, Conn: "page-" + user})
	}
	d.w.Tell(acd.PhoneUp{User: "alice"})
	return d
}

func (d *desk) ended(leg string, sip int) {
	d.customer(call.LegEnded{Leg: leg, Cause: call.Cause{SIP: sip, ByPeer: true}})
}

// onPhone has alice in talk on her SIP phone.
func (d *desk) onPhone() {
	d.rung("1")
	d.customer(call.LegAnswered{Leg: "a1"})
}

func (d *desk) rings() (out []string) {
	for _, r := range commands[call.RingSeat](d) {
		out = append(out, r.Leg+" "+r.User+" "+string(r.Seat)+" shows "+r.Caller)
	}
	return out
}

func TestASIPPhoneIsRungAndLifted(t *testing.T) {
	d := phones(t)
	d.rung("1")
	if got := d.rings(); !slices.Equal(got, []string{"a1 alice staffExtensionSeat shows 008613800138000"}) {
		t.Fatalf("rung %q", got)
	}
	if n := commands[call.Notify](d); n[0].Event != "callIn" || n[0].Data["serverType"] != "staffExtensionSeat" {
		t.Errorf("her page was told %+v", n)
	}
	if r := d.ask(call.Accepted{User: "alice", Conn: "page-alice"}); r.Error == nil || !strings.Contains(r.Error.Message, "SIP phone") {
		t.Errorf("her page could answer it: %+v", r.Error)
	}
	d.customer(call.LegAnswered{Leg: "a1"})
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	if s := d.status("alice"); s != acd.StatusBusy {
		t.Errorf("alice is %s", s)
	}
	d.ended("a1", 200)
	d.run(20 * time.Second)
	f := d.record()
	if f.End != call.EndOK || f.HungUpSide != call.SideSeat || f.Serves[0].Type != "staffExtensionSeat" || len(f.PostKeys) == 0 {
		t.Errorf("%+v", f)
	}
}

func TestASIPPhoneThatIsNotLifted(t *testing.T) {
	for name, c := range map[string]struct {
		stage  func(*desk)
		status acd.Status
	}{
		"declined":           {func(d *desk) { d.ended("a1", 603) }, acd.StatusFree},
		"busy":               {func(d *desk) { d.ended("a1", 486) }, acd.StatusFree},
		"gone":               {func(d *desk) { d.ended("a1", 480) }, acd.StatusNotReady},
		"timed out":          {func(d *desk) { d.run(9 * time.Second) }, acd.StatusNotReady},
		"declined on a page": {func(d *desk) { d.does(call.Declined{User: "alice"}) }, acd.StatusFree},
		"hung up on a page":  {func(d *desk) { d.does(call.HungUp{User: "alice"}) }, acd.StatusFree},
	} {
		t.Run(name, func(t *testing.T) {
			d := phones(t)
			d.rung("1")
			c.stage(d)
			d.run(time.Second)
			if s := d.status("alice"); s != c.status {
				t.Errorf("alice is %s, want %s", s, c.status)
			}
			d.takes("bob")
			if got := d.heard(); got != "c:a2 a2:c" {
				t.Errorf("heard is %q", got)
			}
			d.leave()
			if got := serves(d.record()); !slices.Equal(got, []string{"alice seatGiveUp", "bob ok"}) {
				t.Errorf("served by %q", got)
			}
		})
	}
}

func TestTheHoldKeyOfASIPPhone(t *testing.T) {
	d := phones(t)
	d.onPhone()
	d.customer(call.LegHeld{Leg: "a1", On: true})
	if got := d.heard(); got != "c: music" {
		t.Errorf("heard is %q", got)
	}
	d.customer(call.LegHeld{Leg: "a1"})
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.customer(call.MediaLost{Leg: "a1"})
	d.run(5 * time.Minute) // a telephone may be silent
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	if r := d.ask(call.SeatMoved{User: "alice", Conn: "x"}); r.Error == nil {
		t.Error("her sound was moved to a page")
	}
	d.leave()
	d.record()
}

func TestAMobilePhoneIsShownOurNumber(t *testing.T) {
	d := phones(t)
	d.onPhone()
	d.does(call.Transferred{User: "alice", ToGroup: 2})
	if got := d.rings(); got[len(got)-1] != "a2 dave staffPhoneSeat shows 00864008001000" {
		t.Errorf("rung %q", got)
	}
	d.customer(call.LegAnswered{Leg: "a2"})
	if got := d.heard(); got != "c:a2 a2:c" {
		t.Errorf("heard is %q", got)
	}
	d.leave()
	f := d.record()
	if p := f.Serves; p[0].TransferToType != "staffPhoneSeat" || p[1].TransferFromType != "staffExtensionSeat" {
		t.Errorf("%+v", p)
	}
}

func TestAMailboxIsNoAgent(t *testing.T) {
	d := phones(t)
	d.rung("2")
	d.customer(call.LegAnswered{Leg: "a1", Voicemail: true})
	if len(d.w.Hears(theCall)) > 0 {
		t.Errorf("the customer talks to a mailbox: %v", d.w.Hears(theCall))
	}
	d.leave()
	d.record()
}

func TestBothPhonesOfARingAllAreLifted(t *testing.T) {
	d := &desk{t, calltest.New(dayPlan(t), []acd.AgentPlan{
		{User: "alice", Groups: map[int64]int{2: 1}, Seat: acd.SeatExtension}, {User: "bob", Groups: map[int64]int{2: 1}},
		{User: "dave", Groups: map[int64]int{2: 1}, Seat: acd.SeatExtension},
	})}
	for _, user := range []string{"alice", "bob", "dave"} {
		d.w.Tell(acd.SignedIn{User: user, Conn: "page-" + user})
		d.w.Tell(acd.PhoneUp{User: user})
	}
	d.rung("2")
	d.tell(call.LegAnswered{Leg: "a1"})
	d.tell(call.LegAnswered{Leg: "a3"}) // before the board has said a word
	d.run(time.Second)
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.leave()
	if got := serves(d.record()); !slices.Equal(got, []string{"alice ok", "bob seatGiveUp", "dave seatGiveUp"}) {
		t.Errorf("served by %q", got)
	}
}

func (d *desk) dials(e call.CallOut) func() (openseat.Reply, bool) {
	e.Plan, e.Trunk, e.Caller, e.Callee, e.Group = d.w.Plan, "demo", "00864008001000", "008613900000001", 1
	reply := d.w.BeginPending(theCall, e)
	d.run(time.Second)
	return reply
}

func TestADoubleCallRingsTheAgentFirst(t *testing.T) {
	d := phones(t)
	reply := d.dials(call.CallOut{User: "dave", Seat: acd.SeatMobile})
	if r, _ := reply(); r.Error != nil || r.Value.(call.CallResponse).ServerType != "staffPhoneSeat" {
		t.Fatalf("answered %+v", r)
	}
	if got := d.rings(); !slices.Equal(got, []string{"a1 dave staffPhoneSeat shows 00864008001000"}) || len(commands[call.DialTrunk](d)) > 0 {
		t.Errorf("rung %q", got)
	}
	d.customer(call.LegAnswered{Leg: "a1"})
	if len(commands[call.DialTrunk](d)) != 1 {
		t.Fatal("the customer is not dialed")
	}
	d.customer(call.LegRinging{Leg: "c"})
	if got := d.heard(); got != "a1: ringback" {
		t.Errorf("heard is %q", got)
	}
	d.customer(call.LegAnswered{Leg: "c"})
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.ended("a1", 200)
	f := d.record()
	if f.End != call.EndOK || f.HungUpSide != call.SideSeat || f.Serves[0].Type != "staffPhoneSeat" {
		t.Errorf("%+v", f)
	}
}

func TestADoubleCallThatTheAgentDoesNotAnswer(t *testing.T) {
	for name, stage := range map[string]func(*desk){
		"rings out":         func(d *desk) { d.run(time.Minute) },
		"declines":          func(d *desk) { d.ended("a1", 603) },
		"a mailbox answers": func(d *desk) { d.customer(call.LegAnswered{Leg: "a1", Voicemail: true}) },
	} {
		t.Run(name, func(t *testing.T) {
			d := phones(t)
			d.dials(call.CallOut{User: "dave", Seat: acd.SeatMobile})
			stage(d)
			f := d.record()
			if f.End != call.EndSeatGiveUp || f.HungUpSide != call.SideSeat || len(commands[call.DialTrunk](d)) > 0 {
				t.Errorf("ended %s by %s", f.End, f.HungUpSide)
			}
		})
	}
}

func TestACallOutFromASIPPhone(t *testing.T) {
	d := phones(t)
	d.dials(call.CallOut{User: "alice", Seat: acd.SeatExtension, AtDoor: true})
	if len(commands[call.AnswerLeg](d)) != 1 || len(commands[call.RingSeat](d)) > 0 || len(commands[call.DialTrunk](d)) != 1 {
		t.Errorf("her phone was not answered, or the customer not dialed:\n%s", tail(d.w.Log, 20))
	}
	d.customer(call.LegAnswered{Leg: "c"})
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.leave()
	d.record()
}

func TestACallOutFromASIPPhoneOfWhoIsBusy(t *testing.T) {
	d := phones(t)
	other := openseat.CallRef(calltest.App, "other")
	d.w.Tell(acd.Occupied{User: "alice", Work: other})
	reply := d.dials(call.CallOut{User: "alice", Seat: acd.SeatExtension, AtDoor: true})
	if r, _ := reply(); r.Error == nil || r.Error.Code != openseat.CodeSeatBusy {
		t.Errorf("answered %+v", r)
	}
	if h := commands[call.HangUpLeg](d); len(h) != 1 || h[0].Leg != "a1" || !d.w.Ended(theCall) {
		t.Errorf("her phone waits on: %+v", h)
	}
}

// atDoor are the calls that alice may dial on her SIP phone: to a customer, and to a colleague.
func (d *desk) atDoor() map[string]openseat.Event {
	return map[string]openseat.Event{
		"out": call.CallOut{
			Plan: d.w.Plan, User: "alice", Trunk: "demo", Caller: "00864008001000", Callee: "008613900000001",
			Seat: acd.SeatExtension, AtDoor: true,
		},
		"in": call.CallIn{Plan: d.w.Plan, User: "alice", Seat: acd.SeatExtension, AtDoor: true, ToUser: "bob"},
	}
}

func TestASIPPhoneThatIsPutDownBeforeTheBoardAnswers(t *testing.T) {
	for _, c := range []struct {
		name, call string
		after      time.Duration
	}{
		{"at once", "out", 0},
		{"while she is granted", "out", calltest.CourierTime},
		{"at once, of a colleague", "in", 0},
		{"while she is granted, of a colleague", "in", calltest.CourierTime},
		{"while he is asked for", "in", 2 * calltest.CourierTime},
		{"while he is granted", "in", 3 * calltest.CourierTime},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := phones(t)
			bob := d.status("bob")
			reply := d.w.BeginPending(theCall, d.atDoor()[c.call])
			d.run(c.after)
			d.ended("a1", 200)
			if r, ok := reply(); !ok || r.Error == nil || r.Error.Code != openseat.CodeCallOutFailed {
				t.Errorf("answered %+v", r)
			}
			d.run(time.Second)
			if !d.w.Ended(theCall) || len(commands[call.DialTrunk](d))+len(commands[call.HangUpLeg](d))+len(commands[call.Closed](d)) > 0 {
				t.Errorf("the call goes on:\n%s", tail(d.w.Log, 20))
			}
			if d.status("alice") != acd.StatusFree || d.status("bob") != bob {
				t.Errorf("alice is %s, bob %s", d.status("alice"), d.status("bob"))
			}
		})
	}
}

func TestASIPPhoneThatIsPutDownWhileItDials(t *testing.T) {
	ringing := call.LegRinging{Leg: call.CustomerLeg}
	for _, c := range []struct {
		name, call string
		after      time.Duration
		then       []openseat.Event
		want       call.EndStatus
	}{
		{"before her phone is heard", "out", 3 * calltest.CourierTime, nil, call.EndCallerCancelWithoutRing},
		{"before it rings", "out", time.Second, nil, call.EndCallerCancelWithoutRing},
		{"while it rings", "out", time.Second, []openseat.Event{ringing}, call.EndCallerCancelWhileRing},
		{"before her phone is heard, of a colleague", "in", 5 * calltest.CourierTime, nil, call.EndCallerCancelWithoutRing},
		{"while he is rung", "in", time.Second, nil, call.EndCallerCancelWhileRing},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := phones(t)
			d.w.BeginPending(theCall, d.atDoor()[c.call])
			d.run(c.after)
			for _, e := range c.then {
				d.customer(e)
			}
			d.ended("a1", 200)
			d.run(time.Second)
			if s := d.status("alice"); s != acd.StatusFree {
				t.Errorf("alice is %s", s)
			}
			if f := d.record(); f.End != c.want || f.HungUpSide != call.SideSeat {
				t.Errorf("ended %s by %s, want %s", f.End, f.HungUpSide, c.want)
			}
		})
	}
}

func TestAnInternalCallFromASIPPhoneToAMobile(t *testing.T) {
	d := phones(t)
	d.w.BeginPending(theCall, call.CallIn{
		Plan: d.w.Plan, User: "alice", Seat: acd.SeatExtension, AtDoor: true, ToUser: "dave", Mobile: true, Caller: "00864008001000",
	})
	d.run(time.Second)
	if got := d.rings(); !slices.Equal(got, []string{"a2 dave staffPhoneSeat shows 00864008001000"}) {
		t.Errorf("rung %q", got)
	}
	if got := d.heard(); got != "a1: ringback" {
		t.Errorf("heard is %q", got)
	}
	d.customer(call.LegAnswered{Leg: "a2"})
	if got := d.heard(); got != "a1:a2 a2:a1" {
		t.Errorf("heard is %q", got)
	}
	d.ended("a1", 200)
	f := d.record()
	if got := serves(f); !slices.Equal(got, []string{"alice ok", "dave ok"}) || f.End != call.EndOK {
		t.Errorf("served by %q, ended %s", got, f.End)
	}
}

func TestConsultingASIPPhone(t *testing.T) {
	d := phones(t)
	d.w.Tell(acd.StatusSet{User: "alice", Status: acd.StatusNotReady})
	d.rung("1")
	d.takes("bob")
	d.does(call.Invited{User: "bob", ToUser: "alice"})
	d.customer(call.LegAnswered{Leg: "a2"})
	if got := d.heard(); got != "a1:a2 a2:a1 c: music" {
		t.Errorf("heard is %q", got)
	}
	d.ended("a2", 200)
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.leave()
	d.record()
}
