package call_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/call/calltest"
	"openseat/core/flow"
	"openseat/core/org"
)

// flowing is a team whose inbound calls walk this flow: its node "a" comes first, and "no" when that leads nowhere.
func flowing(t *testing.T, node string) *desk {
	d := team(t)
	d.w.Plan.Flow = json.RawMessage(fmt.Sprintf(`{"name":"f","start":"a","afterCall":"rate","nodes":{"a":%s,"no":{"type":"hangup","prompts":[{"text":"No way."}]},
		"yes":{"type":"hangup","prompts":[{"text":"Yes."}]},
		"rate":{"type":"satisfaction","prompts":[{"text":"Rate us."}],"choices":{"1":{"label":"good"}}}}}`, node))
	return d
}

func (d *desk) arrives() {
	d.w.Arrive(theCall, "008613800138000", "00864008001000")
	d.run(time.Second)
}

const forward = `{"type":"external","number":"008613700000007","timeout":20,"failed":"no"}`

func TestAFlowForwardsToAnOutsideNumber(t *testing.T) {
	d := flowing(t, forward)
	d.arrives()
	if got := commands[call.DialTrunk](d); len(got) != 1 || got[0].Callee != "008613700000007" || got[0].Caller != "00864008001000" || got[0].Leg != "p1" {
		t.Fatalf("dialed %+v", got)
	}
	if got := d.heard(); got != "c: music" {
		t.Errorf("heard is %q", got)
	}
	d.customer(call.LegAnswered{Leg: "p1"})
	if got := d.heard(); got != "c:p1 p1:c" {
		t.Errorf("heard is %q", got)
	}
	d.ended("p1", 200)
	f := d.record()
	if f.End != call.EndOK || f.HungUpSide != call.SideSeat || len(f.PostKeys) > 0 || !slices.Equal(serves(f), []string{"008613700000007 ok"}) {
		t.Errorf("ended %s by %s, served by %q", f.End, f.HungUpSide, serves(f))
	}
}

func TestAFlowThatCannotForwardGoesOn(t *testing.T) {
	for name, stage := range map[string]func(*desk){
		"busy":      func(d *desk) { d.ended("p1", 486) },
		"rings out": func(d *desk) { d.run(21 * time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			d := flowing(t, forward)
			d.arrives()
			stage(d)
			if got := d.heard(); got != "c: No" {
				t.Errorf("heard is %q", got)
			}
			if f := d.record(); f.End != call.EndIVREnd {
				t.Errorf("ended %s", f.End)
			}
		})
	}
}

func (d *desk) dialedByFlow(node string) {
	d.w.Plan.Flow = flowing(d.T, node).w.Plan.Flow
	d.w.Begin(theCall, call.CallOutFlow{Plan: d.w.Plan, Trunk: "demo", Caller: "00864008001000", Callee: "008613900000001", UUI: "order-7"})
	d.run(time.Second)
}

func TestAFlowCallsOut(t *testing.T) {
	d := team(t)
	d.dialedByFlow(`{"type":"queue","group":1}`)
	d.customer(call.LegRinging{Leg: "c"})
	if got := d.heard(); got != "" {
		t.Errorf("before he answers, heard is %q", got)
	}
	d.customer(call.LegAnswered{Leg: "c"})
	if got := d.heard(); got != "c: music" {
		t.Errorf("heard is %q", got)
	}
	d.takes("alice")
	if got := d.heard(); got != "c:a1 a1:c" {
		t.Errorf("heard is %q", got)
	}
	d.does(call.HungUp{User: "alice"})
	d.press("1")
	f := d.record()
	if f.Direction != call.Outbound || f.CallType != call.TypeOutbound || f.End != call.EndOK || f.UUI != "order-7" || len(f.PostKeys) != 1 || f.QueuedGroup != 1 {
		t.Errorf("%+v", f)
	}
}

func TestAFlowThatReachesNobody(t *testing.T) {
	for name, c := range map[string]struct {
		does openseat.Event
		end  call.EndStatus
	}{
		"busy":    {call.LegEnded{Leg: "c", Cause: call.Cause{SIP: 486, ByPeer: true}}, call.EndBusy},
		"mailbox": {call.LegAnswered{Leg: "c", Voicemail: true}, call.EndVoiceMailReached},
		"ended":   {openseat.Asked{Ask: "x", Event: call.EndedByAPI{}}, call.EndCallTerminatedByAPI},
	} {
		t.Run(name, func(t *testing.T) {
			d := team(t)
			d.dialedByFlow(forward)
			d.customer(c.does)
			if f := d.record(); f.End != c.end || len(f.Serves) > 0 {
				t.Errorf("ended %s", f.End)
			}
		})
	}
}

func TestAFlowThatIsNoneCallsNobody(t *testing.T) {
	d := team(t)
	r := d.w.Begin(theCall, call.CallOutFlow{Plan: call.Plan{App: calltest.App, Flow: json.RawMessage(`{}`)}})
	if r.Error == nil || !d.w.Ended(theCall) || len(commands[call.DialTrunk](d)) > 0 {
		t.Errorf("answered %+v", r)
	}
}

func TestSubFlowsTravelWithTheirCall(t *testing.T) {
	flows := map[string]*org.Flow{"hello": {Name: "hello", Definition: json.RawMessage(
		`{"name":"hello","start":"a","nodes":{"a":{"type":"play","prompts":[{"text":"Hello."}],"next":"b"},"b":{"type":"subflow","flow":"gone"}}}`)}}
	d := flowing(t, `{"type":"subflow","flow":"gone","next":"h"},"h":{"type":"subflow","flow":"hello","next":"no"}`)
	d.w.Plan = d.w.Plan.WithFlow(d.w.Plan.Flow, flows)
	d.arrives()
	if got := d.heard(); got != "c: Hello" {
		t.Errorf("heard is %q", got)
	}
	d.run(2 * time.Second)
	if got := d.heard(); got != "c: No" {
		t.Errorf("afterwards, heard is %q", got)
	}
	d.record()
}

func TestACustomerIsSentToAGroup(t *testing.T) {
	toSupport := call.SentToGroup{Group: 1, By: "AKID"}
	for _, c := range []struct {
		name string
		node string
	}{
		{"from a menu", `{"type":"keys","prompts":[{"text":"Press."}],"choices":{"1":{"label":"x","next":"no"}},"timeout":60}`},
		{"from another queue", `{"type":"queue","group":2,"nobody":"no"}`},
		{"from an outside number that rings", forward},
		{"from his message", `{"type":"voicemail","next":"no"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := flowing(t, c.node)
			d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusNotReady})
			d.arrives()
			d.run(3 * time.Second)
			d.does(toSupport)
			if got := d.heard(); got != "c: music" {
				t.Errorf("heard is %q", got)
			}
			d.takes("alice")
			if got := d.heard(); got != "c:a1 a1:c" && got != "c:a2 a2:c" {
				t.Errorf("heard is %q", got)
			}
			if r := d.ask(toSupport); r.Error == nil {
				t.Error("he was sent away from a talk")
			}
			d.does(call.HungUp{User: "alice"})
			d.press("1")
			if f := d.record(); f.End != call.EndOK || f.QueuedGroup != 1 || len(f.PostKeys) != 1 {
				t.Errorf("ended %s, queued in %d, rated %v", f.End, f.QueuedGroup, f.PostKeys)
			}
		})
	}
}

func TestACustomerIsSentToAGroupThatIsEmpty(t *testing.T) {
	d := flowing(t, `{"type":"keys","prompts":[{"text":"Press."}],"choices":{"1":{"label":"x","next":"no"}},"timeout":60}`)
	d.arrives()
	d.w.Tell(acd.SignedOut{User: "alice"})
	d.does(call.SentToGroup{Group: 1})
	if f := d.record(); f.End != call.EndNoSeatOnline {
		t.Errorf("ended %s", f.End)
	}
}

const named = `{"type":"agent","user":"bob","timeout":30,"nobody":"no","overflow":"no"}`

func TestAFlowWaitsForOneAgent(t *testing.T) {
	other := openseat.CallRef(calltest.App, "other")
	for _, c := range []struct {
		name  string
		stage func(*desk)
		heard string
	}{
		{"he takes it", func(d *desk) { d.arrives(); d.takes("bob") }, "c:a1 a1:c"},
		{"he is busy, then takes it", func(d *desk) {
			d.w.Tell(acd.Occupied{User: "bob", Work: other})
			d.arrives()
			d.run(10 * time.Second)
			d.w.Tell(acd.Released{User: "bob", Work: other})
			d.run(5 * time.Second)
			d.takes("bob")
		}, "c:a1 a1:c"},
		{"he stays busy", func(d *desk) {
			d.w.Tell(acd.Occupied{User: "bob", Work: other})
			d.arrives()
			d.run(30 * time.Second)
			d.w.Tell(acd.Released{User: "bob", Work: other})
		}, "c: No"},
		{"he is away", func(d *desk) { d.w.Tell(acd.SignedOut{User: "bob"}); d.arrives() }, "c: No"},
		{"he declines", func(d *desk) { d.arrives(); d.does(call.Declined{User: "bob"}) }, "c: No"},
		{"he does not answer", func(d *desk) { d.arrives(); d.run(20 * time.Second) }, "c: No"},
		{"he brings no sound", func(d *desk) { d.w.NoMedia["bob"] = true; d.arrives(); d.takes("bob"); d.run(10 * time.Second) }, "c: No"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := flowing(t, named)
			c.stage(d)
			if got := d.heard(); got != c.heard {
				t.Errorf("heard is %q, want %q\n%s", got, c.heard, tail(d.w.Log, 20))
			}
			d.leave()
			d.record()
		})
	}
}

func TestACustomerLeavesWhoWaitsForOneAgent(t *testing.T) {
	d := flowing(t, named)
	d.arrives()
	d.leave()
	f := d.record()
	if f.End != call.EndRingingGiveUp || !slices.Equal(serves(f), []string{"bob ringingGiveUp"}) {
		t.Errorf("ended %s, served by %q", f.End, serves(f))
	}
}

func TestAQueueThatCanBeLeft(t *testing.T) {
	d := flowing(t, `{"type":"queue","group":2,"leaveKey":"9","leave":"no"}`)
	d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusNotReady})
	d.arrives()
	d.press("9")
	d.run(time.Second)
	if got := d.heard(); got != "c: No" {
		t.Errorf("heard is %q", got)
	}
	if q := d.w.Board().Queues(); slices.ContainsFunc(q, func(g acd.QueueView) bool { return g.Waiting > 0 }) {
		t.Errorf("he still waits: %+v", q)
	}
	d.record()
}

func TestHelpersOfAFlow(t *testing.T) {
	for _, c := range []struct {
		name   string
		node   string
		answer openseat.Event
		heard  string
	}{
		{"a server answers", fetch, call.Fetched{ID: "h1", Response: flow.Response{Status: 200, Body: `{}`}}, "c: Yes"},
		{"a server fails", fetch, call.Fetched{ID: "h1", Response: flow.Response{Status: 500}}, "c: No"},
		{"an answer to something else", fetch, call.Fetched{ID: "h7", Response: flow.Response{Status: 200}}, ""},
		{"a server says nothing", fetch, nil, "c: No"},
		{"a text is sent", text, call.TextSent{ID: "h1", OK: true}, "c: Yes"},
		{"a text is not sent", text, call.TextSent{ID: "h1"}, "c: No"},
		{"words", speech, call.Heard{ID: "h1", Words: "refund"}, "c: Yes"},
		{"no words", speech, call.Heard{ID: "h1"}, "c: No"},
		{"nobody says what was heard", speech, nil, "c: No"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := flowing(t, c.node)
			d.w.Plan.Helpers = call.Helpers{Fetch: true, Text: true, Listen: true}
			d.arrives()
			if n := len(commands[call.Fetch](d)) + len(commands[call.SendText](d)) + len(commands[call.Recognise](d)); n != 1 {
				t.Fatalf("%d helpers were asked", n)
			}
			if c.answer == nil {
				d.run(time.Minute)
			} else {
				d.tell(c.answer)
				d.tell(c.answer) // told twice
			}
			if got := d.heard(); got != c.heard && !d.w.Ended(theCall) {
				t.Errorf("heard is %q, want %q", got, c.heard)
			}
			d.leave()
			d.record()
		})
	}
}

func TestACompanysServerSaysWhoAnswers(t *testing.T) {
	other := json.RawMessage(`{"name":"g","start":"a","nodes":{"a":{"type":"play","prompts":[{"text":"Dear ${name}."}],"next":"b"},"b":{"type":"hangup"}}}`)
	for _, c := range []struct {
		name   string
		answer openseat.Event
		heard  string
		end    call.EndStatus
	}{
		{"another flow", call.Routed{ID: "h1", Flow: other, Vars: map[string]string{"name": "Li"}}, "c: Dear", call.EndIVRGiveUp},
		{"the number's own", call.Routed{ID: "h1"}, "c: music", call.EndWaitingGiveUp},
		{"it fails", call.Routed{ID: "h1", Error: "HTTP 500"}, "c: music", call.EndWaitingGiveUp},
		{"it says nothing", nil, "c: music", call.EndWaitingGiveUp},
		{"nobody", call.Routed{ID: "h1", Reject: true}, "", call.EndIVREnd},
		{"a flow that is none", call.Routed{ID: "h1", Flow: json.RawMessage(`{}`)}, "", call.EndError},
		{"the caller does not wait", call.LegEnded{Leg: "c"}, "", call.EndIVRGiveUp},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := flowing(t, `{"type":"queue","group":2}`)
			d.w.Tell(acd.StatusSet{User: "dave", Status: acd.StatusNotReady})
			d.w.Plan.Helpers.Route = true
			d.w.Begin(theCall, call.Arrived{Plan: d.w.Plan, Caller: "008613800138000", Callee: "00864008001000", Interface: "https://company.test/x", IVRID: 7})
			if len(commands[call.RingLeg](d)) != 1 || len(commands[call.AskRoute](d)) != 1 || len(commands[call.AnswerLeg](d)) > 0 {
				t.Fatalf("%s", tail(d.w.Log, 10))
			}
			if c.answer == nil {
				d.run(20 * time.Second)
			} else {
				d.customer(c.answer)
			}
			if got := d.heard(); got != c.heard {
				t.Errorf("heard is %q, want %q", got, c.heard)
			}
			d.leave()
			if f := d.record(); f.End != c.end {
				t.Errorf("ended %s, want %s", f.End, c.end)
			}
		})
	}
}

const (
	fetch  = `{"type":"http","url":"https://company.test/x","next":"yes","failed":"no"}`
	text   = `{"type":"sms","text":"hello","next":"yes","failed":"no"}`
	speech = `{"type":"speech","var":"wish","next":"yes","noInput":"no"}`
)

func TestStepsThatNobodyDoesFailAtOnce(t *testing.T) {
	for name, node := range map[string]string{
		"http": `{"type":"http","url":"https://company.test/x","next":"no","failed":"no"}`,
		"sms":  `{"type":"sms","text":"hello","next":"no"}`,
	} {
		t.Run(name, func(t *testing.T) {
			d := flowing(t, node)
			d.arrives()
			if got := d.heard(); got != "c: No" {
				t.Errorf("heard is %q", got)
			}
			d.record()
		})
	}
}
