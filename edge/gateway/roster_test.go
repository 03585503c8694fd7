package gateway

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/report"
)

// listen keeps what a page hears, until the world ends.
func (p *tab) listen() {
	go p.ends()
	synctest.Wait()
}

// heardOf reads the events of a name that a page has heard.
func heardOf[T any](t *testing.T, p *tab, name string) []T {
	t.Helper()
	synctest.Wait()
	var out []T
	for _, body := range p.got {
		var h struct {
			Event string          `json:"event"`
			Data  json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(body, &h); err != nil {
			t.Fatal(err)
		}
		if h.Event != name {
			continue
		}
		var v T
		if err := json.Unmarshal(h.Data, &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// change is the event roster, as a page reads it.
type change struct {
	Groups []rosterGroup `json:"groups"`
	Agents []struct {
		UserID string     `json:"userId"`
		Status acd.Status `json:"status"`
		Groups []int64    `json:"skillGroups"`
	} `json:"agents"`
	Gone []string `json:"gone"`
}

func TestRoster(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		got := asked[change](page, "roster.watch", map[string]any{"on": true})
		if len(got.Groups) != 1 || got.Groups[0] != (rosterGroup{ID: 1, Name: "Support", Free: 1, Online: 1}) {
			t.Errorf("groups %+v", got.Groups)
		}
		if len(got.Agents) != 3 || got.Agents[0].UserID != alice || got.Agents[0].Status != acd.StatusFree || len(got.Agents[0].Groups) != 1 {
			t.Errorf("agents %+v", got.Agents)
		}
		page.listen()
		set := func(s acd.Status) { w.tell(openseat.BoardRef(app), acd.StatusSet{User: alice, Status: s}) }
		set(acd.StatusRest)
		set(acd.StatusNotReady)
		time.Sleep(feedPause)
		changes := heardOf[change](t, page, "roster")
		if len(changes) != 1 { // both within a second
			t.Fatalf("changes %+v", changes)
		}
		if c := changes[0]; len(c.Agents) != 1 || c.Agents[0].Status != acd.StatusNotReady || len(c.Groups) != 1 || c.Groups[0].Free != 0 {
			t.Errorf("change %+v", c)
		}
		w.customerCalls("s1") // nobody is free: he waits
		time.Sleep(feedPause)
		if changes = heardOf[change](t, page, "roster"); len(changes) != 2 || changes[1].Groups[0].Waiting != 1 || len(changes[1].Agents) != 0 {
			t.Errorf("changes %+v", changes)
		}
		w.mu.Lock()
		asks := w.asks
		w.mu.Unlock()
		time.Sleep(time.Minute)
		if w.asks != asks {
			t.Errorf("the board was asked %d times though nothing changed", w.asks-asks)
		}
	})
}

// A page that is loaded, leaves or has seen enough is told nothing any more, and nobody asks the board for it.
func TestRosterUnwatched(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		other, _ := w.login(bob, "tab-2")
		asked[change](other, "roster.watch", map[string]any{"on": true})
		other.close()
		asked[change](page, "roster.watch", map[string]any{"on": true})
		asked[any](page, "roster.watch", map[string]any{"on": false})
		synctest.Wait()
		if f := w.g.feedsKnown(app); len(f.roster.watchers) != 0 {
			t.Errorf("%d watch", len(f.roster.watchers))
		}
	})
}

// runningCall is Alice's talk as the list of running calls has it.
func runningCall(ref openseat.Ref) report.Session {
	return report.Session{Ref: ref, User: alice, Caller: "008613800138000", StartAt: time.Now(), State: report.InProgress}
}

func TestActiveSessions(t *testing.T) {
	desk(t, func(w *world) {
		agent, _ := w.login(alice, "tab-1")
		defer agent.close()
		if h := agent.ask("sessions.active", nil); h.Error == nil || h.Error.Code != openseat.CodeUnauthorized {
			t.Errorf("an agent sees others' calls: %+v", h)
		}
		boss, s := w.login(carol, "tab-2")
		defer boss.close()
		if !s.User.Supervises {
			t.Error("an inspector does not know that he is one")
		}
		list := asked[struct {
			Sessions []activeCall `json:"sessions"`
		}](boss, "sessions.active", map[string]any{"watch": true})
		if list.Sessions == nil || len(list.Sessions) != 0 {
			t.Errorf("%+v", list)
		}
		boss.listen()
		run := runningCall(openseat.CallRef(app, "s1"))
		w.runs(run)
		time.Sleep(2 * feedPause)
		monitored := run
		monitored.Monitors = []string{carol}
		w.runs(monitored)
		time.Sleep(2 * feedPause)
		got := heardOf[activeChange](t, boss, "sessions")
		want := activeCall{
			SessionID: "s1", UserID: alice, AgentName: "Alice", Caller: "008613800138000", Status: "inProgress", StartAt: millis(run.StartAt),
		}
		if len(got) == 0 || len(got[0].Changed) != 1 || got[0].Changed[0] != want {
			t.Fatalf("%+v", got)
		}
		want.MonitoredBy = carol
		if last := got[len(got)-1]; len(last.Changed) != 1 || last.Changed[0] != want {
			t.Errorf("%+v", last)
		}
		w.runs()
		time.Sleep(2 * feedPause)
		got = heardOf[activeChange](t, boss, "sessions")
		if last := got[len(got)-1]; len(last.Gone) != 1 || last.Gone[0] != "s1" {
			t.Errorf("%+v", last)
		}
		w.view.Staff[carol].Role = 3
		w.runs(run)
		time.Sleep(2 * feedPause)
		if more := heardOf[activeChange](t, boss, "sessions"); len(more) != len(got) {
			t.Error("who is no inspector any more still sees others' calls")
		}
	})
}
