package call_test

import (
	"slices"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
)

// ends tells how somebody's page learned that his part was over, and why a transfer failed.
func (d *desk) ends(user string) (out []string) {
	for _, n := range commands[call.Notify](d) {
		if n.User != user {
			continue
		}
		switch n.Event {
		case "sessionEnded":
			out = append(out, "ended by "+n.Data["closeBy"].(string))
		case "transferFailed":
			out = append(out, "failed: "+n.Data["reason"].(string)+" "+n.Data["code"].(string))
		case "transfer", "autoTransfer", "userAccessed":
			out = append(out, n.Event)
		}
	}
	return out
}

// serves is each participant's story in a word: who, how it ended, from and to whom he got the customer.
func serves(f call.Facts) (out []string) {
	for _, p := range f.Serves {
		s := p.User + p.Phone + " " + p.End.String()
		if p.TransferFrom != "" {
			s += " from " + p.TransferFrom
		}
		if p.TransferTo != "" {
			s += " to " + p.TransferTo
		}
		out = append(out, s)
	}
	return out
}

var toSales = call.Transferred{User: "alice", ToGroup: 2}

// outcome is what a transfer came to.
type outcome struct {
	name   string
	stage  func(*desk)
	heard  string   // right after it
	alice  []string // what her page was told
	serves []string // once the customer has hung up
	end    call.EndStatus
}

func TestTransferToAColleague(t *testing.T) {
	taken := []string{"userAccessed", "transfer", "ended by seat"}
	returned := func(reason, code string) []string {
		return []string{"userAccessed", "transfer", "failed: " + reason + " " + code, "ended by client"}
	}
	for _, o := range []outcome{
		{"taken", func(d *desk) { d.does(toBob); d.takes("bob") }, "c:a2 a2:c", taken, []string{"alice ok to bob", "bob ok from alice"}, call.EndOK},
		{"declined", func(d *desk) { d.does(toBob, call.Declined{User: "bob"}) }, "c:a1 a1:c", returned("rejected", openseat.CodeCallOutFailed),
			[]string{"alice ok", "bob seatGiveUp"}, call.EndOK},
		{"hung up while it rings", func(d *desk) { d.does(toBob, call.HungUp{User: "bob"}) }, "c:a1 a1:c", returned("rejected", openseat.CodeCallOutFailed),
			[]string{"alice ok", "bob seatGiveUp"}, call.EndOK},
		{"rings out", func(d *desk) { d.does(toBob); d.run(time.Minute) }, "c:a1 a1:c", returned("timeout", openseat.CodeCallOutFailed),
			[]string{"alice ok", "bob seatGiveUp"}, call.EndOK},
		{"his page brings no sound", func(d *desk) {
			d.w.NoMedia["bob"] = true
			d.does(toBob)
			d.takes("bob")
			d.run(time.Minute)
		}, "c:a1 a1:c", returned("noMedia", openseat.CodeCallOutFailed), []string{"alice ok", "bob clientError"}, call.EndOK},
		{"his page vanishes", func(d *desk) {
			d.does(toBob)
			d.w.Tell(acd.ConnLost{User: "bob", Conn: "page-bob"})
			d.run(15 * time.Second)
		}, "c:a1 a1:c", returned("unreachable", openseat.CodeUnavailable), []string{"alice ok", "bob seatGiveUp"}, call.EndOK},
		{"she hangs up, then it is taken", func(d *desk) { d.does(toBob, call.HungUp{User: "alice"}); d.takes("bob") }, "c:a2 a2:c", taken,
			[]string{"alice ok to bob", "bob ok from alice"}, call.EndOK},
		{"she reloads, then it is taken", func(d *desk) {
			d.does(toBob)
			d.tell(call.MediaLost{Leg: "a1"})
			d.run(3 * time.Second)
			d.tell(call.MediaBack{Leg: "a1"})
			d.takes("bob")
		}, "c:a2 a2:c", taken, []string{"alice ok to bob", "bob ok from alice"}, call.EndOK},
		{"she loses her page for good, then it is declined", func(d *desk) {
			d.does(toBob)
			d.w.Tell(acd.SignedOut{User: "alice"})
			d.tell(call.LegEnded{Leg: "a1"})
			d.does(call.Declined{User: "bob"})
		}, "c: Nobody", []string{"userAccessed", "transfer", "ended by seat", "failed: rejected " + openseat.CodeCallOutFailed},
			[]string{"alice clientError", "bob seatGiveUp"}, call.EndOK},
		{"she hangs up, then it is declined, and she is rung again", func(d *desk) {
			d.does(toBob, call.HungUp{User: "alice"}, call.Declined{User: "bob"})
			d.takes("alice")
		}, "c:a3 a3:c", []string{"userAccessed", "transfer", "ended by seat", "failed: rejected " + openseat.CodeCallOutFailed, "userAccessed", "ended by client"},
			[]string{"alice ok", "bob seatGiveUp", "alice ok"}, call.EndOK},
		{"the customer leaves while it rings", func(d *desk) { d.does(toBob); d.leave(); d.run(time.Second) }, "", []string{"userAccessed", "transfer", "ended by client"},
			[]string{"alice ok", "bob ringingGiveUp"}, call.EndOK},
		{"she cancels", func(d *desk) { d.does(toBob, call.TransferCancelled{User: "alice"}) }, "c:a1 a1:c", []string{"userAccessed", "transfer", "ended by client"},
			[]string{"alice ok", "bob seatGiveUp"}, call.EndOK},
		{"intercepted while it rings", func(d *desk) { d.monitored(call.Listen); d.does(toBob, call.Intercepted{User: "carol"}) }, "c:m1 m1:c",
			[]string{"userAccessed", "transfer", "ended by admin"}, []string{"alice ok to carol", "bob seatGiveUp", "carol ok from alice"}, call.EndOK},
		{"taken by consulting", func(d *desk) {
			d.does(call.Invited{User: "alice", ToUser: "bob"})
			d.takes("bob")
			d.does(toBob)
		}, "c:a2 a2:c", taken, []string{"alice ok to bob", "bob ok from alice"}, call.EndOK},
	} {
		t.Run(o.name, func(t *testing.T) { o.check(t) })
	}
}

func (o outcome) check(t *testing.T) {
	d := team(t)
	d.inTalk()
	o.stage(d)
	if got := d.heard(); got != o.heard && !d.w.Ended(theCall) {
		t.Errorf("heard is %q, want %q", got, o.heard)
	}
	d.leave()
	f := d.record()
	if got := d.ends("alice"); !slices.Equal(got, o.alice) {
		t.Errorf("alice was told %q, want %q", got, o.alice)
	}
	if got := serves(f); !slices.Equal(got, o.serves) {
		t.Errorf("served by %q, want %q", got, o.serves)
	}
	if f.End != o.end {
		t.Errorf("it ended %s, want %s", f.End, o.end)
	}
	if t.Failed() {
		t.Logf("%v", tail(d.w.Log, 60))
	}
}

func TestTransferToAGroup(t *testing.T) {
	begun := []string{"userAccessed", "transfer", "ended by seat"}
	away := func(d *desk) { d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusNotReady}) }
	for _, o := range []outcome{
		{"taken", func(d *desk) { d.does(toSales); d.takes("dave") }, "c:a2 a2:c", begun, []string{"alice ok to dave", "dave ok from alice"}, call.EndOK},
		{"waits, then taken", func(d *desk) {
			away(d)
			d.does(toSales)
			d.run(30 * time.Second)
			d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusFree})
			d.run(time.Second)
			d.takes("dave")
		}, "c:a2 a2:c", begun, []string{"alice ok to dave", "dave ok from alice"}, call.EndOK},
		{"rung, declined, rung again and taken", func(d *desk) {
			d.does(toSales, call.Declined{User: "dave"})
			d.takes("dave")
		}, "c:a3 a3:c", begun, []string{"alice ok to dave", "dave seatGiveUp", "dave ok from alice"}, call.EndOK},
		{"the customer leaves while he waits", func(d *desk) { away(d); d.does(toSales); d.leave(); d.run(time.Second) }, "", begun, []string{"alice ok"}, call.EndOK},
		{"the queue's time is over, and she takes him back", func(d *desk) {
			away(d)
			d.does(toSales)
			d.run(10*time.Minute + time.Second)
			d.takes("alice")
		}, "c:a2 a2:c", append(begun, "failed: timeout "+openseat.CodeCallOutFailed, "userAccessed", "ended by client"), []string{"alice ok", "alice ok"}, call.EndOK},
		{"the group goes home, and she takes him back", func(d *desk) {
			away(d)
			d.does(toSales)
			d.w.Tell(acd.SignedOut{User: "dave"})
			d.run(time.Second)
			d.takes("alice")
		}, "c:a2 a2:c", append(begun, "failed: nobody "+openseat.CodeUnavailable, "userAccessed", "ended by client"), []string{"alice ok", "alice ok"}, call.EndOK},
		{"the group goes home, she does not hear it, and he waits for her group", func(d *desk) {
			away(d)
			d.does(toSales)
			d.w.Tell(acd.SignedOut{User: "dave"})
			d.run(25 * time.Second)
		}, "c: music", append(begun, "failed: nobody "+openseat.CodeUnavailable, "autoTransfer", "autoTransfer"),
			[]string{"alice ok", "alice seatGiveUp", "alice seatGiveUp"}, call.EndOK},
		{"everybody goes home", func(d *desk) {
			away(d)
			d.does(toSales)
			d.w.Tell(acd.SignedOut{User: "alice"})
			d.w.Tell(acd.SignedOut{User: "dave"})
			d.run(time.Second)
		}, "c: Nobody", append(begun, "failed: nobody "+openseat.CodeUnavailable), []string{"alice ok"}, call.EndOK},
	} {
		t.Run(o.name, func(t *testing.T) { o.check(t) })
	}
}

// TestARefusedErrandChangesNothing: what the board does not grant leaves everything as it was, and says why.
func TestARefusedErrandChangesNothing(t *testing.T) {
	offline := func(user string) func(*desk) { return func(d *desk) { d.w.Tell(acd.SignedOut{User: user}) } }
	busy := func(user string) func(*desk) {
		return func(d *desk) { d.w.Tell(acd.Occupied{User: user, Work: openseat.CallRef(calltest.App, "other")}) }
	}
	nothing := func(*desk) {}
	for _, c := range []struct {
		name  string
		stage func(*desk)
		ask   openseat.Event
		code  string
	}{
		{"transfer to who is offline", offline("bob"), toBob, openseat.CodeUnavailable},
		{"transfer to who is busy", busy("bob"), toBob, openseat.CodeSeatBusy},
		{"transfer to a group with nobody", offline("dave"), toSales, openseat.CodeUnavailable},
		{"transfer to a group that is not there", nothing, call.Transferred{User: "alice", ToGroup: 9}, openseat.CodeUnavailable},
		{"transfer to nobody", nothing, call.Transferred{User: "alice"}, openseat.CodeInvalidParameter},
		{"transfer to herself", nothing, call.Transferred{User: "alice", ToUser: "alice"}, openseat.CodeInvalidValue},
		{"transfer by who has no part", nothing, call.Transferred{User: "bob", ToUser: "dave"}, openseat.CodeStateNotAllowed},
		{"invite who is offline", offline("bob"), call.Invited{User: "alice", ToUser: "bob"}, openseat.CodeUnavailable},
		{"invite who is busy", busy("bob"), call.Invited{User: "alice", ToUser: "bob"}, openseat.CodeSeatBusy},
		{"invite a group with nobody", offline("dave"), call.Invited{User: "alice", ToGroup: 2}, openseat.CodeUnavailable},
		{"invite a busy group", busy("dave"), call.Invited{User: "alice", ToGroup: 2}, openseat.CodeSeatBusy},
		{"invite two at once", nothing, call.Invited{User: "alice", ToGroup: 2, ToUser: "bob"}, openseat.CodeInvalidParameter},
		{"cancel what is not", nothing, call.TransferCancelled{User: "alice"}, openseat.CodeStateNotAllowed},
		{"kick who is not there", nothing, call.Kicked{User: "alice", Member: "a9"}, openseat.CodeNotFound},
		{"kick herself", nothing, call.Kicked{User: "alice", Member: "a1"}, openseat.CodeStateNotAllowed},
		{"reconnect who is not there", nothing, call.Reconnected{User: "alice", Member: "a9"}, openseat.CodeNotFound},
		{"intercept without listening", nothing, call.Intercepted{User: "carol"}, openseat.CodeStateNotAllowed},
		{"monitor in a way that is none", nothing, call.Monitored{User: "carol", Mode: "peek"}, openseat.CodeInvalidValue},
		{"monitor one's own call", nothing, call.Monitored{User: "alice", Mode: call.Listen}, openseat.CodeStateNotAllowed},
		{"move the sound of who has none", nothing, call.SeatMoved{User: "bob", Conn: "x"}, openseat.CodeStateNotAllowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := team(t)
			d.inTalk()
			c.stage(d)
			d.run(time.Second)
			told := len(commands[call.Notify](d))
			reply := d.w.Pending(theCall, c.ask)
			d.run(time.Second)
			if r, ok := reply(); !ok || r.Error == nil || r.Error.Code != c.code {
				t.Errorf("answered %v: %v, want %s", ok, r.Error, c.code)
			}
			if got := d.heard(); got != "c:a1 a1:c" {
				t.Errorf("heard is %q", got)
			}
			if n := commands[call.Notify](d)[told:]; len(n) > 0 {
				t.Errorf("somebody was told %+v", n)
			}
			d.leave()
			for _, user := range []string{"bob", "dave"} {
				d.w.Tell(acd.Released{User: user, Work: openseat.CallRef(calltest.App, "other")})
			}
			if f := d.record(); len(f.Serves) != 1 {
				t.Errorf("served by %v", serves(f))
			}
		})
	}
}

func TestACallThatHasEndedIsNotThere(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.leave()
	for _, e := range []openseat.Event{
		toBob, outside, hold, call.HungUp{User: "alice"}, call.Accepted{User: "bob"}, call.Monitored{User: "carol", Mode: call.Listen},
		call.Intercepted{User: "carol"}, call.ViewWanted{User: "alice"}, call.SeatMoved{User: "alice"}, call.EndedByAPI{},
	} {
		if r := d.ask(e); r.Error == nil || r.Error.Code != openseat.CodeNotFound {
			t.Errorf("%s: answered %v", e.EventName(), r.Error)
		}
	}
	d.record()
}

func TestASilentBoardIsNotWaitedFor(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.w.DeafBoard = true
	reply := d.w.Pending(theCall, toBob)
	d.run(6 * time.Second)
	if r, ok := reply(); !ok || r.Error == nil || r.Error.Code != openseat.CodeCallOutFailed {
		t.Errorf("answered %v: %v", ok, r.Error)
	}
	d.w.DeafBoard = false
	d.leave()
	d.record()
}

func TestAfterCallWorkOfWhoHandedOn(t *testing.T) {
	d := team(t)
	d.inTalk()
	d.does(toSales)
	if s := d.status("alice"); s != acd.StatusArrange {
		t.Errorf("alice is %s", s)
	}
	d.takes("dave")
	d.leave()
	f := d.record()
	if f.QueuedGroup != 2 || f.Serves[1].Group != 2 || f.Serves[0].TransferToType != string(acd.SeatWeb) {
		t.Errorf("queued in %d; %+v", f.QueuedGroup, f.Serves)
	}
}
