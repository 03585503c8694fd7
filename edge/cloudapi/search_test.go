package cloudapi_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/report"
)

func (h *house) SearchCDRs(_ context.Context, _ openseat.AppID, q report.Search) (int, []report.CDR, error) {
	h.looked = q
	return len(h.cdrs), h.cdrs, nil
}

func TestSearchRecords(t *testing.T) {
	h := staffed(t)
	h.cdrs = []report.CDR{{Facts: call.Facts{SessionID: "s-1", Record: "r-1", StartAt: h.now}}}
	h.recordings = []call.Recording{{SessionID: "s-1", Record: "r-1", Kind: "record"}}
	ask := func(query string) string {
		return `{"SdkAppId":1400000001,"PageSize":20,"PageNumber":2,"Query":{"StartTime":1772409600,"EndTime":1772495999` + query + `}}`
	}
	got := do[api.SearchRecordsResponse](t, h, "SearchRecords", api.OwnVersion, ask(`,"Phone":"138-0013","Direction":1,"CallType":1,"SkillGroupId":2,
		"Staff":"Alice@demo.openseat","EndStatus":"notAnswer","MinDuration":5,"MaxDuration":60,"Number":"4008001000","Satisfaction":"1","HasRecording":true,"Remark":"vip"`))
	if got.TotalCount != 1 || got.Records[0].RecordURL != "https://desk/rec/r-1" {
		t.Errorf("%+v", got)
	}
	want := report.Search{
		From: time.Unix(1772409600, 0), To: time.Unix(1772495999, 0), Phone: "1380013", Direction: new(1), CallType: 1, Group: 2,
		Staff: "alice@demo.openseat", End: new(202), MinTalk: 5 * time.Second, MaxTalk: new(61*time.Second - 1), Number: "00864008001000",
		Survey: "1", Recorded: new(true), Remark: "vip", Offset: 40, Limit: 20,
	}
	if !reflect.DeepEqual(h.looked, want) {
		t.Errorf("got  %+v\nwant %+v", h.looked, want)
	}
	for query, code := range map[string]string{
		"":                      "",
		`,"Phone":"13"`:         openseat.CodeInvalidValue,
		`,"Number":"x"`:         openseat.CodeInvalidValue,
		`,"EndStatus":"bored"`:  openseat.CodeInvalidValue,
		`,"EndTime":1}}`:        openseat.CodeInvalidParameter,
		`,"EndStatus":"error"`:  "",
		`,"HasRecording":false`: "",
	} {
		if a := h.send(t, h.ask("SearchRecords", api.OwnVersion, ask(query)).signed()); a.code() != code {
			t.Errorf("%s: %q, want %q: %s", query, a.code(), code, a.raw)
		}
	}
	for name, body := range map[string]string{
		"backwards":   `{"SdkAppId":1400000001,"PageSize":20,"PageNumber":0,"Query":{"StartTime":2,"EndTime":1}}`,
		"two years":   `{"SdkAppId":1400000001,"PageSize":20,"PageNumber":0,"Query":{"StartTime":1,"EndTime":63072000}}`,
		"101 records": `{"SdkAppId":1400000001,"PageSize":101,"PageNumber":0,"Query":{"StartTime":1,"EndTime":2}}`,
	} {
		if a := h.send(t, h.ask("SearchRecords", api.OwnVersion, body).signed()); a.code() != openseat.CodeInvalidValue {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
}
