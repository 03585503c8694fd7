// Package migrations holds the database's shape, one numbered SQL file per step, written once for SQLite and PostgreSQL.
//
// What keeps one text good for both: times are BIGINT milliseconds, flags are BOOLEAN, JSON and bytes that the database
// never looks into are BYTEA (which SQLite takes as "no conversion"), identifiers are plain words no engine reserves. A step
// that was released is never changed, and there is no way down: an older release is restored from a backup.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed *.sql
var files embed.FS

// Files returns the SQL files.
func Files() fs.FS { return files }
