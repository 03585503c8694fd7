package e2e

import (
	"slices"
	"testing"
	"time"

	"openseat/voice/media"
)

// TestReload reloads the agent's page in the middle of a call, fifty times: the call goes on, sound is back within two
// seconds, and there is one record with one recording of each side.
func TestReload(t *testing.T) {
	t.Run("embedded", func(t *testing.T) { reloadOften(t, false) }) // one after the other: it is measured
	t.Run("servers", func(t *testing.T) {
		if testing.Short() {
			t.Skip("starts PostgreSQL and nats-server")
		}
		reloadOften(t, true)
	})
}

func reloadOften(t *testing.T, servers bool) {
	t.Helper()
	w := newWorld(t, choices{servers: servers})
	back := w.openBackend()
	agent := w.openDesk(openBrowser(t, singing), back, alice)
	call := w.callSupport()
	session := agent.mustHear("callIn", "").session()
	agent.call("accept", map[string]any{"sessionId": session})
	w.must(call.AwaitTone(w.within(stepTime), agentTone))
	agent.hearsFor(customerTone, time.Second)

	reloads := 50
	if servers || testing.Short() { // it is the same page
		reloads = 5
	}
	for range reloads {
		began := time.Now()
		agent.do("reload", nil)
		if restored := agent.mustHear("userAccessed", session); restored.get("restored") != "true" {
			t.Errorf("userAccessed after a reload: %s", restored.Data)
		}
		checkSoon(t, "the agent hears the customer again", agent.hears(customerTone).Sub(began), 2*time.Second)
		call.Forget()
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		checkSoon(t, "the customer hears the agent again", time.Since(began), 2*time.Second)
	}
	agent.hearsFor(customerTone, time.Second)

	call.HangUp()
	agent.mustHear("sessionEnded", session)
	cdr := w.cdr(session)
	checkEnd(t, cdr, "ok", "user")
	if len(cdr.ServeParticipants) != 1 {
		t.Errorf("%d agents are on record", len(cdr.ServeParticipants))
	}
	w.checkCDR(back, session)
	w.checkSides(session, alice, w.talkTime(session))
	checkUnbroken(t, "the customer's recording", w.recordings(session, 2)["0086"+customer].pcm, customerTone)
}

// checkUnbroken checks that a sound is one tone without a gap to speak of.
func checkUnbroken(t *testing.T, what string, pcm []int16, hz float64) {
	t.Helper()
	if err := holds(pcm, hz); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	const frame, gap, begin = media.SampleRate / 50, 200 * time.Millisecond, media.SampleRate / 2
	quiet := time.Duration(0)
	for from := begin; from+frame <= len(pcm); from += frame { // both sides need a moment to begin
		if !slices.ContainsFunc(pcm[from:from+frame], func(s int16) bool { return s > whisper || s < -whisper }) {
			quiet += 20 * time.Millisecond
		}
	}
	if quiet > slack(gap) {
		t.Errorf("%s lacks %v", what, quiet)
	}
}
