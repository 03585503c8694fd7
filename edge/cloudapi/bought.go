package cloudapi

import (
	"context"
	"maps"
	"slices"
	"strings"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/core/report"
)

// The kinds of numbers, by TCCC's numbers.
const (
	fixedNumber  = 0
	mobileNumber = 2
	tollFree     = 3
)

// describeCCCBuyInfoList lists what an instance has. Nothing is bought here and nothing runs out: seats are accounts, and the
// times of ending are zero.
func (h *handler) describeCCCBuyInfoList(
	_ context.Context, who caller, _ *api.DescribeCCCBuyInfoListRequest,
) (*api.DescribeCCCBuyInfoListResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	info := api.SdkAppIdBuyInfo{
		SdkAppId: int64(who.app), Name: view.Instance.Name, StaffBuyNum: int64(len(view.Staff)), SipBuyNum: int64(len(view.Phones)),
		StaffBuyList: []api.StaffBuyInfo{}, PhoneNumBuyList: []api.PhoneNumBuyInfo{},
	}
	for _, number := range slices.Sorted(maps.Keys(view.Numbers)) {
		n := view.Numbers[number]
		info.PhoneNumBuyList = append(info.PhoneNumBuyList, api.PhoneNumBuyInfo{
			PhoneNum: n.Number, Type: numberType(n.Number), CallType: numberUse(n), BuyTime: report.Unix(n.CreatedAt), State: int64(n.State),
		})
	}
	return &api.DescribeCCCBuyInfoListResponse{
		TotalCount: 1, SdkAppIdBuyList: []api.SdkAppIdBuyInfo{info}, PackageBuyList: []api.PackageBuyInfo{},
	}, nil
}

func numberType(number string) int64 {
	switch national, chinese := strings.CutPrefix(number, "0086"); {
	case chinese && strings.HasPrefix(national, "400"):
		return tollFree
	case chinese && len(national) == 11 && national[0] == '1' && national[1] >= '3':
		return mobileNumber
	default:
		return fixedNumber
	}
}

// numberUse is 1 for calls in, 2 for calls out, 3 for both; 0 for a number that lies idle.
func numberUse(n *org.Number) int64 {
	use := int64(0)
	if n.Flow != "" {
		use |= 1
	}
	if n.CallOut {
		use |= 2
	}
	return use
}

func (h *handler) bindNumberCallOutSkillGroup(
	ctx context.Context, who caller, r *api.BindNumberCallOutSkillGroupRequest,
) (*api.BindNumberCallOutSkillGroupResponse, error) {
	if err := listed("SkillGroupIds", len(r.SkillGroupIds)); err != nil {
		return nil, err
	}
	return &api.BindNumberCallOutSkillGroupResponse{}, h.Office.BindNumber(ctx, who.app, r.Number, r.SkillGroupIds)
}

func (h *handler) unbindNumberCallOutSkillGroup(
	ctx context.Context, who caller, r *api.UnbindNumberCallOutSkillGroupRequest,
) (*api.UnbindNumberCallOutSkillGroupResponse, error) {
	if err := listed("SkillGroupIds", len(r.SkillGroupIds)); err != nil {
		return nil, err
	}
	return &api.UnbindNumberCallOutSkillGroupResponse{}, h.Office.UnbindNumber(ctx, who.app, r.Number, r.SkillGroupIds)
}

// maxListed bounds the elements of these requests' lists.
const maxListed = 100

func listed(name string, n int) error {
	if n == 0 || n > maxListed {
		return invalidValue(name, "has %d elements, which is not 1 to %d", n, maxListed)
	}
	return nil
}

// disableCCCPhoneNumber switches numbers off, or on again: all of them or none. Those that are off for another reason stay off.
func (h *handler) disableCCCPhoneNumber(
	ctx context.Context, who caller, r *api.DisableCCCPhoneNumberRequest,
) (*api.DisableCCCPhoneNumberResponse, error) {
	if err := listed("PhoneNumbers", len(r.PhoneNumbers)); err != nil {
		return nil, err
	}
	if err := within("Disabled", r.Disabled, 0, 1); err != nil {
		return nil, err
	}
	return &api.DisableCCCPhoneNumberResponse{}, h.Office.DisableNumbers(ctx, who.app, r.PhoneNumbers, r.Disabled == 1)
}

// modifyStaffPassword is for people who may; nobody gets at an account with more rights than his own that way.
func (h *handler) modifyStaffPassword(ctx context.Context, who caller, r *api.ModifyStaffPasswordRequest) (*api.ModifyStaffPasswordResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	staff, err := h.account(ctx, who.app, r.Email)
	if err != nil {
		return nil, err
	}
	if err := who.over(view, "Email", &staff); err != nil {
		return nil, err
	}
	if err := h.Office.SetPassword(ctx, who.app, staff.UserID, r.Password); err != nil {
		return nil, err
	}
	if h.Stays == nil || who.person == staff.UserID {
		return &api.ModifyStaffPasswordResponse{}, nil
	}
	return &api.ModifyStaffPasswordResponse{}, h.Stays.DeleteSessions(ctx, who.app, staff.UserID, "", h.Now())
}

// createAdminURL lets an administrator into the console, once.
func (h *handler) createAdminURL(ctx context.Context, who caller, r *api.CreateAdminURLRequest) (*api.CreateAdminURLResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	staff, err := h.account(ctx, who.app, r.SeatUserId)
	if err != nil {
		return nil, err
	}
	if staff.Role != org.RoleAdmin && !staff.Super {
		return nil, openseat.Errorf(openseat.CodePermissionDenied, "The account `%s` is not an administrator's.", staff.UserID)
	}
	if err := who.over(view, "SeatUserId", &staff); err != nil {
		return nil, err
	}
	url, err := h.Console.Link(who.app, staff.UserID)
	return &api.CreateAdminURLResponse{URL: url}, err
}
