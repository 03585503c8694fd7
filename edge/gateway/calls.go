package gateway

import (
	"context"

	"openseat"
	"openseat/core/call"
)

// accepted answers call.accept. The call may be the agent's while its sound is not there yet: then MediaError says why, and
// the page offers again.
type accepted struct {
	SDP        string          `json:"sdp,omitempty"`
	MediaError *openseat.Error `json:"mediaError,omitempty"`
}

func (p *page) doAccept(ctx context.Context, r request) (any, error) {
	s, ref, err := p.about(r)
	if err != nil {
		return nil, err
	}
	e := call.Accepted{User: p.who.User, Conn: p.id, TabUUID: p.tab}
	if _, err := p.g.Things.Ask(ctx, ref, e); err != nil {
		return nil, err
	}
	if s.SDP == "" {
		return accepted{}, nil
	}
	sdp, err := p.offer(ctx, s)
	return accepted{SDP: sdp, MediaError: p.blame(r, err)}, nil
}

// doOffer brings the sound of a call to this page, wherever it was before.
func (p *page) doOffer(ctx context.Context, r request) (any, error) {
	s, ref, err := p.about(r)
	if err != nil {
		return nil, err
	}
	sdp, err := p.offer(ctx, s)
	if err != nil {
		return nil, err
	}
	if p.g.hub.carrier(p.who, s.SessionID) != p.tab {
		moved := call.SeatMoved{User: p.who.User, Conn: p.id, TabUUID: p.tab}
		if _, err := p.g.Things.Ask(ctx, ref, moved); err != nil {
			return nil, err
		}
	}
	return accepted{SDP: sdp}, nil
}

// offer brings the page's sound in. The call's word that it is welcome travels beside this request, so Media waits for it a
// little while.
func (p *page) offer(ctx context.Context, s sessionParams) (string, error) {
	if s.SDP == "" {
		return "", openseat.Errorf(openseat.CodeMissingParameter, "sdp: is missing")
	}
	ctx, cancel := context.WithTimeout(ctx, offerPatience)
	defer cancel()
	return p.g.Media.Offer(ctx, p.who.App, p.who.User, s.SessionID, p.id, s.SDP)
}

func (p *page) doDecline(ctx context.Context, r request) (any, error) {
	return p.tellCall(ctx, r, func(sessionParams) openseat.Event { return call.Declined{User: p.who.User} })
}

func (p *page) doHungUp(ctx context.Context, r request) (any, error) {
	return p.tellCall(ctx, r, func(sessionParams) openseat.Event { return call.HungUp{User: p.who.User} })
}

func (p *page) doMute(ctx context.Context, r request) (any, error) {
	return p.tellCall(ctx, r, func(s sessionParams) openseat.Event { return call.Muted{User: p.who.User, On: s.On} })
}

func (p *page) doHold(ctx context.Context, r request) (any, error) {
	return p.tellCall(ctx, r, func(s sessionParams) openseat.Event { return call.HeldByAgent{User: p.who.User, On: s.On} })
}

func (p *page) doDigits(ctx context.Context, r request) (any, error) {
	return p.tellCall(ctx, r, func(s sessionParams) openseat.Event { return call.DigitsSent{User: p.who.User, Digits: s.Digits} })
}

// tellCall asks a call to take an event of its agent. Whether he has a part in it, the call knows.
func (p *page) tellCall(ctx context.Context, r request, event func(sessionParams) openseat.Event) (any, error) {
	s, ref, err := p.about(r)
	if err != nil {
		return nil, err
	}
	if _, err := p.g.Things.Ask(ctx, ref, event(s)); err != nil {
		return nil, err
	}
	return map[string]any{}, nil
}
