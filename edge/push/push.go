// Package push tells a company's own server what happened: the data push of TCCC (CDR, recording, voicemail).
//
//	journal ─▶ Handle ─▶ Store (one Delivery per push, by its UUID) ─▶ Run ─▶ POST <URL>?action=…
//
// A delivery's UUID is made of what it tells, so that telling it again after a crash is the same delivery. Deliveries of one
// session go one after the other, in the journal's order; sessions do not wait for each other. What the receiver does not
// take is tried again three times, then kept as failed until somebody replays it.
package push

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// State of a Delivery.
type State string

// The states.
const (
	Pending State = "pending"
	Sent    State = "sent"
	Failed  State = "failed"
)

// Delivery is one push on its way.
type Delivery struct {
	UUID      string
	App       openseat.AppID
	SessionID string
	Seq       uint64 // orders the deliveries of a session: the journal entry it tells of, and its place among that one's commands
	Action    string // cdr, record, voicemail
	Body      []byte // JSON
	State     State
	Attempts  int
	NextAt    time.Time
	Status    int    // HTTP status of the last attempt, 0 = no answer
	Error     string // of the last attempt
	CreatedAt time.Time
	SentAt    time.Time
}

// Store keeps deliveries.
type Store interface {
	// AddDelivery stores a new delivery; one whose UUID is known changes nothing.
	AddDelivery(ctx context.Context, d Delivery) error
	// DueDeliveries lists deliveries whose time has come, the oldest pending one of each session only.
	DueDeliveries(ctx context.Context, now time.Time, limit int) ([]Delivery, error)
	// SettleDelivery stores State, Attempts, NextAt, Status, Error and SentAt; an openseat.Error when there is no such delivery.
	SettleDelivery(ctx context.Context, d Delivery) error
}

// Config is what a Pusher works with.
type Config struct {
	Store Store
	View  func(app openseat.AppID) *org.View // nil when there is no such instance
	// Link makes the signed address under which a recording can be fetched for a while.
	Link func(r call.Recording) string
	// Public tells whether people may be shown what a host answers to a test; nil = any. Receivers in a company's own network
	// are common, so pushes go there, and yet a test must be no look into networks that are not the asker's.
	Public func(ctx context.Context, host string) bool
	HTTP   *http.Client // nil = one that follows no redirect and waits 10 s
	Log    *slog.Logger
	// Alarm is told when a delivery is given up; it must not block.
	Alarm func(kind string, err error)
	// Backoff is the pauses before the retries; nil = 5 s, 30 s, 2 min.
	Backoff []time.Duration
	// Turn tells whether it is this node's turn to deliver; nil = always. When two nodes think so for a moment, a receiver
	// gets some pushes twice, with the same UUID.
	Turn func() bool
	// Workers is how many deliveries are under way at once; 0 = 16.
	Workers int
}

// Pusher delivers.
type Pusher struct {
	Config
	auths *authorizers
	wake  chan struct{}

	mu    sync.Mutex
	under map[openseat.Ref]bool // sessions with a delivery under way
}

const (
	attemptWait  = 10 * time.Second
	settleWait   = 5 * time.Second // between tries to store what became of an attempt
	idleWait     = 5 * time.Second // a second look at the store, in case another node left something
	answerLimit  = 64 << 10
	errorLimit   = 500 // bytes of an error that are kept
	defaultCrowd = 16
)

// New makes a Pusher.
func New(c Config) *Pusher {
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: attemptWait, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if c.Backoff == nil {
		c.Backoff = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}
	}
	if c.Workers == 0 {
		c.Workers = defaultCrowd
	}
	return &Pusher{Config: c, auths: newAuthorizers(c.HTTP), wake: make(chan struct{}, 1), under: map[openseat.Ref]bool{}}
}

// Wants tells whether an entry with these commands concerns the push, so that others need not be decoded.
func Wants(names []string) bool {
	for _, n := range names {
		if n == (call.Closed{}).CommandName() || n == (call.Recorded{}).CommandName() {
			return true
		}
	}
	return false
}

// Handle makes deliveries of a journal entry. It may be told the same entry again.
func (p *Pusher) Handle(ctx context.Context, e openseat.Entry) error {
	v := p.View(e.Ref.App)
	if v == nil || v.Push.URL == "" {
		return nil
	}
	for i, c := range e.Commands {
		action, what, body := p.body(c, v, e.At)
		if action == "" {
			continue
		}
		if err := p.add(ctx, e, i, action, what, body); err != nil {
			return err
		}
	}
	return nil
}

// body renders the push that a command calls for; no action when it calls for none.
func (p *Pusher) body(c openseat.Command, v *org.View, at time.Time) (action, what string, body any) {
	switch c := c.(type) {
	case call.Closed:
		if v.Push.CDR {
			cdr := report.NewCDR(c.Record, v)
			return api.PushCDR, "", CDRBody(&cdr)
		}
	case call.Recorded:
		r := c.Recording
		if r.Kind == "voicemail" && v.Push.Voicemail {
			return api.PushVoicemail, r.Record, api.VoicemailPush{
				SdkAppId: int64(r.App), SessionId: r.SessionID, Timestamp: at.Unix(), RecordURL: p.Link(r), EndpointUser: r.EndpointUser,
			}
		}
		if r.Kind == "record" && v.Push.Record {
			return api.PushRecord, r.Record, api.RecordPush{
				SdkAppId: int64(r.App), RecordId: r.Record, SessionId: r.SessionID, Timestamp: at.Unix(),
				EndpointUser: r.EndpointUser, RecordURL: p.Link(r),
			}
		}
	}
	return "", "", nil
}

// mostCommands is more commands than an entry ever has.
const mostCommands = 1 << 12

func (p *Pusher) add(ctx context.Context, e openseat.Entry, place int, action, what string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("push %s of %s: %w", action, e.Ref, err)
	}
	err = p.Store.AddDelivery(ctx, Delivery{
		UUID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("push/"+e.Ref.String()+"/"+action+"/"+what)).String(),
		App:  e.Ref.App, SessionID: e.Ref.ID, Seq: e.Seq*mostCommands + uint64(place),
		Action: action, Body: b, State: Pending, NextAt: e.At, CreatedAt: e.At,
	})
	if err != nil {
		return fmt.Errorf("push %s of %s: %w", action, e.Ref, err)
	}
	p.Wake()
	return nil
}

// Wake has the deliveries looked at now: something was added, or replayed.
func (p *Pusher) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}
