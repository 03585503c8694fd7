package cloudapi

import (
	"context"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/org"
)

// Members sends people home, and brings them back.
type Members interface {
	// ForceOffline makes an agent offline: at once, or when his call ends.
	ForceOffline(ctx context.Context, app openseat.AppID, user string) error
	// RestoreOnline brings back who still has a page open; CodeStateNotAllowed when he has none.
	RestoreOnline(ctx context.Context, app openseat.AppID, user string) error
}

// forceTable lists what a supervisor does to agents.
func (h *handler) forceTable() []action {
	return []action{
		on(api.Version, "ForceMemberOffline", h.forceMemberOffline).needs(org.AreaSupervise, org.Write),
		on(api.Version, "RestoreMemberOnline", h.restoreMemberOnline).needs(org.AreaSupervise, org.Write),
		on(api.OwnVersion, "ForceStatus", h.forceStatus).needs(org.AreaSupervise, org.Write),
	}
}

func (h *handler) forceMemberOffline(ctx context.Context, who caller, r *api.ForceMemberOfflineRequest) (*api.ForceMemberOfflineResponse, error) {
	staff, err := h.account(ctx, who.app, r.UserId)
	if err != nil {
		return nil, err
	}
	return &api.ForceMemberOfflineResponse{}, h.Members.ForceOffline(ctx, who.app, staff.UserID)
}

func (h *handler) restoreMemberOnline(ctx context.Context, who caller, r *api.RestoreMemberOnlineRequest) (*api.RestoreMemberOnlineResponse, error) {
	staff, err := h.account(ctx, who.app, r.UserId)
	if err != nil {
		return nil, err
	}
	return &api.RestoreMemberOnlineResponse{}, h.Members.RestoreOnline(ctx, who.app, staff.UserID)
}

// forceStatus is SetStaffStatus for one, and a sign-out.
func (h *handler) forceStatus(ctx context.Context, who caller, r *api.ForceStatusRequest) (*api.ForceStatusResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	staff, err := h.account(ctx, who.app, r.Email)
	if err != nil {
		return nil, err
	}
	set := acd.StatusSet{User: staff.UserID, Status: acd.Status(r.Status), By: who.name()}
	switch set.Status {
	case acd.StatusOffline:
		return &api.ForceStatusResponse{}, h.Members.ForceOffline(ctx, who.app, staff.UserID)
	case acd.StatusRest:
		set.Reason = given(r.Reason)
	case acd.StatusFree, acd.StatusNotReady:
	case acd.StatusBusy, acd.StatusArrange:
		fallthrough
	default:
		return nil, invalidValue("Status", "is neither free, notReady, rest nor offline")
	}
	if err := restReason(view, set); err != nil {
		return nil, err
	}
	_, err = h.Presence.SetStatus(ctx, who.app, set)
	return &api.ForceStatusResponse{}, err
}
