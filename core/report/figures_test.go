package report

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"
	"time"

	"openseat/core/acd"
	"openseat/core/call"
)

func shanghai(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// morning is 9:00 of a Tuesday in Shanghai.
func morning() time.Time { return time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC) }

// seconds after nine.
func at(s int) time.Time { return morning().Add(time.Duration(s) * time.Second) }

func alices(from, accept, end int) call.Participant {
	p := call.Participant{User: "alice", Group: 1, Sequence: 1, StartAt: at(from), EndAt: at(end)}
	if accept > 0 {
		p.AcceptAt = at(accept)
	}
	return p
}

// inbound is a call to the hotline: queued and answered when these are above zero.
func inbound(id string, start, queued, accept, end int, how call.EndStatus, serves ...call.Participant) *CDR {
	f := call.Facts{
		SessionID: id, CallType: call.TypeInbound, Caller: "008613800138000", Callee: "00864008001000", StartAt: at(start), EndAt: at(end),
		End: how, Serves: serves,
	}
	if queued > 0 {
		f.QueuedAt, f.QueuedGroup = at(queued), 1
	}
	if accept > 0 {
		f.AcceptAt = at(accept)
	}
	return &CDR{Facts: f}
}

// aMorning is a few calls of every kind, and what Alice did.
func aMorning() ([]*CDR, []StatusChange) {
	held := alices(30, 40, 100)
	held.Events = []call.Service{{Type: "StaffHold", At: at(60)}, {Type: "StaffUnhold", At: at(70)}, {Type: "StaffHold", At: at(95)}}
	held.TransferTo = "bob"
	bob := call.Participant{User: "bob", Group: 1, Sequence: 2, StartAt: at(100), AcceptAt: at(100), EndAt: at(160)}
	answered := inbound("answered", 0, 20, 40, 160, call.EndOK, held, bob)
	answered.PostKeys = []call.Key{{Key: "4"}}
	late := inbound("late", 200, 210, 240, 300, call.EndOK, alices(210, 0, 230), alices(235, 240, 300))
	gone := inbound("gone", 400, 410, 0, 470, call.EndWaitingGiveUp)
	wrong := inbound("wrong", 500, 503, 0, 506, call.EndRingingGiveUp, alices(503, 0, 506))
	flow := inbound("flow", 600, 0, 0, 610, call.EndIVRGiveUp)
	out := &CDR{Facts: call.Facts{
		SessionID: "out", Direction: call.Outbound, CallType: call.TypeOutbound, Caller: "00864008001000", Callee: "10086", StartAt: at(3700),
		AcceptAt: at(3710), EndAt: at(3800), End: call.EndOK, Serves: []call.Participant{{User: "alice", StartAt: at(3700), AcceptAt: at(3710), EndAt: at(3800)}},
	}}
	internal := &CDR{Facts: call.Facts{
		SessionID: "internal", Direction: call.Outbound, CallType: call.TypeInternal, Caller: "alice", Callee: "bob", StartAt: at(4000),
		AcceptAt: at(4005), EndAt: at(4010),
		Serves: []call.Participant{
			{User: "alice", StartAt: at(4000), AcceptAt: at(4005), EndAt: at(4010)},
			{User: "bob", Sequence: 1, StartAt: at(4000), AcceptAt: at(4005), EndAt: at(4010)},
		},
	}}
	status := func(s acd.Status, since, until int) StatusChange {
		c := StatusChange{User: "alice", Status: s, Since: at(since)}
		if until > 0 {
			c.Until = at(until)
		}
		return c
	}
	return []*CDR{answered, late, gone, wrong, flow, out, internal}, []StatusChange{
		status(acd.StatusOffline, -1000, -600), status(acd.StatusFree, -600, 40), status(acd.StatusBusy, 40, 100),
		status(acd.StatusArrange, 100, 130), status(acd.StatusFree, 130, 3000), status(acd.StatusRest, 3000, 3900), status(acd.StatusNotReady, 3900, 0),
	}
}

func count(t *testing.T, by By, f Filter) *Report {
	t.Helper()
	r := NewReport(by, shanghai(t), at(0), at(2*3600), f)
	calls, statuses := aMorning()
	for _, c := range calls {
		r.AddCall(c)
	}
	for _, s := range statuses {
		r.AddStatus(s)
	}
	return r
}

func TestFiguresOfAMorning(t *testing.T) {
	const s = time.Second
	total := Figures{
		Offered: 5, InFlow: 1, Queued: 4, Answered: 2, Abandoned: 2, AbandonedShort: 1, WithinLevel: 1, Wait: (20 + 30 + 60 + 3) * s, LongestWait: 60 * s,
		Out: 1, OutAnswered: 1, Internal: 1, Talk: (60 + 60 + 60 + 90 + 5 + 5) * s, Hold: 15 * s, WrapUp: 30 * s, Transfers: 1, Missed: 2, Rated: 1, RatingSum: 4,
		Online: 7200 * s, Free: (40 + 2870) * s, Busy: 60 * s, Rest: 900 * s, NotReady: 3300 * s,
	}
	tests := []struct {
		by     By
		filter Filter
		want   map[string]Figures
	}{
		{ByHour, Filter{}, map[string]Figures{
			"2026-03-03T09": {
				Offered: 5, InFlow: 1, Queued: 4, Answered: 2, Abandoned: 2, AbandonedShort: 1, WithinLevel: 1, Wait: 113 * s, LongestWait: 60 * s,
				Talk: 180 * s, Hold: 15 * s, WrapUp: 30 * s, Transfers: 1, Missed: 2, Rated: 1, RatingSum: 4,
				Online: 3600 * s, Free: 2910 * s, Busy: 60 * s, Rest: 600 * s,
			},
			"2026-03-03T10": {Out: 1, OutAnswered: 1, Internal: 1, Talk: 100 * s, Online: 3600 * s, Rest: 300 * s, NotReady: 3300 * s},
		}},
		{ByDay, Filter{}, map[string]Figures{"2026-03-03": total}},
		{ByGroup, Filter{}, map[string]Figures{"1": {
			Offered: 4, Queued: 4, Answered: 2, Abandoned: 2, AbandonedShort: 1, WithinLevel: 1, Wait: 113 * s, LongestWait: 60 * s, Talk: 180 * s,
			Hold: 15 * s, WrapUp: 30 * s, Transfers: 1, Missed: 2, Rated: 1, RatingSum: 4,
		}}},
		{ByAgent, Filter{}, map[string]Figures{
			"alice": {
				Offered: 3, Answered: 2, Out: 1, OutAnswered: 1, Internal: 1, Talk: 215 * s, Hold: 15 * s, WrapUp: 30 * s, Transfers: 1, Missed: 2,
				Online: 7200 * s, Free: 2910 * s, Busy: 60 * s, Rest: 900 * s, NotReady: 3300 * s,
			},
			"bob": {Offered: 1, Answered: 1, Internal: 1, Talk: 65 * s, Rated: 1, RatingSum: 4},
		}},
		{ByNumber, Filter{Group: 1}, map[string]Figures{"00864008001000": {
			Offered: 4, Queued: 4, Answered: 2, Abandoned: 2, AbandonedShort: 1, WithinLevel: 1, Wait: 113 * s, LongestWait: 60 * s, Talk: 180 * s,
			Hold: 15 * s, WrapUp: 30 * s, Transfers: 1, Missed: 2, Rated: 1, RatingSum: 4,
		}}},
		{ByAgent, Filter{User: "bob"}, map[string]Figures{"bob": {Offered: 1, Answered: 1, Internal: 1, Talk: 65 * s, Rated: 1, RatingSum: 4}}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %+v", tt.by, tt.filter), func(t *testing.T) {
			r := count(t, tt.by, tt.filter)
			got := map[string]Figures{}
			for _, k := range r.Keys() {
				got[k] = r.Line(k)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			if tt.filter == (Filter{}) && r.Total != total {
				t.Errorf("total %+v\nwant  %+v", r.Total, total)
			}
		})
	}
	r := count(t, ByDay, Filter{})
	if level := r.Total.ServiceLevel(); level != 0.25 {
		t.Errorf("service level %v", level)
	}
	if level := (&Figures{}).ServiceLevel(); level != -1 {
		t.Errorf("service level of nothing: %v", level)
	}
	if in := call.Inbound; count(t, ByDay, Filter{Direction: &in, Number: "00864008001000"}).Total.Out != 0 {
		t.Error("a report of calls in has calls out")
	}
}

// A day with 23 or 25 hours is a day, and no second of it is counted twice.
func TestDaysOfOtherLengths(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for day, hours := range map[int]int{28: 24, 29: 23, 30: 24} { // March 2026
		from := time.Date(2026, 3, day, 0, 0, 0, 0, zone)
		for _, by := range []By{ByHour, ByDay} {
			r := NewReport(by, zone, from, from.AddDate(0, 0, 1), Filter{})
			r.AddStatus(StatusChange{User: "alice", Status: acd.StatusFree, Since: from.AddDate(0, 0, -3)})
			if want := time.Duration(hours) * time.Hour; r.Total.Online != want {
				t.Errorf("March %d by %s: %v, want %v", day, by, r.Total.Online, want)
			}
			if n := len(r.Keys()); by == ByHour && n != hours || by == ByDay && n != 1 {
				t.Errorf("March %d by %s: lines %v", day, by, r.Keys())
			}
		}
	}
}

// Of a random week, every way to cut it adds up to the same.
func TestReportsAgree(t *testing.T) {
	for seed := range uint64(20) {
		chance := rand.New(rand.NewPCG(seed, 1))
		var calls []*CDR
		for n := range 300 {
			start := chance.IntN(7 * 86400)
			end := start + 1 + chance.IntN(600)
			c := inbound(strconv.Itoa(n), start, 0, 0, end, call.EndIVRGiveUp)
			if chance.IntN(4) > 0 {
				queued := start + chance.IntN(end-start)
				c = inbound(strconv.Itoa(n), start, max(queued, 1), 0, end, call.EndWaitingGiveUp)
				if chance.IntN(3) > 0 {
					accept := max(queued+chance.IntN(end-queued+1), 1)
					c = inbound(strconv.Itoa(n), start, max(queued, 1), accept, end, call.EndOK, alices(queued, accept, end))
				}
			}
			calls = append(calls, c)
		}
		var first Figures
		for i, by := range []By{ByHour, ByDay, ByGroup, ByNumber, ByAgent} {
			r := NewReport(by, shanghai(t), at(0), at(7*86400), Filter{})
			for _, c := range calls {
				r.AddCall(c)
			}
			if i == 0 {
				first = r.Total
			}
			if r.Total != first {
				t.Errorf("seed %d by %s: %+v, by hour %+v", seed, by, r.Total, first)
			}
			talk, offered := time.Duration(0), 0
			for _, k := range r.Keys() {
				line := r.Line(k)
				talk += line.Talk
				offered += line.Offered
			}
			if talk != first.Talk || (by == ByHour || by == ByDay || by == ByNumber) && offered != first.Offered {
				t.Errorf("seed %d by %s: lines add up to %v and %d", seed, by, talk, offered)
			}
		}
	}
}
