package sip

import (
	"fmt"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/voice"
)

// referLimit is how long a phone is kept in suspense about its transfer.
const referLimit = 90 * time.Second

// referral is a phone's wish to hand the other party on (RFC 3515), while nobody knows what will come of it. The phone is told
// by NOTIFYs: that it is tried, and at the end that it worked, before our BYE, or that it did not.
type referral struct {
	leg   *leg
	id    string
	timer *time.Timer
}

// referred takes a REFER. One that names a dialog to take the place of (attended transfer) is not followed: the agent's page
// does that, and a phone may consult and hand on from there.
func (l *leg) referred(req *wire.Request, tx *wire.ServerTx) {
	to := req.GetHeaders("Refer-To")
	transfers, able := l.listener.(voice.Transfers)
	switch {
	case l.trunk.extension == "" || !able:
		l.srv.reply(tx, answerTo(req, 405, wire.NewHeader("Allow", l.trunk.allow())))
		return
	case l.state != up:
		l.respond(tx, answerTo(req, 481))
		return
	case len(to) != 1:
		l.respond(tx, answerTo(req, 400))
		return
	case l.referral != nil:
		l.respond(tx, answerTo(req, 491))
		return
	}
	target := targetOf(to[0])
	if target == "" {
		l.respond(tx, answerTo(req, 501))
		return
	}
	l.respond(tx, answerTo(req, 202, l.srv.contact(l.srv.shownIP(l.dialog.source.Addr()).String(), l.dialog.transport)))
	l.referral = &referral{leg: l, id: fmt.Sprint(req.CSeq().SeqNo)}
	l.referral.timer = l.after(referLimit, func() { l.settleReferral(408, func() {}) })
	there := transfers.Transfer(target)
	l.notify(l.referral, 100, func() {
		if !there {
			l.settleReferral(404, func() {})
		}
	})
}

// targetOf is whom a Refer-To names; empty when it wants more than a call.
func targetOf(h wire.Header) string {
	to, ok := h.(*wire.ReferToHeader)
	if !ok || to.Address.Headers.Has("Replaces") {
		return ""
	}
	return userOf(&to.Address)
}

// settleReferral tells the phone what became of its transfer, if it asked for one, and goes on then.
func (l *leg) settleReferral(status int, then func()) {
	r := l.referral
	if r == nil {
		then()
		return
	}
	l.referral = nil
	r.timer.Stop()
	l.notify(r, status, then)
}

// notify sends a NOTIFY; then is called when the phone has answered, or will not any more.
func (l *leg) notify(r *referral, status int, then func()) {
	req := l.request(wire.NOTIFY)
	state := "active;expires=" + seconds(referLimit)
	if status >= 200 {
		state = "terminated;reason=noresource"
	}
	req.AppendHeader(wire.NewHeader("Event", "refer;id="+r.id))
	req.AppendHeader(wire.NewHeader("Subscription-State", state))
	req.AppendHeader(wire.NewHeader("Content-Type", "message/sipfrag;version=2.0"))
	req.SetBody(fmt.Appendf(nil, "SIP/2.0 %d %s\r\n", status, phrase(status)))
	l.say(req, func(*wire.Response, error) { then() })
}
