package sip

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat"
	"openseat/core/call"
	"openseat/voice"
)

// The patience with inbound calls.
const (
	doorLimit  = 10 * time.Second // for the door's decision
	ringAgain  = time.Minute      // a 180 this often keeps proxies from giving up (RFC 3261 section 13.3.1.1)
	setUpLimit = 10 * time.Minute // for somebody to answer
)

// inbound is the part of a leg's life before it is answered, for a call that comes in.
type inbound struct {
	*leg

	req   *wire.Request
	tx    *wire.ServerTx
	offer *description // nil: we are to make one in the 200
	timer session
	hurry context.CancelFunc // the door need not think any more
}

// letIn makes a leg of an INVITE and takes it to the door.
func (s *Server) letIn(req *wire.Request, tx *wire.ServerTx, source netip.AddrPort, trunks []*trunk, device *contact, offer *description) {
	t := firstFree(trunks)
	if t == nil {
		s.counts.refused.Add(1)
		s.reply(tx, answerTo(req, 503, retryAfter()))
		return
	}
	l, err := s.newLeg(t, dialogOfInvite(req, req.To().Params.GetOr("tag", ""), source))
	if err != nil {
		t.give()
		s.log.Error("sip: no line for an inbound call", "trunk", t.key.name, "error", err)
		s.reply(tx, answerTo(req, 503, retryAfter()))
		return
	}
	if offer != nil {
		if _, err := l.sound.choose(offer); err != nil {
			l.discard()
			s.reply(tx, answerTo(req, statusOf(err)))
			return
		}
	}
	in := &inbound{leg: l, req: req, tx: tx, offer: offer, timer: sessionIn(req, s.opts.SessionExpires)}
	l.device = device
	l.side, l.invite = in, l.dialog.callID+"\x00"+l.dialog.theirTag+"\x00"+strconv.Itoa(int(l.dialog.theirSeq))
	switch err := s.legs.add(l, s.opts.Limits.MaxCalls); {
	case errors.Is(err, errMerged):
		l.discard()
		s.reply(tx, answerTo(req, 482))
		return
	case err != nil:
		l.discard()
		s.counts.refused.Add(1)
		s.reply(tx, answerTo(req, 503, retryAfter()))
		return
	}
	s.counts.inbound.Add(1)
	in.begin(trunks)
}

// discard throws a leg away that nobody knows of yet.
func (l *leg) discard() {
	l.port.Close()
	l.trunk.give()
	l.leave()
}

func firstFree(trunks []*trunk) *trunk {
	for _, t := range trunks {
		if t.take() {
			return t
		}
	}
	return nil
}

func (in *inbound) begin(trunks []*trunk) {
	in.waiting = in.after(setUpLimit, func() {
		if in.state < answering {
			in.giveUp(480, 0)
		}
	})
	ctx, cancel := context.WithTimeout(in.srv.ctx, doorLimit)
	in.hurry = cancel
	go in.drainAcks(in.tx)
	in.respond(in.tx, answerTo(in.req, 100))
	pending := in.tx.OnCancel(func(cancel *wire.Request) { in.do(func() { in.cancelled(cancel) }) })
	if !pending { // cancelled already, or the line is gone
		in.do(func() { in.cancelled(in.req) })
	}
	go func() {
		defer in.hurry()
		defer in.srv.survive("door")
		if err := in.arrive(ctx, trunks); err != nil {
			in.do(func() { in.turnedAway(err) })
		}
	}()
}

// arrive asks the door. Where carriers share addresses, each of their trunks is tried until one knows the number.
func (in *inbound) arrive(ctx context.Context, trunks []*trunk) error {
	notFound := openseat.Errorf(openseat.CodeNotFound, "no trunk for this address")
	var err error = notFound
	for _, t := range trunks {
		if t != in.trunk && !in.move(t) {
			continue
		}
		err = in.srv.opts.Door.Arrive(ctx, in.call(t))
		if !errors.Is(err, notFound) {
			return err
		}
	}
	return err
}

// call is what the door is told: of a phone, who has proven it, of a trunk, what the carrier says.
func (in *inbound) call(t *trunk) voice.Call {
	c := voice.Call{App: t.key.app, Callee: calleeOf(in.req), Leg: in.leg, Attach: in.attach}
	if t.extension != "" {
		c.Extension, c.Caller = t.extension, t.extension
		return c
	}
	c.Trunk, c.Caller = t.key.name, callerOf(in.req)
	return c
}

// move counts the call for another trunk.
func (in *inbound) move(t *trunk) bool {
	if !t.take() {
		return false
	}
	done := make(chan struct{})
	moved := false
	in.do(func() {
		if moved = in.state != over; moved {
			in.trunk.give()
			in.trunk, in.sound.prefer = t, t.prefer()
		}
		close(done)
	})
	<-done
	if !moved {
		t.give()
	}
	return moved
}

// turnedAway refuses a call that the door did not take.
func (in *inbound) turnedAway(err error) {
	if in.state >= answering {
		return
	}
	status := 500
	switch openseat.AsError(err).Code {
	case openseat.CodeNotFound:
		status = 404
	case openseat.CodeUnavailable, openseat.CodeLimitExceeded:
		status = 503
	case openseat.CodeUnauthorized, openseat.CodeNoCallOutNumber:
		status = 403
	}
	in.log.Info("sip: call turned away", "status", status, "error", err)
	in.refuse(status, retryAfterIf(status))
}

// refuse ends the call with a final answer.
func (in *inbound) refuse(status int, headers ...wire.Header) {
	in.respond(in.tx, answerTo(in.req, status, headers...))
	in.end(call.Cause{SIP: status})
	in.forget()
}

// cancelled is the caller's hang-up before anybody answered. The transaction layer has sent both answers to it.
func (in *inbound) cancelled(cancel *wire.Request) {
	if in.state >= answering {
		return
	}
	in.hurry()
	in.end(causeOf(cancel, 487, "Request Terminated"))
	in.forget()
}

func (in *inbound) ring() {
	in.state = ringing
	in.ringOn()
}

func (in *inbound) ringOn() {
	if in.state != ringing {
		return
	}
	in.respond(in.tx, in.answerWith(180))
	in.ringer = in.after(ringAgain, in.ringOn)
}

// answerWith makes an answer that begins a dialog.
func (in *inbound) answerWith(status int) *wire.Response {
	return in.dialogAnswer(in.req, status)
}

// dialogAnswer makes an answer that tells where we are (RFC 3261 section 12.1.1).
func (l *leg) dialogAnswer(req *wire.Request, status int) *wire.Response {
	s, d := l.srv, &l.dialog
	res := answerTo(req, status, s.contact(s.shownIP(d.source.Addr()).String(), d.transport), wire.NewHeader("Allow", l.trunk.allow()))
	res.AppendHeader(wire.NewHeader("Server", s.opts.UserAgent))
	return res
}

func (in *inbound) answer() {
	res := in.answerWith(200)
	body, err := in.describe()
	if err != nil {
		in.refuse(statusOf(err))
		return
	}
	in.timer.write(res)
	withSDP(res, body)
	in.state = answering
	if err := in.sendFinal(in.tx, res, in.confirmed); err != nil { // a CANCEL was quicker
		in.end(call.Cause{SIP: 487, ByPeer: true})
		in.forget()
	}
}

// describe is our SDP for the 200: the answer to their offer, or an offer.
func (in *inbound) describe() ([]byte, error) {
	if in.offer == nil {
		return in.sound.offer(), nil
	}
	return in.sound.answer(in.offer)
}

// confirmed begins the talk. If the offer was ours, the ACK brings its answer.
func (in *inbound) confirmed(ack *wire.Request) {
	if in.offer == nil {
		if err := in.takeAnswer(ack); err != nil {
			in.bye(0)
			in.end(call.Cause{SIP: statusOf(err), Text: err.Error(), ByPeer: true})
			in.forget()
			return
		}
	}
	in.rise(false)
	in.refresh.start(in.leg, in.timer, lists(in.req, "Allow", "UPDATE"))
}

// takeAnswer reads the SDP answer to an offer of ours.
func (l *leg) takeAnswer(m wire.Message) error {
	d, err := readSDP(sdpOf(m))
	if err != nil {
		return err
	}
	return l.sound.answered(d)
}

func (in *inbound) giveUp(sip, q850 int) {
	if sip < 300 || sip > 699 {
		sip = 480
	}
	headers := []wire.Header{retryAfterIf(sip)}
	if h := reasonHeader(q850); h != nil {
		headers = append(headers, h)
	}
	in.refuse(sip, headers...)
}

// statusOf is how an SDP that cannot be used is refused.
func statusOf(err error) int {
	if errors.Is(err, errNoSDP) {
		return 400
	}
	return 488
}
