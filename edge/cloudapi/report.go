package cloudapi

import (
	"context"
	"slices"
	"strconv"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// The longest stretches of time that reports are about.
const (
	maxReport     = 366 * 24 * time.Hour
	maxHourReport = 32 * 24 * time.Hour
)

// Figures count the past and the day.
type Figures interface {
	// Fill tells a report every call and status of its time.
	Fill(ctx context.Context, app openseat.AppID, r *report.Report) error
	// Today gives use the day so far; nobody changes it meanwhile.
	Today(ctx context.Context, app openseat.AppID, use func(*report.Today)) error
}

func (h *handler) figureTable() []action {
	return []action{
		on(api.OwnVersion, "DescribeReport", h.describeReport).needs(org.AreaReports, org.Read),
		on(api.OwnVersion, "DescribeLive", h.describeLive).needs(org.AreaLive, org.Read),
		on(api.Version, "DescribeCallInMetrics", h.describeCallInMetrics).needs(org.AreaReports, org.Read),
	}
}

func (h *handler) describeReport(ctx context.Context, who caller, r *api.DescribeReportRequest) (*api.DescribeReportResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	wish, err := reportWish(r)
	if err != nil {
		return nil, err
	}
	if err := h.Figures.Fill(ctx, who.app, wish); err != nil {
		return nil, err
	}
	answer := &api.DescribeReportResponse{Lines: []api.ReportLine{}, Total: reportLine("", "", wish.Total)}
	for _, key := range wish.Keys() {
		answer.Lines = append(answer.Lines, reportLine(key, lineName(view, wish.By, key), wish.Line(key)))
	}
	return answer, nil
}

// reportWish reads what a report is to be about.
func reportWish(r *api.DescribeReportRequest) (*report.Report, error) {
	by := report.By(r.By)
	if !slices.Contains([]report.By{report.ByHour, report.ByDay, report.ByGroup, report.ByAgent, report.ByNumber}, by) {
		return nil, invalidValue("By", "is neither hour, day, group, agent nor number")
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil || r.Zone == "" || r.Zone == "Local" {
		return nil, invalidValue("Zone", "is not a time zone such as Asia/Shanghai")
	}
	most := maxReport
	if by == report.ByHour {
		most = maxHourReport
	}
	if r.EndTime <= r.StartTime || r.EndTime-r.StartTime > int64(most/time.Second) || r.StartTime < 0 {
		return nil, invalidValue("EndTime", "is not up to %d days after StartTime", int(most/(24*time.Hour)))
	}
	filter := report.Filter{Group: given(r.SkillGroupId), User: given(r.Staff), Number: given(r.Number)}
	if r.Direction != nil {
		if err := within("Direction", *r.Direction, 0, 1); err != nil {
			return nil, err
		}
		filter.Direction = new(call.Direction(*r.Direction))
	}
	return report.NewReport(by, zone, time.Unix(r.StartTime, 0), time.Unix(r.EndTime, 0), filter), nil
}

// lineName is what people call a line: a group's name, an agent's, or what is remarked of a number.
func lineName(view *org.View, by report.By, key string) string {
	switch by {
	case report.ByGroup:
		id, err := strconv.ParseInt(key, 10, 64)
		if g := view.Groups[id]; err == nil && g != nil {
			return g.Name
		}
	case report.ByAgent:
		if s := view.Staff[key]; s != nil {
			return s.Name
		}
	case report.ByNumber:
		if n := view.Numbers[key]; n != nil {
			return n.Remark
		}
	case report.ByHour, report.ByDay:
	}
	return ""
}

func reportLine(key, name string, f report.Figures) api.ReportLine {
	whole := func(d time.Duration) int64 { return int64(d / time.Second) }
	return api.ReportLine{
		Key: key, Name: name, Offered: int64(f.Offered), InFlow: int64(f.InFlow), Queued: int64(f.Queued), Answered: int64(f.Answered),
		Abandoned: int64(f.Abandoned), AbandonedShort: int64(f.AbandonedShort), WithinLevel: int64(f.WithinLevel), ServiceLevel: f.ServiceLevel(),
		WaitSeconds: whole(f.Wait), LongestWait: whole(f.LongestWait), Out: int64(f.Out), OutAnswered: int64(f.OutAnswered),
		TalkSeconds: whole(f.Talk), HoldSeconds: whole(f.Hold), WrapUpSeconds: whole(f.WrapUp), Transfers: int64(f.Transfers),
		Missed: int64(f.Missed), Internal: int64(f.Internal), Rated: int64(f.Rated), RatingSum: int64(f.RatingSum),
		OnlineSeconds: whole(f.Online), FreeSeconds: whole(f.Free), BusySeconds: whole(f.Busy), RestSeconds: whole(f.Rest),
		NotReadySeconds: whole(f.NotReady),
	}
}

// describeCallInMetrics is the day's calls in so far: how many came to each stage, and how long they were in it.
func (h *handler) describeCallInMetrics(
	ctx context.Context, who caller, r *api.DescribeCallInMetricsRequest,
) (*api.DescribeCallInMetricsResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeCallInMetricsResponse{
		Timestamp: h.Now().Unix(), NumberMetrics: []api.CallInNumberMetrics{}, SkillGroupMetrics: []api.CallInSkillGroupMetrics{},
	}
	err = h.Figures.Today(ctx, who.app, func(today *report.Today) {
		in := &today.Inbound
		answer.TotalMetrics = stages(in.Total)
		if given(r.EnabledSkillGroup) {
			answer.SkillGroupMetrics = groupStages(view, in.ByGroup, r.GroupIdList)
		}
		if !given(r.EnabledNumber) {
			return
		}
		for _, number := range sortedKeys(in.ByNumber) {
			n := in.ByNumber[number]
			line := api.CallInNumberMetrics{Number: number, Metrics: stages(n.Stages), SkillGroupMetrics: []api.CallInSkillGroupMetrics{}}
			if given(r.EnabledSkillGroup) {
				line.SkillGroupMetrics = groupStages(view, n.ByGroup, r.GroupIdList)
			}
			answer.NumberMetrics = append(answer.NumberMetrics, line)
		}
	})
	return answer, err
}

func groupStages(view *org.View, of map[int64]*report.Stages, wanted []int64) []api.CallInSkillGroupMetrics {
	lines := []api.CallInSkillGroupMetrics{}
	for _, id := range sortedKeys(of) {
		if len(wanted) > 0 && !slices.Contains(wanted, id) {
			continue
		}
		line := api.CallInSkillGroupMetrics{SkillGroupId: id, Metrics: stages(*of[id])}
		if g := view.Groups[id]; g != nil {
			line.Name = g.Name
		}
		lines = append(lines, line)
	}
	return lines
}

func stages(s report.Stages) *api.CallInMetrics {
	whole := func(d time.Duration) int64 { return int64(d / time.Second) }
	return &api.CallInMetrics{
		IvrCount: int64(s.Flow.Calls), QueueCount: int64(s.Queue.Calls), RingCount: int64(s.Ring.Calls), AcceptCount: int64(s.Accept.Calls),
		TransferOuterCount: int64(s.Outside), MaxQueueDuration: whole(s.Queue.Longest), AvgQueueDuration: whole(s.Queue.Average()),
		MaxRingDuration: whole(s.Ring.Longest), AvgRingDuration: whole(s.Ring.Average()),
		MaxAcceptDuration: whole(s.Accept.Longest), AvgAcceptDuration: whole(s.Accept.Average()),
	}
}
