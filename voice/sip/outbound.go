package sip

import (
	"net/netip"
	"slices"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

// outbound is the part of a leg's life before it is answered, for a call that goes out: over a trunk, to one address of its peer
// after the other, or to all devices of a phone at once. It outlives the leg while something is left to be said: a CANCEL, an
// ACK and BYE for an answer that came too late, or from a second phone.
type outbound struct {
	*leg

	cfg    *org.Trunk
	invite func(*try) *wire.Request
	tries  []*try
	rest   []flow      // of the peer's addresses, those not tried yet
	worst  call.Cause  // of the tries that failed, the one to tell
	cancel wire.Header // the Reason to cancel with
	winner string      // the tag of whoever answered first
	won    *try        // that he answered
	forks  map[string]*leg
}

// maxForks bounds how many answers to one call are dealt with.
const maxForks = 8

// Dial implements voice.Dialer. The leg is there at once; whether anything comes of it is told to l.
func (s *Server) Dial(cfg *org.Trunk, caller, callee string, timeout time.Duration, l voice.Listener) voice.Leg {
	t := s.atlas.Load().trunks[trunkKey{cfg.App, cfg.Name}]
	if t == nil { // so new, or so old, that we do not look after it
		t = &trunk{key: trunkKey{cfg.App, cfg.Name}}
		t.cfg.Store(cfg)
		t.peers.Store(peersAt(cfg))
	}
	peers := t.inOrder()
	switch {
	case len(peers) == 0:
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "peer's address is not known"})
	case s.draining.Load():
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "draining"})
	case !t.take():
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "trunk is full"})
	}
	var ways []flow
	for _, peer := range peers {
		if peer.Addr().Is4() == peers[0].Addr().Is4() { // they share a socket for sound
			ways = append(ways, flow{t.transport(), peer})
		}
	}
	return s.goOut(t, ways[0], timeout, l, func(o *outbound) {
		o.cfg = cfg
		o.invite = func(t *try) *wire.Request { return o.trunkInvite(t, caller, callee) }
		o.rest = ways
		o.tryNext()
	})
}

// goOut makes the leg of a call that goes out, which its line has counted, and begins it.
func (s *Server) goOut(t *trunk, way flow, timeout time.Duration, l voice.Listener, begin func(*outbound)) voice.Leg {
	made, err := s.newLeg(t, dialog{callID: token(16), ourTag: token(8), transport: way.transport, source: way.addr})
	if err != nil {
		t.give()
		s.log.Error("sip: no line for an outbound call", "trunk", t.key.name, "error", err)
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "no line"})
	}
	made.listener = l
	out := &outbound{leg: made}
	made.side = out
	if err := s.legs.add(made, s.opts.Limits.MaxCalls); err != nil {
		made.discard()
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: err.Error()})
	}
	s.counts.outbound.Add(1)
	out.do(func() {
		out.waiting = out.after(timeout, out.timeUp)
		begin(out)
	})
	return made
}

// stillborn is a leg that ends as soon as it is there.
func (s *Server) stillborn(t *trunk, listener voice.Listener, cause call.Cause) voice.Leg {
	l := s.bareLeg(t, dialog{})
	l.port = media.NewPort(nil, media.Format{}, media.PortOptions{Metronome: s.opts.Metronome})
	l.listener = listener
	l.do(func() { l.end(cause) })
	return l
}

// aim has the leg's next requests go a way, to a target.
func (o *outbound) aim(way flow, target wire.Uri) {
	d, s := &o.dialog, &o.sound
	d.transport, d.source, d.target = way.transport, way.addr, target
	s.source, s.shown = way.addr.Addr(), netip.AddrPortFrom(o.srv.shownIP(way.addr.Addr()), s.shown.Port())
}

// trunkInvite makes the INVITE of a call over a trunk.
func (o *outbound) trunkInvite(t *try, caller, callee string) *wire.Request {
	peer := t.way.addr
	domain := o.cfg.Domain
	target := wire.Uri{Scheme: "sip", User: escape(callee), Host: domain}
	if domain == "" {
		domain = o.srv.shownIP(peer.Addr()).String()
		target.Host, target.Port = peer.Addr().String(), int(peer.Port())
	}
	o.aim(t.way, target)
	us := wire.FromHeader{Address: wire.Uri{Scheme: "sip", User: escape(caller), Host: domain}}
	them := wire.ToHeader{Address: wire.Uri{Scheme: "sip", User: escape(callee), Host: target.Host}}
	return byName(o.inviteFrom(us, them), o.cfg, peer)
}

// inviteFrom makes an INVITE with what all of them have.
func (o *outbound) inviteFrom(us wire.FromHeader, them wire.ToHeader) *wire.Request {
	identity := us.Value()
	us.Params = wire.HeaderParams{{K: "tag", V: o.dialog.ourTag}}
	o.dialog.us, o.dialog.them = us, them
	req := o.request(wire.INVITE)
	req.AppendHeader(wire.NewHeader("P-Asserted-Identity", identity))
	req.AppendHeader(wire.NewHeader("Allow", o.trunk.allow()))
	req.AppendHeader(wire.NewHeader("Supported", "timer"))
	req.AppendHeader(wire.NewHeader("Session-Expires", seconds(o.srv.opts.SessionExpires)))
	req.AppendHeader(wire.NewHeader("Min-SE", minSE))
	withSDP(req, o.sound.offer())
	return req
}

// onProvisional takes any number of them, from any number of phones.
func (o *outbound) onProvisional(t *try, res *wire.Response) {
	t.answered = true
	switch {
	case o.state == over, t.abandoned:
		t.sendCancel(o.cancel)
		return
	case o.state >= answering || res.StatusCode == 100:
		return
	}
	if len(o.tries) == 1 && o.earlyMedia(res) {
		o.tell(voice.Listener.Progress)
	}
	if res.StatusCode == 180 && o.state == fromStart {
		o.state = ringing
		o.tell(voice.Listener.Ringing)
	}
}

// earlyMedia lets the far end be heard before it answers, if it says from where.
func (o *outbound) earlyMedia(res *wire.Response) bool {
	body := sdpOf(res)
	if body == nil {
		return false
	}
	d, err := readSDP(body)
	if err == nil {
		err = o.sound.answered(d)
	}
	if err != nil {
		o.log.Debug("sip: early media cannot be used", "error", err)
	}
	return err == nil
}

// onAnswer takes a 2xx: the first makes the talk; repetitions are acknowledged again; other phones are told to hang up.
func (o *outbound) onAnswer(t *try, res *wire.Response) {
	tag := tagOf(res)
	switch {
	case t == o.won && tag == o.winner:
		o.ack(t.req.CSeq().SeqNo)
	case o.won != nil || o.state == over || t.abandoned:
		o.turnDown(t, res, tag)
	default:
		o.won, o.winner = t, tag
		o.take(t, res)
	}
}

// elsewhere tells a phone that it need not ring any more, and that its owner has missed nothing (RFC 3326 section 3.1).
const elsewhere = `SIP;cause=200;text="Call completed elsewhere"`

func (o *outbound) take(t *try, res *wire.Response) {
	o.abandonTries(wire.NewHeader("Reason", elsewhere))
	o.aim(t.way, t.req.Recipient)
	o.device, o.proof, o.dialog.ourSeq = t.device, t.proof, t.req.CSeq().SeqNo
	o.dialog.learn(res)
	o.ack(t.req.CSeq().SeqNo)
	if err := o.takeFirstAnswer(res); err != nil {
		o.bye(0)
		o.end(call.Cause{SIP: statusOf(err), Text: err.Error(), ByPeer: true})
		o.forget()
		return
	}
	o.rise(o.trunk.extension == "" && voicemailIn(res))
	o.refresh.start(o.leg, sessionFrom(res, o.srv.opts.SessionExpires), lists(res, "Allow", "UPDATE"))
}

// takeFirstAnswer reads the SDP of the 200; if a 183 brought it already, the 200 may leave it out.
func (o *outbound) takeFirstAnswer(res *wire.Response) error {
	if sdpOf(res) == nil && o.sound.agreed {
		return nil
	}
	return o.takeAnswer(res)
}

// voicemailIn says that the carrier knows a mailbox answered. Only trunks are believed.
func voicemailIn(res *wire.Response) bool {
	return header(res, "X-OpenSeat-Answered-By") == "voicemail"
}

// turnDown ends the call of a phone that answered too late: ACK, then BYE (RFC 3261 section 13.2.2.4).
func (o *outbound) turnDown(t *try, res *wire.Response, tag string) {
	seq := t.req.CSeq().SeqNo
	fork := o.forks[tag]
	if fork == nil {
		if len(o.forks) >= maxForks {
			return
		}
		d := o.dialog
		d.transport, d.source, d.ourSeq = t.way.transport, t.way.addr, seq
		fork = o.srv.bareLeg(o.trunk, d)
		fork.state, fork.proof = over, t.proof
		fork.dialog.learn(res)
		fork.ack(seq)
		fork.bye(0)
		if o.forks == nil {
			o.forks = map[string]*leg{}
		}
		o.forks[tag] = fork
		return
	}
	fork.ack(seq)
}

// failed says that a try came to nothing. The call has, too, when none is left, or when the callee wants none of his phones to
// ring (RFC 3261 section 16.7, step 5: 6xx).
func (o *outbound) failed(t *try, cause call.Cause, mayElsewhere bool) {
	t.over = true
	if o.state >= answering || t.abandoned && o.trying() {
		return
	}
	if o.worst == (call.Cause{}) || weight(cause) > weight(o.worst) {
		o.worst = cause
	}
	switch {
	case cause.SIP >= 600:
		o.abandonTries(nil)
	case mayElsewhere && o.tryNext(), o.trying():
		return
	}
	o.end(o.worst)
	o.forget()
}

// trying says that a try may still come to something.
func (o *outbound) trying() bool {
	return slices.ContainsFunc(o.tries, func(t *try) bool { return !t.over && !t.abandoned })
}

// weight says which of several reasons tells most of the callee: that he declined, that he is busy, that a device of his is not
// there.
func weight(c call.Cause) int {
	switch {
	case c.SIP >= 600:
		return 3
	case c.SIP == 486:
		return 2
	case c.SIP != 0 && c.SIP != 408 && c.SIP != 503:
		return 1
	}
	return 0
}

func (o *outbound) timeUp() {
	if o.state < answering {
		o.abandon(call.Cause{SIP: 408, Text: "not answered in time"}, nil)
	}
}

func (o *outbound) giveUp(_, q850 int) {
	o.abandon(call.Cause{SIP: 487}, reasonHeader(q850))
}

// abandon ends the leg at once, and the call as soon as may be.
func (o *outbound) abandon(cause call.Cause, reason wire.Header) {
	o.end(cause)
	o.forget()
	o.abandonTries(reason)
}

// abandonTries ends the tries that are under way, but for the one that was answered. A CANCEL has to wait for a provisional
// answer (RFC 3261 section 9.1).
func (o *outbound) abandonTries(reason wire.Header) {
	o.cancel = reason
	for _, t := range o.tries {
		if t == o.won || t.over {
			continue
		}
		t.abandoned = true
		if t.answered {
			t.sendCancel(reason)
		}
	}
}

func (o *outbound) ring()   {}
func (o *outbound) answer() {}
