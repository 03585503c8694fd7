package sip

import (
	"context"
	"errors"
	"net/netip"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/org"
)

// healthPatience is how long a peer may take to say that it lives.
const healthPatience = 5 * time.Second

// watchHealth asks a trunk's peer now and then whether it lives (RFC 3261 section 11.1: OPTIONS). Any answer will do.
func (s *Server) watchHealth(ctx context.Context, t *trunk, cfg *org.Trunk) {
	for {
		if peer, ok := t.peer(); ok {
			s.checkHealth(ctx, t, cfg, peer)
		}
		if !sleep(ctx, s.opts.Health) {
			return
		}
	}
}

func (s *Server) checkHealth(ctx context.Context, t *trunk, cfg *org.Trunk, peer netip.AddrPort) {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	asked := time.Now()
	res, err := s.askOnce(ctx, s.outOfDialogRequest(wire.OPTIONS, t, cfg, peer), nil)
	alive := err == nil && res.StatusCode != 503
	if !alive && !errors.Is(ctx.Err(), context.Canceled) {
		t.shun(peer) // the next of its addresses is asked next
	}
	t.note(func(status *TrunkStatus) {
		if status.Alive && !alive {
			s.log.Warn("sip: peer does not answer", "trunk", cfg.Name, "peer", cfg.Peer)
		}
		status.Alive, status.Checked, status.CheckError = alive, time.Now(), unwell(res, err)
		if err == nil {
			status.LastAnswer, status.RoundTrip = time.Now(), time.Since(asked)
		}
	})
}

// unwell says what is wrong with a peer; empty when nothing is.
func unwell(res *wire.Response, err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, wire.ErrTransactionTimeout):
		return "no answer"
	case err != nil:
		return clean(err.Error())
	case res.StatusCode == 503:
		return "503 " + clean(res.Reason)
	}
	return ""
}

// outOfDialogRequest makes a request to a trunk's peer about the trunk itself.
func (s *Server) outOfDialogRequest(method wire.RequestMethod, t *trunk, cfg *org.Trunk, peer netip.AddrPort) *wire.Request {
	target := wire.Uri{Scheme: "sip", Host: peer.Addr().String(), Port: int(peer.Port())}
	us := wire.Uri{Scheme: "sip", User: cfg.Username, Host: s.shownIP(peer.Addr()).String()}
	if us.User == "" {
		us.User = contactUser
	}
	if cfg.Domain != "" {
		target.Host, target.Port, us.Host = cfg.Domain, 0, cfg.Domain
	}
	req := wire.NewRequest(method, target)
	callID := wire.CallIDHeader(token(16))
	req.AppendHeader(&wire.FromHeader{Address: us, Params: wire.HeaderParams{{K: "tag", V: token(8)}}})
	req.AppendHeader(&wire.ToHeader{Address: target})
	req.AppendHeader(&callID)
	req.AppendHeader(&wire.CSeqHeader{SeqNo: 1, MethodName: method})
	return byName(s.addressed(req, t.transport(), peer), cfg, peer)
}
