package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// PutSound keeps what is known of a prompt, in place of an earlier one of the name.
func (db *DB) PutSound(ctx context.Context, s org.Sound) error {
	return db.change(ctx, "put sound", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO sound (app, name, blob_key, duration_ms, size_bytes, spoken, created_at) VALUES (`+marks(1, 7)+`)
			ON CONFLICT (app, name) DO UPDATE SET blob_key = excluded.blob_key, duration_ms = excluded.duration_ms,
			size_bytes = excluded.size_bytes, spoken = excluded.spoken, created_at = excluded.created_at`,
			int64(s.App), s.Name, s.Key, s.Duration.Milliseconds(), s.Size, s.Text, ms(s.CreatedAt))
		if isDangling(err) {
			return noInstance(s.App)
		}
		return err
	})
}

// DeleteSound forgets a prompt; CodeNotFound when there is none of the name.
func (db *DB) DeleteSound(ctx context.Context, app openseat.AppID, name string) error {
	return db.change(ctx, "delete sound", func(t tx) error {
		n, err := t.exec(ctx, `DELETE FROM sound WHERE app = $1 AND name = $2`, int64(app), name)
		if err == nil && n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "Sound %q does not exist", name)
		}
		return err
	})
}

// Sounds lists an instance's prompts by name.
func (db *DB) Sounds(ctx context.Context, app openseat.AppID) ([]org.Sound, error) {
	var all []org.Sound
	err := db.look(ctx, "list sounds", func(t tx) error {
		return t.rows(ctx, `SELECT name, blob_key, duration_ms, size_bytes, spoken, created_at FROM sound WHERE app = $1 ORDER BY name`,
			[]any{int64(app)}, func(s scanner) error {
				var duration, created int64
				x := org.Sound{App: app}
				err := s.Scan(&x.Name, &x.Key, &duration, &x.Size, &x.Text, &created)
				x.Duration, x.CreatedAt = millis(duration), at(created)
				all = append(all, x)
				return err
			})
	})
	return all, err
}

// Voicemails answers one page of the messages that q chooses, newest first, how many there are on all pages, and how many of
// the instance's nobody has heard.
func (db *DB) Voicemails(ctx context.Context, app openseat.AppID, q report.VoicemailQuery) (total, unheard int, page []report.Voicemail, err error) {
	where, args := voicemailsWhere(app, q)
	from := ` FROM recording r JOIN cdr c ON c.app = r.app AND c.session_id = r.session_id WHERE ` + where
	err = db.look(ctx, "find voicemails", func(t tx) error {
		const silent = `SELECT COUNT(*) FROM recording WHERE app = $1 AND kind = 'voicemail' AND heard_at = 0`
		if err := t.row(ctx, silent, []any{int64(app)}, &unheard); err != nil {
			return err
		}
		if err := t.row(ctx, `SELECT COUNT(*)`+from, args, &total); err != nil {
			return err
		}
		n := len(args)
		return t.rows(ctx, fmt.Sprintf(`SELECT r.record_id, r.session_id, r.endpoint_user, r.blob_key, r.start_at, r.duration_ms, r.size_bytes,
			r.heard_by, r.heard_at, c.body%s ORDER BY r.start_at DESC, r.record_id LIMIT $%d OFFSET $%d`, from, n+1, n+2),
			append(args[:n:n], q.Limit, q.Offset), func(s scanner) error {
				v, err := scanVoicemail(s, app)
				page = append(page, v)
				return err
			})
	})
	return total, unheard, page, err
}

func voicemailsWhere(app openseat.AppID, q report.VoicemailQuery) (string, []any) {
	args := []any{int64(app)}
	where := []string{`r.app = $1`, `r.kind = 'voicemail'`}
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if !q.From.IsZero() {
		add(`r.start_at >= $%d`, ms(q.From.Truncate(time.Second)))
	}
	if !q.To.IsZero() {
		add(`r.start_at < $%d`, ms(q.To.Truncate(time.Second).Add(time.Second)))
	}
	if q.Unheard {
		where = append(where, `r.heard_at = 0`)
	}
	if q.Phone != "" {
		add(`c.caller LIKE $%d ESCAPE '\'`, like(q.Phone))
	}
	return strings.Join(where, ` AND `), args
}

func scanVoicemail(s scanner, app openseat.AppID) (report.Voicemail, error) {
	var (
		start, duration, heard int64
		body                   []byte
	)
	v := report.Voicemail{Recording: call.Recording{App: app, Kind: "voicemail"}}
	if err := s.Scan(&v.Record, &v.SessionID, &v.EndpointUser, &v.Blob, &start, &duration, &v.Size, &v.HeardBy, &heard, &body); err != nil {
		return v, err
	}
	v.StartAt, v.Duration, v.HeardAt = at(start), millis(duration), at(heard)
	if err := json.Unmarshal(body, &v.Call); err != nil {
		return v, fmt.Errorf("damaged record: %w", err)
	}
	return v, nil
}

// MarkVoicemail notes who heard a message, and with a zero time that nobody did; CodeNotFound.
func (db *DB) MarkVoicemail(ctx context.Context, app openseat.AppID, recordID, by string, when time.Time) error {
	return db.change(ctx, "mark voicemail", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE recording SET heard_by = $3, heard_at = $4 WHERE app = $1 AND record_id = $2 AND kind = 'voicemail'`,
			int64(app), recordID, by, ms(when))
		if err == nil && n == 0 {
			return openseat.Errorf(openseat.CodeNotFound, "voicemail %s does not exist", recordID)
		}
		return err
	})
}

// OldRecordings lists recordings that began before a time, oldest first.
func (db *DB) OldRecordings(ctx context.Context, app openseat.AppID, before time.Time, limit int) ([]call.Recording, error) {
	var all []call.Recording
	err := db.look(ctx, "find old recordings", func(t tx) error {
		return t.rows(ctx, recordingColumns+` WHERE app = $1 AND start_at < $2 ORDER BY start_at, record_id LIMIT $3`,
			[]any{int64(app), ms(before), limit}, func(s scanner) error {
				r, err := scanRecording(s)
				all = append(all, r)
				return err
			})
	})
	return all, err
}

// DeleteRecording forgets a recording. One that is not there is no error.
func (db *DB) DeleteRecording(ctx context.Context, app openseat.AppID, recordID string) error {
	return db.change(ctx, "delete recording", func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM recording WHERE app = $1 AND record_id = $2`, int64(app), recordID)
		return err
	})
}

// DeleteOld forgets what has been kept for longer than it should be, but for recordings, some of each kind at a time; more
// says that there may be others. A zero time keeps everything of a kind.
func (db *DB) DeleteOld(ctx context.Context, app openseat.AppID, records, transcripts, audit, deliveries time.Time) (more bool, err error) {
	const some = 500
	for _, kind := range []struct {
		before time.Time
		query  string
	}{
		{deliveries, `DELETE FROM push_delivery WHERE app = $1 AND uuid IN
			(SELECT uuid FROM push_delivery WHERE app = $1 AND created_at < $2 AND state <> 'pending' ORDER BY created_at LIMIT $3)`},
		{transcripts, `DELETE FROM transcript WHERE app = $1 AND session_id IN
			(SELECT session_id FROM transcript WHERE app = $1 AND created_at < $2 ORDER BY created_at LIMIT $3)`},
		{audit, `DELETE FROM audit WHERE app = $1 AND seq IN (SELECT seq FROM audit WHERE app = $1 AND at < $2 ORDER BY at LIMIT $3)`},
		{records, `DELETE FROM note WHERE app = $1 AND session_id IN
			(SELECT session_id FROM cdr WHERE app = $1 AND start_at < $2 ORDER BY start_at, session_id LIMIT $3)`},
		{records, `DELETE FROM part WHERE app = $1 AND session_id IN
			(SELECT session_id FROM cdr WHERE app = $1 AND start_at < $2 ORDER BY start_at, session_id LIMIT $3)`},
		{records, `DELETE FROM cdr WHERE app = $1 AND session_id IN
			(SELECT session_id FROM cdr WHERE app = $1 AND start_at < $2 ORDER BY start_at, session_id LIMIT $3)`},
	} {
		if kind.before.IsZero() {
			continue
		}
		err := db.change(ctx, "delete what is old", func(t tx) error {
			n, err := t.exec(ctx, kind.query, int64(app), ms(kind.before), some)
			more = more || n >= some
			return err
		})
		if err != nil {
			return more, err
		}
	}
	return more, nil
}
