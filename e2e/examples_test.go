package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"openseat/sim/carrier"
)

// TestExamples starts each example by its one command, and does there what its readers will: call somebody at a click, and
// answer a customer in the pop-up.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	w := newWorld(t, choices{carrier: carrier.Options{Pace: paces()}})
	w.needPages()
	for _, example := range []string{"agent-page", "vue", "react"} {
		t.Run(example, func(t *testing.T) {
			w := w.of(t)
			page := &desk{openBrowser(t, singing).open(example, w.startExample(t, example), nil)}
			page.wait(`document.getElementById("status").textContent === "free"`, nil)

			page.press(`[data-call="008613800000001"]`)
			page.mustHear("calloutAccepted", "")
			page.awaitText("#who", "Talking")
			w.must(pageEar{page}.awaitChord(w.ctx, voices(customerTone)))
			page.press("#hangup")
			session := page.mustHear("sessionEnded", "").session()
			page.wait(`!document.getElementById("popup")?.checkVisibility()`, nil)
			checkEnd(t, w.cdr(session), "ok", "seat")
			page.setStatus("free") // no time for after-call work

			call := w.callSupport()
			page.awaitText("#who", "0086"+customer+" calls")
			page.awaitText("#about", "Support")
			page.press("#accept")
			w.must(sipEar{call}.awaitChord(w.ctx, voices(agentTone)))
			page.awaitText("#log", "userAccessed")
			call.HangUp()
			page.wait(`!document.getElementById("popup")?.checkVisibility()`, nil)
		})
	}
}

// press clicks what a CSS selector finds.
func (p *tab) press(selector string) {
	p.b.t.Helper()
	p.do("press", map[string]any{"selector": selector})
}

// awaitText waits until an element has a text.
func (p *tab) awaitText(selector, text string) {
	p.b.t.Helper()
	p.wait(`document.querySelector(`+strconv.Quote(selector)+`)?.textContent.includes(`+strconv.Quote(text)+`)`, nil)
}

// startExample starts an example as `npm start` does, on a port of the system's choice, and answers where it is.
func (w *world) startExample(t *testing.T, name string) string {
	t.Helper()
	need(t, "node")
	folder := filepath.Join("..", "examples", name)
	tools, err := filepath.Abs("../examples/node_modules/.bin")
	w.must(err)
	if _, err := os.Stat(tools); err != nil {
		missing(t, "the packages of examples/")
	}
	body, err := os.ReadFile(filepath.Join(folder, "package.json"))
	w.must(err)
	var manifest struct{ Scripts struct{ Start string } }
	w.must(json.Unmarshal(body, &manifest))
	cmd := exec.Command("sh", "-c", "exec "+manifest.Scripts.Start)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"), "PORT="+strconv.Itoa(w.ports.peer),
		"KEYS="+filepath.Join(w.data, "demo.json"), "NO_COLOR=1")
	out, err := cmd.StdoutPipe()
	w.must(err)
	cmd.Stderr = cmd.Stdout
	running, err := spawn(cmd)
	w.must(err)
	t.Cleanup(running.kill)
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if found := address.FindString(lines.Text()); found != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }() // or it would stop when the pipe is full
			return found
		}
	}
	t.Fatalf("%s did not start:\n%s", name, said.String())
	return ""
}
