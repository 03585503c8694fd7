package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"openseat"
	"openseat/core/org"
)

var _ org.AccessStore = (*DB)(nil)

// StaffByMail implements org.AccessStore.
func (db *DB) StaffByMail(ctx context.Context, mail string) (found []org.Staff, err error) {
	err = db.look(ctx, "find account", func(t tx) error {
		var apps []int64
		err := t.rows(ctx, `SELECT app FROM staff WHERE user_id = $1 ORDER BY app`, []any{mail}, func(s scanner) error {
			var app int64
			err := s.Scan(&app)
			apps = append(apps, app)
			return err
		})
		for _, app := range apps {
			if err != nil {
				break
			}
			var one []org.Staff
			one, err = t.staff(ctx, `WHERE s.app = $1 AND s.user_id = $2`, []any{app, mail})
			found = append(found, one...)
		}
		return err
	})
	return found, err
}

// PutSession implements org.AccessStore.
func (db *DB) PutSession(ctx context.Context, s org.Session) error {
	return db.change(ctx, "put session", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO console_session (hash, app, home, user_id, ip, client, created_at, seen_at, expires_at)
			VALUES (`+marks(1, 9)+`) ON CONFLICT (hash) DO UPDATE SET app = excluded.app, ip = excluded.ip, client = excluded.client,
			seen_at = excluded.seen_at, expires_at = excluded.expires_at`,
			s.Hash, int64(s.App), int64(s.Home), s.User, s.IP, s.Client, ms(s.CreatedAt), ms(s.SeenAt), ms(s.ExpiresAt))
		if isDangling(err) {
			return noAccount(s.User)
		}
		return err
	})
}

// FindSession implements org.AccessStore.
func (db *DB) FindSession(ctx context.Context, hash string) (org.Session, error) {
	s := org.Session{Hash: hash}
	err := db.look(ctx, "find session", func(t tx) error {
		var created, seen, expires int64
		found := false
		err := t.rows(ctx, `SELECT app, home, user_id, ip, client, created_at, seen_at, expires_at FROM console_session WHERE hash = $1`,
			[]any{hash}, func(sc scanner) error {
				found = true
				return sc.Scan(&s.App, &s.Home, &s.User, &s.IP, &s.Client, &created, &seen, &expires)
			})
		s.CreatedAt, s.SeenAt, s.ExpiresAt = at(created), at(seen), at(expires)
		if err == nil && !found {
			return openseat.Errorf(openseat.CodeNotFound, "the session has ended")
		}
		return err
	})
	return s, err
}

// TouchSession implements org.AccessStore.
func (db *DB) TouchSession(ctx context.Context, hash string, seen, expires time.Time) error {
	return db.updateSession(ctx, `UPDATE console_session SET seen_at = $1, expires_at = $2 WHERE hash = $3`, ms(seen), ms(expires), hash)
}

// MoveSession implements org.AccessStore.
func (db *DB) MoveSession(ctx context.Context, hash string, app openseat.AppID) error {
	return db.updateSession(ctx, `UPDATE console_session SET app = $1 WHERE hash = $2`, int64(app), hash)
}

func (db *DB) updateSession(ctx context.Context, query string, args ...any) error {
	return db.change(ctx, "update session", func(t tx) error {
		n, err := t.exec(ctx, query, args...)
		if err == nil && n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "the session has ended")
		}
		return err
	})
}

// DeleteSession implements org.AccessStore.
func (db *DB) DeleteSession(ctx context.Context, hash string) error {
	return db.change(ctx, "delete session", func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM console_session WHERE hash = $1`, hash)
		return err
	})
}

// DeleteSessions implements org.AccessStore.
func (db *DB) DeleteSessions(ctx context.Context, home openseat.AppID, user, except string, now time.Time) error {
	return db.change(ctx, "delete sessions", func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM console_session WHERE (home = $1 AND user_id = $2 AND hash <> $3) OR expires_at <= $4`,
			int64(home), user, except, ms(now))
		return err
	})
}

// PurgeSessions implements org.AccessStore.
func (db *DB) PurgeSessions(ctx context.Context, now time.Time) error {
	return db.change(ctx, "purge sessions", func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM console_session WHERE expires_at <= $1`, ms(now))
		return err
	})
}

// SecondFactor implements org.AccessStore.
func (db *DB) SecondFactor(ctx context.Context, app openseat.AppID, user string) (org.SecondFactor, error) {
	f := org.SecondFactor{App: app, User: user}
	err := db.look(ctx, "find second factor", func(t tx) error {
		found := false
		err := t.rows(ctx, `SELECT secret, confirmed, last_step FROM second_factor WHERE app = $1 AND user_id = $2`, []any{int64(app), user},
			func(s scanner) error {
				found = true
				return s.Scan(&f.Secret, &f.Confirmed, &f.LastStep)
			})
		if err == nil && !found {
			return openseat.Errorf(openseat.CodeNotFound, "there is no second factor")
		}
		return err
	})
	return f, err
}

// PutSecondFactor implements org.AccessStore.
func (db *DB) PutSecondFactor(ctx context.Context, f org.SecondFactor) error {
	return db.change(ctx, "put second factor", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO second_factor (app, user_id, secret, confirmed, last_step) VALUES (`+marks(1, 5)+`)
			ON CONFLICT (app, user_id) DO UPDATE SET secret = excluded.secret, confirmed = excluded.confirmed, last_step = excluded.last_step`,
			int64(f.App), f.User, f.Secret, f.Confirmed, f.LastStep)
		if isDangling(err) {
			return noAccount(f.User)
		}
		return err
	})
}

// TakeStep implements org.AccessStore.
func (db *DB) TakeStep(ctx context.Context, f org.SecondFactor, step int64) (taken bool, err error) {
	err = db.change(ctx, "take a code", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE second_factor SET last_step = $1, confirmed = TRUE
			WHERE app = $2 AND user_id = $3 AND secret = $4 AND last_step < $5`, step, int64(f.App), f.User, f.Secret, step)
		taken = n == 1
		return err
	})
	return taken, err
}

// DeleteSecondFactor implements org.AccessStore.
func (db *DB) DeleteSecondFactor(ctx context.Context, app openseat.AppID, user string) error {
	return db.change(ctx, "delete second factor", func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM second_factor WHERE app = $1 AND user_id = $2`, int64(app), user)
		return err
	})
}

// AddAudit implements org.AccessStore.
func (db *DB) AddAudit(ctx context.Context, e org.AuditEntry) error {
	return db.change(ctx, "add audit entry", func(t tx) error {
		seq, err := t.next(ctx, e.App, "audit")
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO audit (app, seq, at, actor, ip, action, target, code) VALUES (`+marks(1, 8)+`)`,
			int64(e.App), seq, ms(e.At), e.Actor, e.IP, e.Action, e.Target, e.Code)
		return err
	})
}

// FindAudit implements org.AccessStore.
func (db *DB) FindAudit(ctx context.Context, app openseat.AppID, q org.AuditQuery) (total int, page []org.AuditEntry, err error) {
	where, args := auditWhere(app, q)
	err = db.look(ctx, "find audit entries", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM audit WHERE `+where, args, &total); err != nil {
			return err
		}
		return t.rows(ctx, `SELECT app, at, actor, ip, action, target, code FROM audit WHERE `+where+
			fmt.Sprintf(` ORDER BY seq DESC LIMIT $%d OFFSET $%d`, len(args)+1, len(args)+2), append(args, q.Limit, q.Offset),
			func(s scanner) error {
				var (
					e    org.AuditEntry
					when int64
				)
				err := s.Scan(&e.App, &when, &e.Actor, &e.IP, &e.Action, &e.Target, &e.Code)
				e.At = at(when)
				page = append(page, e)
				return err
			})
	})
	return total, page, err
}

func auditWhere(app openseat.AppID, q org.AuditQuery) (string, []any) {
	args := []any{int64(app)}
	where := []string{`app = $1`}
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if !q.From.IsZero() {
		add(`at >= $%d`, ms(q.From))
	}
	if !q.To.IsZero() {
		add(`at <= $%d`, ms(q.To))
	}
	if q.Actor != "" {
		add(`actor = $%d`, q.Actor)
	}
	if q.Action != "" {
		add(`action = $%d`, q.Action)
	}
	return strings.Join(where, ` AND `), args
}

// PutRole implements org.RoleStore.
func (db *DB) PutRole(ctx context.Context, r org.CustomRole) (org.Role, error) {
	rights, err := json.Marshal(r.Rights)
	if err != nil {
		return 0, fmt.Errorf("rights: %w", err)
	}
	err = db.change(ctx, "put role", func(t tx) error {
		if r.ID == 0 {
			n, err := t.next(ctx, r.App, "role")
			if err != nil {
				return err
			}
			r.ID = org.Role(n) + 9 // the system's roles are below 10
		}
		_, err := t.exec(ctx, `INSERT INTO role (app, id, name, rights, created_at) VALUES (`+marks(1, 5)+`)
			ON CONFLICT (app, id) DO UPDATE SET name = excluded.name, rights = excluded.rights`,
			int64(r.App), int64(r.ID), r.Name, rights, ms(r.CreatedAt))
		switch {
		case isDangling(err):
			return noInstance(r.App)
		case isTaken(err):
			return openseat.Errorf(openseat.CodeInUse, "Name: there is a role %q", r.Name)
		}
		return err
	})
	return r.ID, err
}

// DeleteRole implements org.RoleStore.
func (db *DB) DeleteRole(ctx context.Context, app openseat.AppID, id org.Role) error {
	return db.change(ctx, "delete role", func(t tx) error {
		var have int
		if err := t.row(ctx, `SELECT COUNT(*) FROM staff WHERE app = $1 AND role = $2`, []any{int64(app), int64(id)}, &have); err != nil {
			return err
		}
		if have > 0 {
			return openseat.Errorf(openseat.CodeInUse, "RoleId: %d accounts have this role", have)
		}
		n, err := t.exec(ctx, `DELETE FROM role WHERE app = $1 AND id = $2`, int64(app), int64(id))
		if err == nil && n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "RoleId: there is no role %d", id)
		}
		return err
	})
}

// Roles implements org.RoleStore.
func (db *DB) Roles(ctx context.Context, app openseat.AppID) (all []org.CustomRole, err error) {
	err = db.look(ctx, "list roles", func(t tx) error {
		all, err = t.roles(ctx, app)
		return err
	})
	return all, err
}

func (t tx) roles(ctx context.Context, app openseat.AppID) ([]org.CustomRole, error) {
	var all []org.CustomRole
	err := t.rows(ctx, `SELECT app, id, name, rights, created_at FROM role WHERE app = $1 ORDER BY id`, []any{int64(app)}, func(s scanner) error {
		var (
			r       org.CustomRole
			rights  []byte
			created int64
		)
		if err := s.Scan(&r.App, &r.ID, &r.Name, &rights, &created); err != nil {
			return err
		}
		r.CreatedAt = at(created)
		all = append(all, r)
		return json.Unmarshal(rights, &all[len(all)-1].Rights)
	})
	return all, err
}
