package e2e

import (
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"openseat/sim/carrier"
	"openseat/voice/media"
)

// openTab opens an agent's page with more in its query.
func (w *world) openTab(b *browser, back *backend, name, user string, query url.Values) *desk {
	w.t.Helper()
	if query == nil {
		query = url.Values{}
	}
	query.Set("user", user)
	d := &desk{b.open(name, back.url+"/?"+query.Encode(), nil)}
	d.mustHear("ready", "")
	return d
}

// TestTabs has three tabs of one browser share a login: one rings, one has the sound, and when it is closed another one has.
func TestTabs(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newWorld(t, choices{carrier: carrier.Options{Pace: paces()}})
	w.needPages()
	back, b := w.openBackend(), openBrowser(t, singing)
	share := url.Values{"enableShared": {"true"}}
	tabs := map[string]*desk{}
	for _, name := range []string{"one", "two", "three"} {
		tab := w.openTab(b, back, name, alice, share)
		tabs[tab.mustHear("ready", "").get("tabUUID")] = tab
	}
	if len(tabs) != 3 {
		t.Fatalf("three tabs have %d names", len(tabs))
	}
	for _, tab := range tabs {
		tab.setStatus("free")
	}

	call := w.call(direct)
	call.Say(media.ToneSource(customerTone), true)
	var session string
	for _, tab := range tabs {
		session = tab.mustHear("callIn", "").session()
	}
	eventually(t, stepTime, "one tab rings", func() bool { return haveRung(tabs) == 1 })
	owner := anyOf(tabs)
	tabs[owner].call("accept", of(session))
	for _, tab := range tabs {
		if who := tab.mustHear("userAccessed", session).get("tabUUID"); who != owner {
			t.Errorf("userAccessed has the tab %q, which is %q", who, owner)
		}
	}
	w.must(sipEar{call}.awaitChord(w.ctx, voices(agentTone)))
	w.must(pageEar{tabs[owner]}.awaitChord(w.ctx, voices(customerTone)))
	if n := haveRung(tabs); n != 1 {
		t.Errorf("%d tabs rang", n)
	}
	for len(tabs) > 1 { // the tab with the sound is closed
		for name, tab := range tabs {
			if name != owner {
				w.must(pageEar{tab}.awaitChord(w.ctx, silence))
				tab.forget()
			}
		}
		began := time.Now()
		tabs[owner].do("close", nil)
		delete(tabs, owner)
		owner = w.awaitOwner(tabs)
		checkSoon(t, "another tab hears the customer", time.Since(began), 2*time.Second)
		call.Forget()
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		checkSoon(t, "the customer hears the agent again", time.Since(began), 2*time.Second)
	}
	last := tabs[owner]
	call.HangUp()
	last.mustHear("sessionEnded", session)
	checkEnd(t, w.cdr(session), "ok", "user")

	other := w.openTab(b, back, "four", alice, share)
	last.setStatus("free")
	other.forget()
	session = sessionIn(t, last.call("startOutboundCall", map[string]any{"phoneNumber": "13900000001"}))
	if out := other.mustHear("callOuted", session); out.get("tabUUID") != owner {
		t.Errorf("callOuted in another tab: %s", out.Data)
	}
	other.mustHear("calloutAccepted", session)
	other.call("hungUp", of(session)) // any tab may
	last.mustHear("sessionEnded", session)
}

// haveRung counts the tabs that have rung.
func haveRung(tabs map[string]*desk) int {
	n := 0
	for _, tab := range tabs {
		var tones int
		tab.eval(`window.rung`, &tones)
		if tones > 0 {
			n++
		}
	}
	return n
}

func anyOf(tabs map[string]*desk) string {
	for name := range tabs {
		return name
	}
	return ""
}

// awaitOwner waits until one of the tabs hears the customer.
func (w *world) awaitOwner(tabs map[string]*desk) string {
	w.t.Helper()
	var owner string
	eventually(w.t, stepTime, "another tab has the sound", func() bool {
		for name, tab := range tabs {
			var heard bool
			tab.eval(fmt.Sprintf(`window.sounds.some((s) => s.heard === "%d" && s.to - s.from >= 200)`, customerTone), &heard)
			if heard {
				owner = name
			}
		}
		return owner != ""
	})
	return owner
}

// TestSecondLogin signs an agent in at another browser: the first page is out, and the call that runs there comes over when he
// says so.
func TestSecondLogin(t *testing.T) {
	if testing.Short() {
		t.Skip("starts browsers")
	}
	t.Parallel()
	f := openFloor(t, alice)
	call, session := f.comesIn(alice)
	first := f.desks[alice]
	f.must(pageEar{first}.awaitChord(f.ctx, voices(customerTone)))
	second := f.openTab(openBrowser(t, microphone(deskTone)), f.back, "second", alice, nil)
	first.mustHear("kickedOut", "")
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone))) // it goes on where it is
	second.press(`openseat-agent .banner .button.primary`)    // "continue here"
	f.check("continued on the second page", hearing{
		"the customer": {sipEar{call}, voices(deskTone)}, "the second page": {pageEar{second}, voices(customerTone)},
	})
	f.must(pageEar{first}.awaitChord(f.ctx, silence))
	second.call("hungUp", of(session))
	second.mustHear("sessionEnded", session)
	checkEnd(t, f.cdr(session), "ok", "seat")
}

// TestNetworkLost cuts an agent's network for ten seconds in the middle of a call: the call survives, and the page says what
// happens.
func TestNetworkLost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	t.Parallel()
	w := newWorld(t, choices{})
	w.needPages()
	net := newWire(t)
	b := openBrowser(t, singing)
	agent := w.openTab(b, w.openBackend(), "far", alice, url.Values{
		"via": {"http://" + addr(net.stream(t, w.ports.http))},
		"rtc": {strconv.Itoa(w.ports.rtc) + ":" + strconv.Itoa(net.packets(t, w.ports.rtc))},
	})
	agent.setStatus("free")
	call := w.call(direct)
	call.Say(media.ToneSource(customerTone), true)
	session := agent.mustHear("callIn", "").session()
	agent.call("accept", of(session))
	w.must(sipEar{call}.awaitChord(w.ctx, voices(agentTone)))
	w.must(pageEar{agent}.awaitChord(w.ctx, voices(customerTone)))

	net.cut()
	w.must(b.ask("offline", map[string]any{"on": true}, nil))
	cut := time.Now()
	w.must(pageEar{agent}.awaitChord(w.ctx, silence))
	agent.mustHear("reconnecting", "")
	agent.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".bars .banner.warn")?.checkVisibility()`, nil)
	w.must(await(w.ctx, stepTime, func() bool { return time.Since(cut) >= 10*time.Second }))
	w.must(b.ask("offline", map[string]any{"on": false}, nil))
	net.mend()
	mended := time.Now()
	agent.mustHear("reconnected", "")
	agent.wait(`!document.querySelector("openseat-agent").shadowRoot.querySelector(".bars .banner.warn")`, nil)
	w.must(sipEar{call}.awaitChord(w.ctx, voices(agentTone)))
	w.must(pageEar{agent}.awaitChord(w.ctx, voices(customerTone)))
	checkSoon(t, "both hear each other again", time.Since(mended), 10*time.Second)
	agent.call("hungUp", of(session))
	agent.mustHear("sessionEnded", session)
	checkEnd(t, w.cdr(session), "ok", "seat")
}

// TestServerRestarts kills the program under an agent's page: the SDK comes back by itself, and what it shows is right.
func TestServerRestarts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	f := openFloor(t, alice)
	agent := f.desks[alice]
	_, session := f.comesIn(alice)
	f.must(pageEar{agent}.awaitChord(f.ctx, voices(customerTone)))
	f.kill()
	agent.mustHear("reconnecting", "")
	f.start()
	agent.mustHear("reconnected", "")
	if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "admin" {
		t.Errorf("the call that the server lost: %s", ended.Data)
	}
	agent.wait(`window.tccc.Agent.getStatus() === "free" || window.tccc.Agent.getStatus() === "arrange"`, nil)
	checkEnd(t, f.cdr(session), "error", "system")
	agent.setStatus("free")
	agent.forget()
	call, session := f.comesIn(alice)
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	f.must(pageEar{agent}.awaitChord(f.ctx, voices(customerTone)))
	call.HangUp()
	agent.mustHear("sessionEnded", session)
}
