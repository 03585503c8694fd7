package e2e

import (
	"net/url"
	"strings"
	"testing"

	"openseat/sim/carrier"
)

// TestSeedSnippets does what the pages of the TCCC manual do, with the calls and shapes that are written there.
func TestSeedSnippets(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newWorld(t, choices{carrier: carrier.Options{Pace: paces()}})
	w.needPages()
	back := w.openBackend()
	b := openBrowser(t, singing)
	page := &desk{b.open("manual", back.url+"/seed/agent.html?user="+alice, nil)}
	var said string
	page.eval(`window.loaded`, &said)
	if said != "ready" {
		t.Errorf("loading the SDK resolved to %q", said)
	}
	page.wait(`window.tccc.Agent.getStatus() === "free"`, nil)

	call := w.callSupport() // inbound, answered by the API
	session := page.mustHear("callIn", "").session()
	page.eval(`accept()`, &said)
	if said != "accepted" {
		t.Errorf("accept: %s", said)
	}
	w.must(sipEar{call}.awaitChord(w.ctx, voices(agentTone)))
	w.must(pageEar{page}.awaitChord(w.ctx, voices(customerTone)))
	call.HangUp()
	page.mustHear("sessionEnded", session)
	page.eval(`accept()`, &said)
	if said == "accepted" || said == "refused: undefined" {
		t.Errorf("accepting a call that is over: %s", said)
	}

	for _, button := range []string{"#call", "#vue-call", "#react-call"} { // out, at a click
		page.setStatus("free")
		page.forget()
		page.press(button)
		out := page.mustHear("calloutAccepted", "")
		if want := map[string]string{"#call": "Tencent"}[button]; page.mustHear("callOuted", "").get("remark") != want {
			t.Errorf("%s: callOuted: %s", button, page.mustHear("callOuted", "").Data)
		}
		switch button {
		case "#call":
			page.wait(`window.dialed === "`+out.session()+`"`, nil)
		default:
			page.awaitText(button, out.session())
		}
		page.call("hungUp", map[string]any{"sessionId": out.session()})
		page.mustHear("sessionEnded", out.session())
	}

	var address string
	page.eval(`[load(window.address, false), window.address][1]`, &address) // a second time it is only warned of
	late := b.open("late", back.url+"/seed/agent.html?address="+url.QueryEscape(address), nil)
	late.eval(`window.loaded`, &said)
	if !strings.HasPrefix(said, "expired: ") || said == "expired: undefined" {
		t.Errorf("a token that was used before: %q", said)
	}
}

// TestSeedTabs does what the manual's page for several tabs does: each is told which tab took a call, and which called out.
func TestSeedTabs(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newWorld(t, choices{carrier: carrier.Options{Pace: paces()}})
	w.needPages()
	back := w.openBackend()
	b := openBrowser(t, singing)
	var said string
	one := &desk{b.open("tab1", back.url+"/seed/agent.html?share=1&user="+alice, nil)}
	one.eval(`window.loaded`, &said)
	two := &desk{b.open("tab2", back.url+"/seed/agent.html?share=1&user="+alice, nil)}
	two.eval(`window.loaded`, &said)
	if said != "ready" {
		t.Fatalf("loading the SDK in a second tab resolved to %q", said)
	}
	one.wait(`window.tccc.Agent.getStatus() === "free"`, nil)
	two.wait(`window.tccc.Agent.getStatus() === "free"`, nil)

	call := w.callSupport()
	session := one.mustHear("callIn", "").session()
	two.mustHear("callIn", session)
	two.eval(`accept()`, &said)
	if said != "accepted" {
		t.Errorf("accept in the second tab: %s", said)
	}
	one.wait(`window.elsewhere.includes("`+session+`")`, nil)
	two.wait(`window.elsewhere.length === 0`, nil)
	w.must(pageEar{two}.awaitChord(w.ctx, voices(customerTone)))
	call.HangUp()
	one.mustHear("sessionEnded", session)
	two.mustHear("sessionEnded", session)
}
