package cloudapi

import (
	"context"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

func (h *handler) createSDKLoginToken(
	ctx context.Context, who caller, r *api.CreateSDKLoginTokenRequest,
) (*api.CreateSDKLoginTokenResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	staff, err := h.account(ctx, who.app, r.SeatUserId)
	if err != nil {
		return nil, err
	}
	if !who.has(view.RightsOf(&staff)) {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "SeatUserId: nobody signs an account in that has more rights than his own.")
	}
	login, err := h.Tokens.Issue(ctx, who.app, staff.UserID, given(r.OnlyOnce))
	if err != nil {
		return nil, err
	}
	return &api.CreateSDKLoginTokenResponse{Token: login.Token, ExpiredTime: login.ExpiresAt.Unix(), SdkURL: login.SDKURL}, nil
}

// createUserSig signs for a customer; he need not be known.
func (h *handler) createUserSig(_ context.Context, who caller, r *api.CreateUserSigRequest) (*api.CreateUserSigResponse, error) {
	if err := within("ExpiredTime", r.ExpiredTime, 1, int64(org.MaxUserSig/time.Second)); err != nil {
		return nil, err
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	sig, err := view.Instance.UserSig(r.Uid, r.ClientData, h.Now(), time.Duration(r.ExpiredTime)*time.Second)
	return &api.CreateUserSigResponse{UserSig: sig}, err
}
