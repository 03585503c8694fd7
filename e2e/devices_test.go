package e2e

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"openseat/voice/media"
)

// TestDevices has an agent choose, pull out and put back his microphone in the middle of a call, and choose his speaker: no call
// is made anew for it, and the sound goes on.
func TestDevices(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	f := openFloor(t, alice)
	f.story(t, "microphones", func(f *floor) { microphones(f, f.desks[alice]) })
	f.story(t, "ringing and notifying", func(f *floor) { notifications(f, f.desks[alice]) })
	f.story(t, "self-check", func(f *floor) { selfCheck(f, f.desks[alice]) })
}

// microphones changes microphone and speaker while talking.
func microphones(f *floor, agent *desk) {
	call, session := f.comesIn(alice)
	both := hearing{"the customer": {sipEar{call}, voices(agentTone)}, "the agent": {pageEar{agent}, voices(customerTone)}}
	f.check("talking", both)
	var mics, speakers []struct{ DeviceID, Label string }
	agent.eval(`window.tccc.Devices.getMicrophones()`, &mics)
	agent.eval(`window.tccc.Devices.getSpeakers()`, &speakers)
	if len(mics) < 2 || len(speakers) < 1 {
		f.t.Fatalf("microphones %v, speakers %v", mics, speakers)
	}
	var before int
	agent.eval(`(window.links.at(-1).onnegotiationneeded = () => window.negotiated = true, window.links.length)`, &before)
	used := func(id string) string {
		return fmt.Sprintf(`window.links.at(-1).getSenders()[0].track?.getSettings().deviceId === %q`, id)
	}
	second := mics[len(mics)-1].DeviceID
	agent.eval(fmt.Sprintf(`window.tccc.Devices.setMicrophone(%q)`, second), nil)
	agent.wait(used(second), nil)
	f.check("with another microphone", both)

	agent.forget()
	agent.eval(fmt.Sprintf(`window.unplug(%q)`, second), nil)
	if changed := agent.mustHear("deviceChanged", ""); changed.get("reason") != "unplugged" || changed.get("kind") != "microphone" {
		f.t.Errorf("deviceChanged: %s", changed.Data)
	}
	agent.wait("!("+used(second)+")", nil)
	f.check("without it", both)
	agent.forget()
	agent.eval(fmt.Sprintf(`window.plugIn(%q)`, second), nil)
	if changed := agent.mustHear("deviceChanged", ""); changed.get("reason") != "replugged" {
		f.t.Errorf("deviceChanged: %s", changed.Data)
	}
	agent.wait(used(second), nil)
	f.check("with it again", both)

	speaker := speakers[len(speakers)-1].DeviceID
	agent.eval(fmt.Sprintf(`window.tccc.Devices.setSpeaker(%q)`, speaker), nil)
	agent.wait(fmt.Sprintf(`window.players.at(-1).sinkId === %q`, speaker), nil)
	f.check("with another speaker", both)
	var after int
	var again bool
	agent.eval(`window.links.length`, &after)
	agent.eval(`!!window.negotiated`, &again)
	if after != before || again {
		f.t.Errorf("%d connections became %d; negotiated anew: %v", before, after, again)
	}
	var supported []bool
	agent.eval(`Promise.all([window.tccc.Devices.isBrowserSupported(), window.tccc.Devices.isEnvSupported()])`, &supported)
	if len(supported) != 2 || !supported[0] || !supported[1] {
		f.t.Errorf("supported: %v", supported)
	}
	agent.call("hungUp", of(session))
	agent.mustHear("sessionEnded", session)
}

// notifications rings a page that is hidden, as the agent wants it.
func notifications(f *floor, agent *desk) {
	hide := func(hidden bool) {
		agent.eval(fmt.Sprintf(`(Object.defineProperty(document, "hidden", { configurable: true, get: () => %v }),
			Object.defineProperty(document, "visibilityState", { configurable: true, get: () => %[1]v ? "hidden" : "visible" }),
			document.dispatchEvent(new Event("visibilitychange")), 0)`, hidden), nil)
	}
	hide(true)
	defer hide(false)
	for _, quiet := range []bool{false, true} {
		agent.setStatus("free")
		agent.forget()
		agent.eval(fmt.Sprintf(`(window.rung = 0, window.notified.length = 0,
			window.tccc.UI.updateUserCustomSettings({ disableRingtone: %v, disableNotification: %[1]v }))`, quiet), nil)
		call := f.call(direct)
		f.follow(call, customerTone)
		session := agent.mustHear("callIn", "").session()
		if quiet {
			agent.call("accept", of(session))
			f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
			var rung, notified int
			agent.eval(`window.rung`, &rung)
			agent.eval(`window.notified.length`, &notified)
			if rung+notified > 0 {
				f.t.Errorf("switched off, it rings %d times and notifies %d times", rung, notified)
			}
		} else {
			agent.wait(`window.rung > 0 && window.notified.length === 1`, nil)
			agent.eval(`(window.notified[0].onclick?.(new Event("click")), window.notified[0].dispatchEvent(new Event("click")), 0)`, nil)
			agent.mustHear("userAccessed", session) // a click on it answers
		}
		call.HangUp()
		agent.mustHear("sessionEnded", session)
	}
	agent.eval(`window.tccc.UI.updateUserCustomSettings({ disableRingtone: false, disableNotification: false })`, nil)
}

// selfCheck opens the page that measures microphone, speaker and network.
func selfCheck(f *floor, agent *desk) {
	var link struct{ URL string }
	agent.eval(`window.tccc.Devices.getCheckLink()`, &link)
	b := &browser{driver: agent.b.driver, t: f.t}
	page := b.open("check", link.URL, nil)
	defer page.do("close", nil)
	standing := func(step, is string) string {
		return fmt.Sprintf(`document.querySelector("[data-step=%s]")?.dataset.standing === %q`, step, is)
	}
	page.wait(standing("browser", "good"), nil)
	page.press(`[data-step=microphone] button.button`)
	page.wait(standing("microphone", "good"), nil)
	page.press(`[data-step=network] button.button`)
	page.wait(standing("network", "good"), nil)
	page.press(`[data-step=speaker] .actions button`)
	page.press(`[data-step=speaker] .question .primary`)
	page.wait(standing("speaker", "good"), nil)
	page.wait(`document.querySelector(".verdict")?.dataset.standing === "good"`, nil)
}

// TestMicrophoneDenied has an agent whose browser may not use the microphone: he is told, with a link to the self-check.
func TestMicrophoneDenied(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	f := openFloor(t)
	page := &desk{openBrowser(t, denied).open("denied", f.back.url+"/pages/plain.html?user="+alice, nil)}
	page.mustHear("ready", "")
	page.setStatus("free")
	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	var refused string
	page.eval(fmt.Sprintf(`window.tccc.Call.accept({ sessionId: %q }).then(() => "accepted", (e) => e.code)`, session), &refused)
	if refused != "MicrophoneDenied" {
		t.Errorf("accept: %s", refused)
	}
	page.press(`openseat-agent .bar .green`)
	page.wait(`[...document.querySelector("openseat-agent").shadowRoot.querySelectorAll("button.link")].some((b) => /check/i.test(b.textContent))`, nil)
	if failed := page.mustHear("deviceError", ""); failed.get("code") != "MicrophoneDenied" || failed.get("link") == "" {
		t.Errorf("deviceError: %s", failed.Data)
	}
	page.wait(`window.tccc.Agent.getStatus() !== "busy"`, nil)
	call.HangUp()
}

// TestQuality has the network lose packets, and one side fall silent: the page says so, in grades and within three seconds.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newWorld(t, choices{})
	w.needPages()
	sound := newWire(t)
	agent := w.openTab(openBrowser(t, singing), w.openBackend(), "measured", alice, url.Values{
		"rtc": {strconv.Itoa(w.ports.rtc) + ":" + strconv.Itoa(sound.packets(t, w.ports.rtc))},
	})
	agent.setStatus("free")
	call := w.call(direct)
	stop := call.Say(media.ToneSource(customerTone), true)
	session := agent.mustHear("callIn", "").session()
	agent.call("accept", of(session))
	w.must(pageEar{agent}.awaitChord(w.ctx, voices(customerTone)))
	agent.awaitGrade("excellent", "good")
	sound.lose(4)
	agent.awaitGrade("poor", "bad", "vbad")
	sound.lose(0)
	agent.awaitGrade("excellent", "good")

	agent.forget()
	stop() // the customer's line goes dead
	silent := time.Now()
	checkSoon(t, "the agent knows that nothing is heard of the customer", agent.mustMiss("customer").Sub(silent), 3*time.Second)
	call.Say(media.ToneSource(customerTone), true)
	agent.mustHear("mediaRestored", session)

	agent.forget()
	sound.cut() // the agent's way is dead
	dead := time.Now()
	checkSoon(t, "the agent knows that he is cut off", agent.mustMiss("agent").Sub(dead), 3*time.Second)
	sound.mend()
	agent.mustHear("mediaRestored", session)
	w.must(pageEar{agent}.awaitChord(w.ctx, voices(customerTone)))
	call.HangUp()
	agent.mustHear("sessionEnded", session)
}

// mustMiss waits for the alarm that nothing comes from a side, and answers when it came. Page and server watch both, so that
// the other side's alarm may come first: a page that hears nothing does not know yet whose fault it is.
func (d *desk) mustMiss(side string) time.Time {
	d.b.t.Helper()
	var at int64
	d.wait(fmt.Sprintf(`window.told.find((n) => n.event === "mediaOneWay" && n.data.side === %q)?.at`, side), &at)
	return time.UnixMilli(at)
}

// awaitGrade waits until the sound has been graded so.
func (d *desk) awaitGrade(grades ...string) {
	d.b.t.Helper()
	list, err := json.Marshal(grades)
	d.must(err)
	d.eval(`(window.told = window.told.filter((n) => n.event !== "networkQuality"), 0)`, nil)
	d.wait(fmt.Sprintf(`%s.includes(window.told.findLast((n) => n.event === "networkQuality")?.data.grade)`, list), nil)
}
