package gateway

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"openseat"
	"openseat/core/call"
)

// method does a request of a page.
type method func(ctx context.Context, r request) (any, error)

// method finds what a page may ask for after hello; nil when there is no such thing.
func (p *page) method(name string) method {
	switch name {
	case "ping":
		return func(context.Context, request) (any, error) { return map[string]any{}, nil }
	case "resync":
		return func(ctx context.Context, _ request) (any, error) { return p.picture(ctx) }
	case "bye":
		return p.doBye
	case "call.start":
		return p.doStart
	case "call.accept":
		return p.doAccept
	case "call.decline":
		return p.doDecline
	case "call.hungUp":
		return p.doHungUp
	case "call.mute":
		return p.doMute
	case "call.hold":
		return p.doHold
	case "call.digits":
		return p.doDigits
	case "media.offer":
		return p.doOffer
	case "agent.online":
		return p.doOnline
	case "agent.offline":
		return p.doOffline
	case "agent.setStatus":
		return p.doSetStatus
	default:
		return nil
	}
}

// request starts a request; its answer is queued when it is there. Requests about one session, and those about none, are
// done in the order they came in.
func (p *page) request(ctx context.Context, r request) {
	if r.Method == "pong" { // a sign of life, already noted
		return
	}
	do := p.method(r.Method)
	if do == nil {
		p.reply(answer{ID: r.ID, Error: openseat.Errorf(openseat.CodeUnsupported, "method %q is not known", r.Method)})
		return
	}
	// What was asked is done though the page goes away meanwhile: a hang-up is often a page's last word.
	ctx = context.WithoutCancel(ctx)
	if !p.step.run(lane(r), func() { p.do(ctx, r, do) }) {
		p.reply(answer{ID: r.ID, Error: openseat.Errorf(openseat.CodeRequestLimitExceeded, "more than %d requests under way", maxInFlight)})
	}
}

func (p *page) do(ctx context.Context, r request, do method) {
	ctx, cancel := context.WithTimeout(ctx, requestWait)
	defer cancel()
	began := time.Now()
	result, err := do(ctx, r)
	a := answer{ID: r.ID, Result: result, Error: p.blame(r, err)}
	code := ""
	if a.Error != nil {
		a.Result, code = nil, a.Error.Code
	}
	p.g.meter.requests.WithLabelValues(r.Method, code).Observe(time.Since(began).Seconds())
	p.g.Log.Info("agent request", "app", p.who.App, "user", p.who.User, "conn", p.id, "method", r.Method, "session", session(r), "code", code)
	p.reply(a)
	if p.bye.Load() {
		p.end(ending{code: closeBye, reason: "bye", flush: true})
	}
}

// blame is what the page learns of an error; our own trouble is told to the log only.
func (p *page) blame(r request, err error) *openseat.Error {
	e := openseat.AsError(err)
	if e != nil && e.Code == openseat.CodeInternal {
		p.g.Log.Error("agent request failed", "app", p.who.App, "user", p.who.User, "method", r.Method, "err", err)
	}
	return e
}

// lane is what a request must wait its turn for: its session. call.start makes a new one, and waits for nobody.
func lane(r request) string {
	if r.Method == "call.start" || r.Method == "ping" {
		return ""
	}
	return "of " + session(r)
}

// sessionParams are the parameters that most methods share.
type sessionParams struct {
	SessionID string `json:"sessionId"`
	SDP       string `json:"sdp"`
	On        bool   `json:"on"`
	Digits    string `json:"digits"`
}

func session(r request) string {
	p, err := params[sessionParams](r)
	if err != nil || !isName(p.SessionID) {
		return ""
	}
	return p.SessionID
}

// about reads the parameters of a request about a session.
func (p *page) about(r request) (sessionParams, openseat.Ref, error) {
	s, err := params[sessionParams](r)
	if err != nil {
		return s, openseat.Ref{}, err
	}
	if !isName(s.SessionID) {
		return s, openseat.Ref{}, openseat.Errorf(openseat.CodeInvalidParameter, "sessionId: is not one")
	}
	return s, openseat.CallRef(p.who.App, s.SessionID), nil
}

const maxName = 64

// isName tells whether s can be part of a Ref: a SessionId, a tabUUID.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}

func unique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func byID(views map[string]call.AgentView) []call.AgentView {
	out := make([]call.AgentView, 0, len(views))
	for _, id := range slices.Sorted(maps.Keys(views)) {
		out = append(out, views[id])
	}
	return out
}
