package cloudapi_test

import (
	"context"
	"slices"
	"testing"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
)

func (h *house) ForceOffline(_ context.Context, _ openseat.AppID, user string) error {
	h.sent = append(h.sent, "home "+user)
	return nil
}

func (h *house) RestoreOnline(_ context.Context, _ openseat.AppID, user string) error {
	if _, here := h.agents[user]; !here {
		return openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q has no page open", user)
	}
	h.sent = append(h.sent, "back "+user)
	return nil
}

func TestForce(t *testing.T) {
	h := staffed(t)
	h.agents["alice@demo.openseat"] = acd.AgentView{Status: acd.StatusFree}
	for _, c := range []struct{ action, version, body, code string }{
		{"ForceMemberOffline", api.Version, `"UserId":"Alice@demo.openseat"`, ""},
		{"ForceMemberOffline", api.Version, `"UserId":"x@y.zz"`, openseat.CodeAccountNotExist},
		{"RestoreMemberOnline", api.Version, `"UserId":"alice@demo.openseat"`, ""},
		{"RestoreMemberOnline", api.Version, `"UserId":"bob@demo.openseat"`, openseat.CodeStateNotAllowed},
		{"RestoreMemberOnline", api.Version, `"UserId":""`, openseat.CodeAccountNotExist},
		{"ForceStatus", api.OwnVersion, `"Email":"alice@demo.openseat","Status":"rest","Reason":"lunch"`, ""},
		{"ForceStatus", api.OwnVersion, `"Email":"alice@demo.openseat","Status":"offline"`, ""},
		{"ForceStatus", api.OwnVersion, `"Email":"alice@demo.openseat","Status":"busy"`, openseat.CodeInvalidValue},
		{"ForceStatus", api.OwnVersion, `"Email":"alice@demo.openseat","Status":"asleep"`, openseat.CodeInvalidValue},
		{"ForceStatus", api.OwnVersion, `"Email":"bob@demo.openseat","Status":"free"`, openseat.CodeStateNotAllowed},
		{"ForceStatus", api.OwnVersion, `"Email":"x@y.zz","Status":"free"`, openseat.CodeAccountNotExist},
	} {
		if a := h.send(t, h.ask(c.action, c.version, `{"SdkAppId":1400000001,`+c.body+`}`).signed()); a.code() != c.code {
			t.Errorf("%s %s: %q, want %q: %s", c.action, c.body, a.code(), c.code, a.raw)
		}
	}
	if want := []string{"home alice@demo.openseat", "back alice@demo.openseat", "home alice@demo.openseat"}; !slices.Equal(h.sent, want) {
		t.Errorf("%q", h.sent)
	}
	if got := h.agents["alice@demo.openseat"]; got.Status != acd.StatusRest || got.Reason != "lunch" {
		t.Errorf("%+v", got)
	}
}
