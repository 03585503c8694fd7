package store

import (
	"context"
	"database/sql"
	"errors"

	"openseat"
	"openseat/core/org"
)

// PublishFlow implements org.Store.
func (db *DB) PublishFlow(ctx context.Context, f org.Flow) (int, error) {
	version := 0
	err := db.change(ctx, "publish flow", func(t tx) error {
		v, err := t.next(ctx, f.App, "flow:"+f.Name)
		if err != nil {
			return err
		}
		version = int(v)
		_, err = t.exec(ctx, `INSERT INTO flow (app, name, version, definition, created_at) VALUES ($1, $2, $3, $4, $5)`,
			int64(f.App), f.Name, v, []byte(f.Definition), ms(f.CreatedAt))
		return err
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

// FlowVersions implements org.Store.
func (db *DB) FlowVersions(ctx context.Context, app openseat.AppID, name string) ([]org.Flow, error) {
	var all []org.Flow
	err := db.look(ctx, "list flow versions", func(t tx) (err error) {
		all, err = t.flows(ctx, `f.app = $1 AND f.name = $2 ORDER BY f.version DESC`, int64(app), name)
		if err == nil && len(all) == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "flow %q does not exist", name)
		}
		return err
	})
	return all, err
}

func (t tx) flows(ctx context.Context, where string, args ...any) ([]org.Flow, error) {
	var all []org.Flow
	err := t.rows(ctx, `SELECT f.app, f.name, f.version, f.definition, f.created_at FROM flow f WHERE `+where, args,
		func(s scanner) error {
			var (
				f          org.Flow
				definition []byte
				created    int64
			)
			err := s.Scan(&f.App, &f.Name, &f.Version, &definition, &created)
			f.Definition, f.CreatedAt = definition, at(created)
			all = append(all, f)
			return err
		})
	return all, err
}

// PutPush implements org.Store.
func (db *DB) PutPush(ctx context.Context, p org.Push) error {
	return db.change(ctx, "put data push", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO push (app, url, auth, username, password, token_url, client_id, secret, cdr, record, voicemail)
			VALUES (`+marks(1, 11)+`) ON CONFLICT (app) DO UPDATE SET url = excluded.url, auth = excluded.auth,
			username = excluded.username, token_url = excluded.token_url, client_id = excluded.client_id,
			cdr = excluded.cdr, record = excluded.record, voicemail = excluded.voicemail,
			password = CASE WHEN excluded.password = '' THEN push.password ELSE excluded.password END,
			secret = CASE WHEN excluded.secret = '' THEN push.secret ELSE excluded.secret END`,
			int64(p.App), p.URL, p.Auth, p.Username, p.Password, p.TokenURL, p.ClientID, p.Secret, p.CDR, p.Record, p.Voicemail)
		if isDangling(err) {
			return noInstance(p.App)
		}
		return err
	})
}

// push reads the data push settings; none set is "off".
func (t tx) push(ctx context.Context, app openseat.AppID) (org.Push, error) {
	p := org.Push{App: app}
	err := t.row(ctx, `SELECT url, auth, username, password, token_url, client_id, secret, cdr, record, voicemail FROM push WHERE app = $1`,
		[]any{int64(app)}, &p.URL, &p.Auth, &p.Username, &p.Password, &p.TokenURL, &p.ClientID, &p.Secret, &p.CDR, &p.Record, &p.Voicemail)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	return p, err
}
