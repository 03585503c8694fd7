package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"openseat/core/report"
	"openseat/store/migrations"
	"openseat/store/storetest"
)

// TestUpgrade opens databases that were left by the release before agents had phones of their own.
func TestUpgrade(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "openseat.db")
		upgrade(t, "sqlite", file, "sqlite:"+file, goose.DialectSQLite3)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		address := storetest.NewDatabase(t, storetest.StartPostgres(t))
		upgrade(t, "pgx", address, address, goose.DialectPostgres)
	})
}

func upgrade(t *testing.T, driver, name, address string, dialect goose.Dialect) {
	t.Helper()
	const before = 3
	ctx := t.Context()
	old, err := sql.Open(driver, name)
	ok(t, err)
	provider, err := goose.NewProvider(dialect, old, migrations.Files())
	ok(t, err)
	_, err = provider.UpTo(ctx, before)
	ok(t, err)
	for _, statement := range []string{
		`INSERT INTO instance (app, name, user_sig_key, settings, created_at) VALUES (1400000001, 'Desk', 'key', '{}', 1)`,
		`INSERT INTO staff (app, user_id, name, nick, phone, staff_number, mail, role, extension, extension_password, password_hash, created_at,
			modified_at) VALUES (1400000001, 'alice@x.cn', 'Alice', '', '', '', 'alice@x.cn', 3, '7001', 'Phone123', '', 1, 2)`,
		`INSERT INTO staff (app, user_id, name, nick, phone, staff_number, mail, role, extension, extension_password, password_hash, created_at,
			modified_at) VALUES (1400000001, 'bob@x.cn', 'Bob', '', '', '', 'bob@x.cn', 3, '', '', '', 1, 2)`,
		`INSERT INTO cdr (app, session_id, start_at, end_at, caller, callee, direction, call_type, end_status, seat, queued_group, body)
			VALUES (1400000001, 's-1', 1, 2, '0086138', '0086400', 0, 2, 1, 'alice@x.cn', 1, '{"app":1400000001,"sessionId":"s-1","caller":"0086138",
			"acceptAt":"2026-05-01T09:00:02Z","endAt":"2026-05-01T09:01:05Z",
			"serves":[{"user":"alice@x.cn","startAt":"2026-05-01T09:00:00Z","acceptAt":"2026-05-01T09:00:02Z","endAt":"2026-05-01T09:00:05Z"}]}')`,
	} {
		_, err := old.ExecContext(ctx, statement)
		ok(t, err)
	}
	ok(t, old.Close())

	db := open(t, address, "")
	v, err := db.View(ctx, 1400000001)
	ok(t, err)
	alice, phone := v.Staff["alice@x.cn"], v.Phones["7001"]
	if alice.Extension != "7001" || alice.ExtensionPassword != "Phone123" || len(v.Phones) != 1 || phone.User != "alice@x.cn" || phone.Name != "Alice" {
		t.Errorf("after the upgrade: %+v, phones %v", alice, v.Phones)
	}
	mine, _, err := db.MyCalls(ctx, 1400000001, "alice@x.cn", report.MyCallsQuery{Limit: 9})
	ok(t, err)
	last, err := db.LastAgent(ctx, 1400000001, "0086138", 0)
	ok(t, err)
	usage, err := db.Usage(ctx, 1400000001, time.UnixMilli(0), time.UnixMilli(1000))
	ok(t, err)
	if usage.InMinutes != 2 {
		t.Errorf("old records' usage: %+v", usage)
	}
	if len(mine) != 1 || mine[0].Talk.Seconds() != 3 || last != "alice@x.cn" {
		t.Errorf("old records: %+v, last agent %q", mine, last)
	}
}
