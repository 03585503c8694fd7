package gateway

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
)

// ticketed opens the self-check that a page was given a link to.
func (w *world) ticketed(page *tab) (*tab, string, error) {
	w.t.Helper()
	link := asked[map[string]string](page, "check.link", nil)["url"]
	ticket, ok := strings.CutPrefix(link, "http://desk.test/sdk/check?ticket=")
	if !ok {
		w.t.Fatalf("link %q", link)
	}
	socket := "ws://desk.test/sdk/check/ws?ticket=" + ticket
	check, err := w.dial(socket, "check")
	return check, socket, err
}

func TestSelfCheck(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		check, socket, err := w.ticketed(page)
		if err != nil {
			t.Fatal(err)
		}
		now := asked[map[string]int64](check, "echo.ping", nil)["now"]
		if now != time.Now().UnixMilli() {
			t.Errorf("now %d", now)
		}
		if got := asked[accepted](check, "echo.offer", map[string]any{"sdp": "v=0"}); !strings.HasSuffix(got.SDP, "hears v=0") {
			t.Errorf("echo %+v", got)
		}
		for _, c := range []struct {
			method string
			params any
			code   string
		}{
			{"echo.offer", map[string]any{}, openseat.CodeMissingParameter},
			{"echo.offer", map[string]any{"sdp": 7}, openseat.CodeInvalidParameter},
			{"call.start", map[string]any{"phoneNumber": "10086"}, openseat.CodeUnsupported}, // a ticket lets in nowhere else
		} {
			if h := check.ask(c.method, c.params); h.Error == nil || h.Error.Code != c.code {
				t.Errorf("%s: %+v", c.method, h.Error)
			}
		}
		again, err := w.dial(socket, "check") // the page is loaded anew
		if err != nil {
			t.Fatal(err)
		}
		check.ends()
		for range maxEchoes {
			asked[accepted](again, "echo.offer", map[string]any{"sdp": "v=0"})
		}
		if h := again.ask("echo.offer", map[string]any{"sdp": "v=0"}); h.Error == nil || h.Error.Code != openseat.CodeRequestLimitExceeded {
			t.Errorf("one echo too many: %+v", h.Error)
		}
		again.close()
		synctest.Wait()
		if n := len(w.g.checks.now); n != 0 {
			t.Errorf("%d checks left", n)
		}
	})
}

func TestSelfCheckTicket(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		check, socket, err := w.ticketed(page)
		if err != nil {
			t.Fatal(err)
		}
		check.close()
		go page.ends()
		time.Sleep(checkTTL)
		for _, url := range []string{socket, "ws://desk.test/sdk/check/ws?ticket=guess", "ws://desk.test/sdk/check/ws"} {
			if _, err := w.dial(url, "check"); err == nil {
				t.Errorf("%s let somebody in", url)
			}
		}
	})
}

// A test that nobody ends is over when its time is, and its place is free.
func TestSelfCheckTimesOut(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		check, _, err := w.ticketed(page)
		if err != nil {
			t.Fatal(err)
		}
		defer check.close()
		go page.ends()
		go check.ends()
		time.Sleep(checkTTL + time.Second)
		synctest.Wait()
		if n := len(w.g.checks.now); n != 0 {
			t.Errorf("%d checks left", n)
		}
	})
}

func TestTooManySelfChecks(t *testing.T) {
	var c checks
	c.now = map[identity]*selfCheck{}
	for i := range maxChecks {
		if c.begin(identity{app, string(rune('a' + i))}, func() {}) == nil {
			t.Fatalf("check %d was refused", i)
		}
	}
	if c.begin(identity{app, alice}, func() {}) != nil {
		t.Error("one too many")
	}
}
