package cloudapi

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"openseat/api"
	"openseat/core/flow"
	"openseat/core/org"
	"openseat/core/report"
)

// designerTable lists what is done with schedules and drafts.
func (h *handler) designerTable() []action {
	return []action{
		on(api.OwnVersion, "PutSchedule", h.putSchedule).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DeleteSchedule", h.deleteSchedule).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DescribeSchedules", h.describeSchedules).needs(org.AreaFlows, org.Read),
		on(api.OwnVersion, "PutFlowDraft", h.putFlowDraft).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DescribeFlowDrafts", h.describeFlowDrafts).needs(org.AreaFlows, org.Read),
		on(api.OwnVersion, "DeleteFlowDraft", h.deleteFlowDraft).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "DeleteFlow", h.deleteFlow).needs(org.AreaFlows, org.Write),
		on(api.OwnVersion, "RollBackFlow", h.rollBackFlow).needs(org.AreaFlows, org.Write),
	}
}

func (h *handler) putSchedule(ctx context.Context, who caller, r *api.PutScheduleRequest) (*api.PutScheduleResponse, error) {
	s := scheduleOf(r.Schedule)
	definition, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return &api.PutScheduleResponse{}, h.Office.PutSchedule(ctx, org.Schedule{App: who.app, Name: r.Schedule.Name, Definition: definition},
		func(json.RawMessage) error { return s.Check() })
}

func scheduleOf(w *api.WorkSchedule) *flow.Schedule {
	s := &flow.Schedule{Zone: w.Zone, Week: []flow.Period{}}
	for _, p := range w.Week {
		period := flow.Period{From: p.From, To: p.To}
		for _, d := range p.Weekdays {
			period.Weekdays = append(period.Weekdays, int(d))
		}
		s.Week = append(s.Week, period)
	}
	for _, d := range w.Days {
		day := flow.Day{Date: d.Date, Name: d.Name}
		for _, x := range d.Hours {
			day.Hours = append(day.Hours, flow.Hours{From: x.From, To: x.To})
		}
		s.Days = append(s.Days, day)
	}
	return s
}

func workSchedule(name string, s *flow.Schedule) api.WorkSchedule {
	w := api.WorkSchedule{Name: name, Zone: s.Zone, Week: []api.WorkPeriod{}, Days: []api.WorkDay{}}
	for _, p := range s.Week {
		period := api.WorkPeriod{From: p.From, To: p.To}
		for _, d := range p.Weekdays {
			period.Weekdays = append(period.Weekdays, int64(d))
		}
		w.Week = append(w.Week, period)
	}
	for _, d := range s.Days {
		day := api.WorkDay{Date: d.Date, Name: d.Name, Hours: []api.WorkHours{}}
		for _, x := range d.Hours {
			day.Hours = append(day.Hours, api.WorkHours{From: x.From, To: x.To})
		}
		w.Days = append(w.Days, day)
	}
	return w
}

func (h *handler) deleteSchedule(ctx context.Context, who caller, r *api.DeleteScheduleRequest) (*api.DeleteScheduleResponse, error) {
	users := func(v *org.View) []string { return users(v, usesSchedule)[r.Name] }
	return &api.DeleteScheduleResponse{}, h.Office.DeleteSchedule(ctx, who.app, r.Name, users)
}

func (h *handler) describeSchedules(_ context.Context, who caller, _ *api.DescribeSchedulesRequest) (*api.DescribeSchedulesResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeSchedulesResponse{Schedules: []api.WorkSchedule{}, Open: []string{}, UsedBy: users(view, usesSchedule)}
	for _, name := range slices.Sorted(maps.Keys(view.Schedules)) {
		var s flow.Schedule
		if err := json.Unmarshal(view.Schedules[name].Definition, &s); err != nil {
			return nil, err
		}
		answer.Schedules = append(answer.Schedules, workSchedule(name, &s))
		if s.Open(h.Now()) {
			answer.Open = append(answer.Open, name)
		}
	}
	return answer, nil
}

// users maps what published flows use to their names, in order.
func users(view *org.View, uses func(flow.Node) string) map[string][]string {
	by := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(view.Flows)) {
		var def flow.Definition
		if json.Unmarshal(view.Flows[name].Definition, &def) != nil { // one that cannot be read uses nothing
			continue
		}
		for _, n := range def.Nodes {
			if used := uses(n); used != "" && !slices.Contains(by[used], name) {
				by[used] = append(by[used], name)
			}
		}
	}
	return by
}

func usesSchedule(n flow.Node) string {
	if n.Type == flow.WorkTime {
		return n.Schedule
	}
	return ""
}

func usesFlow(n flow.Node) string {
	if n.Type == flow.SubFlow {
		return n.Flow
	}
	return ""
}

func (h *handler) putFlowDraft(ctx context.Context, who caller, r *api.PutFlowDraftRequest) (*api.PutFlowDraftResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	revision, err := h.Office.PutDraft(ctx, org.Draft{
		App: who.app, Name: r.Name, Revision: given(r.Revision), Definition: r.Definition, By: who.name(),
	})
	if err != nil {
		return nil, err
	}
	return &api.PutFlowDraftResponse{Revision: revision, Problems: flowProblems(r.Definition, view)}, nil
}

func (h *handler) describeFlowDrafts(ctx context.Context, who caller, r *api.DescribeFlowDraftsRequest) (*api.DescribeFlowDraftsResponse, error) {
	found, err := h.Office.Drafts(ctx, who.app, given(r.Name))
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeFlowDraftsResponse{Drafts: []api.FlowDraft{}}
	for _, d := range found {
		answer.Drafts = append(answer.Drafts, api.FlowDraft{
			Name: d.Name, Revision: d.Revision, Definition: d.Definition, ModifyTimestamp: report.Unix(d.ModifiedAt), By: d.By,
		})
	}
	return answer, nil
}

func (h *handler) deleteFlowDraft(ctx context.Context, who caller, r *api.DeleteFlowDraftRequest) (*api.DeleteFlowDraftResponse, error) {
	return &api.DeleteFlowDraftResponse{}, h.Office.DeleteDraft(ctx, who.app, r.Name)
}

func (h *handler) deleteFlow(ctx context.Context, who caller, r *api.DeleteFlowRequest) (*api.DeleteFlowResponse, error) {
	others := func(v *org.View) []string {
		return slices.DeleteFunc(users(v, usesFlow)[r.Name], func(name string) bool { return name == r.Name })
	}
	return &api.DeleteFlowResponse{}, h.Office.DeleteFlow(ctx, who.app, r.Name, others)
}

func (h *handler) rollBackFlow(ctx context.Context, who caller, r *api.RollBackFlowRequest) (*api.RollBackFlowResponse, error) {
	groups, err := h.groups(ctx, who.app)
	if err != nil {
		return nil, err
	}
	version, err := h.Office.RollBackFlow(ctx, who.app, r.Name, int(r.Version), func(definition json.RawMessage) error {
		return checkFlow(definition, groups)
	})
	if err != nil {
		return nil, err
	}
	return &api.RollBackFlowResponse{Version: int64(version)}, nil
}
