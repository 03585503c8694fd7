package store

import (
	"context"
	"strconv"

	"openseat"
	"openseat/core/org"
)

// PutListed implements org.ListStore.
func (db *DB) PutListed(ctx context.Context, list []org.ListedNumber) error {
	return db.change(ctx, "put listed numbers", func(t tx) error {
		for _, l := range list {
			_, err := t.exec(ctx, `INSERT INTO listed_number (app, number, inbound, outbound, reason, created_at, until_at)
				VALUES (`+marks(1, 7)+`) ON CONFLICT (app, number) DO UPDATE SET inbound = excluded.inbound, outbound = excluded.outbound,
				reason = excluded.reason, until_at = excluded.until_at`,
				int64(l.App), l.Number, l.Inbound, l.Outbound, l.Reason, ms(l.CreatedAt), ms(l.Until))
			if isDangling(err) {
				return noInstance(l.App)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteListed implements org.ListStore.
func (db *DB) DeleteListed(ctx context.Context, app openseat.AppID, numbers []string) error {
	return db.change(ctx, "delete listed numbers", func(t tx) error {
		for _, number := range numbers {
			if _, err := t.exec(ctx, `DELETE FROM listed_number WHERE app = $1 AND number = $2`, int64(app), number); err != nil {
				return err
			}
		}
		return nil
	})
}

const listedColumns = `SELECT app, number, inbound, outbound, reason, created_at, until_at FROM listed_number`

func scanListed(s scanner) (org.ListedNumber, error) {
	var (
		l              org.ListedNumber
		created, until int64
	)
	err := s.Scan(&l.App, &l.Number, &l.Inbound, &l.Outbound, &l.Reason, &created, &until)
	l.CreatedAt, l.Until = at(created), at(until)
	return l, err
}

// Listed implements org.ListStore.
func (db *DB) Listed(ctx context.Context, app openseat.AppID, number string) (org.ListedNumber, error) {
	var l org.ListedNumber
	err := db.look(ctx, "find listed number", func(t tx) error {
		return t.rows(ctx, listedColumns+` WHERE app = $1 AND number = $2`, []any{int64(app), number}, func(s scanner) (err error) {
			l, err = scanListed(s)
			return err
		})
	})
	return l, err
}

// FindListed implements org.ListStore.
func (db *DB) FindListed(ctx context.Context, app openseat.AppID, digits string, offset, limit int) (total int, page []org.ListedNumber, err error) {
	const where = ` WHERE app = $1 AND number LIKE $2 ESCAPE '\'`
	args := []any{int64(app), like(digits)}
	err = db.look(ctx, "find listed numbers", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM listed_number`+where, args, &total); err != nil {
			return err
		}
		query := listedColumns + where + ` ORDER BY created_at DESC, number LIMIT $3 OFFSET $4`
		return t.rows(ctx, query, append(args, limit, offset), func(s scanner) error {
			l, err := scanListed(s)
			page = append(page, l)
			return err
		})
	})
	return total, page, err
}

// PutNumberGroup implements org.ListStore.
func (db *DB) PutNumberGroup(ctx context.Context, g org.NumberGroup) (string, error) {
	err := db.change(ctx, "put number group", func(t tx) (err error) {
		if g.ID == "" {
			err = t.createNumberGroup(ctx, &g)
		} else {
			err = t.renameNumberGroup(ctx, g)
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM number_group_member WHERE app = $1 AND group_id = $2`, int64(g.App), g.ID); err != nil {
			return err
		}
		for place, number := range g.Numbers {
			_, err := t.exec(ctx, `INSERT INTO number_group_member (app, group_id, number, place) VALUES ($1, $2, $3, $4)
				ON CONFLICT (app, group_id, number) DO NOTHING`, int64(g.App), g.ID, number, place)
			if isDangling(err) {
				return openseat.Errorf(openseat.CodeNotFound, "number %s does not exist", number)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return g.ID, err
}

func (t tx) createNumberGroup(ctx context.Context, g *org.NumberGroup) error {
	n, err := t.next(ctx, g.App, "number_group")
	if err != nil {
		return err
	}
	g.ID = strconv.FormatInt(n, 10)
	_, err = t.exec(ctx, `INSERT INTO number_group (app, id, name) VALUES ($1, $2, $3)`, int64(g.App), g.ID, g.Name)
	if isTaken(err) {
		return nameTaken(g.Name)
	}
	return err
}

func (t tx) renameNumberGroup(ctx context.Context, g org.NumberGroup) error {
	n, err := t.exec(ctx, `UPDATE number_group SET name = $3 WHERE app = $1 AND id = $2`, int64(g.App), g.ID, g.Name)
	switch {
	case isTaken(err):
		return nameTaken(g.Name)
	case err == nil && n == 0:
		return openseat.Errorf(openseat.CodeNotFound, "group of numbers %q does not exist", g.ID)
	}
	return err
}

func nameTaken(name string) error {
	return openseat.Errorf(openseat.CodeInUse, "the name %q is taken", name)
}

// DeleteNumberGroup implements org.ListStore.
func (db *DB) DeleteNumberGroup(ctx context.Context, app openseat.AppID, id string) error {
	return db.remove(ctx, `DELETE FROM number_group WHERE app = $1 AND id = $2`, app, "group of numbers", id)
}

// remove deletes one named row; CodeNotFound.
func (db *DB) remove(ctx context.Context, statement string, app openseat.AppID, what, name string) error {
	return db.change(ctx, "delete "+what, func(t tx) error {
		n, err := t.exec(ctx, statement, int64(app), name)
		if err == nil && n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "%s %q does not exist", what, name)
		}
		return err
	})
}

func (t tx) numberGroups(ctx context.Context, app openseat.AppID) (map[string]*org.NumberGroup, error) {
	all := map[string]*org.NumberGroup{}
	err := t.rows(ctx, `SELECT id, name FROM number_group WHERE app = $1`, []any{int64(app)}, func(s scanner) error {
		g := org.NumberGroup{App: app, Numbers: []string{}}
		err := s.Scan(&g.ID, &g.Name)
		all[g.ID] = &g
		return err
	})
	if err != nil {
		return nil, err
	}
	const members = `SELECT group_id, number FROM number_group_member WHERE app = $1 ORDER BY group_id, place`
	err = t.rows(ctx, members, []any{int64(app)}, func(s scanner) error {
		var id, number string
		if err := s.Scan(&id, &number); err != nil {
			return err
		}
		all[id].Numbers = append(all[id].Numbers, number)
		return nil
	})
	return all, err
}

// PutSchedule implements org.ListStore.
func (db *DB) PutSchedule(ctx context.Context, s org.Schedule) error {
	return db.change(ctx, "put schedule", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO schedule (app, name, definition) VALUES ($1, $2, $3)
			ON CONFLICT (app, name) DO UPDATE SET definition = excluded.definition`, int64(s.App), s.Name, []byte(s.Definition))
		if isDangling(err) {
			return noInstance(s.App)
		}
		return err
	})
}

// DeleteSchedule implements org.ListStore.
func (db *DB) DeleteSchedule(ctx context.Context, app openseat.AppID, name string) error {
	return db.remove(ctx, `DELETE FROM schedule WHERE app = $1 AND name = $2`, app, "schedule", name)
}

func (t tx) schedules(ctx context.Context, app openseat.AppID) (map[string]*org.Schedule, error) {
	all := map[string]*org.Schedule{}
	err := t.rows(ctx, `SELECT name, definition FROM schedule WHERE app = $1`, []any{int64(app)}, func(s scanner) error {
		var (
			x          = org.Schedule{App: app}
			definition []byte
		)
		err := s.Scan(&x.Name, &definition)
		x.Definition = definition
		all[x.Name] = &x
		return err
	})
	return all, err
}

// PutDraft implements org.ListStore.
func (db *DB) PutDraft(ctx context.Context, d org.Draft) (revision int64, err error) {
	err = db.change(ctx, "put draft", func(t tx) error {
		err := t.row(ctx, `SELECT COALESCE(MAX(revision), 0) FROM flow_draft WHERE app = $1 AND name = $2`, []any{int64(d.App), d.Name}, &revision)
		if err != nil {
			return err
		}
		if d.Revision != 0 && d.Revision != revision {
			return openseat.Errorf(openseat.CodeStateNotAllowed, "the draft of %q was changed meanwhile: it has the revision %d", d.Name, revision)
		}
		revision++
		_, err = t.exec(ctx, `INSERT INTO flow_draft (app, name, revision, definition, by_whom, modified_at) VALUES (`+marks(1, 6)+`)
			ON CONFLICT (app, name) DO UPDATE SET revision = excluded.revision, definition = excluded.definition, by_whom = excluded.by_whom,
			modified_at = excluded.modified_at`, int64(d.App), d.Name, revision, []byte(d.Definition), d.By, ms(d.ModifiedAt))
		if isDangling(err) {
			return noInstance(d.App)
		}
		return err
	})
	return revision, err
}

// DeleteDraft implements org.ListStore.
func (db *DB) DeleteDraft(ctx context.Context, app openseat.AppID, name string) error {
	return db.remove(ctx, `DELETE FROM flow_draft WHERE app = $1 AND name = $2`, app, "draft", name)
}

// Drafts implements org.ListStore.
func (db *DB) Drafts(ctx context.Context, app openseat.AppID, name string) ([]org.Draft, error) {
	var all []org.Draft
	err := db.look(ctx, "list drafts", func(t tx) error {
		return t.rows(ctx, `SELECT name, revision, definition, by_whom, modified_at FROM flow_draft
			WHERE app = $1 AND (name = $2 OR $2 = '') ORDER BY name`, []any{int64(app), name}, func(s scanner) error {
			var (
				d          = org.Draft{App: app}
				definition []byte
				modified   int64
			)
			err := s.Scan(&d.Name, &d.Revision, &definition, &d.By, &modified)
			d.Definition, d.ModifiedAt = definition, at(modified)
			all = append(all, d)
			return err
		})
	})
	return all, err
}

// DeleteFlow implements org.ListStore.
func (db *DB) DeleteFlow(ctx context.Context, app openseat.AppID, name string) error {
	return db.change(ctx, "delete flow", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM flow WHERE app = $1 AND name = $2`, int64(app), name)
		if err != nil {
			return err
		}
		if n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "flow %q does not exist", name)
		}
		_, err = t.exec(ctx, `DELETE FROM flow_draft WHERE app = $1 AND name = $2`, int64(app), name)
		return err
	})
}
