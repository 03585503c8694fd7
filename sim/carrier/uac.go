package carrier

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"openseat/voice/media"
)

// CallOption changes how a call is placed.
type CallOption func(*placing)

type placing struct {
	tcp     bool
	codecs  []media.Codec
	headers []sip.Header
	peer    string
}

// OverTCP places the call over TCP instead of UDP.
func OverTCP() CallOption { return func(p *placing) { p.tcp = true } }

// WithCodecs offers these laws only, in this order.
func WithCodecs(codecs ...media.Codec) CallOption { return func(p *placing) { p.codecs = codecs } }

// WithHeader adds a header to the INVITE.
func WithHeader(name, value string) CallOption {
	return func(p *placing) { p.headers = append(p.headers, sip.NewHeader(name, value)) }
}

// ToPeer calls another SIP address than Options.Peer.
func ToPeer(addr string) CallOption { return func(p *placing) { p.peer = addr } }

// Call places a customer's call into OpenSeat and returns when it is on its way; Answered and Done tell what became of it.
func (c *Carrier) Call(ctx context.Context, from, to string, options ...CallOption) (*Call, error) {
	p := placing{codecs: c.opts.Codecs, peer: c.opts.Peer}
	for _, o := range options {
		o(&p)
	}
	host, port, err := sip.ParseAddr(p.peer)
	if err != nil {
		return nil, fmt.Errorf("carrier: peer %q: %w", p.peer, err)
	}
	call, err := c.newCall(sip.GenerateTagN(24), from, to)
	if err != nil {
		return nil, err
	}
	peer := sip.Uri{Scheme: "sip", User: to, Host: host, Port: port}
	tx, err := call.place(ctx, p, peer)
	if err != nil {
		call.finish(End{SIP: sip.StatusServiceUnavailable, Reason: err.Error()})
		return nil, fmt.Errorf("carrier: calling %s: %w", to, err)
	}
	go call.await200(tx)
	return call, nil
}

func (c *Carrier) client(tcp bool) *sipgo.Client {
	if tcp {
		return c.tcp
	}
	return c.udp
}

// place sends the INVITE.
func (c *Call) place(ctx context.Context, p placing, peer sip.Uri) (sip.ClientTransaction, error) {
	me := c.carrier.contact(p.tcp)
	from := sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: c.From, Host: me.Host, Port: me.Port}, Params: sip.NewParams()}
	from.Params.Add("tag", sip.GenerateTagN(16))
	offer := session{addr: c.line.LocalAddr(), codecs: p.codecs, keys: keysPT, direction: "sendrecv"}

	c.mu.Lock()
	c.dialog = dialog{
		client: c.carrier.client(p.tcp), callID: c.id, tcp: p.tcp, me: me,
		local: from, remote: sip.ToHeader{Address: peer, Params: sip.NewParams()}, target: peer,
	}
	r := c.dialog.request(sip.INVITE, offer.write(c.sdpID, 0))
	for _, h := range p.headers {
		r.AppendHeader(h)
	}
	c.invite = r
	client := c.dialog.client
	c.mu.Unlock()
	return client.TransactionRequest(ctx, r)
}

// await200 follows the INVITE to its end. sipgo's own loop gives up after ten provisional answers.
func (c *Call) await200(tx sip.ClientTransaction) {
	for {
		select {
		case res := <-tx.Responses():
			if c.heardBack(tx, res) {
				return
			}
		case <-tx.Done():
			c.finish(End{SIP: sip.StatusRequestTimeout, Reason: fmt.Sprint(tx.Err())})
			return
		}
	}
}

// heardBack takes one answer to the INVITE and tells whether it was the final one.
func (c *Call) heardBack(tx sip.ClientTransaction, res *sip.Response) (final bool) {
	switch {
	case res.StatusCode == sip.StatusTrying:
		c.mayCancel()
		return false
	case res.IsProvisional():
		if err := c.learn(res.Body()); err != nil {
			c.carrier.opts.Log.Info("carrier: early media not understood", "err", err)
		}
		c.mu.Lock()
		once(c.ringing)
		c.mu.Unlock()
		c.mayCancel()
		return false
	case res.IsSuccess():
		c.accepted(tx, res)
		return true
	default: // sipgo has sent the ACK
		c.mu.Lock()
		byUs := c.cancelling
		c.answer = res
		c.mu.Unlock()
		c.finish(End{SIP: res.StatusCode, Q850: q850(res.GetHeader("Reason")), Reason: res.Reason, ByUs: byUs})
		return true
	}
}

// accepted makes a dialog of a 2xx.
func (c *Call) accepted(tx sip.ClientTransaction, res *sip.Response) {
	err := c.learn(res.Body())
	c.mu.Lock()
	c.answer = res
	if to := res.To(); to != nil {
		c.dialog.remote.Params = to.Params.Clone()
	}
	if contact := res.Contact(); contact != nil {
		c.dialog.target = *contact.Address.Clone()
	}
	c.dialog.route = routes(res.GetHeaders("Record-Route"))
	slices.Reverse(c.dialog.route) // the last proxy on the way back is the first on the way there
	ack, client := c.dialog.ack(c.invite.CSeq().SeqNo), c.dialog.client
	unwanted := c.cancelling || err != nil
	if !unwanted {
		once(c.answered)
	}
	c.mu.Unlock()

	again := ack.Clone()
	tx.OnRetransmission(func(*sip.Response) { c.sendACK(client, again.Clone()) })
	c.sendACK(client, ack)
	if unwanted { // the CANCEL crossed the 200, or we cannot understand it
		c.bye()
	}
}

func (c *Call) sendACK(client *sipgo.Client, ack *sip.Request) {
	if err := client.WriteRequest(ack); err != nil {
		c.carrier.opts.Log.Info("carrier: ACK not sent", "err", err)
	}
}

// HangUp ends the call in any state: CANCEL, a refusal, or BYE. It returns when that is sent and, for a BYE, answered.
func (c *Call) HangUp() {
	c.mu.Lock()
	placed, answered := c.tx == nil, closed(c.answered)
	c.cancelling = c.cancelling || !answered
	c.mu.Unlock()
	switch {
	case answered:
		c.bye()
	case placed:
		c.cancel()
	default:
		c.Refuse(sip.StatusTemporarilyUnavailable, "Temporarily Unavailable", 0)
	}
}

// mayCancel notes that the peer knows our INVITE; from now on a CANCEL makes sense (RFC 3261 section 9.1).
func (c *Call) mayCancel() {
	c.mu.Lock()
	first, wanted := !c.early, c.cancelling
	c.early = true
	c.mu.Unlock()
	if first && wanted {
		go c.cancel()
	}
}

// cancel sends a CANCEL, if the peer said anything yet. The INVITE's 487 then ends the call.
func (c *Call) cancel() {
	c.mu.Lock()
	if !c.early || closed(c.done) {
		c.mu.Unlock()
		return
	}
	r := sip.NewRequest(sip.CANCEL, *c.invite.Recipient.Clone())
	r.AppendHeader(sip.HeaderClone(c.invite.Via())) // the same branch says which INVITE is meant
	r.AppendHeader(sip.HeaderClone(c.invite.From()))
	r.AppendHeader(sip.HeaderClone(c.invite.To()))
	r.AppendHeader(sip.HeaderClone(c.invite.CallID()))
	r.AppendHeader(&sip.CSeqHeader{SeqNo: c.invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	r.SetTransport(c.invite.Transport())
	r.SetBody(nil)
	d := c.dialog
	c.mu.Unlock()
	if _, err := d.do(context.Background(), r); err != nil {
		c.carrier.opts.Log.Info("carrier: CANCEL not answered", "err", err)
	}
	time.AfterFunc(64*sip.T1, func() { // a peer that never says 487 (RFC 3261 section 9.1)
		c.finish(End{SIP: sip.StatusRequestTimeout, ByUs: true, Reason: "CANCEL"})
	})
}

func (c *Call) bye() {
	c.mu.Lock()
	r, d := c.dialog.request(sip.BYE, nil), c.dialog
	c.mu.Unlock()
	if !c.finish(End{SIP: sip.StatusOK, ByUs: true, Reason: "BYE"}) {
		return
	}
	if _, err := d.do(context.Background(), r); err != nil {
		c.carrier.opts.Log.Info("carrier: BYE not answered", "err", err)
	}
}

// Hold stops the sound to us and plays nothing more (re-INVITE, a=sendonly).
func (c *Call) Hold(ctx context.Context) error { return c.reinvite(ctx, "sendonly") }

// Unhold goes on with the call.
func (c *Call) Unhold(ctx context.Context) error { return c.reinvite(ctx, "sendrecv") }

// reinvite changes the session. A peer that is not done with the last change says 491 or 500 (RFC 3261 section 14.2): it is
// asked again a little later.
func (c *Call) reinvite(ctx context.Context, direction string) error {
	const tries, later = 5, 200 * time.Millisecond
	for try := 1; ; try++ {
		status, err := c.reinviteOnce(ctx, direction)
		busy := status == sip.StatusRequestPending || status == sip.StatusInternalServerError
		if err != nil && busy && try < tries && c.pause(later) {
			continue
		}
		return err
	}
}

func (c *Call) reinviteOnce(ctx context.Context, direction string) (status int, err error) {
	c.mu.Lock()
	c.sdpVersion++
	offer := session{addr: c.line.LocalAddr(), codecs: []media.Codec{c.Codec()}, keys: c.port.Format().DTMF, direction: direction}
	r := c.dialog.request(sip.INVITE, offer.write(c.sdpID, c.sdpVersion))
	d := c.dialog
	c.mu.Unlock()
	res, err := d.do(ctx, r)
	if err != nil {
		return 0, err
	}
	if !res.IsSuccess() {
		return res.StatusCode, fmt.Errorf("re-INVITE: %d %s", res.StatusCode, res.Reason)
	}
	c.sendACK(d.client, d.ack(r.CSeq().SeqNo))
	return res.StatusCode, c.learn(res.Body())
}
