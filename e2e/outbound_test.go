package e2e

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
)

// paces shortens how long simulated people take, so that nobody waits for a minute.
func paces() carrier.Pace {
	const moment = 300 * time.Millisecond
	return carrier.Pace{Ring: moment, LongRing: 2 * time.Second, GiveUp: 2 * time.Second, Short: time.Second}
}

// TestOutboundByDigit calls out to everybody the simulated carrier knows; to each end there is its status.
func TestOutboundByDigit(t *testing.T) {
	if testing.Short() {
		t.Skip("makes ten calls")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers, carrier: carrier.Options{Pace: paces()}})
		agent := w.sit(dave) // has no after-call work
		for _, story := range []struct {
			digit   int
			rings   bool
			answers bool // and is talked to until the agent hangs up, unless he does
			end     string
			side    string
		}{
			{0, false, false, "busy", "user"},
			{1, true, true, "ok", "seat"},
			{2, true, true, "ok", "user"},
			{3, true, true, "ok", "seat"},
			{4, true, false, "userReject", "user"},
			{5, true, false, "notAnswer", "user"},
			{6, false, false, "powerOff", "user"},
			{7, false, false, "numberNotExist", "user"},
			{8, true, true, "voiceMailReached", "seat"},
			{9, false, false, "operatorError", "system"},
		} {
			number := fmt.Sprintf("1390000000%d", story.digit)
			cdr := w.callOut(agent, number, story.answers, story.side == "seat")
			checkEnd(t, cdr, story.end, story.side)
			if cdr.Callee != "0086"+number || cdr.Caller != welcome || cdr.Direction != 1 {
				t.Errorf("digit %d: from %s to %s, direction %d", story.digit, cdr.Caller, cdr.Callee, cdr.Direction)
			}
			if got := cdr.RingTimestamp != 0; got != story.rings {
				t.Errorf("digit %d: RingTimestamp is %d", story.digit, cdr.RingTimestamp)
			}
			if got := cdr.AcceptTimestamp != 0; got != story.answers {
				t.Errorf("digit %d: AcceptTimestamp is %d", story.digit, cdr.AcceptTimestamp)
			}
		}
	})
}

// callOut makes a call and answers its record. Who answers is listened to, and hung up on if wanted.
func (w *world) callOut(agent *seat, number string, answered, hangUp bool) api.CDRPush {
	w.t.Helper()
	agent.forget()
	session, line := agent.dial(number)
	out := agent.mustHear("callOuted", session)
	if out.get("calleePhoneNumber") != "0086"+number || out.get("callerPhoneNumber") != welcome {
		w.t.Errorf("callOuted: %s", out.Data)
	}
	if answered {
		agent.mustHear("calloutAccepted", session)
	}
	if hangUp {
		w.must(line.awaitSound(w.within(stepTime)))
		agent.hangUp(session)
	}
	agent.mustHear("sessionEnded", session)
	w.must(agent.awaitStatus("free"))
	return w.cdr(session)
}

// TestCancel hangs up while the other side rings.
func TestCancel(t *testing.T) {
	everywhere(t, func(t *testing.T, servers bool) {
		rings := make(chan *carrier.Call, 1)
		w := newWorld(t, choices{servers: servers, carrier: carrier.Options{Pick: func(string) carrier.Script {
			return func(c *carrier.Call) {
				c.Ring()
				rings <- c
			}
		}}})
		agent := w.sit(dave)
		session, _ := agent.dial("13900000001")
		call := <-rings
		w.awaitRinging(session)
		agent.hangUp(session)
		w.must(over(w.within(stepTime), call))
		if end := call.End(); end.SIP != 487 {
			t.Errorf("the called phone was told %+v", end)
		}
		checkEnd(t, w.cdr(session), "callerCancelWhileRing", "seat")
	})
}

// awaitRinging waits until the center knows that the other side rings.
func (w *world) awaitRinging(session string) {
	w.t.Helper()
	eventually(w.t, stepTime, "the other side rings", func() bool {
		for _, s := range w.timeline(session) {
			if s.Event == "call.LegRinging" {
				return true
			}
		}
		return false
	})
}

// TestOutboundInBrowser is a call-out by the SDK: events, keys, sound both ways.
func TestOutboundInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		calls := make(chan *carrier.Call, 1)
		w := newWorld(t, choices{servers: servers, carrier: carrier.Options{Pace: paces(), Pick: func(to string) carrier.Script {
			return func(c *carrier.Call) {
				calls <- c
				carrier.ByLastDigit(to)(c)
			}
		}}})
		back := w.openBackend()
		agent := w.openDesk(openBrowser(t, singing), back, alice)
		var started struct{ SessionID, CallerPhoneNumber, CalleePhoneNumber, ServerType string }
		w.must(json.Unmarshal(agent.call("startOutboundCall", map[string]any{
			"phoneNumber": "13900000001", "uui": "order 7", "phoneDesc": "a good customer",
		}), &started))
		session := started.SessionID
		if started.CalleePhoneNumber != "008613900000001" || started.CallerPhoneNumber != welcome || started.ServerType != "staffSeat" {
			t.Errorf("startOutboundCall: %+v", started)
		}
		if out := agent.mustHear("callOuted", session); out.get("remark") != "a good customer" {
			t.Errorf("callOuted: %s", out.Data)
		}
		accepted := agent.mustHear("calloutAccepted", session)
		call := <-calls
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		checkSoon(t, "the customer hears the agent", time.Since(accepted.At), time.Second)
		checkSoon(t, "the agent hears the customer", agent.hears(customerTone).Sub(accepted.At), time.Second)
		agent.call("sendDigits", map[string]any{"sessionId": session, "dtmfText": "12#"})
		w.must(call.AwaitDigits(w.within(stepTime), "12#"))
		agent.call("hungUp", map[string]any{"sessionId": session})
		w.must(over(w.within(stepTime), call))
		if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "seat" {
			t.Errorf("closeBy is %q", ended.get("closeBy"))
		}
		cdr := w.cdr(session)
		checkEnd(t, cdr, "ok", "seat")
		if cdr.Uui != "order 7" || cdr.UserRemark != "a good customer" || cdr.Direction != 1 {
			t.Errorf("CDR: %+v", cdr)
		}
		w.checkCDR(back, session)
		w.recordings(session, 2)
	})
}
