package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// shotsEnv names a folder that pictures of the demo page are put into; without it they are dropped.
const shotsEnv = "OPENSEAT_SHOTS"

// newDemo opens a world as a newcomer has it: with the simulated carrier of the program, and nothing else.
func newDemo(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context()}
	w.center = newCenter(t, freePorts(t))
	w.args = append(w.args, "--carrier-listen", addr(w.ports.carrier))
	w.start()
	if w.get("/demo/") != http.StatusOK {
		missing(t, "the built demo page (make build)")
	}
	return w
}

// shoot takes a picture of the page.
func (p *tab) shoot(name string) {
	p.b.t.Helper()
	dir := os.Getenv(shotsEnv)
	if dir == "" {
		dir = p.b.t.TempDir()
	}
	p.do("shot", map[string]any{"path": filepath.Join(dir, name+".png")})
}

// has waits until an element with this data-test has an attribute's value.
func (p *tab) has(test, attribute, value string) {
	p.b.t.Helper()
	p.wait(`document.querySelector('[data-test="`+test+`"][data-`+attribute+`="`+value+`"]') !== null`, nil)
}

// count waits until there are n elements with this data-test.
func (p *tab) count(test string, n int) {
	p.b.t.Helper()
	p.wait(`document.querySelectorAll('[data-test="`+test+`"]').length === `+string(rune('0'+n)), nil)
}

// TestDemoPage is a newcomer's first ten minutes: call, key 1, answer as Alice, talk, hang up, see the record, hear both
// recordings, see the pushes.
func TestDemoPage(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newDemo(t)
	b := openBrowser(t, singing)
	page := b.open("demo", w.demo.HTTP+"/", map[string]any{"width": 1280, "height": 900})
	page.has("agent-status", "status", "free")
	page.has("phone", "state", "idle")
	page.shoot("demo-start")
	page.click("call-welcome")
	page.has("phone", "state", "talking")
	page.click("key-1")
	page.has("agent-call", "state", "ringing")
	page.shoot("demo-ringing")
	page.click("agent-accept")
	page.has("agent-call", "state", "talking")
	page.shoot("demo-talking")
	page.click("phone-hangup")
	page.has("phone", "state", "ended")
	page.wait(`document.querySelector('[data-test="cdr"]')?.textContent.includes("ok")`, nil)
	page.count("recording", 2)
	page.wait(`[...document.querySelectorAll('[data-test="recording"] audio')].filter((a) => a.duration > 0).length === 2`, nil)
	page.count("push", 3)
	page.shoot("demo-ended")
	page.do("size", map[string]any{"width": 390, "height": 844})
	page.wait(`document.documentElement.scrollWidth <= innerWidth`, nil)
	page.shoot("demo-narrow")

	page.do("size", map[string]any{"width": 1280, "height": 900})
	page.has("agent-status", "status", "free") // after-call work is over
	page.click("dial")
	page.has("agent-call", "state", "talking")
	page.click("agent-hangup")
	page.has("agent-call", "state", "none")

	var second string
	page.eval(`document.querySelector('[data-test="second-seat"]').href`, &second)
	colleague := b.open("second", second, nil)
	colleague.has("agent-status", "status", "free")
	page.has("agent-status", "status", "free") // both are signed in
}

// TestDemoPageInChinese looks at the page in its other language.
func TestDemoPageInChinese(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newDemo(t)
	page := openBrowser(t, absent).open("zh", w.demo.HTTP+"/demo/", map[string]any{"locale": "zh"})
	page.wait(`document.querySelector('[data-test="mic"]')?.textContent.includes("没有找到麦克风")`, nil)
	page.has("agent-status", "status", "free")
	page.shoot("demo-zh")
}

// TestDemoPageWithoutMicrophone says what is missing, and works on.
func TestDemoPageWithoutMicrophone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newDemo(t)
	page := openBrowser(t, denied).open("denied", w.demo.HTTP+"/demo/", nil)
	page.wait(`document.querySelector('[data-test="mic"]')?.textContent.includes("not allowed")`, nil)
	page.has("phone", "state", "idle")
	page.click("call-welcome")
	page.has("phone", "state", "talking")
	page.shoot("demo-denied")
}
