package store_test

import (
	"slices"
	"strings"
	"testing"

	"openseat"
	"openseat/core/org"
)

func TestOfficeExtensions(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice", "bob")
	create := func(wish org.NewExtension) error { return o.CreateExtension(ctx, o.app, wish) }
	for name, c := range map[string]struct {
		wish org.NewExtension
		code string
	}{
		"no number":     {org.NewExtension{Name: "Desk"}, openseat.CodeMissingParameter},
		"three digits":  {org.NewExtension{ID: "700", Name: "Desk"}, openseat.CodeInvalidValue},
		"seven digits":  {org.NewExtension{ID: "7000000", Name: "Desk"}, openseat.CodeInvalidValue},
		"begins with 9": {org.NewExtension{ID: "9001", Name: "Desk"}, openseat.CodeInvalidValue},
		"no name":       {org.NewExtension{ID: "7001"}, openseat.CodeMissingParameter},
		"long name":     {org.NewExtension{ID: "7001", Name: strings.Repeat("x", 65)}, openseat.CodeInvalidValue},
		"no mail":       {org.NewExtension{ID: "7001", Name: "Desk", Relation: "alice"}, openseat.CodeInvalidValue},
		"nobody":        {org.NewExtension{ID: "7001", Name: "Desk", Relation: "zoe@x.cn"}, openseat.CodeAccountNotExist},
		"no group":      {org.NewExtension{ID: "7001", Name: "Desk", Groups: []int64{99}}, openseat.CodeSkillGroupError},
		"many groups":   {org.NewExtension{ID: "7001", Name: "Desk", Groups: make([]int64, 201)}, openseat.CodeOutOfCountLimit},
	} {
		o.step(t, name, create(c.wish), c.code)
	}
	o.step(t, "create", create(org.NewExtension{ID: "7001", Name: "Desk 1", Relation: "Alice@x.cn", Groups: []int64{1}}), "")
	o.step(t, "the same again", create(org.NewExtension{ID: "7001", Name: "Desk"}), org.CodeDuplicateSipAccount)
	o.step(t, "a second phone", create(org.NewExtension{ID: "7002", Name: "Desk", Relation: "alice@x.cn"}), openseat.CodeInUse)
	o.step(t, "without relation", create(org.NewExtension{ID: "800000", Name: "Lobby"}), "")
	first, err := o.Extension(ctx, o.app, "7001")
	ok(t, err)
	if len(first.Password) != 16 || first.User != "alice@x.cn" || o.view(t).Staff["alice@x.cn"].ExtensionPassword != first.Password {
		t.Errorf("7001: %+v", first)
	}

	modify := func(c org.ExtensionChange) error { return o.ModifyExtension(ctx, o.app, c) }
	o.step(t, "rename", modify(org.ExtensionChange{ID: "7001", Name: new("Window")}), "")
	o.step(t, "no name", modify(org.ExtensionChange{ID: "7001", Name: new("")}), openseat.CodeMissingParameter)
	o.step(t, "unknown", modify(org.ExtensionChange{ID: "7009"}), openseat.CodeNotFound)
	o.step(t, "to bob", modify(org.ExtensionChange{ID: "7001", Relation: new("bob@x.cn")}), "")
	o.step(t, "bad mail", modify(org.ExtensionChange{ID: "7001", Relation: new("bob")}), openseat.CodeInvalidValue)
	if v := o.view(t); v.Staff["alice@x.cn"].Extension != "" || v.Staff["bob@x.cn"].Extension != "7001" || v.Phones["7001"].Name != "Window" ||
		v.Phones["7001"].Password != first.Password || !slices.Equal(v.Phones["7001"].Groups, []int64{1}) {
		t.Errorf("after the change: %+v", v.Phones["7001"])
	}
	password, err := o.ResetExtensionPassword(ctx, o.app, "7001")
	o.step(t, "reset", err, "")
	if now := o.view(t).Phones["7001"]; now.Password != password || password == first.Password || len(now.Groups) != 1 {
		t.Errorf("after the reset: %+v", now)
	}
	_, err = o.ResetExtensionPassword(ctx, o.app, "7009")
	o.step(t, "reset unknown", err, openseat.CodeNotFound)

	for _, c := range []struct {
		f    org.ExtensionFilter
		want string
	}{
		{org.ExtensionFilter{}, "7001 800000"},
		{org.ExtensionFilter{IDs: []string{"7001", "7009"}}, "7001"},
		{org.ExtensionFilter{Text: "LOB"}, "800000"},
		{org.ExtensionFilter{Text: "bob@"}, "7001"},
		{org.ExtensionFilter{Text: "00"}, "7001 800000"},
		{org.ExtensionFilter{Text: "alice"}, ""},
	} {
		_, page, err := o.FindExtensions(ctx, o.app, c.f, org.Page{Size: 9})
		ok(t, err)
		var ids []string
		for _, e := range page {
			ids = append(ids, e.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
	_, _, err = o.FindExtensions(ctx, o.app, org.ExtensionFilter{IDs: make([]string, 101)}, org.Page{Size: 9})
	o.step(t, "many ids", err, openseat.CodeOutOfCountLimit)
	o.step(t, "by the account", o.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "alice@x.cn", Extension: new("7005")}), "")
	if p := o.view(t).Phones["7005"]; p == nil || len(p.Password) != 16 || p.User != "alice@x.cn" {
		t.Errorf("7005: %+v", p)
	}
	o.step(t, "delete", o.DeleteExtension(ctx, o.app, "7001"), "")
	o.step(t, "delete again", o.DeleteExtension(ctx, o.app, "7001"), openseat.CodeNotFound)
	if o.view(t).Staff["bob@x.cn"].Extension != "" {
		t.Error("bob has a phone that is not there")
	}
}

func TestOfficeSeats(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice")
	modify := func(c org.SeatChange) error { return o.ModifySeat(ctx, o.app, "alice@x.cn", c) }
	o.step(t, "a SIP phone", modify(org.SeatChange{Seat: new("staffExtensionSeat")}), "")
	o.step(t, "nonsense", modify(org.SeatChange{Seat: new("staffPhoneSeat")}), openseat.CodeInvalidValue)
	o.step(t, "no mobile phone", modify(org.SeatChange{UseMobileAccept: new(1)}), openseat.CodeMissingParameter)
	o.step(t, "no mobile phone to call with", modify(org.SeatChange{UseMobileCallOut: new(true)}), openseat.CodeMissingParameter)
	o.step(t, "a number", o.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "alice@x.cn", Phone: new("13800138000")}), "")
	o.step(t, "a mode there is not", modify(org.SeatChange{UseMobileAccept: new(3)}), openseat.CodeInvalidValue)
	o.step(t, "always", modify(org.SeatChange{UseMobileAccept: new(2), UseMobileCallOut: new(true), Seat: new("staffSeat")}), "")
	if s := o.view(t).Staff["alice@x.cn"]; s.Seat != "" || s.UseMobileAccept != 2 || !s.UseMobileCallOut {
		t.Errorf("alice: %+v", s)
	}
	o.step(t, "the number goes", o.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "alice@x.cn", Phone: new("")}), openseat.CodeMissingParameter)
	o.step(t, "a stranger", o.ModifySeat(ctx, o.app, "zoe@x.cn", org.SeatChange{}), openseat.CodeAccountNotExist)
}

func TestOfficeDisableNumbers(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ok(t, o.PutTrunk(ctx, org.Trunk{App: o.app, Name: "line", Peer: "carrier.example:5060"}))
	for number, state := range map[string]int{"4008001000": 0, "4008001001": 0, "4008001002": 5} {
		ok(t, o.PutNumber(ctx, org.Number{App: o.app, Number: number, Trunk: "line", State: state}))
	}
	states := func() [3]int {
		n := o.view(t).Numbers
		return [3]int{n["00864008001000"].State, n["00864008001001"].State, n["00864008001002"].State}
	}
	o.told = 0
	o.step(t, "an unknown one among them", o.DisableNumbers(ctx, o.app, []string{"4008001000", "4008001009"}, true), openseat.CodeNotFound)
	if got := states(); got != [3]int{1, 1, 5} {
		t.Errorf("after a refusal: %v", got)
	}
	o.step(t, "off", o.DisableNumbers(ctx, o.app, []string{"4008001000", "00864008001002"}, true), "")
	if got := states(); got != [3]int{4, 1, 5} {
		t.Errorf("off: %v", got)
	}
	o.step(t, "on", o.DisableNumbers(ctx, o.app, []string{"4008001000", "4008001001", "4008001002"}, false), "")
	if got := states(); got != [3]int{1, 1, 5} {
		t.Errorf("on: %v", got)
	}
}

func TestOfficeContactsAndNotes(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	put := func(c org.Contact) string {
		c.App = o.app
		if err := o.PutContact(ctx, c); err != nil {
			return openseat.AsError(err).Code
		}
		return ""
	}
	for want, c := range map[string]org.Contact{
		"":                         {Number: "13800138000", Name: "Zhang"},
		org.CodeInvalidPhoneNumber: {Number: "x", Name: "Zhang"},
		openseat.CodeInvalidValue:  {Number: "13800138000", Remark: strings.Repeat("长", 1001)},
	} {
		if got := put(c); got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
	for number, want := range map[string]string{"008613800138000": "Zhang", "anonymous": "", "13900139000": ""} {
		if got, err := o.Remark(ctx, o.app, number); got != want || err != nil {
			t.Errorf("%s: %q, %v", number, got, err)
		}
	}
	if got := put(org.Contact{Number: "+8613800138000", Name: "Zhang", Remark: "VIP\nimpatient"}); got != "" {
		t.Error(got)
	}
	if got, err := o.Remark(ctx, o.app, "13800138000"); got != "VIP\nimpatient" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	total, _, err := o.FindContacts(ctx, o.app, "zha", org.Page{Size: 1})
	if err != nil || total != 1 {
		t.Errorf("found %d, %v", total, err)
	}

	ok(t, o.ModifyInstance(ctx, o.app, org.InstanceChange{Settings: &org.Settings{NoteCategories: []string{"refund", "other"}}}))
	for want, n := range map[string]org.Note{
		"":                            {SessionID: "s-1", User: "alice@x.cn", Category: "refund", Text: "a\nb", Resolved: true},
		openseat.CodeMissingParameter: {User: "alice@x.cn"},
		openseat.CodeInvalidValue:     {SessionID: "s-1", User: "alice@x.cn", Category: "praise"},
	} {
		n.App = o.app
		if err := o.PutNote(ctx, n); err == nil && want != "" || err != nil && openseat.AsError(err).Code != want {
			t.Errorf("%+v: %v, want %q", n, err, want)
		}
	}
	n, err := o.Note(ctx, o.app, "s-1", "alice@x.cn")
	ok(t, err)
	if n.Category != "refund" || !n.Resolved || !n.ModifiedAt.Equal(o.now) {
		t.Errorf("note: %+v", n)
	}
	total, _, err = o.FindNotes(ctx, o.app, org.NoteQuery{User: "alice@x.cn"}, org.Page{Size: 9})
	if err != nil || total != 1 {
		t.Errorf("found %d, %v", total, err)
	}
	_, _, err = o.FindNotes(ctx, o.app, org.NoteQuery{SessionIDs: make([]string, 101)}, org.Page{Size: 9})
	if openseat.AsError(err).Code != openseat.CodeOutOfCountLimit {
		t.Error(err)
	}
}
