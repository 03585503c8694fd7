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
type method func(p *page, ctx context.Context, r request) (any, error)

// methods is all that a page may ask for after hello.
func methods() map[string]method {
	return map[string]method{
		"ping":   func(*page, context.Context, request) (any, error) { return map[string]any{}, nil },
		"resync": func(p *page, ctx context.Context, _ request) (any, error) { return p.picture(ctx) },
		"bye":    (*page).doBye,

		"page.active": (*page).doActive,

		"call.start":          (*page).doStart,
		"call.internal":       (*page).doInternal,
		"call.accept":         (*page).doAccept,
		"call.decline":        (*page).doDecline,
		"call.hungUp":         (*page).doHungUp,
		"call.mute":           (*page).doMute,
		"call.hold":           (*page).doHold,
		"call.digits":         (*page).doDigits,
		"call.transfer":       (*page).doTransfer,
		"call.transferCancel": (*page).doTransferCancel,
		"call.invite":         (*page).doInvite,
		"call.reconnect":      (*page).doReconnect,
		"call.kick":           (*page).doKick,
		"call.monitor":        (*page).doMonitor,
		"call.intercept":      (*page).doIntercept,
		"call.complete":       (*page).doComplete,
		"media.offer":         (*page).doOffer,

		"agent.online":    (*page).doOnline,
		"agent.offline":   (*page).doOffline,
		"agent.setStatus": (*page).doSetStatus,
		"agent.settings":  (*page).doSettings,

		"groups.list":     (*page).doGroups,
		"numbers.mine":    (*page).doNumbers,
		"roster.watch":    (*page).doRosterWatch,
		"sessions.active": (*page).doActiveSessions,

		"records.mine": (*page).doRecords,
		"records.day":  (*page).doDay,
		"note.get":     (*page).doNote,
		"note.put":     (*page).doPutNote,
		"contact.put":  (*page).doPutContact,
		"check.link":   (*page).doCheckLink,
	}
}

// asksStore tells whether a method is answered from the store or for all at once: dear enough to be counted apart.
func asksStore(method string) bool {
	switch method {
	case "agent.settings", "roster.watch", "sessions.active", "records.mine", "records.day", "note.get", "note.put", "contact.put", "check.link",
		"resync":
		return true
	}
	return false
}

// request starts a request; its answer is queued when it is there. Requests about one session, and those about none, are
// done in the order they came in.
func (p *page) request(ctx context.Context, r request) {
	if r.Method == "pong" { // a sign of life, already noted
		return
	}
	do := p.g.methods[r.Method]
	if do == nil {
		p.reply(answer{ID: r.ID, Error: openseat.Errorf(openseat.CodeUnsupported, "method %q is not known", r.Method)})
		return
	}
	if asksStore(r.Method) && !p.desk.Allow() {
		p.reply(answer{ID: r.ID, Error: openseat.Errorf(openseat.CodeRequestLimitExceeded, "more than %d of these requests a second", deskRate)})
		return
	}
	if strings.HasPrefix(r.Method, "call.") || strings.HasPrefix(r.Method, "agent.") { // what an agent does himself
		p.g.hub.touch(p)
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
	result, err := do(p, ctx, r)
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
	switch r.Method {
	case "call.start", "call.internal", "ping":
		return ""
	case "call.monitor": // one after the other: a person monitors one call at a time
		return "monitor"
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
