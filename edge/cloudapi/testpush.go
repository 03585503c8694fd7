package cloudapi

import (
	"context"
	"slices"

	"openseat/api"
)

// testPush shows how the company's receiver takes an example of a push.
func (h *handler) testPush(ctx context.Context, who caller, r *api.TestPushRequest) (*api.TestPushResponse, error) {
	if !slices.Contains([]string{api.PushCDR, api.PushRecord, api.PushVoicemail}, r.Action) {
		return nil, invalidValue("Action", "is neither cdr, record nor voicemail")
	}
	answer, err := h.Pushes.Try(ctx, who.app, r.Action)
	return &answer, err
}
