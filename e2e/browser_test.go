package e2e

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"openseat/voice/media"
)

// microphone is what a browser has of one: the tone it hears, or one of the others.
type microphone int

const (
	singing microphone = agentTone
	absent  microphone = 0
	denied  microphone = -1
)

// browser is a Chromium with a profile of its own.
type browser struct {
	*driver
	t *testing.T
}

// openBrowser starts a Chromium. It is closed when the test ends.
func openBrowser(t *testing.T, mic microphone) *browser {
	t.Helper()
	need(t, "node")
	program, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "chromium")
	}
	if _, err := os.Stat("node_modules/playwright-core"); err != nil {
		missing(t, "playwright-core")
	}
	options := map[string]any{"program": program, "deny": mic == denied}
	if mic > 0 {
		options["wav"] = toneFile(t, float64(mic), time.Second)
	}
	d, out := startNode(t, "browser.mjs", options)
	ready := d.expect(0)
	go d.read(out)
	if err := d.take(ready, "start", nil); err != nil {
		t.Fatal(err)
	}
	return &browser{driver: d, t: t}
}

// toneFile is a WAV file with a tone.
func toneFile(t *testing.T, hz float64, long time.Duration) string {
	t.Helper()
	const rate = media.SampleRate
	pcm := media.Tone(hz, long).PCM()
	h := []byte("RIFF....WAVEfmt ")
	h = binary.LittleEndian.AppendUint32(h, 16)
	for _, v := range []uint16{1, 1} { // PCM, mono
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	h = binary.LittleEndian.AppendUint32(h, rate)
	h = binary.LittleEndian.AppendUint32(h, 2*rate)
	for _, v := range []uint16{2, 16} { // bytes a frame, bits a sample
		h = binary.LittleEndian.AppendUint16(h, v)
	}
	h = append(h, "data"...)
	h = binary.LittleEndian.AppendUint32(h, uint32(2*len(pcm)))
	for _, s := range pcm {
		h = binary.LittleEndian.AppendUint16(h, uint16(s))
	}
	binary.LittleEndian.PutUint32(h[4:], uint32(len(h)-8))
	path := filepath.Join(t.TempDir(), fmt.Sprintf("%.0f.wav", hz))
	if err := os.WriteFile(path, h, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tab is a page of a browser.
type tab struct {
	b    *browser
	name string
}

// open opens a page and waits until it is loaded.
func (b *browser) open(name, url string, more map[string]any) *tab {
	b.t.Helper()
	with := map[string]any{"page": name, "url": url}
	maps.Copy(with, more)
	if err := b.ask("open", with, nil); err != nil {
		b.t.Fatal(err)
	}
	return &tab{b: b, name: name}
}

func (p *tab) must(err error) {
	p.b.t.Helper()
	if err != nil {
		p.b.t.Fatalf("page %s: %v", p.name, err)
	}
}

// do asks for something that has no answer.
func (p *tab) do(what string, with map[string]any) {
	p.b.t.Helper()
	all := map[string]any{"page": p.name, "timeout": stepTime.Milliseconds()}
	maps.Copy(all, with)
	p.must(p.b.ask(what, all, nil))
}

// click clicks what has this data-test.
func (p *tab) click(test string) {
	p.b.t.Helper()
	p.do("click", map[string]any{"test": test})
}

// eval computes a JavaScript expression in the page.
func (p *tab) eval(code string, out any) {
	p.b.t.Helper()
	p.must(p.b.ask("eval", map[string]any{"page": p.name, "code": code}, out))
}

// wait waits until a JavaScript expression is true, and puts what it is into out unless that is nil.
func (p *tab) wait(code string, out any) {
	p.b.t.Helper()
	p.must(p.b.ask("wait", map[string]any{"page": p.name, "code": code, "timeout": stepTime.Milliseconds()}, out))
}

// desk is an agent's page with the SDK, opened by the company's web application.
type desk struct{ *tab }

// needPages skips a test when the agent SDK was not built into the program.
func (w *world) needPages() {
	w.t.Helper()
	if w.get("/sdk/agent.js") != http.StatusOK {
		missing(w.t, "the built agent SDK (make build)")
	}
}

// openDesk opens an agent's page and waits until the SDK is ready.
func (w *world) openDesk(b *browser, back *backend, user string) *desk {
	w.t.Helper()
	w.needPages()
	d := &desk{b.open(user, back.url+"/?user="+user, nil)}
	d.mustHear("ready", "")
	return d
}

// mustHear waits for an event of window.tccc; with a session, for that session's.
func (d *desk) mustHear(event, session string) news {
	d.b.t.Helper()
	var told struct {
		Event string
		Data  json.RawMessage
		At    int64
	}
	d.wait(fmt.Sprintf(`window.told.find((n) => n.event === %q && (%q === "" || n.data.sessionId === %[2]q))`, event, session), &told)
	return news{Event: told.Event, Data: told.Data, At: time.UnixMilli(told.At)}
}

// hears waits until the loudspeaker has played a tone for a moment, and answers when it began.
func (d *desk) hears(hz int) time.Time {
	d.b.t.Helper()
	var from int64
	d.wait(fmt.Sprintf(`window.sounds.find((s) => s.heard === "%d" && s.to - s.from >= 200)?.from`, hz), &from)
	return time.UnixMilli(from)
}

// hearsFor waits until the loudspeaker has played a tone without a break for d.
func (d *desk) hearsFor(hz int, long time.Duration) {
	d.b.t.Helper()
	d.wait(fmt.Sprintf(`window.sounds.some((s) => s.heard === "%d" && s.to - s.from >= %d)`, hz, long.Milliseconds()), nil)
}

// forget drops what the page heard so far.
func (d *desk) forget() { d.eval(`{ window.told.length = 0; window.sounds.length = 0 }`, nil) }

// setStatus sets the agent's status and waits until it is set.
func (d *desk) setStatus(status string) {
	d.b.t.Helper()
	d.eval(fmt.Sprintf(`window.tccc.Agent.setStatus({ status: %q })`, status), nil)
	d.wait(fmt.Sprintf(`window.tccc.Agent.getStatus() === %q`, status), nil)
}

// call calls a method of tccc.Call and waits until its promise has been kept.
func (d *desk) call(method string, options map[string]any) json.RawMessage {
	d.b.t.Helper()
	arg, err := json.Marshal(options)
	d.must(err)
	var result json.RawMessage
	d.eval(fmt.Sprintf(`window.tccc.Call.%s(%s)`, method, arg), &result)
	return result
}
