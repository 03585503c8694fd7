package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"openseat"
)

// The states of a Delivery.
const (
	DeliveryPending = "pending"
	DeliverySent    = "sent"
	DeliveryFailed  = "failed"
)

// Delivery is one data push on its way.
type Delivery struct {
	UUID      string
	App       openseat.AppID
	SessionID string
	Seq       uint64 // orders the deliveries of a session
	Action    string // cdr, record, voicemail
	Body      []byte // JSON
	State     string
	Attempts  int
	NextAt    time.Time
	Status    int    // HTTP status of the last attempt
	Error     string // of the last attempt
	CreatedAt time.Time
	TriedAt   time.Time // the last attempt; zero before the first
	SentAt    time.Time
}

// AddDelivery stores a new delivery; one whose UUID is known changes nothing.
func (db *DB) AddDelivery(ctx context.Context, d Delivery) error {
	return db.change(ctx, "add delivery", func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO push_delivery (app, uuid, session_id, seq, action, body, state, attempts, next_at, status,
			error, created_at, tried_at, sent_at) VALUES (`+marks(1, 14)+`) ON CONFLICT (app, uuid) DO NOTHING`,
			int64(d.App), d.UUID, d.SessionID,
			int64(d.Seq),
			d.Action, d.Body, d.State, int64(d.Attempts), ms(d.NextAt), int64(d.Status), d.Error, ms(d.CreatedAt), ms(d.TriedAt), ms(d.SentAt))
		return err
	})
}

const deliveryColumns = `SELECT d.app, d.uuid, d.session_id, d.seq, d.action, d.body, d.state, d.attempts, d.next_at, d.status, d.error,
	d.created_at, d.tried_at, d.sent_at FROM push_delivery d `

func scanDelivery(s scanner) (Delivery, error) {
	var (
		d                          Delivery
		next, created, tried, sent int64
	)
	err := s.Scan(&d.App, &d.UUID, &d.SessionID, &d.Seq, &d.Action, &d.Body, &d.State, &d.Attempts, &next, &d.Status, &d.Error,
		&created, &tried, &sent)
	d.NextAt, d.CreatedAt, d.TriedAt, d.SentAt = at(next), at(created), at(tried), at(sent)
	return d, err
}

// DueDeliveries lists deliveries of all instances whose time has come, the oldest pending one of each session only. Instances
// take turns, so that one with many does not keep the others waiting.
func (db *DB) DueDeliveries(ctx context.Context, now time.Time, limit int) ([]Delivery, error) {
	return db.deliveries(ctx, "list due deliveries", `WHERE d.state = 'pending' AND d.next_at <= $1 AND NOT EXISTS (
		SELECT 1 FROM push_delivery o WHERE o.state = 'pending' AND o.app = d.app AND o.session_id = d.session_id
		AND (o.seq, o.uuid) < (d.seq, d.uuid))
		ORDER BY ROW_NUMBER() OVER (PARTITION BY d.app ORDER BY d.next_at, d.seq), d.app LIMIT $2`, ms(now), limit)
}

// SettleDelivery stores State, Attempts, NextAt, Status, Error and SentAt after an attempt.
func (db *DB) SettleDelivery(ctx context.Context, d Delivery) error {
	return db.change(ctx, "settle delivery", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE push_delivery SET state = $3, attempts = $4, next_at = $5, status = $6, error = $7, sent_at = $8,
			tried_at = $9 WHERE app = $1 AND uuid = $2`,
			int64(d.App), d.UUID, d.State, int64(d.Attempts), ms(d.NextAt), int64(d.Status), printable(d.Error), ms(d.SentAt), ms(d.TriedAt))
		if err == nil && n == 0 {
			return noDelivery(d.UUID)
		}
		return err
	})
}

// printable makes text of what a stranger answered.
func printable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// DeliveryQuery chooses deliveries. Zero values do not filter.
type DeliveryQuery struct {
	State     string
	SessionID string
	Offset    int
	Limit     int
}

// Deliveries answers one page, newest first, and how many there are on all pages.
func (db *DB) Deliveries(ctx context.Context, app openseat.AppID, q DeliveryQuery) (total int, page []Delivery, err error) {
	where, args := `WHERE d.app = $1`, []any{int64(app)}
	if q.State != "" {
		args = append(args, q.State)
		where += fmt.Sprintf(` AND d.state = $%d`, len(args))
	}
	if q.SessionID != "" {
		args = append(args, q.SessionID)
		where += fmt.Sprintf(` AND d.session_id = $%d`, len(args))
	}
	err = db.look(ctx, "find deliveries", func(t tx) error {
		return t.row(ctx, `SELECT COUNT(*) FROM push_delivery d `+where, args, &total)
	})
	if err != nil {
		return 0, nil, err
	}
	order := fmt.Sprintf(` ORDER BY d.created_at DESC, d.seq DESC, d.uuid LIMIT $%d OFFSET $%d`, len(args)+1, len(args)+2)
	page, err = db.deliveries(ctx, "find deliveries", where+order, append(args, q.Limit, q.Offset)...)
	return total, page, err
}

func (db *DB) deliveries(ctx context.Context, what, rest string, args ...any) ([]Delivery, error) {
	var all []Delivery
	err := db.look(ctx, what, func(t tx) error {
		return t.rows(ctx, deliveryColumns+rest, args, func(s scanner) error {
			d, err := scanDelivery(s)
			all = append(all, d)
			return err
		})
	})
	return all, err
}

// ReplayDelivery has a failed delivery sent again, from now on, with all its attempts. CodeNotFound; CodeStateNotAllowed when
// it is not a failed one.
func (db *DB) ReplayDelivery(ctx context.Context, app openseat.AppID, uuid string, now time.Time) error {
	return db.change(ctx, "replay delivery", func(t tx) error {
		n, err := t.exec(ctx, `UPDATE push_delivery SET state = 'pending', attempts = 0, next_at = $3
			WHERE app = $1 AND uuid = $2 AND state = 'failed'`, int64(app), uuid, ms(now))
		if err != nil || n == 1 {
			return err
		}
		var known int
		if err := t.row(ctx, `SELECT COUNT(*) FROM push_delivery WHERE app = $1 AND uuid = $2`, []any{int64(app), uuid}, &known); err != nil {
			return err
		}
		if known == 0 {
			return noDelivery(uuid)
		}
		return openseat.Errorf(openseat.CodeStateNotAllowed, "delivery %s has not failed", uuid)
	})
}

func noDelivery(uuid string) error {
	return openseat.Errorf(openseat.CodeNotFound, "delivery %s does not exist", uuid)
}
