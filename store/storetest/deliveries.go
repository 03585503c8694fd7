package storetest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/store"
)

func push(app openseat.AppID, session string, seq uint64) store.Delivery {
	return store.Delivery{
		UUID: fmt.Sprintf("%s/%d", session, seq), App: app, SessionID: session, Seq: seq, Action: "cdr", Body: []byte(`{"a":"您好"}`),
		State: store.DeliveryPending, NextAt: noon, CreatedAt: noon.Add(time.Duration(seq) * time.Second),
	}
}

// dueNames lists what is due, as "session/seq".
func dueNames(t *testing.T, db *store.DB, now time.Time, limit int) string {
	t.Helper()
	due, err := db.DueDeliveries(t.Context(), now, limit)
	must(t, err)
	names := make([]string, len(due))
	for i, d := range due {
		names[i] = d.UUID
	}
	return strings.Join(names, " ")
}

func deliveries(t *testing.T, db *store.DB) {
	ctx := t.Context()
	d := push(Here, "s", 1)
	must(t, db.AddDelivery(ctx, d))
	changed := d
	changed.Body = []byte("other")
	must(t, db.AddDelivery(ctx, changed))
	due, err := db.DueDeliveries(ctx, noon, 10)
	must(t, err)
	same(t, "due", due, []store.Delivery{d})
	if got := dueNames(t, db, noon.Add(-time.Millisecond), 10); got != "" {
		t.Errorf("due before its time: %s", got)
	}
	d.Attempts, d.NextAt, d.Status, d.TriedAt, d.Error = 1, noon.Add(time.Minute), 503, noon, "HTTP 503"
	sick := d
	sick.Error = "HTTP 503\x00\xff"
	must(t, db.SettleDelivery(ctx, sick))
	_, page, err := db.Deliveries(ctx, Here, store.DeliveryQuery{Limit: 1})
	must(t, err)
	d.Error = "HTTP 503\uFFFD\uFFFD"
	same(t, "put off", page, []store.Delivery{d})
	d.State, d.SentAt = store.DeliverySent, noon.Add(time.Minute)
	must(t, db.SettleDelivery(ctx, d))
	if got := dueNames(t, db, noon.Add(time.Hour), 10); got != "" {
		t.Errorf("due after it was sent: %s", got)
	}
	must(t, db.AddDelivery(ctx, push(Here, "s", 1))) // told again by the journal
	if got := dueNames(t, db, noon.Add(time.Hour), 10); got != "" {
		t.Errorf("sent twice: %s", got)
	}
	d.UUID = "unknown"
	wantCode(t, db.SettleDelivery(ctx, d), openseat.CodeNotFound)
}

func deliveriesGoInTurn(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for _, d := range []store.Delivery{
		push(Here, "a", 12), push(Here, "a", 10), push(Here, "a", 11), push(Here, "b", 20), push(Here, "c", 30), push(There, "z", 40),
	} {
		must(t, db.AddDelivery(ctx, d))
	}
	if got := dueNames(t, db, noon, 10); got != "a/10 z/40 b/20 c/30" {
		t.Errorf("due: %s", got)
	}
	if got := dueNames(t, db, noon, 2); got != "a/10 z/40" {
		t.Errorf("one of each instance first: %s", got)
	}
	first := push(Here, "a", 10)
	first.NextAt, first.Attempts = noon.Add(time.Minute), 1
	must(t, db.SettleDelivery(ctx, first))
	if got := dueNames(t, db, noon, 10); got != "b/20 z/40 c/30" {
		t.Errorf("a session waits for its first delivery's retry: %s", got)
	}
	first.State = store.DeliveryFailed
	must(t, db.SettleDelivery(ctx, first))
	if got := dueNames(t, db, noon, 10); got != "a/11 z/40 b/20 c/30" {
		t.Errorf("after it was given up: %s", got)
	}
}

func deliveriesAreFound(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for i := range uint64(5) {
		d := push(Here, fmt.Sprintf("s%d", i%2), i)
		if i == 4 {
			d.State = store.DeliveryFailed
		}
		must(t, db.AddDelivery(ctx, d))
	}
	for _, c := range []struct {
		name  string
		q     store.DeliveryQuery
		total int
		want  string
	}{
		{"all, newest first", store.DeliveryQuery{Limit: 10}, 5, "4 3 2 1 0"},
		{"a page", store.DeliveryQuery{Limit: 2, Offset: 3}, 5, "1 0"},
		{"pending", store.DeliveryQuery{State: store.DeliveryPending, Limit: 10}, 4, "3 2 1 0"},
		{"a session's failed ones", store.DeliveryQuery{State: store.DeliveryFailed, SessionID: "s0", Limit: 10}, 1, "4"},
		{"a session's", store.DeliveryQuery{SessionID: "s1", Limit: 10}, 2, "3 1"},
	} {
		total, page, err := db.Deliveries(ctx, Here, c.q)
		must(t, err)
		var seqs []string
		for _, d := range page {
			seqs = append(seqs, strconv.FormatUint(d.Seq, 10))
		}
		if got := strings.Join(seqs, " "); total != c.total || got != c.want {
			t.Errorf("%s: %q of %d", c.name, got, total)
		}
	}
}

func deliveriesAreReplayed(t *testing.T, db *store.DB) {
	ctx := t.Context()
	d := push(Here, "s", 1)
	must(t, db.AddDelivery(ctx, d))
	wantCode(t, db.ReplayDelivery(ctx, Here, d.UUID, noon), openseat.CodeStateNotAllowed)
	d.State, d.Attempts = store.DeliveryFailed, 4
	must(t, db.SettleDelivery(ctx, d))
	wantCode(t, db.ReplayDelivery(ctx, There, d.UUID, noon), openseat.CodeNotFound)
	wantCode(t, db.ReplayDelivery(ctx, Here, "unknown", noon), openseat.CodeNotFound)
	must(t, db.ReplayDelivery(ctx, Here, d.UUID, noon.Add(time.Hour)))
	due, err := db.DueDeliveries(ctx, noon.Add(time.Hour), 10)
	must(t, err)
	if len(due) != 1 || due[0].Attempts != 0 {
		t.Errorf("due: %+v", due)
	}
}

// turn is an agent's change of status.
func turn(user string, before, now acd.Status, since time.Time) acd.AgentChanged {
	return acd.AgentChanged{User: user, Before: before, Status: now, Since: since}
}

// aliceDay begins the evening before: 30 min free, 10 min busy, 1 min after-call work, then two statuses at one moment, a rest.
func aliceDay() []acd.AgentChanged {
	const alice = "alice@x.cn"
	midnight := noon.Truncate(24 * time.Hour)
	busy := turn(alice, acd.StatusFree, acd.StatusBusy, midnight.Add(30*time.Minute))
	busy.Work = []openseat.Ref{openseat.CallRef(Here, "s-1")}
	rest := turn(alice, acd.StatusFree, acd.StatusRest, midnight.Add(41*time.Minute))
	rest.Reason, rest.By = "茶", "carol@x.cn"
	return []acd.AgentChanged{
		turn(alice, acd.StatusOffline, acd.StatusFree, midnight.Add(-time.Hour)),
		busy,
		turn(alice, acd.StatusBusy, acd.StatusArrange, midnight.Add(40*time.Minute)),
		turn(alice, acd.StatusArrange, acd.StatusFree, midnight.Add(41*time.Minute)),
		rest,
		turn(alice, acd.StatusRest, acd.StatusOffline, midnight.Add(61*time.Minute)),
		turn(alice, acd.StatusOffline, acd.StatusNotReady, midnight.Add(2*time.Hour)),
	}
}

func wantAliceDay(t *testing.T, db *store.DB) {
	t.Helper()
	midnight := noon.Truncate(24 * time.Hour)
	days, err := db.StatusDays(t.Context(), Here, midnight, midnight.Add(3*time.Hour))
	must(t, err)
	same(t, "alice's day", days["alice@x.cn"], store.StatusDay{
		Online: 121 * time.Minute, Free: 30 * time.Minute, Busy: 10 * time.Minute, AfterCallWork: time.Minute, Rest: 20 * time.Minute,
		NotReady: time.Hour, LastOnlineAt: midnight.Add(2 * time.Hour), LastStatusAt: midnight.Add(2 * time.Hour),
	})
}

func agentsDays(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for _, a := range aliceDay() {
		must(t, db.PutStatus(ctx, Here, a))
	}
	must(t, db.PutStatus(ctx, Here, turn("bob@x.cn", acd.StatusOffline, acd.StatusFree, noon.Truncate(24*time.Hour).Add(150*time.Minute))))
	wantAliceDay(t, db)
	for _, a := range aliceDay() { // told again
		must(t, db.PutStatus(ctx, Here, a))
	}
	reserved := turn("alice@x.cn", acd.StatusNotReady, acd.StatusNotReady, noon.Truncate(24*time.Hour).Add(2*time.Hour))
	must(t, db.PutStatus(ctx, Here, reserved)) // only what is reserved changed
	wantAliceDay(t, db)
	days, err := db.StatusDays(ctx, Here, noon.Add(-time.Hour), noon)
	must(t, err)
	if days["bob@x.cn"].Free != time.Hour || days["alice@x.cn"].NotReady != time.Hour || days["alice@x.cn"].Rest != 0 {
		t.Errorf("statuses that go on: %+v", days)
	}
}

func statusesToldInAnyOrder(t *testing.T, db *store.DB) {
	day := aliceDay()
	// Statuses of one moment are told in order, since the journal keeps an agent's; all else is mixed.
	for _, i := range []int{6, 3, 0, 5, 4, 2, 1, 0, 6} {
		must(t, db.PutStatus(t.Context(), Here, day[i]))
	}
	wantAliceDay(t, db)
}

func statusHistory(t *testing.T, db *store.DB) {
	ctx, midnight := t.Context(), noon.Truncate(24*time.Hour)
	for _, a := range aliceDay() {
		must(t, db.PutStatus(ctx, Here, a))
	}
	var got []string
	after := int64(0)
	for {
		page, err := db.StatusHistory(ctx, Here, "alice@x.cn", midnight, midnight.Add(24*time.Hour), after, 4)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			got = append(got, fmt.Sprintf("%s%s%s%s", c.Status, c.Reason, c.Session, c.By))
			after = c.N
		}
		if last := page[len(page)-1]; last.Status == acd.StatusNotReady != last.Until.IsZero() {
			t.Errorf("the end of %s: %v", last.Status, last.Until)
		}
	}
	if want := "busys-1 arrange free rest茶carol@x.cn offline notReady"; strings.Join(got, " ") != want {
		t.Errorf("history: %v, want %s", got, want)
	}
}

func writeRecords(ctx context.Context, db *store.DB, writer, each int) error {
	for i := range each {
		id := fmt.Sprintf("s-%d-%d", writer, i)
		if err := db.PutCDR(ctx, session(Here, id, noon)); err != nil {
			return err
		}
		if err := db.AddDelivery(ctx, push(Here, id, 1)); err != nil {
			return err
		}
		if _, err := db.DueDeliveries(ctx, noon, 5); err != nil {
			return err
		}
	}
	return nil
}
