package store

import (
	"context"
	"time"

	"openseat"
	"openseat/core/report"
)

// EachCDR gives every record of a session that began at from or later, and before to, oldest first.
func (db *DB) EachCDR(ctx context.Context, app openseat.AppID, from, to time.Time, each func(*report.CDR) error) error {
	return db.look(ctx, "read records", func(t tx) error {
		return t.rows(ctx, `SELECT body FROM cdr WHERE app = $1 AND start_at >= $2 AND start_at < $3 ORDER BY start_at, session_id`,
			[]any{int64(app), ms(from), ms(to)}, func(s scanner) error {
				c, err := scanCDR(s)
				if err != nil {
					return err
				}
				return each(&c)
			})
	})
}

// EachStatus gives every status of an agent that lasted some time between from and to, in any order.
func (db *DB) EachStatus(ctx context.Context, app openseat.AppID, from, to time.Time, each func(report.StatusChange) error) error {
	return db.look(ctx, "read agents' statuses", func(t tx) error {
		return t.rows(ctx, `SELECT n, user_id, status, reason, session, by_whom, since_us, until_us FROM agent_status
			WHERE app = $1 AND until_us > $2 AND since_us < $3`,
			[]any{int64(app), from.UnixMicro(), to.UnixMicro()}, func(s scanner) error {
				c, err := scanStatus(s)
				if err != nil {
					return err
				}
				return each(c)
			})
	})
}

func scanStatus(s scanner) (c report.StatusChange, err error) {
	var since, until int64
	err = s.Scan(&c.N, &c.User, &c.Status, &c.Reason, &c.Session, &c.By, &since, &until)
	c.Since = us(since)
	if until != present {
		c.Until = us(until)
	}
	return c, err
}
