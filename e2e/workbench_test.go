package e2e

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestWorkbench works a day by the mouse: calls in the workbench, notes, lists, figures, colleagues, and supervision.
func TestWorkbench(t *testing.T) {
	if testing.Short() {
		t.Skip("starts browsers")
	}
	t.Parallel()
	f := openFloor(t, carol)
	f.chrome = openBrowser(t, singing)
	f.story(t, "a call in the workbench", benchCall)
	f.story(t, "transfer in the workbench", benchTransfer)
	f.story(t, "supervision by the mouse", benchSupervision)
	f.story(t, "the script", scriptIsSmall)
}

// bench opens the workbench in a page.
func (f *floor) bench() *desk {
	f.t.Helper()
	page := f.opens("plain.html", url.Values{"renderDomId": {"desk"}, "lang": {"en"}})
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".dialer")`, nil)
	return page
}

// button clicks a button of the workbench by what it is called.
func (d *desk) button(name string) {
	d.b.t.Helper()
	d.press(`role=button[name=` + strconv.Quote(name) + `]`)
}

// sees waits until a part of the SDK's face has a text.
func (d *desk) sees(selector, text string) {
	d.b.t.Helper()
	d.wait(fmt.Sprintf(`[...document.querySelector("openseat-agent").shadowRoot.querySelectorAll(%q)].some((e) => e.textContent.includes(%q))`, selector, text), nil)
}

// benchCall answers, mutes, holds, presses keys and hangs up, and writes down what it was about.
func benchCall(f *floor) {
	page := f.bench()
	call := f.call(direct)
	f.follow(call, customerTone)
	in := page.mustHear("callIn", "")
	if !strings.Contains(in.get("callerLocation"), "北京") {
		f.t.Errorf("callIn does not say where the caller is from: %s", in.Data)
	}
	page.sees(".pane", in.get("callerLocation"))
	rang := f.ringDelay(page, in)
	both := hearing{"the customer": {sipEar{call}, voices(agentTone)}, "the agent": {pageEar{page}, voices(customerTone)}}
	page.button("Answer")
	f.check("answered", both)
	page.button("Mute")
	f.must(sipEar{call}.awaitChord(f.ctx, silence))
	page.button("Unmute")
	page.button("Hold")
	f.must(sipEar{call}.awaitChord(f.ctx, others))
	page.button("Resume")
	f.check("taken back", both)
	page.button("Keypad")
	page.button("5")
	page.button("#")
	f.must(call.AwaitDigits(f.within(stepTime), "5#"))
	page.press(`openseat-agent .note textarea`)
	page.do("type", map[string]any{"text": "asked for an invoice"})
	page.button("Hang up")
	page.mustHear("sessionEnded", in.session())
	page.sees(".note h2", "After the call")
	page.press(`role=radio[name="Yes"]`)
	page.button("Save and finish")
	page.wait(`window.tccc.Agent.getStatus() === "free"`, nil)

	page.forget()
	missed := f.call(direct)
	f.follow(missed, customerTone)
	checkSoon(f.t, "the page rings", min(rang, f.ringDelay(page, page.mustHear("callIn", ""))), 300*time.Millisecond) // once it may be busy
	page.sees(".pane.ringing, .bar.ringing", "138 0013 8000")
	missed.HangUp()
	page.sees("nav .badge", "1")
	page.press(`openseat-agent nav [data-view=records]`)
	page.sees(".rows li", "138 0013 8000")
	const rows = `document.querySelector("openseat-agent").shadowRoot.querySelectorAll(".records .rows li").length`
	page.press(`role=radio[name="All"]`)
	page.wait(rows+` === 2`, nil)
	page.press(`role=radio[name="Missed"]`)
	page.wait(rows+` === 1`, nil)
	page.press(`openseat-agent nav [data-view=day]`)
	for name, figure := range map[string]string{"Inbound": "1", "Missed": "1"} {
		page.sees(".figures > div", name+figure)
	}
	var note struct {
		Text     string
		Resolved bool
	}
	f.must(f.sdkAsks(page, "note.get", in.session(), &note))
	if note.Text != "asked for an invoice" || !note.Resolved {
		f.t.Errorf("the note is %+v", note)
	}
}

// sdkAsks asks for a note as the workbench does, on a seat of the same agent.
func (f *floor) sdkAsks(page *desk, method, session string, out any) error {
	f.t.Helper()
	page.do("goto", map[string]any{"url": "about:blank"}) // he has one page
	seat := f.seat(alice)
	defer seat.leave()
	return json.Unmarshal(seat.do(method, of(session)), out)
}

// ringDelay is how long after the queue has chosen its agent the page knows.
func (f *floor) ringDelay(page *desk, in news) time.Duration {
	f.t.Helper()
	page.wait(`window.rung > 0`, nil)
	for _, s := range f.timeline(in.session()) {
		if s.event == "acd.Offered" {
			return in.At.Sub(s.at)
		}
	}
	f.t.Fatal("the queue chose nobody")
	return 0
}

// benchTransfer looks for a colleague in the list, whose state is live, and gives him the customer.
func benchTransfer(f *floor) {
	page := f.bench()
	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	page.button("Answer")
	page.mustHear("userAccessed", session)
	page.button("Transfer")
	page.press(`openseat-agent input[type=search]`)
	page.do("type", map[string]any{"text": "Bob"})
	colleague := f.sit(bob)
	defer colleague.leave()
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector('[role=option][aria-disabled=false]')?.textContent.includes("Bob")`, nil)
	page.press(`openseat-agent [role=option]`)
	page.mustHear("transfer", session)
	page.sees(".banner", "Bob")
	line := colleague.accept(colleague.mustHear("callIn", session).session())
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	page.mustHear("sessionEnded", session)
	call.HangUp()
}

// benchSupervision listens, whispers and takes over by the mouse.
func benchSupervision(f *floor) {
	page, supervisor := f.bench(), f.desks[carol]
	supervisor.eval(`window.tccc.UI.showWorkbench()`, nil)
	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	page.button("Answer")
	page.mustHear("userAccessed", session)
	supervisor.press(`openseat-agent nav [data-view=watch]`)
	supervisor.button("Listen: Alice")
	f.check("listened to", hearing{"the supervisor": {pageEar{supervisor}, voices(customerTone, agentTone)}, "the agent": {pageEar{page}, voices(customerTone)}})
	supervisor.button("Whisper: Alice")
	f.check("whispered to", hearing{"the customer": {sipEar{call}, voices(agentTone)}, "the agent": {pageEar{page}, voices(customerTone, carolTone)}})
	supervisor.button("Take over")
	supervisor.press(`openseat-agent .watched .danger`)
	page.mustHear("sessionEnded", session)
	f.check("taken over", hearing{"the customer": {sipEar{call}, voices(carolTone)}, "the supervisor": {pageEar{supervisor}, voices(customerTone)}})
	supervisor.call("hungUp", of(session))
	supervisor.mustHear("sessionEnded", session)
	supervisor.eval(`window.tccc.UI.hideWorkbench()`, nil)
}

// scriptIsSmall weighs the SDK's script as it goes over the wire.
func scriptIsSmall(f *floor) {
	_, script := fetch(f.ctx, f.demo.HTTP+"/sdk/agent.js")
	var weight countingWriter
	zip := gzip.NewWriter(&weight)
	_, err := zip.Write(script)
	f.must(err)
	f.must(zip.Close())
	const most = 150_000
	f.t.Logf("agent.js has %d bytes, %d compressed", len(script), weight)
	if weight > most {
		f.t.Errorf("agent.js has %d bytes compressed, %d are the limit", weight, most)
	}
}

type countingWriter int

// Write implements io.Writer.
func (w *countingWriter) Write(b []byte) (int, error) {
	*w += countingWriter(len(b))
	return len(b), nil
}
