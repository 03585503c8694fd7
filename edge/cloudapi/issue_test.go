package cloudapi_test

import (
	"reflect"
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

func TestNumbersAreBoundAndSwitchedOff(t *testing.T) {
	h := staffed(t)
	h.mustOwn(t, "00864008001000")
	number := func() *org.Number { return h.Get(home).Numbers["00864008001000"] }
	do[api.BindNumberCallOutSkillGroupResponse](t, h, "BindNumberCallOutSkillGroup", api.Version, `{"SdkAppId":1400000001,"Number":"00864008001000","SkillGroupIds":[1]}`)
	if got := number().CallOutGroups; !reflect.DeepEqual(got, []int64{1}) {
		t.Errorf("bound to %v", got)
	}
	do[api.UnbindNumberCallOutSkillGroupResponse](t, h, "UnbindNumberCallOutSkillGroup", api.Version, `{"SdkAppId":1400000001,"Number":"4008001000","SkillGroupIds":[1,7]}`)
	if got := number().CallOutGroups; len(got) != 0 {
		t.Errorf("still bound to %v", got)
	}
	do[api.DisableCCCPhoneNumberResponse](t, h, "DisableCCCPhoneNumber", api.Version, `{"PhoneNumbers":["00864008001000"],"Disabled":1}`)
	if got := number().State; got != 4 {
		t.Errorf("switched off: %d", got)
	}
	bought := do[api.DescribeCCCBuyInfoListResponse](t, h, "DescribeCCCBuyInfoList", api.Version, `{"SdkAppIds":[1400000001]}`)
	want := api.SdkAppIdBuyInfo{
		SdkAppId: 1400000001, Name: "Desk 1400000001", StaffBuyNum: 2, StaffBuyList: []api.StaffBuyInfo{}, SipBuyNum: 1,
		PhoneNumBuyList: []api.PhoneNumBuyInfo{{PhoneNum: "00864008001000", Type: 3, CallType: 2, BuyTime: h.now.Unix(), State: 4}},
	}
	if bought.TotalCount != 1 || !reflect.DeepEqual(bought.SdkAppIdBuyList[0], want) {
		t.Errorf("%+v", bought)
	}
	do[api.DisableCCCPhoneNumberResponse](t, h, "DisableCCCPhoneNumber", api.Version, `{"SdkAppId":1400000001,"PhoneNumbers":["00864008001000"],"Disabled":0}`)
	if got := number().State; got != 1 {
		t.Errorf("switched on: %d", got)
	}
	for _, body := range []string{`{"SdkAppIds":[1400000002]}`, `{"SdkAppIds":[1400000001,1400000002]}`} {
		if a := h.send(t, h.ask("DescribeCCCBuyInfoList", api.Version, body).signed()); a.code() != openseat.CodeUnauthorized {
			t.Errorf("%s: %s", body, a.raw)
		}
	}
	if a := h.send(t, h.ask("DescribeNumbers", api.Version, `{"SdkAppId":0}`).signed()); a.code() != openseat.CodeUnauthorized {
		t.Errorf("an action that names its instance: %s", a.raw)
	}
}

func TestStatusHistory(t *testing.T) {
	h := staffed(t)
	at := func(minutes int) time.Time { return h.now.Add(time.Duration(minutes-60) * time.Minute) }
	h.history = []report.StatusChange{
		{N: 3, User: "alice@demo.openseat", Status: acd.StatusFree, Since: at(0)},
		{N: 4, User: "alice@demo.openseat", Status: acd.StatusBusy, Session: "s-1", Since: at(10)},
		{N: 5, User: "bob@demo.openseat", Status: acd.StatusFree, Since: at(11)},
		{N: 6, User: "alice@demo.openseat", Status: acd.StatusArrange, Since: at(20)},
		{N: 7, User: "alice@demo.openseat", Status: acd.StatusRest, Reason: "lunch", Since: at(30)},
	}
	ask := func(more string) []api.StaffStatus {
		return do[api.DescribeStaffStatusHistoryResponse](t, h, "DescribeStaffStatusHistory", api.Version,
			`{"SdkAppId":1400000001,"StaffUserId":"Alice@demo.openseat","StartTimestamp":1772524800,"EndTimestamp":1772528400`+more+`}`).Data
	}
	first := ask(`,"PageSize":2`)
	want := []api.StaffStatus{
		{Cursor: "3", Timestamp: at(0).Unix(), Status: "free", StaffEmail: "alice@demo.openseat", StaffNo: "1001"},
		{Cursor: "4", Timestamp: at(10).Unix(), Status: "busy", SessionId: "s-1", StaffEmail: "alice@demo.openseat", StaffNo: "1001"},
	}
	if !reflect.DeepEqual(first, want) {
		t.Errorf("got  %+v\nwant %+v", first, want)
	}
	second := ask(`,"Cursor":"4"`)
	if len(second) != 2 || second[0].Status != "afterCallWork" || second[1].Reason != "lunch" {
		t.Errorf("%+v", second)
	}
}

func TestSessionDetail(t *testing.T) {
	h := staffed(t)
	at := func(seconds int) time.Time { return h.now.Add(time.Duration(seconds-600) * time.Second) }
	h.cdrs = []report.CDR{{
		Facts: call.Facts{
			SessionID: "s-1", CallType: 2, Caller: "008613800138000", Callee: "00864008001000", StartAt: at(0), RingAt: at(5), AcceptAt: at(10),
			EndAt: at(60), End: call.EndOK, HungUpSide: "user", QueuedGroup: 1, UUI: "order 7", Record: "r-1",
			Location: org.Location{Country: "中国", Province: "北京", City: "北京", Operator: "移动"},
			Serves: []call.Participant{
				{
					User: "alice@demo.openseat", Type: "staffSeat", AcceptAt: at(10), EndAt: at(50), TransferTo: "00861085551234",
					TransferToType: "outboundSeat", Events: []call.Service{{Type: "StaffHold", At: at(20)}, {Type: "StaffUnhold", At: at(30)}},
				},
				{Phone: "00861085551234", Type: "outboundSeat", Sequence: 1, TransferFrom: "alice@demo.openseat", TransferFromType: "staffSeat"},
			},
		},
		QueuedGroupName: "Support", People: map[string]report.Person{"alice@demo.openseat": {UserID: "alice@demo.openseat", Mail: "alice@demo.openseat", StaffNumber: "1001"}},
	}}
	h.recordings = []call.Recording{{SessionID: "s-1", Record: "r-1", Kind: "record"}}
	got := do[api.DescribeSessionDetailResponse](t, h, "DescribeSessionDetail", api.Version,
		`{"SdkAppId":1400000001,"SessionId":"s-1","StartTimestamp":1772524800,"EndTimestamp":1772528400}`)
	staff := &api.EventStaffDetail{Staffs: []api.EventStaffElement{{Mail: "alice@demo.openseat", StaffNumber: "1001"}}}
	wantEvents := []api.SessionEvent{
		{Timestamp: at(20).Unix(), EventType: "StaffHold", StaffEventDetail: staff}, {Timestamp: at(30).Unix(), EventType: "StaffUnhold", StaffEventDetail: staff},
	}
	if got.StaffUserId != "alice@demo.openseat" || got.RecordURL != "https://desk/rec/r-1" || got.UUI != "order 7" || got.EndStatus != 1 ||
		got.QueuedSkillGroupName != "Support" || !reflect.DeepEqual(got.Events, wantEvents) {
		t.Errorf("%+v", got)
	}
	first, second := got.ServeParticipants[0], got.ServeParticipants[1]
	if first.TransferTo != "00861085551234" || first.TransferToType != "outboundSeat" || second.Phone != "00861085551234" ||
		second.TransferFrom != "alice@demo.openseat" || second.TransferFromType != "staffSeat" {
		t.Errorf("%+v", got.ServeParticipants)
	}
	cdr := do[api.DescribeTelCdrResponse](t, h, "DescribeTelCdr", api.Version,
		`{"SdkAppId":1400000001,"StartTimeStamp":1772524800,"EndTimeStamp":1772528400,"PageSize":10,"PageNumber":0}`)
	if cdr.TelCdrList[0].CallerLocation == "" {
		t.Errorf("no location: %+v", cdr.TelCdrList[0])
	}
	text := do[api.DescribeTelRecordAsrResponse](t, h, "DescribeTelRecordAsr", api.Version, `{"SdkAppId":1400000001,"SessionId":"s-1"}`)
	if text.AsrDataList == nil || len(text.AsrDataList) != 0 {
		t.Errorf("%+v", text)
	}
}

func TestUsagePasswordsAndLinks(t *testing.T) {
	h := staffed(t)
	h.usage = report.Usage{InMinutes: 7, OutMinutes: 3, Agents: 2}
	got := do[api.DescribeTelCallInfoResponse](t, h, "DescribeTelCallInfo", api.Version,
		`{"StartTimeStamp":1772409600,"EndTimeStamp":1772495999,"SdkAppIdList":[1400000001]}`)
	if got.TelCallInCount != 7 || got.TelCallOutCount != 3 || got.SeatUsedCount != 2 {
		t.Errorf("%+v", got)
	}
	if a := h.send(t, h.ask("DescribeTelCallInfo", api.Version, `{"StartTimeStamp":1764633599,"EndTimeStamp":1772495999,"SdkAppIdList":[1400000001]}`).signed()); a.code() != openseat.CodeInvalidValue {
		t.Errorf("91 days: %s", a.raw)
	}
	if sig := do[api.CreateUserSigResponse](t, h, "CreateUserSig", api.Version, `{"SdkAppId":1400000001,"Uid":"customer","ClientData":"","ExpiredTime":3600}`); sig.UserSig == "" {
		t.Error("no signature")
	}
	if a := h.send(t, h.ask("CreateUserSig", api.Version, `{"SdkAppId":1400000001,"Uid":"customer","ClientData":"","ExpiredTime":3601}`).signed()); a.code() != openseat.CodeInvalidValue {
		t.Errorf("more than an hour: %s", a.raw)
	}
	do[api.ModifyStaffPasswordResponse](t, h, "ModifyStaffPassword", api.Version, `{"SdkAppId":1400000001,"Email":"alice@demo.openseat","Password":"Secret123"}`)
	if !org.VerifyPassword(h.Get(home).Staff["alice@demo.openseat"].PasswordHash, "Secret123") {
		t.Error("the password was not set")
	}
	do[api.CreateStaffResponse](t, h, "CreateStaff", api.Version, `{"SdkAppId":1400000001,"Staffs":[{"Name":"Eve","Mail":"eve@demo.openseat","StaffNumber":"1","Role":1}]}`)
	url := do[api.CreateAdminURLResponse](t, h, "CreateAdminURL", api.Version, `{"SdkAppId":1400000001,"SeatUserId":"eve@demo.openseat"}`).URL
	if url != "https://desk/console/#/link/1400000001/eve@demo.openseat" {
		t.Errorf("link %s", url)
	}
	h.person = cloudapi.Person{App: home, User: "carol@demo.openseat", Rights: org.Rights{org.AreaStaff: org.Write}}
	r := h.ask("ModifyStaffPassword", api.Version, `{"SdkAppId":1400000001,"Email":"eve@demo.openseat","Password":"Secret123"}`).signed()
	r.Header.Del("Authorization")
	r.Header.Set("Cookie", "stay=secret")
	if a := h.send(t, r); a.code() != openseat.CodeUnauthorized {
		t.Errorf("an administrator's password by who is none: %s", a.raw)
	}
}
