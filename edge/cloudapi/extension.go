package cloudapi

import (
	"context"
	"strconv"
	"strings"

	"openseat/api"
	"openseat/core/acd"
	"openseat/core/org"
	"openseat/core/report"
)

// The states of a SIP phone, by TCCC's numbers.
const (
	phoneOffline = 0
	phoneIdle    = 100
	phoneBusy    = 200
)

// defaultExtensionPage is for who names no PageSize.
const defaultExtensionPage = 20

func (h *handler) createExtension(ctx context.Context, who caller, r *api.CreateExtensionRequest) (*api.CreateExtensionResponse, error) {
	return &api.CreateExtensionResponse{}, h.Office.CreateExtension(ctx, who.app, org.NewExtension{
		ID: r.ExtensionId, Name: r.ExtensionName, Relation: given(r.Relation), Groups: r.SkillGroupIds,
	})
}

func (h *handler) modifyExtension(ctx context.Context, who caller, r *api.ModifyExtensionRequest) (*api.ModifyExtensionResponse, error) {
	return &api.ModifyExtensionResponse{}, h.Office.ModifyExtension(ctx, who.app, org.ExtensionChange{
		ID: r.ExtensionId, Name: r.ExtensionName, Relation: r.Relation, Groups: r.SkillGroupIds,
	})
}

func (h *handler) deleteExtension(ctx context.Context, who caller, r *api.DeleteExtensionRequest) (*api.DeleteExtensionResponse, error) {
	return &api.DeleteExtensionResponse{}, h.Office.DeleteExtension(ctx, who.app, r.ExtensionId)
}

func (h *handler) resetExtensionPassword(
	ctx context.Context, who caller, r *api.ResetExtensionPasswordRequest,
) (*api.ResetExtensionPasswordResponse, error) {
	password, err := h.Office.ResetExtensionPassword(ctx, who.app, r.ExtensionId)
	return &api.ResetExtensionPasswordResponse{Password: password}, err
}

// describeExtension is what one types into a telephone.
func (h *handler) describeExtension(ctx context.Context, who caller, r *api.DescribeExtensionRequest) (*api.DescribeExtensionResponse, error) {
	e, err := h.Office.Extension(ctx, who.app, r.ExtensionId)
	if err != nil {
		return nil, err
	}
	at := h.Phones.Registrar(who.app)
	return &api.DescribeExtensionResponse{
		ExtensionId: e.ID, ExtensionDomain: at.Domain, Password: e.Password, OutboundProxy: at.Proxy, Transport: at.Transport,
	}, nil
}

func (h *handler) describeExtensions(ctx context.Context, who caller, r *api.DescribeExtensionsRequest) (*api.DescribeExtensionsResponse, error) {
	size := int64(defaultExtensionPage)
	if r.PageSize != nil {
		size = *r.PageSize
	}
	if _, err := pageStart(r.PageNumber, size, org.MaxExtensionPage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindExtensions(ctx, who.app, org.ExtensionFilter{IDs: r.ExtensionIds, Text: given(r.FuzzingKeyWord)},
		org.Page{Number: int(r.PageNumber), Size: int(size)})
	if err != nil {
		return nil, err
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	var agents map[string]acd.AgentView
	if given(r.IsNeedStatus) {
		if agents, err = h.Presence.Agents(ctx, who.app); err != nil {
			return nil, err
		}
	}
	registered, domain := h.Phones.Registered(who.app), h.Phones.Registrar(who.app).Domain
	answer := &api.DescribeExtensionsResponse{Total: int64(total), ExtensionList: []api.ExtensionInfo{}}
	for _, e := range found {
		info := extensionInfo(e, view)
		info.FullExtensionId, info.Register = e.ID+"@"+domain, registered[e.ID]
		if given(r.IsNeedStatus) {
			info.Status = phoneStatus(registered[e.ID], agents[e.User])
		}
		answer.ExtensionList = append(answer.ExtensionList, info)
	}
	return answer, nil
}

func extensionInfo(e org.Extension, view *org.View) api.ExtensionInfo {
	groups := make([]string, len(e.Groups))
	for i, id := range e.Groups {
		groups[i] = strconv.FormatInt(id, 10)
	}
	info := api.ExtensionInfo{
		SdkAppId: int64(e.App), ExtensionId: e.ID, ExtensionName: e.Name, SkillGroupId: strings.Join(groups, ","), Relation: e.User,
		CreateTime: report.Unix(e.CreatedAt), ModifyTime: report.Unix(e.ModifiedAt),
	}
	if s := view.Staff[e.User]; s != nil {
		info.RelationName = s.Name
	}
	return info
}

// phoneStatus is busy while the phone rings or talks for its owner.
func phoneStatus(registered bool, owner acd.AgentView) int64 {
	switch {
	case !registered:
		return phoneOffline
	case owner.Seat == acd.SeatExtension && (owner.Work != nil || owner.Ringing != nil):
		return phoneBusy
	default:
		return phoneIdle
	}
}
