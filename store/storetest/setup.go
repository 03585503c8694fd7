package storetest

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/store"
)

func person(app openseat.AppID, user, number string, groups ...org.Membership) org.Staff {
	return org.Staff{
		App: app, UserID: user, Name: "Alice 张三", Nick: "优优", Phone: "008613800138000", StaffNumber: number, Mail: user,
		Role: org.RoleAgent, PasswordHash: "hash", CreatedAt: noon, ModifiedAt: noon, Groups: groups,
	}
}

func group(app openseat.AppID, name string) org.SkillGroup {
	return org.SkillGroup{
		App: app, Name: name, MaxConcurrency: 1, UsingLastSeat: true, RingAll: true, RingTimeout: 20 * time.Second,
		WrapUp: 90 * time.Second, QueueTimeout: time.Minute, CreatedAt: noon, ModifiedAt: noon,
	}
}

func line(app openseat.AppID, name string) org.Trunk {
	return org.Trunk{
		App: app, Name: name, Peer: "carrier.example:5060", Transport: "udp", Sources: []string{"192.0.2.0/24"}, Register: true,
		Username: "user", Password: "Secret99", Domain: "carrier.example", Codecs: []string{"PCMU"}, MaxCalls: 30, CreatedAt: noon,
	}
}

func view(t *testing.T, db *store.DB, app openseat.AppID) *org.View {
	t.Helper()
	v, err := db.View(t.Context(), app)
	must(t, err)
	return v
}

func newGroup(t *testing.T, db *store.DB, app openseat.AppID, name string) int64 {
	t.Helper()
	id, err := db.CreateGroup(t.Context(), group(app, name))
	must(t, err)
	return id
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func instances(t *testing.T, db *store.DB) {
	ctx := t.Context()
	wantCode(t, db.CreateInstance(ctx, org.Instance{App: Here}), openseat.CodeInUse)
	in := org.Instance{
		App: Here, Name: "北京 desk", CreatedAt: noon,
		Settings: org.Settings{OnlineStatus: "notReady", RestReasons: []string{"lunch", "茶"}, MediaLossGrace: 5 * time.Second, Region: "DE"},
	}
	must(t, db.PutInstance(ctx, in)) // without the key: the old one stays
	in.UserSigKey = "sig"
	same(t, "instance", view(t, db, Here).Instance, in)
	all, err := db.Instances(ctx)
	must(t, err)
	if len(all) != 2 || !reflect.DeepEqual(all[0], in) || all[1].App != There {
		t.Errorf("instances: %+v", all)
	}
	_, err = db.View(ctx, 1400000009)
	wantCode(t, err, openseat.CodeInstanceNotExist)
}

func keys(t *testing.T, db *store.DB) {
	ctx := t.Context()
	k := org.Key{App: Here, SecretID: "AKID1", SecretKey: "key", CreatedAt: noon}
	must(t, db.PutKey(ctx, k))
	k.Disabled = true
	must(t, db.PutKey(ctx, k))
	got, err := db.FindKey(ctx, "AKID1")
	must(t, err)
	same(t, "key", got, k)
	wantCode(t, db.PutKey(ctx, org.Key{App: There, SecretID: "AKID1", SecretKey: "stolen"}), openseat.CodeInUse)
	wantCode(t, db.PutKey(ctx, org.Key{App: 1400000009, SecretID: "AKID2"}), openseat.CodeInstanceNotExist)
	_, err = db.FindKey(ctx, "AKID1\x00")
	wantCode(t, err, openseat.CodeInvalidValue)
	_, err = db.FindKey(ctx, "akid1")
	wantCode(t, err, openseat.CodeNotFound)
	must(t, db.PutKey(ctx, org.Key{App: Here, SecretID: "AKID0", CreatedAt: noon.Add(time.Second)}))
	all, err := db.Keys(ctx, Here)
	must(t, err)
	if len(all) != 2 || all[0].SecretID != "AKID1" || all[1].SecretID != "AKID0" {
		t.Errorf("keys: %+v", all)
	}
}

func staff(t *testing.T, db *store.DB) {
	ctx := t.Context()
	g := newGroup(t, db, Here, "Support")
	alice := person(Here, "alice@x.cn", "1001", org.Membership{GroupID: g, Priority: 2})
	alice.Extension, alice.ExtensionPassword = "7001", "Phone123"
	must(t, db.CreateStaff(ctx, alice))
	same(t, "created", *view(t, db, Here).Staff["alice@x.cn"], alice)

	double := person(Here, "other@x.cn", "1002")
	double.Extension = "7001"
	wantCode(t, db.CreateStaff(ctx, double), openseat.CodeDuplicatedAccount)
	wantCode(t, db.CreateStaff(ctx, person(Here, "alice@x.cn", "1002")), openseat.CodeDuplicatedAccount)
	wantCode(t, db.CreateStaff(ctx, person(Here, "bob@x.cn", "1001")), openseat.CodeDuplicatedAccount)
	wantCode(t, db.CreateStaff(ctx, person(Here, "bob@x.cn", "", org.Membership{GroupID: 99})), openseat.CodeSkillGroupError)
	wantCode(t, db.CreateStaff(ctx, person(1400000009, "bob@x.cn", "")), openseat.CodeInstanceNotExist)
	must(t, db.CreateStaff(ctx, person(Here, "bob@x.cn", "")))   // what failed above left nothing behind
	must(t, db.CreateStaff(ctx, person(Here, "carol@x.cn", ""))) // no staff number is no double

	alice.Name, alice.Role, alice.ModifiedAt = "A", org.RoleAdmin, noon.Add(time.Hour)
	changed := alice
	changed.PasswordHash, changed.ExtensionPassword, changed.Groups, changed.CreatedAt = "", "", nil, noon.Add(time.Hour)
	must(t, db.UpdateStaff(ctx, changed))
	same(t, "updated", *view(t, db, Here).Staff["alice@x.cn"], alice)
	changed.Groups, changed.PasswordHash = []org.Membership{}, "new"
	must(t, db.UpdateStaff(ctx, changed))
	if got := view(t, db, Here).Staff["alice@x.cn"]; len(got.Groups) != 0 || got.PasswordHash != "new" {
		t.Errorf("after leaving all groups: %+v", got)
	}
	bob := person(Here, "bob@x.cn", "1001")
	wantCode(t, db.UpdateStaff(ctx, bob), openseat.CodeDuplicatedAccount)
	wantCode(t, db.UpdateStaff(ctx, person(Here, "nobody@x.cn", "")), openseat.CodeAccountNotExist)

	wantCode(t, db.DeleteStaff(ctx, Here, []string{"alice@x.cn", "nobody@x.cn"}), openseat.CodeAccountNotExist)
	must(t, db.DeleteStaff(ctx, Here, []string{"alice@x.cn", "carol@x.cn"}))
	if left := view(t, db, Here).Staff; len(left) != 1 || left["bob@x.cn"] == nil {
		t.Errorf("left: %v", left)
	}
}

func staffPages(t *testing.T, db *store.DB) {
	ctx := t.Context()
	g := newGroup(t, db, Here, "Support")
	for i := range 7 {
		s := person(Here, string(rune('a'+i))+"@x.cn", "")
		s.ModifiedAt = noon.Add(time.Duration(i) * time.Minute)
		if i%2 == 0 {
			s.Groups = []org.Membership{{GroupID: g, Priority: 3}}
		}
		must(t, db.CreateStaff(ctx, s))
	}
	must(t, db.CreateStaff(ctx, person(There, "a@x.cn", "")))
	for _, c := range []struct {
		name  string
		q     org.StaffQuery
		total int
		want  string
	}{
		{"all", org.StaffQuery{Limit: 100}, 7, "abcdefg"},
		{"first page", org.StaffQuery{Limit: 3}, 7, "abc"},
		{"last page", org.StaffQuery{Limit: 3, Offset: 6}, 7, "g"},
		{"behind the end", org.StaffQuery{Limit: 3, Offset: 9}, 7, ""},
		{"one", org.StaffQuery{UserID: "c@x.cn", Limit: 3}, 1, "c"},
		{"a group's", org.StaffQuery{GroupID: g, Limit: 2, Offset: 2}, 4, "eg"},
		{"modified since", org.StaffQuery{ModifiedSince: noon.Add(5 * time.Minute), Limit: 9}, 2, "fg"},
		{"nobody", org.StaffQuery{UserID: "' OR 1=1 --", Limit: 9}, 0, ""},
	} {
		total, page, err := db.FindStaff(ctx, Here, c.q)
		must(t, err)
		var got []byte
		for _, s := range page {
			got = append(got, s.UserID[0])
		}
		if total != c.total || string(got) != c.want {
			t.Errorf("%s: %s of %d, want %q of %d", c.name, got, total, c.want, c.total)
		}
	}
	_, page, err := db.FindStaff(ctx, Here, org.StaffQuery{UserID: "c@x.cn", Limit: 1})
	must(t, err)
	same(t, "groups", page[0].Groups, []org.Membership{{GroupID: g, Priority: 3}})
}

func memberships(t *testing.T, db *store.DB) {
	ctx, later := t.Context(), noon.Add(time.Hour)
	a, b := newGroup(t, db, Here, "A"), newGroup(t, db, Here, "B")
	must(t, db.CreateStaff(ctx, person(Here, "alice@x.cn", "")))
	must(t, db.BindGroups(ctx, Here, "alice@x.cn", []org.Membership{{GroupID: b, Priority: 3}, {GroupID: a, Priority: 1}}, later))
	must(t, db.BindGroups(ctx, Here, "alice@x.cn", []org.Membership{{GroupID: b, Priority: 5}}, later))
	alice := view(t, db, Here).Staff["alice@x.cn"]
	same(t, "bound", alice.Groups, []org.Membership{{GroupID: a, Priority: 1}, {GroupID: b, Priority: 5}})
	same(t, "modified", alice.ModifiedAt, later)
	wantCode(t, db.BindGroups(ctx, Here, "nobody@x.cn", nil, later), openseat.CodeAccountNotExist)
	wantCode(t, db.BindGroups(ctx, Here, "alice@x.cn", []org.Membership{{GroupID: 99}}, later), openseat.CodeSkillGroupError)
	wantCode(t, db.UnbindGroups(ctx, Here, "nobody@x.cn", []int64{a}, later), openseat.CodeAccountNotExist)
	must(t, db.UnbindGroups(ctx, Here, "alice@x.cn", []int64{a, 99}, later))
	same(t, "unbound", view(t, db, Here).Staff["alice@x.cn"].Groups, []org.Membership{{GroupID: b, Priority: 5}})
	must(t, db.DeleteGroup(ctx, Here, b))
	same(t, "group gone", view(t, db, Here).Staff["alice@x.cn"].Groups, []org.Membership(nil))
}

func skillGroups(t *testing.T, db *store.DB) {
	ctx := t.Context()
	g := group(Here, "客服")
	g.ID = newGroup(t, db, Here, "客服")
	if g.ID != 1 {
		t.Errorf("the first group is %d", g.ID)
	}
	same(t, "created", *view(t, db, Here).Groups[1], g)
	_, err := db.CreateGroup(ctx, g)
	wantCode(t, err, openseat.CodeSkillGroupExist)
	_, err = db.CreateGroup(ctx, group(1400000009, "X"))
	wantCode(t, err, openseat.CodeInstanceNotExist)
	other := newGroup(t, db, Here, "Sales")

	g.Name, g.RingAll, g.MaxConcurrency, g.ModifiedAt = "Support", false, 2, noon.Add(time.Hour)
	must(t, db.UpdateGroup(ctx, g))
	all, err := db.Groups(ctx, Here)
	must(t, err)
	same(t, "updated", all[0], g)
	taken := all[1]
	taken.Name = "Support"
	wantCode(t, db.UpdateGroup(ctx, taken), openseat.CodeSkillGroupExist)
	taken.ID = 99
	taken.Name = "Y"
	wantCode(t, db.UpdateGroup(ctx, taken), openseat.CodeSkillGroupError)
	must(t, db.DeleteGroup(ctx, Here, other))
	wantCode(t, db.DeleteGroup(ctx, Here, other), openseat.CodeSkillGroupError)
}

func groupNumbersAreNotReused(t *testing.T, db *store.DB) {
	first := newGroup(t, db, Here, "A")
	must(t, db.DeleteGroup(t.Context(), Here, first))
	if again := newGroup(t, db, Here, "A"); again <= first {
		t.Errorf("group %d after %d: records of the old group would speak of the new one", again, first)
	}
	if there := newGroup(t, db, There, "A"); there != 1 {
		t.Errorf("another instance starts with %d", there)
	}
}

func numbers(t *testing.T, db *store.DB) {
	ctx := t.Context()
	a, b := newGroup(t, db, Here, "A"), newGroup(t, db, Here, "B")
	n := org.Number{
		App: Here, Number: "00864008001000", Trunk: "line", Flow: "welcome", CallOut: true, CallOutGroups: []int64{b, a},
		Remark: "热线", State: org.NumberNormal, CreatedAt: noon,
	}
	wantCode(t, db.PutNumber(ctx, n), org.CodeSipTrunkNotFound)
	must(t, db.PutTrunk(ctx, line(Here, "line")))
	must(t, db.PutTrunk(ctx, line(There, "line")))
	must(t, db.PutNumber(ctx, n))
	same(t, "put", *view(t, db, Here).Numbers[n.Number], n)
	n.CallOutGroups, n.CallOut, n.State = []int64{a}, false, 4
	must(t, db.PutNumber(ctx, n))
	same(t, "put again", *view(t, db, Here).Numbers[n.Number], n)

	wantCode(t, db.PutNumber(ctx, org.Number{App: There, Number: n.Number, Trunk: "line"}), org.CodeDuplicatePhoneNumber)
	bad := n
	bad.CallOutGroups = []int64{99}
	wantCode(t, db.PutNumber(ctx, bad), openseat.CodeSkillGroupError)
	must(t, db.DeleteGroup(ctx, Here, a))
	n.CallOutGroups = nil
	same(t, "its group gone", *view(t, db, Here).Numbers[n.Number], n)
	wantCode(t, db.DeleteTrunk(ctx, Here, "line"), org.CodeSipTrunkInUsed)
	wantCode(t, db.DeleteNumber(ctx, There, n.Number), openseat.CodeNotFound)
	must(t, db.DeleteNumber(ctx, Here, n.Number))
	wantCode(t, db.DeleteNumber(ctx, Here, n.Number), openseat.CodeNotFound)
	must(t, db.DeleteTrunk(ctx, Here, "line"))
}

func trunks(t *testing.T, db *store.DB) {
	ctx := t.Context()
	k := line(Here, "line")
	must(t, db.PutTrunk(ctx, k))
	same(t, "put", *view(t, db, Here).Trunks["line"], k)
	k.Sources, k.Codecs, k.Peer, k.Password = nil, nil, "[2001:db8::1]:5061", ""
	must(t, db.PutTrunk(ctx, k))
	k.Password = "Secret99"
	same(t, "put again", *view(t, db, Here).Trunks["line"], k)
	wantCode(t, db.PutTrunk(ctx, line(1400000009, "line")), openseat.CodeInstanceNotExist)
	wantCode(t, db.DeleteTrunk(ctx, There, "line"), org.CodeSipTrunkNotFound)
	must(t, db.DeleteTrunk(ctx, Here, "line"))
}

func flows(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for i, definition := range []string{`{"v":1}`, `{"v":2,"text":"您好\u0000"}`} {
		version, err := db.PublishFlow(ctx, org.Flow{App: Here, Name: "welcome", Definition: []byte(definition), CreatedAt: noon})
		must(t, err)
		if version != i+1 {
			t.Errorf("version %d, want %d", version, i+1)
		}
	}
	newest := org.Flow{App: Here, Name: "welcome", Version: 2, Definition: []byte(`{"v":2,"text":"您好\u0000"}`), CreatedAt: noon}
	same(t, "newest", *view(t, db, Here).Flows["welcome"], newest)
	versions, err := db.FlowVersions(ctx, Here, "welcome")
	must(t, err)
	if len(versions) != 2 || versions[0].Version != 2 || string(versions[1].Definition) != `{"v":1}` {
		t.Errorf("versions: %+v", versions)
	}
	_, err = db.FlowVersions(ctx, There, "welcome")
	wantCode(t, err, openseat.CodeNotFound)
	_, err = db.PublishFlow(ctx, org.Flow{App: 1400000009, Name: "welcome"})
	wantCode(t, err, openseat.CodeInstanceNotExist)
}

func dataPush(t *testing.T, db *store.DB) {
	ctx := t.Context()
	same(t, "nothing set", view(t, db, Here).Push, org.Push{App: Here})
	p := org.Push{ //nolint:gosec // nobody's secrets
		App: Here, URL: "https://x.cn/push", Auth: "oauth2", Username: "u", Password: "p", TokenURL: "https://x.cn/token",
		ClientID: "c", Secret: "s", CDR: true, Record: true, Voicemail: true,
	}
	must(t, db.PutPush(ctx, p))
	changed := p
	changed.Password, changed.Secret, changed.CDR = "", "", false
	must(t, db.PutPush(ctx, changed))
	p.CDR = false
	same(t, "secrets stay", view(t, db, Here).Push, p)
	wantCode(t, db.PutPush(ctx, org.Push{App: 1400000009}), openseat.CodeInstanceNotExist)
}

// tenantsAreApart fills one instance and does everything to it in the name of the other.
func tenantsAreApart(t *testing.T, db *store.DB) {
	ctx := t.Context()
	g := newGroup(t, db, Here, "A")
	must(t, db.CreateStaff(ctx, person(Here, "alice@x.cn", "1001", org.Membership{GroupID: g, Priority: 3})))
	must(t, db.PutTrunk(ctx, line(Here, "line")))
	must(t, db.PutNumber(ctx, org.Number{App: Here, Number: "00861", Trunk: "line", CallOutGroups: []int64{g}}))
	_, err := db.PublishFlow(ctx, org.Flow{App: Here, Name: "welcome", Definition: []byte(`{}`)})
	must(t, err)
	must(t, db.PutPush(ctx, org.Push{App: Here, URL: "https://x.cn"}))
	must(t, db.PutKey(ctx, org.Key{App: Here, SecretID: "AKID1", SecretKey: "k"}))
	before := view(t, db, Here)

	wantCode(t, db.UpdateStaff(ctx, person(There, "alice@x.cn", "")), openseat.CodeAccountNotExist)
	wantCode(t, db.DeleteStaff(ctx, There, []string{"alice@x.cn"}), openseat.CodeAccountNotExist)
	wantCode(t, db.BindGroups(ctx, There, "alice@x.cn", []org.Membership{{GroupID: g}}, noon), openseat.CodeAccountNotExist)
	wantCode(t, db.UnbindGroups(ctx, There, "alice@x.cn", []int64{g}, noon), openseat.CodeAccountNotExist)
	foreign := group(There, "B")
	foreign.ID = g
	wantCode(t, db.UpdateGroup(ctx, foreign), openseat.CodeSkillGroupError)
	wantCode(t, db.DeleteGroup(ctx, There, g), openseat.CodeSkillGroupError)
	wantCode(t, db.PutNumber(ctx, org.Number{App: There, Number: "00862", Trunk: "line"}), org.CodeSipTrunkNotFound)
	must(t, db.CreateStaff(ctx, person(There, "alice@x.cn", "1001"))) // the same names are free elsewhere
	wantCode(t, db.BindGroups(ctx, There, "alice@x.cn", []org.Membership{{GroupID: g}}, noon), openseat.CodeSkillGroupError)
	must(t, db.DeleteStaff(ctx, There, []string{"alice@x.cn"}))

	same(t, "untouched", view(t, db, Here), before)
	there := view(t, db, There)
	if len(there.Staff)+len(there.Groups)+len(there.Numbers)+len(there.Trunks)+len(there.Flows) != 0 || there.Push.URL != "" {
		t.Errorf("there: %+v", there)
	}
	total, _, err := db.FindStaff(ctx, There, org.StaffQuery{Limit: 9})
	must(t, err)
	groups, err := db.Groups(ctx, There)
	must(t, err)
	ks, err := db.Keys(ctx, There)
	must(t, err)
	if total+len(groups)+len(ks) != 0 {
		t.Errorf("there: %d staff, %d groups, %d keys", total, len(groups), len(ks))
	}
}

func anyTextIsOnlyText(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for _, name := range []string{
		`Robert'); DROP TABLE staff;--`, `"quoted"`, `100%_[a-z]*`, `\`, `$1`, `?`, "emoji 😀 \u202e rtl", "line\nbreak", "e\u0301",
	} {
		id := newGroup(t, db, Here, name)
		s := person(Here, name, name, org.Membership{GroupID: id, Priority: 3})
		s.Name, s.Nick = name, name
		must(t, db.CreateStaff(ctx, s))
		k := line(Here, name)
		must(t, db.PutTrunk(ctx, k))
		must(t, db.PutNumber(ctx, org.Number{App: Here, Number: name, Trunk: name, Flow: name, Remark: name}))
		v := view(t, db, Here)
		if v.Staff[name] == nil || v.Staff[name].Nick != name || v.Groups[id].Name != name ||
			v.Trunks[name] == nil || v.Numbers[name].Remark != name {
			t.Errorf("%q came back changed", name)
		}
	}
	for _, bad := range []string{"nul\x00", "\xff\xfe"} {
		wantCode(t, db.CreateStaff(ctx, person(Here, bad, "")), openseat.CodeInvalidValue)
		_, _, err := db.FindStaff(ctx, Here, org.StaffQuery{UserID: bad, Limit: 1})
		wantCode(t, err, openseat.CodeInvalidValue)
	}
}

// manySetUpAtOnce is many administrators on one instance: every one succeeds, no number is given twice.
func manySetUpAtOnce(t *testing.T, db *store.DB) {
	const admins = 16
	ctx := t.Context()
	ids, errs := make([]int64, admins), make(chan error, admins)
	for i := range admins {
		go func() {
			var err error
			ids[i], err = db.CreateGroup(ctx, group(Here, string(rune('A'+i))))
			if err == nil {
				_, err = db.PublishFlow(ctx, org.Flow{App: Here, Name: "f", Definition: []byte(`{}`)})
			}
			if err == nil {
				_, err = db.View(ctx, Here)
			}
			errs <- err
		}()
	}
	for range admins {
		must(t, <-errs)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != admins || view(t, db, Here).Flows["f"].Version != admins {
		t.Errorf("ids %v, flow version %d", ids, view(t, db, Here).Flows["f"].Version)
	}
}
