package store

import (
	"context"

	"openseat"
	"openseat/core/org"
)

// CreateExtension implements org.Store.
func (db *DB) CreateExtension(ctx context.Context, e org.Extension) error {
	return db.change(ctx, "create extension", func(t tx) error {
		if err := t.free(ctx, e); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO extension (app, id, name, password, user_id, created_at, modified_at) VALUES (`+marks(1, 7)+`)`,
			int64(e.App), e.ID, e.Name, e.Password, e.User, ms(e.CreatedAt), ms(e.ModifiedAt))
		switch {
		case isDangling(err):
			return noInstance(e.App)
		case isTaken(err):
			return openseat.Errorf(org.CodeDuplicateSipAccount, "ExtensionId %s is taken", e.ID)
		case err != nil:
			return err
		}
		return t.bindExtension(ctx, e)
	})
}

// UpdateExtension implements org.Store.
func (db *DB) UpdateExtension(ctx context.Context, e org.Extension) error {
	return db.change(ctx, "update extension", func(t tx) error {
		if err := t.free(ctx, e); err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE extension SET name = $3, user_id = $4, modified_at = $5,
			password = CASE WHEN $6 = '' THEN password ELSE $6 END WHERE app = $1 AND id = $2`,
			int64(e.App), e.ID, e.Name, e.User, ms(e.ModifiedAt), e.Password)
		switch {
		case err != nil:
			return err
		case n == 0:
			return noExtension(e.ID)
		case e.Groups == nil:
			return nil
		}
		return t.bindExtension(ctx, e)
	})
}

// free makes sure that the phone's user exists and has no other.
func (t tx) free(ctx context.Context, e org.Extension) error {
	if e.User == "" {
		return nil
	}
	var people, others int
	err := t.row(ctx, `SELECT (SELECT COUNT(*) FROM staff WHERE app = $1 AND user_id = $2),
		(SELECT COUNT(*) FROM extension WHERE app = $1 AND user_id = $2 AND id <> $3)`, []any{int64(e.App), e.User, e.ID}, &people, &others)
	switch {
	case err != nil:
		return err
	case people == 0:
		return noAccount(e.User)
	case others > 0:
		return openseat.Errorf(openseat.CodeInUse, "Relation: %s has another extension", e.User)
	}
	return nil
}

func (t tx) bindExtension(ctx context.Context, e org.Extension) error {
	if _, err := t.exec(ctx, `DELETE FROM extension_group WHERE app = $1 AND extension_id = $2`, int64(e.App), e.ID); err != nil {
		return err
	}
	for _, id := range e.Groups {
		_, err := t.exec(ctx, `INSERT INTO extension_group (app, extension_id, group_id) VALUES ($1, $2, $3)
			ON CONFLICT (app, extension_id, group_id) DO NOTHING`, int64(e.App), e.ID, id)
		if isDangling(err) {
			return noGroup(id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// DeleteExtension implements org.Store.
func (db *DB) DeleteExtension(ctx context.Context, app openseat.AppID, id string) error {
	return db.change(ctx, "delete extension", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM extension WHERE app = $1 AND id = $2`, int64(app), id)
		if err == nil && n == 0 {
			return noExtension(id)
		}
		return err
	})
}

// relate gives an account the extension it names: one that is nobody's, or a new one. What it had before is nobody's then.
func (t tx) relate(ctx context.Context, s org.Staff) error {
	_, err := t.exec(ctx, `UPDATE extension SET user_id = '', modified_at = $4 WHERE app = $1 AND user_id = $2 AND id <> $3`,
		int64(s.App), s.UserID, s.Extension, ms(s.ModifiedAt))
	if err != nil || s.Extension == "" {
		return err
	}
	n, err := t.exec(ctx, `INSERT INTO extension (app, id, name, password, user_id, created_at, modified_at) VALUES (`+marks(1, 7)+`)
		ON CONFLICT (app, id) DO UPDATE SET user_id = excluded.user_id, modified_at = excluded.modified_at,
		password = CASE WHEN excluded.password = '' THEN extension.password ELSE excluded.password END
		WHERE extension.user_id = '' OR extension.user_id = excluded.user_id`,
		int64(s.App), s.Extension, s.Name, s.ExtensionPassword, s.UserID, ms(s.ModifiedAt), ms(s.ModifiedAt))
	if err == nil && n == 0 {
		return duplicatedAccount(s)
	}
	return err
}

func (t tx) extensions(ctx context.Context, app openseat.AppID) (map[string]*org.Extension, error) {
	all := map[string]*org.Extension{}
	err := t.rows(ctx, `SELECT app, id, name, password, user_id, created_at, modified_at FROM extension WHERE app = $1`, []any{int64(app)},
		func(s scanner) error {
			var (
				e                 org.Extension
				created, modified int64
			)
			err := s.Scan(&e.App, &e.ID, &e.Name, &e.Password, &e.User, &created, &modified)
			e.CreatedAt, e.ModifiedAt = at(created), at(modified)
			all[e.ID] = &e
			return err
		})
	if err != nil {
		return nil, err
	}
	err = t.rows(ctx, `SELECT extension_id, group_id FROM extension_group WHERE app = $1 ORDER BY extension_id, group_id`, []any{int64(app)},
		func(s scanner) error {
			var (
				id    string
				group int64
			)
			if err := s.Scan(&id, &group); err != nil {
				return err
			}
			all[id].Groups = append(all[id].Groups, group)
			return nil
		})
	return all, err
}

func noExtension(id string) error {
	return openseat.Errorf(openseat.CodeNotFound, "ExtensionId %s does not exist", id)
}
