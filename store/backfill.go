package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"openseat/core/report"
)

// backfillParts is the migration that finds, for the records of before, who had to do with them.
const backfillParts = 5

// goMigrations are the steps that SQL alone cannot do.
func goMigrations() []*goose.Migration {
	return []*goose.Migration{goose.NewGoMigration(backfillParts, &goose.GoFunc{RunTx: fillParts}, nil)}
}

func fillParts(ctx context.Context, sqlTx *sql.Tx) error {
	const batch = 500
	t := tx{sql: sqlTx}
	app, session := int64(0), ""
	for {
		var found []report.CDR
		err := t.rows(ctx, `SELECT body FROM cdr WHERE (app, session_id) > ($1, $2) ORDER BY app, session_id LIMIT $3`, []any{app, session, batch},
			func(s scanner) error {
				c, err := scanCDR(s)
				found = append(found, c)
				return err
			})
		if err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		for i := range found {
			if err := t.putParts(ctx, &found[i]); err != nil {
				return err
			}
		}
		if len(found) < batch {
			return nil
		}
		app, session = int64(found[batch-1].App), found[batch-1].SessionID
	}
}
