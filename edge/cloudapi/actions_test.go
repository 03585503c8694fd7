package cloudapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/cloudapi"
)

func staffed(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, 0)
	do[api.CreateCCCSkillGroupResponse](t, h, "CreateCCCSkillGroup", api.Version, `{"SdkAppId":1400000001,"SkillGroupName":"Support","SkillGroupType":0}`)
	do[api.CreateCCCSkillGroupResponse](t, h, "CreateCCCSkillGroup", api.Version, `{"SdkAppId":1400000001,"SkillGroupName":"Online","SkillGroupType":1,"MaxConcurrency":5}`)
	created := do[api.CreateStaffResponse](t, h, "CreateStaff", api.Version, `{"SdkAppId":1400000001,"Staffs":[
		{"Name":"Alice","Mail":"alice@demo.openseat","StaffNumber":"1001","Phone":"13800138000","Role":3,"SkillGroupNameList":["Support"],"ExtensionNumber":"7001"},
		{"Name":"Bob","Mail":"Bob@demo.openseat","StaffNumber":"1002","Nick":"B"}]}`)
	if len(created.ErrorStaffList) != 0 {
		t.Fatalf("%+v", created.ErrorStaffList)
	}
	return h
}

func TestDocumentedLimits(t *testing.T) {
	items := func(n int, item string) string { return "[" + strings.Repeat(item+",", n-1) + item + "]" }
	staff := `{"Name":"a","Mail":"a@b.cc","StaffNumber":"1"}`
	status := `{"StaffUserId":"a","Status":"free"}`
	day := int64(24 * 60 * 60)
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC).Unix()
	cdr := func(from, to int64, size, number int) string {
		return fmt.Sprintf(`"StartTimeStamp":%d,"EndTimeStamp":%d,"PageSize":%d,"PageNumber":%d`, from, to, size, number)
	}
	tests := []struct{ name, action, parameters, code string }{
		{"ten members of staff", "CreateStaff", `"Staffs":` + items(10, staff), ""},
		{"eleven members of staff", "CreateStaff", `"Staffs":` + items(11, staff), openseat.CodeOutOfCountLimit},
		{"no member of staff", "CreateStaff", `"Staffs":[]`, openseat.CodeMissingParameter},
		{"an account named otherwise than its mail", "CreateStaff", `"Staffs":[{"Name":"a","Mail":"a@b.cc","StaffNumber":"1","UserId":"c@d.ee"}]`, openseat.CodeInvalidValue},
		{"201 to delete", "DeleteStaff", `"StaffList":` + items(201, `"a@b.cc"`), openseat.CodeOutOfCountLimit},
		{"ten statuses", "SetStaffStatus", `"StaffStatusList":` + items(10, status), ""},
		{"eleven statuses", "SetStaffStatus", `"StaffStatusList":` + items(11, status), openseat.CodeInvalidValue},
		{"no status", "SetStaffStatus", `"StaffStatusList":[]`, openseat.CodeInvalidValue},
		{"busy cannot be asked for", "SetStaffStatus", `"StaffStatusList":[{"StaffUserId":"a","Status":"busy"}]`, openseat.CodeInvalidValue},
		{"a status that is none", "DescribeStaffStatusMetrics", `"StatusList":["arrange"]`, openseat.CodeInvalidValue},
		{"9999 of staff", "DescribeStaffInfoList", `"PageSize":9999,"PageNumber":0`, ""},
		{"10000 of staff", "DescribeStaffInfoList", `"PageSize":10000,"PageNumber":0`, openseat.CodeInvalidValue},
		{"page minus one", "DescribeStaffInfoList", `"PageSize":10,"PageNumber":-1`, openseat.CodeInvalidValue},
		{"a page at the end of the world", "DescribeStaffInfoList", `"PageSize":10,"PageNumber":9223372036854775807`, openseat.CodeInvalidValue},
		{"100 groups", "DescribeSkillGroupInfoList", `"PageSize":100,"PageNumber":0`, ""},
		{"101 groups", "DescribeSkillGroupInfoList", `"PageSize":101,"PageNumber":0`, openseat.CodeInvalidValue},
		{"a page of nothing", "DescribeSkillGroupInfoList", `"PageSize":0,"PageNumber":0`, openseat.CodeInvalidValue},
		{"101 numbers", "DescribeNumbers", `"PageSize":101`, openseat.CodeInvalidValue},
		{"100 records of 180 days ago", "DescribeTelCdr", cdr(now-180*day, now-91*day, 100, 0), ""},
		{"101 records", "DescribeTelCdr", cdr(now-day, now, 101, 0), openseat.CodeInvalidValue},
		{"records of 181 days ago", "DescribeTelCdr", cdr(now-181*day, now-100*day, 10, 0), openseat.CodeInvalidValue},
		{"records of 90 days", "DescribeTelCdr", cdr(now-90*day, now, 10, 0), openseat.CodeInvalidValue},
		{"records of a second less than 90 days", "DescribeTelCdr", cdr(now-90*day+1, now, 10, 0), ""},
		{"records from tomorrow to yesterday", "DescribeTelCdr", cdr(now+day, now-day, 10, 0), openseat.CodeInvalidValue},
		{"records of 101 sessions", "DescribeTelCdr", cdr(now-day, now, 10, 0) + `,"SessionIds":` + items(101, `"s"`), openseat.CodeInvalidValue},
		{"records of 101 phones", "DescribeTelCdr", cdr(now-day, now, 10, 0) + `,"Phones":` + items(101, `"1"`), openseat.CodeInvalidValue},
		{"25 running calls", "DescribePSTNActiveSessionList", `"Limit":25,"Offset":0`, ""},
		{"26 running calls", "DescribePSTNActiveSessionList", `"Limit":26,"Offset":0`, openseat.CodeInvalidValue},
		{"running calls before the first", "DescribePSTNActiveSessionList", `"Limit":1,"Offset":-1`, openseat.CodeInvalidValue},
		{"a phone group for two at once", "CreateCCCSkillGroup", `"SkillGroupName":"x","SkillGroupType":0,"MaxConcurrency":2`, openseat.CodeInvalidValue},
		{"a group that exists", "CreateCCCSkillGroup", `"SkillGroupName":"Support","SkillGroupType":0`, openseat.CodeSkillGroupExist},
		{"a group of no type", "CreateCCCSkillGroup", `"SkillGroupName":"x","SkillGroupType":2`, openseat.CodeInvalidValue},
		{"nobody's group", "DeleteCCCSkillGroup", `"SkillGroupId":99`, openseat.CodeSkillGroupError},
		{"a priority of six", "BindStaffSkillGroupList", `"StaffEmail":"alice@demo.openseat","StaffSkillGroupList":[{"SkillGroupId":1,"Priority":6}]`, openseat.CodeInvalidValue},
		{"a priority of zero", "BindStaffSkillGroupList", `"StaffEmail":"alice@demo.openseat","StaffSkillGroupList":[{"SkillGroupId":1,"Priority":0}]`, openseat.CodeInvalidValue},
		{"binding nobody", "BindStaffSkillGroupList", `"StaffEmail":"x@y.zz","StaffSkillGroupList":[{"SkillGroupId":1}]`, openseat.CodeAccountNotExist},
		{"modifying nobody", "ModifyStaff", `"Email":"x@y.zz"`, openseat.CodeAccountNotExist},
		{"answering by mobile phone", "ModifyStaff", `"Email":"alice@demo.openseat","UseMobileAccept":2,"UseMobileCallOut":true`, ""},
		{"answering by mobile phone in a way there is not", "ModifyStaff", `"Email":"alice@demo.openseat","UseMobileAccept":3`, openseat.CodeInvalidValue},
		{"answering by a mobile phone he has not", "ModifyStaff", `"Email":"bob@demo.openseat","UseMobileAccept":1`, openseat.CodeMissingParameter},
		{"a SIP phone", "CreateExtension", `"ExtensionId":"7002","ExtensionName":"Desk","Relation":"bob@demo.openseat","SkillGroupIds":[1]`, ""},
		{"a SIP phone of six digits", "CreateExtension", `"ExtensionId":"800000","ExtensionName":"Desk"`, ""},
		{"a SIP phone of three digits", "CreateExtension", `"ExtensionId":"700","ExtensionName":"Desk"`, openseat.CodeInvalidValue},
		{"a SIP phone of seven digits", "CreateExtension", `"ExtensionId":"7000000","ExtensionName":"Desk"`, openseat.CodeInvalidValue},
		{"a SIP phone that begins with nine", "CreateExtension", `"ExtensionId":"9001","ExtensionName":"Desk"`, openseat.CodeInvalidValue},
		{"a SIP phone without a name", "CreateExtension", `"ExtensionId":"7002","ExtensionName":""`, openseat.CodeMissingParameter},
		{"a SIP phone that is there", "CreateExtension", `"ExtensionId":"7001","ExtensionName":"Desk"`, org.CodeDuplicateSipAccount},
		{"a SIP phone of nobody we know", "CreateExtension", `"ExtensionId":"7002","ExtensionName":"Desk","Relation":"x@y.zz"`, openseat.CodeAccountNotExist},
		{"changing a phone", "ModifyExtension", `"ExtensionId":"7001","ExtensionName":"Window","Relation":"","SkillGroupIds":[]`, ""},
		{"changing no phone", "ModifyExtension", `"ExtensionId":"7009"`, openseat.CodeNotFound},
		{"deleting no phone", "DeleteExtension", `"ExtensionId":"7009"`, openseat.CodeNotFound},
		{"the password of no phone", "ResetExtensionPassword", `"ExtensionId":"7009"`, openseat.CodeNotFound},
		{"no phone", "DescribeExtension", `"ExtensionId":"7009"`, openseat.CodeNotFound},
		{"100 phones", "DescribeExtensions", `"PageNumber":0,"PageSize":100`, ""},
		{"101 phones", "DescribeExtensions", `"PageNumber":0,"PageSize":101`, openseat.CodeInvalidValue},
		{"phones of page minus one", "DescribeExtensions", `"PageNumber":-1`, openseat.CodeInvalidValue},
		{"a double call by nobody", "CreateCallOutSession", `"UserId":"x@y.zz","Callee":"008613900139000"`, openseat.CodeAccountNotExist},
		{"a double call of who has no mobile phone", "CreateCallOutSession", `"UserId":"bob@demo.openseat","Callee":"008613900139000"`, openseat.CodeCallOutFailed},
		{"a double call to no number", "CreateCallOutSession", `"UserId":"alice@demo.openseat","Callee":"call me"`, org.CodeInvalidPhoneNumber},
		{"a double call with a number that is not there", "CreateCallOutSession", `"UserId":"alice@demo.openseat","Callee":"008613900139000","Callers":["0086110"]`, openseat.CodeNoCallOutNumber},
		{"a double call from what is no number", "CreateCallOutSession", `"UserId":"alice@demo.openseat","Callee":"008613900139000","Callers":["x"]`, openseat.CodeInvalidValue},
		{"a double call with 1025 bytes", "CreateCallOutSession", `"UserId":"alice@demo.openseat","Callee":"008613900139000","UUI":"` + strings.Repeat("x", 1025) + `"`, openseat.CodeInvalidValue},
		{"a double call without the mobile phone", "CreateCallOutSession", `"UserId":"alice@demo.openseat","Callee":"008613900139000","IsForceUseMobile":false`, openseat.CodeInvalidValue},
		{"a double call of 21 numbers", "CreateCallOutSession", `"UserId":"alice@demo.openseat","Callee":"008613900139000","Callers":` + items(21, `"4008001000"`), openseat.CodeInvalidValue},
		{"a seat that is none", "PutSeatSettings", `"Settings":{"StaffEmail":"alice@demo.openseat","ServerType":"chair"}`, openseat.CodeInvalidValue},
		{"a seat of nobody", "PutSeatSettings", `"Settings":{"StaffEmail":"x@y.zz"}`, openseat.CodeAccountNotExist},
		{"a password too weak", "ModifyStaffPassword", `"Email":"alice@demo.openseat","Password":"secret"`, openseat.CodeInvalidValue},
		{"nobody's password", "ModifyStaffPassword", `"Email":"x@y.zz","Password":"Secret123"`, openseat.CodeAccountNotExist},
		{"a link for an agent", "CreateAdminURL", `"SeatUserId":"alice@demo.openseat"`, openseat.CodePermissionDenied},
		{"a link for nobody", "CreateAdminURL", `"SeatUserId":"x@y.zz"`, openseat.CodeAccountNotExist},
		{"binding no number", "BindNumberCallOutSkillGroup", `"Number":"00864008001009","SkillGroupIds":[1]`, openseat.CodeNotFound},
		{"binding a number to nothing", "BindNumberCallOutSkillGroup", `"Number":"00864008001000","SkillGroupIds":[]`, openseat.CodeInvalidValue},
		{"binding a number to 101 groups", "BindNumberCallOutSkillGroup", `"Number":"00864008001000","SkillGroupIds":` + items(101, "1"), openseat.CodeInvalidValue},
		{"binding a number to a chat group", "BindNumberCallOutSkillGroup", `"Number":"00864008001000","SkillGroupIds":[2]`, openseat.CodeSkillGroupError},
		{"unbinding no number", "UnbindNumberCallOutSkillGroup", `"Number":"00864008001009","SkillGroupIds":[1]`, openseat.CodeNotFound},
		{"unbinding a number from nothing", "UnbindNumberCallOutSkillGroup", `"Number":"00864008001000","SkillGroupIds":[]`, openseat.CodeInvalidValue},
		{"switching no number off", "DisableCCCPhoneNumber", `"PhoneNumbers":[],"Disabled":1`, openseat.CodeInvalidValue},
		{"switching a number half off", "DisableCCCPhoneNumber", `"PhoneNumbers":["00864008001000"],"Disabled":2`, openseat.CodeInvalidValue},
		{"switching an unknown number off", "DisableCCCPhoneNumber", `"PhoneNumbers":["00864008001009"],"Disabled":1`, openseat.CodeNotFound},
		{"a history of 7 days", "DescribeStaffStatusHistory", fmt.Sprintf(`"StaffUserId":"alice@demo.openseat","StartTimestamp":%d,"EndTimestamp":%d`, now-7*day, now), openseat.CodeInvalidValue},
		{"a history of a second less", "DescribeStaffStatusHistory", fmt.Sprintf(`"StaffUserId":"alice@demo.openseat","StartTimestamp":%d,"EndTimestamp":%d`, now-7*day+1, now), ""},
		{"a history of nobody", "DescribeStaffStatusHistory", fmt.Sprintf(`"StaffUserId":"x@y.zz","StartTimestamp":%d,"EndTimestamp":%d`, now-day, now), openseat.CodeAccountNotExist},
		{"a history with a cursor of our own", "DescribeStaffStatusHistory", fmt.Sprintf(`"StaffUserId":"alice@demo.openseat","Cursor":"x","StartTimestamp":%d,"EndTimestamp":%d`, now-day, now), openseat.CodeInvalidValue},
		{"1001 of a history", "DescribeStaffStatusHistory", fmt.Sprintf(`"StaffUserId":"alice@demo.openseat","PageSize":1001,"StartTimestamp":%d,"EndTimestamp":%d`, now-day, now), openseat.CodeInvalidValue},
		{"details of a session nobody knows", "DescribeSessionDetail", fmt.Sprintf(`"SessionId":"gone","StartTimestamp":%d,"EndTimestamp":%d`, now-day, now), openseat.CodeRecordNotExist},
		{"details of 90 days", "DescribeSessionDetail", fmt.Sprintf(`"SessionId":"gone","StartTimestamp":%d,"EndTimestamp":%d`, now-90*day, now), openseat.CodeInvalidValue},
		{"the text of a session nobody knows", "DescribeTelRecordAsr", `"SessionId":"gone"`, openseat.CodeRecordNotExist},
		{"a contact without a number", "PutContact", `"Number":"x","Name":"Zhang"`, org.CodeInvalidPhoneNumber},
		{"101 contacts", "DescribeContacts", `"PageSize":101,"PageNumber":0`, openseat.CodeInvalidValue},
		{"101 notes", "DescribeServiceNotes", `"PageSize":101,"PageNumber":0`, openseat.CodeInvalidValue},
		{"no answering by mobile phone", "ModifyStaff", `"Email":"alice@demo.openseat","UseMobileAccept":0`, ""},
		{"forwarding", "ModifyStaff", `"Email":"alice@demo.openseat","ForwardingConfig":{"Enabled":true}`, openseat.CodeUnsupported},
		{"no forwarding", "ModifyStaff", `"Email":"alice@demo.openseat","ForwardingConfig":{"Enabled":false}`, ""},
		{"a token for nobody", "CreateSDKLoginToken", `"SeatUserId":"x@y.zz"`, openseat.CodeAccountNotExist},
		{"a token for an empty name", "CreateSDKLoginToken", `"SeatUserId":""`, openseat.CodeAccountNotExist},
		{"hanging up what does not run", "HangUpCall", `"SessionId":"gone"`, openseat.CodeRecordNotExist},
		{"a session nobody knows", "DescribeTelSession", `"SessionId":"gone"`, openseat.CodeRecordNotExist},
		{"the timeline of a session nobody knows", "DescribeSessionTimeline", `"SessionId":"gone"`, openseat.CodeRecordNotExist},
		{"101 pushes", "DescribePushDeliveries", `"PageSize":101,"PageNumber":0`, openseat.CodeInvalidValue},
		{"pushes of no state", "DescribePushDeliveries", `"PageSize":10,"PageNumber":0,"Status":"lost"`, openseat.CodeInvalidValue},
		{"a ring of a day", "PutSkillGroupSettings", `"Settings":{"SkillGroupId":1,"RingTimeoutSecond":86401}`, openseat.CodeInvalidValue},
		{"the key that signs", "DisableKey", `"SecretId":"` + secretID + `"`, "OperationDenied"},
		{"another's key", "DisableKey", `"SecretId":"AKIDstranger"`, openseat.CodeNotFound},
		{"a flow into a queue that is not there", "PublishFlow", `"Name":"f","Definition":{"name":"f","start":"q","nodes":{"q":{"type":"queue","group":77}}}`, openseat.CodeSkillGroupError},
		{"a flow that is none", "PublishFlow", `"Name":"f","Definition":{"name":"f"}`, openseat.CodeInvalidValue},
		{"a number on no trunk", "PutNumber", `"Number":{"Number":"4008001000","Trunk":"none"}`, org.CodeSipTrunkNotFound},
		{"a trunk to nowhere", "PutTrunk", `"Trunk":{"Name":"t","Peer":"nowhere"}`, org.CodeInvalidAddress},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := staffed(t)
			h.mustOwn(t, "00864008001000")
			body := `{"SdkAppId":1400000001,` + tt.parameters + `}`
			version := api.Version
			if slices.Contains([]string{
				"DescribeSessionTimeline", "DescribePushDeliveries", "PutSkillGroupSettings", "DisableKey", "PublishFlow", "PutNumber", "PutTrunk",
				"PutSeatSettings", "PutContact", "DescribeContacts", "DescribeServiceNotes",
			}, tt.action) {
				version = api.OwnVersion
			}
			if a := h.send(t, h.ask(tt.action, version, body).signed()); a.code() != tt.code {
				t.Errorf("code %q, want %q: %s", a.code(), tt.code, a.raw)
			}
		})
	}
}

func TestStaffFromHiringToLeaving(t *testing.T) {
	h := staffed(t)
	failed := do[api.CreateStaffResponse](t, h, "CreateStaff", api.Version, `{"SdkAppId":1400000001,"Staffs":[
		{"Name":"Alice","Mail":"alice@demo.openseat","StaffNumber":"1009"},{"Name":"Carol","Mail":"carol@demo.openseat","StaffNumber":"1003","Role":2}]}`)
	if len(failed.ErrorStaffList) != 1 || failed.ErrorStaffList[0].Code != openseat.CodeDuplicatedAccount || failed.ErrorStaffList[0].StaffEmail != "alice@demo.openseat" {
		t.Fatalf("%+v", failed.ErrorStaffList)
	}
	do[api.BindStaffSkillGroupListResponse](t, h, "BindStaffSkillGroupList", api.Version, `{"SdkAppId":1400000001,"StaffEmail":"bob@demo.openseat","StaffSkillGroupList":[{"SkillGroupId":1,"Priority":1},{"SkillGroupId":2}]}`)
	do[api.UnbindStaffSkillGroupListResponse](t, h, "UnbindStaffSkillGroupList", api.Version, `{"SdkAppId":1400000001,"StaffEmail":"bob@demo.openseat","SkillGroupList":[2]}`)
	do[api.ModifyStaffResponse](t, h, "ModifyStaff", api.Version, `{"SdkAppId":1400000001,"Email":"bob@demo.openseat","Name":"Robert","StaffNo":"2002"}`)

	page := do[api.DescribeStaffInfoListResponse](t, h, "DescribeStaffInfoList", api.Version, `{"SdkAppId":1400000001,"PageSize":2,"PageNumber":0}`)
	if page.TotalCount != 3 || len(page.StaffList) != 2 {
		t.Fatalf("%d of %d", len(page.StaffList), page.TotalCount)
	}
	alice, bob := page.StaffList[0], page.StaffList[1]
	if alice.Phone != "008613800138000" || alice.ExtensionNumber != "7001" || alice.RoleId != 3 || alice.SkillGroupList[0].SkillGroupName != "Support" {
		t.Errorf("alice is %+v", alice)
	}
	if bob.Name != "Robert" || bob.StaffNumber != "2002" || bob.Nick != "B" || len(bob.SkillGroupList) != 1 || bob.SkillGroupList[0].Priority != 1 || bob.SkillGroupList[0].Type != "TEL" {
		t.Errorf("bob is %+v", bob)
	}
	one := do[api.DescribeStaffInfoListResponse](t, h, "DescribeStaffInfoList", api.Version, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0,"StaffMail":"Carol@demo.openseat"}`)
	if one.TotalCount != 1 || one.StaffList[0].RoleId != 2 {
		t.Errorf("carol is %+v", one)
	}

	h.agents["alice@demo.openseat"] = acd.AgentView{Status: acd.StatusNotReady}
	h.agents["bob@demo.openseat"] = acd.AgentView{Status: acd.StatusOffline}
	gone := do[api.DeleteStaffResponse](t, h, "DeleteStaff", api.Version, `{"SdkAppId":1400000001,"StaffList":["alice@demo.openseat","bob@demo.openseat"]}`)
	if !slices.Equal(gone.OnlineStaffList, []string{"alice@demo.openseat"}) || gone.DeleteStatusInfo == "" {
		t.Errorf("%+v", gone)
	}
	left := do[api.DescribeStaffInfoListResponse](t, h, "DescribeStaffInfoList", api.Version, list)
	if left.TotalCount != 2 {
		t.Errorf("%d are left, want 2", left.TotalCount)
	}
}

func TestSkillGroups(t *testing.T) {
	h := staffed(t)
	do[api.UpdateCCCSkillGroupResponse](t, h, "UpdateCCCSkillGroup", api.Version, `{"SdkAppId":1400000001,"SkillGroupID":1,"SkillGroupName":"Care","RingAll":true,"MaxConcurrency":2}`)
	do[api.PutSkillGroupSettingsResponse](t, h, "PutSkillGroupSettings", api.OwnVersion, `{"SdkAppId":1400000001,"Settings":{"SkillGroupId":1,"WrapUpSecond":15,"UsingLastSeat":true}}`)
	groups := do[api.DescribeSkillGroupInfoListResponse](t, h, "DescribeSkillGroupInfoList", api.Version, list)
	if g := groups.SkillGroupList[0]; groups.TotalCount != 2 || g.SkillGroupName != "Care" || !g.RingAll || g.MaxConcurrency != 2 || g.UsingLastSeat != 1 || g.SkillGroupType != 0 {
		t.Errorf("%+v", groups)
	}
	settings := do[api.DescribeSkillGroupSettingsResponse](t, h, "DescribeSkillGroupSettings", api.OwnVersion, `{"SdkAppId":1400000001}`)
	if s := settings.Settings[0]; *s.WrapUpSecond != 15 || *s.RingTimeoutSecond != 20 || !*s.UsingLastSeat {
		t.Errorf("%+v", settings.Settings)
	}
	named := do[api.DescribeSkillGroupInfoListResponse](t, h, "DescribeSkillGroupInfoList", api.Version, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0,"SkillGroupName":"Onl"}`)
	if named.TotalCount != 1 || named.SkillGroupList[0].Type != "IM" {
		t.Errorf("%+v", named)
	}
	do[api.DeleteCCCSkillGroupResponse](t, h, "DeleteCCCSkillGroup", api.Version, `{"SdkAppId":1400000001,"SkillGroupId":2}`)
}

func TestStatusOfAgents(t *testing.T) {
	h := staffed(t)
	h.agents["alice@demo.openseat"] = acd.AgentView{Status: acd.StatusRest, Reason: "lunch", Conn: "c1"}
	h.agents["bob@demo.openseat"] = acd.AgentView{Status: acd.StatusBusy, Work: &openseat.Ref{App: home, Kind: openseat.KindCall, ID: "s1"}}
	h.active = []cloudapi.ActiveSession{{SessionID: "s1", Direction: call.Outbound}}
	h.days = map[string]cloudapi.StatusDay{"alice@demo.openseat": {Online: time.Hour, Rest: 90 * time.Second, LastOnlineAt: h.now}}
	set := do[api.SetStaffStatusResponse](t, h, "SetStaffStatus", api.Version, `{"SdkAppId":1400000001,"StaffStatusList":[
		{"StaffUserId":"Alice@demo.openseat","Status":"free"},{"StaffUserId":"bob@demo.openseat","Status":"rest","Reason":"tea"},{"StaffUserId":"dave@demo.openseat","Status":"free"}]}`)
	want := []api.SetStaffStatusRspItem{
		{StaffUserId: "Alice@demo.openseat", Status: "free", PreviousStatus: "rest", PreviousReason: "lunch"},
		{StaffUserId: "bob@demo.openseat", Status: "busy", PreviousStatus: "busy"},
		{StaffUserId: "dave@demo.openseat", Status: "offline", PreviousStatus: "offline", ErrorCode: openseat.CodeStateNotAllowed, ErrorMessage: `agent "dave@demo.openseat" is offline`},
	}
	if !slices.Equal(set.StaffStatusList, want) {
		t.Errorf("set %+v\nwant %+v", set.StaffStatusList, want)
	}

	metrics := do[api.DescribeStaffStatusMetricsResponse](t, h, "DescribeStaffStatusMetrics", api.Version, `{"SdkAppId":1400000001}`).Metrics
	if len(metrics) != 2 {
		t.Fatalf("%+v", metrics)
	}
	if a := metrics[0]; a.Status != "free" || a.OnlineDuration != 3600 || a.RestDuration != 90 || a.LastOnlineTimestamp != h.now.Unix() || len(a.ClientInfo) != 1 {
		t.Errorf("alice %+v", a)
	}
	if b := metrics[1]; b.Status != "busy" || !b.ReserveRest || b.StatusExtra.Type != "tel" || b.StatusExtra.Direct != "out" {
		t.Errorf("bob %+v %+v", b, b.StatusExtra)
	}
	for parameters, who := range map[string]string{
		`"StatusList":["busy"]`: "bob@demo.openseat", `"GroupIdList":[1]`: "alice@demo.openseat", `"StaffList":["BOB@demo.openseat"]`: "bob@demo.openseat",
	} {
		some := do[api.DescribeStaffStatusMetricsResponse](t, h, "DescribeStaffStatusMetrics", api.Version, `{"SdkAppId":1400000001,`+parameters+`}`).Metrics
		if len(some) != 1 || some[0].Email != who {
			t.Errorf("%s chooses %+v, want %s", parameters, some, who)
		}
	}
}

func TestRestNeedsAReasonOfTheList(t *testing.T) {
	h := staffed(t)
	if err := h.office.ModifyInstance(t.Context(), home, org.InstanceChange{Settings: &org.Settings{RestReasons: []string{"lunch"}}}); err != nil {
		t.Fatal(err)
	}
	h.agents["alice@demo.openseat"] = acd.AgentView{Status: acd.StatusFree}
	for reason, code := range map[string]string{"tea": openseat.CodeInvalidValue, "lunch": ""} {
		set := do[api.SetStaffStatusResponse](t, h, "SetStaffStatus", api.Version, `{"SdkAppId":1400000001,"StaffStatusList":[{"StaffUserId":"alice@demo.openseat","Status":"rest","Reason":"`+reason+`"}]}`)
		if got := set.StaffStatusList[0].ErrorCode; got != code {
			t.Errorf("a rest for %s: %q, want %q", reason, got, code)
		}
	}
}

func TestLoginToken(t *testing.T) {
	h := staffed(t)
	login := do[api.CreateSDKLoginTokenResponse](t, h, "CreateSDKLoginToken", api.Version, `{"SdkAppId":1400000001,"SeatUserId":"ALICE@demo.openseat","OnlyOnce":true}`)
	if login.Token != "token-of-alice@demo.openseat" || login.ExpiredTime != h.now.Unix()+600 || !strings.Contains(login.SdkURL, "once=true&app=1400000001") {
		t.Errorf("%+v", login)
	}
}

func TestRunningCalls(t *testing.T) {
	h := staffed(t)
	at := h.now.Add(-time.Minute)
	h.active = []cloudapi.ActiveSession{
		{SessionID: "s1", Caller: "008613800138000", Callee: "00864008001000", StartAt: at, Status: cloudapi.SessionSeatJoining},
		{SessionID: "s2", Caller: "00864008001000", Callee: "008613900139000", Direction: call.Outbound, StartAt: at, RingAt: at, AcceptAt: h.now, User: "alice@demo.openseat", Status: cloudapi.SessionInProgress},
	}
	running := do[api.DescribePSTNActiveSessionListResponse](t, h, "DescribePSTNActiveSessionList", api.Version, `{"SdkAppId":1400000001,"Offset":1,"Limit":25}`)
	want := api.PSTNSessionInfo{
		SessionID: "s2", Caller: "00864008001000", Callee: "008613900139000", Direction: 1, StartTimestamp: "1772528340", AcceptTimestamp: "1772528400",
		RingTimestamp: 1772528340, StaffEmail: "alice@demo.openseat", StaffNumber: "1001", SessionStatus: "inProgress",
	}
	if running.Total != 2 || len(running.Sessions) != 1 || running.Sessions[0] != want {
		t.Errorf("%+v", running)
	}
	one := do[api.DescribeTelSessionResponse](t, h, "DescribeTelSession", api.Version, `{"SdkAppId":1400000001,"SessionId":"s1"}`)
	if one.Session.SessionStatus != "seatJoining" || one.Session.StaffEmail != "" {
		t.Errorf("%+v", one.Session)
	}
	do[api.HangUpCallResponse](t, h, "HangUpCall", api.Version, `{"SdkAppId":1400000001,"SessionId":"s1"}`)
	if !slices.Equal(h.hungUp, []string{"s1 by " + secretID}) {
		t.Errorf("hung up %v", h.hungUp)
	}
}

// finishedCall is Alice's: in by key 1, 4 s in the flow, answered after 10 s, 30 s of talk, a 5 in the survey.
func finishedCall(start time.Time) call.Facts {
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	return call.Facts{
		App: home, SessionID: "s1", Direction: call.Inbound, CallType: call.TypeInbound, Caller: "008613800138000", Callee: "00864008001000",
		StartAt: at(0), QueuedAt: at(4), RingAt: at(5), AcceptAt: at(10), EndAt: at(40), QueuedGroup: 1, End: call.EndOK, HungUpSide: call.SideSeat,
		Keys: []call.Key{{Key: "1", Label: "Support", At: at(3)}}, PostKeys: []call.Key{{Key: "5", Label: "great", At: at(41)}},
		Record: "r-c", UUI: "order 7", Serves: []call.Participant{{
			User: "alice@demo.openseat", Type: "staffSeat", Leg: "a1", Group: 1, Priority: 3, StartAt: at(5), RingAt: at(5), AcceptAt: at(10), EndAt: at(40), Record: "r-a1", End: call.EndOK,
		}},
	}
}

func TestCallRecords(t *testing.T) {
	h := staffed(t)
	start := h.now.Add(-time.Hour)
	h.cdrs = []report.CDR{report.NewCDR(finishedCall(start), h.Get(home))}
	h.recordings = []call.Recording{
		{SessionID: "s1", Record: "r-v", Kind: "voicemail"}, {SessionID: "s1", Record: "r-c", Kind: "record"}, {SessionID: "s1", Record: "r-a1", Kind: "record"},
	}
	from, to := start.Unix()-10, h.now.Unix()
	got := do[api.DescribeTelCdrResponse](t, h, "DescribeTelCdr", api.Version, fmt.Sprintf(`{"SdkAppId":1400000001,"StartTimeStamp":%d,"EndTimeStamp":%d,"PageSize":20,"PageNumber":0,"Phones":["13800138000","8613800138000x"]}`, from, to))
	if h.asked.From.Unix() != from || h.asked.To.Unix() != to || h.asked.Limit != 20 || h.asked.Offset != 0 || !slices.Equal(h.asked.Phones, []string{"008613800138000", "8613800138000x"}) {
		t.Errorf("asked for %+v", h.asked)
	}
	if got.TotalCount != 1 || len(got.TelCdrList) != 1 || len(got.TelCdrs) != 1 {
		t.Fatalf("%+v", got)
	}
	c := got.TelCdrList[0]
	if c.Duration != 30 || c.IVRDuration != 4 || c.EndStatus != 1 || c.EndStatusString != "ok" || c.HungUpSide != "seat" || c.SkillGroup != "Support" || c.QueuedSkillGroupName != "Support" || c.CallType != 2 || c.UUI != "order 7" {
		t.Errorf("%+v", c)
	}
	if !slices.Equal(c.IVRKeyPressed, []string{"1"}) || c.IVRKeyPressedEx[0].Label != "Support" || c.PostIVRKeyPressedEx[0].Key != "5" || c.IVRKeyPressedEx[0].Timestamp != start.Add(3*time.Second).UnixMilli() {
		t.Errorf("keys %+v %+v", c.IVRKeyPressedEx, c.PostIVRKeyPressedEx)
	}
	if c.RecordURL != "https://desk/rec/r-c" || !slices.Equal(c.VoicemailRecordURL, []string{"https://desk/rec/r-v"}) || c.ServeParticipants[0].RecordURL != "https://desk/rec/r-a1" {
		t.Errorf("links %s %s %s", c.RecordURL, c.VoicemailRecordURL, c.ServeParticipants[0].RecordURL)
	}
	if c.SeatUser == nil || c.SeatUser.Mail != "alice@demo.openseat" || c.SeatUser.StaffNumber != "1001" || c.ServeParticipants[0].EndStatusString != "ok" || c.ServeParticipants[0].SkillGroupName != "Support" {
		t.Errorf("agent %+v %+v", c.SeatUser, c.ServeParticipants)
	}
	over := do[api.DescribeTelSessionResponse](t, h, "DescribeTelSession", api.Version, `{"SdkAppId":1400000001,"SessionId":"s1"}`)
	if over.Session.SessionStatus != "finished" || over.Session.StaffEmail != "alice@demo.openseat" || over.Session.AcceptTimestamp != start.Unix()+10 {
		t.Errorf("%+v", over.Session)
	}
}

func TestTimelineIsReadable(t *testing.T) {
	h := staffed(t)
	ref := openseat.CallRef(home, "s1")
	plan := call.Plan{App: home, Groups: map[int64]*org.SkillGroup{1: {Name: "hidden set-up"}}}
	h.entries = []openseat.Entry{
		{Ref: ref, Seq: 7, At: h.now, Event: call.Arrived{Plan: plan, Trunk: "demo", Caller: "0086138", Callee: "0086400"}, Commands: []openseat.Command{call.RingLeg{Leg: "c"}}},
		{Ref: ref, Seq: 9, At: h.now, Event: openseat.Asked{Ask: "1", Event: call.Accepted{User: "alice"}}, Commands: []openseat.Command{openseat.Tell{Event: acd.OfferTaken{}}, call.Notify{Event: "userAccessed"}}},
		{Ref: ref, Seq: 11, At: h.now, Event: call.LegEnded{Leg: "c", Cause: call.Cause{SIP: 200, Text: "BYE"}}},
		{Ref: ref, Seq: 12, At: h.now, Event: call.HeldByAgent{User: "alice", On: true}},
		{Ref: ref, Seq: 13, At: h.now, Event: call.DigitsSent{User: "alice", Digits: "4711"}},
	}
	got := do[api.DescribeSessionTimelineResponse](t, h, "DescribeSessionTimeline", api.OwnVersion, `{"SdkAppId":1400000001,"SessionId":"s1"}`)
	want := []string{
		"7 call.Arrived: 0086138 calls 0086400 on trunk demo [call.RingLeg]",
		"9 call.Accepted: alice answers [openseat.Tell acd.OfferTaken call.Notify userAccessed]",
		"11 call.LegEnded: leg c ends (200 BYE) []",
		"12 call.HeldByAgent: alice puts the customer on hold []",
		"13 call.DigitsSent: alice sends digits []",
	}
	var lines []string
	for _, s := range got.Steps {
		lines = append(lines, fmt.Sprintf("%d %s: %s %v", s.Seq, s.Event, s.Text, s.Commands))
		if strings.Contains(string(s.Detail), "hidden") {
			t.Errorf("the set-up is shown: %s", s.Detail)
		}
	}
	if !slices.Equal(lines, want) {
		t.Errorf("timeline\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestLinesAndFlows(t *testing.T) {
	h := staffed(t)
	do[api.PutTrunkResponse](t, h, "PutTrunk", api.OwnVersion, `{"SdkAppId":1400000001,"Trunk":{"Name":"carrier","Peer":"sip.example.com:5060","Register":true,"Username":"desk","Password":"hush hush","MaxCalls":30}}`)
	trunks := h.send(t, h.ask("DescribeTrunks", api.OwnVersion, `{"SdkAppId":1400000001}`).signed())
	if !strings.Contains(trunks.raw, `"Name":"carrier"`) || strings.Contains(trunks.raw, "hush") {
		t.Errorf("trunks %s", trunks.raw)
	}
	flow := `{"name":"direct","start":"q","nodes":{"q":{"type":"queue","group":1}}}`
	for want := range int64(2) {
		if got := do[api.PublishFlowResponse](t, h, "PublishFlow", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"direct","Definition":`+flow+`}`); got.Version != want+1 {
			t.Errorf("version %d, want %d", got.Version, want+1)
		}
	}
	versions := do[api.DescribeFlowVersionsResponse](t, h, "DescribeFlowVersions", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"direct"}`).Versions
	if len(versions) != 2 || versions[0].Version != 2 || string(versions[0].Definition) != flow {
		t.Errorf("%+v", versions)
	}
	if flows := do[api.DescribeFlowsResponse](t, h, "DescribeFlows", api.OwnVersion, `{"SdkAppId":1400000001}`).Flows; len(flows) != 1 || flows[0].Version != 2 {
		t.Errorf("%+v", flows)
	}
	do[api.PutNumberResponse](t, h, "PutNumber", api.OwnVersion, `{"SdkAppId":1400000001,"Number":{"Number":"4008001000","Trunk":"carrier","Flow":"direct","CallOut":true,"CallOutSkillGroupIds":[1]}}`)
	numbers := do[api.DescribeNumbersResponse](t, h, "DescribeNumbers", api.Version, `{"SdkAppId":1400000001}`)
	if n := numbers.Numbers[0]; numbers.TotalCount != 1 || n.Number != "00864008001000" || n.State != 1 || n.CostType != 1 || !slices.Equal(n.CallOutSkillGroupIds, []int64{1}) {
		t.Errorf("%+v", numbers)
	}
	if s := do[api.DescribeNumberSettingsResponse](t, h, "DescribeNumberSettings", api.OwnVersion, `{"SdkAppId":1400000001}`).Numbers; len(s) != 1 || s[0].Trunk != "carrier" || *s[0].Flow != "direct" || !*s[0].CallOut {
		t.Errorf("%+v", s)
	}
	if a := h.send(t, h.ask("DeleteTrunk", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"carrier"}`).signed()); a.code() != org.CodeSipTrunkInUsed {
		t.Error(a.raw)
	}
	do[api.DeleteNumberResponse](t, h, "DeleteNumber", api.OwnVersion, `{"SdkAppId":1400000001,"Number":"00864008001000"}`)
	do[api.DeleteTrunkResponse](t, h, "DeleteTrunk", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"carrier"}`)
}

func TestPushes(t *testing.T) {
	h := staffed(t)
	do[api.PutPushSettingsResponse](t, h, "PutPushSettings", api.OwnVersion, `{"SdkAppId":1400000001,"Settings":{"Url":"https://crm.example.com/push","AuthType":"basic","Username":"u","Password":"hush hush","CDR":true}}`)
	settings := h.send(t, h.ask("DescribePushSettings", api.OwnVersion, `{"SdkAppId":1400000001}`).signed())
	if !strings.Contains(settings.raw, `"AuthType":"basic"`) || !strings.Contains(settings.raw, `"CDR":true,"Record":false`) || strings.Contains(settings.raw, "hush") {
		t.Errorf("settings %s", settings.raw)
	}
	h.deliveries = []api.PushDelivery{{UUID: "u1", Status: api.DeliveryFailed, Payload: []byte(`{}`)}, {UUID: "u2", Status: api.DeliveryDelivered, Payload: []byte(`{}`)}}
	failed := do[api.DescribePushDeliveriesResponse](t, h, "DescribePushDeliveries", api.OwnVersion, `{"SdkAppId":1400000001,"PageSize":10,"PageNumber":0,"Status":"failed"}`)
	if failed.TotalCount != 1 || failed.Deliveries[0].UUID != "u1" {
		t.Errorf("%+v", failed)
	}
	do[api.ReplayPushDeliveryResponse](t, h, "ReplayPushDelivery", api.OwnVersion, `{"SdkAppId":1400000001,"UUID":"u1"}`)
	if !slices.Equal(h.replayed, []string{"u1"}) {
		t.Errorf("replayed %v", h.replayed)
	}
}

func TestKeysAndAlarms(t *testing.T) {
	h := staffed(t)
	key := do[api.CreateKeyResponse](t, h, "CreateKey", api.OwnVersion, `{"SdkAppId":1400000001}`)
	q := h.ask("DescribeKeys", api.OwnVersion, `{"SdkAppId":1400000001}`)
	q.id, q.key = key.SecretId, key.SecretKey
	keys := h.send(t, q.signed())
	if keys.code() != "" || !strings.Contains(keys.raw, key.SecretId) || strings.Contains(keys.raw, key.SecretKey) || strings.Contains(keys.raw, "AKIDstranger") {
		t.Errorf("keys %s", keys.raw)
	}
	do[api.DisableKeyResponse](t, h, "DisableKey", api.OwnVersion, `{"SdkAppId":1400000001,"SecretId":"`+key.SecretId+`"}`)
	if a := h.send(t, q.signed()); a.code() != "AuthFailure.SecretIdNotFound" {
		t.Errorf("a disabled key still opens: %s", a.raw)
	}
	if alarms := do[api.DescribeAlarmsResponse](t, h, "DescribeAlarms", api.OwnVersion, `{"SdkAppId":1400000001}`).Alarms; len(alarms) != 1 || alarms[0].Name != "disk-full" {
		t.Errorf("%+v", alarms)
	}
}
