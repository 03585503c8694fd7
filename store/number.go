package store

import (
	"context"
	"encoding/json"
	"fmt"

	"openseat"
	"openseat/core/org"
)

// PutNumber implements org.Store.
func (db *DB) PutNumber(ctx context.Context, n org.Number) error {
	return db.change(ctx, "put number", func(t tx) error {
		rows, err := t.exec(ctx, `INSERT INTO phone_number (number, app, trunk, flow, call_out, remark, state, created_at, interface)
			VALUES (`+marks(1, 9)+`) ON CONFLICT (number) DO UPDATE SET trunk = excluded.trunk, flow = excluded.flow,
			call_out = excluded.call_out, remark = excluded.remark, state = excluded.state, interface = excluded.interface
			WHERE phone_number.app = excluded.app`,
			n.Number, int64(n.App), n.Trunk, n.Flow, n.CallOut, n.Remark, int64(n.State), ms(n.CreatedAt), n.Interface)
		switch {
		case isDangling(err):
			return noTrunk(n.Trunk)
		case err != nil:
			return err
		case rows == 0:
			return openseat.Errorf(org.CodeDuplicatePhoneNumber, "number %s is taken", n.Number)
		}
		return t.bindNumber(ctx, n)
	})
}

func (t tx) bindNumber(ctx context.Context, n org.Number) error {
	_, err := t.exec(ctx, `DELETE FROM phone_number_group WHERE app = $1 AND number = $2`, int64(n.App), n.Number)
	if err != nil {
		return err
	}
	for place, id := range n.CallOutGroups {
		_, err := t.exec(ctx, `INSERT INTO phone_number_group (app, number, group_id, place) VALUES ($1, $2, $3, $4)
			ON CONFLICT (app, number, group_id) DO NOTHING`, int64(n.App), n.Number, id, place)
		if isDangling(err) {
			return noGroup(id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// DeleteNumber implements org.Store.
func (db *DB) DeleteNumber(ctx context.Context, app openseat.AppID, number string) error {
	return db.change(ctx, "delete number", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM phone_number WHERE app = $1 AND number = $2`, int64(app), number)
		if err == nil && n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "number %s does not exist", number)
		}
		return err
	})
}

func (t tx) numbers(ctx context.Context, app openseat.AppID) (map[string]*org.Number, error) {
	all := map[string]*org.Number{}
	err := t.rows(ctx, `SELECT app, number, trunk, flow, call_out, remark, state, created_at, interface FROM phone_number WHERE app = $1`,
		[]any{int64(app)}, func(s scanner) error {
			var (
				n       org.Number
				created int64
			)
			err := s.Scan(&n.App, &n.Number, &n.Trunk, &n.Flow, &n.CallOut, &n.Remark, &n.State, &created, &n.Interface)
			n.CreatedAt = at(created)
			all[n.Number] = &n
			return err
		})
	if err != nil {
		return nil, err
	}
	err = t.rows(ctx, `SELECT number, group_id FROM phone_number_group WHERE app = $1 ORDER BY number, place`, []any{int64(app)},
		func(s scanner) error {
			var (
				number string
				group  int64
			)
			if err := s.Scan(&number, &group); err != nil {
				return err
			}
			all[number].CallOutGroups = append(all[number].CallOutGroups, group)
			return nil
		})
	return all, err
}

// PutTrunk implements org.Store.
func (db *DB) PutTrunk(ctx context.Context, k org.Trunk) error {
	sources, err := json.Marshal(k.Sources)
	if err != nil {
		return fmt.Errorf("trunk sources: %w", err)
	}
	codecs, err := json.Marshal(k.Codecs)
	if err != nil {
		return fmt.Errorf("trunk codecs: %w", err)
	}
	return db.change(ctx, "put trunk", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO trunk (app, name, peer, transport, sources, register, username, password, domain, codecs,
			max_calls, created_at) VALUES (`+marks(1, 12)+`)
			ON CONFLICT (app, name) DO UPDATE SET peer = excluded.peer, transport = excluded.transport, sources = excluded.sources,
			register = excluded.register, username = excluded.username, domain = excluded.domain, codecs = excluded.codecs,
			max_calls = excluded.max_calls,
			password = CASE WHEN excluded.password = '' THEN trunk.password ELSE excluded.password END`,
			int64(k.App), k.Name, k.Peer, k.Transport, sources, k.Register, k.Username, k.Password, k.Domain, codecs,
			int64(k.MaxCalls), ms(k.CreatedAt))
		if isDangling(err) {
			return noInstance(k.App)
		}
		return err
	})
}

// DeleteTrunk implements org.Store.
func (db *DB) DeleteTrunk(ctx context.Context, app openseat.AppID, name string) error {
	return db.change(ctx, "delete trunk", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM trunk WHERE app = $1 AND name = $2`, int64(app), name)
		switch {
		case isDangling(err):
			return openseat.Errorf(org.CodeSipTrunkInUsed, "trunk %q has numbers", name)
		case err == nil && n == 0:
			return noTrunk(name)
		}
		return err
	})
}

func (t tx) trunks(ctx context.Context, app openseat.AppID) (map[string]*org.Trunk, error) {
	all := map[string]*org.Trunk{}
	err := t.rows(ctx, `SELECT app, name, peer, transport, sources, register, username, password, domain, codecs, max_calls, created_at
		FROM trunk WHERE app = $1`, []any{int64(app)}, func(s scanner) error {
		var (
			k               org.Trunk
			sources, codecs []byte
			created         int64
		)
		if err := s.Scan(&k.App, &k.Name, &k.Peer, &k.Transport, &sources, &k.Register, &k.Username, &k.Password, &k.Domain,
			&codecs, &k.MaxCalls, &created); err != nil {
			return err
		}
		k.CreatedAt = at(created)
		all[k.Name] = &k
		if err := json.Unmarshal(sources, &k.Sources); err != nil {
			return fmt.Errorf("sources of trunk %q: %w", k.Name, err)
		}
		if err := json.Unmarshal(codecs, &k.Codecs); err != nil {
			return fmt.Errorf("codecs of trunk %q: %w", k.Name, err)
		}
		return nil
	})
	return all, err
}

func noTrunk(name string) error {
	return openseat.Errorf(org.CodeSipTrunkNotFound, "trunk %q does not exist", name)
}
