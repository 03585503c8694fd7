package sip

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/org"
)

// The rhythm of registering.
const (
	registerFor     = 5 * time.Minute
	registerRetry   = 2 * time.Second // after the first failure, then twice as long each time
	registerRetries = 2 * time.Minute // … but never longer
	unregisterLimit = time.Second
)

// binding is one registration (RFC 3261 section 10.2): one Call-ID, growing sequence numbers.
type binding struct {
	srv    *Server
	trunk  *trunk
	cfg    *org.Trunk
	callID string
	tag    string
	seq    uint32
	want   time.Duration
	until  time.Time // when it runs out; zero while there is none
}

// register keeps us registered with a trunk's peer until ctx ends.
func (s *Server) register(ctx context.Context, t *trunk, cfg *org.Trunk) {
	b := &binding{srv: s, trunk: t, cfg: cfg, callID: token(16), tag: token(8), want: registerFor}
	t.note(func(*TrunkStatus) { t.binding = b })
	failures := 0
	for ctx.Err() == nil {
		var pause time.Duration
		granted, err := b.renew(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			pause = b.failed(err, failures)
			failures++
		default:
			pause = b.succeeded(granted)
			failures = 0
		}
		if !sleep(ctx, pause) {
			break
		}
	}
	b.end()
}

// note tells the trunk's status how it stands, unless a newer registration does.
func (b *binding) note(failure string) {
	b.trunk.note(func(status *TrunkStatus) {
		if b.trunk.binding == b {
			status.Registered, status.RegisteredUntil, status.RegisterError = time.Now().Before(b.until), b.until, failure
		}
	})
}

func (b *binding) failed(err error, failures int) time.Duration {
	b.note(err.Error())
	b.srv.log.Warn("sip: not registered", "trunk", b.cfg.Name, "peer", b.cfg.Peer, "error", err)
	pause := min(registerRetry<<min(failures, 10), registerRetries)
	return pause + rand.N(pause/4) //nolint:gosec // not all at once after a carrier's outage
}

func (b *binding) succeeded(granted time.Duration) time.Duration {
	if !time.Now().Before(b.until) {
		b.srv.log.Info("sip: registered", "trunk", b.cfg.Name, "peer", b.cfg.Peer, "for", granted)
	}
	b.until = time.Now().Add(granted)
	b.note("")
	return max(granted*3/4-rand.N(granted/10+1), time.Second) //nolint:gosec // not all at once
}

// renew registers once and returns for how long.
func (b *binding) renew(ctx context.Context) (time.Duration, error) {
	peer, ok := b.trunk.peer()
	if !ok {
		return 0, fmt.Errorf("address of %s is not known", b.cfg.Peer)
	}
	ctx, cancel := context.WithTimeout(ctx, 64*wire.T1)
	defer cancel()
	res, err := b.ask(ctx, peer, b.want)
	if err != nil {
		return 0, err
	}
	if res.StatusCode == 423 { // too brief for the registrar
		if least, err := strconv.ParseUint(header(res, "Min-Expires"), 10, 17); err == nil && least > 0 {
			b.want = time.Duration(least) * time.Second
			res, err = b.ask(ctx, peer, b.want)
			if err != nil {
				return 0, err
			}
		}
	}
	if !res.IsSuccess() {
		return 0, fmt.Errorf("registrar answered %d %s", res.StatusCode, clean(res.Reason))
	}
	return b.granted(res), nil
}

func (b *binding) ask(ctx context.Context, peer netip.AddrPort, expires time.Duration) (*wire.Response, error) {
	req := b.srv.outOfDialogRequest(wire.REGISTER, b.trunk, b.cfg, peer)
	b.seq++
	*req.CallID() = wire.CallIDHeader(b.callID)
	req.CSeq().SeqNo = b.seq
	req.From().Params.Add("tag", b.tag)
	req.To().Address = *req.From().Address.Clone() // one's own address of record
	req.AppendHeader(wire.NewHeader("Expires", seconds(expires)))
	b.seq++ // for the repetition with credentials
	return b.srv.ask(ctx, req, b.cfg)
}

// granted is how long the registrar will know us: what it says beside our contact, or for all, or what we asked for.
func (b *binding) granted(res *wire.Response) time.Duration {
	text := header(res, "Expires")
	host := b.srv.shownIP(b.trunk.mustPeer().Addr()).String()
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*wire.ContactHeader)
		if ok && c.Address.Host == host && c.Params.Has("expires") {
			text = c.Params.GetOr("expires", text)
		}
	}
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 17)
	if err != nil || n == 0 {
		return b.want
	}
	return time.Duration(n) * time.Second
}

func (t *trunk) mustPeer() netip.AddrPort {
	peer, _ := t.peer()
	return peer
}

// end takes the registration back, if there is one.
func (b *binding) end() {
	registered := time.Now().Before(b.until)
	b.until = time.Time{}
	b.note("")
	peer, ok := b.trunk.peer()
	if !registered || !ok {
		return
	}
	b.srv.talks.Run(func() {
		ctx, cancel := context.WithTimeout(context.Background(), unregisterLimit)
		defer cancel()
		_, _ = b.ask(ctx, peer, 0) // else it runs out by itself
	})
}
