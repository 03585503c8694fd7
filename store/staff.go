package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"openseat"
	"openseat/core/org"
)

// CreateStaff implements org.Store.
func (db *DB) CreateStaff(ctx context.Context, s org.Staff) error {
	return db.change(ctx, "create staff", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO staff (app, user_id, name, nick, phone, staff_number, mail, role, seat, mobile_accept,
			mobile_call_out, password_hash, created_at, modified_at, super) VALUES (`+marks(1, 15)+`)`,
			int64(s.App), s.UserID, s.Name, s.Nick, s.Phone, s.StaffNumber, s.Mail, int64(s.Role), s.Seat, s.UseMobileAccept,
			s.UseMobileCallOut, s.PasswordHash, ms(s.CreatedAt), ms(s.ModifiedAt), s.Super)
		switch {
		case isDangling(err):
			return noInstance(s.App)
		case isTaken(err):
			return duplicatedAccount(s)
		case err != nil:
			return err
		}
		if err := t.relate(ctx, s); err != nil {
			return err
		}
		return t.bind(ctx, s.App, s.UserID, s.Groups)
	})
}

// UpdateStaff implements org.Store.
func (db *DB) UpdateStaff(ctx context.Context, s org.Staff) error {
	return db.change(ctx, "update staff", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE staff SET name = $3, nick = $4, phone = $5, staff_number = $6, mail = $7, role = $8,
			seat = $9, mobile_accept = $10, mobile_call_out = $11, modified_at = $12,
			password_hash = CASE WHEN $13 = '' THEN password_hash ELSE $13 END
			WHERE app = $1 AND user_id = $2`,
			int64(s.App), s.UserID, s.Name, s.Nick, s.Phone, s.StaffNumber, s.Mail, int64(s.Role),
			s.Seat, s.UseMobileAccept, s.UseMobileCallOut, ms(s.ModifiedAt), s.PasswordHash)
		switch {
		case isTaken(err):
			return duplicatedAccount(s)
		case err != nil:
			return err
		case n == 0:
			return noAccount(s.UserID)
		}
		if err := t.relate(ctx, s); err != nil || s.Groups == nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM membership WHERE app = $1 AND user_id = $2`, int64(s.App), s.UserID); err != nil {
			return err
		}
		return t.bind(ctx, s.App, s.UserID, s.Groups)
	})
}

// DeleteStaff implements org.Store.
func (db *DB) DeleteStaff(ctx context.Context, app openseat.AppID, userIDs []string) error {
	return db.change(ctx, "delete staff", func(t tx) error {
		for _, user := range userIDs {
			n, err := t.exec(ctx, `DELETE FROM staff WHERE app = $1 AND user_id = $2`, int64(app), user)
			if err != nil {
				return err
			}
			if n == 0 {
				return noAccount(user)
			}
			if _, err := t.exec(ctx, `UPDATE extension SET user_id = '' WHERE app = $1 AND user_id = $2`, int64(app), user); err != nil {
				return err
			}
		}
		return nil
	})
}

// BindGroups implements org.Store.
func (db *DB) BindGroups(ctx context.Context, app openseat.AppID, userID string, ms []org.Membership, at time.Time) error {
	return db.change(ctx, "bind skill groups", func(t tx) error {
		if err := t.touch(ctx, app, userID, at); err != nil {
			return err
		}
		return t.bind(ctx, app, userID, ms)
	})
}

// UnbindGroups implements org.Store.
func (db *DB) UnbindGroups(ctx context.Context, app openseat.AppID, userID string, groupIDs []int64, at time.Time) error {
	return db.change(ctx, "unbind skill groups", func(t tx) error {
		if err := t.touch(ctx, app, userID, at); err != nil {
			return err
		}
		for _, id := range groupIDs {
			_, err := t.exec(ctx, `DELETE FROM membership WHERE app = $1 AND user_id = $2 AND group_id = $3`, int64(app), userID, id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (t tx) touch(ctx context.Context, app openseat.AppID, userID string, now time.Time) error {
	n, err := t.exec(ctx, `UPDATE staff SET modified_at = $3 WHERE app = $1 AND user_id = $2`, int64(app), userID, ms(now))
	if err == nil && n == 0 {
		return noAccount(userID)
	}
	return err
}

func (t tx) bind(ctx context.Context, app openseat.AppID, userID string, all []org.Membership) error {
	for _, m := range all {
		_, err := t.exec(ctx, `INSERT INTO membership (app, user_id, group_id, priority) VALUES ($1, $2, $3, $4)
			ON CONFLICT (app, user_id, group_id) DO UPDATE SET priority = excluded.priority`,
			int64(app), userID, m.GroupID, int64(m.Priority))
		if isDangling(err) {
			return noGroup(m.GroupID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// FindStaff implements org.Store.
func (db *DB) FindStaff(ctx context.Context, app openseat.AppID, q org.StaffQuery) (total int, page []org.Staff, err error) {
	where, args := staffWhere(app, q)
	chosen := `SELECT s.app, s.user_id FROM staff s WHERE ` + where +
		fmt.Sprintf(` ORDER BY s.user_id LIMIT $%d OFFSET $%d`, len(args)+1, len(args)+2)
	paged := append(append([]any{}, args...), q.Limit, q.Offset)
	err = db.look(ctx, "find staff", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM staff s WHERE `+where, args, &total); err != nil {
			return err
		}
		var err error
		page, err = t.staff(ctx, `JOIN (`+chosen+`) p ON p.app = s.app AND p.user_id = s.user_id`, paged)
		return err
	})
	return total, page, err
}

func staffWhere(app openseat.AppID, q org.StaffQuery) (string, []any) {
	args := []any{int64(app)}
	where := []string{`s.app = $1`}
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if q.UserID != "" {
		add(`s.user_id = $%d`, q.UserID)
	}
	if !q.ModifiedSince.IsZero() {
		add(`s.modified_at >= $%d`, ms(q.ModifiedSince))
	}
	if q.GroupID != 0 {
		add(`EXISTS (SELECT 1 FROM membership m WHERE m.app = s.app AND m.user_id = s.user_id AND m.group_id = $%d)`, q.GroupID)
	}
	return strings.Join(where, ` AND `), args
}

// staff reads accounts with their memberships, by UserID. rest narrows "FROM staff s".
func (t tx) staff(ctx context.Context, rest string, args []any) ([]org.Staff, error) {
	var all []org.Staff
	index := map[string]int{}
	err := t.rows(ctx, `SELECT s.app, s.user_id, s.name, s.nick, s.phone, s.staff_number, s.mail, s.role,
		COALESCE(e.id, ''), COALESCE(e.password, ''), s.seat, s.mobile_accept, s.mobile_call_out, s.password_hash, s.created_at,
		s.modified_at, s.super
		FROM staff s LEFT JOIN extension e ON e.app = s.app AND e.user_id = s.user_id `+rest+` ORDER BY s.user_id`, args,
		func(sc scanner) error {
			var (
				s                 org.Staff
				created, modified int64
			)
			err := sc.Scan(&s.App, &s.UserID, &s.Name, &s.Nick, &s.Phone, &s.StaffNumber, &s.Mail, &s.Role, &s.Extension,
				&s.ExtensionPassword, &s.Seat, &s.UseMobileAccept, &s.UseMobileCallOut, &s.PasswordHash, &created, &modified, &s.Super)
			s.CreatedAt, s.ModifiedAt = at(created), at(modified)
			index[s.UserID] = len(all)
			all = append(all, s)
			return err
		})
	if err != nil {
		return nil, err
	}
	err = t.rows(ctx, `SELECT b.user_id, b.group_id, b.priority FROM membership b JOIN staff s ON s.app = b.app AND s.user_id = b.user_id `+
		rest+` ORDER BY b.group_id`, args, func(sc scanner) error {
		var (
			user string
			m    org.Membership
		)
		if err := sc.Scan(&user, &m.GroupID, &m.Priority); err != nil {
			return err
		}
		s := &all[index[user]]
		s.Groups = append(s.Groups, m)
		return nil
	})
	return all, err
}

func noAccount(userID string) error {
	return openseat.Errorf(openseat.CodeAccountNotExist, "account %s does not exist", userID)
}

func duplicatedAccount(s org.Staff) error {
	return openseat.Errorf(openseat.CodeDuplicatedAccount, "Mail %s, StaffNumber %q or ExtensionNumber %q is taken",
		s.UserID, s.StaffNumber, s.Extension)
}
