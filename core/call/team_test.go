package call_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// since lists what a user's page was told from some notice on, as "event member state …".
func (d *desk) since(from int, user string) (out []string) {
	for _, n := range commands[call.Notify](d)[from:] {
		if n.User != user {
			continue
		}
		words := []string{n.Event}
		for _, field := range []string{"memberId", "userId", "phoneNumber", "mode", "state", "side", "direction", "held", "muted", "closeBy", "mainReason"} {
			switch v := n.Data[field].(type) {
			case nil:
			case bool:
				if v {
					words = append(words, field)
				}
			default:
				words = append(words, fmt.Sprint(v))
			}
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func (d *desk) noticed() int { return len(commands[call.Notify](d)) }

func (d *desk) sees(user string) call.AgentView {
	d.Helper()
	r := d.ask(call.ViewWanted{User: user})
	if r.Error != nil {
		d.Fatal(r.Error)
	}
	return r.Value.(call.AgentView)
}

func (d *desk) expect(from int, user string, want ...string) {
	d.Helper()
	if got := d.since(from, user); !slices.Equal(got, want) {
		d.Errorf("%s was told\n %s\nwant\n %s", user, strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

func TestMembersOfAConsultation(t *testing.T) {
	d := team(t)
	d.inTalk()
	from := d.noticed()
	reply := d.w.Pending(theCall, call.Invited{User: "alice", ToUser: "bob"})
	d.run(time.Second)
	r, _ := reply()
	if m, _ := r.Value.(call.Member); m.ID != "a2" || m.User != "bob" || m.State != "ringing" {
		t.Errorf("invited %+v", r.Value)
	}
	d.expect(from, "alice", "memberStateChanged c 008613800138000 held", "memberStateChanged a1 alice talking",
		"memberStateChanged a2 bob ringing", "callChanged held")
	if v := d.sees("bob"); v.State != "ringing" || v.Role != "invited" || v.PeerUserID != "alice" || len(v.Members) != 3 {
		t.Errorf("bob sees %+v", v)
	}
	from = d.noticed()
	d.takes("bob")
	d.expect(from, "alice", "memberStateChanged a2 bob talking")
	d.expect(from, "bob", "userAccessed", "memberStateChanged c 008613800138000 held", "memberStateChanged a1 alice talking", "memberStateChanged a2 bob talking")
	from = d.noticed()
	d.does(call.Reconnected{User: "alice", Member: "c"})
	d.expect(from, "alice", "memberStateChanged c 008613800138000 talking", "callChanged")
	from = d.noticed()
	d.does(call.Kicked{User: "alice", Member: "a2"})
	d.expect(from, "alice", "memberStateChanged a2 bob left")
	d.expect(from, "bob", "sessionEnded seat")
	d.leave()
	f := d.record()
	if got := serves(f); !slices.Equal(got, []string{"alice ok", "bob ok"}) || f.Serves[1].Record == "" {
		t.Errorf("served by %v", f.Serves)
	}
}

func TestWhoWasInvitedCannotKickWhoInvited(t *testing.T) {
	d := team(t)
	d.threeWay()
	if r := d.ask(call.Kicked{User: "bob", Member: "a1"}); r.Error == nil {
		t.Error("alice was kicked")
	}
}

func TestCustomerEndsAConsultation(t *testing.T) {
	d := team(t)
	d.consulting()
	from := d.noticed()
	d.leave()
	d.run(time.Second)
	d.expect(from, "alice", "sessionEnded client")
	d.expect(from, "bob", "sessionEnded client")
	if f := d.record(); f.HungUpSide != call.SideUser || f.End != call.EndOK {
		t.Errorf("ended %s by %s", f.End, f.HungUpSide)
	}
}

func TestAnInvitationToAGroup(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusNotReady})
	from := d.noticed()
	reply := d.w.Pending(theCall, call.Invited{User: "alice", ToGroup: 2, Wait: true})
	d.run(time.Second)
	r, _ := reply()
	if m, _ := r.Value.(call.Member); m.State != "queued" || m.Group != 2 {
		t.Errorf("invited %+v", r.Value)
	}
	d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusFree})
	d.run(time.Second)
	d.takes("dave")
	d.expect(from, "alice", "memberStateChanged c 008613800138000 held", "memberStateChanged a1 alice talking", "memberStateChanged i1 queued",
		"callChanged held", "memberStateChanged i1 left", "memberStateChanged a2 dave ringing", "memberStateChanged a2 dave talking")
	d.does(call.Kicked{User: "alice", Member: "i1"}) // the name that she was given
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.leave()
	d.record()
}

func TestAnOutsideParty(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.does(outside)
	d.customer(call.LegAnswered{Leg: "p1"})
	d.does(call.DigitsSent{User: "alice", Digits: "1"})
	d.does(unhold)
	d.does(call.DigitsSent{User: "alice", Digits: "2"})
	if got := commands[call.SendDigits](d); len(got) != 2 || got[0].Leg != "p1" || got[1].Leg != "c" {
		t.Errorf("digits went to %+v", got)
	}
	d.does(call.HungUp{User: "alice"})
	if s := d.status("alice"); s != acd.StatusArrange {
		t.Errorf("alice is %s", s)
	}
	d.customer(call.LegEnded{Leg: "p1", Cause: call.Cause{SIP: 200, ByPeer: true}})
	f := d.record()
	want := []string{"alice ok to 008613700000007", "008613700000007 ok from alice"}
	if got := serves(f); !slices.Equal(got, want) || f.HungUpSide != call.SideSeat || f.Serves[1].Type != call.TypeOutside {
		t.Errorf("served by %v, ended by %s", got, f.HungUpSide)
	}
	if len(commands[call.Recorded](d)) != 3 {
		t.Error("not all three were recorded")
	}
}

func TestAnOutsidePartyThatIsBusy(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.does(outside)
	d.customer(call.LegEnded{Leg: "p1", Cause: call.Cause{SIP: 486, ByPeer: true}})
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	for _, h := range commands[call.HangUpLeg](d) {
		if h.Leg == "p1" {
			t.Error("a line that had ended was hung up")
		}
	}
}

func TestAListenerIsNotNoticed(t *testing.T) {
	d := team(t)
	d.inTalk()
	from := d.noticed()
	r := d.ask(call.Monitored{User: "carol", Conn: "page-carol", TabUUID: "t9", Mode: call.Listen})
	if v, _ := r.Value.(call.AgentView); v.Type != "monitor" || v.Role != "monitor" || v.Mode != call.Listen || v.TabUUID != "t9" {
		t.Errorf("carol was answered %+v", r)
	}
	d.run(time.Second)
	d.expect(from, "alice")
	d.expect(from, "carol", "memberStateChanged c 008613800138000 talking", "memberStateChanged a1 alice talking", "memberStateChanged m1 carol listen talking")
	from = d.noticed()
	d.monitored(call.Whisper)
	d.expect(from, "alice", "memberStateChanged c 008613800138000 talking", "memberStateChanged a1 alice talking", "memberStateChanged m1 carol whisper talking")
	from = d.noticed()
	d.monitored(call.Listen)
	d.expect(from, "alice", "memberStateChanged m1 carol whisper left")
	from = d.noticed()
	d.does(call.HungUp{User: "alice"})
	d.expect(from, "carol", "sessionEnded seat")
	f := d.record()
	if len(f.Serves) != 1 {
		t.Errorf("served by %v", serves(f))
	}
}

func TestTextThenVoice(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.monitored(call.Read)
	d.monitored(call.Listen)
	d.monitored(call.Read)
	d.monitored(call.Barge)
	if got := d.heard(); got != "c:a1 a1:c and [m2]" {
		t.Log(d.w.Hears(theCall))
	}
	if h := d.w.Hears(theCall)["c"]; !slices.Equal(h, []string{"a1", "m2"}) {
		t.Errorf("the customer hears %v", h)
	}
	d.leave()
	d.record()
}

func TestIntercepted(t *testing.T) {
	d := team(t)
	d.consulting()
	d.monitored(call.Listen)
	from := d.noticed()
	d.does(call.Intercepted{User: "carol"})
	d.expect(from, "alice", "sessionEnded admin intercepted")
	d.expect(from, "bob", "sessionEnded admin intercepted")
	d.expect(from, "carol", "userAccessed", "memberStateChanged a1 alice left", "memberStateChanged a2 bob left",
		"memberStateChanged c 008613800138000 talking", "memberStateChanged m1 carol talking")
	if s := d.status("carol"); s != acd.StatusBusy {
		t.Errorf("carol is %s", s)
	}
	if v := d.sees("carol"); v.Type != "phone" || v.Role != "agent" || v.Mode != "" {
		t.Errorf("carol sees %+v", v)
	}
	d.leave()
	f := d.record()
	if got := serves(f); !slices.Equal(got, []string{"alice ok to carol", "bob ok", "carol ok from alice"}) {
		t.Errorf("served by %q", got)
	}
}

func TestInternalCall(t *testing.T) {
	d := team(t)
	reply := d.w.BeginPending(theCall, call.CallIn{Plan: d.w.Plan, User: "alice", Conn: "page-alice", TabUUID: "t1", ToUser: "bob"})
	d.run(time.Second)
	got, _ := reply()
	if v, _ := got.Value.(call.CallResponse); v.SessionID != theCall || v.ServerType != string(acd.SeatWeb) {
		t.Errorf("answered %+v", got)
	}
	n := commands[call.Notify](d)
	if n[1].Event != "callIn" || n[1].User != "bob" || n[1].Data["type"] != "internal" || n[1].Data["peerUserId"] != "alice" {
		t.Errorf("bob was told %+v", n)
	}
	d.takes("bob")
	if v := d.sees("alice"); v.Type != "internal" || v.PeerUserID != "bob" || v.State != "inProgress" {
		t.Errorf("alice sees %+v", v)
	}
	d.does(call.HungUp{User: "bob"})
	f := d.record()
	if f.CallType != call.TypeInternal || f.End != call.EndOK || !slices.Equal(serves(f), []string{"alice ok", "bob ok"}) || f.Record != "" {
		t.Errorf("%+v", f)
	}
}

func TestInternalCallThatIsNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		stage func(*desk)
		end   call.EndStatus
	}{
		"declined":             {func(d *desk) { d.does(call.Declined{User: "bob"}) }, call.EndUserReject},
		"rings out":            {func(d *desk) { d.run(time.Minute) }, call.EndNotAnswer},
		"cancelled":            {func(d *desk) { d.does(call.HungUp{User: "alice"}) }, call.EndCallerCancelWhileRing},
		"ended by the company": {func(d *desk) { d.does(call.EndedByAPI{By: "key"}) }, call.EndCallTerminatedByAPI},
	} {
		t.Run(name, func(t *testing.T) {
			d := team(t)
			d.calledIn()
			c.stage(d)
			if f := d.record(); f.End != c.end {
				t.Errorf("it ended %s, want %s", f.End, c.end)
			}
		})
	}
}

func TestInternalCallToWhoIsAway(t *testing.T) {
	d := team(t)
	d.w.Tell(acd.SignedOut{User: "bob"})
	reply := d.w.BeginPending(theCall, call.CallIn{Plan: d.w.Plan, User: "alice", ToUser: "bob"})
	d.run(time.Second)
	if r, ok := reply(); !ok || r.Error == nil || r.Error.Code != openseat.CodeUnavailable {
		t.Errorf("answered %+v", r)
	}
	if s := d.status("alice"); s != acd.StatusFree || !d.w.Ended(theCall) {
		t.Errorf("alice is %s", s)
	}
}

func TestOneWaySound(t *testing.T) {
	d := team(t)
	d.inTalk()
	from := d.noticed()
	for _, e := range []openseat.Event{
		call.MediaLost{Leg: "c"}, call.MediaLost{Leg: "c"}, call.MediaBack{Leg: "c"}, call.MediaLost{Leg: "a1"}, call.MediaBack{Leg: "a1"}, call.MediaBack{Leg: "c"},
	} {
		d.tell(e)
	}
	d.expect(from, "alice", "mediaOneWay customer in", "mediaRestored customer in", "mediaOneWay agent out", "mediaRestored agent out")
}

func TestAllTabsLearnWhatOneDoes(t *testing.T) {
	d := team(t)
	d.inTalk()
	from := d.noticed()
	d.does(call.Muted{User: "alice", On: true}, hold, unhold)
	d.does(call.SeatMoved{User: "alice", Conn: "page9", TabUUID: "t9"})
	d.expect(from, "alice", "callChanged muted", "callChanged held muted", "callChanged muted", "callChanged muted")
	if v := d.sees("alice"); v.TabUUID != "t9" || v.Conn != "page9" {
		t.Errorf("alice sees %+v", v)
	}
}
