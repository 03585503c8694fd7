package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"openseat"
	"openseat/core/org"
)

// PutContact implements org.Store.
func (db *DB) PutContact(ctx context.Context, c org.Contact) error {
	return db.change(ctx, "put contact", func(t tx) error {
		if c.Name == "" && c.Remark == "" {
			_, err := t.exec(ctx, `DELETE FROM contact WHERE app = $1 AND number = $2`, int64(c.App), c.Number)
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO contact (app, number, name, remark, by_whom, modified_at) VALUES (`+marks(1, 6)+`)
			ON CONFLICT (app, number) DO UPDATE SET name = excluded.name, remark = excluded.remark, by_whom = excluded.by_whom,
			modified_at = excluded.modified_at`, int64(c.App), c.Number, c.Name, c.Remark, c.By, ms(c.ModifiedAt))
		if isDangling(err) {
			return noInstance(c.App)
		}
		return err
	})
}

const contactColumns = `SELECT app, number, name, remark, by_whom, modified_at FROM contact`

func scanContact(s scanner) (org.Contact, error) {
	var (
		c        org.Contact
		modified int64
	)
	err := s.Scan(&c.App, &c.Number, &c.Name, &c.Remark, &c.By, &modified)
	c.ModifiedAt = at(modified)
	return c, err
}

// Contact implements org.Store.
func (db *DB) Contact(ctx context.Context, app openseat.AppID, number string) (org.Contact, error) {
	var c org.Contact
	err := db.look(ctx, "find contact", func(t tx) error {
		return t.rows(ctx, contactColumns+` WHERE app = $1 AND number = $2`, []any{int64(app), number}, func(s scanner) (err error) {
			c, err = scanContact(s)
			return err
		})
	})
	return c, err
}

// Contacts implements org.Store.
func (db *DB) Contacts(ctx context.Context, app openseat.AppID, text string, offset, limit int) (total int, page []org.Contact, err error) {
	const where = ` WHERE app = $1 AND (number LIKE $2 ESCAPE '\' OR LOWER(name) LIKE $2 ESCAPE '\' OR LOWER(remark) LIKE $2 ESCAPE '\')`
	args := []any{int64(app), like(strings.ToLower(text))}
	err = db.look(ctx, "find contacts", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM contact`+where, args, &total); err != nil {
			return err
		}
		return t.rows(ctx, contactColumns+where+` ORDER BY number LIMIT $3 OFFSET $4`, append(args, limit, offset), func(s scanner) error {
			c, err := scanContact(s)
			page = append(page, c)
			return err
		})
	})
	return total, page, err
}

// like is the pattern, with ESCAPE '\', of what holds text.
func like(text string) string {
	return `%` + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + `%`
}

// PutNote implements org.Store.
func (db *DB) PutNote(ctx context.Context, n org.Note) error {
	return db.change(ctx, "put note", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO note (app, session_id, user_id, category, resolved, text, modified_at) VALUES (`+marks(1, 7)+`)
			ON CONFLICT (app, session_id, user_id) DO UPDATE SET category = excluded.category, resolved = excluded.resolved,
			text = excluded.text, modified_at = excluded.modified_at`,
			int64(n.App), n.SessionID, n.User, n.Category, n.Resolved, n.Text, ms(n.ModifiedAt))
		if isDangling(err) {
			return noInstance(n.App)
		}
		return err
	})
}

const noteColumns = `SELECT app, session_id, user_id, category, resolved, text, modified_at FROM note`

func scanNote(s scanner) (org.Note, error) {
	var (
		n        org.Note
		modified int64
	)
	err := s.Scan(&n.App, &n.SessionID, &n.User, &n.Category, &n.Resolved, &n.Text, &modified)
	n.ModifiedAt = at(modified)
	return n, err
}

// Note implements org.Store.
func (db *DB) Note(ctx context.Context, app openseat.AppID, sessionID, user string) (org.Note, error) {
	_, found, err := db.Notes(ctx, app, org.NoteQuery{SessionIDs: []string{sessionID}, User: user, Limit: 1})
	if err != nil || len(found) == 0 {
		return org.Note{}, err
	}
	return found[0], nil
}

// Notes implements org.Store.
func (db *DB) Notes(ctx context.Context, app openseat.AppID, q org.NoteQuery) (total int, page []org.Note, err error) {
	where, args := noteWhere(app, q)
	err = db.look(ctx, "find notes", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM note WHERE `+where, args, &total); err != nil {
			return err
		}
		n := len(args)
		query := fmt.Sprintf(`%s WHERE %s ORDER BY modified_at DESC, session_id, user_id LIMIT $%d OFFSET $%d`, noteColumns, where, n+1, n+2)
		return t.rows(ctx, query,
			append(args[:n:n], q.Limit, q.Offset), func(s scanner) error {
				note, err := scanNote(s)
				page = append(page, note)
				return err
			})
	})
	return total, page, err
}

func noteWhere(app openseat.AppID, q org.NoteQuery) (string, []any) {
	args, where := []any{int64(app)}, []string{`app = $1`}
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if !q.From.IsZero() {
		add(`modified_at >= $%d`, ms(q.From.Truncate(time.Second)))
	}
	if !q.To.IsZero() {
		add(`modified_at < $%d`, ms(q.To.Truncate(time.Second).Add(time.Second)))
	}
	if q.User != "" {
		add(`user_id = $%d`, q.User)
	}
	if q.Category != "" {
		add(`category = $%d`, q.Category)
	}
	if len(q.SessionIDs) > 0 {
		where = append(where, `session_id IN (`+marks(len(args)+1, len(q.SessionIDs))+`)`)
		args = append(args, anys(q.SessionIDs)...)
	}
	return strings.Join(where, ` AND `), args
}
