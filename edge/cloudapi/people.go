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

const maxAuditPage = 100

// peopleTable lists what is done with roles, and with what people did.
func (h *handler) peopleTable() []action {
	return []action{
		on(api.OwnVersion, "PutRole", h.putRole).needs(org.AreaRoles, org.Write),
		on(api.OwnVersion, "DeleteRole", h.deleteRole).needs(org.AreaRoles, org.Write),
		on(api.OwnVersion, "DescribeRoles", h.describeRoles).needs(org.AreaStaff, org.Read),
		on(api.OwnVersion, "ModifyStaffRole", h.modifyStaffRole).needs(org.AreaStaff, org.Write),
		on(api.OwnVersion, "DescribeAuditLog", h.describeAuditLog).needs(org.AreaAudit, org.Read),
	}
}

// allRights is what a key may do.
func allRights() org.Rights {
	all := org.Rights{}
	for _, a := range org.Areas() {
		all[a] = org.Write
	}
	return all
}

func (h *handler) putRole(ctx context.Context, who caller, r *api.PutRoleRequest) (*api.PutRoleResponse, error) {
	rights := org.Rights{}
	for area, level := range r.Rights {
		if err := within("Rights."+area, level, int64(org.None), int64(org.Write)); err != nil {
			return nil, err
		}
		rights[org.Area(area)] = org.Level(level)
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	id := org.Role(given(r.RoleId))
	if old := view.Roles[id]; old != nil && !who.has(old.Rights) {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "Nobody changes a role with more rights than his own.")
	}
	id, err = h.Office.PutRole(ctx, org.CustomRole{App: who.app, ID: id, Name: r.Name, Rights: rights}, who.rights)
	return &api.PutRoleResponse{RoleId: int64(id)}, err
}

func (h *handler) deleteRole(ctx context.Context, who caller, r *api.DeleteRoleRequest) (*api.DeleteRoleResponse, error) {
	return &api.DeleteRoleResponse{}, h.Office.DeleteRole(ctx, who.app, org.Role(r.RoleId))
}

func (h *handler) describeRoles(_ context.Context, who caller, _ *api.DescribeRolesRequest) (*api.DescribeRolesResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	members := map[org.Role]int64{}
	for _, s := range view.Staff {
		members[s.Role]++
	}
	answer := &api.DescribeRolesResponse{Areas: []string{}}
	add := func(id org.Role, name string, builtIn bool) {
		info := api.RoleInfo{RoleId: int64(id), Name: name, BuiltIn: builtIn, Members: members[id], Rights: map[string]int64{}}
		for a, l := range view.RightsOf(&org.Staff{Role: id}) {
			info.Rights[string(a)] = int64(l)
		}
		answer.Roles = append(answer.Roles, info)
	}
	add(org.RoleAdmin, "Administrator", true)
	add(org.RoleInspector, "Quality inspector", true)
	add(org.RoleAgent, "Agent", true)
	for _, id := range slices.Sorted(maps.Keys(view.Roles)) {
		add(id, view.Roles[id].Name, false)
	}
	for _, a := range org.Areas() {
		answer.Areas = append(answer.Areas, string(a))
	}
	return answer, nil
}

// modifyStaffRole keeps people from giving, and from taking, more than they have.
func (h *handler) modifyStaffRole(ctx context.Context, who caller, r *api.ModifyStaffRoleRequest) (*api.ModifyStaffRoleResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	staff, err := h.account(ctx, who.app, r.Email)
	if err != nil {
		return nil, err
	}
	role := org.Role(r.RoleId)
	if err := who.over(view, "Email", &staff); err != nil {
		return nil, err
	}
	if !who.has(view.RightsOf(&org.Staff{Role: role})) {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "RoleId: nobody gives a role with more rights than his own.")
	}
	return &api.ModifyStaffRoleResponse{}, h.Office.ModifyStaff(ctx, who.app, org.StaffChange{Mail: staff.UserID, Role: &role})
}

func (h *handler) describeAuditLog(ctx context.Context, who caller, r *api.DescribeAuditLogRequest) (*api.DescribeAuditLogResponse, error) {
	offset, err := pageStart(r.PageNumber, r.PageSize, maxAuditPage)
	if err != nil {
		return nil, err
	}
	total, found, err := h.Audit.FindAudit(ctx, who.app, org.AuditQuery{
		From: since(r.StartTime), To: since(r.EndTime), Actor: strings.TrimSpace(given(r.Actor)), Action: strings.TrimSpace(given(r.Action)),
		Offset: int(offset), Limit: int(r.PageSize),
	})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeAuditLogResponse{TotalCount: int64(total), Lines: []api.AuditLine{}}
	for _, e := range found {
		answer.Lines = append(answer.Lines, api.AuditLine{
			Timestamp: report.Unix(e.At), Actor: e.Actor, IP: e.IP, Action: e.Action, Target: e.Target, Code: e.Code,
		})
	}
	return answer, nil
}
