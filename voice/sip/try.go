package sip

import (
	"context"
	"errors"
	"net"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
)

// moveOn is how long an address of a trunk's peer may stay silent, not even saying 100, until the next one is tried, too.
const moveOn = 4 * time.Second

// try is one INVITE of an outbound call: to one address of a trunk's peer, or to one device of a phone.
type try struct {
	out    *outbound
	way    flow
	device *contact // nil over a trunk

	req       *wire.Request
	tx        *wire.ClientTx // nil until sent, and after a failure
	proof     []wire.Header  // credentials of the INVITE
	attempts  int
	answered  bool // by a provisional answer: now there may be a CANCEL
	abandoned bool // nobody wants it any more
	cancelled bool
	over      bool
}

// begin makes a try and sends its INVITE.
func (o *outbound) begin(t *try) {
	t.out = o
	o.tries = append(o.tries, t)
	t.send(o.invite(t))
}

// tryNext goes to the next address of a trunk's peer (RFC 3263 section 4.3); false says that there is none.
func (o *outbound) tryNext() bool {
	if len(o.rest) == 0 {
		return false
	}
	t := &try{way: o.rest[0]}
	o.rest = o.rest[1:]
	o.begin(t)
	if len(o.rest) > 0 {
		o.after(moveOn, t.silent)
	}
	return true
}

// silent says that nothing was heard from the address: should it wake up, its call is cancelled.
func (t *try) silent() {
	if t.answered || t.over || t.out.state >= answering {
		return
	}
	t.abandoned = true
	t.out.trunk.shun(t.way.addr)
	t.out.tryNext()
}

// send sends the INVITE and hears what is said to it: on a goroutine, because connecting may take a while.
func (t *try) send(req *wire.Request) {
	o := t.out
	t.req, t.tx = req, nil
	t.attempts++
	taken := o.srv.talks.Run(func() {
		again := func(res *wire.Response) { o.do(func() { o.onAnswer(t, res) }) }
		tx, err := o.srv.transact(o.srv.ctx, req, again)
		if err != nil {
			o.do(func() { t.unsent(err) })
			return
		}
		o.do(func() { t.sent(tx) })
		for {
			select {
			case res := <-tx.Responses():
				o.do(func() { t.heard(res) })
				if !res.IsProvisional() {
					return
				}
			case <-tx.Done():
				o.do(func() { t.unsent(orTimeout(tx.Err())) })
				return
			}
		}
	})
	if !taken {
		t.unsent(net.ErrClosed)
	}
}

func (t *try) sent(tx *wire.ClientTx) {
	t.tx = tx
	if c, ok := tx.Connection().(*wire.TCPConnection); ok { // of several addresses, this one it is
		t.way.addr = addrPort(c.RemoteAddr().String())
	}
}

func (t *try) heard(res *wire.Response) {
	switch {
	case res.IsProvisional():
		t.out.onProvisional(t, res)
	case res.IsSuccess():
		t.over = true
		t.out.onAnswer(t, res)
	default:
		t.refused(res)
	}
}

// refused is a final answer that is no 2xx; the transaction layer has acknowledged it.
func (t *try) refused(res *wire.Response) {
	if t.out.state != over && !t.abandoned {
		if next := t.secondTry(res); next != nil {
			t.send(next)
			return
		}
	}
	full := res.StatusCode == 503
	if full {
		t.out.trunk.shun(t.way.addr)
	}
	t.out.failed(t, causeOf(res, res.StatusCode, res.Reason), full)
}

// secondTry is the INVITE once more, with credentials or a longer session, if that is what was missing.
func (t *try) secondTry(res *wire.Response) *wire.Request {
	switch {
	case t.attempts > 2:
		return nil
	case isChallenge(res):
		next, err := prove(t.req, res, t.out.cfg)
		if err != nil {
			t.out.log.Warn("sip: call challenged", "error", err)
			return nil
		}
		t.proof = append(next.GetHeaders("Authorization"), next.GetHeaders("Proxy-Authorization")...)
		return next
	case res.StatusCode == 422 && len(res.GetHeaders("Min-SE")) > 0:
		return withLongerSession(t.req, header(res, "Min-SE"))
	}
	return nil
}

func withLongerSession(req *wire.Request, least string) *wire.Request {
	next := renew(req)
	next.RemoveHeader("Session-Expires")
	next.RemoveHeader("Min-SE")
	next.AppendHeader(wire.NewHeader("Session-Expires", least))
	next.AppendHeader(wire.NewHeader("Min-SE", least))
	return next
}

// unsent says that the INVITE came to nothing: not sent, or not answered.
func (t *try) unsent(err error) {
	cause := call.Cause{SIP: 503, Text: "not reached"}
	if errors.Is(err, wire.ErrTransactionTimeout) {
		cause.Text = "the trunk does not respond" // not even 100: the line is at fault, not the callee
	}
	if t.out.state != over {
		t.out.log.Warn("sip: call not placed", "error", err)
	}
	t.out.trunk.shun(t.way.addr)
	t.out.failed(t, cause, true)
}

func (t *try) sendCancel(reason wire.Header) {
	if t.cancelled || t.tx == nil {
		return
	}
	t.cancelled = true
	req, srv := cancelOf(t.req, reason), t.out.srv
	srv.talks.Run(func() { _, _ = srv.askOnce(context.Background(), req, nil) }) // the INVITE's own answer tells how it went
	time.AfterFunc(64*wire.T1, t.tx.Terminate)                                   // a far end that does not end the INVITE is not waited for
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
