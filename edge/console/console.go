// Package console lets people into the management console: it signs them in and out, keeps their stays, and serves the
// console's pages. What the pages do they do through the cloud API; Who tells it who asks.
//
//	browser ── POST /console/api/signin ──▶ Console ──▶ cookie
//	browser ── POST / (cookie, X-CSRF-Token) ──▶ cloud API ── Who ──▶ Console
package console

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"openseat"
	"openseat/core/org"
)

// Office is the part of org.Office that signs people in and sets the first account up.
type Office interface {
	SignIn(ctx context.Context, app openseat.AppID, mail, password string) (org.Staff, error)
	SetPassword(ctx context.Context, app openseat.AppID, mail, password string) error
	CreateInstance(ctx context.Context, wish org.NewInstance) (org.Instance, error)
	CreateSuper(ctx context.Context, app openseat.AppID, mail, name, password string) error
}

// Views are the pictures of the instances that are kept in memory.
type Views interface {
	View(app openseat.AppID) *org.View
	All() []*org.View
}

// Config is what a Console works with.
type Config struct {
	Office Office
	Store  org.AccessStore
	Views  Views
	Pages  fs.FS // the built pages; index.html answers every page of the console
	Log    *slog.Logger
	Now    func() time.Time
	// SetupCode guards the set-up page while there is no instance at all; empty = there is none to be shown.
	SetupCode string
	// Base is the address people know the console by: https://desk.example.com.
	Base string
}

// Console is the console's door.
type Console struct {
	Config
	guard *guard
	links *links
	mux   *http.ServeMux

	settingUp sync.Mutex
}

// New makes a console.
func New(c Config) *Console {
	k := &Console{Config: c, guard: newGuard(c.Now), links: newLinks(c.Now), mux: http.NewServeMux()}
	k.mux.HandleFunc("POST /console/api/signin", k.open(k.signIn))
	k.mux.HandleFunc("POST /console/api/setup", k.open(k.setUp))
	k.mux.HandleFunc("POST /console/api/link", k.open(k.follow))
	k.mux.HandleFunc("GET /console/api/door", k.open(k.door))
	k.mux.HandleFunc("GET /console/api/me", k.inside(k.me))
	k.mux.HandleFunc("POST /console/api/signout", k.inside(k.signOut))
	k.mux.HandleFunc("POST /console/api/instance", k.inside(k.moveTo))
	k.mux.HandleFunc("POST /console/api/password", k.inside(k.changePassword))
	k.mux.HandleFunc("POST /console/api/factor/offer", k.inside(k.offerFactor))
	k.mux.HandleFunc("POST /console/api/factor/confirm", k.inside(k.confirmFactor))
	k.mux.HandleFunc("POST /console/api/factor/remove", k.inside(k.removeFactor))
	k.mux.Handle("GET /console/", http.StripPrefix("/console/", pages(c.Pages)))
	return k
}

// ServeHTTP serves everything below /console/.
func (k *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	k.mux.ServeHTTP(w, r)
}

const maxBody = 16 << 10

// open serves a request of who need not be inside.
func (k *Console) open(do func(*http.Request, http.ResponseWriter) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			k.answer(w, nil, openseat.Errorf(openseat.CodeInvalidValue, "Content-Type: must be application/json"))
			return
		}
		value, err := do(r, w)
		k.answer(w, value, err)
	}
}

// inside serves a request of who is.
func (k *Console) inside(do func(*http.Request, http.ResponseWriter, stay) (any, error)) http.HandlerFunc {
	return k.open(func(r *http.Request, w http.ResponseWriter) (any, error) {
		s, err := k.stayOf(r)
		if err != nil {
			return nil, err
		}
		return do(r, w, s)
	})
}

// answer writes a value, or an error as {"Error":{"Code","Message"}}.
func (k *Console) answer(w http.ResponseWriter, value any, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		e := openseat.AsError(err)
		if e.Code == openseat.CodeInternal {
			k.Log.Error("console", "err", err)
		}
		w.WriteHeader(status(e.Code))
		value = map[string]any{"Error": map[string]string{"Code": e.Code, "Message": e.Message}}
	}
	if value == nil {
		value = struct{}{}
	}
	_ = json.NewEncoder(w).Encode(value) //nolint:errchkjson // our own plain values; who is gone cannot be told
}

func status(code string) int {
	switch code {
	case openseat.CodeUnauthorized, CodeCodeWanted, CodeSignedOut:
		return http.StatusUnauthorized
	case openseat.CodeRequestLimitExceeded:
		return http.StatusTooManyRequests
	case openseat.CodeInternal:
		return http.StatusInternalServerError
	case openseat.CodeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// read fills a request from its JSON body.
func read(r *http.Request, into any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return openseat.Errorf(openseat.CodeInvalidParameter, "the request is not the JSON that is wanted: %v", err)
	}
	return nil
}

// note writes the audit log. What cannot be written down is told to the log, and does not keep anybody from working.
func (k *Console) note(ctx context.Context, e org.AuditEntry) {
	e.At = k.Now()
	if err := k.Store.AddAudit(context.WithoutCancel(ctx), e); err != nil {
		k.Log.Error("audit", "action", e.Action, "err", err)
	}
}

// Note adds to the audit log what was done through the cloud API.
func (k *Console) Note(ctx context.Context, e org.AuditEntry) { k.note(ctx, e) }
