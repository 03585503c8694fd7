package cloudapi

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/org"
	"openseat/core/report"
)

// Live is what goes on now.
type Live interface {
	// Board shows the queues and all agents.
	Board(ctx context.Context, app openseat.AppID) (acd.Wallboard, error)
	// Running lists the running calls, oldest first.
	Running(app openseat.AppID) []report.Session
}

// describeLive is the wallboard.
func (h *handler) describeLive(ctx context.Context, who caller, _ *api.DescribeLiveRequest) (*api.DescribeLiveResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	board, err := h.Live.Board(ctx, who.app)
	if err != nil {
		return nil, err
	}
	now := h.Now()
	answer := &api.DescribeLiveResponse{NowMs: now.UnixMilli(), Groups: []api.LiveGroup{}, Agents: []api.LiveAgent{}, Calls: []api.LiveCall{}}
	err = h.Figures.Today(ctx, who.app, func(today *report.Today) {
		for _, q := range board.Queues {
			if g := view.Groups[q.Group]; g != nil {
				answer.Groups = append(answer.Groups, liveGroup(g, q, today.Groups.Line(strconv.FormatInt(g.ID, 10)), now))
			}
		}
		for _, a := range board.Agents {
			if s := view.Staff[a.User]; s != nil {
				answer.Agents = append(answer.Agents, liveAgent(s, a, today.Agents.Line(a.User)))
			}
		}
	})
	for _, s := range h.Live.Running(who.app) {
		answer.Calls = append(answer.Calls, liveCall(s))
	}
	return answer, err
}

func liveGroup(g *org.SkillGroup, q acd.QueueView, day report.Figures, now time.Time) api.LiveGroup {
	line := api.LiveGroup{
		SkillGroupId: g.ID, Name: g.Name, Waiting: int64(q.Waiting), Online: int64(q.Online), Free: int64(q.Free), Busy: int64(q.Busy),
		Arrange: int64(q.Arrange), NotReady: int64(q.NotReady), Rest: int64(q.Rest), TodayOffered: int64(day.Queued),
		TodayAnswered: int64(day.Answered), TodayAbandoned: int64(day.Abandoned), ServiceLevel: day.ServiceLevel(),
	}
	if !q.Longest.IsZero() {
		line.LongestWaitMs = max(0, now.Sub(q.Longest).Milliseconds())
	}
	return line
}

func liveAgent(s *org.Staff, a acd.AgentView, day report.Figures) api.LiveAgent {
	line := api.LiveAgent{
		Email: s.UserID, Name: s.Name, StaffNumber: s.StaffNumber, Status: statusName(a.Status), Reason: a.Reason,
		SinceMs: unixMilli(a.Since), UntilMs: unixMilli(a.Until), SkillGroupIds: []int64{}, ServerType: string(cmp.Or(a.Seat, acd.SeatWeb)),
		CallsToday: int64(day.Answered + day.Out + day.Internal), TalkSecondsToday: int64(day.Talk / time.Second),
	}
	for _, g := range a.Groups {
		line.SkillGroupIds = append(line.SkillGroupIds, g.ID)
	}
	switch {
	case a.Work != nil:
		line.SessionId = a.Work.ID
	case a.Ringing != nil:
		line.SessionId = a.Ringing.ID
	}
	return line
}

func liveCall(s report.Session) api.LiveCall {
	agents := append([]string{}, s.Users...)
	if len(agents) == 0 && s.User != "" {
		agents = append(agents, s.User)
	}
	return api.LiveCall{
		SessionId: s.Ref.ID, Direction: int64(s.Direction), Caller: s.Caller, Callee: s.Callee, Location: s.Location, Status: liveStatus(s),
		StartMs: unixMilli(s.StartAt), QueuedMs: unixMilli(s.QueuedAt), AcceptMs: unixMilli(s.AcceptAt), SkillGroupId: s.Group,
		Agents: agents, MonitoredBy: append([]string{}, s.Monitors...), Held: s.Held,
	}
}

// liveStatus is where a call is: in the flow, in a queue, ringing, talking, or in the survey behind the talk.
func liveStatus(s report.Session) string {
	switch {
	case s.State == report.InProgress:
		return SessionInProgress
	case s.State == report.Ringing || s.State == report.Joining:
		return SessionRinging
	case !s.AcceptAt.IsZero():
		return "survey"
	case !s.QueuedAt.IsZero():
		return "queued"
	default:
		return "ivr"
	}
}

// unixMilli is t in milliseconds, and 0 for the zero time.
func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
