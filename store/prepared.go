package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"sync"
)

// prepared keeps SQLite's writer from parsing the same statements again and again, which would be a quarter of its work.
// (pgx does this by itself.) The writer has one connection, busy while a transaction runs; so what a transaction saw for the
// first time is prepared after it. The statements of changes are constants, so there are only so many.
type prepared struct {
	pool *sql.DB
	mu   sync.Mutex
	by   map[string]*sql.Stmt
}

// find answers a prepared statement, nil when there is none.
func (p *prepared) find(query string) *sql.Stmt {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.by[query]
}

// learn prepares statements for the next time. Doing without them is only slower.
func (p *prepared) learn(ctx context.Context, queries []string) {
	for _, q := range queries {
		if p.find(q) != nil {
			continue
		}
		st, err := p.pool.PrepareContext(ctx, q)
		if err != nil {
			return
		}
		p.keep(q, st)
	}
}

func (p *prepared) keep(query string, st *sql.Stmt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by[query] != nil { // somebody else was quicker
		_ = st.Close()
		return
	}
	p.by[query] = st
}

func (p *prepared) close() error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for st := range maps.Values(p.by) {
		errs = append(errs, st.Close())
	}
	return errors.Join(errs...)
}
