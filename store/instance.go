package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"openseat"
	"openseat/core/org"
)

var _ org.Store = (*DB)(nil)

// CreateInstance implements org.Store.
func (db *DB) CreateInstance(ctx context.Context, in org.Instance) error {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return fmt.Errorf("instance settings: %w", err)
	}
	return db.change(ctx, "create instance", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO instance (app, name, user_sig_key, settings, created_at, account, copy_secret, mapping_password)
			VALUES (`+marks(1, 8)+`)`, int64(in.App), in.Name, in.UserSigKey, settings, ms(in.CreatedAt), in.Account,
			in.Settings.RecordingCopy.SecretKey, in.Settings.NumberMapping.Password)
		if isTaken(err) {
			return openseat.Errorf(openseat.CodeInUse, "SdkAppId %d is taken", in.App)
		}
		return err
	})
}

// PutInstance implements org.Store.
func (db *DB) PutInstance(ctx context.Context, in org.Instance) error {
	settings, err := json.Marshal(in.Settings)
	if err != nil {
		return fmt.Errorf("instance settings: %w", err)
	}
	return db.change(ctx, "put instance", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO instance (app, name, user_sig_key, settings, created_at, account, copy_secret, mapping_password)
			VALUES (`+marks(1, 8)+`) ON CONFLICT (app) DO UPDATE SET name = excluded.name, settings = excluded.settings,
			user_sig_key = CASE WHEN excluded.user_sig_key = '' THEN instance.user_sig_key ELSE excluded.user_sig_key END,
			copy_secret = CASE WHEN excluded.copy_secret = '' THEN instance.copy_secret ELSE excluded.copy_secret END,
			mapping_password = CASE WHEN excluded.mapping_password = '' THEN instance.mapping_password ELSE excluded.mapping_password END`,
			int64(in.App), in.Name, in.UserSigKey, settings, ms(in.CreatedAt), in.Account,
			in.Settings.RecordingCopy.SecretKey, in.Settings.NumberMapping.Password)
		return err
	})
}

const instanceColumns = `SELECT app, name, user_sig_key, settings, created_at, account, copy_secret, mapping_password FROM instance`

func scanInstance(s scanner) (org.Instance, error) {
	var (
		in             org.Instance
		settings       []byte
		created        int64
		copying, alias string
	)
	if err := s.Scan(&in.App, &in.Name, &in.UserSigKey, &settings, &created, &in.Account, &copying, &alias); err != nil {
		return in, err
	}
	in.CreatedAt = at(created)
	if err := json.Unmarshal(settings, &in.Settings); err != nil {
		return in, fmt.Errorf("settings of %d: %w", in.App, err)
	}
	in.Settings.RecordingCopy.SecretKey, in.Settings.NumberMapping.Password = copying, alias
	return in, nil
}

// Instances implements org.Store.
func (db *DB) Instances(ctx context.Context) ([]org.Instance, error) {
	var all []org.Instance
	err := db.look(ctx, "list instances", func(t tx) error {
		return t.rows(ctx, instanceColumns+` ORDER BY app`, nil, func(s scanner) error {
			in, err := scanInstance(s)
			all = append(all, in)
			return err
		})
	})
	return all, err
}

// Instance implements org.Store.
func (db *DB) Instance(ctx context.Context, app openseat.AppID) (org.Instance, error) {
	var in org.Instance
	err := db.look(ctx, "read instance", func(t tx) (err error) {
		in, err = t.instance(ctx, app)
		return err
	})
	return in, err
}

// instance reads one instance; CodeInstanceNotExist.
func (t tx) instance(ctx context.Context, app openseat.AppID) (org.Instance, error) {
	in, err := scanInstance(t.sql.QueryRowContext(ctx, instanceColumns+` WHERE app = $1`, int64(app)))
	if errors.Is(err, sql.ErrNoRows) {
		return in, noInstance(app)
	}
	return in, err
}

func noInstance(app openseat.AppID) error {
	return openseat.Errorf(openseat.CodeInstanceNotExist, "SdkAppId %d does not exist", app)
}

// next gives the next value of a counter, starting with 1; a value is never given twice.
func (t tx) next(ctx context.Context, app openseat.AppID, name string) (int64, error) {
	var v int64
	err := t.row(ctx, `INSERT INTO counter (app, name, value) VALUES ($1, $2, 1)
		ON CONFLICT (app, name) DO UPDATE SET value = counter.value + 1 RETURNING value`, []any{int64(app), name}, &v)
	if isDangling(err) {
		return 0, noInstance(app)
	}
	return v, err
}

// PutKey implements org.Store.
func (db *DB) PutKey(ctx context.Context, k org.Key) error {
	return db.change(ctx, "put key", func(t tx) error {
		n, err := t.exec(ctx, `INSERT INTO api_key (secret_id, app, secret_key, disabled, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (secret_id) DO UPDATE SET secret_key = excluded.secret_key, disabled = excluded.disabled
			WHERE api_key.app = excluded.app`,
			k.SecretID, int64(k.App), k.SecretKey, k.Disabled, ms(k.CreatedAt))
		switch {
		case isDangling(err):
			return noInstance(k.App)
		case err == nil && n == 0:
			return openseat.Errorf(openseat.CodeInUse, "SecretId is taken")
		}
		return err
	})
}

const keyColumns = `SELECT secret_id, app, secret_key, disabled, created_at FROM api_key`

func scanKey(s scanner) (org.Key, error) {
	var (
		k       org.Key
		created int64
	)
	err := s.Scan(&k.SecretID, &k.App, &k.SecretKey, &k.Disabled, &created)
	k.CreatedAt = at(created)
	return k, err
}

// FindKey implements org.Store.
func (db *DB) FindKey(ctx context.Context, secretID string) (org.Key, error) {
	var k org.Key
	err := db.look(ctx, "find key", func(t tx) error {
		found := false
		err := t.rows(ctx, keyColumns+` WHERE secret_id = $1`, []any{secretID}, func(s scanner) (err error) {
			k, err = scanKey(s)
			found = true
			return err
		})
		if err == nil && !found {
			return openseat.Errorf(openseat.CodeNotFound, "SecretId is not known")
		}
		return err
	})
	return k, err
}

// Keys implements org.Store.
func (db *DB) Keys(ctx context.Context, app openseat.AppID) ([]org.Key, error) {
	var all []org.Key
	err := db.look(ctx, "list keys", func(t tx) error {
		return t.rows(ctx, keyColumns+` WHERE app = $1 ORDER BY created_at, secret_id`, []any{int64(app)}, func(s scanner) error {
			k, err := scanKey(s)
			all = append(all, k)
			return err
		})
	})
	return all, err
}
