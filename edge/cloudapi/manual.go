package cloudapi

import (
	"context"
	"errors"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
)

// transferToManual takes a customer out of his flow and lets him wait for a skill group's agent.
func (h *handler) transferToManual(
	ctx context.Context, who caller, r *api.TransferToManualRequest,
) (*api.TransferToManualResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	group := view.Groups[r.SkillGroupId]
	if group == nil || group.Type != org.GroupPhone {
		return nil, openseat.Errorf(openseat.CodeSkillGroupError, "The skill group %d does not exist or is not for phone.", r.SkillGroupId)
	}
	err = h.Calls.SendToGroup(ctx, who.app, r.SessionId, call.SentToGroup{
		Group: group.ID, Groups: map[int64]*org.SkillGroup{group.ID: group}, By: who.name(),
	})
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
		return nil, noSession(r.SessionId)
	}
	return &api.TransferToManualResponse{}, err
}
