package store

import (
	"context"
	"time"

	"openseat"
	"openseat/core/org"
)

// Dialed implements org.DialStore.
func (db *DB) Dialed(ctx context.Context, app openseat.AppID, callee, user string, at time.Time) (d org.Dialed, err error) {
	err = db.look(ctx, "count what was dialed", func(t tx) error {
		for _, x := range []struct {
			since time.Duration
			count *int
		}{{time.Hour, &d.CalleeHour}, {24 * time.Hour, &d.CalleeDay}} {
			err := t.row(ctx, `SELECT COUNT(*) FROM cdr WHERE app = $1 AND callee = $2 AND start_at > $3`,
				[]any{int64(app), callee, ms(at.Add(-x.since))}, x.count)
			if err != nil {
				return err
			}
		}
		if user == "" {
			return nil
		}
		return t.row(ctx, `SELECT COUNT(*) FROM part WHERE app = $1 AND user_id = $2 AND start_at > $3 AND outbound`,
			[]any{int64(app), user, ms(at.Add(-time.Minute))}, &d.AgentMinute)
	})
	return d, err
}
