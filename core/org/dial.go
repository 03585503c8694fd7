package org

import (
	"context"
	"slices"
	"time"

	"github.com/nyaruka/phonenumbers"

	"openseat"
)

// dialWait is how long an agent who dials is kept by looking up what forbids it.
const dialWait = 500 * time.Millisecond

// Dialed is how often a number was called, or somebody called out, lately. Calls that still run may be missing.
type Dialed struct {
	CalleeHour, CalleeDay int // this number, by anybody, within the last 60 minutes and 24 hours
	AgentMinute           int // by this agent, whomever, within the last 60 seconds
}

// DialStore knows past calls. Implemented by package store.
type DialStore interface {
	// Dialed counts what was dialed until at. An empty user is nobody's.
	Dialed(ctx context.Context, app openseat.AppID, callee, user string, at time.Time) (Dialed, error)
}

// MayDial answers why a member of staff, or a program (no user), may not call a number (0086… form) now, if so
// (CodeCallOutFailed). Hours and countries are always kept; what the store does not know in time is not held against anybody.
func (o *Office) MayDial(ctx context.Context, v *View, user, callee string) error {
	limits, at := v.Instance.Settings.CallOut, o.now()
	if err := limits.allow(at, callee); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	if l, err := o.Listed(ctx, v.Instance.App, callee); err == nil && l.Outbound {
		return openseat.Errorf(openseat.CodeCallOutFailed, "%s is on the list of numbers that are not called", callee)
	}
	if limits.PerCalleeDay == 0 && limits.PerCalleeHour == 0 && limits.PerAgentMinute == 0 {
		return nil
	}
	dialed, err := o.store.Dialed(ctx, v.Instance.App, callee, user, at)
	if err != nil {
		return nil
	}
	return limits.enough(dialed, callee)
}

// allow keeps to the hours and the countries.
func (c CallOutLimits) allow(at time.Time, callee string) error {
	if !c.open(at) {
		return openseat.Errorf(openseat.CodeCallOutFailed, "nobody is called at this time of day")
	}
	if country := countryOf(callee); len(c.Countries) > 0 && !slices.Contains(c.Countries, country) {
		return openseat.Errorf(openseat.CodeCallOutFailed, "numbers of the country %q are not called", country)
	}
	return nil
}

func (c CallOutLimits) open(at time.Time) bool {
	if len(c.Hours) == 0 {
		return true
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil { // it was there when the settings were checked
		zone = time.UTC
	}
	at = at.In(zone)
	clock := at.Format("15:04")
	return slices.ContainsFunc(c.Hours, func(h CallOutHours) bool {
		return slices.Contains(h.Weekdays, int(at.Weekday())) && h.From <= clock && clock < h.To
	})
}

// enough tells when a number, or an agent, has had his share.
func (c CallOutLimits) enough(d Dialed, callee string) error {
	switch {
	case c.PerCalleeHour > 0 && d.CalleeHour >= c.PerCalleeHour:
		return openseat.Errorf(openseat.CodeCallOutFailed, "%s was called %d times within an hour", callee, d.CalleeHour)
	case c.PerCalleeDay > 0 && d.CalleeDay >= c.PerCalleeDay:
		return openseat.Errorf(openseat.CodeCallOutFailed, "%s was called %d times within a day", callee, d.CalleeDay)
	case c.PerAgentMinute > 0 && d.AgentMinute >= c.PerAgentMinute:
		return openseat.Errorf(openseat.CodeCallOutFailed, "you called out %d times within a minute", d.AgentMinute)
	}
	return nil
}

// countryOf is the country of a number in 0086… form, by two letters; empty when nobody knows.
func countryOf(number string) string {
	p, err := parseNumber(number, "")
	if err != nil {
		return ""
	}
	if home := phonenumbers.GetRegionCodeForNumber(p); home != "" {
		return home
	}
	return phonenumbers.GetRegionCodeForCountryCode(int(p.GetCountryCode()))
}
