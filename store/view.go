package store

import (
	"context"

	"openseat"
	"openseat/core/org"
)

// View implements org.Store.
func (db *DB) View(ctx context.Context, app openseat.AppID) (*org.View, error) {
	v := &org.View{
		Staff: map[string]*org.Staff{}, Groups: map[int64]*org.SkillGroup{}, Flows: map[string]*org.Flow{}, Roles: map[org.Role]*org.CustomRole{},
	}
	err := db.look(ctx, "read instance", func(t tx) (err error) {
		if v.Instance, err = t.instance(ctx, app); err != nil {
			return err
		}
		if v.Numbers, err = t.numbers(ctx, app); err != nil {
			return err
		}
		if v.Trunks, err = t.trunks(ctx, app); err != nil {
			return err
		}
		if v.Phones, err = t.extensions(ctx, app); err != nil {
			return err
		}
		if v.NumberGroups, err = t.numberGroups(ctx, app); err != nil {
			return err
		}
		if v.Schedules, err = t.schedules(ctx, app); err != nil {
			return err
		}
		if v.Push, err = t.push(ctx, app); err != nil {
			return err
		}
		roles, err := t.roles(ctx, app)
		if err != nil {
			return err
		}
		for i := range roles {
			v.Roles[roles[i].ID] = &roles[i]
		}
		return t.fillPeopleAndFlows(ctx, app, v)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (t tx) fillPeopleAndFlows(ctx context.Context, app openseat.AppID, v *org.View) error {
	staff, err := t.staff(ctx, `WHERE s.app = $1`, []any{int64(app)})
	if err != nil {
		return err
	}
	for i := range staff {
		v.Staff[staff[i].UserID] = &staff[i]
	}
	groups, err := t.groups(ctx, app)
	if err != nil {
		return err
	}
	for i := range groups {
		v.Groups[groups[i].ID] = &groups[i]
	}
	flows, err := t.flows(ctx, `f.app = $1 AND f.version = (SELECT MAX(n.version) FROM flow n WHERE n.app = f.app AND n.name = f.name)`, int64(app))
	if err != nil {
		return err
	}
	for i := range flows {
		v.Flows[flows[i].Name] = &flows[i]
	}
	return nil
}
