package cloudapi_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/edge/cloudapi"
)

// TestNobodyReachesOverHimself tries every road from few rights to many.
func TestNobodyReachesOverHimself(t *testing.T) {
	h := staffed(t)
	const boss, admin, alice = "boss@demo.openseat", "eve@demo.openseat", "alice@demo.openseat"
	if err := h.office.CreateSuper(t.Context(), home, boss, "Boss", "Secret123"); err != nil {
		t.Fatal(err)
	}
	do[api.CreateStaffResponse](t, h, "CreateStaff", api.Version, `{"SdkAppId":1400000001,"Staffs":[{"Name":"Eve","Mail":"`+admin+`","StaffNumber":"1","Role":1}]}`)
	every := h.Get(home).RightsOf(&org.Staff{Super: true})
	few := &cloudapi.Person{App: home, User: "bob@demo.openseat", Rights: org.Rights{org.AreaStaff: org.Write, org.AreaKeys: org.Write}}
	all := &cloudapi.Person{App: home, User: admin, Rights: every}
	super := &cloudapi.Person{App: home, User: boss, Rights: every}
	const no = openseat.CodeUnauthorized
	for _, c := range []struct {
		name            string
		who             *cloudapi.Person // nil = a key
		action, version string
		body, code      string
	}{
		{"a key by who has few rights", few, "CreateKey", api.OwnVersion, ``, no},
		{"a key by who has all", all, "CreateKey", api.OwnVersion, ``, ""},
		{"an administrator's login", few, "CreateSDKLoginToken", api.Version, `,"SeatUserId":"` + admin + `"`, no},
		{"an agent's login", few, "CreateSDKLoginToken", api.Version, `,"SeatUserId":"` + alice + `"`, ""},
		{"an administrator's name", few, "ModifyStaff", api.Version, `,"Email":" Eve@demo.openseat","Name":"E"`, no},
		{"an administrator's account", few, "DeleteStaff", api.Version, `,"StaffList":["` + alice + `","` + admin + `"]`, no},
		{"an administrator's role", few, "ModifyStaffRole", api.OwnVersion, `,"Email":"` + admin + `","RoleId":3`, no},
		{"a link for an administrator", few, "CreateAdminURL", api.Version, `,"SeatUserId":"` + admin + `"`, no},
		{"the owner's password by an administrator", all, "ModifyStaffPassword", api.Version, `,"Email":"` + boss + `","Password":"Secret124"`, no},
		{"the owner's password by a key", nil, "ModifyStaffPassword", api.Version, `,"Email":"` + boss + `","Password":"Secret124"`, no},
		{"a link for the owner by a key", nil, "CreateAdminURL", api.Version, `,"SeatUserId":"` + boss + `"`, no},
		{"the owner's account by a key", nil, "DeleteStaff", api.Version, `,"StaffList":["` + boss + `"]`, no},
		{"the last owner by himself", super, "DeleteStaff", api.Version, `,"StaffList":["` + boss + `"]`, no},
		{"the owner's password by himself", super, "ModifyStaffPassword", api.Version, `,"Email":"` + boss + `","Password":"Secret124"`, ""},
		{"an administrator's password by the owner", super, "ModifyStaffPassword", api.Version, `,"Email":"` + admin + `","Password":"Secret124"`, ""},
	} {
		r := h.ask(c.action, c.version, `{"SdkAppId":1400000001`+c.body+`}`).signed()
		if c.who != nil {
			h.person = *c.who
			r.Header.Del("Authorization")
			r.AddCookie(&http.Cookie{Name: "stay", Value: "secret"})
		}
		if a := h.send(t, r); a.code() != c.code {
			t.Errorf("%s: %q, want %q: %s", c.name, a.code(), c.code, a.raw)
		}
	}
}

// TestTimelineHidesTheSetUp fills every event there is and looks for what must not be seen.
func TestTimelineHidesTheSetUp(t *testing.T) {
	h := staffed(t)
	events, _ := call.Words()
	for i, e := range events {
		full := reflect.New(reflect.TypeOf(e)).Elem()
		fill(full, 4)
		event, ok := full.Interface().(openseat.Event)
		if !ok {
			t.Fatalf("%T is no event", e)
		}
		h.entries = append(h.entries, openseat.Entry{Ref: openseat.CallRef(home, "s1"), Seq: uint64(i) + 1, At: h.now, Event: event})
	}
	got := do[api.DescribeSessionTimelineResponse](t, h, "DescribeSessionTimeline", api.OwnVersion, `{"SdkAppId":1400000001,"SessionId":"s1"}`)
	if len(got.Steps) != len(events) {
		t.Fatalf("%d steps of %d events", len(got.Steps), len(events))
	}
	for _, s := range got.Steps {
		for _, name := range []string{"plan", "flow", "flows", "vars", "body"} {
			if strings.Contains(strings.ToLower(string(s.Detail)), `"`+name+`":`) {
				t.Errorf("%s shows %s: %s", s.Event, name, s.Detail)
			}
		}
	}
}

// fill gives a value's fields something to show.
func fill(v reflect.Value, depth int) {
	if depth == 0 || !v.CanSet() {
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		v.SetBytes([]byte(`{}`))
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth-1)
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		one := reflect.New(v.Type().Elem()).Elem()
		fill(one, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("x").Convert(v.Type().Key()), one)
	case v.Kind() == reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, depth-1)
		}
	}
}

func TestDeliveriesHideLinks(t *testing.T) {
	h := staffed(t)
	h.deliveries = []api.PushDelivery{{UUID: "u1", Payload: []byte(`{"SessionId":"s1","RecordURL":"https://secret","VoicemailRecordURL":["https://secret"]}`)}}
	for _, c := range []struct {
		rights org.Rights
		links  bool
	}{
		{org.Rights{org.AreaPush: org.Read}, false},
		{org.Rights{org.AreaPush: org.Read, org.AreaRecordings: org.Read}, true},
	} {
		h.person = cloudapi.Person{App: home, User: "bob@demo.openseat", Rights: c.rights}
		a := h.inside(t, "DescribePushDeliveries", `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`)
		if a.code() != "" || !strings.Contains(a.raw, `"s1"`) || strings.Contains(a.raw, "secret") != c.links {
			t.Errorf("%v: %s", c.rights, a.raw)
		}
	}
}

// TestPushSecretsStay keeps a password from being sent to another server than it was given for.
func TestPushSecretsStay(t *testing.T) {
	h := staffed(t)
	put := func(p org.Push) string {
		p.App, p.Username, p.ClientID = home, "u", "c"
		if err := h.office.PutPush(t.Context(), p); err != nil {
			return openseat.AsError(err).Code
		}
		return ""
	}
	for _, c := range []struct {
		name string
		push org.Push
		code string
	}{
		{"at first", org.Push{URL: "https://crm.example.com/push", Auth: org.PushAuthBasic, Password: "p"}, ""},
		{"elsewhere", org.Push{URL: "https://evil.example.com/push", Auth: org.PushAuthBasic}, openseat.CodeMissingParameter},
		{"without TLS", org.Push{URL: "http://crm.example.com/push", Auth: org.PushAuthBasic}, openseat.CodeMissingParameter},
		{"elsewhere by itself", org.Push{URL: "https://evil.example.com/push"}, ""},
		{"then with it", org.Push{URL: "https://evil.example.com/push", Auth: org.PushAuthBasic}, openseat.CodeMissingParameter},
		{"by OAuth", org.Push{URL: "https://crm.example.com", Auth: org.PushAuthOAuth2, TokenURL: "https://id.example.com", Secret: "s"}, ""},
		{"a token from elsewhere", org.Push{URL: "https://crm.example.com", Auth: org.PushAuthOAuth2, TokenURL: "https://evil.example.com"}, openseat.CodeMissingParameter},
		{"a token for elsewhere", org.Push{URL: "https://evil.example.com", Auth: org.PushAuthOAuth2, TokenURL: "https://id.example.com"}, openseat.CodeMissingParameter},
		{"another path", org.Push{URL: "https://crm.example.com/new", Auth: org.PushAuthOAuth2, TokenURL: "https://id.example.com/t"}, ""},
	} {
		if code := put(c.push); code != c.code {
			t.Errorf("%s: %q, want %q", c.name, code, c.code)
		}
	}
}

// TestKeeping tells a new instance from one that was there before anybody spoke of keeping.
func TestKeeping(t *testing.T) {
	if keep := (org.Settings{}).Keep(); keep != (org.Retention{}) {
		t.Errorf("who never said keeps %+v", keep)
	}
	h := newHouse(t, 0)
	if keep := h.Get(home).Instance.Settings.Keep(); keep != (org.Retention{Recordings: 90}) {
		t.Errorf("a new instance keeps %+v", keep)
	}
}
