package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"openseat/voice/media"
)

// TestSipp has somebody else's program as the carrier: it sings, presses a key by INFO, talks to an agent and hangs up.
func TestSipp(t *testing.T) {
	if testing.Short() {
		t.Skip("talks for some seconds")
	}
	need(t, "sipp")
	w := newWorld(t, choices{})
	agent := w.sit(alice)
	dir := t.TempDir()
	w.must(os.WriteFile(filepath.Join(dir, "tone.alaw"), media.PCMA.Encode(nil, media.Tone(customerTone, time.Second).PCM()), 0o600))
	scenario, err := filepath.Abs("testdata/customer.xml")
	w.must(err)
	cmd := exec.CommandContext(w.ctx, "sipp", "-sf", scenario, "-i", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "40s",
		"-p", strconv.Itoa(w.ports.carrier+1), "-mp", strconv.Itoa(w.ports.worldLow), addr(w.ports.sip))
	cmd.Dir = dir
	over := make(chan struct{})
	var out []byte
	go func() {
		defer close(over)
		out, err = cmd.CombinedOutput()
	}()

	session := agent.mustHear("callIn", "").session()
	line := agent.accept(session)
	answered := agent.mustHear("userAccessed", session)
	w.must(line.awaitTone(w.within(stepTime), customerTone))
	checkSoon(t, "the agent hears the customer", time.Since(answered.At), time.Second)
	agent.mustHear("sessionEnded", session)
	if !wait(over, stepTime) || err != nil {
		t.Errorf("sipp: %v\n%s", err, out)
	}
	checkEnd(t, w.cdr(session), "ok", "user")
	w.checkSides(session, alice, w.talkTime(session))
}
