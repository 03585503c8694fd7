package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/report"
	"openseat/store"
)

// session is the record of a short inbound call.
func session(app openseat.AppID, id string, start time.Time) report.CDR {
	return report.CDR{
		Facts: call.Facts{
			App: app, SessionID: id, Direction: call.Inbound, CallType: 2, Caller: "008613800138000", Callee: "00864008001000", Trunk: "line",
			StartAt: start, QueuedAt: start.Add(time.Second), AcceptAt: start.Add(3 * time.Second), EndAt: start.Add(time.Minute),
			QueuedGroup: 1, End: call.EndOK, HungUpSide: "user", Keys: []call.Key{{Key: "1", Label: "客服", At: start}}, Remark: "备注 😀",
			Serves: []call.Participant{{User: "alice@x.cn", Type: "staffSeat", Group: 1, StartAt: start, AcceptAt: start.Add(3 * time.Second)}},
		},
		QueuedGroupName: "Support", GroupNames: map[int64]string{1: "Support"},
		People: map[string]report.Person{"alice@x.cn": {UserID: "alice@x.cn", Name: "Alice", GroupNames: []string{"Support"}}},
	}
}

func callRecords(t *testing.T, db *store.DB) {
	ctx := t.Context()
	c := session(Here, "s-1", noon)
	must(t, db.PutCDR(ctx, c))
	again := c
	again.QueuedGroupName = "renamed since"
	must(t, db.PutCDR(ctx, again))
	got, err := db.CDR(ctx, Here, "s-1")
	must(t, err)
	same(t, "record", got, c)
	_, err = db.CDR(ctx, Here, "s-2")
	wantCode(t, err, openseat.CodeRecordNotExist)
}

func callRecordsAreFound(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for i := range 5 {
		c := session(Here, fmt.Sprintf("s-%d", i), noon.Add(time.Duration(i)*time.Minute))
		if i == 3 {
			c.Caller, c.Callee = c.Callee, "0086110"
		}
		must(t, db.PutCDR(ctx, c))
	}
	must(t, db.PutCDR(ctx, session(Here, "s-5", noon.Add(4*time.Minute)))) // at the same moment as s-4
	must(t, db.PutCDR(ctx, session(There, "t-1", noon)))
	second := noon.Truncate(time.Second)
	for _, c := range []struct {
		name  string
		q     store.CDRQuery
		total int
		want  string
	}{
		{"all, newest first", store.CDRQuery{Limit: 100}, 6, "4 5 3 2 1 0"},
		{"first page", store.CDRQuery{Limit: 2}, 6, "4 5"},
		{"last page", store.CDRQuery{Limit: 4, Offset: 4}, 6, "1 0"},
		{"behind the end", store.CDRQuery{Limit: 4, Offset: 40}, 6, ""},
		{"both ends included", store.CDRQuery{From: second.Add(time.Minute), To: second.Add(2 * time.Minute), Limit: 9}, 2, "2 1"},
		{"since", store.CDRQuery{From: second.Add(time.Minute + time.Second), Limit: 9}, 4, "4 5 3 2"},
		{"until", store.CDRQuery{To: second.Add(time.Minute - time.Second), Limit: 9}, 1, "0"},
		{"by a phone of either party", store.CDRQuery{Phones: []string{"0086110"}, Limit: 9}, 1, "3"},
		{"by phones", store.CDRQuery{Phones: []string{"0086110", "008613800138000"}, Limit: 9}, 6, "4 5 3 2 1 0"},
		{"by sessions", store.CDRQuery{SessionIDs: []string{"s-1", "s-4", "t-1"}, Limit: 9}, 2, "4 1"},
		{"by all", store.CDRQuery{From: noon, To: noon, Phones: []string{"00864008001000"}, SessionIDs: []string{"s-0"}, Limit: 9}, 1, "0"},
		{"by nonsense", store.CDRQuery{Phones: []string{`') OR 1=1 --`}, Limit: 9}, 0, ""},
	} {
		total, page, err := db.CDRs(ctx, Here, c.q)
		must(t, err)
		var ids []string
		for _, r := range page {
			ids = append(ids, strings.TrimPrefix(r.SessionID, "s-"))
		}
		if got := strings.Join(ids, " "); total != c.total || got != c.want {
			t.Errorf("%s: %q of %d, want %q of %d", c.name, got, total, c.want, c.total)
		}
	}
}

func aBigRecord(t *testing.T, db *store.DB) {
	ctx := t.Context()
	c := session(Here, "s-1", noon)
	c.UUI = strings.Repeat("大", 1<<20)
	must(t, db.PutCDR(ctx, c))
	got, err := db.CDR(ctx, Here, "s-1")
	must(t, err)
	if got.UUI != c.UUI {
		t.Error("a big record came back changed")
	}
}

func recordings(t *testing.T, db *store.DB) {
	ctx := t.Context()
	r := call.Recording{
		App: Here, SessionID: "s-1", Record: "r-1", Kind: "record", EndpointUser: "alice@x.cn", Blob: "2026/05/01/r-1.mp3",
		StartAt: noon, Duration: 1234 * time.Millisecond, Size: 1 << 40,
	}
	must(t, db.PutRecording(ctx, r))
	must(t, db.PutRecording(ctx, r))
	got, err := db.Recording(ctx, Here, "r-1")
	must(t, err)
	same(t, "recording", got, r)
	early := r
	early.Record, early.StartAt = "r-2", noon.Add(-time.Second)
	must(t, db.PutRecording(ctx, early))
	other := r
	other.Record, other.SessionID = "r-3", "s-2"
	must(t, db.PutRecording(ctx, other))
	all, err := db.Recordings(ctx, Here, []string{"s-1", "s-9"})
	must(t, err)
	same(t, "of a session", all, []call.Recording{early, r})
	all, err = db.Recordings(ctx, Here, nil)
	must(t, err)
	same(t, "of no session", all, []call.Recording(nil))
	_, err = db.Recording(ctx, Here, "r-9")
	wantCode(t, err, openseat.CodeNotFound)
}

func transcripts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	entries := bytes.Repeat([]byte("{\"text\":\"\\u0000 您好\"}\x00\xff"), 200_000)
	must(t, db.PutTranscript(ctx, Here, "s-1", entries, noon))
	must(t, db.PutTranscript(ctx, Here, "s-1", []byte("again"), noon))
	got, err := db.Transcript(ctx, Here, "s-1")
	must(t, err)
	if !bytes.Equal(got, entries) {
		t.Error("the transcript came back changed")
	}
	_, err = db.Transcript(ctx, There, "s-1")
	wantCode(t, err, openseat.CodeNotFound)
}

// manyRecordsAtOnce is what the end of a busy minute looks like: everything is written by many, much of it twice.
func manyRecordsAtOnce(t *testing.T, db *store.DB) {
	const writers, each = 8, 10
	ctx, errs := t.Context(), make(chan error, writers)
	for w := range writers {
		go func() { errs <- writeRecords(ctx, db, w/2, each) }() // two of each
	}
	for range writers {
		must(t, <-errs)
	}
	total, page, err := db.CDRs(ctx, Here, store.CDRQuery{Limit: 100})
	must(t, err)
	due, err := db.DueDeliveries(ctx, noon, 1000)
	must(t, err)
	if want := writers / 2 * each; total != want || len(page) != want || len(due) != want {
		t.Errorf("%d records, %d deliveries, want %d", total, len(due), want)
	}
}

// recordsOfTenantsAreApart keeps the same names in both instances.
func recordsOfTenantsAreApart(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for _, app := range []openseat.AppID{Here, There} {
		must(t, db.PutCDR(ctx, session(app, "s-1", noon)))
		must(t, db.PutRecording(ctx, call.Recording{App: app, SessionID: "s-1", Record: "r-1", StartAt: noon}))
		must(t, db.PutTranscript(ctx, app, "s-1", []byte(app.String()), noon))
		must(t, db.AddDelivery(ctx, push(app, "s-1", 1)))
		must(t, db.PutStatus(ctx, app, turn("alice@x.cn", "offline", "free", noon)))
	}
	must(t, db.PutCDR(ctx, session(There, "s-2", noon)))
	must(t, db.PutStatus(ctx, There, turn("bob@x.cn", "offline", "free", noon)))
	must(t, db.PutStatus(ctx, There, turn("alice@x.cn", "free", "rest", noon.Add(time.Second))))

	c, err := db.CDR(ctx, Here, "s-1")
	must(t, err)
	r, err := db.Recording(ctx, Here, "r-1")
	must(t, err)
	text, err := db.Transcript(ctx, Here, "s-1")
	must(t, err)
	if c.App != Here || r.App != Here || string(text) != Here.String() {
		t.Errorf("here: %d, %d, %s", c.App, r.App, text)
	}
	_, err = db.CDR(ctx, Here, "s-2")
	wantCode(t, err, openseat.CodeRecordNotExist)
	total, _, err := db.CDRs(ctx, Here, store.CDRQuery{Limit: 9})
	must(t, err)
	rs, err := db.Recordings(ctx, Here, []string{"s-1"})
	must(t, err)
	pushes, page, err := db.Deliveries(ctx, Here, store.DeliveryQuery{Limit: 9})
	must(t, err)
	days, err := db.StatusDays(ctx, Here, noon, noon.Add(time.Minute))
	must(t, err)
	history, err := db.StatusHistory(ctx, Here, "alice@x.cn", noon, noon.Add(time.Minute), 0, 9)
	must(t, err)
	if total != 1 || len(rs) != 1 || pushes != 1 || len(days) != 1 || len(history) != 1 || days["alice@x.cn"].Free != time.Minute {
		t.Errorf("here: %d records, %d recordings, %d pushes, days %v, history %v", total, len(rs), pushes, days, history)
	}
	page[0].State = store.DeliveryFailed
	must(t, db.SettleDelivery(ctx, page[0]))
	wantCode(t, db.ReplayDelivery(ctx, There, page[0].UUID, noon), openseat.CodeStateNotAllowed) // there it is still pending
	due, err := db.DueDeliveries(ctx, noon, 9)
	must(t, err)
	if !slices.EqualFunc(due, []openseat.AppID{There}, func(d store.Delivery, app openseat.AppID) bool { return d.App == app }) {
		t.Errorf("due: %+v", due)
	}
}

func figures(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for i := range 4 {
		must(t, db.PutCDR(ctx, session(Here, fmt.Sprintf("s-%d", i), noon.Add(time.Duration(i)*time.Hour))))
	}
	must(t, db.PutCDR(ctx, session(There, "t-1", noon)))
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute).UTC() }
	for i, s := range []acd.Status{acd.StatusFree, acd.StatusBusy, acd.StatusRest} {
		must(t, db.PutStatus(ctx, Here, acd.AgentChanged{User: "alice@x.cn", Status: s, Since: at(60 * i)}))
	}
	var sessions []string
	must(t, db.EachCDR(ctx, Here, noon.Add(time.Hour), noon.Add(3*time.Hour), func(c *report.CDR) error {
		sessions = append(sessions, c.SessionID)
		return nil
	}))
	same(t, "sessions", sessions, []string{"s-1", "s-2"})
	statuses := map[acd.Status]time.Time{}
	must(t, db.EachStatus(ctx, Here, at(70), at(130), func(c report.StatusChange) error {
		statuses[c.Status] = c.Until
		return nil
	}))
	same(t, "statuses", statuses, map[acd.Status]time.Time{acd.StatusBusy: at(120), acd.StatusRest: {}})
	stop := errors.New("enough")
	if err := db.EachCDR(ctx, Here, noon, at(600), func(*report.CDR) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("reading goes on: %v", err)
	}
}
