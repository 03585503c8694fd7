package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// putParts writes down who of the staff had to do with a session.
func (t tx) putParts(ctx context.Context, c *report.CDR) error {
	customer := c.Customer()
	if c.CallType == call.TypeInternal {
		customer = ""
	}
	for i, p := range c.Parts() {
		out := c.Direction == call.Outbound && (c.CallType != call.TypeInternal || i == 0)
		_, err := t.exec(ctx, `INSERT INTO part (app, session_id, user_id, customer, outbound, group_id, start_at, accept_at, talk_ms, missed, score)
			VALUES (`+marks(1, 11)+`) ON CONFLICT (app, session_id, user_id) DO NOTHING`,
			int64(c.App), c.SessionID, p.User, customer, out, p.Group, ms(p.StartAt), ms(p.AcceptAt), p.Talk.Milliseconds(), p.Missed, p.Score)
		if err != nil {
			return err
		}
	}
	return nil
}

// MyCalls answers one page of a member of staff's own calls, newest first, and where the next begins; "" when there is none.
func (db *DB) MyCalls(ctx context.Context, app openseat.AppID, user string, q report.MyCallsQuery) (page []report.MyCall, before string, err error) {
	where, args := `p.app = $1 AND p.user_id = $2`, []any{int64(app), user}
	if q.Missed {
		args = append(args, true)
		where += ` AND p.missed = $3`
	}
	if q.Before != "" {
		start, session, err := mark(q.Before)
		if err != nil {
			return nil, "", err
		}
		where += fmt.Sprintf(` AND (p.start_at, p.session_id) < ($%d, $%d)`, len(args)+1, len(args)+2)
		args = append(args, start, session)
	}
	err = db.look(ctx, "list an agent's calls", func(t tx) error {
		var last int64
		err := t.rows(ctx, fmt.Sprintf(`SELECT p.user_id, p.group_id, p.start_at, p.accept_at, p.talk_ms, p.missed, p.score, c.body
			FROM part p JOIN cdr c ON c.app = p.app AND c.session_id = p.session_id
			WHERE %s ORDER BY p.start_at DESC, p.session_id DESC LIMIT $%d`, where, len(args)+1), append(args, q.Limit), func(s scanner) error {
			m, start, err := scanMyCall(s)
			last = start
			page = append(page, m)
			return err
		})
		if n := len(page); err == nil && n == q.Limit && n > 0 {
			before = strconv.FormatInt(last, 10) + "/" + page[n-1].SessionID
		}
		if err != nil || len(page) == 0 {
			return err
		}
		return t.addNotes(ctx, app, user, page)
	})
	return page, before, err
}

// mark reads where a page ended.
func mark(before string) (start int64, session string, err error) {
	number, session, ok := strings.Cut(before, "/")
	start, err = strconv.ParseInt(number, 10, 64)
	if err != nil || !ok {
		return 0, "", openseat.Errorf(openseat.CodeInvalidValue, "before %.100q is not where a page ended", before)
	}
	return start, session, nil
}

func scanMyCall(s scanner) (report.MyCall, int64, error) {
	var (
		p                   report.Part
		start, accept, talk int64
		body                []byte
		c                   report.CDR
	)
	if err := s.Scan(&p.User, &p.Group, &start, &accept, &talk, &p.Missed, &p.Score, &body); err != nil {
		return report.MyCall{}, 0, err
	}
	p.StartAt, p.AcceptAt, p.Talk = at(start), at(accept), millis(talk)
	if err := json.Unmarshal(body, &c); err != nil {
		return report.MyCall{}, 0, fmt.Errorf("damaged record: %w", err)
	}
	return report.NewMyCall(&c, p), start, nil
}

// addNotes puts the user's notes to his calls.
func (t tx) addNotes(ctx context.Context, app openseat.AppID, user string, page []report.MyCall) error {
	index, ids := map[string]int{}, make([]string, len(page))
	for i := range page {
		ids[i] = page[i].SessionID
		index[ids[i]] = i
	}
	where, args := noteWhere(app, org.NoteQuery{SessionIDs: ids, User: user})
	return t.rows(ctx, noteColumns+` WHERE `+where, args, func(s scanner) error {
		n, err := scanNote(s)
		if err == nil {
			page[index[n.SessionID]].Note = n
		}
		return err
	})
}

// MyDay sums up what a member of staff did between since and now.
func (db *DB) MyDay(ctx context.Context, app openseat.AppID, user string, since, now time.Time) (report.MyDay, error) {
	day := report.MyDay{Statuses: map[acd.Status]time.Duration{}}
	err := db.look(ctx, "sum up an agent's day", func(t tx) error {
		err := t.rows(ctx, `SELECT outbound, start_at, accept_at, talk_ms, missed, score FROM part
			WHERE app = $1 AND user_id = $2 AND start_at >= $3 AND start_at <= $4 ORDER BY start_at, session_id`,
			[]any{int64(app), user, ms(since), ms(now)}, func(s scanner) error {
				var (
					p                   report.Part
					out                 bool
					start, accept, talk int64
				)
				err := s.Scan(&out, &start, &accept, &talk, &p.Missed, &p.Score)
				p.AcceptAt, p.Talk = at(accept), millis(talk)
				day.Add(at(start), out, p)
				return err
			})
		if err != nil {
			return err
		}
		return t.rows(ctx, `SELECT status, CAST(SUM(CASE WHEN until_us > $4 THEN $4 ELSE until_us END
			- CASE WHEN since_us < $3 THEN $3 ELSE since_us END) AS BIGINT)
			FROM agent_status WHERE app = $1 AND user_id = $2 AND until_us > $3 AND since_us < $4 GROUP BY status`,
			[]any{int64(app), user, since.UnixMicro(), now.UnixMicro()}, func(s scanner) error {
				var (
					status acd.Status
					sum    int64
				)
				err := s.Scan(&status, &sum)
				day.Statuses[status] = time.Duration(sum) * time.Microsecond
				return err
			})
	})
	return day, err
}

// LastAgent answers who talked with a customer last, in a group (0 = any); "" when nobody did.
func (db *DB) LastAgent(ctx context.Context, app openseat.AppID, number string, group int64) (user string, err error) {
	where, args := `app = $1 AND customer = $2 AND accept_at > 0`, []any{int64(app), number}
	if group != 0 {
		where += ` AND group_id = $3`
		args = append(args, group)
	}
	err = db.look(ctx, "find the last agent", func(t tx) error {
		err := t.row(ctx, `SELECT user_id FROM part WHERE `+where+` ORDER BY accept_at DESC, session_id, user_id LIMIT 1`, args, &user)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return user, err
}
