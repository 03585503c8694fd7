package gateway

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// cabinet is the past, the notes and the seats of a story.
type cabinet struct {
	calls   []report.MyCall
	next    string
	day     report.MyDay
	asked   report.MyCallsQuery
	since   time.Time
	note    org.Note
	contact org.Contact
	refuse  error
	staff   *org.Staff
}

func (c *cabinet) MyCalls(_ context.Context, _ openseat.AppID, _ string, q report.MyCallsQuery) ([]report.MyCall, string, error) {
	c.asked = q
	return c.calls, c.next, c.refuse
}

func (c *cabinet) MyDay(_ context.Context, _ openseat.AppID, _ string, since, _ time.Time) (report.MyDay, error) {
	c.since = since
	return c.day, c.refuse
}

func (c *cabinet) Note(context.Context, openseat.AppID, string, string) (org.Note, error) {
	return c.note, c.refuse
}

func (c *cabinet) PutNote(_ context.Context, n org.Note) error {
	c.note = n
	return c.refuse
}

func (c *cabinet) Contact(context.Context, openseat.AppID, string) (org.Contact, error) {
	return c.contact, nil
}

func (c *cabinet) PutContact(_ context.Context, x org.Contact) error {
	c.contact = x
	return c.refuse
}

func (c *cabinet) ModifySeat(_ context.Context, _ openseat.AppID, _ string, x org.SeatChange) error {
	if c.refuse != nil {
		return c.refuse
	}
	changed := *c.staff
	if x.Seat != nil {
		changed.Seat = *x.Seat
	}
	if x.UseMobileAccept != nil {
		changed.UseMobileAccept = *x.UseMobileAccept
	}
	*c.staff = changed
	return nil
}

// opens gives the world's gateway a cabinet.
func (w *world) opens() *cabinet {
	c := &cabinet{staff: w.view.Staff[alice]}
	w.g.Past, w.g.Notes, w.g.Seats = c, c, c
	return c
}

func TestMyRecords(t *testing.T) {
	desk(t, func(w *world) {
		c := w.opens()
		start := time.UnixMilli(1_700_000_000_000)
		c.calls, c.next = []report.MyCall{
			{SessionID: "s1", Caller: "008613800138000", StartAt: start, AcceptAt: start.Add(time.Second), EndAt: start.Add(time.Minute),
				Talk: 59 * time.Second, End: call.EndOK, GroupName: "Support", Score: 1, Note: org.Note{Category: "order", Resolved: true, Text: "sent"},
				Location: org.Location{Province: "北京", City: "北京"}},
			{SessionID: "s2", Internal: true, Peer: bob, PeerName: "Bob", StartAt: start, EndAt: start, End: call.EndSeatGiveUp, Missed: true, Score: -1},
		}, "older"
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		got := asked[records](page, "records.mine", map[string]any{"kind": "missed", "limit": 2, "before": "newer"})
		one := 1
		want := records{Before: "older", Records: []pastCall{
			{SessionID: "s1", Type: "phone", Caller: "008613800138000", Location: "北京", StartAt: millis(start), AcceptAt: millis(start) + 1000,
				EndAt: millis(start) + 60_000, Duration: 59, EndStatus: "ok", Group: "Support", Category: "order", Resolved: true, Text: "sent", Score: &one},
			{SessionID: "s2", Type: "internal", PeerUserID: bob, PeerName: "Bob", StartAt: millis(start), EndAt: millis(start), EndStatus: "seatGiveUp", Missed: true},
		}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if want := (report.MyCallsQuery{Missed: true, Limit: 2, Before: "newer"}); c.asked != want {
			t.Errorf("asked for %+v", c.asked)
		}
		for _, bad := range []map[string]any{{"kind": "some"}, {"limit": 101}, {"limit": -1}, {"before": strings.Repeat("x", 300)}} {
			if h := page.ask("records.mine", bad); h.Error == nil || h.Error.Code != openseat.CodeInvalidValue {
				t.Errorf("%v: %+v", bad, h.Error)
			}
		}
	})
}

func TestMyDay(t *testing.T) {
	desk(t, func(w *world) {
		c := w.opens()
		now := time.Now()
		since := now.Add(-10*time.Hour - 30*time.Minute)
		c.day = report.MyDay{
			In: 3, Out: 1, Missed: 2, Talk: time.Hour, Longest: 40 * time.Minute, Scores: 2, ScoreSum: 3,
			Hours:    []report.MyHour{{At: since.Add(30 * time.Minute), In: 3, Out: 1, Missed: 2}},
			Statuses: map[acd.Status]time.Duration{acd.StatusFree: time.Hour, acd.StatusOffline: time.Hour},
		}
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		got := asked[day](page, "records.day", map[string]any{"from": since.UnixMilli()})
		want := day{
			In: 3, Out: 1, Missed: 2, Talk: 3600, Longest: 2400, Satisfaction: &daySatisfying{1.5, 2},
			Statuses: []statusTime{{acd.StatusFree, 3600}}, Hours: []hourOfDay{{At: millis(since.Add(30 * time.Minute)), In: 3, Out: 1, Missed: 2}},
		}
		if !reflect.DeepEqual(got, want) || !c.since.Equal(since) {
			t.Errorf("got %+v since %v", got, c.since)
		}
		if h := page.ask("records.day", map[string]any{"from": now.Add(-72 * time.Hour).UnixMilli()}); h.Error == nil {
			t.Error("a day of three days")
		}
		asked[day](page, "records.day", nil)
	})
}

func TestNotes(t *testing.T) {
	desk(t, func(w *world) {
		c := w.opens()
		w.view.Instance.Settings.NoteCategories = []string{"order", "return"}
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		asked[any](page, "note.put", map[string]any{"sessionId": "s1", "category": "order", "resolved": true, "text": "sent"})
		if want := (org.Note{App: app, SessionID: "s1", User: alice, Category: "order", Resolved: true, Text: "sent"}); c.note != want {
			t.Errorf("kept %+v", c.note)
		}
		got := asked[note](page, "note.get", map[string]any{"sessionId": "s1"})
		if want := (note{"order", true, "sent", []string{"order", "return"}}); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v", got)
		}
		c.contact = org.Contact{Name: "Ms Wang"}
		asked[any](page, "contact.put", map[string]any{"phoneNumber": "13800138000", "remark": "likes tea"})
		if want := (org.Contact{App: app, Number: "13800138000", Name: "Ms Wang", Remark: "likes tea", By: alice}); c.contact != want {
			t.Errorf("%+v", c.contact)
		}
		c.refuse = openseat.Errorf(openseat.CodeInvalidValue, "Category: is not one of the instance's")
		h := page.ask("note.put", map[string]any{"sessionId": "s1", "category": "joke"})
		if h.Error == nil || !strings.HasPrefix(h.Error.Message, "category: ") {
			t.Errorf("%+v", h.Error)
		}
		if h := page.ask("contact.put", map[string]any{"remark": "x"}); h.Error == nil || h.Error.Code != openseat.CodeMissingParameter {
			t.Errorf("%+v", h.Error)
		}
	})
}

// All pages of an agent learn of a change of his seat, whoever made it.
func TestSeatSettings(t *testing.T) {
	desk(t, func(w *world) {
		c := w.opens()
		c.staff.Phone, c.staff.Extension = "008613900139000", "7001"
		first, s := w.share(alice, "chrome", "tab-1")
		defer first.close()
		if s.Settings.ServerType != acd.SeatWeb || s.Settings.Mobile != "0086139****9000" {
			t.Errorf("settings %+v", s.Settings)
		}
		second, _ := w.share(alice, "chrome", "tab-2")
		defer second.close()
		w.tell(openseat.BoardRef(app), acd.PhoneUp{User: alice})
		h := first.ask("agent.settings", map[string]any{"serverType": "staffExtensionSeat", "useMobileAccept": 1})
		want := `{"serverType":"staffExtensionSeat","useMobileAccept":1,"useMobileCallOut":false,"mobile":"0086139****9000","extension":"7001","extensionOnline":true}`
		if h.Error != nil || string(h.Result) != want {
			t.Errorf("%+v %s", h.Error, h.Result)
		}
		w.g.SetUpChanged(app)
		w.g.SetUpChanged(app) // nothing new
		for _, page := range []*tab{first, second} {
			if e := page.event("settingsChanged"); e.Data["serverType"] != "staffExtensionSeat" {
				t.Errorf("%s: %v", page.name, e.Data)
			}
		}
		page, _ := w.login(bob, "tab-3")
		defer page.close()
		c.refuse = openseat.Errorf(openseat.CodeMissingParameter, "Phone is missing: the account has no mobile phone to ring")
		if h := page.ask("agent.settings", map[string]any{"useMobileAccept": 2}); h.Error == nil || !strings.HasPrefix(h.Error.Message, "phone is missing") {
			t.Errorf("%+v", h.Error)
		}
	})
}

func TestMyNumbers(t *testing.T) {
	desk(t, func(w *world) {
		w.view.Numbers["00864008001000"].Remark = "hotline"
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		got := asked[[]numberInfo](page, "numbers.mine", nil)
		if len(got) != 1 || got[0].Number != "00864008001000" || got[0].Remark != "hotline" {
			t.Errorf("%+v", got)
		}
	})
}

func TestGroupIDsAreAList(t *testing.T) {
	for ids, want := range map[groupIDs]string{"": "[]", "1,2": "[1,2]"} {
		if got, err := json.Marshal(ids); err != nil || string(got) != want {
			t.Errorf("%s, %v", got, err)
		}
	}
}
