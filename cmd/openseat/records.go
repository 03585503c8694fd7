package main

import (
	"context"
	"io"
	"time"

	"openseat"
	"openseat/api"
	"openseat/blob"
	"openseat/bus"
	"openseat/core/report"
	"openseat/edge/cloudapi"
	"openseat/edge/push"
	"openseat/store"
)

// shelf keeps recordings in the blob store.
type shelf struct{ blobs blob.Store }

// Put implements voice.Shelf.
func (s shelf) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	return s.blobs.Put(ctx, key, r, size)
}

// Has implements voice.Shelf.
func (s shelf) Has(ctx context.Context, key string) bool {
	_, err := s.blobs.Stat(ctx, key)
	return err == nil
}

// uploads reads the sounds of flows from the blob store.
type uploads struct{ blobs blob.Store }

// Open implements voice.Uploads.
func (u uploads) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	f, _, err := u.blobs.Open(ctx, key)
	return f, err
}

// records is the past as the cloud API wants it.
type records struct {
	*store.DB
	bus *bus.Bus
}

// CDRs implements cloudapi.Records.
func (r records) CDRs(ctx context.Context, app openseat.AppID, q cloudapi.CDRQuery) (int, []report.CDR, error) {
	return r.DB.CDRs(ctx, app, store.CDRQuery(q))
}

// Timeline implements cloudapi.Records: the journal as long as it keeps the session.
func (r records) Timeline(ctx context.Context, app openseat.AppID, sessionID string) ([]openseat.Entry, error) {
	return r.bus.Read(ctx, openseat.CallRef(app, sessionID), 0)
}

// StatusMetrics implements cloudapi.Records: the day so far, in the server's time zone.
func (r records) StatusMetrics(ctx context.Context, app openseat.AppID) (map[string]cloudapi.StatusDay, error) {
	now := time.Now()
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	days, err := r.StatusDays(ctx, app, midnight, now)
	if err != nil {
		return nil, err
	}
	out := make(map[string]cloudapi.StatusDay, len(days))
	for user, d := range days {
		out[user] = cloudapi.StatusDay(d)
	}
	return out, nil
}

// deliveries keeps data pushes in the store.
type deliveries struct{ db *store.DB }

// AddDelivery implements push.Store.
func (d deliveries) AddDelivery(ctx context.Context, x push.Delivery) error {
	return d.db.AddDelivery(ctx, store.Delivery{
		UUID: x.UUID, App: x.App, SessionID: x.SessionID, Seq: x.Seq, Action: x.Action, Body: x.Body, State: string(x.State),
		Attempts: x.Attempts, NextAt: x.NextAt, CreatedAt: x.CreatedAt,
	})
}

// DueDeliveries implements push.Store.
func (d deliveries) DueDeliveries(ctx context.Context, now time.Time, limit int) ([]push.Delivery, error) {
	due, err := d.db.DueDeliveries(ctx, now, limit)
	out := make([]push.Delivery, 0, len(due))
	for _, x := range due {
		out = append(out, push.Delivery{
			UUID: x.UUID, App: x.App, SessionID: x.SessionID, Seq: x.Seq, Action: x.Action, Body: x.Body, State: push.State(x.State),
			Attempts: x.Attempts, NextAt: x.NextAt, Status: x.Status, Error: x.Error, CreatedAt: x.CreatedAt, SentAt: x.SentAt,
		})
	}
	return out, err
}

// SettleDelivery implements push.Store.
func (d deliveries) SettleDelivery(ctx context.Context, x push.Delivery) error {
	return d.db.SettleDelivery(ctx, store.Delivery{
		UUID: x.UUID, App: x.App, State: string(x.State), Attempts: x.Attempts, NextAt: x.NextAt, Status: x.Status, Error: x.Error,
		TriedAt: time.Now(), SentAt: x.SentAt,
	})
}

// pushes is the data pushes as the cloud API wants them.
type pushes struct {
	db     *store.DB
	pusher *push.Pusher
}

// Deliveries implements cloudapi.Pushes.
func (p pushes) Deliveries(ctx context.Context, app openseat.AppID, q cloudapi.DeliveryQuery) (int, []api.PushDelivery, error) {
	total, page, err := p.db.Deliveries(ctx, app, store.DeliveryQuery{
		State: storeState(q.Status), SessionID: q.SessionID, Offset: q.Offset, Limit: q.Limit,
	})
	if err != nil {
		return 0, nil, err
	}
	out := make([]api.PushDelivery, 0, len(page))
	for _, d := range page {
		out = append(out, pushDelivery(d))
	}
	return total, out, nil
}

// Try implements cloudapi.Pushes.
func (p pushes) Try(ctx context.Context, app openseat.AppID, action string) (api.TestPushResponse, error) {
	return p.pusher.Try(ctx, app, action)
}

// pushStates are the cloud API's names of a delivery's states.
func pushStates() map[string]string {
	return map[string]string{
		store.DeliveryPending: api.DeliveryPending, store.DeliverySent: api.DeliveryDelivered, store.DeliveryFailed: api.DeliveryFailed,
	}
}

func pushDelivery(d store.Delivery) api.PushDelivery {
	return api.PushDelivery{
		UUID: d.UUID, SessionId: d.SessionID, Action: d.Action, Status: pushStates()[d.State], Attempts: int64(d.Attempts),
		HTTPStatus: int64(d.Status), LastError: d.Error, CreateTimestamp: report.Unix(d.CreatedAt),
		LastAttemptTimestamp: report.Unix(d.TriedAt), Payload: d.Body,
	}
}

// storeState is the store's name of a state that the cloud API asks for.
func storeState(name string) string {
	for ours, theirs := range pushStates() {
		if theirs == name {
			return ours
		}
	}
	return name
}

// Replay implements cloudapi.Pushes.
func (p pushes) Replay(ctx context.Context, app openseat.AppID, uuid string) error {
	err := p.db.ReplayDelivery(ctx, app, uuid, time.Now())
	if err == nil {
		p.pusher.Wake()
	}
	return err
}
