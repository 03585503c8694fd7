package cloudapi_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/edge/cloudapi"
)

func TestSIPPhoneFromTheBoxToTheBin(t *testing.T) {
	h := staffed(t)
	do[api.CreateExtensionResponse](t, h, "CreateExtension", api.Version,
		`{"SdkAppId":1400000001,"ExtensionId":"7002","ExtensionName":"Window","Relation":"Bob@demo.openseat","SkillGroupIds":[1,2]}`)
	set := do[api.DescribeExtensionResponse](t, h, "DescribeExtension", api.Version, `{"SdkAppId":1400000001,"ExtensionId":"7002"}`)
	if len(set.Password) != 16 || set.ExtensionDomain != "1400000001.desk.example" || set.OutboundProxy != "desk.example:5060" || set.Transport != "tcp" {
		t.Errorf("%+v", set)
	}
	work := openseat.CallRef(home, "s-1")
	h.registered = map[string]bool{"7001": true, "7002": true}
	h.agents["bob@demo.openseat"] = acd.AgentView{Status: acd.StatusBusy, Seat: acd.SeatExtension, Work: &work}
	list := do[api.DescribeExtensionsResponse](t, h, "DescribeExtensions", api.Version, `{"SdkAppId":1400000001,"PageNumber":0,"IsNeedStatus":true}`)
	if list.Total != 2 || list.ExtensionList[0].Status != 100 || list.ExtensionList[0].Relation != "alice@demo.openseat" {
		t.Errorf("%+v", list)
	}
	second := list.ExtensionList[1]
	second.CreateTime, second.ModifyTime = 0, 0
	want := api.ExtensionInfo{
		SdkAppId: 1400000001, FullExtensionId: "7002@1400000001.desk.example", ExtensionId: "7002", SkillGroupId: "1,2", ExtensionName: "Window",
		Status: 200, Register: true, Relation: "bob@demo.openseat", RelationName: "Bob",
	}
	if second != want {
		t.Errorf("got  %+v\nwant %+v", second, want)
	}
	h.registered = nil
	some := do[api.DescribeExtensionsResponse](t, h, "DescribeExtensions", api.Version,
		`{"SdkAppId":1400000001,"PageNumber":0,"PageSize":1,"FuzzingKeyWord":"WIN","ExtensionIds":["7002"],"IsNeedStatus":true}`)
	if some.Total != 1 || some.ExtensionList[0].Status != 0 || some.ExtensionList[0].Register {
		t.Errorf("%+v", some)
	}
	staff := do[api.DescribeStaffInfoListResponse](t, h, "DescribeStaffInfoList", api.Version, `{"SdkAppId":1400000001,"PageSize":1,"PageNumber":0,"StaffMail":"alice@demo.openseat"}`)
	if staff.StaffList[0].ExtensionNumber != "7001" {
		t.Errorf("%+v", staff.StaffList)
	}
	fresh := do[api.ResetExtensionPasswordResponse](t, h, "ResetExtensionPassword", api.Version, `{"SdkAppId":1400000001,"ExtensionId":"7002"}`)
	if len(fresh.Password) != 16 || fresh.Password == set.Password {
		t.Errorf("%+v", fresh)
	}
	do[api.ModifyExtensionResponse](t, h, "ModifyExtension", api.Version, `{"SdkAppId":1400000001,"ExtensionId":"7002","Relation":""}`)
	do[api.DeleteExtensionResponse](t, h, "DeleteExtension", api.Version, `{"SdkAppId":1400000001,"ExtensionId":"7002"}`)
	if a := h.send(t, h.ask("DescribeExtension", api.Version, `{"SdkAppId":1400000001,"ExtensionId":"7002"}`).signed()); a.code() != openseat.CodeNotFound {
		t.Errorf("deleted: %s", a.raw)
	}
}

func TestDoubleCall(t *testing.T) {
	h := staffed(t)
	do[api.PutTrunkResponse](t, h, "PutTrunk", api.OwnVersion, `{"SdkAppId":1400000001,"Trunk":{"Name":"line","Peer":"carrier.example:5060"}}`)
	for _, number := range []string{"4008001000", "4008001001"} {
		do[api.PutNumberResponse](t, h, "PutNumber", api.OwnVersion, `{"SdkAppId":1400000001,"Number":{"Number":"`+number+`","Trunk":"line","CallOut":true}}`)
	}
	ask := func(more string) string {
		return `{"SdkAppId":1400000001,"UserId":"Alice@demo.openseat","Callee":"008613900139000"` + more + `}`
	}
	first := do[api.CreateCallOutSessionResponse](t, h, "CreateCallOutSession", api.Version, ask(`,"IsForceUseMobile":true,"UUI":"order 7"`))
	second := do[api.CreateCallOutSessionResponse](t, h, "CreateCallOutSession", api.Version, ask(`,"Callers":["0086110","00864008001001"],"Uui":"old name"`))
	third := do[api.CreateCallOutSessionResponse](t, h, "CreateCallOutSession", api.Version, ask(`,"Caller":"00864008001001"`))
	if first.SessionId != "session-1" || second.SessionId != "session-2" || third.SessionId != "session-3" {
		t.Errorf("%+v, %+v, %+v", first, second, third)
	}
	got := h.calledOut[0]
	got.Plan.Groups, got.Location = nil, org.Location{}
	want := call.CallOut{
		Plan: call.Plan{App: home}, User: "alice@demo.openseat", Seat: acd.SeatMobile, Trunk: "line", Caller: "00864008001000",
		Callee: "008613900139000", Group: 1, UUI: "order 7",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if h.calledOut[0].Location.Country != "中国" || h.calledOut[1].Caller != "00864008001001" || h.calledOut[1].UUI != "old name" || h.calledOut[2].Caller != "00864008001001" {
		t.Errorf("%+v", h.calledOut)
	}
	if a := h.send(t, h.ask("CreateCallOutSession", api.Version, ask(`,"Callers":["0086110"]`)).signed()); a.code() != openseat.CodeNoCallOutNumber {
		t.Errorf("a number that is not ours: %s", a.raw)
	}
	do[api.PutListedNumbersResponse](t, h, "PutListedNumbers", api.OwnVersion, `{"SdkAppId":1400000001,"Numbers":["13900139000"],"Outbound":true}`)
	if a := h.send(t, h.ask("CreateCallOutSession", api.Version, ask("")).signed()); a.code() != openseat.CodeCallOutFailed {
		t.Errorf("a number that is not called: %s", a.raw)
	}
	do[api.DeleteListedNumbersResponse](t, h, "DeleteListedNumbers", api.OwnVersion, `{"SdkAppId":1400000001,"Numbers":["13900139000"]}`)
	h.agents["alice@demo.openseat"] = acd.AgentView{Status: acd.StatusBusy}
	if a := h.send(t, h.ask("CreateCallOutSession", api.Version, ask("")).signed()); a.code() != openseat.CodeSeatBusy {
		t.Errorf("a busy agent: %s", a.raw)
	}
}

func TestSeatsContactsAndNotes(t *testing.T) {
	h := staffed(t)
	do[api.PutSeatSettingsResponse](t, h, "PutSeatSettings", api.OwnVersion,
		`{"SdkAppId":1400000001,"Settings":{"StaffEmail":"alice@demo.openseat","ServerType":"staffExtensionSeat","UseMobileAccept":1,"UseMobileCallOut":true}}`)
	got := do[api.DescribeSeatSettingsResponse](t, h, "DescribeSeatSettings", api.OwnVersion, `{"SdkAppId":1400000001}`).Settings
	if len(got) != 2 || *got[0].ServerType != "staffExtensionSeat" || *got[0].UseMobileAccept != 1 || !*got[0].UseMobileCallOut || *got[1].ServerType != "staffSeat" {
		t.Errorf("%+v", got)
	}
	one := do[api.DescribeSeatSettingsResponse](t, h, "DescribeSeatSettings", api.OwnVersion, `{"SdkAppId":1400000001,"StaffList":["BOB@demo.openseat"]}`).Settings
	if len(one) != 1 || one[0].StaffEmail != "bob@demo.openseat" {
		t.Errorf("%+v", one)
	}
	metrics := do[api.DescribeStaffStatusMetricsResponse](t, h, "DescribeStaffStatusMetrics", api.Version, `{"SdkAppId":1400000001}`).Metrics
	if metrics[0].UseMobileAccept != 1 || !metrics[0].UseMobileCallOut || metrics[1].UseMobileCallOut {
		t.Errorf("%+v", metrics)
	}
	do[api.PutContactResponse](t, h, "PutContact", api.OwnVersion, `{"SdkAppId":1400000001,"Number":"13900139000","Name":"Zhang","Remark":"VIP"}`)
	contacts := do[api.DescribeContactsResponse](t, h, "DescribeContacts", api.OwnVersion, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`)
	if contacts.TotalCount != 1 || contacts.Contacts[0] != (api.Contact{Number: "008613900139000", Name: "Zhang", Remark: "VIP", ModifiedBy: secretID, ModifyTimestamp: h.now.Unix()}) {
		t.Errorf("%+v", contacts)
	}
	h.notes = []org.Note{{SessionID: "s-1", User: "alice@demo.openseat", Category: "refund", Resolved: true, Text: "done", ModifiedAt: h.now}}
	notes := do[api.DescribeServiceNotesResponse](t, h, "DescribeServiceNotes", api.OwnVersion, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0,"StaffEmail":"Alice@demo.openseat"}`)
	want := api.ServiceNote{SessionId: "s-1", StaffEmail: "alice@demo.openseat", Category: "refund", Resolved: true, Text: "done", ModifyTimestamp: h.now.Unix()}
	if notes.TotalCount != 1 || notes.Notes[0] != want {
		t.Errorf("%+v", notes)
	}
}

// TestPeople asks by the console's cookie instead of a signature.
func TestPeople(t *testing.T) {
	h := staffed(t)
	h.person = cloudapi.Person{App: home, User: "carol@demo.openseat", Rights: org.Rights{org.AreaStaff: org.Read, org.AreaSupervise: org.Write}}
	ask := func(action, body, cookie string) answer {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(api.ActionHeader, action)
		r.Header.Set(api.VersionHeader, api.Version)
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: "stay", Value: cookie})
		}
		return h.send(t, r)
	}
	const here, there = `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0}`, `{"SdkAppId":1400000002,"PageSize":10,"PageNumber":0}`
	for _, c := range []struct{ name, action, body, cookie, code string }{
		{"who may", "DescribeStaffInfoList", here, "secret", ""},
		{"another instance", "DescribeStaffInfoList", there, "secret", openseat.CodeUnauthorized},
		{"reading is not writing", "DeleteStaff", `{"SdkAppId":1400000001,"StaffList":["bob@demo.openseat"]}`, "secret", openseat.CodeUnauthorized},
		{"another area", "DescribeSkillGroupInfoList", here, "secret", openseat.CodeUnauthorized},
		{"who is not inside", "DescribeStaffInfoList", here, "guess", "AuthFailure.SignedOut"},
		{"nobody", "DescribeStaffInfoList", here, "", "AuthFailure.InvalidAuthorization"},
	} {
		if a := ask(c.action, c.body, c.cookie); a.code() != c.code {
			t.Errorf("%s: %q, want %q: %s", c.name, a.code(), c.code, a.raw)
		}
	}
	first, second := h.seen[len(h.seen)-6], h.seen[len(h.seen)-4]
	if first.User != "carol@demo.openseat" || first.SecretID != "" || first.Write || !second.Write {
		t.Errorf("seen: %+v, %+v", first, second)
	}
	h.person.Rights = org.Rights{org.AreaStaff: org.Write}
	admin := `{"SdkAppId":1400000001,"Staffs":[{"Name":"x","Mail":"x@y.zz","StaffNumber":"9","Role":1}]}`
	if a := ask("CreateStaff", admin, "secret"); a.code() != openseat.CodeUnauthorized {
		t.Errorf("making an administrator: %s", a.raw)
	}
	if a := ask("CreateStaff", strings.Replace(admin, `"Role":1`, `"Role":3`, 1), "secret"); a.code() != "" {
		t.Errorf("making an agent: %s", a.raw)
	}
}

// TestEveryActionNeedsARight keeps a new action from being everybody's.
func TestEveryActionNeedsARight(t *testing.T) {
	for _, a := range cloudapi.Needs() {
		reads := strings.HasPrefix(a.Name, "Describe") && a.Name != "DescribeExtension" || strings.HasPrefix(a.Name, "Search")
		if a.Area == "" || a.Level == org.None || reads == (a.Level == org.Write) {
			t.Errorf("%s needs %q, %d", a.Name, a.Area, a.Level)
		}
	}
}
