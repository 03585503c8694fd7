package e2e

import (
	"testing"
	"time"

	"openseat/voice/media"
)

// TestInboundCall is the shortest whole story: a customer calls, is answered, both talk, he hangs up.
func TestInboundCall(t *testing.T) {
	w := newWorld(t, choices{})
	agent := w.sit(alice)

	call := w.call(welcome)
	w.must(call.WaitAnswered(w.ctx))
	w.must(awaitSound(w.ctx, call))
	w.must(call.Press(w.ctx, "1"))
	ringing := agent.mustHear("callIn", "")
	session := ringing.session()
	line := agent.accept(session)
	call.Say(media.ToneSource(customerTone), true)
	agent.mustHear("userAccessed", session)
	w.must(call.AwaitTone(w.within(stepTime), agentTone))
	w.must(line.awaitTone(w.within(stepTime), customerTone))
	call.HangUp()
	ended := agent.mustHear("sessionEnded", session)
	if ended.get("closeBy") != "client" {
		t.Errorf("closeBy is %q", ended.get("closeBy"))
	}
	cdr := w.cdr(session)
	t.Logf("%+v", cdr)
}

// TestBrowser is the same story with a browser as the agent.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	w := newWorld(t, choices{})
	b := openBrowser(t, singing)
	back := w.openBackend()
	agent := w.openDesk(b, back, alice)
	call := w.call(welcome)
	w.must(call.WaitAnswered(w.ctx))
	w.must(awaitSound(w.ctx, call))
	w.must(call.Press(w.ctx, "1"))
	ringing := agent.mustHear("callIn", "")
	t.Log(string(ringing.Data))
	session := ringing.session()
	agent.call("accept", map[string]any{"sessionId": session})
	call.Say(media.ToneSource(customerTone), true)
	answered := agent.mustHear("userAccessed", session)
	w.must(call.AwaitTone(w.within(stepTime), agentTone))
	t.Log("carrier hears after", time.Since(answered.At))
	t.Log("agent hears after", agent.hears(customerTone).Sub(answered.At))
	call.HangUp()
	agent.mustHear("sessionEnded", session)
	w.cdr(session)
}
