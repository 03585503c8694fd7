package hooks

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/flow"
	"openseat/core/org"
)

// atOnce bounds what is done for all calls at a time; textWait how long a text message may take.
const (
	atOnce   = 256
	textWait = 10 * time.Second
)

// Config is what a Helper works with.
type Config struct {
	// Tell passes an answer on to a call. It returns at once.
	Tell  func(ref openseat.Ref, e openseat.Event)
	Guard Guard
	// View is an instance as calls see it, for the flows that a company's server names; nil when there is none.
	View func(app openseat.AppID) *org.View
	// Text has a text message sent by the company's server; nil = nobody does.
	Text func(ctx context.Context, ref openseat.Ref, id, to, body string) error
	Log  *slog.Logger
}

// Helper does what calls want of the company's servers. It is an executor of the live runtime's.
type Helper struct {
	Config
	client *Client
	places chan struct{}
	ctx    context.Context //nolint:containedctx // the helper's own life, ended by Close
	end    context.CancelFunc
	under  sync.WaitGroup
}

// New makes a helper.
func New(c Config) *Helper {
	ctx, end := context.WithCancel(context.Background())
	return &Helper{Config: c, client: NewClient(c.Guard), places: make(chan struct{}, atOnce), ctx: ctx, end: end}
}

// Close ends what is under way; no call is told of it.
func (h *Helper) Close() {
	h.end()
	h.under.Wait()
	h.client.Close()
}

// Execute implements live.Executor.
func (h *Helper) Execute(ref openseat.Ref, _ time.Time, commands []openseat.Command) {
	for _, c := range commands {
		switch c := c.(type) {
		case call.Fetch:
			h.aside(ref, func() openseat.Event {
				return call.Fetched{ID: c.ID, Response: h.client.Fetch(h.ctx, c.Request)}
			}, call.Fetched{ID: c.ID, Response: flow.Response{Error: "too much is asked at once"}})
		case call.AskRoute:
			h.aside(ref, func() openseat.Event { return h.route(ref, c) }, call.Routed{ID: c.ID, Error: "too much is asked at once"})
		case call.SendText:
			h.aside(ref, func() openseat.Event { return h.text(ref, c) }, call.TextSent{ID: c.ID})
		}
	}
}

// aside has something done beside the call, or tells it otherwise, when too much is under way.
func (h *Helper) aside(ref openseat.Ref, do func() openseat.Event, otherwise openseat.Event) {
	select {
	case h.places <- struct{}{}:
	default:
		h.Log.Warn("helpers are all busy", "call", ref.ID)
		h.Tell(ref, otherwise)
		return
	}
	h.under.Go(func() {
		e := do()
		<-h.places
		if h.ctx.Err() == nil {
			h.Tell(ref, e)
		}
	})
}

func (h *Helper) text(ref openseat.Ref, c call.SendText) call.TextSent {
	if h.Text == nil {
		return call.TextSent{ID: c.ID}
	}
	ctx, cancel := context.WithTimeout(h.ctx, textWait)
	defer cancel()
	if err := h.Text(ctx, ref, c.ID, c.To, c.Body); err != nil {
		h.Log.Warn("a text message was not sent", "call", ref.ID, "error", err)
		return call.TextSent{ID: c.ID}
	}
	return call.TextSent{ID: c.ID, OK: true}
}
