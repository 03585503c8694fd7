package gateway

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"openseat"
	"openseat/core/acd"
	"openseat/core/org"
)

// maxRoster bounds the agents of one roster.
const maxRoster = 10_000

// roster is the instance's queues and people as agents see them who transfer calls.
type roster struct {
	Groups []rosterGroup `json:"groups"`
	Agents []rosterAgent `json:"agents"`
}

// rosterChange is what is different now.
type rosterChange struct {
	Groups     []rosterGroup `json:"groups"`
	Agents     []rosterAgent `json:"agents"`
	Gone       []string      `json:"gone"`
	GoneGroups []int64       `json:"goneGroups"`
}

// rosterGroup is a queue. Free are agents that would be rung now.
type rosterGroup struct {
	ID      int64              `json:"skillGroupId"`
	Name    string             `json:"skillGroupName"`
	Type    org.SkillGroupType `json:"type"`
	Waiting int                `json:"waiting"`
	Free    int                `json:"free"`
	Online  int                `json:"online"`
}

type rosterAgent struct {
	UserID      string     `json:"userId"`
	Name        string     `json:"name"`
	StaffNumber string     `json:"staffNumber"`
	Status      acd.Status `json:"status"`
	Since       int64      `json:"since,omitempty"`
	Groups      groupIDs   `json:"skillGroups"`
	ServerType  acd.Seat   `json:"serverType"` // where work would find him
}

// groupIDs are numbers with commas between them, so that agents can be compared; on the wire they are a list.
type groupIDs string

// MarshalJSON implements json.Marshaler.
func (g groupIDs) MarshalJSON() ([]byte, error) { return []byte("[" + string(g) + "]"), nil }

// doRosterWatch begins or ends the page's watch of the roster.
func (p *page) doRosterWatch(ctx context.Context, r request) (any, error) {
	want, err := params[watchParams](r)
	if err != nil {
		return nil, err
	}
	f := p.g.feedsOf(p.who.App).roster
	if !want.On {
		f.unwatch(p)
		return map[string]any{}, nil
	}
	return f.watch(ctx, p)
}

type watchParams struct {
	On    bool `json:"on"`
	Watch bool `json:"watch"`
}

// feeds are what an instance's pages can watch.
type feeds struct {
	roster *feed[roster]
	active *feed[[]activeCall]
}

// feedsOf makes an instance's feeds when they are first wanted.
func (g *Gateway) feedsOf(app openseat.AppID) *feeds {
	g.feedsMu.Lock()
	defer g.feedsMu.Unlock()
	f := g.feeds[app]
	if f == nil {
		f = &feeds{roster: g.rosterFeed(app), active: g.activeFeed(app)}
		g.feeds[app] = f
	}
	return f
}

// feedsKnown are an instance's feeds, if anybody ever wanted them.
func (g *Gateway) feedsKnown(app openseat.AppID) *feeds {
	g.feedsMu.Lock()
	defer g.feedsMu.Unlock()
	return g.feeds[app]
}

// unwatch ends what a page watches that is gone.
func (g *Gateway) unwatch(p *page) {
	if f := g.feedsKnown(p.who.App); f != nil {
		f.roster.unwatch(p)
		f.active.unwatch(p)
	}
}

func (g *Gateway) rosterFeed(app openseat.AppID) *feed[roster] {
	return newFeed(subject[roster]{
		event: eventRoster,
		take:  func(ctx context.Context) (roster, error) { return g.takeRoster(ctx, app) },
		diff:  rosterDiff,
		may:   func(*page) bool { return true },
		fail:  func(err error) { g.Log.Error("roster not taken", "app", app, "err", err) },
	})
}

func rosterDiff(before, after roster) (any, bool) {
	var c rosterChange
	c.Groups, c.GoneGroups = differences(before.Groups, after.Groups, func(g rosterGroup) int64 { return g.ID })
	c.Agents, c.Gone = differences(before.Agents, after.Agents, func(a rosterAgent) string { return a.UserID })
	return c, len(c.Groups)+len(c.Agents)+len(c.Gone)+len(c.GoneGroups) > 0
}

// takeRoster asks the board once for everybody; names come from the set-up.
func (g *Gateway) takeRoster(ctx context.Context, app openseat.AppID) (roster, error) {
	out := roster{Groups: []rosterGroup{}, Agents: []rosterAgent{}}
	view := g.Org.View(app)
	if view == nil {
		return out, openseat.Errorf(openseat.CodeInstanceNotExist, "instance %s does not exist", app)
	}
	for more, after := true, ""; more && len(out.Agents) < maxRoster; {
		value, err := g.Things.Ask(ctx, openseat.BoardRef(app), acd.Overview{After: after})
		if err != nil {
			return out, err
		}
		wall, ok := into[acd.Wallboard](value)
		if !ok {
			return out, openseat.Errorf(openseat.CodeInternal, "the queue board showed nothing of itself")
		}
		if after == "" {
			out.Groups = rosterGroups(view, wall.Queues)
		}
		out.Agents = append(out.Agents, rosterAgents(view, wall.Agents)...)
		more = wall.More && len(wall.Agents) > 0
		if more {
			after = wall.Agents[len(wall.Agents)-1].User
		}
	}
	return out, nil
}

func rosterGroups(view *org.View, queues []acd.QueueView) []rosterGroup {
	out := make([]rosterGroup, 0, len(queues))
	for _, q := range queues {
		if g := view.Groups[q.Group]; g != nil {
			out = append(out, rosterGroup{
				ID: g.ID, Name: g.Name, Type: g.Type, Waiting: q.Waiting, Free: max(0, q.Free-q.Ringing), Online: q.Online,
			})
		}
	}
	return out
}

func rosterAgents(view *org.View, agents []acd.AgentView) []rosterAgent {
	out := make([]rosterAgent, 0, len(agents))
	for _, a := range agents {
		s := view.Staff[a.User]
		if s == nil {
			continue
		}
		seat := a.Seat
		if seat == "" {
			seat = acd.SeatWeb
		}
		out = append(out, rosterAgent{
			UserID: a.User, Name: s.Name, StaffNumber: s.StaffNumber, Status: a.Status, Since: millis(a.Since), Groups: idsOf(s), ServerType: seat,
		})
	}
	return out
}

func idsOf(s *org.Staff) groupIDs {
	ids := make([]string, 0, len(s.Groups))
	for _, m := range s.Groups {
		ids = append(ids, strconv.FormatInt(m.GroupID, 10))
	}
	return groupIDs(strings.Join(ids, ","))
}

// boardChanged tells whether an entry of a board may have changed the roster. To be asked for it changes nothing.
func boardChanged(told openseat.Event, commands []openseat.Command) bool {
	switch told.(type) {
	case acd.Enqueued, acd.Withdrawn, acd.OfferMissed, acd.Configured:
		return true
	}
	return slices.ContainsFunc(commands, func(c openseat.Command) bool {
		_, is := c.(acd.AgentChanged)
		return is
	})
}
