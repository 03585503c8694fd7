package cloudapi_test

import (
	"context"
	"reflect"
	"strconv"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/report"
)

func (h *house) Fill(_ context.Context, _ openseat.AppID, r *report.Report) error {
	for i := range h.cdrs {
		r.AddCall(&h.cdrs[i])
	}
	for _, s := range h.history {
		r.AddStatus(s)
	}
	return h.trouble
}

func (h *house) Today(_ context.Context, _ openseat.AppID, use func(*report.Today)) error {
	today := report.NewToday(h.now)
	for i := range h.cdrs {
		today.Add(&h.cdrs[i])
	}
	use(today)
	return h.trouble
}

func (h *house) Board(context.Context, openseat.AppID) (acd.Wallboard, error) {
	return h.board, h.trouble
}

func (h *house) Running(openseat.AppID) []report.Session { return h.sessions }

// busyHouse has had one call today, and has one now.
func busyHouse(t *testing.T) *house {
	t.Helper()
	h := staffed(t)
	at := func(seconds int) time.Time { return h.now.Add(time.Duration(seconds-600) * time.Second) }
	h.cdrs = []report.CDR{{Facts: call.Facts{
		App: home, SessionID: "s-1", CallType: call.TypeInbound, Caller: "008613800138000", Callee: "00864008001000", StartAt: at(0),
		QueuedAt: at(10), QueuedGroup: 1, RingAt: at(12), AcceptAt: at(15), EndAt: at(75), End: call.EndOK,
		Serves: []call.Participant{{User: "alice@demo.openseat", Group: 1, StartAt: at(12), RingAt: at(12), AcceptAt: at(15), EndAt: at(75)}},
	}}}
	work := openseat.CallRef(home, "s-2")
	h.board = acd.Wallboard{
		Queues: []acd.QueueView{{Group: 1, Waiting: 2, Longest: at(590), Online: 1, Busy: 1}, {Group: 99}},
		Agents: []acd.AgentView{
			{User: "alice@demo.openseat", Status: acd.StatusBusy, Since: at(580), Work: &work, Groups: []acd.GroupView{{ID: 1, Priority: 3}}},
			{User: "gone@demo.openseat", Status: acd.StatusFree},
		},
	}
	h.sessions = []report.Session{
		{Ref: work, Caller: "1", Callee: "2", StartAt: at(570), QueuedAt: at(575), AcceptAt: at(580), State: report.InProgress, Group: 1, Users: []string{"alice@demo.openseat"}, Held: true},
		{Ref: openseat.CallRef(home, "s-3"), StartAt: at(590), QueuedAt: at(591), Group: 1},
		{Ref: openseat.CallRef(home, "s-4"), StartAt: at(595)},
		{Ref: openseat.CallRef(home, "s-5"), AcceptAt: at(500)},
		{Ref: openseat.CallRef(home, "s-6"), State: report.Ringing, User: "bob@demo.openseat"},
	}
	return h
}

func TestReports(t *testing.T) {
	h := busyHouse(t)
	from, to := h.now.Add(-time.Hour).Unix(), h.now.Unix()
	ask := func(by, more string) api.DescribeReportResponse {
		return do[api.DescribeReportResponse](t, h, "DescribeReport", api.OwnVersion,
			`{"SdkAppId":1400000001,"StartTime":`+strconv.FormatInt(from, 10)+`,"EndTime":`+strconv.FormatInt(to, 10)+`,"Zone":"Asia/Shanghai","By":"`+by+`"`+more+`}`)
	}
	for by, want := range map[string][2]string{
		"hour": {"2026-03-03T16", ""}, "day": {"2026-03-03", ""}, "group": {"1", "Support"}, "agent": {"alice@demo.openseat", "Alice"},
		"number": {"00864008001000", ""},
	} {
		got := ask(by, "")
		if len(got.Lines) != 1 || got.Lines[0].Key != want[0] || got.Lines[0].Name != want[1] || got.Lines[0].TalkSeconds != 60 || got.Lines[0].Answered != 1 {
			t.Errorf("by %s: %+v", by, got.Lines)
		}
		if got.Total.Offered != 1 || got.Total.ServiceLevel != 1 || got.Total.WaitSeconds != 5 {
			t.Errorf("by %s: total %+v", by, got.Total)
		}
	}
	if got := ask("day", `,"Direction":1`); got.Lines == nil || len(got.Lines) != 0 || got.Total.ServiceLevel != -1 {
		t.Errorf("calls out: %+v", got)
	}
	for name, body := range map[string]string{
		"no such view":        `"StartTime":1,"EndTime":2,"Zone":"UTC","By":"moon"`,
		"no zone":             `"StartTime":1,"EndTime":2,"Zone":"","By":"day"`,
		"the server's zone":   `"StartTime":1,"EndTime":2,"Zone":"Local","By":"day"`,
		"a zone on Mars":      `"StartTime":1,"EndTime":2,"Zone":"Mars/Olympus","By":"day"`,
		"backwards":           `"StartTime":2,"EndTime":1,"Zone":"UTC","By":"day"`,
		"before all time":     `"StartTime":-9223372036854775808,"EndTime":1,"Zone":"UTC","By":"day"`,
		"two months of hours": `"StartTime":0,"EndTime":5184000,"Zone":"UTC","By":"hour"`,
		"a third direction":   `"StartTime":1,"EndTime":2,"Zone":"UTC","By":"day","Direction":2`,
	} {
		if a := h.send(t, h.ask("DescribeReport", api.OwnVersion, `{"SdkAppId":1400000001,`+body+`}`).signed()); a.code() != openseat.CodeInvalidValue {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
}

func TestWallboard(t *testing.T) {
	h := busyHouse(t)
	got := do[api.DescribeLiveResponse](t, h, "DescribeLive", api.OwnVersion, `{"SdkAppId":1400000001}`)
	ms := func(seconds int) int64 { return h.now.Add(time.Duration(seconds-600) * time.Second).UnixMilli() }
	groups := []api.LiveGroup{{
		SkillGroupId: 1, Name: "Support", Waiting: 2, LongestWaitMs: 10_000, Online: 1, Busy: 1, TodayOffered: 1, TodayAnswered: 1, ServiceLevel: 1,
	}}
	if got.NowMs != h.now.UnixMilli() || !reflect.DeepEqual(got.Groups, groups) {
		t.Errorf("groups %+v", got.Groups)
	}
	if len(got.Agents) != 1 {
		t.Fatalf("agents %+v", got.Agents)
	}
	alice := got.Agents[0]
	if alice.Name != "Alice" || alice.Status != "busy" || alice.SinceMs != ms(580) || alice.SessionId != "s-2" || alice.ServerType != "staffSeat" ||
		alice.CallsToday != 1 || alice.TalkSecondsToday != 60 || !reflect.DeepEqual(alice.SkillGroupIds, []int64{1}) {
		t.Errorf("alice %+v", alice)
	}
	var states []string
	for _, c := range got.Calls {
		states = append(states, c.SessionId+" "+c.Status)
	}
	if want := []string{"s-2 inProgress", "s-3 queued", "s-4 ivr", "s-5 survey", "s-6 ringing"}; !reflect.DeepEqual(states, want) {
		t.Errorf("calls %v", states)
	}
	if c := got.Calls[0]; !c.Held || c.SkillGroupId != 1 || c.AcceptMs != ms(580) || !reflect.DeepEqual(c.Agents, []string{"alice@demo.openseat"}) || c.MonitoredBy == nil {
		t.Errorf("%+v", c)
	}
	if c := got.Calls[4]; !reflect.DeepEqual(c.Agents, []string{"bob@demo.openseat"}) {
		t.Errorf("%+v", c)
	}
}

func TestCallInMetrics(t *testing.T) {
	h := busyHouse(t)
	want := api.CallInMetrics{
		IvrCount: 1, QueueCount: 1, RingCount: 1, AcceptCount: 1, MaxQueueDuration: 2, AvgQueueDuration: 2, MaxRingDuration: 3, AvgRingDuration: 3,
		MaxAcceptDuration: 60, AvgAcceptDuration: 60,
	}
	bare := do[api.DescribeCallInMetricsResponse](t, h, "DescribeCallInMetrics", api.Version, `{"SdkAppId":1400000001}`)
	if *bare.TotalMetrics != want || len(bare.NumberMetrics) != 0 || len(bare.SkillGroupMetrics) != 0 || bare.Timestamp != h.now.Unix() {
		t.Errorf("%+v", bare)
	}
	all := do[api.DescribeCallInMetricsResponse](t, h, "DescribeCallInMetrics", api.Version,
		`{"SdkAppId":1400000001,"EnabledSkillGroup":true,"EnabledNumber":true,"GroupIdList":[1]}`)
	group := []api.CallInSkillGroupMetrics{{SkillGroupId: 1, Name: "Support", Metrics: &want}}
	if !reflect.DeepEqual(all.SkillGroupMetrics, group) ||
		!reflect.DeepEqual(all.NumberMetrics, []api.CallInNumberMetrics{{Number: "00864008001000", Metrics: &want, SkillGroupMetrics: group}}) {
		t.Errorf("%+v", all)
	}
	other := do[api.DescribeCallInMetricsResponse](t, h, "DescribeCallInMetrics", api.Version, `{"SdkAppId":1400000001,"EnabledSkillGroup":true,"GroupIdList":[2]}`)
	if len(other.SkillGroupMetrics) != 0 {
		t.Errorf("%+v", other)
	}
}
