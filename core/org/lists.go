package org

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"openseat"
)

// The limits of lists, number groups, schedules and drafts.
const (
	MaxListedOnce = 1000
	MaxListedPage = 100

	maxReason       = 200
	maxNumberGroups = 200
	maxGroupNumbers = 1000
	maxSchedules    = 200
	maxSchedule     = 256 << 10
	maxDrafts       = 500
)

// ListedNumber is a telephone number that may not call, or be called.
type ListedNumber struct {
	App       openseat.AppID `json:"app"`
	Number    string         `json:"number"`   // 0086… form
	Inbound   bool           `json:"inbound"`  // its calls are refused
	Outbound  bool           `json:"outbound"` // agents may not call it
	Reason    string         `json:"reason"`
	CreatedAt time.Time      `json:"createdAt"`
	Until     time.Time      `json:"until,omitzero"` // zero = for ever
}

// NumberGroup is a named set of the instance's numbers, for who calls out.
type NumberGroup struct {
	App     openseat.AppID `json:"app"`
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Numbers []string       `json:"numbers"` // 0086… form
}

// Schedule is when the company works; the definition is core/flow's JSON of a Schedule.
type Schedule struct {
	App        openseat.AppID  `json:"app"`
	Name       string          `json:"name"`
	Definition json.RawMessage `json:"definition"`
}

// Draft is a flow that is being worked on; it need not be right yet.
type Draft struct {
	App        openseat.AppID  `json:"app"`
	Name       string          `json:"name"`
	Revision   int64           `json:"revision"` // grows from 1
	Definition json.RawMessage `json:"definition"`
	By         string          `json:"by"`
	ModifiedAt time.Time       `json:"modifiedAt"`
}

// ListStore keeps lists, number groups, schedules and drafts. Implemented by package store.
type ListStore interface {
	// PutListed puts numbers on the list, or changes them; a known one keeps its CreatedAt.
	PutListed(ctx context.Context, list []ListedNumber) error
	// DeleteListed takes numbers off the list; one that is not on it does not matter.
	DeleteListed(ctx context.Context, app openseat.AppID, numbers []string) error
	// Listed answers the zero value for a number that is not on the list.
	Listed(ctx context.Context, app openseat.AppID, number string) (ListedNumber, error)
	// FindListed answers one page, newest first, of the numbers that hold these digits.
	FindListed(ctx context.Context, app openseat.AppID, digits string, offset, limit int) (total int, page []ListedNumber, err error)
	// PutNumberGroup creates a group (no ID: one is given) or replaces it. CodeNotFound, CodeInUse when the name is taken.
	PutNumberGroup(ctx context.Context, g NumberGroup) (id string, err error)
	DeleteNumberGroup(ctx context.Context, app openseat.AppID, id string) error
	PutSchedule(ctx context.Context, s Schedule) error
	DeleteSchedule(ctx context.Context, app openseat.AppID, name string) error
	// PutDraft keeps a draft that was made from the revision d.Revision (0 = whichever), and answers its new one;
	// CodeStateNotAllowed when there is a newer one.
	PutDraft(ctx context.Context, d Draft) (revision int64, err error)
	DeleteDraft(ctx context.Context, app openseat.AppID, name string) error
	// Drafts lists all, by name, or the one of a name.
	Drafts(ctx context.Context, app openseat.AppID, name string) ([]Draft, error)
	// DeleteFlow removes a flow with its versions and its draft; CodeNotFound.
	DeleteFlow(ctx context.Context, app openseat.AppID, name string) error
}

// ListedFailure says why a number was not taken.
type ListedFailure struct {
	Number string
	Err    *openseat.Error
}

// PutListed puts numbers on the list, or changes them, with what wish says beside the number. What is wrong with one does
// not keep the others from it.
func (o *Office) PutListed(ctx context.Context, wish ListedNumber, numbers []string) ([]ListedFailure, error) {
	if err := checkRange("the length of Numbers", len(numbers), 1, MaxListedOnce); err != nil {
		return nil, err
	}
	if err := checkText("Reason", wish.Reason, 0, maxReason); err != nil {
		return nil, err
	}
	if !wish.Inbound && !wish.Outbound {
		return nil, invalid("Inbound", "and Outbound cannot both be off: delete the number")
	}
	in, err := o.store.Instance(ctx, wish.App)
	if err != nil {
		return nil, err
	}
	var failed []ListedFailure
	var list []ListedNumber
	wish.CreatedAt = o.now()
	for _, number := range numbers {
		normal, err := Normalize(number, in.Settings.Region)
		if err != nil {
			failed = append(failed, ListedFailure{Number: number, Err: openseat.AsError(err)})
			continue
		}
		wish.Number = normal
		list = append(list, wish)
	}
	return failed, o.store.PutListed(ctx, list)
}

// DeleteListed takes numbers off the list.
func (o *Office) DeleteListed(ctx context.Context, app openseat.AppID, numbers []string) error {
	if err := checkRange("the length of Numbers", len(numbers), 1, MaxListedOnce); err != nil {
		return err
	}
	in, err := o.store.Instance(ctx, app)
	if err != nil {
		return err
	}
	normal := slices.Clone(numbers)
	for i, number := range numbers {
		if n, err := Normalize(number, in.Settings.Region); err == nil {
			normal[i] = n
		}
	}
	return o.store.DeleteListed(ctx, app, normal)
}

// Listed answers how a number (0086… form) is listed now; the zero value when it is not.
func (o *Office) Listed(ctx context.Context, app openseat.AppID, number string) (ListedNumber, error) {
	l, err := o.store.Listed(ctx, app, number)
	if err != nil || !l.Until.IsZero() && !l.Until.After(o.now()) {
		return ListedNumber{}, err
	}
	return l, nil
}

// FindListed answers one page of the list, newest first, and how many there are on all pages.
func (o *Office) FindListed(ctx context.Context, app openseat.AppID, digits string, p Page) (int, []ListedNumber, error) {
	offset, err := p.offset(MaxListedPage)
	if err != nil {
		return 0, nil, err
	}
	return o.store.FindListed(ctx, app, digits, offset, p.Size)
}

// PutNumberGroup creates a group of numbers (no ID) or replaces it, and answers its ID.
func (o *Office) PutNumberGroup(ctx context.Context, g NumberGroup) (string, error) {
	if err := checkText("Name", g.Name, 1, maxName); err != nil {
		return "", err
	}
	if err := checkRange("the length of Numbers", len(g.Numbers), 0, maxGroupNumbers); err != nil {
		return "", err
	}
	id := ""
	err := o.change(ctx, g.App, func() error {
		v, err := o.store.View(ctx, g.App)
		if err != nil {
			return err
		}
		if g.ID == "" && len(v.NumberGroups) >= maxNumberGroups {
			return openseat.Errorf(openseat.CodeOutOfCountLimit, "an instance has at most %d groups of numbers", maxNumberGroups)
		}
		numbers := []string{}
		for _, number := range g.Numbers {
			n := v.Numbers[v.normal(number)]
			if n == nil {
				return openseat.Errorf(openseat.CodeNotFound, "Numbers: %q does not exist", number)
			}
			if !slices.Contains(numbers, n.Number) {
				numbers = append(numbers, n.Number)
			}
		}
		g.Numbers = numbers
		id, err = o.store.PutNumberGroup(ctx, g)
		return err
	})
	return id, err
}

// DeleteNumberGroup removes a group of numbers; the numbers stay.
func (o *Office) DeleteNumberGroup(ctx context.Context, app openseat.AppID, id string) error {
	return o.change(ctx, app, func() error { return o.store.DeleteNumberGroup(ctx, app, id) })
}

// PutSchedule creates or replaces a schedule, after validate found nothing wrong with it.
func (o *Office) PutSchedule(ctx context.Context, s Schedule, validate func(json.RawMessage) error) error {
	if err := checkText("Name", s.Name, 1, maxName); err != nil {
		return err
	}
	if len(s.Definition) > maxSchedule {
		return invalid("Schedule", "may have at most %d bytes", maxSchedule)
	}
	if err := validate(s.Definition); err != nil {
		return asInvalid("Schedule", err)
	}
	return o.change(ctx, s.App, func() error {
		v, err := o.store.View(ctx, s.App)
		if err != nil {
			return err
		}
		if v.Schedules[s.Name] == nil && len(v.Schedules) >= maxSchedules {
			return openseat.Errorf(openseat.CodeOutOfCountLimit, "an instance has at most %d schedules", maxSchedules)
		}
		return o.store.PutSchedule(ctx, s)
	})
}

// asInvalid makes what a validator says an error that names the field.
func asInvalid(field string, err error) error {
	var known *openseat.Error
	if errors.As(err, &known) {
		return known
	}
	return invalid(field, "%s", err)
}

// DeleteSchedule removes a schedule that no flow uses: usedBy names them.
func (o *Office) DeleteSchedule(ctx context.Context, app openseat.AppID, name string, usedBy func(*View) []string) error {
	return o.change(ctx, app, func() error {
		v, err := o.store.View(ctx, app)
		if err != nil {
			return err
		}
		if flows := usedBy(v); len(flows) > 0 {
			return openseat.Errorf(openseat.CodeInUse, "the schedule %q is used by the flow %q", name, flows[0])
		}
		return o.store.DeleteSchedule(ctx, app, name)
	})
}

// PutDraft keeps a flow that is being worked on, and answers its new revision.
func (o *Office) PutDraft(ctx context.Context, d Draft) (int64, error) {
	if err := checkText("Name", d.Name, 1, maxName); err != nil {
		return 0, err
	}
	if len(d.Definition) > maxFlow {
		return 0, invalid("Definition", "may have at most %d bytes", maxFlow)
	}
	if !json.Valid(d.Definition) {
		return 0, invalid("Definition", "is not JSON")
	}
	d.ModifiedAt = o.now()
	revision := int64(0)
	err := o.alone(ctx, func() error {
		all, err := o.store.Drafts(ctx, d.App, "")
		if err != nil {
			return err
		}
		if len(all) >= maxDrafts && !slices.ContainsFunc(all, func(x Draft) bool { return x.Name == d.Name }) {
			return openseat.Errorf(openseat.CodeOutOfCountLimit, "an instance has at most %d drafts", maxDrafts)
		}
		revision, err = o.store.PutDraft(ctx, d)
		return err
	})
	return revision, err
}

// Drafts lists the flows that are being worked on, by name, or the one of a name.
func (o *Office) Drafts(ctx context.Context, app openseat.AppID, name string) ([]Draft, error) {
	return o.store.Drafts(ctx, app, name)
}

// DeleteDraft throws a draft away.
func (o *Office) DeleteDraft(ctx context.Context, app openseat.AppID, name string) error {
	return o.store.DeleteDraft(ctx, app, name)
}

// DeleteFlow removes a flow that no number and no other flow uses: usedBy names those flows.
func (o *Office) DeleteFlow(ctx context.Context, app openseat.AppID, name string, usedBy func(*View) []string) error {
	return o.change(ctx, app, func() error {
		v, err := o.store.View(ctx, app)
		if err != nil {
			return err
		}
		for _, n := range sortedValues(v.Numbers) {
			if n.Flow == name {
				return openseat.Errorf(openseat.CodeInUse, "the flow %q answers the number %s", name, n.Number)
			}
		}
		if flows := usedBy(v); len(flows) > 0 {
			return openseat.Errorf(openseat.CodeInUse, "the flow %q is used by the flow %q", name, flows[0])
		}
		return o.store.DeleteFlow(ctx, app, name)
	})
}

// RollBackFlow publishes an older version again, as the newest.
func (o *Office) RollBackFlow(
	ctx context.Context, app openseat.AppID, name string, version int, validate func(json.RawMessage) error,
) (int, error) {
	versions, err := o.store.FlowVersions(ctx, app, name)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(versions, func(f Flow) bool { return f.Version == version })
	if at < 0 {
		return 0, openseat.Errorf(openseat.CodeNotFound, "the flow %q has no version %d", name, version)
	}
	return o.PublishFlow(ctx, app, name, versions[at].Definition, validate)
}

// BindInterface gives a number the company's server that is asked how its calls are answered; an empty url takes it away.
func (o *Office) BindInterface(ctx context.Context, app openseat.AppID, number, url string) error {
	if url != "" {
		if err := checkURL("CallInInterface.URL", url); err != nil {
			return err
		}
	}
	return o.modifyNumber(ctx, app, number, func(n *Number) { n.Interface = url })
}
