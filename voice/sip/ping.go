package sip

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"time"

	wire "github.com/emiago/sipgo/sip"
)

// The rhythm of asking devices whether they are there. The questions also keep the doors of NATs open.
const (
	pingAgain    = 5 * time.Second // after one that was not answered
	pingPatience = 4 * time.Second
	pingsMissed  = 3   // in a row, until a device is forgotten
	pingsAtOnce  = 200 // in one second
	sweepEvery   = 30  // seconds between looks at the directory and at old nonces
)

// pause is how long a device is left in peace: not all at once.
func (r *registrar) pause() time.Duration {
	every := max(r.srv.opts.Health, time.Second)
	return every*3/4 + rand.N(every/4) //nolint:gosec // see above
}

// sweep does what time brings, once a second.
func (r *registrar) sweep(n int) {
	now := time.Now()
	r.forget(func(_ *phone, c *contact) bool { return !now.Before(c.until) })
	if n%sweepEvery == sweepEvery-1 {
		r.forgetUnknown()
		r.prover.sweep(now)
	}
	if r.srv.opts.Health < 0 {
		return
	}
	for _, c := range r.due(now) {
		r.srv.talks.Run(func() { r.ping(c) })
	}
}

// forgetUnknown drops the devices of extensions that were deleted.
func (r *registrar) forgetUnknown() {
	r.forget(func(p *phone, _ *contact) bool {
		for _, known := range r.prover.directory.Phones(p.key.extension) {
			if known.App == p.key.app {
				return false
			}
		}
		return true
	})
}

// due are the devices to be asked now.
func (r *registrar) due(now time.Time) []*contact {
	r.mu.Lock()
	defer r.mu.Unlock()
	var due []*contact
	for _, p := range r.phones {
		for _, c := range p.contacts {
			if len(due) < pingsAtOnce && !now.Before(c.pingAt) {
				c.pingAt = now.Add(pingAgain)
				due = append(due, c)
			}
		}
	}
	return due
}

// ping asks one device. Any answer will do.
func (r *registrar) ping(c *contact) {
	ctx, cancel := context.WithTimeout(r.srv.ctx, pingPatience)
	defer cancel()
	_, err := r.srv.askOnce(ctx, r.optionsTo(c), nil)
	if r.srv.ctx.Err() != nil {
		return
	}
	dead := false
	r.mu.Lock()
	if err != nil {
		c.missed++
		dead = c.missed >= pingsMissed
	} else {
		c.missed, c.pingAt = 0, time.Now().Add(r.pause())
	}
	r.mu.Unlock()
	if dead {
		r.forget(func(_ *phone, other *contact) bool { return other == c })
	}
}

func (r *registrar) optionsTo(c *contact) *wire.Request {
	req := wire.NewRequest(wire.OPTIONS, *c.uri.Clone())
	us := wire.Uri{Scheme: "sip", User: contactUser, Host: r.srv.shownIP(c.way.addr.Addr()).String()}
	callID := wire.CallIDHeader(token(16))
	req.AppendHeader(&wire.FromHeader{Address: us, Params: wire.HeaderParams{{K: "tag", V: token(8)}}})
	req.AppendHeader(&wire.ToHeader{Address: *c.uri.Clone()})
	req.AppendHeader(&callID)
	req.AppendHeader(&wire.CSeqHeader{SeqNo: 1, MethodName: wire.OPTIONS})
	return r.srv.addressed(req, c.way.transport, c.way.addr)
}

// stay keeps an address known while a leg of a phone there lives, whatever becomes of its registration.
func (r *registrar) stay(ip netip.Addr, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	count(r.sources, ip, n)
}
