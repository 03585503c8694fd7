package cloudapi

import (
	"context"
	"strconv"
	"strings"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/org"
	"openseat/core/report"
)

// createStaff creates what it can and lists what it could not. There is no mail to send passwords with: SendPassword is
// taken and means nothing here.
func (h *handler) createStaff(ctx context.Context, who caller, r *api.CreateStaffRequest) (*api.CreateStaffResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	wishes := make([]org.NewStaff, len(r.Staffs))
	for i, s := range r.Staffs {
		if id := given(s.UserId); id != "" && !strings.EqualFold(id, s.Mail) {
			return nil, invalidValue(join("Staffs", i)+".UserId", "differs from Mail, which names the account")
		}
		if !who.has(view.RightsOf(&org.Staff{Role: org.Role(given(s.Role))})) {
			return nil, openseat.Errorf(openseat.CodeUnauthorized, "Nobody gives a role with more rights than his own.")
		}
		wishes[i] = org.NewStaff{
			Mail: s.Mail, Name: s.Name, Nick: given(s.Nick), Phone: given(s.Phone), StaffNumber: s.StaffNumber,
			Role: org.Role(given(s.Role)), Groups: s.SkillGroupNameList, Extension: given(s.ExtensionNumber),
		}
	}
	failed, err := h.Office.CreateStaff(ctx, who.app, wishes)
	if err != nil {
		return nil, err
	}
	answer := &api.CreateStaffResponse{ErrorStaffList: []api.ErrStaffItem{}}
	for _, f := range failed {
		answer.ErrorStaffList = append(answer.ErrorStaffList, api.ErrStaffItem{StaffEmail: f.Mail, Code: f.Err.Code, Message: f.Err.Message})
	}
	return answer, nil
}

func (h *handler) modifyStaff(ctx context.Context, who caller, r *api.ModifyStaffRequest) (*api.ModifyStaffResponse, error) {
	if r.ForwardingConfig != nil && given(r.ForwardingConfig.Enabled) {
		return nil, unsupported("ForwardingConfig.Enabled", "call forwarding")
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	if staff := view.Staff[accountOf(r.Email)]; staff != nil {
		if err := who.over(view, "Email", staff); err != nil {
			return nil, err
		}
	}
	return &api.ModifyStaffResponse{}, h.Office.ModifyStaff(ctx, who.app, org.StaffChange{
		Mail: r.Email, Name: r.Name, Nick: r.Nick, Phone: r.Phone, StaffNumber: r.StaffNo, Extension: r.ExtensionNumber, GroupIDs: r.SkillGroupIds,
		Seat: org.SeatChange{UseMobileAccept: small(r.UseMobileAccept), UseMobileCallOut: r.UseMobileCallOut},
	})
}

func unsupported(parameter, what string) error {
	return openseat.Errorf(openseat.CodeUnsupported, "The parameter `%s` asks for %s, which is not supported.", parameter, what)
}

// deleteStaff keeps those who are online: they have to leave first.
func (h *handler) deleteStaff(ctx context.Context, who caller, r *api.DeleteStaffRequest) (*api.DeleteStaffResponse, error) {
	if err := h.mayDelete(who, r.StaffList); err != nil {
		return nil, err
	}
	agents, err := h.Presence.Agents(ctx, who.app)
	if err != nil {
		return nil, err
	}
	online := func(user string) bool {
		a, known := agents[user]
		return known && a.Status != acd.StatusOffline
	}
	stay, err := h.Office.DeleteStaff(ctx, who.app, r.StaffList, online)
	if err != nil {
		return nil, err
	}
	answer := &api.DeleteStaffResponse{OnlineStaffList: append([]string{}, stay...)}
	if len(stay) > 0 {
		answer.DeleteStatusInfo = strconv.Itoa(len(stay)) + " not deleted: online"
	}
	return answer, nil
}

// mayDelete keeps accounts with more rights than the caller's, and the last Super. Names that nobody has are the office's.
func (h *handler) mayDelete(who caller, mails []string) error {
	view, err := h.view(who.app)
	if err != nil {
		return err
	}
	leaving := map[string]bool{}
	for _, mail := range mails {
		staff := view.Staff[accountOf(mail)]
		if staff == nil {
			continue
		}
		if err := who.over(view, "StaffList", staff); err != nil {
			return err
		}
		leaving[staff.UserID] = staff.Super
	}
	for _, staff := range view.Staff {
		if staff.Super && !leaving[staff.UserID] {
			return nil
		}
	}
	for user, super := range leaving {
		if super {
			return openseat.Errorf(openseat.CodeUnauthorized, "StaffList: `%s` is the last owner's account and stays.", user)
		}
	}
	return nil
}

// accountOf is the UserID that a mail address stands for.
func accountOf(mail string) string { return strings.ToLower(strings.TrimSpace(mail)) }

func (h *handler) describeStaffInfoList(
	ctx context.Context, who caller, r *api.DescribeStaffInfoListRequest,
) (*api.DescribeStaffInfoListResponse, error) {
	if _, err := pageStart(r.PageNumber, r.PageSize, org.MaxStaffPage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindStaff(ctx, who.app, org.StaffFilter{
		Mail: given(r.StaffMail), GroupID: given(r.SkillGroupId), ModifiedSince: since(r.ModifiedTime),
	}, org.Page{Number: int(r.PageNumber), Size: int(r.PageSize)})
	if err != nil {
		return nil, err
	}
	groups, err := h.groups(ctx, who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeStaffInfoListResponse{TotalCount: int64(total), StaffList: []api.StaffInfo{}}
	for _, s := range found {
		answer.StaffList = append(answer.StaffList, staffInfo(s, groups))
	}
	return answer, nil
}

func staffInfo(s org.Staff, groups map[int64]org.SkillGroup) api.StaffInfo {
	info := api.StaffInfo{
		Name: s.Name, Mail: s.UserID, Phone: s.Phone, Nick: s.Nick, StaffNumber: s.StaffNumber, ExtensionNumber: s.Extension,
		RoleId: int64(s.Role), RoleIdList: int64(s.Role), RoleList: []int64{int64(s.Role)}, LastModifyTimestamp: report.Unix(s.ModifiedAt),
		SkillGroupList: []api.SkillGroupItem{}, ForwardingConfig: &api.ForwardingConfig{Enabled: new(bool)},
	}
	for _, m := range s.Groups {
		g := groups[m.GroupID]
		info.SkillGroupList = append(info.SkillGroupList, api.SkillGroupItem{
			SkillGroupId: m.GroupID, SkillGroupName: g.Name, Priority: int64(m.Priority), Type: oldGroupType(g.Type),
		})
	}
	return info
}

// account finds one member of staff by mail address.
func (h *handler) account(ctx context.Context, app openseat.AppID, mail string) (org.Staff, error) {
	if mail != "" {
		_, found, err := h.Office.FindStaff(ctx, app, org.StaffFilter{Mail: mail}, org.Page{Size: 1})
		if err != nil {
			return org.Staff{}, err
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return org.Staff{}, openseat.Errorf(openseat.CodeAccountNotExist, "The account `%.128s` does not exist.", mail)
}

// since reads an optional Unix time in seconds.
func since(seconds *int64) time.Time {
	if given(seconds) == 0 {
		return time.Time{}
	}
	return time.Unix(*seconds, 0)
}
