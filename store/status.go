package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/report"
)

// present is the end of a status that has not ended.
const present = math.MaxInt64

// PutStatus implements report.Store. Changes may be told again, and in any order.
func (db *DB) PutStatus(ctx context.Context, app openseat.AppID, a acd.AgentChanged) error {
	since := a.Since.UnixMicro()
	return db.change(ctx, "put agent status", func(t tx) error {
		if known, err := t.knowsStatus(ctx, app, a, since); err != nil || known {
			return err
		}
		n, next, err := t.neighbours(ctx, app, a.User, since)
		if err != nil {
			return err
		}
		session := ""
		if len(a.Work) > 0 {
			session = a.Work[0].ID
		}
		if _, err := t.exec(ctx, `INSERT INTO agent_status (app, user_id, n, status, was, reason, session, by_whom, since_us, until_us)
			VALUES (`+marks(1, 10)+`)`, int64(app), a.User, n, string(a.Status), string(a.Before), a.Reason, session, a.By, since, next); err != nil {
			return err
		}
		// Whatever lasted beyond this moment ends here.
		if _, err := t.exec(ctx, `UPDATE agent_status SET until_us = $3
			WHERE app = $1 AND user_id = $2 AND n <> $4 AND since_us <= $3 AND until_us > $3`, int64(app), a.User, since, n); err != nil {
			return err
		}
		return t.noteLast(ctx, app, a, since)
	})
}

// neighbours answers the number for a new line of an agent's history, and when the line behind it begins.
func (t tx) neighbours(ctx context.Context, app openseat.AppID, user string, since int64) (n, next int64, err error) {
	const agent = ` FROM agent_status WHERE app = $1 AND user_id = $2`
	if err := t.row(ctx, `SELECT COALESCE(MAX(n), 0) + 1`+agent, []any{int64(app), user}, &n); err != nil {
		return 0, 0, err
	}
	later := fmt.Sprintf(`SELECT COALESCE(MIN(since_us), %d)%s AND since_us > $3`, int64(present), agent)
	err = t.row(ctx, later, []any{int64(app), user, since}, &next)
	return n, next, err
}

// knowsStatus says that a change was told before, or changes nothing but what is reserved for later.
func (t tx) knowsStatus(ctx context.Context, app openseat.AppID, a acd.AgentChanged, since int64) (bool, error) {
	var n int
	err := t.row(ctx, `SELECT COUNT(*) FROM agent_status WHERE app = $1 AND user_id = $2 AND since_us = $3 AND status = $4
		AND (was = $5 OR $5 = $4)`, []any{int64(app), a.User, since, string(a.Status), string(a.Before)}, &n)
	return n > 0, err
}

func (t tx) noteLast(ctx context.Context, app openseat.AppID, a acd.AgentChanged, since int64) error {
	online := int64(0)
	if a.Before == acd.StatusOffline && a.Status != acd.StatusOffline {
		online = since
	}
	_, err := t.exec(ctx, `INSERT INTO agent_last (app, user_id, online_us, status_us) VALUES ($1, $2, $3, $4)
		ON CONFLICT (app, user_id) DO UPDATE SET
		online_us = CASE WHEN excluded.online_us > agent_last.online_us THEN excluded.online_us ELSE agent_last.online_us END,
		status_us = CASE WHEN excluded.status_us > agent_last.status_us THEN excluded.status_us ELSE agent_last.status_us END`,
		int64(app), a.User, online, since)
	return err
}

// StatusDay sums up what an agent did in a stretch of time.
type StatusDay struct {
	Online, Free, Busy, NotReady, Rest, AfterCallWork time.Duration
	LastOnlineAt, LastStatusAt                        time.Time
}

// StatusDays sums up every agent's statuses between from and to; a status that goes on counts up to to. The last times are
// those of all times.
func (db *DB) StatusDays(ctx context.Context, app openseat.AppID, from, to time.Time) (map[string]StatusDay, error) {
	days := map[string]StatusDay{}
	err := db.look(ctx, "sum up agents' statuses", func(t tx) error {
		err := t.rows(ctx, `SELECT user_id, online_us, status_us FROM agent_last WHERE app = $1`, []any{int64(app)}, func(s scanner) error {
			var (
				user           string
				online, status int64
			)
			err := s.Scan(&user, &online, &status)
			days[user] = StatusDay{LastOnlineAt: us(online), LastStatusAt: us(status)}
			return err
		})
		if err != nil {
			return err
		}
		return t.rows(ctx, `SELECT user_id, status, CAST(SUM(CASE WHEN until_us > $3 THEN $3 ELSE until_us END
			- CASE WHEN since_us < $2 THEN $2 ELSE since_us END) AS BIGINT)
			FROM agent_status WHERE app = $1 AND until_us > $2 AND since_us < $3 GROUP BY user_id, status`,
			[]any{int64(app), from.UnixMicro(), to.UnixMicro()}, func(s scanner) error {
				var (
					user, status string
					sum          int64
				)
				err := s.Scan(&user, &status, &sum)
				day := days[user]
				day.add(acd.Status(status), time.Duration(sum)*time.Microsecond)
				days[user] = day
				return err
			})
	})
	return days, err
}

func (d *StatusDay) add(s acd.Status, sum time.Duration) {
	if s != acd.StatusOffline {
		d.Online += sum
	}
	switch s {
	case acd.StatusFree:
		d.Free += sum
	case acd.StatusBusy:
		d.Busy += sum
	case acd.StatusNotReady:
		d.NotReady += sum
	case acd.StatusRest:
		d.Rest += sum
	case acd.StatusArrange:
		d.AfterCallWork += sum
	case acd.StatusOffline:
	}
}

// StatusHistory lists an agent's statuses that began between from and to, oldest first, beginning behind the line after (its
// N; 0 begins at the first).
func (db *DB) StatusHistory(
	ctx context.Context, app openseat.AppID, user string, from, to time.Time, after int64, limit int,
) ([]report.StatusChange, error) {
	var all []report.StatusChange
	err := db.look(ctx, "list an agent's statuses", func(t tx) error {
		return t.rows(ctx, `SELECT h.n, h.user_id, h.status, h.reason, h.session, h.by_whom, h.since_us, h.until_us FROM agent_status h
			WHERE h.app = $1 AND h.user_id = $2 AND h.since_us >= $3 AND h.since_us < $4 AND (CAST($5 AS BIGINT) = 0 OR EXISTS (
				SELECT 1 FROM agent_status p
				WHERE p.app = h.app AND p.user_id = h.user_id AND p.n = $5 AND (h.since_us, h.n) > (p.since_us, p.n)))
			ORDER BY h.since_us, h.n LIMIT $6`,
			[]any{int64(app), user, from.UnixMicro(), to.UnixMicro(), after, limit}, func(s scanner) error {
				c, err := scanStatus(s)
				all = append(all, c)
				return err
			})
	})
	return all, err
}

// us is a time in microseconds as the database keeps it; 0 is the zero time.
func us(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
