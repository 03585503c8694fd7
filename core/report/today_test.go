package report

import (
	"testing"
	"time"
)

// The wallboard's day: every record counts once, those of yesterday do not, and it agrees with the reports.
func TestTodayAgreesWithReports(t *testing.T) {
	zone := shanghai(t)
	today := NewToday(at(3600).In(zone))
	calls, _ := aMorning()
	calls[0].RingAt = at(30)
	for range 2 {
		for _, c := range calls {
			today.Add(c)
		}
	}
	yesterday := inbound("yesterday", -10*3600, 0, 0, -10*3600+5, calls[4].End)
	today.Add(yesterday)
	if want := time.Date(2026, 3, 3, 0, 0, 0, 0, zone); !today.Since.Equal(want) || !today.Holds(at(0)) || today.Holds(want.AddDate(0, 0, 1)) {
		t.Errorf("the day began at %v", today.Since)
	}
	if got, want := today.Groups.Line("1"), count(t, ByGroup, Filter{}).Line("1"); got.Queued != want.Queued || got.WithinLevel != want.WithinLevel {
		t.Errorf("group: %+v, in the report %+v", got, want)
	}
	if got := today.Agents.Line("alice"); got.Answered != 2 || got.Talk != 215*time.Second {
		t.Errorf("alice: %+v", got)
	}
	const s = time.Second
	want := Stages{
		Flow:   Stage{5, (20 + 10 + 10 + 3 + 10) * s, 20 * s},
		Queue:  Stage{4, (10 + 30 + 60 + 3) * s, 60 * s},
		Ring:   Stage{1, 10 * s, 10 * s},
		Accept: Stage{2, 180 * s, 120 * s},
	}
	if got := today.Inbound.Total; got != want {
		t.Errorf("calls in: %+v\nwant      %+v", got, want)
	}
	if got := today.Inbound.ByNumber["00864008001000"]; got.Stages != want || got.ByGroup[1].Queue != want.Queue {
		t.Errorf("by number: %+v", got)
	}
	if got := today.Inbound.ByGroup[1].Flow.Average(); got != 43*s/4 {
		t.Errorf("in the flow before the group: %v", got)
	}
	if (Stage{}).Average() != 0 {
		t.Error("nothing takes time")
	}
}
