package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"openseat/core/report"
)

// The migrations that read, from the records of before, who had to do with them, how long they were served, and what people
// look for.
const (
	backfillParts = 5
	backfillTalk  = 7
	backfillWords = 9
)

// goMigrations are the steps that SQL alone cannot do.
func goMigrations() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(backfillParts, &goose.GoFunc{RunTx: each(tx.putParts)}, nil),
		goose.NewGoMigration(backfillTalk, &goose.GoFunc{RunTx: each(tx.putTalk)}, nil),
		goose.NewGoMigration(backfillWords, &goose.GoFunc{RunTx: fillWords}, nil),
	}
}

func (t tx) putTalk(ctx context.Context, c *report.CDR) error {
	_, err := t.exec(ctx, `UPDATE cdr SET talk_ms = $3 WHERE app = $1 AND session_id = $2`, int64(c.App), c.SessionID, talkOf(c).Milliseconds())
	return err
}

// fillWords also makes the columns it fills.
func fillWords(ctx context.Context, sqlTx *sql.Tx) error {
	for _, column := range []string{"remark", "survey"} {
		if _, err := sqlTx.ExecContext(ctx, `ALTER TABLE cdr ADD COLUMN `+column+` TEXT NOT NULL DEFAULT ''`); err != nil {
			return fmt.Errorf("column %s: %w", column, err)
		}
	}
	return walkRecords(ctx, tx{sql: sqlTx}, tx.putWords)
}

func (t tx) putWords(ctx context.Context, c *report.CDR) error {
	_, err := t.exec(ctx, `UPDATE cdr SET remark = $3, survey = $4 WHERE app = $1 AND session_id = $2`,
		int64(c.App), c.SessionID, c.Remark, surveyOf(c))
	return err
}

// each does something to every record there is.
func each(do func(tx, context.Context, *report.CDR) error) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, sqlTx *sql.Tx) error { return walkRecords(ctx, tx{sql: sqlTx}, do) }
}

func walkRecords(ctx context.Context, t tx, do func(tx, context.Context, *report.CDR) error) error {
	const batch = 500
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
			if err := do(t, ctx, &found[i]); err != nil {
				return err
			}
		}
		if len(found) < batch {
			return nil
		}
		app, session = int64(found[batch-1].App), found[batch-1].SessionID
	}
}
