package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"openseat"
	"openseat/core/org"
	"openseat/core/report"
)

// Things reaches the live things: calls and boards.
type Things interface {
	// Ask tells a thing an event and waits for its Reply. A thing that is not alive answers CodeNotFound; a board is always
	// alive.
	Ask(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error)
	// Tell tells a thing an event and waits until it is written down, no longer.
	Tell(ctx context.Context, ref openseat.Ref, e openseat.Event) error
	// Start brings a new thing to life by asking it its first event, and waits for its Reply.
	Start(ctx context.Context, ref openseat.Ref, first openseat.Event) (any, error)
}

// Media makes the sound of an agent's page part of a call.
type Media interface {
	// Offer answers a page's SDP offer for a session, and waits (until ctx ends) for a session that is about to welcome it.
	// A later offer of the same session takes the place of the one before.
	Offer(ctx context.Context, app openseat.AppID, user, session, conn, sdp string) (answer string, err error)
}

// Org knows the set-up of instances.
type Org interface {
	// View is the instance's present picture; nil when there is no such instance.
	View(app openseat.AppID) *org.View
}

// Config is what a gateway needs. Metrics and Log may be nil.
type Config struct {
	Things Things
	Media  Media
	Echo   Echo
	Org    Org
	Vault  Vault
	// Watch reads the journal of all instances from now on until ctx ends, entry by entry, in the order of each thing.
	Watch func(ctx context.Context, handle func(openseat.Entry)) error
	Past  Past
	Notes Notes
	Seats Seats
	Rules Rules // nil = everybody may be called
	// Active lists an instance's running calls, oldest first; nil = none are shown. SessionsChanged is to be called after it has
	// changed.
	Active func(app openseat.AppID) []report.Session
	// Base is where browsers reach this server: "https://desk.example.com", without a slash at the end.
	Base    string
	Metrics prometheus.Registerer
	Log     *slog.Logger
}

// Gateway serves agents' pages. Make one with New, Run it, and mount Handler under /sdk/.
type Gateway struct {
	Config
	logins  logins
	hub     *hub
	meter   *meter
	assets  map[string]*asset
	checks  checks
	methods map[string]method
	feedsMu sync.Mutex
	feeds   map[openseat.AppID]*feeds
	waiting atomic.Int64 // connections that have not said hello
}

// New makes a gateway.
func New(c Config) *Gateway {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Base = strings.TrimSuffix(c.Base, "/")
	g := &Gateway{Config: c, logins: logins{vault: c.Vault}, methods: methods(), assets: assets(dist)}
	g.feeds, g.checks.now = map[openseat.AppID]*feeds{}, map[identity]*selfCheck{}
	g.meter = newMeter(c.Metrics)
	g.hub = newHub(g.meter)
	return g
}

// Handler serves what is built, the SDK's script first, and the WebSockets of pages and of self-checks.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	for name, a := range g.assets {
		mux.Handle("GET /sdk/"+name, a)
	}
	mux.HandleFunc("GET /sdk/agent", g.servePage)
	mux.HandleFunc("GET /sdk/check/ws", g.serveCheck)
	return mux
}

// Run carries the journal's news to the pages until ctx ends; then it closes them, telling them to come back.
func (g *Gateway) Run(ctx context.Context) error {
	defer g.hub.closeAll(closeGoingAway)
	for wait := time.Second; ; wait = min(2*wait, maxWatchPause) {
		began := time.Now()
		err := g.Watch(ctx, g.news)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			err = errors.New("journal watch ended")
		}
		g.Log.Error("journal watch broke off; pages resynchronise", "err", err)
		g.hub.closeAll(closeResync) // whatever was missed, each page asks for the whole picture
		if time.Since(began) > maxWatchPause {
			wait = time.Second
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

const maxWatchPause = 30 * time.Second
