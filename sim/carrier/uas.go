package carrier

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"openseat/voice/media"
)

// onInvite takes a call that OpenSeat places, or a change of a running one.
func (c *Carrier) onInvite(r *sip.Request, tx sip.ServerTransaction) {
	if r.To() != nil && r.To().Params.Has("tag") {
		c.forCall(r, tx, (*Call).changed)
		return
	}
	if _, ok := c.registrar.authentic(r, "Proxy-Authorization"); !ok {
		c.challenge(r, tx, sip.StatusProxyAuthRequired, "Proxy-Authenticate")
		awaitAck(tx)
		return
	}
	call, err := c.arrive(r, tx)
	if err != nil {
		c.opts.Log.Info("carrier: call refused", "err", err)
		c.refuse(r, tx, sip.StatusServiceUnavailable, "Service Unavailable", 0)
		return
	}
	script := ByLastDigit(call.To)
	if c.opts.Pick != nil {
		if picked := c.opts.Pick(call.To); picked != nil {
			script = picked
		}
	}
	go script(call)
	call.serve(tx)
}

// arrive makes a call of an INVITE.
func (c *Carrier) arrive(r *sip.Request, tx sip.ServerTransaction) (*Call, error) {
	if r.CallID() == nil || r.From() == nil || r.To() == nil || r.Contact() == nil || r.CSeq() == nil {
		return nil, errors.New("carrier: INVITE without Call-ID, From, To, Contact or CSeq")
	}
	call, err := c.newCall(r.CallID().Value(), r.From().Address.User, r.Recipient.User)
	if err != nil {
		return nil, err
	}
	if err := call.learn(r.Body()); err != nil {
		call.finish(End{SIP: sip.StatusNotAcceptableHere, ByUs: true, Reason: err.Error()})
		return nil, err
	}
	tcp := sip.IsReliable(r.Transport())
	call.mu.Lock()
	defer call.mu.Unlock()
	call.invite, call.tx = r, tx
	call.dialog = dialog{
		client: c.client(tcp), callID: call.id, tcp: tcp, me: c.contact(tcp),
		local:  sip.FromHeader{Address: r.To().Address, Params: sip.NewParams()},
		remote: sip.ToHeader{DisplayName: r.From().DisplayName, Address: r.From().Address, Params: r.From().Params.Clone()},
		target: *r.Contact().Address.Clone(),
		route:  routes(r.GetHeaders("Record-Route")),
	}
	call.dialog.local.Params.Add("tag", sip.GenerateTagN(16))
	tx.OnCancel(func(*sip.Request) { // sipgo answers 487 itself
		call.finish(End{SIP: sip.StatusRequestTerminated, Reason: "CANCEL"})
	})
	return call, nil
}

// serve keeps the INVITE's transaction until its answer is settled: sipgo ends it when the handler returns.
func (c *Call) serve(tx sip.ServerTransaction) {
	select {
	case <-c.answered:
		c.repeatAnswer(tx)
	case <-c.done:
		awaitAck(tx)
	}
}

// awaitAck takes the ACK of a refusal; else sipgo keeps a goroutine for it.
func awaitAck(tx sip.ServerTransaction) {
	select {
	case <-tx.Acks():
	case <-tx.Done():
	}
}

// repeatAnswer sends the 200 again until it is acknowledged, since nobody else does (RFC 3261 section 13.3.1.4).
func (c *Call) repeatAnswer(tx sip.ServerTransaction) {
	const t1, t2 = 500 * time.Millisecond, 4 * time.Second
	giveUp := time.NewTimer(64 * t1)
	defer giveUp.Stop()
	for wait := t1; ; wait = min(2*wait, t2) {
		again := time.NewTimer(wait)
		select {
		case <-again.C:
			c.mu.Lock()
			res := c.response(sip.StatusOK, "OK", c.localSDP())
			c.mu.Unlock()
			if tx.Respond(res) != nil {
				return // over TCP the transaction is over, and nothing gets lost
			}
		case <-c.settled:
			again.Stop()
			return
		case <-c.done:
			again.Stop()
			return
		case <-giveUp.C:
			c.HangUp()
			return
		}
	}
}

// Ring says that the phone rings (180).
func (c *Call) Ring() { c.provisional(sip.StatusRinging, "Ringing", false) }

// RingWithSound says the same, and lets the caller hear what is played before the answer (183).
func (c *Call) RingWithSound() { c.provisional(sip.StatusSessionInProgress, "Session Progress", true) }

func (c *Call) provisional(status int, reason string, sound bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tx == nil || closed(c.done) || closed(c.answered) {
		return
	}
	once(c.ringing)
	var body []byte
	if sound {
		body = c.localSDP()
	}
	c.carrier.send(c.tx, c.response(status, reason, body))
}

// Answer takes the call (200). Headers are pairs of a name and a value.
func (c *Call) Answer(headers ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tx == nil || closed(c.done) || closed(c.answered) {
		return
	}
	res := c.response(sip.StatusOK, "OK", c.localSDP())
	for i := 0; i+1 < len(headers); i += 2 {
		res.AppendHeader(sip.NewHeader(headers[i], headers[i+1]))
	}
	c.carrier.send(c.tx, res)
	once(c.answered)
}

// Refuse ends a call that was not answered with a final status, and a cause of Q.850 unless it is 0.
func (c *Call) Refuse(status int, reason string, cause int) {
	if !c.unanswered() || !c.finish(End{SIP: status, Q850: cause, ByUs: true, Reason: reason}) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	res := c.response(status, reason, nil)
	addCause(res, cause)
	c.carrier.send(c.tx, res)
}

// unanswered tells whether this is a call to us that waits for an answer.
func (c *Call) unanswered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tx != nil && !closed(c.answered)
}

func (c *Carrier) refuse(r *sip.Request, tx sip.ServerTransaction, status int, reason string, cause int) {
	res := sip.NewResponseFromRequest(r, status, reason, nil)
	addCause(res, cause)
	c.send(tx, res)
	awaitAck(tx)
}

func addCause(res *sip.Response, cause int) {
	if cause != 0 {
		res.AppendHeader(sip.NewHeader("Reason", fmt.Sprintf(`Q.850;cause=%d;text="%s"`, cause, res.Reason)))
	}
}

// response answers the INVITE with our tag. c.mu is held.
func (c *Call) response(status int, reason string, body []byte) *sip.Response {
	res := sip.NewResponseFromRequest(c.invite, status, reason, nil)
	tag, _ := c.dialog.local.Params.Get("tag")
	res.To().Params.Add("tag", tag)
	res.AppendHeader(&sip.ContactHeader{Address: c.dialog.me})
	setBody(res, body)
	return res
}

// acked takes the ACK of a 200, which carries the answer if the INVITE had no offer.
func (c *Call) acked(r *sip.Request, _ sip.ServerTransaction) {
	if err := c.learn(r.Body()); err != nil {
		c.carrier.opts.Log.Info("carrier: ACK not understood", "err", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	once(c.settled)
}

// changed answers a re-INVITE: hold, resume, media that moved, or just a session refresh.
func (c *Call) changed(r *sip.Request, tx sip.ServerTransaction) {
	if err := c.learn(r.Body()); err != nil {
		c.carrier.refuse(r, tx, sip.StatusNotAcceptableHere, "Not Acceptable Here", 0)
		return
	}
	c.mu.Lock()
	if r.Contact() != nil {
		c.dialog.target = *r.Contact().Address.Clone() // RFC 3261 section 12.2.2
	}
	c.sdpVersion++
	res := sip.NewResponseFromRequest(r, sip.StatusOK, "OK", nil)
	res.AppendHeader(&sip.ContactHeader{Address: c.dialog.me})
	setBody(res, c.localSDP())
	c.mu.Unlock()
	c.carrier.send(tx, res)
}

// learn takes in the other side's SDP. An empty one changes nothing.
func (c *Call) learn(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	remote, err := readSDP(body)
	if err != nil {
		return err
	}
	local, err := remote.answer(c.line.LocalAddr(), c.carrier.opts.Codecs)
	if err != nil {
		return err
	}
	c.port.SetFormat(media.Format{Codec: local.codecs[0], DTMF: local.keys})
	c.line.SetRemote(remote.addr)
	c.line.shut.Store(!sends(local.direction))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remote = remote
	return nil
}

// localSDP is our side: an answer if the other side spoke first, else an offer. c.mu is held.
func (c *Call) localSDP() []byte {
	ours := session{addr: c.line.LocalAddr(), codecs: c.carrier.opts.Codecs, keys: keysPT, direction: "sendrecv"}
	if len(c.remote.codecs) > 0 {
		if answer, err := c.remote.answer(ours.addr, ours.codecs); err == nil {
			ours = answer
		}
	}
	return ours.write(c.sdpID, c.sdpVersion)
}

// contact is where requests inside a call reach us.
func (c *Carrier) contact(tcp bool) sip.Uri {
	u := sip.Uri{Scheme: "sip", User: "carrier", Host: c.addr.Addr().String(), Port: int(c.addr.Port())}
	if tcp {
		u.UriParams = sip.NewParams()
		u.UriParams.Add("transport", "tcp")
	}
	return u
}
