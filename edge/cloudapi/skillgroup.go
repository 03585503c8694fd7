package cloudapi

import (
	"context"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/core/report"
)

func (h *handler) createSkillGroup(ctx context.Context, who caller, r *api.CreateCCCSkillGroupRequest) (*api.CreateCCCSkillGroupResponse, error) {
	if err := within("MaxConcurrency", given(r.MaxConcurrency), 0, maxOffset); err != nil {
		return nil, err
	}
	id, err := h.Office.CreateGroup(ctx, who.app, org.NewGroup{
		Name: r.SkillGroupName, Type: org.SkillGroupType(r.SkillGroupType), MaxConcurrency: int(given(r.MaxConcurrency)),
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateCCCSkillGroupResponse{SkillGroupId: id}, nil
}

func (h *handler) updateSkillGroup(ctx context.Context, who caller, r *api.UpdateCCCSkillGroupRequest) (*api.UpdateCCCSkillGroupResponse, error) {
	c := org.GroupChange{ID: r.SkillGroupID, Name: r.SkillGroupName, RingAll: r.RingAll}
	if r.MaxConcurrency != nil {
		if err := within("MaxConcurrency", *r.MaxConcurrency, 1, maxOffset); err != nil {
			return nil, err
		}
		c.MaxConcurrency = new(int(*r.MaxConcurrency))
	}
	return &api.UpdateCCCSkillGroupResponse{}, h.Office.ModifyGroup(ctx, who.app, c)
}

func (h *handler) deleteSkillGroup(ctx context.Context, who caller, r *api.DeleteCCCSkillGroupRequest) (*api.DeleteCCCSkillGroupResponse, error) {
	return &api.DeleteCCCSkillGroupResponse{}, h.Office.DeleteGroup(ctx, who.app, r.SkillGroupId)
}

func (h *handler) describeSkillGroupInfoList(
	ctx context.Context, who caller, r *api.DescribeSkillGroupInfoListRequest,
) (*api.DescribeSkillGroupInfoListResponse, error) {
	if _, err := pageStart(r.PageNumber, r.PageSize, org.MaxGroupPage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindGroups(ctx, who.app, org.GroupFilter{
		ID: given(r.SkillGroupId), Name: given(r.SkillGroupName), ModifiedSince: since(r.ModifiedTime),
	}, org.Page{Number: int(r.PageNumber), Size: int(r.PageSize)})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeSkillGroupInfoListResponse{TotalCount: int64(total), SkillGroupList: []api.SkillGroupInfoItem{}}
	for _, g := range found {
		answer.SkillGroupList = append(answer.SkillGroupList, groupInfo(g))
	}
	return answer, nil
}

// routePolicy is what the only policy there is goes by.
const routePolicy = "longestIdle"

func groupInfo(g org.SkillGroup) api.SkillGroupInfoItem {
	info := api.SkillGroupInfoItem{
		SkillGroupId: g.ID, SkillGroupName: g.Name, SkillGroupType: int64(g.Type), Type: oldGroupType(g.Type), RoutePolicy: routePolicy,
		MaxConcurrency: int64(g.MaxConcurrency), RingAll: g.RingAll, LastModifyTimestamp: report.Unix(g.ModifiedAt),
	}
	if g.UsingLastSeat {
		info.UsingLastSeat = 1
	}
	return info
}

// oldGroupType is the type in the words of the deprecated member Type.
func oldGroupType(t org.SkillGroupType) string {
	switch t {
	case org.GroupPhone:
		return "TEL"
	case org.GroupChat:
		return "IM"
	default:
		return "ALL"
	}
}

// bindStaffSkillGroupList takes the deprecated SkillGroupList too: groups without a priority.
func (h *handler) bindStaffSkillGroupList(
	ctx context.Context, who caller, r *api.BindStaffSkillGroupListRequest,
) (*api.BindStaffSkillGroupListResponse, error) {
	var list []org.Membership
	for i, g := range r.StaffSkillGroupList {
		if g.Priority != nil {
			if err := within(join("StaffSkillGroupList", i)+".Priority", *g.Priority, 1, 5); err != nil {
				return nil, err
			}
		}
		list = append(list, org.Membership{GroupID: g.SkillGroupId, Priority: int(given(g.Priority))})
	}
	for _, id := range r.SkillGroupList {
		list = append(list, org.Membership{GroupID: id})
	}
	return &api.BindStaffSkillGroupListResponse{}, h.Office.BindGroups(ctx, who.app, r.StaffEmail, list)
}

func (h *handler) unbindStaffSkillGroupList(
	ctx context.Context, who caller, r *api.UnbindStaffSkillGroupListRequest,
) (*api.UnbindStaffSkillGroupListResponse, error) {
	return &api.UnbindStaffSkillGroupListResponse{}, h.Office.UnbindGroups(ctx, who.app, r.StaffEmail, r.SkillGroupList)
}

func (h *handler) putSkillGroupSettings(
	ctx context.Context, who caller, r *api.PutSkillGroupSettingsRequest,
) (*api.PutSkillGroupSettingsResponse, error) {
	c := org.GroupChange{ID: r.Settings.SkillGroupId, UsingLastSeat: r.Settings.UsingLastSeat}
	for _, t := range []struct {
		name    string
		seconds *int64
		into    **time.Duration
	}{
		{"RingTimeoutSecond", r.Settings.RingTimeoutSecond, &c.RingTimeout},
		{"WrapUpSecond", r.Settings.WrapUpSecond, &c.WrapUp},
		{"QueueTimeoutSecond", r.Settings.QueueTimeoutSecond, &c.QueueTimeout},
	} {
		if t.seconds == nil {
			continue
		}
		if err := within("Settings."+t.name, *t.seconds, 0, 24*60*60); err != nil {
			return nil, err
		}
		*t.into = new(time.Duration(*t.seconds) * time.Second)
	}
	return &api.PutSkillGroupSettingsResponse{}, h.Office.ModifyGroup(ctx, who.app, c)
}

func (h *handler) describeSkillGroupSettings(
	ctx context.Context, who caller, _ *api.DescribeSkillGroupSettingsRequest,
) (*api.DescribeSkillGroupSettingsResponse, error) {
	answer := &api.DescribeSkillGroupSettingsResponse{Settings: []api.SkillGroupSettings{}}
	err := h.eachGroup(ctx, who.app, func(g org.SkillGroup) {
		answer.Settings = append(answer.Settings, api.SkillGroupSettings{
			SkillGroupId: g.ID, UsingLastSeat: new(g.UsingLastSeat), RingTimeoutSecond: new(int64(g.RingTimeout / time.Second)),
			WrapUpSecond: new(int64(g.WrapUp / time.Second)), QueueTimeoutSecond: new(int64(g.QueueTimeout / time.Second)),
		})
	})
	return answer, err
}

// eachGroup walks all skill groups, by ID.
func (h *handler) eachGroup(ctx context.Context, app openseat.AppID, visit func(org.SkillGroup)) error {
	for number := 0; ; number++ {
		total, found, err := h.Office.FindGroups(ctx, app, org.GroupFilter{}, org.Page{Number: number, Size: org.MaxGroupPage})
		if err != nil {
			return err
		}
		for _, g := range found {
			visit(g)
		}
		if (number+1)*org.MaxGroupPage >= total {
			return nil
		}
	}
}

// groups maps all skill groups by ID.
func (h *handler) groups(ctx context.Context, app openseat.AppID) (map[int64]org.SkillGroup, error) {
	all := map[int64]org.SkillGroup{}
	return all, h.eachGroup(ctx, app, func(g org.SkillGroup) { all[g.ID] = g })
}
