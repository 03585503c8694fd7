package e2e

import (
	"bytes"
	"fmt"
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
		"-p", strconv.Itoa(w.ports.peer), "-mp", strconv.Itoa(w.ports.worldLow), addr(w.ports.sip))
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

// TestBaresip has somebody else's telephone as the customer's: it sings from a file and puts what it hears into another one.
func TestBaresip(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a telephone")
	}
	need(t, "baresip")
	w := newWorld(t, choices{})
	agent := w.sit(alice)
	dir := t.TempDir()
	tone := toneFile(t, customerTone, time.Minute)
	w.must(os.WriteFile(filepath.Join(dir, "accounts"), []byte("<sip:13800138000@127.0.0.1>;regint=0;audio_codecs=PCMA\n"), 0o600))
	w.must(os.WriteFile(filepath.Join(dir, "config"), fmt.Appendf(nil, `sip_listen %s
audio_player aubridge,ear
audio_source aufile,%s
audio_channels 1-1
rtp_ports %d-%d
module_path %s
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path %s
module_app account.so
module_app menu.so
`, addr(w.ports.peer), tone, w.ports.worldLow, w.ports.worldLow+100, baresipModules(t), dir), 0o600))
	cmd := exec.Command("baresip", "-f", dir, "-e", fmt.Sprintf("/dial sip:%s@%s", direct, addr(w.ports.sip)))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	phone, err := spawn(cmd)
	w.must(err)
	t.Cleanup(func() {
		phone.kill()
		if t.Failed() {
			t.Logf("baresip said:\n%s", said.String())
		}
	})

	session := agent.mustHear("callIn", "").session()
	line := agent.accept(session)
	answered := agent.mustHear("userAccessed", session)
	w.must(line.awaitTone(w.within(stepTime), customerTone))
	checkSoon(t, "the agent hears the customer", time.Since(answered.At), time.Second)
	eventually(t, stepTime, "the telephone hears the agent", func() bool {
		files, err := filepath.Glob(filepath.Join(dir, "dump-*-dec.wav"))
		if err != nil || len(files) != 1 {
			return false
		}
		file, err := os.ReadFile(files[0])
		const header, moment = 44, media.SampleRate * 3 / 10
		if err != nil || len(file) < header+2*moment {
			return false
		}
		pcm := samples(file[header:])
		return holds(pcm[len(pcm)-moment:], agentTone) == nil
	})
	agent.hangUp(session)
	agent.mustHear("sessionEnded", session)
	checkEnd(t, w.cdr(session), "ok", "seat")
	w.checkSides(session, alice, w.talkTime(session))
}

func baresipModules(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/baresip/modules/g711.so")
	if err != nil || len(found) == 0 {
		missing(t, "baresip's modules")
	}
	return filepath.Dir(found[0])
}
