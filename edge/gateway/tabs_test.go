package gateway

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// brings is a page that does what it is asked: takes the sound of session s1.
func (p *tab) brings() {
	p.w.t.Helper()
	asked[accepted](p, "media.offer", map[string]any{"sessionId": "s1", "sdp": "v=0 " + p.name})
}

func TestTabsShareOneLogin(t *testing.T) {
	desk(t, func(w *world) {
		first, _ := w.share(alice, "chrome", "tab-1")
		defer first.close()
		second, _ := w.share(alice, "chrome", "tab-2")
		defer second.close()
		ref := w.customerCalls("s1")
		first.event("callIn")
		second.event("callIn")
		asked[accepted](second, "call.accept", map[string]any{"sessionId": "s1", "sdp": "v=0"})
		w.tell(ref, call.LegAnswered{Leg: "a1"})
		for _, page := range []*tab{first, second} {
			if e := page.event("userAccessed"); e.Data["tabUUID"] != "tab-2" {
				t.Errorf("%s: userAccessed %v", page.name, e.Data)
			}
		}
		asked[any](first, "call.hold", map[string]any{"sessionId": "s1", "on": true}) // any tab may
	})
}

// The agent is online as long as one of his tabs is.
func TestLastTabEndsTheLogin(t *testing.T) {
	desk(t, func(w *world) {
		first, _ := w.share(alice, "chrome", "tab-1")
		second, _ := w.share(alice, "chrome", "tab-2")
		first.close()
		go second.ends()
		time.Sleep(30 * time.Second)
		if got := w.status(alice); got != acd.StatusFree {
			t.Errorf("with one tab left: %s", got)
		}
		second.close()
		time.Sleep(30 * time.Second)
		if got := w.status(alice); got != acd.StatusOffline {
			t.Errorf("without tabs: %s", got)
		}
	})
}

// Opening another tab does not bring an agent back to work who has gone off duty.
func TestAnotherTabChangesNoStatus(t *testing.T) {
	desk(t, func(w *world) {
		first, _ := w.share(alice, "chrome", "tab-1")
		defer first.close()
		asked[any](first, "agent.offline", nil)
		second, s := w.share(alice, "chrome", "tab-2")
		defer second.close()
		if s.Status.Status != acd.StatusOffline {
			t.Errorf("status %s", s.Status.Status)
		}
	})
}

func TestByeOfOneTab(t *testing.T) {
	desk(t, func(w *world) {
		first, _ := w.share(alice, "chrome", "tab-1")
		second, _ := w.share(alice, "chrome", "tab-2")
		defer second.close()
		asked[any](first, "bye", nil)
		if code, _ := first.ends(); code != closeBye {
			t.Errorf("closed with %d", code)
		}
		if got := w.status(alice); got != acd.StatusFree {
			t.Errorf("status %s", got)
		}
	})
}

// The tab with the sound is closed: the tab that was used last is asked at once.
func TestTakeOver(t *testing.T) {
	desk(t, func(w *world) {
		var tabs []*tab
		for _, name := range []string{"tab-1", "tab-2", "tab-3"} {
			page, _ := w.share(alice, "chrome", name)
			defer page.close()
			tabs = append(tabs, page)
			time.Sleep(time.Millisecond)
		}
		talking(w, tabs[0])
		asked[any](tabs[1], "page.active", nil)
		before := time.Now()
		tabs[0].close()
		if e := tabs[1].event("takeOver"); e.Data["sessionId"] != "s1" || time.Since(before) != 0 {
			t.Errorf("%v after %v", e.Data, time.Since(before))
		}
		tabs[1].brings()
		go tabs[1].ends()
		time.Sleep(5 * time.Second)
		if n := len(w.g.hub.agents[identity{app, alice}].pages); n != 2 {
			t.Errorf("%d pages", n)
		}
		if tab := w.g.hub.carrier(identity{app, alice}, "s1"); tab != "tab-2" {
			t.Errorf("the sound is with %q", tab)
		}
	})
}

// A tab that does not bring the sound loses its turn.
func TestTakeOverByTheNext(t *testing.T) {
	desk(t, func(w *world) {
		first, _ := w.share(alice, "chrome", "tab-1")
		second, _ := w.share(alice, "chrome", "tab-2")
		defer second.close()
		time.Sleep(time.Millisecond)
		third, _ := w.share(alice, "chrome", "tab-3") // used last
		defer third.close()
		talking(w, first)
		before := time.Now()
		first.close()
		third.event("takeOver")
		second.event("takeOver")
		if waited := time.Since(before); waited != takeOverWait {
			t.Errorf("the second was asked after %v", waited)
		}
		second.brings()
	})
}

// A connection that breaks may come back: the sound waits a second for its page.
func TestTakeOverWaitsForBrokenConnections(t *testing.T) {
	for name, c := range map[string]struct {
		away time.Duration
		want bool
	}{"short": {returnWait / 2, false}, "long": {returnWait + time.Second, true}} {
		t.Run(name, func(t *testing.T) {
			desk(t, func(w *world) {
				first, s := w.share(alice, "chrome", "tab-1")
				second, _ := w.share(alice, "chrome", "tab-2")
				defer second.close()
				talking(w, first)
				_ = first.ws.CloseNow()
				time.Sleep(c.away)
				back := w.connect("tab-1")
				defer back.close()
				back.hello(map[string]any{"resume": s.Resume, "sdkAppId": app, "userId": alice, "shared": "chrome"})
				go back.ends()
				time.AfterFunc(8*time.Second, second.close)
				if _, events := second.ends(); strings.Contains(events, "takeOver") != c.want {
					t.Errorf("the other tab heard %q", events)
				}
			})
		})
	}
}

// Another browser puts all tabs of the first one out, and takes nothing without being asked.
func TestAnotherBrowser(t *testing.T) {
	desk(t, func(w *world) {
		first, s := w.share(alice, "chrome", "tab-1")
		second, _ := w.share(alice, "chrome", "tab-2")
		talking(w, first)
		other, picture := w.share(alice, "firefox", "tab-3")
		defer other.close()
		for _, page := range []*tab{first, second} {
			if code, _ := page.ends(); code != closeKickedOut {
				t.Errorf("%s was closed with %d", page.name, code)
			}
		}
		if len(picture.Calls) != 1 || !picture.Calls[0].Elsewhere {
			t.Errorf("calls %+v", picture.Calls)
		}
		back := w.connect("tab-1")
		h := back.ask("hello", map[string]any{
			"version": Version, "tabUUID": "tab-1", "resume": s.Resume, "sdkAppId": app, "userId": alice, "shared": "chrome",
		})
		if h.Error == nil || h.Error.Code != CodeElsewhere {
			t.Errorf("the first browser came back: %+v", h)
		}
		other.brings() // the agent has said: continue here
		if tab := w.g.hub.carrier(identity{app, alice}, "s1"); tab != "tab-3" {
			t.Errorf("the sound is with %q", tab)
		}
	})
}

// A page that is loaded anew keeps its credential under a new name.
func TestReloadWithCredential(t *testing.T) {
	for name, shared := range map[string]string{"alone": "", "shared": "chrome"} {
		t.Run(name, func(t *testing.T) {
			desk(t, func(w *world) {
				page, s := w.share(alice, shared, "tab-1")
				talking(w, page)
				page.close()
				synctest.Wait()
				again := w.connect("tab-2")
				defer again.close()
				hello := map[string]any{"resume": s.Resume, "resumeTab": "tab-1", "sdkAppId": app, "userId": alice, "shared": shared}
				picture := again.hello(hello)
				if len(picture.Calls) != 1 || picture.Calls[0].Elsewhere {
					t.Errorf("calls %+v", picture.Calls)
				}
				again.brings()
				thief := w.connect("tab-3")
				hello["version"], hello["tabUUID"] = Version, "tab-3"
				if h := thief.ask("hello", hello); h.Error == nil {
					t.Error("the old name was good twice")
				}
			})
		})
	}
}

// A login with tabs on two nodes: the other node reports it lost with its last tab there, and this one brings it back and takes
// the sound over.
func TestTabsOnTwoNodes(t *testing.T) {
	desk(t, func(w *world) {
		here, _ := w.share(alice, "chrome", "tab-1")
		defer here.close()
		there := newPage(w.g, nil, identity{app, alice}, "tab-2", "chrome") // what is kept of it is kept for all nodes
		if _, err := w.g.logins.renew(w.t.Context(), there.who, there.pass(), ""); err != nil {
			t.Fatal(err)
		}
		ref := w.customerCalls("s1")
		here.event("callIn")
		if _, err := w.Ask(w.t.Context(), ref, call.Accepted{User: alice, Conn: "there", TabUUID: "tab-2"}); err != nil {
			t.Fatal(err)
		}
		w.tell(ref, call.LegAnswered{Leg: "a1"})
		here.event("userAccessed")
		lost := acd.ConnLost{User: alice, Conn: there.login}
		w.tell(openseat.BoardRef(app), lost)
		synctest.Wait()
		if view := w.agent(alice); view.Lost {
			t.Errorf("the agent is lost: %+v", view)
		}
		if err := w.g.logins.gone(w.t.Context(), there.who, there.pass()); err != nil {
			t.Fatal(err)
		}
		w.tell(openseat.BoardRef(app), lost)
		here.event("takeOver")
	})
}
