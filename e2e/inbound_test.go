package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/sim/company"
	"openseat/voice/media"
)

// TestInboundCall is the shortest whole story: a customer calls, is answered, both talk, he hangs up, and it is on record.
func TestInboundCall(t *testing.T) {
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers})
		agent := w.sit(alice)
		call, session := w.ring(agent)
		line := agent.accept(session)
		agent.mustHear("userAccessed", session)
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		w.must(line.awaitTone(w.within(stepTime), customerTone))
		call.HangUp()
		if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "client" {
			t.Errorf("closeBy is %q", ended.get("closeBy"))
		}
		checkEnd(t, w.cdr(session), "ok", "user")
		w.checkSides(session, alice, w.talkTime(session))
	})
}

// ring lets a customer, who sings, call for Support by key 1, and waits until an agent is rung.
func (w *world) ring(agent *seat) (*carrier.Call, string) {
	w.t.Helper()
	call := w.callSupport()
	return call, agent.mustHear("callIn", "").session()
}

// callSupport lets a customer, who sings, call and press 1 when he hears the greeting.
func (w *world) callSupport() *carrier.Call {
	w.t.Helper()
	call := w.call(welcome)
	w.must(call.WaitAnswered(w.within(stepTime)))
	w.must(awaitSound(w.ctx, call))
	w.must(call.Press(w.within(stepTime), "1"))
	call.Say(media.ToneSource(customerTone), true)
	return call
}

func checkEnd(t *testing.T, cdr api.CDRPush, end, side string) {
	t.Helper()
	if cdr.EndStatusString != end || cdr.HungUpSide != side {
		t.Errorf("the call to %s ended with %s by %s, wanted %s by %s", cdr.Callee, cdr.EndStatusString, cdr.HungUpSide, end, side)
	}
}

// TestInboundInBrowser is the main job: by key to an agent in a real browser, whom the company hired through the official
// SDK, until the record is everywhere.
func TestInboundInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers})
		b := openBrowser(t, singing)
		back := w.openBackend()
		const erin = "erin@demo.openseat"
		w.hire(back, erin, "Erin")
		agent := w.openDesk(b, back, erin)

		call, session := w.talk(agent)
		call.HangUp()
		if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "client" {
			t.Errorf("closeBy is %q when the customer hangs up", ended.get("closeBy"))
		}
		checkEnd(t, w.cdr(session), "ok", "user")
		w.checkCDR(back, session)
		w.checkSides(session, erin, w.talkTime(session))

		agent.setStatus("free") // no time for after-call work
		call, session = w.talk(agent)
		agent.call("hungUp", map[string]any{"sessionId": session})
		if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "seat" {
			t.Errorf("closeBy is %q when the agent hangs up", ended.get("closeBy"))
		}
		call.Forget()
		w.must(awaitSound(w.ctx, call)) // is he satisfied?
		w.must(call.Press(w.within(stepTime), "1"))
		cdr := w.cdr(session)
		checkEnd(t, cdr, "ok", "seat")
		if got := fmt.Sprint(cdr.PostIVRKeyPressed); got != "[{1 Satisfied}]" {
			t.Errorf("PostIVRKeyPressed is %s", got)
		}
		w.checkCDR(back, session)
		w.checkSides(session, erin, w.talkTime(session))
	})
}

// hire makes an account and lets it serve Support.
func (w *world) hire(back *backend, user, name string) {
	w.t.Helper()
	var made struct{ ErrorStaffList []any }
	back.ask("CreateStaff", map[string]any{
		"SdkAppId": w.demo.SdkAppID, "Staffs": []any{map[string]any{"Name": name, "Mail": user, "Nick": name, "StaffNumber": "2001"}},
	}, &made)
	if len(made.ErrorStaffList) > 0 {
		w.t.Fatalf("CreateStaff: %v", made.ErrorStaffList)
	}
	back.ask("BindStaffSkillGroupList", map[string]any{
		"SdkAppId": w.demo.SdkAppID, "StaffEmail": user,
		"StaffSkillGroupList": []any{map[string]any{"SkillGroupId": support, "Priority": 1}},
	}, &struct{}{})
}

// talk brings a customer and an agent's page together: each must hear the other within a second.
func (w *world) talk(agent *desk) (*carrier.Call, string) {
	w.t.Helper()
	agent.forget()
	call := w.callSupport()
	ringing := agent.mustHear("callIn", "")
	session := ringing.session()
	for name, want := range map[string]string{
		"callerPhoneNumber": "0086" + customer, "calleePhoneNumber": welcome, "type": "phone", "serverType": "staffSeat",
		"timeout": "20", "ivrPath": "[map[key:1 label:Support]]",
	} {
		if got := ringing.get(name); got != want {
			w.t.Errorf("callIn: %s is %q, wanted %q", name, got, want)
		}
	}
	call.Forget()
	agent.call("accept", map[string]any{"sessionId": session})
	answered := agent.mustHear("userAccessed", session)
	w.must(call.AwaitTone(w.within(stepTime), agentTone))
	checkSoon(w.t, "the customer hears the agent", time.Since(answered.At), time.Second)
	checkSoon(w.t, "the agent hears the customer", agent.hears(customerTone).Sub(answered.At), time.Second)
	agent.hearsFor(customerTone, 2*time.Second)
	return call, session
}

// slack is a limit of time as it is when data races are looked for, which takes several times as long.
func slack(limit time.Duration) time.Duration {
	if raced {
		return 3 * limit
	}
	return limit
}

// checkSoon checks that something took not too long.
func checkSoon(t *testing.T, what string, took, most time.Duration) {
	t.Helper()
	t.Logf("%s after %v", what, took.Round(time.Millisecond))
	if took > slack(most) {
		t.Errorf("%s after %v; %v is the limit", what, took, slack(most))
	}
}

// TestVoicemail leaves a message by key 3.
func TestVoicemail(t *testing.T) {
	if testing.Short() {
		t.Skip("listens to a long prompt")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers})
		call := w.call(welcome)
		w.must(call.WaitAnswered(w.within(stepTime)))
		w.must(awaitSound(w.ctx, call))
		w.must(call.Press(w.within(stepTime), "3"))
		const beep = 1000
		w.must(call.AwaitTone(w.ctx, beep))
		w.must(sing(call, 3*time.Second))
		w.must(call.Press(w.within(stepTime), "#"))
		w.must(over(w.within(stepTime), call))

		push, err := w.company.Await(w.within(stepTime), func(p company.Push) bool { return p.Action == api.PushVoicemail })
		w.must(err)
		var left api.VoicemailPush
		w.must(json.Unmarshal(push.Body, &left))
		if left.EndpointUser != "0086"+customer {
			t.Errorf("EndpointUser is %q", left.EndpointUser)
		}
		pcm := w.download(left.RecordURL)
		if err := holds(pcm, customerTone); err != nil {
			t.Error(err)
		}
		if d := (recording{pcm: pcm}).duration(); d < 2*time.Second || d > 4*time.Second {
			t.Errorf("the message of 3 s takes %v", d)
		}
		checkEnd(t, w.cdr(left.SessionId), "ivrEnd", "system")
		w.checkOrder(left.SessionId)
	})
}

// sing sings for a while.
func sing(call *carrier.Call, d time.Duration) error {
	sung := make(chan bool, 1)
	call.Port().Play(media.Tone(customerTone, d), false, func(finished bool) { sung <- finished })
	if !<-sung {
		return errors.New("the call ended")
	}
	return nil
}

// over waits until a call has ended.
func over(ctx context.Context, call *carrier.Call) error {
	select {
	case <-call.Done():
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the call to %s goes on: %w", call.To, ctx.Err())
	}
}
