package main

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/cloudapi"
	"openseat/edge/gateway"
	"openseat/live"
	"openseat/store"
	"openseat/voice"
)

// makeThing makes an empty thing of a kind.
func makeThing(ref openseat.Ref) openseat.Thing {
	switch ref.Kind {
	case openseat.KindCall:
		return call.New(ref)
	case openseat.KindBoard:
		return acd.New(ref.App)
	default:
		return nil
	}
}

// things lets the exchange talk to calls. It exists before the runtime does, since each needs the other.
type things struct{ runtime *live.Runtime }

// Tell implements voice.Teller.
func (t *things) Tell(ref openseat.Ref, e openseat.Event) { t.runtime.TellSoon(ref, e) }

// Ask implements voice.Asker.
func (t *things) Ask(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error) {
	return t.runtime.Ask(ctx, ref, e)
}

// starter is the runtime as the gateway wants it.
type starter struct{ *live.Runtime }

// Start implements gateway.Things.
func (s starter) Start(ctx context.Context, ref openseat.Ref, first openseat.Event) (any, error) {
	return s.StartAsk(ctx, ref, first)
}

// door refuses calls while the node is not ready, or no more.
type door struct {
	voice.Door
	ready interface{ Load() bool }
}

// Arrive implements voice.Door.
func (d *door) Arrive(ctx context.Context, c voice.Call) error {
	if !d.ready.Load() {
		return openseat.Errorf(openseat.CodeUnavailable, "this node is starting or stopping")
	}
	return d.Door.Arrive(ctx, c)
}

// views shows the store's pictures by the name others use.
type views struct{ *store.Views }

// View implements voice.Views and gateway.Org.
func (v views) View(app openseat.AppID) *org.View { return v.Get(app) }

// trunks lists the trunks of all instances.
func (n *Node) trunks() []*org.Trunk {
	var all []*org.Trunk
	for _, v := range n.views.All() {
		for _, t := range v.Trunks {
			all = append(all, t)
		}
	}
	return all
}

// running follows the calls that run now. changed is told of the instance whose calls have changed; it returns at once.
type running struct {
	changed func(openseat.AppID)
	also    func(openseat.Entry) // hears of every entry

	mu sync.Mutex
	r  report.Running
}

func newRunning() *running {
	return &running{changed: func(openseat.AppID) {}, also: func(openseat.Entry) {}}
}

func (r *running) apply(e openseat.Entry) {
	r.mu.Lock()
	r.r.Apply(e)
	r.mu.Unlock()
	r.also(e)
	r.changed(e.Ref.App)
}

// readAgain brings the calls known to run, and these, to where their journals are.
func (r *running) readAgain(ctx context.Context, these []openseat.Ref, read func(context.Context, openseat.Ref, uint64) ([]openseat.Entry, error)) {
	r.mu.Lock()
	known := r.r.Refs()
	r.mu.Unlock()
	for _, ref := range append(known, these...) {
		r.mu.Lock() // held while reading: what is written meanwhile waits for us
		if journal, err := read(ctx, ref, 0); err == nil {
			r.r.Refold(ref, journal)
		}
		r.mu.Unlock()
		r.changed(ref.App)
	}
}

func (r *running) list(app openseat.AppID) []report.Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.r.List(app)
}

// calls is the running calls as the cloud API wants them.
type calls struct {
	runtime *live.Runtime
	running *running
}

// HangUp implements cloudapi.Calls.
func (c calls) HangUp(ctx context.Context, app openseat.AppID, sessionID, by string) error {
	_, err := c.runtime.Ask(ctx, openseat.CallRef(app, sessionID), call.EndedByAPI{By: by})
	return err
}

// SendToGroup implements cloudapi.Calls.
func (c calls) SendToGroup(ctx context.Context, app openseat.AppID, sessionID string, to call.SentToGroup) error {
	_, err := c.runtime.Ask(ctx, openseat.CallRef(app, sessionID), to)
	return err
}

// Active implements cloudapi.Calls.
func (c calls) Active(_ context.Context, app openseat.AppID) ([]cloudapi.ActiveSession, error) {
	var out []cloudapi.ActiveSession
	for _, s := range c.running.list(app) {
		out = append(out, cloudapi.ActiveSession{
			SessionID: s.Ref.ID, Caller: s.Caller, Callee: s.Callee, Direction: s.Direction,
			StartAt: s.StartAt, RingAt: s.RingAt, AcceptAt: s.AcceptAt, User: s.User, Status: activeStatus(s.State),
		})
	}
	return out, nil
}

// dialer begins the calls that the cloud API asks for.
type dialer struct{ runtime *live.Runtime }

// CallOut implements cloudapi.Dialer.
func (d dialer) CallOut(ctx context.Context, app openseat.AppID, first call.CallOut) (string, error) {
	ref := openseat.CallRef(app, uuid.NewString())
	_, err := d.runtime.StartAsk(ctx, ref, first)
	return ref.ID, err
}

// CallFlow implements cloudapi.Dialer.
func (d dialer) CallFlow(ctx context.Context, app openseat.AppID, first call.CallOutFlow) (string, error) {
	ref := openseat.CallRef(app, uuid.NewString())
	first.Plan.Helpers = helpers()
	_, err := d.runtime.StartAsk(ctx, ref, first)
	return ref.ID, err
}

// activeStatus names a state as TCCC does, which has no name for a customer in the flow or the queue: he rings.
func activeStatus(s report.SessionState) string {
	switch s {
	case report.Joining:
		return cloudapi.SessionSeatJoining
	case report.InProgress:
		return cloudapi.SessionInProgress
	default:
		return cloudapi.SessionRinging
	}
}

// tokens is the gateway's logins as the cloud API wants them.
type tokens struct{ gateway *gateway.Gateway }

// Issue implements cloudapi.Tokens. A login serves once whatever is asked for: the SDK's manual knows no other.
func (t tokens) Issue(ctx context.Context, app openseat.AppID, user string, _ bool) (cloudapi.Login, error) {
	l, err := t.gateway.Issue(ctx, app, user)
	return cloudapi.Login{Token: l.Token, ExpiresAt: l.Expires, SDKURL: l.SdkURL}, err
}

// presence is the boards as the cloud API wants them.
type presence struct{ runtime *live.Runtime }

// SetStatus implements cloudapi.Presence.
func (p presence) SetStatus(ctx context.Context, app openseat.AppID, set acd.StatusSet) (acd.Status, error) {
	return live.As[acd.Status](p.runtime.Ask(ctx, openseat.BoardRef(app), set))
}

// Agents implements cloudapi.Presence.
func (p presence) Agents(ctx context.Context, app openseat.AppID) (map[string]acd.AgentView, error) {
	out := map[string]acd.AgentView{}
	for after := ""; ; {
		wall, err := live.As[acd.Wallboard](p.runtime.Ask(ctx, openseat.BoardRef(app), acd.Overview{After: after}))
		if err != nil {
			return nil, err
		}
		for _, a := range wall.Agents {
			out[a.User], after = a, a.User
		}
		if !wall.More || len(wall.Agents) == 0 {
			return out, nil
		}
	}
}
