package store

import (
	"context"
	"time"

	"openseat"
	"openseat/core/org"
)

// CreateGroup implements org.Store.
func (db *DB) CreateGroup(ctx context.Context, g org.SkillGroup) (int64, error) {
	err := db.change(ctx, "create skill group", func(t tx) error {
		var err error
		if g.ID, err = t.next(ctx, g.App, "skill_group"); err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO skill_group (app, id, name, type, max_concurrency, route_policy, using_last_seat,
			ring_all, ring_timeout_ms, wrap_up_ms, queue_timeout_ms, modified_at, created_at) VALUES (`+marks(1, 13)+`)`,
			append(groupArgs(g), ms(g.CreatedAt))...)
		if isTaken(err) {
			return groupExists(g.Name)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return g.ID, nil
}

// UpdateGroup implements org.Store.
func (db *DB) UpdateGroup(ctx context.Context, g org.SkillGroup) error {
	return db.change(ctx, "update skill group", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE skill_group SET name = $3, type = $4, max_concurrency = $5, route_policy = $6,
			using_last_seat = $7, ring_all = $8, ring_timeout_ms = $9, wrap_up_ms = $10, queue_timeout_ms = $11, modified_at = $12
			WHERE app = $1 AND id = $2`, groupArgs(g)...)
		switch {
		case isTaken(err):
			return groupExists(g.Name)
		case err == nil && n == 0:
			return noGroup(g.ID)
		}
		return err
	})
}

func groupArgs(g org.SkillGroup) []any {
	return []any{
		int64(g.App), g.ID, g.Name, int64(g.Type), int64(g.MaxConcurrency), int64(g.RoutePolicy), g.UsingLastSeat, g.RingAll,
		g.RingTimeout.Milliseconds(), g.WrapUp.Milliseconds(), g.QueueTimeout.Milliseconds(), ms(g.ModifiedAt),
	}
}

// DeleteGroup implements org.Store.
func (db *DB) DeleteGroup(ctx context.Context, app openseat.AppID, groupID int64) error {
	return db.change(ctx, "delete skill group", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM skill_group WHERE app = $1 AND id = $2`, int64(app), groupID)
		if err == nil && n == 0 {
			return noGroup(groupID)
		}
		return err
	})
}

// Groups implements org.Store.
func (db *DB) Groups(ctx context.Context, app openseat.AppID) ([]org.SkillGroup, error) {
	var all []org.SkillGroup
	err := db.look(ctx, "list skill groups", func(t tx) (err error) {
		all, err = t.groups(ctx, app)
		return err
	})
	return all, err
}

func (t tx) groups(ctx context.Context, app openseat.AppID) ([]org.SkillGroup, error) {
	var all []org.SkillGroup
	err := t.rows(ctx, `SELECT app, id, name, type, max_concurrency, route_policy, using_last_seat, ring_all, ring_timeout_ms,
		wrap_up_ms, queue_timeout_ms, created_at, modified_at FROM skill_group WHERE app = $1 ORDER BY id`, []any{int64(app)},
		func(s scanner) error {
			var (
				g                                      org.SkillGroup
				ring, wrapUp, queue, created, modified int64
			)
			err := s.Scan(&g.App, &g.ID, &g.Name, &g.Type, &g.MaxConcurrency, &g.RoutePolicy, &g.UsingLastSeat, &g.RingAll,
				&ring, &wrapUp, &queue, &created, &modified)
			g.RingTimeout, g.WrapUp, g.QueueTimeout = millis(ring), millis(wrapUp), millis(queue)
			g.CreatedAt, g.ModifiedAt = at(created), at(modified)
			all = append(all, g)
			return err
		})
	return all, err
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func noGroup(id int64) error {
	return openseat.Errorf(openseat.CodeSkillGroupError, "skill group %d does not exist", id)
}

func groupExists(name string) error {
	return openseat.Errorf(openseat.CodeSkillGroupExist, "SkillGroupName %q is taken", name)
}
