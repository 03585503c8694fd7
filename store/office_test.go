package store_test

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/store"
)

// office is an administrator's desk over a real database, with a clock and chance that repeat themselves.
type office struct {
	*org.Office
	db   *store.DB
	now  time.Time
	told int // how often others were told of a change
	app  openseat.AppID
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{db: open(t, "", t.TempDir()), now: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}
	o.Office = org.NewOffice(o.db, func() time.Time { return o.now }, rand.NewChaCha8([32]byte{}), func(app openseat.AppID) {
		if app == o.app || o.app == 0 {
			o.told++
		}
	})
	in, err := o.CreateInstance(t.Context(), org.NewInstance{Name: "Desk"})
	ok(t, err)
	o.app = in.App
	o.told = 0
	return o
}

// ask is what a test wants of one step: the code of its error ("" = it goes well), and whether others hear of it.
func (o *office) step(t *testing.T, what string, err error, code string) {
	t.Helper()
	if code == "" {
		ok(t, err)
		if o.told != 1 {
			t.Errorf("%s: others were told %d times", what, o.told)
		}
	} else {
		if !errors.Is(err, &openseat.Error{Code: code}) {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
		if o.told != 0 {
			t.Errorf("%s: refused, but others were told", what)
		}
	}
	o.told = 0
}

func (o *office) view(t *testing.T) *org.View {
	t.Helper()
	v, err := o.db.View(t.Context(), o.app)
	ok(t, err)
	return v
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOfficeInstances(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	first := o.view(t).Instance
	if first.App != 1400000001 || len(first.UserSigKey) != 64 {
		t.Errorf("the first instance: %d with a key of %d characters", first.App, len(first.UserSigKey))
	}
	second, err := o.CreateInstance(ctx, org.NewInstance{Name: "Second"})
	ok(t, err)
	if second.App != 1400000002 || second.UserSigKey == first.UserSigKey {
		t.Errorf("the second: %+v", second)
	}
	o.told = 0
	for name, wish := range map[string]org.NewInstance{
		"no name":            {},
		"long name":          {Name: strings.Repeat("名", 65)},
		"a foreign SdkAppId": {Name: "x", App: 1500000000},
		"status":             {Name: "x", Settings: org.Settings{OnlineStatus: "busy"}},
		"region":             {Name: "x", Settings: org.Settings{Region: "cn"}},
		"grace":              {Name: "x", Settings: org.Settings{MediaLossGrace: time.Hour}},
		"rest reason":        {Name: "x", Settings: org.Settings{RestReasons: []string{""}}},
	} {
		if _, err := o.CreateInstance(ctx, wish); openseat.AsError(err).Code == openseat.CodeInternal || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = o.CreateInstance(ctx, org.NewInstance{Name: "x", App: first.App})
	o.step(t, "taken", err, openseat.CodeInUse)
	o.step(t, "rename", o.ModifyInstance(ctx, o.app, org.InstanceChange{Name: new("新")}), "")
	if in := o.view(t).Instance; in.Name != "新" || in.UserSigKey != first.UserSigKey {
		t.Errorf("renamed: %+v", in)
	}
	o.step(t, "bad settings", o.ModifyInstance(ctx, o.app, org.InstanceChange{Settings: &org.Settings{OnlineStatus: "x"}}), openseat.CodeInvalidValue)
}

func TestOfficeKeys(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	k, err := o.CreateKey(ctx, o.app)
	o.step(t, "create", err, "")
	if !strings.HasPrefix(k.SecretID, "AKID") || len(k.SecretID) != 36 || len(k.SecretKey) != 32 {
		t.Errorf("key: %s", k.SecretID)
	}
	_, err = o.CreateKey(ctx, 1400000077)
	if !errors.Is(err, &openseat.Error{Code: openseat.CodeInstanceNotExist}) {
		t.Errorf("a key for nobody: %v", err)
	}
	views := store.NewViews(o.db)
	ok(t, views.RefreshAll(ctx))
	if got, found := views.Key(k.SecretID); !found || got.SecretKey != k.SecretKey || got.App != o.app {
		t.Errorf("the key is not in the views: %+v", got)
	}
	o.step(t, "disable", o.DisableKey(ctx, o.app, k.SecretID, true), "")
	ok(t, views.Refresh(ctx, o.app))
	if _, found := views.Key(k.SecretID); found {
		t.Error("a disabled key is still good")
	}
	o.step(t, "a stranger's", o.DisableKey(ctx, o.app, "AKIDx", true), openseat.CodeNotFound)
	other, err := o.CreateInstance(ctx, org.NewInstance{Name: "Other"})
	ok(t, err)
	o.told = 0
	o.step(t, "another instance's", o.DisableKey(ctx, other.App, k.SecretID, false), openseat.CodeNotFound)
}

func TestOfficeNoChance(t *testing.T) {
	o := newOffice(t)
	broken := org.NewOffice(o.db, time.Now, io.LimitReader(rand.NewChaCha8([32]byte{}), 10), nil)
	if _, err := broken.CreateKey(t.Context(), o.app); err == nil {
		t.Error("a key without random bytes")
	}
}

func TestOfficeStaff(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	support, err := o.CreateGroup(ctx, o.app, org.NewGroup{Name: "Support"})
	ok(t, err)
	o.told = 0
	failed, err := o.CreateStaff(ctx, o.app, []org.NewStaff{
		{Mail: "Alice@Demo.OpenSeat", Name: "Alice", Nick: "优优", Phone: "13800138000", StaffNumber: "1001", Groups: []string{"Support"}},
		{Mail: "alice@demo.openseat", Name: "Alice again"},
		{Mail: "not mail", Name: "x"},
		{Mail: "bob@demo.openseat"},
		{Mail: "bob@demo.openseat", Name: "Bob", Phone: "abc"},
		{Mail: "bob@demo.openseat", Name: "Bob", StaffNumber: "10 01"},
		{Mail: "bob@demo.openseat", Name: "Bob", Role: 9},
		{Mail: "bob@demo.openseat", Name: "Bob", Groups: []string{"Nowhere"}},
		{Mail: "bob@demo.openseat", Name: "Bob", Extension: "0123"},
		{Mail: "bob@demo.openseat", Name: "Bob\n"},
	})
	o.step(t, "create", err, "")
	got := []string{}
	for _, f := range failed {
		got = append(got, f.Err.Code+" "+strings.Fields(f.Err.Message)[0])
	}
	want := []string{
		"FailedOperation.DuplicatedAccount Mail", "InvalidParameterValue Mail", "MissingParameter Name",
		"InvalidParameter.InvalidPhoneNumber Phone:", "InvalidParameterValue StaffNumber", "InvalidParameterValue Role",
		"InvalidParameterValue.SkillGroupError SkillGroupNameList", "InvalidParameterValue ExtensionNumber", "InvalidParameterValue Name",
	}
	if !slices.Equal(got, want) {
		t.Errorf("failed:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	alice := o.view(t).Staff["alice@demo.openseat"]
	if alice.Phone != "008613800138000" || alice.Role != org.RoleAgent || alice.Mail != "alice@demo.openseat" ||
		!slices.Equal(alice.Groups, []org.Membership{{GroupID: support, Priority: 3}}) {
		t.Errorf("alice: %+v", alice)
	}
	_, err = o.CreateStaff(ctx, o.app, make([]org.NewStaff, 11))
	o.step(t, "eleven", err, openseat.CodeOutOfCountLimit)
	_, err = o.CreateStaff(ctx, o.app, nil)
	o.step(t, "nobody", err, openseat.CodeMissingParameter)
	_, err = o.CreateStaff(ctx, 1400000077, make([]org.NewStaff, 1))
	o.step(t, "nowhere", err, openseat.CodeInstanceNotExist)
}

func TestOfficeModifyStaff(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice", "bob")
	modify := func(c org.StaffChange) error {
		c.Mail = "Alice@x.cn"
		return o.ModifyStaff(ctx, o.app, c)
	}
	o.now = o.now.Add(time.Hour)
	o.step(t, "name", modify(org.StaffChange{Name: new("A"), StaffNumber: new("8546"), Extension: new("7001"), ExtensionPassword: new("Phone123")}), "")
	o.step(t, "groups", modify(org.StaffChange{GroupIDs: []int64{2, 1}}), "")
	alice := o.view(t).Staff["alice@x.cn"]
	if alice.Name != "A" || alice.StaffNumber != "8546" || alice.Extension != "7001" || alice.ExtensionPassword != "Phone123" || len(alice.Groups) != 2 || !alice.ModifiedAt.Equal(o.now) {
		t.Errorf("alice: %+v", alice)
	}
	o.step(t, "priority", o.BindGroups(ctx, o.app, "alice@x.cn", []org.Membership{{GroupID: 2, Priority: 1}}), "")
	o.step(t, "leave a group", modify(org.StaffChange{GroupIDs: []int64{2}}), "")
	if g := o.view(t).Staff["alice@x.cn"].Groups; !slices.Equal(g, []org.Membership{{GroupID: 2, Priority: 1}}) {
		t.Errorf("groups: %+v", g)
	}
	o.step(t, "no such group", modify(org.StaffChange{GroupIDs: []int64{9}}), openseat.CodeSkillGroupError)
	o.step(t, "bad phone", modify(org.StaffChange{Phone: new("x")}), org.CodeInvalidPhoneNumber)
	o.step(t, "weak", modify(org.StaffChange{ExtensionPassword: new("weak")}), org.CodeSipAccountPassword)
	o.step(t, "bob's number", o.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "bob@x.cn", StaffNumber: new("8546")}), openseat.CodeDuplicatedAccount)
	o.step(t, "nobody", o.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "no@x.cn"}), openseat.CodeAccountNotExist)
	o.step(t, "no mail", o.ModifyStaff(ctx, o.app, org.StaffChange{}), openseat.CodeMissingParameter)
}

// people creates staff with these names at x.cn, and groups 1 and 2.
func (o *office) people(t *testing.T, names ...string) {
	t.Helper()
	for _, g := range []string{"Support", "Sales"} {
		_, err := o.CreateGroup(t.Context(), o.app, org.NewGroup{Name: g})
		ok(t, err)
	}
	for _, n := range names {
		failed, err := o.CreateStaff(t.Context(), o.app, []org.NewStaff{{Mail: n + "@x.cn", Name: n}})
		ok(t, err)
		if len(failed) > 0 {
			t.Fatal(failed[0].Err)
		}
	}
	o.told = 0
}

// Two administrators who change different things of one account do not undo each other.
func TestOfficeTwoAtOnce(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice")
	office := org.NewOffice(o.db, time.Now, rand.NewChaCha8([32]byte{}), nil)
	const rounds = 20
	errs := make(chan error)
	for i := range rounds {
		go func() {
			errs <- office.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "alice@x.cn", Nick: new(strings.Repeat("n", i+1))})
		}()
		go func() {
			errs <- office.ModifyStaff(ctx, o.app, org.StaffChange{Mail: "alice@x.cn", StaffNumber: new(strings.Repeat("1", i+1))})
		}()
		ok(t, <-errs)
		ok(t, <-errs)
		if s := o.view(t).Staff["alice@x.cn"]; len(s.Nick) != i+1 || len(s.StaffNumber) != i+1 {
			t.Fatalf("round %d: nick %q, number %q", i, s.Nick, s.StaffNumber)
		}
	}
}

func TestOfficeDeleteStaff(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice", "bob", "carol")
	online := func(user string) bool { return user == "bob@x.cn" }
	_, err := o.DeleteStaff(ctx, o.app, []string{"alice@x.cn", "nobody@x.cn"}, online)
	o.step(t, "one unknown", err, openseat.CodeAccountNotExist)
	stay, err := o.DeleteStaff(ctx, o.app, []string{"Alice@x.cn", "bob@x.cn", "alice@x.cn"}, online)
	o.step(t, "alice and bob", err, "")
	if left := o.view(t).Staff; !slices.Equal(stay, []string{"bob@x.cn"}) || len(left) != 2 || left["alice@x.cn"] != nil {
		t.Errorf("stay %v, left %v", stay, left)
	}
	_, err = o.DeleteStaff(ctx, o.app, make([]string, 201), online)
	o.step(t, "too many", err, openseat.CodeOutOfCountLimit)
	_, err = o.DeleteStaff(ctx, o.app, nil, online)
	o.step(t, "none", err, openseat.CodeMissingParameter)
	if stay, err = o.DeleteStaff(ctx, o.app, []string{"bob@x.cn"}, online); err != nil || len(stay) != 1 || o.told != 0 {
		t.Errorf("only online ones: %v, %v", stay, err)
	}
}

func TestOfficeFindStaff(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice", "bob", "carol")
	ok(t, o.BindGroups(ctx, o.app, "carol@x.cn", []org.Membership{{GroupID: 1}}))
	for _, c := range []struct {
		name  string
		f     org.StaffFilter
		page  org.Page
		total int
		want  string
	}{
		{"all", org.StaffFilter{}, org.Page{Size: 9999}, 3, "alice bob carol"},
		{"second page", org.StaffFilter{}, org.Page{Number: 1, Size: 2}, 3, "carol"},
		{"by mail", org.StaffFilter{Mail: "BOB@x.cn"}, org.Page{Size: 1}, 1, "bob"},
		{"by group", org.StaffFilter{GroupID: 1}, org.Page{Size: 1}, 1, "carol"},
	} {
		total, page, err := o.FindStaff(ctx, o.app, c.f, c.page)
		ok(t, err)
		var names []string
		for _, s := range page {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); total != c.total || got != c.want {
			t.Errorf("%s: %q of %d", c.name, got, total)
		}
	}
	for _, p := range []org.Page{{}, {Size: 10000}, {Size: -1}, {Size: 10, Number: -1}, {Size: 9999, Number: 1 << 40}} {
		if _, _, err := o.FindStaff(ctx, o.app, org.StaffFilter{}, p); openseat.AsError(err) == nil || openseat.AsError(err).Code != openseat.CodeInvalidValue {
			t.Errorf("page %+v: %v", p, err)
		}
	}
}

func TestOfficeBindGroups(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice")
	const alice = "alice@x.cn"
	bind := func(ms ...org.Membership) error { return o.BindGroups(ctx, o.app, alice, ms) }
	o.step(t, "bind", bind(org.Membership{GroupID: 2, Priority: 5}, org.Membership{GroupID: 1}), "")
	if g := o.view(t).Staff[alice].Groups; !slices.Equal(g, []org.Membership{{GroupID: 1, Priority: 3}, {GroupID: 2, Priority: 5}}) {
		t.Errorf("groups: %+v", g)
	}
	o.step(t, "priority", bind(org.Membership{GroupID: 1, Priority: 6}), openseat.CodeInvalidValue)
	o.step(t, "nothing", bind(), openseat.CodeInvalidValue)
	o.step(t, "no such group", bind(org.Membership{GroupID: 9}), openseat.CodeSkillGroupError)
	o.step(t, "unbind", o.UnbindGroups(ctx, o.app, alice, []int64{2}), "")
	o.step(t, "unbind nobody", o.UnbindGroups(ctx, o.app, "no@x.cn", []int64{2}), openseat.CodeAccountNotExist)
	o.step(t, "unbind nothing", o.UnbindGroups(ctx, o.app, alice, nil), openseat.CodeInvalidValue)
	if g := o.view(t).Staff[alice].Groups; len(g) != 1 {
		t.Errorf("groups: %+v", g)
	}
}

func TestOfficeGroups(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	id, err := o.CreateGroup(ctx, o.app, org.NewGroup{Name: "Support"})
	o.step(t, "create", err, "")
	if g := o.view(t).Groups[id]; g.MaxConcurrency != 1 || g.RingTimeout != 20*time.Second {
		t.Errorf("defaults: %+v", g)
	}
	for _, c := range []struct {
		what string
		wish org.NewGroup
		code string
	}{
		{"the same name", org.NewGroup{Name: "Support"}, openseat.CodeSkillGroupExist},
		{"no name", org.NewGroup{}, openseat.CodeMissingParameter},
		{"type", org.NewGroup{Name: "x", Type: 2}, openseat.CodeInvalidValue},
		{"two calls at once", org.NewGroup{Name: "x", MaxConcurrency: 2}, openseat.CodeInvalidValue},
		{"two videos at once", org.NewGroup{Name: "x", Type: org.GroupVideo, MaxConcurrency: 2}, openseat.CodeInvalidValue},
		{"two while all ring", org.NewGroup{Name: "both", MaxConcurrency: 2, RingAll: true}, ""},
		{"three while all ring", org.NewGroup{Name: "x", MaxConcurrency: 3, RingAll: true}, openseat.CodeInvalidValue},
		{"many chats", org.NewGroup{Name: "chat", Type: org.GroupChat, MaxConcurrency: 20}, ""},
		{"too many chats", org.NewGroup{Name: "x", Type: org.GroupChat, MaxConcurrency: 1000}, openseat.CodeInvalidValue},
		{"no chats", org.NewGroup{Name: "x", Type: org.GroupChat, MaxConcurrency: -1}, openseat.CodeInvalidValue},
		{"route policy", org.NewGroup{Name: "x", RoutePolicy: 7}, openseat.CodeInvalidValue},
		{"rings too short", org.NewGroup{Name: "x", RingTimeout: 4 * time.Second}, openseat.CodeInvalidValue},
		{"rings too long", org.NewGroup{Name: "x", RingTimeout: 121 * time.Second}, openseat.CodeInvalidValue},
		{"wrap-up", org.NewGroup{Name: "x", WrapUp: time.Hour + time.Second}, openseat.CodeInvalidValue},
		{"part of a second", org.NewGroup{Name: "x", WrapUp: time.Millisecond}, openseat.CodeInvalidValue},
		{"all at their limits", org.NewGroup{Name: "limits", RingTimeout: 2 * time.Minute, WrapUp: time.Hour, QueueTimeout: 24 * time.Hour}, ""},
	} {
		_, err := o.CreateGroup(ctx, o.app, c.wish)
		o.step(t, c.what, err, c.code)
	}
	modify := func(c org.GroupChange) error { c.ID = id; return o.ModifyGroup(ctx, o.app, c) }
	o.step(t, "ring all, two", modify(org.GroupChange{RingAll: new(true), MaxConcurrency: new(2)}), "")
	o.step(t, "ring all off", modify(org.GroupChange{RingAll: new(false), Name: new("客服"), WrapUp: new(30 * time.Second)}), "")
	if g := o.view(t).Groups[id]; g.MaxConcurrency != 1 || g.Name != "客服" || g.WrapUp != 30*time.Second {
		t.Errorf("modified: %+v", g)
	}
	o.step(t, "taken name", modify(org.GroupChange{Name: new("chat")}), openseat.CodeSkillGroupExist)
	o.step(t, "unknown", o.ModifyGroup(ctx, o.app, org.GroupChange{ID: 99}), openseat.CodeSkillGroupError)
	total, page, err := o.FindGroups(ctx, o.app, org.GroupFilter{Name: "服"}, org.Page{Size: 100})
	ok(t, err)
	if total != 1 || page[0].ID != id {
		t.Errorf("found %d: %+v", total, page)
	}
	_, _, err = o.FindGroups(ctx, o.app, org.GroupFilter{}, org.Page{Size: 101})
	o.step(t, "long page", err, openseat.CodeInvalidValue)
	o.step(t, "delete", o.DeleteGroup(ctx, o.app, id), "")
	o.step(t, "delete again", o.DeleteGroup(ctx, o.app, id), openseat.CodeSkillGroupError)
}

func TestOfficeLines(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t)
	chat, err := o.CreateGroup(ctx, o.app, org.NewGroup{Name: "Online", Type: org.GroupChat})
	o.step(t, "chat group", err, "")
	trunk := org.Trunk{App: o.app, Name: "line", Peer: "127.0.0.1:5090"}
	put := func(change func(*org.Trunk)) error {
		k := trunk
		change(&k)
		return o.PutTrunk(ctx, k)
	}
	for _, c := range []struct {
		what   string
		change func(*org.Trunk)
		code   string
	}{
		{"plain", func(*org.Trunk) {}, ""},
		{"no name", func(k *org.Trunk) { k.Name = "" }, openseat.CodeMissingParameter},
		{"no port", func(k *org.Trunk) { k.Peer = "127.0.0.1" }, org.CodeInvalidAddress},
		{"transport", func(k *org.Trunk) { k.Transport = "sctp" }, openseat.CodeInvalidValue},
		{"source", func(k *org.Trunk) { k.Sources = []string{"10.0.0.0/8", "x"} }, org.CodeInvalidIP},
		{"codec", func(k *org.Trunk) { k.Codecs = []string{"PCMU", "PCMU"} }, openseat.CodeInvalidValue},
		{"calls", func(k *org.Trunk) { k.MaxCalls = -1 }, openseat.CodeInvalidValue},
		{"register without a name", func(k *org.Trunk) { k.Register = true }, org.CodeSipAccountUser},
		{"register without a password", func(k *org.Trunk) { k.Register, k.Username = true, "+8610" }, org.CodeSipAccountPassword},
		{"a name with a space", func(k *org.Trunk) { k.Username = "a b" }, org.CodeSipAccountUser},
		{"a password with a line break", func(k *org.Trunk) { k.Password = "a\r\nb" }, org.CodeSipAccountPassword},
		{"domain", func(k *org.Trunk) { k.Domain = "a b" }, org.CodeInvalidAddress},
		{"register", func(k *org.Trunk) { k.Register, k.Username, k.Password = true, "user", "1234" }, ""},
		{"the password stays", func(k *org.Trunk) { k.Register, k.Username = true, "user2" }, ""},
	} {
		o.step(t, c.what, put(c.change), c.code)
	}
	if k := o.view(t).Trunks["line"]; k.Password != "1234" || k.Username != "user2" || k.Transport != "udp" {
		t.Errorf("trunk: %+v", k)
	}
	o.numbers(t, chat)
	o.step(t, "trunk in use", o.DeleteTrunk(ctx, o.app, "line"), org.CodeSipTrunkInUsed)
	o.step(t, "delete number", o.DeleteNumber(ctx, o.app, "400-800-1000"), "")
	o.step(t, "delete number again", o.DeleteNumber(ctx, o.app, "400-800-1000"), openseat.CodeNotFound)
	o.step(t, "delete trunk", o.DeleteTrunk(ctx, o.app, "line"), "")
	left, err := o.Trunks(ctx, o.app)
	ok(t, err)
	if len(left) != 0 {
		t.Errorf("trunks: %+v", left)
	}
}

func (o *office) numbers(t *testing.T, chat int64) {
	t.Helper()
	ctx, n := t.Context(), org.Number{App: o.app, Number: "400 800 1000", Trunk: "line", CallOut: true}
	o.step(t, "number", o.PutNumber(ctx, n), "")
	bad := func(what, code string, change func(*org.Number)) {
		t.Helper()
		b := n
		change(&b)
		o.step(t, what, o.PutNumber(ctx, b), code)
	}
	bad("not a number", org.CodeInvalidPhoneNumber, func(n *org.Number) { n.Number = "x" })
	bad("trunk", org.CodeSipTrunkNotFound, func(n *org.Number) { n.Trunk = "no" })
	bad("flow", openseat.CodeNotFound, func(n *org.Number) { n.Flow = "no" })
	bad("state", openseat.CodeInvalidValue, func(n *org.Number) { n.State = 3 })
	bad("unknown group", openseat.CodeSkillGroupError, func(n *org.Number) { n.CallOutGroups = []int64{99} })
	bad("chat group", openseat.CodeSkillGroupError, func(n *org.Number) { n.CallOutGroups = []int64{chat} })
	bad("remark", openseat.CodeInvalidValue, func(n *org.Number) { n.Remark = strings.Repeat("x", 257) })
	o.step(t, "bind", o.BindNumber(ctx, o.app, "4008001000", []int64{2, 1, 2}), "")
	o.step(t, "unbind", o.UnbindNumber(ctx, o.app, "+864008001000", []int64{2}), "")
	o.step(t, "bind what is not ours", o.BindNumber(ctx, o.app, "4008001001", []int64{1}), openseat.CodeNotFound)
	total, page, err := o.FindNumbers(ctx, o.app, org.Page{Size: 20})
	ok(t, err)
	if total != 1 || page[0].Number != "00864008001000" || page[0].State != org.NumberNormal || !slices.Equal(page[0].CallOutGroups, []int64{1}) {
		t.Errorf("numbers: %+v", page)
	}
	views := store.NewViews(o.db)
	ok(t, views.Refresh(ctx, o.app))
	if v := views.Owner("00864008001000"); v == nil || v.Instance.App != o.app || views.Owner("0086") != nil {
		t.Errorf("owner: %v", v)
	}
}

func TestOfficeFlows(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	fine := func(json.RawMessage) error { return nil }
	publish := func(name, definition string, validate func(json.RawMessage) error) error {
		_, err := o.PublishFlow(ctx, o.app, name, json.RawMessage(definition), validate)
		return err
	}
	o.step(t, "publish", publish("welcome", `{"v":1}`, fine), "")
	o.step(t, "again", publish("welcome", `{"v":2}`, fine), "")
	o.step(t, "no name", publish("", `{}`, fine), openseat.CodeMissingParameter)
	o.step(t, "no JSON", publish("x", `{`, fine), openseat.CodeInvalidValue)
	o.step(t, "too big", publish("x", `"`+strings.Repeat("x", 1<<20)+`"`, fine), openseat.CodeInvalidValue)
	o.step(t, "wrong", publish("x", `{}`, func(json.RawMessage) error { return errors.New("node 1 leads nowhere") }), openseat.CodeInvalidValue)
	o.step(t, "wrong with a code", publish("x", `{}`, func(json.RawMessage) error { return openseat.Errorf("X.Y", "z") }), "X.Y")
	all, err := o.Flows(ctx, o.app)
	ok(t, err)
	if len(all) != 1 || all[0].Version != 2 || string(all[0].Definition) != `{"v":2}` {
		t.Errorf("flows: %+v", all)
	}
	versions, err := o.FlowVersions(ctx, o.app, "welcome")
	ok(t, err)
	if len(versions) != 2 {
		t.Errorf("versions: %+v", versions)
	}
}

func TestOfficePush(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	put := func(p org.Push) error { p.App = o.app; return o.PutPush(ctx, p) }
	const url = "https://x.cn/push"
	o.step(t, "off", put(org.Push{}), "")
	o.step(t, "plain", put(org.Push{URL: url, CDR: true}), "")
	o.step(t, "not http", put(org.Push{URL: "file:///etc/passwd"}), openseat.CodeInvalidValue)
	o.step(t, "kind", put(org.Push{URL: url, Auth: "digest"}), openseat.CodeInvalidValue)
	o.step(t, "basic without name", put(org.Push{URL: url, Auth: "basic", Password: "p"}), openseat.CodeMissingParameter)
	o.step(t, "basic without password", put(org.Push{URL: url, Auth: "basic", Username: "u"}), openseat.CodeMissingParameter)
	o.step(t, "basic", put(org.Push{URL: url, Auth: "basic", Username: "u", Password: "p"}), "")
	o.step(t, "basic, password stays", put(org.Push{URL: url, Auth: "basic", Username: "v"}), "")
	o.step(t, "oauth2 without token URL", put(org.Push{URL: url, Auth: "oauth2", ClientID: "c", Secret: "s"}), openseat.CodeInvalidValue)
	o.step(t, "oauth2 without secret", put(org.Push{URL: url, Auth: "oauth2", ClientID: "c", TokenURL: url}), openseat.CodeMissingParameter)
	o.step(t, "oauth2", put(org.Push{URL: url, Auth: "oauth2", ClientID: "c", TokenURL: url, Secret: "s"}), "")
	p, err := o.PushSettings(ctx, o.app)
	ok(t, err)
	if p.Secret != "s" || p.Password != "p" || p.Auth != "oauth2" {
		t.Errorf("push: %+v", p)
	}
}

func TestOfficeSignIn(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	o.people(t, "alice", "bob")
	o.step(t, "weak", o.SetPassword(ctx, o.app, "alice@x.cn", "password"), openseat.CodeInvalidValue)
	o.step(t, "set", o.SetPassword(ctx, o.app, "Alice@x.cn", "Password1"), "")
	o.step(t, "nobody's", o.SetPassword(ctx, o.app, "no@x.cn", "Password1"), openseat.CodeAccountNotExist)
	s, err := o.SignIn(ctx, o.app, "ALICE@x.cn", "Password1")
	ok(t, err)
	if s.UserID != "alice@x.cn" {
		t.Errorf("signed in as %s", s.UserID)
	}
	for what, c := range map[string][2]string{
		"wrong password": {"alice@x.cn", "Password2"}, "no password set": {"bob@x.cn", ""}, "nobody": {"no@x.cn", "Password1"},
		"no mail": {"", "Password1"}, "endless": {"alice@x.cn", strings.Repeat("x", 1<<20)},
	} {
		_, err := o.SignIn(ctx, o.app, c[0], c[1])
		if e := openseat.AsError(err); e == nil || e.Code != openseat.CodeUnauthorized || e.Message != "account or password is wrong" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestViews(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	views := store.NewViews(o.db)
	if views.Get(o.app) != nil || len(views.All()) != 0 {
		t.Error("views before the first refresh")
	}
	ok(t, views.RefreshAll(ctx))
	before := views.Get(o.app)
	o.people(t, "alice")
	if views.Get(o.app) != before || len(before.Staff) != 0 {
		t.Error("a picture changed by itself")
	}
	ok(t, views.Refresh(ctx, o.app))
	if len(before.Staff) != 0 || views.Get(o.app).Staff["alice@x.cn"] == nil || len(views.All()) != 1 {
		t.Error("the new picture is not there")
	}
	ok(t, views.Refresh(ctx, 1400000077))
	if views.Get(1400000077) != nil {
		t.Error("a view of nothing")
	}
	done := make(chan struct{})
	go func() { // a reader who never waits
		defer close(done)
		for range 1000 {
			if views.Get(o.app) == nil {
				t.Error("a view vanished")
			}
		}
	}()
	for range 10 {
		ok(t, views.Refresh(ctx, o.app))
	}
	<-done
	ok(t, o.db.Close())
	if err := views.Refresh(ctx, o.app); err == nil || views.Get(o.app) == nil {
		t.Errorf("while the store is down, the last picture stays: %v", err)
	}
}
