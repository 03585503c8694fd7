package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/store"
)

func phone(app openseat.AppID, id, user string, groups ...int64) org.Extension {
	return org.Extension{App: app, ID: id, Name: "Desk 1", Password: "Phone123", User: user, Groups: groups, CreatedAt: noon, ModifiedAt: noon}
}

func extensions(t *testing.T, db *store.DB) {
	ctx := t.Context()
	g, h := newGroup(t, db, Here, "Support"), newGroup(t, db, Here, "Sales")
	must(t, db.CreateStaff(ctx, person(Here, "alice@x.cn", "1001")))
	must(t, db.CreateStaff(ctx, person(Here, "bob@x.cn", "1002")))
	e := phone(Here, "7001", "alice@x.cn", g, h)
	must(t, db.CreateExtension(ctx, e))
	v := view(t, db, Here)
	same(t, "created", *v.Phones["7001"], e)
	if alice := v.Staff["alice@x.cn"]; alice.Extension != "7001" || alice.ExtensionPassword != "Phone123" {
		t.Errorf("alice: %+v", alice)
	}
	wantCode(t, db.CreateExtension(ctx, phone(Here, "7001", "")), org.CodeDuplicateSipAccount)
	wantCode(t, db.CreateExtension(ctx, phone(Here, "7002", "alice@x.cn")), openseat.CodeInUse)
	wantCode(t, db.CreateExtension(ctx, phone(Here, "7002", "nobody@x.cn")), openseat.CodeAccountNotExist)
	wantCode(t, db.CreateExtension(ctx, phone(Here, "7002", "", 99)), openseat.CodeSkillGroupError)
	wantCode(t, db.CreateExtension(ctx, phone(1400000009, "7002", "")), openseat.CodeInstanceNotExist)
	must(t, db.CreateExtension(ctx, phone(There, "7001", "")))

	e.Name, e.Groups, e.ModifiedAt = "Renamed", nil, noon.Add(time.Hour)
	changed := e
	changed.Password, changed.CreatedAt = "", noon.Add(time.Hour)
	must(t, db.UpdateExtension(ctx, changed))
	e.Groups = []int64{g, h}
	same(t, "updated", *view(t, db, Here).Phones["7001"], e)
	must(t, db.DeleteGroup(ctx, Here, h))
	changed.User, changed.Groups, changed.Password = "", []int64{}, "Phone124"
	must(t, db.UpdateExtension(ctx, changed))
	v = view(t, db, Here)
	if p := v.Phones["7001"]; p.User != "" || p.Groups != nil || p.Password != "Phone124" || v.Staff["alice@x.cn"].Extension != "" {
		t.Errorf("taken back: %+v", p)
	}
	wantCode(t, db.UpdateExtension(ctx, phone(Here, "7009", "")), openseat.CodeNotFound)
	wantCode(t, db.DeleteExtension(ctx, Here, "7009"), openseat.CodeNotFound)
	must(t, db.DeleteExtension(ctx, There, "7001"))
	if len(view(t, db, Here).Phones) != 1 {
		t.Error("another instance's phone went with it")
	}
}

// extensionsFollowStaff changes who has a phone by his account.
func extensionsFollowStaff(t *testing.T, db *store.DB) {
	ctx := t.Context()
	must(t, db.CreateExtension(ctx, phone(Here, "7001", "")))
	alice, bob := person(Here, "alice@x.cn", "1001"), person(Here, "bob@x.cn", "1002")
	alice.Extension = "7001"
	must(t, db.CreateStaff(ctx, alice))
	bob.Extension, bob.ExtensionPassword = "7002", "Phone222"
	must(t, db.CreateStaff(ctx, bob))
	v := view(t, db, Here)
	if a := v.Staff["alice@x.cn"]; a.Extension != "7001" || a.ExtensionPassword != "Phone123" || v.Phones["7002"].User != "bob@x.cn" {
		t.Errorf("alice: %+v", a)
	}
	bob.Extension = "7001"
	wantCode(t, db.UpdateStaff(ctx, bob), openseat.CodeDuplicatedAccount)
	bob.Extension, bob.ExtensionPassword = "7003", "Phone333"
	must(t, db.UpdateStaff(ctx, bob))
	bob.ExtensionPassword = ""
	must(t, db.UpdateStaff(ctx, bob))
	v = view(t, db, Here)
	if v.Phones["7002"].User != "" || v.Phones["7003"].User != "bob@x.cn" || v.Staff["bob@x.cn"].ExtensionPassword != "Phone333" {
		t.Errorf("bob: %+v", v.Staff["bob@x.cn"])
	}
	must(t, db.DeleteStaff(ctx, Here, []string{"bob@x.cn"}))
	if p := view(t, db, Here).Phones["7003"]; p == nil || p.User != "" {
		t.Errorf("bob's phone: %+v", p)
	}
}

func seats(t *testing.T, db *store.DB) {
	ctx := t.Context()
	s := person(Here, "alice@x.cn", "1001")
	s.Seat, s.UseMobileAccept = "staffExtensionSeat", 2
	must(t, db.CreateStaff(ctx, s))
	same(t, "created", *view(t, db, Here).Staff["alice@x.cn"], s)
	s.Seat, s.UseMobileAccept, s.UseMobileCallOut = "", 1, true
	must(t, db.UpdateStaff(ctx, s))
	same(t, "updated", *view(t, db, Here).Staff["alice@x.cn"], s)
}

func contacts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	c := org.Contact{App: Here, Number: "008613800138000", Name: "Mr. 50% Zhang", Remark: "VIP 客户", By: "alice@x.cn", ModifiedAt: noon}
	must(t, db.PutContact(ctx, c))
	c.Remark = "moved"
	must(t, db.PutContact(ctx, c))
	got, err := db.Contact(ctx, Here, c.Number)
	must(t, err)
	same(t, "contact", got, c)
	got, err = db.Contact(ctx, There, c.Number)
	must(t, err)
	same(t, "a stranger", got, org.Contact{})
	wantCode(t, db.PutContact(ctx, org.Contact{App: 1400000009, Number: "1", Name: "x"}), openseat.CodeInstanceNotExist)
	must(t, db.PutContact(ctx, org.Contact{App: Here, Number: "008613800138001", Name: "Li"}))
	for text, want := range map[string]int{"": 2, "zhang": 1, "8000": 1, "MOVED": 1, "50%": 1, "5_%": 0, `\`: 0, "vip": 0} {
		total, page, err := db.Contacts(ctx, Here, text, 0, 1)
		must(t, err)
		if total != want || len(page) != min(want, 1) {
			t.Errorf("%q: %d of %d, want %d", text, len(page), total, want)
		}
	}
	must(t, db.PutContact(ctx, org.Contact{App: Here, Number: c.Number}))
	if total, _, err := db.Contacts(ctx, Here, "", 0, 9); err != nil || total != 1 {
		t.Errorf("after forgetting: %d, %v", total, err)
	}
}

func notes(t *testing.T, db *store.DB) {
	ctx := t.Context()
	n := org.Note{App: Here, SessionID: "s-1", User: "alice@x.cn", Category: "退款", Text: "line\nbreak", ModifiedAt: noon}
	must(t, db.PutNote(ctx, n))
	n.Resolved = true
	must(t, db.PutNote(ctx, n))
	got, err := db.Note(ctx, Here, "s-1", "alice@x.cn")
	must(t, err)
	same(t, "note", got, n)
	got, err = db.Note(ctx, There, "s-1", "alice@x.cn")
	must(t, err)
	same(t, "no note", got, org.Note{})
	wantCode(t, db.PutNote(ctx, org.Note{App: 1400000009, SessionID: "s"}), openseat.CodeInstanceNotExist)
	other := n
	other.User, other.Category, other.ModifiedAt = "bob@x.cn", "other", noon.Add(time.Minute)
	must(t, db.PutNote(ctx, other))
	for _, c := range []struct {
		q    org.NoteQuery
		want string
	}{
		{org.NoteQuery{}, "bob@x.cn alice@x.cn"},
		{org.NoteQuery{Offset: 1}, "alice@x.cn"},
		{org.NoteQuery{User: "bob@x.cn"}, "bob@x.cn"},
		{org.NoteQuery{Category: "退款"}, "alice@x.cn"},
		{org.NoteQuery{SessionIDs: []string{"s-1", "s-2"}, From: noon.Add(time.Second)}, "bob@x.cn"},
		{org.NoteQuery{SessionIDs: []string{"s-2"}}, ""},
		{org.NoteQuery{From: noon, To: noon}, "alice@x.cn"},
	} {
		c.q.Limit = 9
		_, page, err := db.Notes(ctx, Here, c.q)
		must(t, err)
		var users []string
		for _, n := range page {
			users = append(users, n.User)
		}
		if got := strings.Join(users, " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
}

// ownPast is three calls of alice: one she took and passed on to bob, one she missed, one she made.
func ownPast(t *testing.T, db *store.DB) {
	ctx := t.Context()
	morning := noon.Truncate(time.Hour)
	at := func(minutes int) time.Time { return morning.Add(time.Duration(minutes) * time.Minute) }
	taken := session(Here, "s-1", at(0))
	taken.Serves = []call.Participant{
		{User: "alice@x.cn", Group: 1, StartAt: at(1), AcceptAt: at(2), EndAt: at(10)},
		{User: "bob@x.cn", Group: 2, Sequence: 1, StartAt: at(9), AcceptAt: at(10), EndAt: at(13)},
		{Phone: "008610", Type: call.TypeOutside, Sequence: 2, StartAt: at(11), AcceptAt: at(12), EndAt: at(13)},
	}
	taken.PostKeys = []call.Key{{Key: "2"}}
	missed := session(Here, "s-2", at(70))
	missed.Serves = []call.Participant{{User: "alice@x.cn", Group: 1, StartAt: at(70), EndAt: at(71)}}
	made := session(Here, "s-3", at(80))
	made.Direction, made.CallType, made.Caller, made.Callee = call.Outbound, call.TypeOutbound, made.Callee, made.Caller
	made.Serves = []call.Participant{{User: "alice@x.cn", StartAt: at(80), AcceptAt: at(81), EndAt: at(82)}}
	for _, c := range []report.CDR{taken, missed, made, session(There, "t-1", at(0))} {
		must(t, db.PutCDR(ctx, c))
		must(t, db.PutCDR(ctx, c)) // told twice
	}
	must(t, db.PutNote(ctx, org.Note{App: Here, SessionID: "s-1", User: "alice@x.cn", Category: "退款"}))
	must(t, db.PutStatus(ctx, Here, turn("alice@x.cn", acd.StatusOffline, acd.StatusFree, at(30))))

	list := func(user string, q report.MyCallsQuery) (string, []report.MyCall, string) {
		page, before, err := db.MyCalls(ctx, Here, user, q)
		must(t, err)
		var said []string
		for _, m := range page {
			said = append(said, fmt.Sprint(m.SessionID, " ", m.Talk, " ", m.Missed))
		}
		return strings.Join(said, "; "), page, before
	}
	first, _, before := list("alice@x.cn", report.MyCallsQuery{Limit: 2})
	same(t, "first page", first, "s-3 1m0s false; s-2 0s true")
	second, page, end := list("alice@x.cn", report.MyCallsQuery{Limit: 2, Before: before})
	same(t, "second page", second, "s-1 8m0s false")
	if page[0].Note.Category != "退款" || page[0].Remark != "备注 😀" || page[0].GroupName != "Support" || page[0].Score != -1 || end != "" {
		t.Errorf("line: %+v, end %q", page[0], end)
	}
	only, _, _ := list("alice@x.cn", report.MyCallsQuery{Missed: true, Limit: 9})
	same(t, "missed", only, "s-2 0s true")
	none, _, _ := list("nobody@x.cn", report.MyCallsQuery{Limit: 9})
	same(t, "nobody's", none, "")
	_, _, err := db.MyCalls(ctx, Here, "alice@x.cn", report.MyCallsQuery{Before: "x", Limit: 1})
	wantCode(t, err, openseat.CodeInvalidValue)

	day, err := db.MyDay(ctx, Here, "alice@x.cn", morning, at(90))
	must(t, err)
	same(t, "day", day, report.MyDay{
		In: 1, Out: 1, Missed: 1, Talk: 9 * time.Minute, Longest: 8 * time.Minute,
		Hours:    []report.MyHour{{At: at(0), In: 1}, {At: at(60), Out: 1, Missed: 1}},
		Statuses: map[acd.Status]time.Duration{acd.StatusFree: time.Hour},
	})
	day, err = db.MyDay(ctx, Here, "bob@x.cn", morning, at(90))
	must(t, err)
	if day.Scores != 1 || day.ScoreSum != 2 {
		t.Errorf("bob's survey: %+v", day)
	}
	usage, err := db.Usage(ctx, Here, morning, at(80))
	must(t, err)
	same(t, "usage", usage, report.Usage{InMinutes: 2, OutMinutes: 1, Agents: 2})
	usage, err = db.Usage(ctx, There, at(1), at(80))
	must(t, err)
	same(t, "no usage", usage, report.Usage{})
	for _, c := range []struct {
		number string
		group  int64
		want   string
	}{{taken.Caller, 0, "alice@x.cn"}, {taken.Caller, 2, "bob@x.cn"}, {taken.Caller, 9, ""}, {"0086110", 0, ""}} {
		user, err := db.LastAgent(ctx, Here, c.number, c.group)
		must(t, err)
		same(t, fmt.Sprintf("last agent of %s in %d", c.number, c.group), user, c.want)
	}
}
