package cloudapi_test

import (
	"reflect"
	"testing"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

// tried is a test call that was asked for.
type tried struct{ trunk, caller, callee string }

func (h *house) Trunks(openseat.AppID) []api.TrunkStatus { return h.trunks }

func (h *house) Try(_ openseat.AppID, trunk, caller, callee string) (string, error) {
	h.tried = append(h.tried, tried{trunk, caller, callee})
	return "t-1", nil
}

func (h *house) Trial(_ openseat.AppID, id string) (*api.DescribeTrunkTestResponse, error) {
	if id != "t-1" {
		return nil, openseat.Errorf(openseat.CodeNotFound, "no test call %s", id)
	}
	return &api.DescribeTrunkTestResponse{Done: true, EndStatus: "busy", Steps: []api.TrunkTestStep{{AtMs: 2, What: "trying"}}}, nil
}

func TestTrunksAreShownAndTried(t *testing.T) {
	h := staffed(t)
	h.mustOwn(t, "00864008001000")
	if got := do[api.DescribeTrunkStatusResponse](t, h, "DescribeTrunkStatus", api.OwnVersion, `{"SdkAppId":1400000001}`); got.Trunks == nil {
		t.Error("no list of no trunks")
	}
	h.trunks = []api.TrunkStatus{{Name: "line", State: "up", LatencyMs: 12, Calls: 3, MaxCalls: 1000}}
	if got := do[api.DescribeTrunkStatusResponse](t, h, "DescribeTrunkStatus", api.OwnVersion, `{"SdkAppId":1400000001}`); !reflect.DeepEqual(got.Trunks, h.trunks) {
		t.Errorf("%+v", got)
	}
	for _, body := range []string{
		`{"SdkAppId":1400000001,"Name":"line","Callee":"13800138000"}`,
		`{"SdkAppId":1400000001,"Name":"line","Callee":"+8613800138000","Caller":"4008001000"}`,
	} {
		if got := do[api.TestTrunkResponse](t, h, "TestTrunk", api.OwnVersion, body); got.TestId != "t-1" {
			t.Errorf("%+v", got)
		}
	}
	want := tried{"line", "00864008001000", "008613800138000"}
	if !reflect.DeepEqual(h.tried, []tried{want, want}) {
		t.Errorf("%+v", h.tried)
	}
	told := do[api.DescribeTrunkTestResponse](t, h, "DescribeTrunkTest", api.OwnVersion, `{"SdkAppId":1400000001,"TestId":"t-1"}`)
	if !told.Done || told.EndStatus != "busy" || len(told.Steps) != 1 {
		t.Errorf("%+v", told)
	}
	refusals := []struct{ action, body, code string }{
		{"TestTrunk", `"Name":"none","Callee":"10086"`, openseat.CodeNotFound},
		{"TestTrunk", `"Name":"line","Callee":"my mother"`, openseat.CodeInvalidValue},
		{"TestTrunk", `"Name":"line","Callee":"10086","Caller":"13900139000"`, openseat.CodeInvalidValue},
		{"TestTrunk", `"Name":"line"`, openseat.CodeMissingParameter},
		{"DescribeTrunkTest", `"TestId":"t-2"`, openseat.CodeNotFound},
	}
	for _, r := range refusals {
		if a := h.send(t, h.ask(r.action, api.OwnVersion, `{"SdkAppId":1400000001,`+r.body+`}`).signed()); a.code() != r.code {
			t.Errorf("%s %s: %s", r.action, r.body, a.raw)
		}
	}
}

// A trunk without a number of its own shows what it registers as.
func TestTrunkWithoutNumbersIsTried(t *testing.T) {
	h := staffed(t)
	if err := h.office.PutTrunk(t.Context(), org.Trunk{App: home, Name: "bare", Peer: "carrier.example:5060", Username: "desk"}); err != nil {
		t.Fatal(err)
	}
	do[api.TestTrunkResponse](t, h, "TestTrunk", api.OwnVersion, `{"SdkAppId":1400000001,"Name":"bare","Callee":"13800138000"}`)
	if want := (tried{"bare", "desk", "008613800138000"}); len(h.tried) != 1 || h.tried[0] != want {
		t.Errorf("%+v", h.tried)
	}
}
