package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"openseat"
)

// tx is a transaction with the few ways we talk to it. Statements use $1, $2, … which both engines understand.
type tx struct {
	sql      *sql.Tx
	prepared *prepared // nil = everything is parsed as it comes
	fresh    *[]string // statements that were not prepared
}

// scanner is what sql.Row and sql.Rows have in common.
type scanner interface{ Scan(into ...any) error }

// change runs do in a transaction that may write.
func (db *DB) change(ctx context.Context, what string, do func(tx) error) error {
	fresh := []string(nil)
	err := run(ctx, db.writer, nil, what, func(t tx) error {
		t.prepared, t.fresh = db.prepared, &fresh
		return do(t)
	})
	if err == nil && db.prepared != nil {
		db.prepared.learn(ctx, fresh)
	}
	return err
}

// look runs do in a transaction that sees one consistent picture and cannot write.
func (db *DB) look(ctx context.Context, what string, do func(tx) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if db.dialect == goose.DialectPostgres {
		options.Isolation = sql.LevelRepeatableRead // SQLite's readers have it always
	}
	return run(ctx, db.reader, options, what, do)
}

func run(ctx context.Context, pool *sql.DB, options *sql.TxOptions, what string, do func(tx) error) error {
	t, err := pool.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := do(tx{sql: t}); err != nil {
		_ = t.Rollback() // the first error is the one that tells
		var known *openseat.Error
		if errors.As(err, &known) {
			return known
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// exec runs a statement and answers how many rows it touched.
func (t tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := storable(args); err != nil {
		return 0, err
	}
	res, err := t.execute(ctx, query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t tx) execute(ctx context.Context, query string, args []any) (sql.Result, error) {
	if st := t.ready(query); st != nil {
		return t.sql.StmtContext(ctx, st).ExecContext(ctx, args...) //nolint:sqlclosecheck // ends with the transaction
	}
	return t.sql.ExecContext(ctx, query, args...)
}

// ready answers the prepared statement, or nil and remembers to prepare it.
func (t tx) ready(query string) *sql.Stmt {
	st := t.prepared.find(query)
	if st == nil && t.prepared != nil {
		*t.fresh = append(*t.fresh, query)
	}
	return st
}

// row asks for one row; sql.ErrNoRows when there is none.
func (t tx) row(ctx context.Context, query string, args []any, into ...any) error {
	if err := storable(args); err != nil {
		return err
	}
	if st := t.ready(query); st != nil {
		return t.sql.StmtContext(ctx, st).QueryRowContext(ctx, args...).Scan(into...) //nolint:sqlclosecheck // ends with the transaction
	}
	return t.sql.QueryRowContext(ctx, query, args...).Scan(into...)
}

// rows asks for many rows and gives each to take.
func (t tx) rows(ctx context.Context, query string, args []any, take func(scanner) error) error {
	if err := storable(args); err != nil {
		return err
	}
	rows, err := t.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// storable refuses text that PostgreSQL cannot keep and SQLite can, so that both behave alike.
func storable(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.ContainsRune(s, 0)) {
			return openseat.Errorf(openseat.CodeInvalidValue, "the text %q is not UTF-8 or holds a NUL", s)
		}
	}
	return nil
}

// The extended result codes of SQLite (https://www.sqlite.org/rescode.html) and the SQLSTATEs of PostgreSQL that we tell apart.
const (
	sqliteForeignKey = 787
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
	pgForeignKey     = "23503"
	pgUnique         = "23505"
)

// isTaken says that a unique name is in use.
func isTaken(err error) bool { return isConstraint(err, pgUnique, sqliteUnique, sqlitePrimaryKey) }

// isDangling says that a row points to one that does not exist, or is pointed to.
func isDangling(err error) bool { return isConstraint(err, pgForeignKey, sqliteForeignKey) }

func isConstraint(err error, state string, codes ...int) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == state
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return slices.Contains(codes, lite.Code())
	}
	return false
}

// ms is a time as the database keeps it; the zero time is 0.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is the inverse of ms.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// marks is "$from, $from+1, …" for n arguments.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}
