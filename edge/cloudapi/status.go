package cloudapi

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// maxStatusItems is the documented limit of SetStaffStatus.
const maxStatusItems = 10

// afterCallWork is what acd.StatusArrange is called in the cloud API.
const afterCallWork = "afterCallWork"

// setStaffStatus sets one agent after the other; what fails for one is told in his item.
func (h *handler) setStaffStatus(ctx context.Context, who caller, r *api.SetStaffStatusRequest) (*api.SetStaffStatusResponse, error) {
	if n := len(r.StaffStatusList); n == 0 || n > maxStatusItems {
		return nil, invalidValue("StaffStatusList", "has %d elements, which is not 1 to %d", n, maxStatusItems)
	}
	for i, item := range r.StaffStatusList {
		switch acd.Status(item.Status) {
		case acd.StatusFree, acd.StatusNotReady, acd.StatusRest:
		default:
			return nil, invalidValue(join("StaffStatusList", i)+".Status", "is neither free, notReady nor rest")
		}
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	before, err := h.Presence.Agents(ctx, who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.SetStaffStatusResponse{StaffStatusList: []api.SetStaffStatusRspItem{}}
	for _, item := range r.StaffStatusList {
		answer.StaffStatusList = append(answer.StaffStatusList, h.setStatus(ctx, who, view, item, before))
	}
	now, err := h.Presence.Agents(ctx, who.app)
	if err != nil {
		return nil, err
	}
	for i := range answer.StaffStatusList {
		item := &answer.StaffStatusList[i]
		a := now[strings.ToLower(item.StaffUserId)]
		item.Status, item.Reason = statusName(a.Status), a.Reason
	}
	return answer, nil
}

func (h *handler) setStatus(
	ctx context.Context, who caller, view *org.View, item api.SetStaffStatusItem, before map[string]acd.AgentView,
) api.SetStaffStatusRspItem {
	user := strings.ToLower(item.StaffUserId)
	set := acd.StatusSet{User: user, Status: acd.Status(item.Status), By: who.name()}
	if set.Status == acd.StatusRest {
		set.Reason = given(item.Reason)
	}
	told := api.SetStaffStatusRspItem{
		StaffUserId: item.StaffUserId, PreviousStatus: statusName(before[user].Status), PreviousReason: before[user].Reason,
	}
	err := restReason(view, set)
	if err == nil {
		var was acd.Status
		if was, err = h.Presence.SetStatus(ctx, who.app, set); err == nil {
			told.PreviousStatus = statusName(was)
		}
	}
	if err != nil {
		refusal := openseat.AsError(err)
		told.ErrorCode, told.ErrorMessage = refusal.Code, refusal.Message
	}
	return told
}

// restReason checks a rest's reason against the instance's list, if there is one.
func restReason(view *org.View, set acd.StatusSet) error {
	reasons := view.Instance.Settings.RestReasons
	if set.Status != acd.StatusRest || len(reasons) == 0 || slices.Contains(reasons, set.Reason) {
		return nil
	}
	return invalidValue("Reason", "is not one of the instance's reasons for a rest")
}

// statusName is a status as the cloud API calls it.
func statusName(s acd.Status) string {
	if s == acd.StatusArrange {
		return afterCallWork
	}
	return string(cmp.Or(s, acd.StatusOffline))
}

func (h *handler) describeStaffStatusMetrics(
	ctx context.Context, who caller, r *api.DescribeStaffStatusMetricsRequest,
) (*api.DescribeStaffStatusMetricsResponse, error) {
	for i, s := range r.StatusList {
		if !slices.Contains([]string{"free", "busy", "rest", "notReady", afterCallWork, "offline"}, s) {
			return nil, invalidValue(join("StatusList", i), "is not a status")
		}
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	agents, err := h.Presence.Agents(ctx, who.app)
	if err != nil {
		return nil, err
	}
	days, err := h.Records.StatusMetrics(ctx, who.app)
	if err != nil {
		return nil, err
	}
	active, err := h.Calls.Active(ctx, who.app)
	if err != nil {
		return nil, err
	}
	directions := map[string]call.Direction{}
	for _, s := range active {
		directions[s.SessionID] = s.Direction
	}
	answer := &api.DescribeStaffStatusMetricsResponse{Metrics: []api.StaffStatusMetrics{}}
	for _, user := range slices.Sorted(maps.Keys(view.Staff)) {
		if wantedStaff(r, view.Staff[user]) && (len(r.StatusList) == 0 || slices.Contains(r.StatusList, statusName(agents[user].Status))) {
			answer.Metrics = append(answer.Metrics, metrics(view.Staff[user], agents[user], days[user], directions))
		}
	}
	return answer, nil
}

func wantedStaff(r *api.DescribeStaffStatusMetricsRequest, s *org.Staff) bool {
	named := func(mail string) bool { return strings.EqualFold(mail, s.UserID) }
	serves := func(m org.Membership) bool { return slices.Contains(r.GroupIdList, m.GroupID) }
	return (len(r.StaffList) == 0 || slices.ContainsFunc(r.StaffList, named)) &&
		(len(r.GroupIdList) == 0 || slices.ContainsFunc(s.Groups, serves))
}

func metrics(s *org.Staff, a acd.AgentView, day StatusDay, directions map[string]call.Direction) api.StaffStatusMetrics {
	seconds := func(d time.Duration) int64 { return int64(d / time.Second) }
	m := api.StaffStatusMetrics{
		Email: s.UserID, UseMobileAccept: int64(s.UseMobileAccept), UseMobileCallOut: s.UseMobileCallOut,
		Status: statusName(a.Status), Reason: a.Reason, StatusExtra: &api.StaffStatusExtra{},
		ReserveRest: a.Reserved == acd.StatusRest, ReserveNotReady: a.Reserved == acd.StatusNotReady,
		OnlineDuration: seconds(day.Online), FreeDuration: seconds(day.Free), BusyDuration: seconds(day.Busy),
		NotReadyDuration: seconds(day.NotReady), RestDuration: seconds(day.Rest), AfterCallWorkDuration: seconds(day.AfterCallWork),
		LastOnlineTimestamp: report.Unix(day.LastOnlineAt), LastStatusTimestamp: report.Unix(day.LastStatusAt), ClientInfo: []api.ClientInfo{},
	}
	if a.Conn != "" {
		m.ClientInfo = append(m.ClientInfo, api.ClientInfo{ClientType: "Web", IsConnected: !a.Lost})
	}
	if a.Work != nil {
		if d, runs := directions[a.Work.ID]; runs {
			m.StatusExtra = &api.StaffStatusExtra{Type: "tel", Direct: either(d == call.Outbound, "out", "in")}
		}
	}
	return m
}
