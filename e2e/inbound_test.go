package e2e

import (
	"testing"

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
