package gateway

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// talking brings Alice's page into a talk in session s1.
func talking(w *world, page *tab) openseat.Ref {
	w.t.Helper()
	ref := w.customerCalls("s1")
	page.event("callIn")
	asked[accepted](page, "call.accept", map[string]any{"sessionId": "s1", "sdp": "v=0"})
	w.tell(ref, call.LegAnswered{Leg: "a1"})
	page.event("userAccessed")
	return ref
}

// The page is loaded anew in the middle of a call: it finds the call, and its sound is welcome again.
func TestReloadInACall(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		talking(w, page)
		page.close()
		again, s := w.login(alice, "tab-2")
		defer again.close()
		if len(s.Calls) != 1 || s.Calls[0].SessionID != "s1" || s.Calls[0].State != "inProgress" || s.Calls[0].AcceptAt.IsZero() {
			t.Fatalf("calls %+v", s.Calls)
		}
		if s.Status.Status != acd.StatusBusy {
			t.Errorf("status %+v", s.Status)
		}
		got := asked[accepted](again, "media.offer", map[string]any{"sessionId": "s1", "sdp": "v=0 again"})
		if got.SDP != "answer to v=0 again" {
			t.Errorf("media.offer: %+v", got)
		}
	})
}

// A call that rings while the page is loaded anew rings the new page.
func TestReloadWhileRinging(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		w.customerCalls("s1")
		page.event("callIn")
		page.close()
		again, s := w.login(alice, "tab-2")
		defer again.close()
		if len(s.Calls) != 1 || s.Calls[0].State != "ringing" {
			t.Fatalf("calls %+v", s.Calls)
		}
		asked[accepted](again, "call.accept", map[string]any{"sessionId": "s1"})
	})
}

func TestSecondLoginPutsTheFirstOut(t *testing.T) {
	desk(t, func(w *world) {
		first, s := w.login(alice, "tab-1")
		second, _ := w.login(alice, "tab-2")
		defer second.close()
		if code, events := first.ends(); code != closeKickedOut || !strings.HasSuffix(events, "kickedOut") {
			t.Errorf("closed with %d after %q", code, events)
		}
		back := w.connect("tab-1")
		h := back.ask("hello", map[string]any{"version": Version, "tabUUID": "tab-1", "resume": s.Resume, "sdkAppId": app, "userId": alice})
		if h.Error == nil || h.Error.Code != CodeElsewhere {
			t.Errorf("the first page came back: %+v", h)
		}
		time.Sleep(time.Minute)
		if got := w.status(alice); got != acd.StatusOffline { // the second gave no sign of life
			t.Errorf("status %s", got)
		}
	})
}

// Another node's page is the newer one when the journal names it after ours.
func TestLoginOnAnotherNode(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		synctest.Wait()
		w.tell(openseat.BoardRef(app), acd.SignedIn{User: alice, Conn: "elsewhere"})
		if code, _ := page.ends(); code != closeKickedOut {
			t.Errorf("closed with %d", code)
		}
		if got := w.status(alice); got != acd.StatusFree { // the other page's connection is not the one that ended
			t.Errorf("status %s", got)
		}
	})
}

func TestResume(t *testing.T) {
	desk(t, func(w *world) {
		resume := func(credential string) heard {
			page := w.connect("tab-1")
			h := page.ask("hello", map[string]any{"version": Version, "tabUUID": "tab-1", "resume": credential, "sdkAppId": app, "userId": alice})
			if h.Error == nil {
				_ = page.ws.CloseNow() // as a network that breaks
			}
			return h
		}
		credential := func(h heard) string {
			var s snapshot
			if err := json.Unmarshal(h.Result, &s); err != nil {
				t.Fatal(err)
			}
			return s.Resume
		}
		page, s := w.login(alice, "tab-1")
		_ = page.ws.CloseNow()
		second := resume(s.Resume)
		if second.Error != nil {
			t.Fatalf("the page could not come back: %v", second.Error)
		}
		if third := resume(s.Resume); third.Error != nil { // the second's credential got lost on the way
			t.Fatalf("the page could not come back with the credential before: %v", third.Error)
		}
		if old := resume(credential(second)); old.Error == nil || old.Error.Code != CodeElsewhere {
			t.Errorf("a credential that was replaced is still good: %+v", old)
		}
		stranger := w.connect("tab-9")
		h := stranger.ask("hello", map[string]any{"version": Version, "tabUUID": "tab-9", "resume": s.Resume, "sdkAppId": app, "userId": alice})
		if h.Error == nil {
			t.Error("another page came in with a stolen credential")
		}
	})
}

// A credential is renewed while the page is connected, so that it can come back after hours.
func TestCredentialIsRenewed(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		var newest string
		for began := time.Now(); time.Since(began) < time.Hour; {
			newest, _ = page.event("resume").Data["resume"].(string)
		}
		_ = page.ws.CloseNow()
		back := w.connect("tab-1")
		defer back.close()
		back.hello(map[string]any{"resume": newest, "sdkAppId": app, "userId": alice})
	})
}

func TestAccountIsDeleted(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		delete(w.view.Staff, alice)
		began := time.Now()
		if code, _ := page.ends(); code != closeRefused {
			t.Errorf("closed with %d", code)
		}
		if lived := time.Since(began); lived > resumeEvery {
			t.Errorf("stayed for %v", lived)
		}
	})
}

func TestSilentPageIsDead(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		began := time.Now()
		for { // reads, but gives no sign of life
			if _, _, err := page.ws.Read(w.t.Context()); err != nil {
				if got := websocket.CloseStatus(err); got != closeDead {
					t.Errorf("closed with %d", got)
				}
				break
			}
		}
		if lived := time.Since(began); lived < deadAfter || lived > deadAfter+2*pingEvery {
			t.Errorf("was held for alive for %v", lived)
		}
		time.Sleep(15 * time.Second)
		if got := w.status(alice); got != acd.StatusOffline {
			t.Errorf("status %s", got)
		}
	})
}

// A page that does not read is cut off, and the others notice nothing.
func TestSlowPageIsCutOff(t *testing.T) {
	desk(t, func(w *world) {
		slow, _ := w.login(alice, "tab-1")
		quick, _ := w.login(bob, "tab-2")
		defer quick.close()
		for range maxQueue + 10 {
			w.g.hub.tell(identity{app, alice}, "asr", map[string]any{"sessionId": "s1"}, time.Now())
		}
		code, _ := slow.ends()
		if code != closeResync {
			t.Errorf("closed with %d", code)
		}
		asked[any](quick, "ping", nil)
	})
}

// No time passes, so a page has its first burst and no more.
func TestTooManyMessages(t *testing.T) {
	flood := func(w *world, page *tab, n int, message string) {
		for range n {
			if page.ws.Write(w.t.Context(), websocket.MessageText, []byte(message)) != nil {
				return
			}
		}
	}
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		go flood(w, page, burst+1, `{"id":1,"method":"ping"}`)
		for {
			h, err := page.read()
			if err != nil {
				t.Fatal(err)
			}
			if h.Error != nil {
				if h.Error.Code != openseat.CodeRequestLimitExceeded {
					t.Errorf("%v", h.Error)
				}
				return
			}
		}
	})
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		go flood(w, page, 3*burst, `{"method":"pong"}`)
		if code, _ := page.ends(); code != closeTooMuch {
			t.Errorf("closed with %d", code)
		}
	})
}

func TestTooManyQuestionsToTheStore(t *testing.T) {
	desk(t, func(w *world) {
		w.opens()
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		for range deskBurst {
			asked[records](page, "records.mine", nil)
		}
		if h := page.ask("note.get", map[string]any{"sessionId": "s1"}); h.Error == nil || h.Error.Code != openseat.CodeRequestLimitExceeded {
			t.Errorf("%+v", h.Error)
		}
		asked[any](page, "ping", nil) // all else goes on
		time.Sleep(time.Second)
		asked[records](page, "records.mine", nil)
	})
}

func TestNotTheProtocol(t *testing.T) {
	for name, message := range map[string]string{
		"no JSON": "hello", "two messages": `{"method":"ping"}{"method":"ping"}`, "no method": `{"id":1}`, "a list": `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			desk(t, func(w *world) {
				page, _ := w.login(alice, "tab-1")
				if err := page.ws.Write(w.t.Context(), websocket.MessageText, []byte(message)); err != nil {
					t.Fatal(err)
				}
				if code, _ := page.ends(); code != closeProtocol {
					t.Errorf("closed with %d", code)
				}
			})
		})
	}
}

func TestSilenceBeforeHello(t *testing.T) {
	desk(t, func(w *world) {
		page := w.connect("tab-1")
		began := time.Now()
		page.ends()
		if waited := time.Since(began); waited < helloWait || waited > helloWait+writeWait {
			t.Errorf("was waited for %v", waited)
		}
		synctest.Wait()
		if n := w.g.waiting.Load(); n != 0 {
			t.Errorf("%d connections still waiting", n)
		}
	})
}

func TestStatus(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		set := func(status, reason string) string {
			h := page.ask("agent.setStatus", map[string]any{"status": status, "restReason": reason})
			if h.Error != nil {
				return h.Error.Code
			}
			return string(w.status(alice))
		}
		for _, c := range []struct{ status, reason, want string }{
			{"notReady", "", "notReady"},
			{"stopNotReady", "", "free"},
			{"rest", "lunch", "rest"},
			{"rest", "shopping", openseat.CodeInvalidValue},
			{"rest", strings.Repeat("x", 200), openseat.CodeInvalidValue},
			{"busy", "", openseat.CodeInvalidValue},
			{"free", "", "free"},
		} {
			if got := set(c.status, c.reason); got != c.want {
				t.Errorf("%s %q: %s, want %s", c.status, c.reason, got, c.want)
			}
		}
		asked[any](page, "agent.offline", nil)
		if got := w.status(alice); got != acd.StatusOffline {
			t.Errorf("after offline: %s", got)
		}
		asked[any](page, "agent.online", nil)
		if got := w.status(alice); got != acd.StatusFree {
			t.Errorf("after online: %s", got)
		}
	})
}

// An administrator sends an agent home and calls him back; his page stays.
func TestRestore(t *testing.T) {
	desk(t, func(w *world) {
		if err := w.g.Restore(w.t.Context(), app, alice); openseat.AsError(err).Code != openseat.CodeStateNotAllowed {
			t.Errorf("without a page: %v", err)
		}
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		w.tell(openseat.BoardRef(app), acd.SignedOut{User: alice})
		if got := w.status(alice); got != acd.StatusOffline {
			t.Errorf("status %s", got)
		}
		if err := w.g.Restore(w.t.Context(), app, alice); err != nil {
			t.Error(err)
		}
		if got := w.status(alice); got != acd.StatusFree {
			t.Errorf("status %s", got)
		}
	})
}

func TestBye(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		asked[any](page, "bye", nil)
		if got := w.status(alice); got != acd.StatusOffline { // at once, not after a wait for the page
			t.Errorf("status %s", got)
		}
		if code, _ := page.ends(); code != closeBye {
			t.Errorf("closed with %d", code)
		}
	})
}

// An agent who went off duty stays so though the connection breaks.
func TestResumeOffDuty(t *testing.T) {
	desk(t, func(w *world) {
		page, s := w.login(alice, "tab-1")
		asked[any](page, "agent.offline", nil)
		_ = page.ws.CloseNow()
		back := w.connect("tab-1")
		defer back.close()
		again := back.hello(map[string]any{"resume": s.Resume, "sdkAppId": app, "userId": alice, "offline": true})
		if again.Status.Status != acd.StatusOffline {
			t.Errorf("status %+v", again.Status)
		}
	})
}

func TestErrorsTellNothingOfOurs(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		w.mu.Lock()
		w.deaf = errors.New("nats: no responders at 10.0.0.7")
		w.mu.Unlock()
		h := page.ask("agent.setStatus", map[string]any{"status": "free"})
		if h.Error == nil || h.Error.Code != openseat.CodeInternal || strings.Contains(h.Error.Message, "nats") {
			t.Errorf("%+v", h.Error)
		}
	})
}

// The board's node has died: a page that comes in waits until another node has the board.
func TestBoardChangesItsNode(t *testing.T) {
	for name, c := range map[string]struct {
		away time.Duration
		in   bool
	}{"soon back": {2 * time.Second, true}, "gone": {time.Minute, false}} {
		t.Run(name, func(t *testing.T) {
			desk(t, func(w *world) {
				deaf := func(err error) {
					w.mu.Lock()
					defer w.mu.Unlock()
					w.deaf = err
				}
				deaf(openseat.Errorf(openseat.CodeUnavailable, "its node has died; try again"))
				time.AfterFunc(c.away, func() { deaf(nil) })
				login, err := w.g.Issue(w.t.Context(), app, alice)
				if err != nil {
					t.Fatal(err)
				}
				page := w.connect("tab-1")
				page.send("hello", map[string]any{"version": Version, "tabUUID": "tab-1", "token": login.Token})
				h, err := page.read()
				if in := err == nil && h.Result != nil; in != c.in {
					t.Errorf("%+v, %v", h, err)
				}
				page.close()
			})
		})
	}
}

func TestMethodsRefuse(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		for _, c := range []struct {
			method string
			params any
			code   string
		}{
			{"call.fly", nil, openseat.CodeUnsupported},
			{"call.accept", map[string]any{}, openseat.CodeInvalidParameter},
			{"call.accept", map[string]any{"sessionId": "a.b"}, openseat.CodeInvalidParameter},
			{"call.accept", map[string]any{"sessionId": 7}, openseat.CodeInvalidParameter},
			{"call.accept", []int{1}, openseat.CodeInvalidParameter},
			{"call.accept", map[string]any{"sessionId": "unknown"}, openseat.CodeNotFound},
			{"media.offer", map[string]any{"sessionId": "unknown"}, openseat.CodeMissingParameter},
			{"media.offer", map[string]any{"sessionId": "unknown", "sdp": "v=0"}, openseat.CodeNotFound},
			{"hello", map[string]any{}, openseat.CodeUnsupported},
		} {
			h := page.ask(c.method, c.params)
			if h.Error == nil || h.Error.Code != c.code {
				t.Errorf("%s %v: %+v, want %s", c.method, c.params, h.Error, c.code)
			}
		}
	})
}

// The server stops, or its journal watch breaks off: every page is told to come back.
func TestPagesAreSentAway(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		w.g.hub.closeAll(closeGoingAway)
		if code, _ := page.ends(); code != closeGoingAway {
			t.Errorf("closed with %d", code)
		}
	})
}

func TestResync(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		talking(w, page)
		s := asked[snapshot](page, "resync", nil)
		if len(s.Calls) != 1 || s.Seq == 0 || s.Resume != "" {
			t.Errorf("snapshot %+v", s)
		}
	})
}
