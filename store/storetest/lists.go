package storetest

import (
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/store"
)

func listed(t *testing.T, db *store.DB) {
	ctx := t.Context()
	first := org.ListedNumber{App: Here, Number: "0086110", Inbound: true, Reason: "骚扰", CreatedAt: noon}
	second := org.ListedNumber{App: Here, Number: "0086119", Outbound: true, CreatedAt: noon.Add(time.Second), Until: noon.Add(time.Hour)}
	must(t, db.PutListed(ctx, []org.ListedNumber{first, second}))
	changed := first
	changed.Outbound, changed.CreatedAt = true, noon.Add(time.Hour)
	must(t, db.PutListed(ctx, []org.ListedNumber{changed}))
	first.Outbound = true
	got, err := db.Listed(ctx, Here, "0086110")
	must(t, err)
	same(t, "listed", got, first)
	got, err = db.Listed(ctx, There, "0086110")
	must(t, err)
	same(t, "not listed", got, org.ListedNumber{})
	wantCode(t, db.PutListed(ctx, []org.ListedNumber{{App: 1400000009, Number: "1"}}), openseat.CodeInstanceNotExist)
	for digits, want := range map[string]string{"": "0086119 0086110", "11": "0086119 0086110", "110": "0086110", "%": ""} {
		total, page, err := db.FindListed(ctx, Here, digits, 0, 9)
		must(t, err)
		var numbers []string
		for _, l := range page {
			numbers = append(numbers, l.Number)
		}
		if got := strings.Join(numbers, " "); got != want || total != len(page) {
			t.Errorf("%q: %q of %d, want %q", digits, got, total, want)
		}
	}
	must(t, db.DeleteListed(ctx, There, []string{"0086110"}))
	must(t, db.DeleteListed(ctx, Here, []string{"0086119", "0086000"}))
	if total, _, err := db.FindListed(ctx, Here, "", 0, 9); err != nil || total != 1 {
		t.Errorf("after deleting: %d, %v", total, err)
	}
}

func numberGroups(t *testing.T, db *store.DB) {
	ctx := t.Context()
	must(t, db.PutTrunk(ctx, line(Here, "line")))
	for _, number := range []string{"00861", "00862"} {
		must(t, db.PutNumber(ctx, org.Number{App: Here, Number: number, Trunk: "line", Interface: "https://x.cn/in", CreatedAt: noon}))
	}
	if got := view(t, db, Here).Numbers["00861"].Interface; got != "https://x.cn/in" {
		t.Errorf("interface %q", got)
	}
	id, err := db.PutNumberGroup(ctx, org.NumberGroup{App: Here, Name: "North", Numbers: []string{"00862", "00861"}})
	must(t, err)
	same(t, "group", *view(t, db, Here).NumberGroups[id], org.NumberGroup{App: Here, ID: id, Name: "North", Numbers: []string{"00862", "00861"}})
	_, err = db.PutNumberGroup(ctx, org.NumberGroup{App: Here, Name: "North"})
	wantCode(t, err, openseat.CodeInUse)
	_, err = db.PutNumberGroup(ctx, org.NumberGroup{App: Here, Name: "South", Numbers: []string{"00869"}})
	wantCode(t, err, openseat.CodeNotFound)
	_, err = db.PutNumberGroup(ctx, org.NumberGroup{App: There, ID: id, Name: "North"})
	wantCode(t, err, openseat.CodeNotFound)
	_, err = db.PutNumberGroup(ctx, org.NumberGroup{App: Here, ID: id, Name: "South", Numbers: []string{"00861"}})
	must(t, err)
	must(t, db.DeleteNumber(ctx, Here, "00861"))
	same(t, "without its number", *view(t, db, Here).NumberGroups[id], org.NumberGroup{App: Here, ID: id, Name: "South", Numbers: []string{}})
	wantCode(t, db.DeleteNumberGroup(ctx, There, id), openseat.CodeNotFound)
	must(t, db.DeleteNumberGroup(ctx, Here, id))
	if left := view(t, db, Here).NumberGroups; len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func schedules(t *testing.T, db *store.DB) {
	ctx := t.Context()
	s := org.Schedule{App: Here, Name: "班", Definition: []byte(`{"zone":"Asia/Shanghai"}`)}
	must(t, db.PutSchedule(ctx, s))
	s.Definition = []byte(`{"zone":"UTC"}`)
	must(t, db.PutSchedule(ctx, s))
	same(t, "schedule", *view(t, db, Here).Schedules["班"], s)
	wantCode(t, db.DeleteSchedule(ctx, There, "班"), openseat.CodeNotFound)
	must(t, db.DeleteSchedule(ctx, Here, "班"))
	wantCode(t, db.PutSchedule(ctx, org.Schedule{App: 1400000009, Name: "x", Definition: s.Definition}), openseat.CodeInstanceNotExist)
}

func drafts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	d := org.Draft{App: Here, Name: "welcome", Definition: []byte(`{`), By: "alice@x.cn", ModifiedAt: noon}
	for want := range int64(2) {
		d.Revision = want
		got, err := db.PutDraft(ctx, d)
		must(t, err)
		same(t, "revision", got, want+1)
	}
	d.Revision = 1
	_, err := db.PutDraft(ctx, d)
	wantCode(t, err, openseat.CodeStateNotAllowed)
	d.Revision = 2
	all, err := db.Drafts(ctx, Here, "")
	must(t, err)
	same(t, "drafts", all, []org.Draft{d})
	none, err := db.Drafts(ctx, Here, "other")
	must(t, err)
	same(t, "no draft", none, []org.Draft(nil))
	wantCode(t, db.DeleteDraft(ctx, There, "welcome"), openseat.CodeNotFound)
	_, err = db.PublishFlow(ctx, org.Flow{App: Here, Name: "welcome", Definition: []byte(`{}`)})
	must(t, err)
	wantCode(t, db.DeleteFlow(ctx, There, "welcome"), openseat.CodeNotFound)
	must(t, db.DeleteFlow(ctx, Here, "welcome"))
	wantCode(t, db.DeleteDraft(ctx, Here, "welcome"), openseat.CodeNotFound)
	if flows := view(t, db, Here).Flows; len(flows) != 0 {
		t.Errorf("flows: %v", flows)
	}
	_, err = db.PutDraft(ctx, org.Draft{App: 1400000009, Name: "x", Definition: d.Definition})
	wantCode(t, err, openseat.CodeInstanceNotExist)
}

func settings(t *testing.T, db *store.DB) {
	ctx := t.Context()
	in := view(t, db, Here).Instance
	in.Settings = org.Settings{
		Retention: &org.Retention{Records: 7}, CallOut: org.CallOutLimits{Zone: "UTC", Countries: []string{"CN"}, PerCalleeDay: 3},
		RecordingCopy: org.RecordingCopy{Enabled: true, Bucket: "b", SecretKey: "s3cret"},
		NumberMapping: org.NumberMapping{URL: "https://x.cn", Password: "p"},
	}
	must(t, db.PutInstance(ctx, in))
	same(t, "settings", view(t, db, Here).Instance, in)
	changed := in
	changed.Settings.RecordingCopy.SecretKey, changed.Settings.NumberMapping.Password = "", ""
	must(t, db.PutInstance(ctx, changed))
	same(t, "secrets stay", view(t, db, Here).Instance, in)
}
