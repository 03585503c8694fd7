package sip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

// outbound is the part of a leg's life before it is answered, for a call that goes out. It outlives the leg while something
// is left to be said: a CANCEL, an ACK and BYE for an answer that came too late, or from a second phone.
type outbound struct {
	*leg

	cfg       *org.Trunk
	req       *wire.Request
	tx        *wire.ClientTx // nil until sent, and after a failure
	attempts  int
	answered  bool // by a provisional answer: now there may be a CANCEL
	cancelled bool
	cancel    wire.Header // the Reason to cancel with
	winner    string      // the tag of whoever answered first
	forks     map[string]*leg
}

// maxForks bounds how many answers to one INVITE are dealt with.
const maxForks = 8

// Dial implements voice.Dialer. The leg is there at once; whether anything comes of it is told to l.
func (s *Server) Dial(cfg *org.Trunk, caller, callee string, timeout time.Duration, l voice.Listener) voice.Leg {
	t := s.atlas.Load().trunks[trunkKey{cfg.App, cfg.Name}]
	if t == nil { // so new, or so old, that we do not look after it
		t = &trunk{key: trunkKey{cfg.App, cfg.Name}}
		t.cfg.Store(cfg)
		t.peers.Store(peersAt(cfg))
	}
	peer, known := t.peer()
	switch {
	case !known:
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "peer's address is not known"})
	case s.draining.Load():
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "draining"})
	case !t.take():
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "trunk is full"})
	}
	made, err := s.newLeg(t, dialog{callID: token(16), ourTag: token(8), transport: t.transport(), source: peer})
	if err != nil {
		t.give()
		s.log.Error("sip: no line for an outbound call", "trunk", cfg.Name, "error", err)
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: "no line"})
	}
	made.listener = l
	out := &outbound{leg: made, cfg: cfg}
	made.side = out
	if err := s.legs.add(made, s.opts.Limits.MaxCalls); err != nil {
		made.discard()
		return s.stillborn(t, l, call.Cause{SIP: 503, Text: err.Error()})
	}
	s.counts.outbound.Add(1)
	out.do(func() {
		out.waiting = out.after(timeout, out.timeUp)
		out.send(out.invite(caller, callee, peer))
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

// invite makes the INVITE.
func (o *outbound) invite(caller, callee string, peer netip.AddrPort) *wire.Request {
	d := &o.dialog
	shown := o.srv.shownIP(peer.Addr()).String()
	domain := o.cfg.Domain
	if domain == "" {
		domain = shown
	}
	d.target = wire.Uri{Scheme: "sip", User: escape(callee), Host: peer.Addr().String(), Port: int(peer.Port())}
	if o.cfg.Domain != "" {
		d.target.Host, d.target.Port = o.cfg.Domain, 0
	}
	d.us = wire.FromHeader{
		Address: wire.Uri{Scheme: "sip", User: escape(caller), Host: domain},
		Params:  wire.HeaderParams{{K: "tag", V: d.ourTag}},
	}
	d.them = wire.ToHeader{Address: wire.Uri{Scheme: "sip", User: escape(callee), Host: d.target.Host}}
	req := o.request(wire.INVITE)
	identity := wire.FromHeader{Address: wire.Uri{Scheme: "sip", User: escape(caller), Host: domain}}
	req.AppendHeader(wire.NewHeader("P-Asserted-Identity", identity.Value()))
	req.AppendHeader(wire.NewHeader("Allow", allow))
	req.AppendHeader(wire.NewHeader("Supported", "timer"))
	req.AppendHeader(wire.NewHeader("Session-Expires", seconds(o.srv.opts.SessionExpires)))
	req.AppendHeader(wire.NewHeader("Min-SE", minSE))
	withSDP(req, o.sound.offer())
	return byName(req, o.cfg, peer)
}

// send sends the INVITE and hears what is said to it: on a goroutine, because connecting may take a while.
func (o *outbound) send(req *wire.Request) {
	o.req, o.tx = req, nil
	o.attempts++
	o.dialog.ourSeq = req.CSeq().SeqNo
	taken := o.srv.talks.Run(func() {
		again := func(res *wire.Response) { o.do(func() { o.onAnswer(res) }) }
		tx, err := o.srv.transact(o.srv.ctx, req, again)
		if err != nil {
			o.do(func() { o.failed(err) })
			return
		}
		o.do(func() { o.sent(tx) })
		for {
			select {
			case res := <-tx.Responses():
				o.do(func() { o.onResponse(res) })
				if !res.IsProvisional() {
					return
				}
			case <-tx.Done():
				o.do(func() { o.failed(orTimeout(tx.Err())) })
				return
			}
		}
	})
	if !taken {
		o.failed(net.ErrClosed)
	}
}

func (o *outbound) sent(tx *wire.ClientTx) {
	o.tx = tx
	if c, ok := tx.Connection().(*wire.TCPConnection); ok { // of several addresses, this one it is
		o.dialog.source = addrPort(c.RemoteAddr().String())
	}
}

func (o *outbound) onResponse(res *wire.Response) {
	switch {
	case res.IsProvisional():
		o.onProvisional(res)
	case res.IsSuccess():
		o.onAnswer(res)
	default:
		o.onRefusal(res)
	}
}

// onProvisional takes any number of them, from any number of phones.
func (o *outbound) onProvisional(res *wire.Response) {
	o.answered = true
	switch {
	case o.state == over:
		o.sendCancel()
		return
	case o.state >= answering || res.StatusCode == 100:
		return
	}
	if o.earlyMedia(res) {
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
func (o *outbound) onAnswer(res *wire.Response) {
	tag := tagOf(res)
	switch {
	case tag == o.winner && o.winner != "":
		o.ack(o.req.CSeq().SeqNo)
	case o.winner != "" || o.state == over:
		o.turnDown(res, tag)
	default:
		o.winner = tag
		o.take(res)
	}
}

func (o *outbound) take(res *wire.Response) {
	o.dialog.learn(res)
	o.ack(o.req.CSeq().SeqNo)
	if err := o.takeFirstAnswer(res); err != nil {
		o.bye(0)
		o.end(call.Cause{SIP: statusOf(err), Text: err.Error(), ByPeer: true})
		o.forget()
		return
	}
	o.rise(voicemailIn(res))
	o.refresh.start(o.leg, sessionFrom(res, o.srv.opts.SessionExpires), lists(res, "Allow", "UPDATE"))
}

// takeFirstAnswer reads the SDP of the 200; if a 183 brought it already, the 200 may leave it out.
func (o *outbound) takeFirstAnswer(res *wire.Response) error {
	if sdpOf(res) == nil && o.sound.agreed {
		return nil
	}
	return o.takeAnswer(res)
}

// voicemailIn says that the carrier knows a mailbox answered. Only trunks' packets get here.
func voicemailIn(res *wire.Response) bool {
	return header(res, "X-OpenSeat-Answered-By") == "voicemail"
}

// turnDown ends the call of a phone that answered too late: ACK, then BYE (RFC 3261 section 13.2.2.4).
func (o *outbound) turnDown(res *wire.Response, tag string) {
	fork := o.forks[tag]
	if fork == nil {
		if len(o.forks) >= maxForks {
			return
		}
		fork = o.srv.bareLeg(o.trunk, o.dialog)
		fork.state, fork.proof = over, o.proof
		fork.dialog.learn(res)
		fork.ack(o.req.CSeq().SeqNo)
		fork.bye(0)
		if o.forks == nil {
			o.forks = map[string]*leg{}
		}
		o.forks[tag] = fork
		return
	}
	fork.ack(o.req.CSeq().SeqNo)
}

// onRefusal is a final answer that is no 2xx; the transaction layer has acknowledged it.
func (o *outbound) onRefusal(res *wire.Response) {
	if o.state == over {
		return
	}
	if next := o.secondTry(res); next != nil {
		o.send(next)
		return
	}
	o.end(causeOf(res, res.StatusCode, res.Reason))
	o.forget()
}

// secondTry is the INVITE once more, with credentials or a longer session, if that is what was missing.
func (o *outbound) secondTry(res *wire.Response) *wire.Request {
	switch {
	case o.attempts > 2:
		return nil
	case isChallenge(res):
		next, err := prove(o.req, res, o.cfg)
		if err != nil {
			o.log.Warn("sip: call challenged", "error", err)
			return nil
		}
		o.proof = append(next.GetHeaders("Authorization"), next.GetHeaders("Proxy-Authorization")...)
		return next
	case res.StatusCode == 422 && len(res.GetHeaders("Min-SE")) > 0:
		return o.withLongerSession(header(res, "Min-SE"))
	}
	return nil
}

func (o *outbound) withLongerSession(least string) *wire.Request {
	next := renew(o.req)
	next.RemoveHeader("Session-Expires")
	next.RemoveHeader("Min-SE")
	next.AppendHeader(wire.NewHeader("Session-Expires", least))
	next.AppendHeader(wire.NewHeader("Min-SE", least))
	return next
}

// failed says that the INVITE came to nothing: not sent, or not answered.
func (o *outbound) failed(err error) {
	cause := call.Cause{SIP: 503, Text: "not reached"}
	if errors.Is(err, wire.ErrTransactionTimeout) {
		cause.Text = "the trunk does not respond" // not even 100: the line is at fault, not the callee
	}
	if o.state != over {
		o.log.Warn("sip: call not placed", "error", err)
	}
	o.end(cause)
	o.forget()
}

func (o *outbound) timeUp() {
	if o.state < answering {
		o.abandon(call.Cause{SIP: 408, Text: "not answered in time"}, nil)
	}
}

func (o *outbound) giveUp(_, q850 int) {
	o.abandon(call.Cause{SIP: 487}, reasonHeader(q850))
}

// abandon ends the leg at once, and the call as soon as may be: a CANCEL has to wait for a provisional answer (RFC 3261
// section 9.1).
func (o *outbound) abandon(cause call.Cause, reason wire.Header) {
	o.cancel = reason
	o.end(cause)
	o.forget()
	if o.answered {
		o.sendCancel()
	}
}

func (o *outbound) sendCancel() {
	if o.cancelled || o.tx == nil {
		return
	}
	o.cancelled = true
	req := cancelOf(o.req, o.cancel)
	o.srv.talks.Run(func() { _, _ = o.srv.askOnce(context.Background(), req, nil) }) // the INVITE's own answer tells how it went
	tx := o.tx
	time.AfterFunc(64*wire.T1, tx.Terminate) // a far end that does not end the INVITE is not waited for
}

// cancelOf makes the CANCEL of an INVITE (RFC 3261 section 9.1): the same Via, and nothing that is not needed.
func cancelOf(invite *wire.Request, reason wire.Header) *wire.Request {
	req := wire.NewRequest(wire.CANCEL, *invite.Recipient.Clone())
	req.AppendHeader(invite.Via().Clone())
	maxForwards := wire.MaxForwardsHeader(70)
	req.AppendHeader(&maxForwards)
	for _, name := range []string{"Route", "From", "To", "Call-ID"} {
		for _, h := range invite.GetHeaders(name) {
			req.AppendHeader(wire.HeaderClone(h))
		}
	}
	req.AppendHeader(&wire.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: wire.CANCEL})
	if reason != nil {
		req.AppendHeader(reason)
	}
	req.SetBody(nil)
	req.SetTransport(invite.Transport())
	req.SetDestination(invite.Destination())
	req.Laddr = invite.Laddr
	return req
}

func (o *outbound) ring()   {}
func (o *outbound) answer() {}
