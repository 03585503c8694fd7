package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"openseat"
	"openseat/core/report"
)

// conditions collects what a statement's WHERE asks for.
type conditions struct {
	where []string
	args  []any
}

// add adds a condition; each %s of it stands for the argument.
func (c *conditions) add(condition string, arg any) {
	c.args = append(c.args, arg)
	c.where = append(c.where, strings.ReplaceAll(condition, "%s", fmt.Sprintf("$%d", len(c.args))))
}

// SearchCDRs answers one page of the records that q chooses, newest first, and how many there are on all pages.
func (db *DB) SearchCDRs(ctx context.Context, app openseat.AppID, q report.Search) (total int, page []report.CDR, err error) {
	c := searched(app, q)
	where := strings.Join(c.where, ` AND `)
	err = db.look(ctx, "search records", func(t tx) error {
		if err := t.row(ctx, `SELECT COUNT(*) FROM cdr c WHERE `+where, c.args, &total); err != nil {
			return err
		}
		n := len(c.args)
		query := fmt.Sprintf(`SELECT c.body FROM cdr c WHERE %s ORDER BY c.start_at DESC, c.session_id LIMIT $%d OFFSET $%d`, where, n+1, n+2)
		return t.rows(ctx, query, append(c.args[:n:n], q.Limit, q.Offset), func(s scanner) error {
			record, err := scanCDR(s)
			page = append(page, record)
			return err
		})
	})
	return total, page, err
}

func searched(app openseat.AppID, q report.Search) *conditions {
	c := &conditions{}
	c.add(`c.app = %s`, int64(app))
	if !q.From.IsZero() {
		c.add(`c.start_at >= %s`, ms(q.From.Truncate(time.Second)))
	}
	if !q.To.IsZero() {
		c.add(`c.start_at < %s`, ms(q.To.Truncate(time.Second).Add(time.Second)))
	}
	if q.Phone != "" {
		c.add(`(c.caller LIKE %s ESCAPE '\' OR c.callee LIKE %s ESCAPE '\')`, like(q.Phone))
	}
	if q.Number != "" {
		c.add(`(c.caller = %s OR c.callee = %s)`, q.Number)
	}
	if q.Direction != nil {
		c.add(`c.direction = %s`, *q.Direction)
	}
	if q.CallType != 0 {
		c.add(`c.call_type = %s`, q.CallType)
	}
	if q.End != nil {
		c.add(`c.end_status = %s`, *q.End)
	}
	c.parts(q)
	c.talk(q)
	return c
}

// parts is what the staff had to do with it.
func (c *conditions) parts(q report.Search) {
	const part = `EXISTS (SELECT 1 FROM part p WHERE p.app = c.app AND p.session_id = c.session_id AND `
	if q.Group != 0 {
		c.add(`(c.queued_group = %s OR `+part+`p.group_id = %s))`, q.Group)
	}
	if q.Staff != "" {
		c.add(part+`p.user_id = %s)`, q.Staff)
	}
	if q.Survey != "" {
		c.add(`c.survey = %s`, q.Survey)
	}
	if q.Remark != "" {
		c.add(`LOWER(c.remark) LIKE %s ESCAPE '\'`, like(strings.ToLower(q.Remark)))
	}
}

func (c *conditions) talk(q report.Search) {
	if q.MinTalk > 0 {
		c.add(`c.talk_ms >= %s`, q.MinTalk.Milliseconds())
	}
	if q.MaxTalk != nil {
		c.add(`c.talk_ms <= %s`, q.MaxTalk.Milliseconds())
	}
	if q.Recorded != nil {
		const recorded = `EXISTS (SELECT 1 FROM recording r WHERE r.app = c.app AND r.session_id = c.session_id)`
		condition := recorded
		if !*q.Recorded {
			condition = `NOT ` + recorded
		}
		c.where = append(c.where, condition)
	}
}
