package storetest

import (
	"strings"
	"testing"
	"time"

	"openseat/core/call"
	"openseat/core/report"
	"openseat/store"
)

// recordsAreSearched is four calls: in and answered, in and given up, out, and of another instance.
func recordsAreSearched(t *testing.T, db *store.DB) {
	ctx := t.Context()
	answered := session(Here, "s-1", noon)
	answered.AcceptAt, answered.EndAt, answered.PostKeys = noon, noon.Add(30*time.Second), []call.Key{{Key: "1"}}
	gaveUp := session(Here, "s-2", noon.Add(time.Minute))
	gaveUp.AcceptAt, gaveUp.End, gaveUp.Remark, gaveUp.QueuedGroup = time.Time{}, call.EndWaitingGiveUp, "50% VIP", 2
	gaveUp.Serves = nil
	out := session(Here, "s-3", noon.Add(2*time.Minute))
	out.Direction, out.CallType, out.Caller, out.Callee = call.Outbound, call.TypeOutbound, "00864008001001", "008613900139000"
	out.Serves[0].User, out.Serves[0].Group = "bob@x.cn", 7
	for _, c := range []report.CDR{answered, gaveUp, out, session(There, "t-1", noon)} {
		must(t, db.PutCDR(ctx, c))
	}
	must(t, db.PutRecording(ctx, call.Recording{App: Here, SessionID: "s-1", Record: "r-1", StartAt: noon}))
	for _, c := range []struct {
		name string
		q    report.Search
		want string
	}{
		{"all", report.Search{}, "s-3 s-2 s-1"},
		{"second page", report.Search{Offset: 1}, "s-2 s-1"},
		{"window", report.Search{From: noon.Add(time.Minute), To: noon.Add(time.Minute)}, "s-2"},
		{"digits", report.Search{Phone: "139001"}, "s-3"},
		{"no digits", report.Search{Phone: "%"}, ""},
		{"number", report.Search{Number: "00864008001001"}, "s-3"},
		{"in", report.Search{Direction: new(0)}, "s-2 s-1"},
		{"type", report.Search{CallType: call.TypeOutbound}, "s-3"},
		{"queued for", report.Search{Group: 2}, "s-2"},
		{"served by", report.Search{Group: 7}, "s-3"},
		{"staff", report.Search{Staff: "alice@x.cn"}, "s-1"},
		{"end", report.Search{End: new(int(call.EndWaitingGiveUp))}, "s-2"},
		{"long", report.Search{MinTalk: 31 * time.Second}, "s-3"},
		{"short", report.Search{MaxTalk: new(30 * time.Second)}, "s-2 s-1"},
		{"survey", report.Search{Survey: "1"}, "s-1"},
		{"remark", report.Search{Remark: "50% vip"}, "s-2"},
		{"recorded", report.Search{Recorded: new(true)}, "s-1"},
		{"not recorded", report.Search{Recorded: new(false)}, "s-3 s-2"},
		{"all at once", report.Search{From: noon, To: noon, Direction: new(0), Staff: "alice@x.cn", Survey: "1", Recorded: new(true)}, "s-1"},
	} {
		c.q.Limit = 9
		_, page, err := db.SearchCDRs(ctx, Here, c.q)
		must(t, err)
		var ids []string
		for _, r := range page {
			ids = append(ids, r.SessionID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
