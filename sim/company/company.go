package company

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"openseat/api"
)

// keep bounds how many pushes are remembered.
const keep = 1000

// Options are a company's choices; the zero value takes every push unauthenticated and has no cloud API to call.
type Options struct {
	// Auth is what a push must show: "none" (or empty), "basic" or "oauth2".
	Auth               string
	Username, Password string // of "basic"
	ClientID, Secret   string // of "oauth2"
	TokenSeconds       int    // how long a token is good for; 0 means 3600

	// API and App say whose cloud API is asked for SdkURLs. A nil API answers 503 at /sdk-url.
	API *api.Client
	App int64
}

// Company is the customer's own server. New makes one.
type Company struct {
	opts Options
	mux  *http.ServeMux

	mu      sync.Mutex
	pushes  []*Push // oldest first
	manners []Manner
	tokens  map[string]int64 // token -> Unix time it ends
	issued  int
	changed chan struct{} // closed and replaced when pushes changes
}

// New opens a company.
func New(opts Options) *Company {
	c := &Company{opts: opts, mux: http.NewServeMux(), tokens: map[string]int64{}, changed: make(chan struct{})}
	c.mux.HandleFunc("POST /push", c.receive)
	c.mux.HandleFunc("POST /token", c.token)
	c.mux.HandleFunc("GET /pushes", c.list)
	c.mux.HandleFunc("POST /sdk-url", c.sdkURL)
	return c
}

// ServeHTTP implements http.Handler. Mount it below any prefix with http.StripPrefix.
func (c *Company) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// Pushes are the remembered pushes, oldest first; of one session, if sessionID is not empty.
func (c *Company) Pushes(sessionID string) []Push {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := []Push{}
	for _, p := range c.pushes {
		if sessionID == "" || p.SessionID == sessionID {
			found = append(found, *p)
		}
	}
	return found
}

// Await waits until a push was taken that is wanted.
func (c *Company) Await(ctx context.Context, wanted func(Push) bool) (Push, error) {
	for {
		found, changed := c.find(wanted)
		if found != nil {
			return *found, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Push{}, fmt.Errorf("awaiting a push, %d others arrived: %w", len(c.Pushes("")), ctx.Err())
		}
	}
}

// find returns a copy of the wanted push, and what is closed when another look is worth it.
func (c *Company) find(wanted func(Push) bool) (*Push, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pushes {
		if found := *p; found.Taken && wanted(found) {
			return &found, nil
		}
	}
	return nil, c.changed
}

func (c *Company) list(w http.ResponseWriter, r *http.Request) {
	pushes := c.Pushes(r.URL.Query().Get("SessionId"))
	slices.Reverse(pushes)
	answer(w, http.StatusOK, map[string]any{"Pushes": pushes})
}

// sdkURL does what the company's web application does when an agent opens it.
func (c *Company) sdkURL(w http.ResponseWriter, r *http.Request) {
	if c.opts.API == nil {
		answer(w, http.StatusServiceUnavailable, map[string]string{"Error": "no cloud API is set up"})
		return
	}
	token, err := c.opts.API.CreateSDKLoginToken(r.Context(), &api.CreateSDKLoginTokenRequest{
		SdkAppId:   c.opts.App,
		SeatUserId: r.URL.Query().Get("SeatUserId"),
	})
	if err != nil {
		answer(w, http.StatusBadGateway, map[string]string{"Error": err.Error()})
		return
	}
	answer(w, http.StatusOK, map[string]any{"SdkURL": token.SdkURL, "Token": token.Token, "ExpiredTime": token.ExpiredTime})
}

func answer(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b) // the one who asked has gone: nothing to be done
}
