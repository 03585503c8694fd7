package carrier

import (
	"context"
	"fmt"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// dialog makes the requests inside a call (RFC 3261 section 12). The call's mutex guards it.
type dialog struct {
	client *sipgo.Client
	callID string
	local  sip.FromHeader
	remote sip.ToHeader
	target sip.Uri  // the peer's Contact
	route  []string // Route header values, the next hop first
	cseq   uint32
	tcp    bool
	me     sip.Uri // our Contact
}

// request makes the next request inside the dialog.
func (d *dialog) request(method sip.RequestMethod, body []byte) *sip.Request {
	d.cseq++
	return d.numbered(method, d.cseq, body)
}

// ack makes the ACK for the 2xx of the INVITE with this number; it is no transaction of its own (section 13.2.2.4).
func (d *dialog) ack(cseq uint32) *sip.Request { return d.numbered(sip.ACK, cseq, nil) }

func (d *dialog) numbered(method sip.RequestMethod, cseq uint32, body []byte) *sip.Request {
	r := sip.NewRequest(method, *d.target.Clone())
	local, remote, id := d.local, d.remote, sip.CallIDHeader(d.callID)
	local.Params, remote.Params = d.local.Params.Clone(), d.remote.Params.Clone()
	for _, hop := range d.route {
		r.AppendHeader(sip.NewHeader("Route", hop))
	}
	r.AppendHeader(&local)
	r.AppendHeader(&remote)
	r.AppendHeader(&id)
	r.AppendHeader(&sip.CSeqHeader{SeqNo: cseq, MethodName: method})
	r.AppendHeader(&sip.ContactHeader{Address: d.me})
	setBody(r, body)
	r.SetTransport(transport(d.tcp))
	return r
}

// do sends a request and waits for its final answer.
func (d *dialog) do(ctx context.Context, r *sip.Request) (*sip.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	res, err := d.client.Do(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Method, err)
	}
	return res, nil
}

func setBody(m interface {
	AppendHeader(h sip.Header)
	SetBody(b []byte)
}, body []byte,
) {
	if body != nil {
		m.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	}
	m.SetBody(body)
}

// routes are the Record-Route values of a message, in its order.
func routes(headers []sip.Header) []string {
	var all []string
	for _, h := range headers {
		all = append(all, h.Value())
	}
	return all
}

func transport(tcp bool) string {
	if tcp {
		return "TCP"
	}
	return "UDP"
}
