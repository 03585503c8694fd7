// Package migrations holds the database's shape, one numbered SQL file per step, written once for SQLite and PostgreSQL.
//
// What keeps one text good for both: times are BIGINT milliseconds, flags are BOOLEAN, JSON and bytes that the database
// never looks into are BYTEA (which SQLite takes as "no conversion"), identifiers are plain words no engine reserves.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed *.sql
var files embed.FS

// Files returns the SQL files.
func Files() fs.FS { return files }
