package gateway

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"openseat/core/acd"
	"openseat/core/call"
)

// restarts replaces the gateway by a new one that knows nothing but what is kept for all: its pages are told to come back.
// What must run until the story ends is ended by the answer.
func (w *world) restarts() (end func()) {
	w.t.Helper()
	w.g.hub.closeAll(closeGoingAway)
	synctest.Wait()
	ctx, cancel := context.WithCancel(w.t.Context())
	w.g = New(w.g.Config)
	w.listener = newPipes()
	w.client = &http.Client{Transport: &http.Transport{DialContext: w.listener.dial}}
	server := &http.Server{Handler: w.g.Handler(), ReadHeaderTimeout: time.Second}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(w.listener) })
	running.Go(func() { _ = w.g.Run(ctx) })
	synctest.Wait()
	return func() {
		cancel()
		synctest.Wait()
		w.client.CloseIdleConnections()
		_ = server.Close()
		running.Wait()
	}
}

// back is a page that comes back with its credential.
func (p *tab) back(s snapshot, user, shared string) (*tab, snapshot) {
	again := p.w.connect(p.name)
	return again, again.hello(map[string]any{"resume": s.Resume, "sdkAppId": app, "userId": user, "shared": shared})
}

// The server is restarted in the middle of calls: every page comes back by itself, and sees everything as it is.
func TestPictureAfterARestart(t *testing.T) {
	desk(t, func(w *world) {
		mine, s := w.share(alice, "chrome", "tab-1")
		other, o := w.share(alice, "chrome", "tab-2")
		boss, b := w.login(carol, "tab-3")
		ref := talking(w, mine)
		asked[any](mine, "call.hold", map[string]any{"sessionId": "s1", "on": true})
		asked[call.AgentView](boss, "call.monitor", map[string]any{"sessionId": "s1"})
		monitored := runningCall(ref)
		monitored.Monitors = []string{carol}
		w.runs(monitored)
		end := w.restarts()
		defer end()
		for _, page := range []*tab{mine, other, boss} {
			if code, _ := page.ends(); code != closeGoingAway {
				t.Errorf("%s was closed with %d", page.name, code)
			}
		}
		time.Sleep(8 * time.Second) // the agent is not given up before ten
		mine, s = mine.back(s, alice, "chrome")
		defer mine.close()
		if s.Status.Status != acd.StatusBusy || len(s.Calls) != 1 || !s.Calls[0].Held || s.Calls[0].Elsewhere || s.Calls[0].State != "inProgress" {
			t.Errorf("%+v %+v", s.Status, s.Calls)
		}
		other, o = other.back(o, alice, "chrome")
		defer other.close()
		if len(o.Calls) != 1 || o.Calls[0].TabUUID != "tab-1" || o.Calls[0].Elsewhere {
			t.Errorf("%+v", o.Calls)
		}
		if boss, b = boss.back(b, carol, ""); b.Status.Status != acd.StatusFree || len(b.Calls) != 1 || b.Calls[0].Mode != call.Listen {
			t.Errorf("%+v %+v", b.Status, b.Calls)
		}
		defer boss.close()
		w.customerHangsUp(ref)
		mine.event("sessionEnded")
		other.event("sessionEnded")
	})
}

// The carrying page does not come back after a restart: another one of its browser is asked, since it is the first to come in.
func TestTakeOverAfterARestart(t *testing.T) {
	desk(t, func(w *world) {
		mine, _ := w.share(alice, "chrome", "tab-1")
		other, o := w.share(alice, "chrome", "tab-2")
		talking(w, mine)
		mine.close()
		other.event("takeOver") // and the server stops before it could
		end := w.restarts()
		defer end()
		other, _ = other.back(o, alice, "chrome")
		defer other.close()
		other.event("takeOver")
		other.brings()
	})
}

// A network that is away for ten seconds: the page comes back in time, the agent keeps call and status.
func TestNetworkIsAwayForTenSeconds(t *testing.T) {
	desk(t, func(w *world) {
		page, s := w.login(alice, "tab-1")
		talking(w, page)
		_ = page.ws.CloseNow()
		time.Sleep(9 * time.Second)
		page, s = page.back(s, alice, "")
		defer page.close()
		if s.Status.Status != acd.StatusBusy || len(s.Calls) != 1 || s.Calls[0].Elsewhere {
			t.Errorf("%+v %+v", s.Status, s.Calls)
		}
		go func() { // and once more, this time nothing at all is heard
			for {
				if _, _, err := page.ws.Read(w.t.Context()); err != nil {
					return
				}
			}
		}()
		time.Sleep(deadAfter + 2*pingEvery)
		back, again := page.back(s, alice, "")
		defer back.close()
		if again.Status.Status != acd.StatusBusy || len(again.Calls) != 1 {
			t.Errorf("%+v %+v", again.Status, again.Calls)
		}
	})
}

// A page is back by a new connection before the old one's end was noted: its new credential stays good, and it is not held for
// gone.
func TestBackBeforeTheOldConnectionEnded(t *testing.T) {
	desk(t, func(w *world) {
		who, l, ctx := identity{app, alice}, w.g.logins, w.t.Context()
		old := pass{tab: "tab-1", owner: ownerOf("tab-1", "chrome"), conn: "old"}
		again := old
		again.conn = "new"
		first, err := l.renew(ctx, who, old, "")
		if err != nil {
			t.Fatal(err)
		}
		second, err := l.renew(ctx, who, again, first)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.gone(ctx, who, old); err != nil {
			t.Fatal(err)
		}
		if err := l.resume(ctx, who, again, second); err != nil || l.isGone(ctx, who, "tab-1", old.owner) {
			t.Errorf("%v, or held for gone", err)
		}
		if err := l.gone(ctx, who, again); err != nil || !l.isGone(ctx, who, "tab-1", old.owner) {
			t.Errorf("%v, or not held for gone", err)
		}
	})
}

// A page whose login was replaced while it was away learns it when its credential is due, whatever it missed.
func TestReplacedWhileTheJournalWasSilent(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		who := identity{app, alice}
		if err := w.g.logins.own(w.t.Context(), who, pass{tab: "tab-9", owner: ownerOf("tab-9", "")}); err != nil { // on another node
			t.Fatal(err)
		}
		if code, events := page.ends(); code != closeKickedOut || events == "" {
			t.Errorf("closed with %d after %q", code, events)
		}
	})
}
