package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // driver "sqlite"

	"openseat/store/migrations"
)

const (
	fileName     = "openseat.db"
	readers      = 4
	poolSize     = 16
	busyWaitMs   = "10000"
	connIdleTime = 5 * time.Minute
)

// DB is an open database with the newest shape.
type DB struct {
	writer, reader *sql.DB
	dialect        goose.Dialect
	prepared       *prepared // on SQLite
}

// Open connects to the database and brings its shape up to date. An empty address means SQLite in dir, "sqlite:<file>" a
// SQLite file elsewhere, "postgres://…" a PostgreSQL server. The caller closes it.
func Open(ctx context.Context, address, dir string) (*DB, error) {
	db, err := connect(address, dir)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close waits for what is running and gives all connections back.
func (db *DB) Close() error {
	if db.reader == db.writer {
		return db.writer.Close()
	}
	return errors.Join(db.prepared.close(), db.reader.Close(), db.writer.Close())
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.writer.PingContext(ctx) }

func connect(address, dir string) (*DB, error) {
	switch {
	case address == "":
		return connectSQLite(filepath.Join(dir, fileName))
	case strings.HasPrefix(address, "sqlite:"):
		return connectSQLite(strings.TrimPrefix(address, "sqlite:"))
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		return connectPostgres(address)
	default:
		return nil, errors.New(`database: want "postgres://…", "sqlite:<file>" or nothing`)
	}
}

func connectSQLite(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	// SQLite would create the file readable by everyone; it holds keys.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	writer, err := sql.Open("sqlite", sqliteName(path, "_txlock", "immediate"))
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", sqliteName(path, "_pragma", "query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader.SetMaxOpenConns(readers)
	return &DB{
		writer: writer, reader: reader, dialect: goose.DialectSQLite3, prepared: &prepared{pool: writer, by: map[string]*sql.Stmt{}},
	}, nil
}

// sqliteName is the connection string. With the write-ahead log "synchronous" may be NORMAL: nothing is lost when the
// process is killed, and a power cut costs at most the last moments, which the journal tells again.
func sqliteName(path, key, value string) string {
	q := url.Values{"_pragma": {
		"busy_timeout(" + busyWaitMs + ")", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)", "journal_size_limit(67108864)",
	}}
	q.Add(key, value)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func connectPostgres(address string) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, errors.New("database: the postgres address cannot be parsed") // the driver's own text shows the password
	}
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(poolSize)
	pool.SetConnMaxIdleTime(connIdleTime)
	return &DB{writer: pool, reader: pool, dialect: goose.DialectPostgres}, nil
}

func (db *DB) migrate(ctx context.Context) error {
	options := []goose.ProviderOption{goose.WithGoMigrations(goMigrations()...)}
	if db.dialect == goose.DialectPostgres { // nodes that start together must not migrate together
		if err := db.wantUTF8(ctx); err != nil {
			return err
		}
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(db.dialect, db.writer, migrations.Files(), options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// wantUTF8 refuses a PostgreSQL database that could not keep every name.
func (db *DB) wantUTF8(ctx context.Context) error {
	var encoding string
	if err := db.writer.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s; make one with ENCODING 'UTF8'", encoding)
	}
	return nil
}
