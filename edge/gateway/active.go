package gateway

import (
	"context"
	"slices"
	"strings"

	"openseat"
	"openseat/core/report"
)

// activeCall is a running call as supervisors see it. Times are Unix milliseconds.
type activeCall struct {
	SessionID   string `json:"sessionId"`
	UserID      string `json:"userId"` // the agent who rings, joins or talks; empty while there is none
	AgentName   string `json:"agentName"`
	Caller      string `json:"callerPhoneNumber"`
	Callee      string `json:"calleePhoneNumber"`
	Direction   int    `json:"direction"`
	Status      string `json:"status"` // ringing, seatJoining, inProgress
	StartAt     int64  `json:"startAt"`
	AcceptAt    int64  `json:"acceptAt,omitempty"`
	MonitoredBy string `json:"monitoredBy,omitempty"` // UserIDs, with commas between several
}

// activeChange is what is different now.
type activeChange struct {
	Changed []activeCall `json:"changed"`
	Gone    []string     `json:"gone"`
}

// doActiveSessions lists the running calls, and with watch tells the page from then on what changes.
func (p *page) doActiveSessions(ctx context.Context, r request) (any, error) {
	want, err := params[watchParams](r)
	if err != nil {
		return nil, err
	}
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	if err := p.supervises(view); err != nil {
		return nil, err
	}
	f := p.g.feedsOf(p.who.App).active
	var calls []activeCall
	if want.Watch {
		calls, err = f.watch(ctx, p)
	} else {
		f.unwatch(p)
		calls, err = f.take(ctx)
	}
	return map[string]any{"sessions": calls}, err
}

// SessionsChanged is told that the running calls of an instance, as Config.Active lists them, are others now.
func (g *Gateway) SessionsChanged(app openseat.AppID) {
	if f := g.feedsKnown(app); f != nil {
		f.active.changed()
	}
}

func (g *Gateway) activeFeed(app openseat.AppID) *feed[[]activeCall] {
	return newFeed(subject[[]activeCall]{
		event: eventSessions,
		take:  func(context.Context) ([]activeCall, error) { return g.takeActive(app), nil },
		diff: func(before, after []activeCall) (any, bool) {
			changed, gone := differences(before, after, func(c activeCall) string { return c.SessionID })
			return activeChange{changed, gone}, len(changed)+len(gone) > 0
		},
		may: func(p *page) bool {
			view, err := p.view()
			return err == nil && p.supervises(view) == nil
		},
		fail: func(err error) { g.Log.Error("running calls not listed", "app", app, "err", err) },
	})
}

func (g *Gateway) takeActive(app openseat.AppID) []activeCall {
	out := []activeCall{}
	if g.Active == nil {
		return out
	}
	view := g.Org.View(app)
	for _, s := range g.Active(app) {
		c := activeCall{
			SessionID: s.Ref.ID, UserID: s.User, Caller: s.Caller, Callee: s.Callee, Direction: int(s.Direction), Status: activeStatus(s.State),
			StartAt: millis(s.StartAt), AcceptAt: millis(s.AcceptAt), MonitoredBy: strings.Join(s.Monitors, ","),
		}
		if view != nil && view.Staff[s.User] != nil {
			c.AgentName = view.Staff[s.User].Name
		}
		out = append(out, c)
	}
	return out
}

// activeOf lists the running calls that somebody has a part in, or listens to.
func (g *Gateway) activeOf(who identity) []string {
	if g.Active == nil {
		return nil
	}
	var ids []string
	for _, s := range g.Active(who.App) {
		if slices.Contains(s.Users, who.User) || slices.Contains(s.Monitors, who.User) {
			ids = append(ids, s.Ref.ID)
		}
	}
	return ids
}

// activeStatus names a state as the cloud API does, which has no name for a customer in the flow or the queue: he rings.
func activeStatus(s report.SessionState) string {
	switch s {
	case report.Joining:
		return "seatJoining"
	case report.InProgress:
		return "inProgress"
	default:
		return "ringing"
	}
}
