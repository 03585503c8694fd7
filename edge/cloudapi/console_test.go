package cloudapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/edge/cloudapi"
)

// inside asks an action as a person in the console does.
func (h *house) inside(t *testing.T, action, body string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(api.ActionHeader, action)
	r.Header.Set(api.VersionHeader, api.OwnVersion)
	r.AddCookie(&http.Cookie{Name: "stay", Value: "secret"})
	return h.send(t, r)
}

func (h *house) FindAudit(_ context.Context, _ openseat.AppID, q org.AuditQuery) (int, []org.AuditEntry, error) {
	var found []org.AuditEntry
	for _, e := range h.audit {
		if q.Actor == "" || e.Actor == q.Actor {
			found = append(found, e)
		}
	}
	from := min(q.Offset, len(found))
	return len(found), found[from:min(from+q.Limit, len(found))], nil
}

func TestRoles(t *testing.T) {
	h := staffed(t)
	put := do[api.PutRoleResponse](t, h, "PutRole", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"Team lead","Rights":{"staff":2,"live":1}}`)
	roles := do[api.DescribeRolesResponse](t, h, "DescribeRoles", api.OwnVersion, `{"SdkAppId":1400000001}`)
	if len(roles.Roles) != 4 || len(roles.Areas) != len(org.Areas()) || roles.Roles[0].Rights["audit"] != 2 || roles.Roles[2].Members != 2 {
		t.Errorf("%+v", roles)
	}
	own := api.RoleInfo{RoleId: put.RoleId, Name: "Team lead", Rights: map[string]int64{"staff": 2, "live": 1}}
	if put.RoleId < 10 || !reflect.DeepEqual(roles.Roles[3], own) {
		t.Errorf("%d: %+v", put.RoleId, roles.Roles[3])
	}
	do[api.ModifyStaffRoleResponse](t, h, "ModifyStaffRole", api.OwnVersion, fmt.Sprintf(`{"SdkAppId":1400000001,"Email":"bob@demo.openseat","RoleId":%d}`, put.RoleId))
	if got := h.Get(home).Staff["bob@demo.openseat"].Role; int64(got) != put.RoleId {
		t.Errorf("bob's role is %d", got)
	}
	h.person = cloudapi.Person{App: home, User: "bob@demo.openseat", Rights: org.Rights{org.AreaStaff: org.Write, org.AreaRoles: org.Write, org.AreaLive: org.Read}}
	for _, c := range []struct{ name, action, body, code string }{
		{"a role with less", "PutRole", `{"SdkAppId":1400000001,"Name":"Host","Rights":{"live":1}}`, ""},
		{"a role with more", "PutRole", `{"SdkAppId":1400000001,"Name":"King","Rights":{"keys":2}}`, openseat.CodeUnauthorized},
		{"a level there is not", "PutRole", `{"SdkAppId":1400000001,"Name":"King","Rights":{"staff":3}}`, openseat.CodeInvalidValue},
		{"an area there is not", "PutRole", `{"SdkAppId":1400000001,"Name":"King","Rights":{"moon":1}}`, openseat.CodeInvalidValue},
		{"a level that is no number", "PutRole", `{"SdkAppId":1400000001,"Name":"King","Rights":{"staff":"all"}}`, openseat.CodeInvalidParameter},
		{"making an administrator", "ModifyStaffRole", `{"SdkAppId":1400000001,"Email":"alice@demo.openseat","RoleId":1}`, openseat.CodeUnauthorized},
		{"making an agent", "ModifyStaffRole", `{"SdkAppId":1400000001,"Email":"alice@demo.openseat","RoleId":3}`, ""},
		{"a role there is not", "ModifyStaffRole", `{"SdkAppId":1400000001,"Email":"alice@demo.openseat","RoleId":99}`, openseat.CodeInvalidValue},
		{"a role of the system", "DeleteRole", `{"SdkAppId":1400000001,"RoleId":1}`, openseat.CodeInvalidValue},
		{"the audit log", "DescribeAuditLog", `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`, openseat.CodeUnauthorized},
	} {
		if a := h.inside(t, c.action, c.body); a.code() != c.code {
			t.Errorf("%s: %q, want %q: %s", c.name, a.code(), c.code, a.raw)
		}
	}
	do[api.DeleteRoleResponse](t, h, "DeleteRole", api.OwnVersion, fmt.Sprintf(`{"SdkAppId":1400000001,"RoleId":%d}`, put.RoleId))
}

func TestAuditLog(t *testing.T) {
	h := staffed(t)
	h.audit = []org.AuditEntry{
		{At: h.now, Actor: "eve@demo.openseat", IP: "192.0.2.1", Action: "DeleteStaff", Target: "bob", Code: openseat.CodeUnauthorized},
		{At: h.now, Actor: "AKIDhome", Action: "CreateStaff"},
	}
	got := do[api.DescribeAuditLogResponse](t, h, "DescribeAuditLog", api.OwnVersion, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0,"Actor":"eve@demo.openseat"}`)
	want := api.AuditLine{Timestamp: h.now.Unix(), Actor: "eve@demo.openseat", IP: "192.0.2.1", Action: "DeleteStaff", Target: "bob", Code: openseat.CodeUnauthorized}
	if got.TotalCount != 1 || got.Lines[0] != want {
		t.Errorf("%+v", got)
	}
}

func TestInstanceSettings(t *testing.T) {
	h := staffed(t)
	describe := func() api.DescribeInstanceResponse {
		d := do[api.DescribeInstanceResponse](t, h, "DescribeInstance", api.OwnVersion, `{"SdkAppId":1400000001}`)
		d.Result = api.Result{}
		return d
	}
	before := describe()
	if before.Region != "CN" || before.OnlineStatus != "free" || before.Retention.Recordings != 90 || before.RestReasons == nil {
		t.Errorf("at first: %+v", before)
	}
	do[api.ModifyInstanceResponse](t, h, "ModifyInstance", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"Desk","RestReasons":["lunch"],"NoteCategories":["refund"],
		"OnlineStatus":"notReady","MediaLossGraceSecond":15,"Retention":{"Recordings":30,"Records":0,"Transcripts":7,"Audit":365,"Deliveries":9},
		"CallOut":{"Hours":[{"Weekdays":[1,2],"From":"09:00","To":"21:00"}],"Zone":"Asia/Shanghai","Countries":["CN"],"PerCalleeDay":3,"PerCalleeHour":2,"PerAgentMinute":9},
		"RecordingCopy":{"Enabled":false,"Endpoint":"https://s3.example","Bucket":"b","AccessKey":"a","SecretKey":"s3cret"},
		"NumberMapping":{"Enabled":false,"URL":"https://x.cn/map","Username":"u","Password":"p"}}`)
	after := describe()
	want := api.DescribeInstanceResponse{
		Name: "Desk", Region: "CN", OnlineStatus: "notReady", RestReasons: []string{"lunch"}, NoteCategories: []string{"refund"}, MediaLossGraceSecond: 15,
		Retention: api.RetentionDays{Recordings: 30, Transcripts: 7, Audit: 365, Deliveries: 9},
		CallOut: api.CallOutLimits{
			Hours: []api.CallOutHours{{Weekdays: []int64{1, 2}, From: "09:00", To: "21:00"}}, Zone: "Asia/Shanghai", Countries: []string{"CN"},
			PerCalleeDay: 3, PerCalleeHour: 2, PerAgentMinute: 9,
		},
		RecordingCopy: api.RecordingCopy{Endpoint: "https://s3.example", Bucket: "b", AccessKey: "a"},
		NumberMapping: api.NumberMapping{URL: "https://x.cn/map", Username: "u"},
	}
	if !reflect.DeepEqual(after, want) {
		t.Errorf("got  %+v\nwant %+v", after, want)
	}
	if got := h.Get(home).Instance.Settings; got.RecordingCopy.SecretKey != "s3cret" || got.NumberMapping.Password != "p" {
		t.Errorf("secrets: %+v", got)
	}
	do[api.ModifyInstanceResponse](t, h, "ModifyInstance", api.OwnVersion, `{"SdkAppId":1400000001,"RestReasons":[]}`)
	if after := describe(); len(after.RestReasons) != 0 || len(after.NoteCategories) != 1 || after.Name != "Desk" {
		t.Errorf("after emptying a list: %+v", after)
	}
	for name, body := range map[string]string{
		"a region":       `"Region":"XX"`,
		"a status":       `"OnlineStatus":"busy"`,
		"a century":      `"Retention":{"Recordings":36501}`,
		"a grace":        `"MediaLossGraceSecond":301`,
		"hours":          `"CallOut":{"Zone":"UTC","Hours":[{"Weekdays":[1],"From":"21:00","To":"09:00"}]}`,
		"no weekday":     `"CallOut":{"Zone":"UTC","Hours":[{"From":"09:00","To":"21:00"}]}`,
		"no zone":        `"CallOut":{"Hours":[{"Weekdays":[1],"From":"09:00","To":"21:00"}]}`,
		"a country":      `"CallOut":{"Countries":["cn"]}`,
		"a frequency":    `"CallOut":{"PerCalleeDay":-1}`,
		"a mapping":      `"NumberMapping":{"Enabled":true,"URL":"https://x.cn"}`,
		"a copy":         `"RecordingCopy":{"Enabled":true,"Endpoint":"https://s3.example","Bucket":"b","AccessKey":"a"}`,
		"a rest without": `"RestReasons":[""]`,
	} {
		if a := h.send(t, h.ask("ModifyInstance", api.OwnVersion, `{"SdkAppId":1400000001,`+body+`}`).signed()); !slices.Contains([]string{openseat.CodeInvalidValue, openseat.CodeMissingParameter, openseat.CodeUnsupported}, a.code()) {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
}

func TestListsAndGroupsOfNumbers(t *testing.T) {
	h := staffed(t)
	h.mustOwn(t, "00864008001000")
	put := do[api.PutListedNumbersResponse](t, h, "PutListedNumbers", api.OwnVersion, `{"SdkAppId":1400000001,"Numbers":["13800138000","nobody"],"Reason":"spam","Until":1772600000}`)
	if len(put.Failed) != 1 || put.Failed[0].Number != "nobody" {
		t.Errorf("%+v", put)
	}
	list := do[api.DescribeListedNumbersResponse](t, h, "DescribeListedNumbers", api.OwnVersion, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`)
	want := api.ListedNumber{Number: "008613800138000", Inbound: true, Reason: "spam", CreateTimestamp: h.now.Unix(), Until: 1772600000}
	if list.TotalCount != 1 || list.Numbers[0] != want {
		t.Errorf("%+v", list)
	}
	if l, err := h.office.Listed(t.Context(), home, "008613800138000"); err != nil || !l.Inbound {
		t.Errorf("%+v, %v", l, err)
	}
	h.now = h.now.Add(365 * 24 * time.Hour)
	if l, err := h.office.Listed(t.Context(), home, "008613800138000"); err != nil || l.Inbound {
		t.Errorf("after its time: %+v, %v", l, err)
	}
	do[api.DeleteListedNumbersResponse](t, h, "DeleteListedNumbers", api.OwnVersion, `{"SdkAppId":1400000001,"Numbers":["13800138000"]}`)
	group := do[api.PutNumberGroupResponse](t, h, "PutNumberGroup", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"North","Numbers":["4008001000","00864008001000"]}`)
	groups := do[api.DescribeNumberGroupsResponse](t, h, "DescribeNumberGroups", api.OwnVersion, `{"SdkAppId":1400000001}`).Groups
	if len(groups) != 1 || !reflect.DeepEqual(groups[0], api.NumberGroup{Id: group.Id, Name: "North", Numbers: []string{"00864008001000"}}) {
		t.Errorf("%+v", groups)
	}
	if n, err := h.Get(home).CallerNumber("alice@demo.openseat", "", 0, []string{group.Id}); err != nil || n.Number != "00864008001000" {
		t.Errorf("by the group: %+v, %v", n, err)
	}
	do[api.DeleteNumberGroupResponse](t, h, "DeleteNumberGroup", api.OwnVersion, `{"SdkAppId":1400000001,"Id":"`+group.Id+`"}`)
	do[api.BindNumberCallInInterfaceResponse](t, h, "BindNumberCallInInterface", api.Version, `{"SdkAppId":1400000001,"Number":"00864008001000","CallInInterface":{"URL":"https://x.cn/in"},"NumberType":"number"}`)
	if got := h.Get(home).Numbers["00864008001000"].Interface; got != "https://x.cn/in" {
		t.Errorf("interface %q", got)
	}
	do[api.PutNumberResponse](t, h, "PutNumber", api.OwnVersion, `{"SdkAppId":1400000001,"Number":{"Number":"00864008001000","Trunk":"line","Remark":"x"}}`)
	if got := h.Get(home).Numbers["00864008001000"].Interface; got != "https://x.cn/in" {
		t.Errorf("interface after a change of the number: %q", got)
	}
	do[api.BindNumberCallInInterfaceResponse](t, h, "BindNumberCallInInterface", api.Version, `{"SdkAppId":1400000001,"Number":"00864008001000"}`)
	if got := h.Get(home).Numbers["00864008001000"].Interface; got != "" {
		t.Errorf("interface %q", got)
	}
	for _, c := range []struct{ action, version, body, code string }{
		{"PutListedNumbers", api.OwnVersion, `"Numbers":[]`, openseat.CodeInvalidValue},
		{"PutListedNumbers", api.OwnVersion, `"Numbers":["110"],"Inbound":false`, openseat.CodeInvalidValue},
		{"DescribeListedNumbers", api.OwnVersion, `"PageSize":101,"PageNumber":0`, openseat.CodeInvalidValue},
		{"DeleteListedNumbers", api.OwnVersion, `"Numbers":[]`, openseat.CodeInvalidValue},
		{"PutNumberGroup", api.OwnVersion, `"Name":"","Numbers":[]`, openseat.CodeMissingParameter},
		{"PutNumberGroup", api.OwnVersion, `"Name":"x","Numbers":["4008001009"]`, openseat.CodeNotFound},
		{"DeleteNumberGroup", api.OwnVersion, `"Id":"77"`, openseat.CodeNotFound},
		{"BindNumberCallInInterface", api.Version, `"Number":"00864008001009","CallInInterface":{"URL":"https://x.cn"}`, openseat.CodeNotFound},
		{"BindNumberCallInInterface", api.Version, `"Number":"00864008001000","CallInInterface":{"URL":"x"}`, openseat.CodeInvalidValue},
		{"BindNumberCallInInterface", api.Version, `"Number":"00864008001000","NumberType":"x"`, openseat.CodeInvalidValue},
	} {
		if a := h.send(t, h.ask(c.action, c.version, `{"SdkAppId":1400000001,`+c.body+`}`).signed()); a.code() != c.code {
			t.Errorf("%s %s: %q, want %q: %s", c.action, c.body, a.code(), c.code, a.raw)
		}
	}
}

func TestDesigner(t *testing.T) {
	h := staffed(t)
	const office = `{"Name":"office","Zone":"UTC","Week":[{"Weekdays":[1,2,3,4,5],"From":"08:00","To":"18:00"}],"Days":[{"Date":"2026-05-01","Name":"May","Hours":[]}]}`
	do[api.PutScheduleResponse](t, h, "PutSchedule", api.OwnVersion, `{"SdkAppId":1400000001,"Schedule":`+office+`}`)
	do[api.PutScheduleResponse](t, h, "PutSchedule", api.OwnVersion, `{"SdkAppId":1400000001,"Schedule":{"Name":"never","Zone":"UTC"}}`)
	flowText := `{"name":"welcome","start":"w","nodes":{"w":{"type":"worktime","schedule":"office","next":"q","closed":"e"},"q":{"type":"queue","group":1},"e":{"type":"hangup"}}}`
	do[api.PublishFlowResponse](t, h, "PublishFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"welcome","Definition":`+flowText+`}`)
	got := do[api.DescribeSchedulesResponse](t, h, "DescribeSchedules", api.OwnVersion, `{"SdkAppId":1400000001}`)
	if len(got.Schedules) != 2 || got.Schedules[1].Week[0].To != "18:00" || got.Schedules[1].Days[0].Name != "May" ||
		!slices.Equal(got.Open, []string{"office"}) || !reflect.DeepEqual(got.UsedBy, map[string][]string{"office": {"welcome"}}) {
		t.Errorf("%+v", got)
	}
	first := do[api.PutFlowDraftResponse](t, h, "PutFlowDraft", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"welcome","Definition":{"name":"welcome"}}`)
	if first.Revision != 1 || len(first.Problems) == 0 {
		t.Errorf("%+v", first)
	}
	second := do[api.PutFlowDraftResponse](t, h, "PutFlowDraft", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"welcome","Revision":1,"Definition":`+flowText+`}`)
	if second.Revision != 2 {
		t.Errorf("%+v", second)
	}
	drafts := do[api.DescribeFlowDraftsResponse](t, h, "DescribeFlowDrafts", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"welcome"}`).Drafts
	if len(drafts) != 1 || drafts[0].Revision != 2 || drafts[0].By != secretID || string(drafts[0].Definition) != flowText {
		t.Errorf("%+v", drafts)
	}
	do[api.PublishFlowResponse](t, h, "PublishFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"welcome","Definition":{"name":"welcome","start":"e","nodes":{"e":{"type":"hangup"}}}}`)
	back := do[api.RollBackFlowResponse](t, h, "RollBackFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"welcome","Version":1}`)
	if back.Version != 3 || string(h.Get(home).Flows["welcome"].Definition) != flowText {
		t.Errorf("%+v", back)
	}
	do[api.PublishFlowResponse](t, h, "PublishFlow", api.OwnVersion,
		`{"SdkAppId":1400000001,"Name":"outer","Definition":{"name":"outer","start":"s","nodes":{"s":{"type":"subflow","flow":"welcome"}}}}`)
	for _, c := range []struct{ action, body, code string }{
		{"PutSchedule", `"Schedule":{"Name":"x","Zone":"Moon/Base"}`, openseat.CodeInvalidValue},
		{"PutSchedule", `"Schedule":{"Name":"x","Zone":"UTC","Week":[{"Weekdays":[7],"From":"09:00","To":"10:00"}]}`, openseat.CodeInvalidValue},
		{"DeleteSchedule", `"Name":"office"`, openseat.CodeInUse},
		{"DeleteSchedule", `"Name":"nothing"`, openseat.CodeNotFound},
		{"PutFlowDraft", `"Name":"welcome","Revision":1,"Definition":{}`, openseat.CodeStateNotAllowed},
		{"PutFlowDraft", `"Name":"","Definition":{}`, openseat.CodeMissingParameter},
		{"RollBackFlow", `"Name":"welcome","Version":9`, openseat.CodeNotFound},
		{"RollBackFlow", `"Name":"nothing","Version":1`, openseat.CodeNotFound},
		{"DeleteFlow", `"Name":"welcome"`, openseat.CodeInUse},
		{"DeleteFlow", `"Name":"nothing"`, openseat.CodeNotFound},
		{"DeleteFlow", `"Name":"outer"`, ""},
		{"DeleteFlow", `"Name":"welcome"`, ""},
		{"DeleteSchedule", `"Name":"office"`, ""},
		{"DeleteFlowDraft", `"Name":"welcome"`, openseat.CodeNotFound},
	} {
		if a := h.send(t, h.ask(c.action, api.OwnVersion, `{"SdkAppId":1400000001,`+c.body+`}`).signed()); a.code() != c.code {
			t.Errorf("%s %s: %q, want %q: %s", c.action, c.body, a.code(), c.code, a.raw)
		}
	}
}
