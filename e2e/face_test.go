package e2e

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestFace looks at the SDK as an agent sees it, in all kinds of pages.
func TestFace(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	f := openFloor(t)
	f.chrome = openBrowser(t, singing)
	f.story(t, "hostile page", hostilePage)
	f.story(t, "strict page", strictPage)
	f.story(t, "places", places)
	f.story(t, "languages and darkness", languages)
	f.story(t, "keyboard", keyboard)
	f.story(t, "accessibility", accessibility)
}

// opens shows Alice a page of e2e/pages, which is closed with the story.
func (f *floor) opens(name string, query url.Values) *desk {
	f.t.Helper()
	if query == nil {
		query = url.Values{}
	}
	query.Set("user", alice)
	b := &browser{driver: f.chrome.driver, t: f.t}
	d := &desk{b.open(f.t.Name()+name+query.Encode(), f.back.url+"/pages/"+name+"?"+query.Encode(), nil)}
	f.t.Cleanup(func() { d.do("close", nil) })
	d.mustHear("ready", "")
	d.setStatus("free")
	return d
}

// face is how the SDK looks: every element in its shadow tree. What the time changes is left out.
const face = `[...document.querySelector("openseat-agent").shadowRoot.querySelectorAll("*:not(time)")].map((e) => {
	const s = getComputedStyle(e), box = e.getBoundingClientRect()
	return [e.tagName, e.className, s.display, s.visibility, s.color, s.backgroundColor, s.fontSize, s.fontFamily, s.letterSpacing, s.direction,
		s.textTransform, s.padding, s.margin, s.opacity, s.pointerEvents, Math.round(box.width), Math.round(box.height)].join("|")
})`

// settled waits until what moves in for a moment has come to rest.
const settled = `Promise.allSettled(document.querySelector("openseat-agent").shadowRoot.getAnimations()
	.filter((a) => a.effect.getComputedTiming().iterations !== Infinity).map((a) => a.finished)).then(() => 0)`

// hostilePage is one that resets every style with !important, turns its body, covers itself, and has an old jQuery: the SDK
// looks there as it does anywhere, works, and changes nothing of the page.
func hostilePage(f *floor) {
	var looks [2][]string
	for i, name := range []string{"plain.html", "hostile.html"} {
		page := f.opens(name, nil)
		page.eval(`window.tccc.UI.showWorkbench()`, nil)
		page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelectorAll(".workbench .dialer .pick").length === 2`, nil) // all is there
		page.eval(settled, nil)
		page.awaitStill(face, &looks[i])
		var own struct {
			Globals []string
			Same    bool
		}
		page.eval(`(() => { const now = window.page(); return {
			globals: now.globals.filter((name) => !window.before.globals.includes(name)), same: now.looks.join() === window.before.looks.join() } })()`, &own)
		slices.Sort(own.Globals)
		if got := strings.Join(own.Globals, " "); got != "before page" && got != "before" && got != "" {
			f.t.Errorf("%s has new globals: %s", name, got)
		}
		if !own.Same {
			f.t.Errorf("the SDK changed how %s looks", name)
		}
		if name == "hostile.html" {
			page.press(`openseat-agent input`)
			page.do("type", map[string]any{"text": "139"})
			var pressed []int
			page.eval(`window.pressed`, &pressed)
			if len(pressed) > 0 {
				f.t.Errorf("keys in the SDK's field reach the page: %v", pressed)
			}
			f.jQueryCalls(page)
		}
	}
	for i := range min(len(looks[0]), len(looks[1])) {
		if looks[0][i] != looks[1][i] {
			f.t.Fatalf("in a hostile page it looks\n%s\ninstead of\n%s", looks[1][i], looks[0][i])
		}
	}
	if len(looks[0]) != len(looks[1]) {
		f.t.Errorf("%d elements in a plain page, %d in a hostile one", len(looks[0]), len(looks[1]))
	}
}

// awaitStill waits until an expression has the same value twice in a row, a moment apart.
func (p *tab) awaitStill(code string, out any) {
	p.b.t.Helper()
	var before, now json.RawMessage
	eventually(p.b.t, stepTime, "the page holds still", func() bool {
		before = now
		p.eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(`+code+`))))`, &now)
		return before != nil && string(before) == string(now)
	})
	p.must(json.Unmarshal(now, out))
}

// jQueryCalls calls out by the page's own button, which jQuery 1 has made one.
func (f *floor) jQueryCalls(page *desk) {
	f.t.Helper()
	page.eval(`document.getElementById("call").click()`, nil)
	call := f.pickUp(customerTone)
	session := page.mustHear("calloutAccepted", "").session()
	page.awaitText("#call", session)
	f.check("called by jQuery", hearing{"the customer": {sipEar{call}, voices(agentTone)}, "the agent": {pageEar{page}, voices(customerTone)}})
	page.call("hungUp", of(session))
	page.mustHear("sessionEnded", session)
}

// strictPage has the Content-Security-Policy of the guide, and nothing it forbids happens.
func strictPage(f *floor) {
	page := f.opens("plain.html", url.Values{"strict": {"1"}})
	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	page.press(`openseat-agent .bar .green`)
	f.check("answered in a strict page", hearing{"the customer": {sipEar{call}, voices(agentTone)}, "the agent": {pageEar{page}, voices(customerTone)}})
	page.press(`openseat-agent .bar .red`)
	page.mustHear("sessionEnded", session)
	page.eval(`window.tccc.UI.showWorkbench()`, nil)
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".workbench")`, nil)
	var violations []string
	page.eval(`window.violations`, &violations)
	if len(violations) > 0 {
		f.t.Errorf("forbidden by the page's policy: %v", violations)
	}
}

// places puts the SDK into an element, over the page, and away.
func places(f *floor) {
	inside := f.opens("plain.html", url.Values{"renderDomId": {"desk"}})
	inside.wait(`document.querySelector("#desk openseat-agent")?.getBoundingClientRect().height === 600`, nil)
	inside.wait(`document.querySelector("#desk openseat-agent").shadowRoot.querySelector(".workbench")?.checkVisibility()`, nil)
	inside.eval(`window.tccc.UI.mount()`, nil) // out of it
	inside.wait(`document.querySelector("body > openseat-agent")`, nil)
	inside.eval(`[window.tccc.UI.mount("desk"), window.tccc.UI.mount(document.getElementById("desk"))]`, nil)
	inside.wait(`document.querySelectorAll("#desk openseat-agent").length === 1`, nil)

	floating := f.opens("plain.html", nil)
	seen := func(what string) string {
		return `!!document.querySelector("openseat-agent").shadowRoot.querySelector("` + what + `")?.checkVisibility()`
	}
	for _, step := range []struct{ do, what string }{
		{"show()", seen(".float")}, {"hidefloatButton()", "!" + seen(".float")}, {"showfloatButton()", seen(".float")},
		{"showWorkbench()", seen(".workbench")}, {"hideWorkbench()", "!" + seen(".workbench")},
		{"hide()", `!document.querySelector("openseat-agent").checkVisibility()`}, {"show()", seen(".float")},
	} {
		floating.eval("window.tccc.UI."+step.do, nil)
		floating.wait(step.what, nil)
	}
	call := f.call(direct)
	f.follow(call, customerTone)
	floating.mustHear("callIn", "")
	floating.wait(seen(".bar"), nil)
	floating.eval("window.tccc.UI.hideNotificationBar()", nil)
	floating.wait("!"+seen(".bar"), nil)
	floating.eval("window.tccc.UI.showNotificationBar()", nil)
	floating.wait(seen(".bar"), nil)
	call.HangUp()
	floating.wait("!"+seen(".bar.ringing"), nil)
}

// languages shows the SDK in both languages, by day and by night.
func languages(f *floor) {
	const words = `document.querySelector("openseat-agent").shadowRoot.querySelector(".rail").textContent`
	const ground = `getComputedStyle(document.querySelector("openseat-agent").shadowRoot.querySelector(".workbench")).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)`
	for lang, word := range map[string]string{"zh": "[一-鿿]{2}", "en": "^[^一-鿿]*$"} {
		page := f.opens("plain.html", url.Values{"lang": {lang}})
		page.do("dark", map[string]any{"on": false})
		page.eval(`window.tccc.UI.showWorkbench()`, nil)
		page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".workbench")`, nil)
		page.wait(`/`+word+`/u.test(`+words+`)`, nil)
		page.wait(ground+` > 600`, nil)
		page.do("dark", map[string]any{"on": true})
		page.wait(ground+` < 200`, nil)
	}
}

// keyboard answers, transfers, and hangs up without a mouse.
func keyboard(f *floor) {
	page := f.opens("plain.html", nil)
	colleague := f.sit(bob)
	_, err := colleague.ask("agent.setStatus", map[string]any{"status": "notReady"})
	f.must(err)
	keys := func(keys ...string) { page.do("keys", map[string]any{"keys": keys}) }

	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	keys("Alt+Shift+P")
	page.mustHear("userAccessed", session)
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	_, err = colleague.ask("agent.setStatus", map[string]any{"status": "free"})
	f.must(err)
	keys("Alt+Shift+R")
	page.wait(`document.querySelector("openseat-agent").shadowRoot.activeElement?.tagName === "INPUT"`, nil)
	page.do("type", map[string]any{"text": "Bob"})
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector("[role=option][aria-selected=true]")?.textContent.includes("Bob")`, nil)
	keys("Enter")
	page.mustHear("transfer", session)
	line := colleague.accept(colleague.mustHear("callIn", session).session())
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	page.mustHear("sessionEnded", session)
	colleague.hangUp(session)
	colleague.leave()

	page.setStatus("free")
	page.forget()
	again := f.call(direct)
	f.follow(again, customerTone)
	session = page.mustHear("callIn", "").session()
	f.tabTo(page, "Answer")
	keys("Enter")
	page.mustHear("userAccessed", session)
	keys("Alt+Shift+M")
	f.must(sipEar{again}.awaitChord(f.ctx, silence))
	keys("Alt+Shift+H")
	page.mustHear("sessionEnded", session)
}

// tabTo presses the Tab key until a button has the focus.
func (f *floor) tabTo(page *desk, label string) {
	f.t.Helper()
	const most = 30
	for range most {
		page.do("keys", map[string]any{"keys": []string{"Tab"}})
		var name string
		page.eval(`(() => { const e = document.querySelector("openseat-agent").shadowRoot.activeElement; return e?.getAttribute("aria-label") ?? e?.textContent ?? "" })()`, &name)
		if name == label {
			return
		}
	}
	f.t.Fatalf("%s cannot be reached by the Tab key", label)
}

// accessibility lets axe look at the SDK's states.
func accessibility(f *floor) {
	page := f.opens("plain.html", nil)
	page.do("run", map[string]any{"path": "node_modules/axe-core/axe.min.js"})
	look := func(state string) {
		f.t.Helper()
		var found []struct {
			ID, Impact, Help string
			Nodes            []struct{ HTML, FailureSummary string }
		}
		page.eval(settled, nil)
		page.eval(`axe.run({ include: [["openseat-agent"]] }, { resultTypes: ["violations"] }).then((r) => r.violations)`, &found)
		for _, v := range found {
			if v.Impact == "serious" || v.Impact == "critical" {
				f.t.Errorf("%s: %s (%s): %s: %+v", state, v.ID, v.Impact, v.Help, v.Nodes[0])
			}
		}
	}
	look("idle")
	page.eval(`window.tccc.UI.showWorkbench()`, nil)
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".workbench")`, nil)
	look("workbench")
	page.eval(`window.tccc.UI.hideWorkbench()`, nil)
	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".bar.ringing")`, nil)
	look("ringing")
	page.call("accept", of(session))
	page.mustHear("userAccessed", session)
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".bar.talking")`, nil)
	look("talking")
	page.do("keys", map[string]any{"keys": []string{"Alt+Shift+R"}})
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".picker [role=option]")`, nil)
	look("picking whom to transfer to")
	page.eval(`window.tccc.UI.showWorkbench()`, nil)
	page.wait(`document.querySelector("openseat-agent").shadowRoot.querySelector(".pane.talking")`, nil)
	look("talking in the workbench")
	page.call("hungUp", of(session))
	page.mustHear("sessionEnded", session)
	look("after the call")
}
