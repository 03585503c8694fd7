package cloudapi_test

import (
	"context"
	"testing"

	"openseat"
	"openseat/api"
)

// pushTrials is the house's pushes: its Try is another than that of trunks.
type pushTrials struct{ *house }

func (p pushTrials) Try(_ context.Context, _ openseat.AppID, action string) (api.TestPushResponse, error) {
	if p.panics {
		return api.TestPushResponse{}, openseat.Errorf(openseat.CodeStateNotAllowed, "off")
	}
	return api.TestPushResponse{HTTPStatus: 200, Body: action, Payload: []byte(`{"SessionId":"test"}`)}, nil
}

func TestReceiverIsTried(t *testing.T) {
	h := staffed(t)
	for _, action := range []string{"cdr", "record", "voicemail"} {
		got := do[api.TestPushResponse](t, h, "TestPush", api.OwnVersion, `{"SdkAppId":1400000001,"Action":"`+action+`"}`)
		if got.HTTPStatus != 200 || got.Body != action || string(got.Payload) != `{"SessionId":"test"}` {
			t.Errorf("%+v", got)
		}
	}
	if a := h.send(t, h.ask("TestPush", api.OwnVersion, `{"SdkAppId":1400000001,"Action":"sms"}`).signed()); a.code() != openseat.CodeInvalidValue {
		t.Error(a.raw)
	}
	h.panics = true
	if a := h.send(t, h.ask("TestPush", api.OwnVersion, `{"SdkAppId":1400000001,"Action":"cdr"}`).signed()); a.code() != openseat.CodeStateNotAllowed {
		t.Error(a.raw)
	}
}
