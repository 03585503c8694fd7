package org

import (
	"context"
	"strings"
	"time"

	"openseat"
)

// RouteLongestIdle gives work to the agent who has been free for the longest time. It is the only route policy so far.
const RouteLongestIdle = 0

// The limits of skill groups.
const (
	MaxGroupPage = 100

	maxConcurrency     = 999 // of a chat agent
	maxRingAll         = 2
	minRingTimeout     = 5 * time.Second
	maxRingTimeout     = 120 * time.Second
	maxWrapUp          = time.Hour
	maxQueueTimeout    = 24 * time.Hour
	defaultRingTimeout = 20 * time.Second
)

// NewGroup is a wish for a skill group. MaxConcurrency 0 means 1, RingTimeout 0 means 20 s.
type NewGroup struct {
	Name                              string
	Type                              SkillGroupType
	MaxConcurrency, RoutePolicy       int
	UsingLastSeat, RingAll            bool
	RingTimeout, WrapUp, QueueTimeout time.Duration
}

// CreateGroup creates a skill group and answers its ID.
func (o *Office) CreateGroup(ctx context.Context, app openseat.AppID, wish NewGroup) (int64, error) {
	now := o.now()
	g := SkillGroup{
		App: app, Name: wish.Name, Type: wish.Type, MaxConcurrency: max(wish.MaxConcurrency, 0), RoutePolicy: wish.RoutePolicy,
		UsingLastSeat: wish.UsingLastSeat, RingAll: wish.RingAll, RingTimeout: wish.RingTimeout, WrapUp: wish.WrapUp,
		QueueTimeout: wish.QueueTimeout, CreatedAt: now, ModifiedAt: now,
	}
	if wish.MaxConcurrency == 0 {
		g.MaxConcurrency = 1
	}
	if wish.RingTimeout == 0 {
		g.RingTimeout = defaultRingTimeout
	}
	if err := checkGroup(g); err != nil {
		return 0, err
	}
	var id int64
	err := o.change(ctx, app, func() (err error) {
		id, err = o.store.CreateGroup(ctx, g)
		return err
	})
	return id, err
}

// GroupChange says what to change of a skill group; nil leaves as it is.
type GroupChange struct {
	ID                                int64
	Name                              *string
	MaxConcurrency, RoutePolicy       *int
	UsingLastSeat, RingAll            *bool
	RingTimeout, WrapUp, QueueTimeout *time.Duration
}

// ModifyGroup changes a skill group. Switching RingAll off brings a phone group's MaxConcurrency back to 1.
func (o *Office) ModifyGroup(ctx context.Context, app openseat.AppID, c GroupChange) error {
	return o.change(ctx, app, func() error {
		g, err := o.group(ctx, app, c.ID)
		if err != nil {
			return err
		}
		g.ModifiedAt = o.now()
		set(&g.Name, c.Name)
		set(&g.MaxConcurrency, c.MaxConcurrency)
		set(&g.RoutePolicy, c.RoutePolicy)
		set(&g.UsingLastSeat, c.UsingLastSeat)
		set(&g.RingAll, c.RingAll)
		set(&g.RingTimeout, c.RingTimeout)
		set(&g.WrapUp, c.WrapUp)
		set(&g.QueueTimeout, c.QueueTimeout)
		if c.MaxConcurrency == nil {
			g.MaxConcurrency = min(g.MaxConcurrency, concurrencyLimit(g))
		}
		if err := checkGroup(g); err != nil {
			return err
		}
		return o.store.UpdateGroup(ctx, g)
	})
}

func (o *Office) group(ctx context.Context, app openseat.AppID, id int64) (SkillGroup, error) {
	all, err := o.store.Groups(ctx, app)
	if err != nil {
		return SkillGroup{}, err
	}
	for _, g := range all {
		if g.ID == id {
			return g, nil
		}
	}
	return SkillGroup{}, noGroup("SkillGroupId", id)
}

func checkGroup(g SkillGroup) error {
	if err := checkText("SkillGroupName", g.Name, 1, maxName); err != nil {
		return err
	}
	switch g.Type {
	case GroupPhone, GroupChat, GroupAudio, GroupVideo:
	default:
		return invalid("SkillGroupType", "must be 0 (phone), 1 (chat), 3 (audio) or 4 (video)")
	}
	if limit := concurrencyLimit(g); g.MaxConcurrency < 1 || g.MaxConcurrency > limit {
		return invalid("MaxConcurrency", "of this group may be at most %d, at least 1", limit)
	}
	if g.RoutePolicy != RouteLongestIdle {
		return invalid("RoutePolicy", "must be 0 (longest idle)")
	}
	if err := checkDuration("RingTimeout", g.RingTimeout, minRingTimeout, maxRingTimeout); err != nil {
		return err
	}
	if err := checkDuration("WrapUp", g.WrapUp, 0, maxWrapUp); err != nil {
		return err
	}
	return checkDuration("QueueTimeout", g.QueueTimeout, 0, maxQueueTimeout)
}

// concurrencyLimit is how much work at once an agent of the group may have: by voice one, two while all ring together.
func concurrencyLimit(g SkillGroup) int {
	switch {
	case g.RingAll:
		return maxRingAll
	case g.Type == GroupChat:
		return maxConcurrency
	default:
		return 1
	}
}

// DeleteGroup removes a skill group; its members and numbers stay.
func (o *Office) DeleteGroup(ctx context.Context, app openseat.AppID, id int64) error {
	return o.change(ctx, app, func() error { return o.store.DeleteGroup(ctx, app, id) })
}

// GroupFilter chooses skill groups. Zero values do not filter; Name matches a part of the name.
type GroupFilter struct {
	ID            int64
	Name          string
	ModifiedSince time.Time
}

// FindGroups answers one page of the skill groups, by ID, and how many there are on all pages.
func (o *Office) FindGroups(ctx context.Context, app openseat.AppID, f GroupFilter, p Page) (int, []SkillGroup, error) {
	all, err := o.store.Groups(ctx, app)
	if err != nil {
		return 0, nil, err
	}
	var found []SkillGroup
	for _, g := range all {
		if (f.ID == 0 || g.ID == f.ID) && strings.Contains(g.Name, f.Name) && !g.ModifiedAt.Before(f.ModifiedSince) {
			found = append(found, g)
		}
	}
	return cut(found, p, MaxGroupPage)
}

func noGroup(field string, id int64) error {
	return openseat.Errorf(openseat.CodeSkillGroupError, "%s: skill group %d does not exist", field, id)
}
