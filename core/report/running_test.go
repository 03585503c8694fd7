package report_test

import (
	"slices"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/report"
)

const app openseat.AppID = 1400000001

// journal is one call's: arrived, rung, joined, talked, closed.
func journal(id string) []openseat.Entry {
	ref := openseat.CallRef(app, id)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	entries := []openseat.Entry{
		{Event: call.Arrived{Caller: "008613800138000", Callee: "00864008001000"}},
		{Event: acd.Offered{User: "alice"}},
		{Event: openseat.Asked{Event: call.Accepted{User: "alice"}}, Commands: []openseat.Command{call.OpenAgent{Leg: "a1", User: "alice"}}},
		{Event: call.LegAnswered{Leg: "a1"}, Commands: []openseat.Command{call.Record{Leg: "c"}}},
		{Event: call.LegEnded{Leg: "c"}, Commands: []openseat.Command{call.Closed{}}},
	}
	for i := range entries {
		entries[i].Ref, entries[i].Seq, entries[i].At = ref, uint64(10+i), at.Add(time.Duration(i)*time.Second)
	}
	return entries
}

func states(r *report.Running) (out []report.SessionState) {
	for _, s := range r.List(app) {
		out = append(out, s.State)
	}
	return out
}

func TestACallIsListedWhileItRuns(t *testing.T) {
	var r report.Running
	for i, want := range [][]report.SessionState{
		{report.Waiting}, {report.Ringing}, {report.Joining}, {report.InProgress}, nil,
	} {
		r.Apply(journal("s1")[i])
		if got := states(&r); !slices.Equal(got, want) {
			t.Errorf("after entry %d: %v, want %v", i, got, want)
		}
	}
	if r.List(app+1) != nil {
		t.Error("another instance sees it")
	}
}

func TestMissedEntriesAreReadAgain(t *testing.T) {
	all := journal("s1")
	for _, c := range []struct {
		name   string
		known  []openseat.Entry // before the break
		reread []openseat.Entry
		then   []openseat.Entry // what comes after it, known or not
		want   []report.SessionState
	}{
		{"its end was missed", all[:4], all, nil, nil},
		{"its beginning was missed", nil, all[:3], all[3:4], []report.SessionState{report.InProgress}},
		{"what was read comes once more", all[:1], all[:4], all[1:4], []report.SessionState{report.InProgress}},
		{"it ended meanwhile, and all comes once more", all[:1], all, all, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r report.Running
			for _, e := range c.known {
				r.Apply(e)
			}
			r.Refold(all[0].Ref, c.reread)
			for _, e := range c.then {
				r.Apply(e)
			}
			if got := states(&r); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if n := len(r.Refs()); n != len(c.want) {
				t.Errorf("%d calls are known", n)
			}
		})
	}
}

// TestNothingThatMattersIsPassedBy: the list is the same whether it is told everything or only what it wants.
func TestNothingThatMattersIsPassedBy(t *testing.T) {
	var all, wanted report.Running
	for _, e := range journal("s1") {
		names := []string{e.Event.EventName()}
		for _, c := range e.Commands {
			names = append(names, c.CommandName())
		}
		all.Apply(e)
		if report.RunningWants(names) {
			wanted.Apply(e)
		}
		if got, want := states(&wanted), states(&all); !slices.Equal(got, want) {
			t.Errorf("after %s: %v, want %v", e.Event.EventName(), got, want)
		}
	}
	if report.RunningWants([]string{"call.PlayEnded", "openseat.SetTimer"}) {
		t.Error("a prompt's end is wanted")
	}
}
