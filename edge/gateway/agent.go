package gateway

import (
	"context"
	"slices"

	"openseat"
	"openseat/core/acd"
)

const (
	maxReason = 128
	// stopNotReady is the SDK's word for taking notReady back.
	stopNotReady = "stopNotReady"
)

// doActive is a page that the agent looks at now.
func (p *page) doActive(context.Context, request) (any, error) {
	p.g.hub.touch(p)
	return map[string]any{}, nil
}

func (p *page) doOnline(ctx context.Context, _ request) (any, error) {
	if _, err := p.askBoard(ctx, acd.SignedIn{User: p.who.User, Conn: p.login}); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}

func (p *page) doOffline(ctx context.Context, _ request) (any, error) {
	if _, err := p.askBoard(ctx, acd.SignedOut{User: p.who.User}); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}

// doBye is a page that leaves for good: the agent signs out, or another account takes the page. Other pages that share its
// login stay signed in.
func (p *page) doBye(ctx context.Context, r request) (any, error) {
	if p.g.hub.others(p) > 0 {
		p.bye.Store(true)
		return map[string]any{}, nil
	}
	result, err := p.doOffline(ctx, r)
	p.signOut.Store(err == nil)
	p.bye.Store(err == nil) // the connection ends once this is answered
	return result, err
}

func (p *page) doSetStatus(ctx context.Context, r request) (any, error) {
	want, err := params[struct {
		Status     string `json:"status"`
		RestReason string `json:"restReason"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := p.mayRest(want.Status, want.RestReason); err != nil {
		return nil, err
	}
	e := acd.StatusSet{User: p.who.User, Status: acd.Status(want.Status), Reason: want.RestReason}
	if want.Status == stopNotReady {
		e.Status, e.Reason = acd.StatusFree, ""
	}
	if _, err := p.askBoard(ctx, e); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}

// mayRest checks a rest's reason against the list the administrator made.
func (p *page) mayRest(want, reason string) error {
	if len(reason) > maxReason {
		return openseat.Errorf(openseat.CodeInvalidValue, "restReason: longer than %d bytes", maxReason)
	}
	view := p.g.Org.View(p.who.App)
	if want != string(acd.StatusRest) || view == nil {
		return nil
	}
	reasons := view.Instance.Settings.RestReasons
	if len(reasons) > 0 && !slices.Contains(reasons, reason) {
		return openseat.Errorf(openseat.CodeInvalidValue, "restReason: must be one of the instance's reasons")
	}
	return nil
}

// Restore signs an agent in again whom somebody has signed out, by the page that he used last. Only a page that is connected to
// this node can bring him back.
func (g *Gateway) Restore(ctx context.Context, app openseat.AppID, user string) error {
	p := g.hub.lastUsed(identity{app, user})
	if p == nil {
		return openseat.Errorf(openseat.CodeStateNotAllowed, "no page of %s is connected", user)
	}
	_, err := p.askBoard(ctx, acd.SignedIn{User: user, Conn: p.login})
	return err
}
