package sip

import (
	"context"
	"net"

	wire "github.com/emiago/sipgo/sip"

	"openseat/voice"
)

// reinvited takes an INVITE within the dialog: hold, other media, a sign of life (RFC 3261 section 14.2).
func (l *leg) reinvited(req *wire.Request, tx *wire.ServerTx) {
	offer, refusal := l.readChange(req)
	if refusal != nil {
		l.srv.reply(tx, refusal)
		return
	}
	body, err := l.agree(offer)
	if err != nil {
		l.srv.reply(tx, answerTo(req, statusOf(err)))
		return
	}
	go l.drainAcks(tx)
	l.dialog.retarget(req)
	timer := sessionIn(req, l.srv.opts.SessionExpires)
	res := l.dialogAnswer(req, 200)
	timer.write(res)
	withSDP(res, body)
	err = l.sendFinal(tx, res, func(ack *wire.Request) {
		if offer == nil {
			l.takeLate(ack)
		}
	})
	if err != nil {
		l.log.Debug("sip: re-INVITE not answered", "error", err)
	}
	l.refreshed(timer)
}

// updated takes an UPDATE (RFC 3311): like a re-INVITE, but answered at once and without an ACK.
func (l *leg) updated(req *wire.Request, tx *wire.ServerTx) {
	early := l.state < answering && len(req.Body()) == 0
	var offer *description
	if !early {
		var refusal *wire.Response
		if offer, refusal = l.readChange(req); refusal != nil {
			l.respond(tx, refusal)
			return
		}
	}
	res := l.dialogAnswer(req, 200)
	if offer != nil {
		body, err := l.agree(offer)
		if err != nil {
			l.respond(tx, answerTo(req, statusOf(err)))
			return
		}
		withSDP(res, body)
	}
	l.dialog.retarget(req)
	if !early {
		timer := sessionIn(req, l.srv.opts.SessionExpires)
		timer.write(res)
		l.refreshed(timer)
	}
	l.respond(tx, res)
}

// readChange reads what the far end wants changed, or says why not.
func (l *leg) readChange(req *wire.Request) (offer *description, refusal *wire.Response) {
	switch {
	case l.state == over:
		return nil, answerTo(req, 481)
	case l.asking: // glare
		return nil, answerTo(req, 491)
	case l.state < answering || l.final != nil || !l.dialog.isNext(req.CSeq().SeqNo):
		return nil, answerTo(req, 500, retryAfter())
	}
	if unsupported := unsupportedIn(req); unsupported != "" {
		return nil, answerTo(req, 420, wire.NewHeader("Unsupported", unsupported))
	}
	if tooShortIn(req) {
		return nil, answerTo(req, 422, wire.NewHeader("Min-SE", minSE))
	}
	offer, status := offerIn(req)
	if status != 0 {
		return nil, answerTo(req, status, acceptIf(status))
	}
	return offer, nil
}

// agree follows an offer and is our description in return; without an offer, it is ours.
func (l *leg) agree(offer *description) ([]byte, error) {
	if offer == nil {
		return l.sound.offer(), nil
	}
	wasHeld := l.sound.held
	body, err := l.sound.answer(offer)
	if err == nil {
		l.tellHeld(wasHeld)
	}
	return body, err
}

func (l *leg) tellHeld(was bool) {
	held := l.sound.held
	if l.state != up {
		return
	}
	l.port.Expect(l.sound.speaks)
	if held == was {
		return
	}
	l.tell(func(n voice.Listener) { n.Held(held) })
}

// takeLate takes an answer that came in the ACK, or in the 2xx to a re-INVITE. What cannot be used changes nothing.
func (l *leg) takeLate(m wire.Message) {
	wasHeld := l.sound.held
	if err := l.takeAnswer(m); err != nil {
		l.log.Warn("sip: far end's answer cannot be used", "error", err)
		return
	}
	l.tellHeld(wasHeld)
}

// ask sends a request that negotiates. While it is under way, the far end's own are refused (glare).
func (l *leg) ask(req *wire.Request, heard func(*wire.Response, error)) {
	l.asking = true
	l.say(req, func(res *wire.Response, err error) {
		l.asking = false
		heard(res, err)
	})
}

// askInvite is ask for a re-INVITE, whose 2xx wants an ACK, and again each time it is repeated.
func (l *leg) askInvite(req *wire.Request, heard func(*wire.Response, error)) {
	l.asking = true
	seq := req.CSeq().SeqNo
	again := func(*wire.Response) { l.do(func() { l.ack(seq) }) }
	taken := l.srv.talks.Run(func() {
		res, err := l.srv.askOnce(context.Background(), req, again)
		l.do(func() {
			l.asking = false
			if err == nil && res.IsSuccess() {
				l.ack(seq)
				l.takeLate(res)
			}
			heard(res, err)
		})
	})
	if !taken {
		heard(nil, net.ErrClosed)
	}
}

// ack acknowledges a 2xx (RFC 3261 section 13.2.2.4).
func (l *leg) ack(seq uint32) {
	req := l.requestNumbered(wire.ACK, seq)
	for _, h := range l.proof { // as in the INVITE (RFC 3261 section 22.1)
		req.AppendHeader(wire.HeaderClone(h))
	}
	if err := l.srv.tp.WriteMsg(req); err != nil {
		l.log.Debug("sip: ACK not sent", "error", err)
	}
}
