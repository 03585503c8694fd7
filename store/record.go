package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/report"
)

var _ report.Store = (*DB)(nil)

// PutCDR implements report.Store. The first record of a session stays: the names in it are those of its day.
func (db *DB) PutCDR(ctx context.Context, c report.CDR) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("record of %s: %w", c.SessionID, err)
	}
	seat := ""
	if s := c.Seat(); s != nil {
		seat = s.User
	}
	return db.change(ctx, "put record", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO cdr (app, session_id, start_at, end_at, caller, callee, direction, call_type, end_status, seat,
			queued_group, body, talk_ms, remark, survey) VALUES (`+marks(1, 15)+`) ON CONFLICT (app, session_id) DO NOTHING`,
			int64(c.App), c.SessionID, ms(c.StartAt), ms(c.EndAt), c.Caller, c.Callee, int64(c.Direction), int64(c.CallType),
			int64(c.End), seat, c.QueuedGroup, body, talkOf(&c).Milliseconds(), c.Remark, surveyOf(&c))
		if err != nil {
			return err
		}
		return t.putParts(ctx, &c)
	})
}

// talkOf is how long a session was served.
func talkOf(c *report.CDR) time.Duration {
	if c.AcceptAt.IsZero() {
		return 0
	}
	return max(0, c.EndAt.Sub(c.AcceptAt))
}

// surveyOf is the key that the customer pressed after the call.
func surveyOf(c *report.CDR) string {
	if len(c.PostKeys) == 0 {
		return ""
	}
	return c.PostKeys[0].Key
}

// Usage sums up the calls that began between from and to, ends included. Internal calls cost no line.
func (db *DB) Usage(ctx context.Context, app openseat.AppID, from, to time.Time) (report.Usage, error) {
	var u report.Usage
	args := []any{int64(app), ms(from), ms(to.Truncate(time.Second).Add(time.Second))}
	err := db.look(ctx, "sum up usage", func(t tx) error {
		err := t.row(ctx, `SELECT COALESCE(CAST(SUM(CASE WHEN direction = 0 THEN (talk_ms + 59999) / 60000 ELSE 0 END) AS BIGINT), 0),
			COALESCE(CAST(SUM(CASE WHEN direction = 1 AND call_type <> 6 THEN (talk_ms + 59999) / 60000 ELSE 0 END) AS BIGINT), 0)
			FROM cdr WHERE app = $1 AND start_at >= $2 AND start_at < $3`, args, &u.InMinutes, &u.OutMinutes)
		if err != nil {
			return err
		}
		return t.row(ctx, `SELECT COUNT(DISTINCT user_id) FROM part
			WHERE app = $1 AND start_at >= $2 AND start_at < $3 AND accept_at > 0`, args, &u.Agents)
	})
	return u, err
}

// CDRQuery chooses call records. Zero values do not filter; the window is by the session's start in whole seconds, ends
// included.
type CDRQuery struct {
	From, To   time.Time
	Phones     []string // of either party
	SessionIDs []string
	Offset     int
	Limit      int
}

// CDRs answers one page of the records that q chooses, newest first, and how many there are on all pages.
func (db *DB) CDRs(ctx context.Context, app openseat.AppID, q CDRQuery) (total int, page []report.CDR, err error) {
	where, args := q.where(app)
	err = db.look(ctx, "find records", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM cdr WHERE `+where, args, &total); err != nil {
			return err
		}
		n := len(args)
		return t.rows(ctx, fmt.Sprintf(`SELECT body FROM cdr WHERE %s ORDER BY start_at DESC, session_id LIMIT $%d OFFSET $%d`, where, n+1, n+2),
			append(args[:n:n], q.Limit, q.Offset), func(s scanner) error {
				c, err := scanCDR(s)
				page = append(page, c)
				return err
			})
	})
	return total, page, err
}

func (q CDRQuery) where(app openseat.AppID) (string, []any) {
	args := []any{int64(app)}
	where := []string{`app = $1`}
	if !q.From.IsZero() {
		args = append(args, ms(q.From.Truncate(time.Second)))
		where = append(where, fmt.Sprintf(`start_at >= $%d`, len(args)))
	}
	if !q.To.IsZero() {
		args = append(args, ms(q.To.Truncate(time.Second).Add(time.Second)))
		where = append(where, fmt.Sprintf(`start_at < $%d`, len(args)))
	}
	if len(q.Phones) > 0 {
		in := marks(len(args)+1, len(q.Phones))
		args = append(args, anys(q.Phones)...)
		where = append(where, fmt.Sprintf(`(caller IN (%s) OR callee IN (%s))`, in, in))
	}
	if len(q.SessionIDs) > 0 {
		where = append(where, `session_id IN (`+marks(len(args)+1, len(q.SessionIDs))+`)`)
		args = append(args, anys(q.SessionIDs)...)
	}
	return strings.Join(where, ` AND `), args
}

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, s := range texts {
		all[i] = s
	}
	return all
}

// CDR answers the record of a finished session; CodeRecordNotExist.
func (db *DB) CDR(ctx context.Context, app openseat.AppID, sessionID string) (report.CDR, error) {
	var c report.CDR
	err := db.look(ctx, "find record", func(t tx) error {
		found := false
		err := t.rows(ctx, `SELECT body FROM cdr WHERE app = $1 AND session_id = $2`, []any{int64(app), sessionID}, func(s scanner) (err error) {
			c, err = scanCDR(s)
			found = true
			return err
		})
		if err == nil && !found {
			return openseat.Errorf(openseat.CodeRecordNotExist, "session %s has no record", sessionID)
		}
		return err
	})
	return c, err
}

func scanCDR(s scanner) (report.CDR, error) {
	var (
		body []byte
		c    report.CDR
	)
	if err := s.Scan(&body); err != nil {
		return c, err
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, fmt.Errorf("damaged record: %w", err)
	}
	return c, nil
}

// PutRecording implements report.Store.
func (db *DB) PutRecording(ctx context.Context, r call.Recording) error {
	return db.change(ctx, "put recording", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO recording (app, record_id, session_id, kind, endpoint_user, blob_key, start_at, duration_ms,
			size_bytes) VALUES (`+marks(1, 9)+`) ON CONFLICT (app, record_id) DO NOTHING`,
			int64(r.App), r.Record, r.SessionID, r.Kind, r.EndpointUser, r.Blob, ms(r.StartAt), r.Duration.Milliseconds(), r.Size)
		return err
	})
}

const recordingColumns = `SELECT app, record_id, session_id, kind, endpoint_user, blob_key, start_at, duration_ms, size_bytes FROM recording`

func scanRecording(s scanner) (call.Recording, error) {
	var (
		r               call.Recording
		start, duration int64
	)
	err := s.Scan(&r.App, &r.Record, &r.SessionID, &r.Kind, &r.EndpointUser, &r.Blob, &start, &duration, &r.Size)
	r.StartAt, r.Duration = at(start), millis(duration)
	return r, err
}

// Recordings lists the finished recordings of these sessions, oldest first.
func (db *DB) Recordings(ctx context.Context, app openseat.AppID, sessionIDs []string) ([]call.Recording, error) {
	if len(sessionIDs) == 0 {
		return nil, nil
	}
	var all []call.Recording
	err := db.look(ctx, "find recordings", func(t tx) error {
		return t.rows(ctx, recordingColumns+` WHERE app = $1 AND session_id IN (`+marks(2, len(sessionIDs))+`) ORDER BY start_at, record_id`,
			append([]any{int64(app)}, anys(sessionIDs)...), func(s scanner) error {
				r, err := scanRecording(s)
				all = append(all, r)
				return err
			})
	})
	return all, err
}

// Recording answers one recording by its RecordId; CodeNotFound.
func (db *DB) Recording(ctx context.Context, app openseat.AppID, recordID string) (call.Recording, error) {
	var r call.Recording
	err := db.look(ctx, "find recording", func(t tx) error {
		found := false
		err := t.rows(ctx, recordingColumns+` WHERE app = $1 AND record_id = $2`, []any{int64(app), recordID}, func(s scanner) (err error) {
			r, err = scanRecording(s)
			found = true
			return err
		})
		if err == nil && !found {
			return openseat.Errorf(openseat.CodeNotFound, "recording %s does not exist", recordID)
		}
		return err
	})
	return r, err
}

// PutTranscript keeps a finished session's journal. The first one stays.
func (db *DB) PutTranscript(ctx context.Context, app openseat.AppID, sessionID string, entries []byte, now time.Time) error {
	return db.change(ctx, "put transcript", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO transcript (app, session_id, entries, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (app, session_id) DO NOTHING`, int64(app), sessionID, entries, ms(now))
		return err
	})
}

// Transcript answers a finished session's journal; CodeNotFound.
func (db *DB) Transcript(ctx context.Context, app openseat.AppID, sessionID string) ([]byte, error) {
	var entries []byte
	err := db.look(ctx, "find transcript", func(t tx) error {
		found := false
		err := t.rows(ctx, `SELECT entries FROM transcript WHERE app = $1 AND session_id = $2`, []any{int64(app), sessionID}, func(s scanner) error {
			found = true
			return s.Scan(&entries)
		})
		if err == nil && !found {
			return openseat.Errorf(openseat.CodeNotFound, "session %s has no transcript", sessionID)
		}
		return err
	})
	return entries, err
}
