package cloudapi

import (
	"context"

	"openseat/api"
)

func (h *handler) createSDKLoginToken(
	ctx context.Context, who caller, r *api.CreateSDKLoginTokenRequest,
) (*api.CreateSDKLoginTokenResponse, error) {
	staff, err := h.account(ctx, who.app, r.SeatUserId)
	if err != nil {
		return nil, err
	}
	login, err := h.Tokens.Issue(ctx, who.app, staff.UserID, given(r.OnlyOnce))
	if err != nil {
		return nil, err
	}
	return &api.CreateSDKLoginTokenResponse{Token: login.Token, ExpiredTime: login.ExpiresAt.Unix(), SdkURL: login.SDKURL}, nil
}
