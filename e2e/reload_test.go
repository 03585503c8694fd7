package e2e

import (
	"testing"
	"time"

	"openseat/voice/media"
)

// TestReload reloads the agent's page in the middle of a call, again and again: the call goes on, sound is back within two
// seconds, and there is one record with one recording of each side.
func TestReload(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	w := newWorld(t, choices{})
	back := w.openBackend()
	agent := w.openDesk(openBrowser(t, singing), back, alice)
	call := w.callSupport()
	session := agent.mustHear("callIn", "").session()
	agent.call("accept", map[string]any{"sessionId": session})
	w.must(call.AwaitTone(w.within(stepTime), agentTone))
	agent.hearsFor(customerTone, time.Second)

	for range 5 {
		began := time.Now()
		agent.do("reload", nil)
		if restored := agent.mustHear("userAccessed", session); restored.get("restored") != "true" {
			t.Errorf("userAccessed after a reload: %s", restored.Data)
		}
		checkSoon(t, "the agent hears the customer again", agent.hears(customerTone).Sub(began), 2*time.Second)
		call.Forget()
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		checkSoon(t, "the customer hears the agent again", time.Since(began), 2*time.Second)
		agent.hearsFor(customerTone, time.Second)
	}

	call.HangUp()
	agent.mustHear("sessionEnded", session)
	cdr := w.cdr(session)
	checkEnd(t, cdr, "ok", "user")
	if len(cdr.ServeParticipants) != 1 {
		t.Errorf("%d agents are on record", len(cdr.ServeParticipants))
	}
	w.checkCDR(back, session)
	w.checkSides(session, alice, w.talkTime(session))
	w.checkUnbroken(session)
}

// checkUnbroken checks that the customer's recording has no gap.
func (w *world) checkUnbroken(session string) {
	w.t.Helper()
	pcm := w.recordings(session, 2)["0086"+customer].pcm
	const second = media.SampleRate
	for from := second / 2; from+second <= len(pcm); from += second / 2 { // MP3 and bridge need a moment to begin
		if err := holds(pcm[from:from+second], customerTone); err != nil {
			w.t.Errorf("%.1f s into the call: %v", float64(from)/second, err)
		}
	}
}
