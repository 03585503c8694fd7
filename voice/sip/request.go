package sip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/org"
)

// dialLimit bounds how long it may take to connect to a peer over TCP or TLS.
const dialLimit = 5 * time.Second

// addressed completes a request that goes to an address over a transport: Via, Max-Forwards, Contact, and the like.
func (s *Server) addressed(req *wire.Request, transport string, to netip.AddrPort) *wire.Request {
	shown := s.shownIP(to.Addr()).String()
	maxForwards := wire.MaxForwardsHeader(70)
	req.PrependHeader(s.via(shown, transport), &maxForwards)
	req.AppendHeader(s.contact(shown, transport))
	req.AppendHeader(wire.NewHeader("User-Agent", s.opts.UserAgent))
	req.SetTransport(transport)
	req.SetDestination(to.String())
	if transport == "UDP" {
		req.Laddr = wire.Addr{IP: s.addr.Addr().AsSlice(), Port: int(s.addr.Port())}
	}
	if req.Body() == nil {
		req.SetBody(nil)
	}
	return req
}

// byName lets a request over TLS go to the peer's name, which its certificate has to be for (RFC 5922 section 7.2). Requests of
// a dialog go to the address, where the connection is open already.
func byName(req *wire.Request, cfg *org.Trunk, peer netip.AddrPort) *wire.Request {
	if host, _ := hostPort(cfg.Peer); req.Transport() == "TLS" && host != "" {
		req.SetDestination(net.JoinHostPort(host, strconv.Itoa(int(peer.Port()))))
	}
	return req
}

func (s *Server) via(host, transport string) *wire.ViaHeader {
	return &wire.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: transport, Host: host, Port: s.port(transport),
		Params: wire.HeaderParams{{K: "branch", V: wire.RFC3261BranchMagicCookie + token(8)}, {K: "rport"}},
	}
}

func (s *Server) contact(host, transport string) *wire.ContactHeader {
	uri := wire.Uri{Scheme: "sip", User: contactUser, Host: host, Port: s.port(transport)}
	if transport != "UDP" {
		uri.UriParams = wire.HeaderParams{{K: "transport", V: wire.NetworkToLower(transport)}}
	}
	return &wire.ContactHeader{Address: uri}
}

// renew makes a request that was answered worth sending again: next sequence number, another branch.
func renew(req *wire.Request) *wire.Request {
	next := req.Clone()
	next.CSeq().SeqNo++
	next.Via().Params.Add("branch", wire.RFC3261BranchMagicCookie+token(8))
	return next
}

// request makes a request within the leg's dialog (RFC 3261 section 12.2.1.1).
func (l *leg) request(method wire.RequestMethod) *wire.Request {
	l.dialog.ourSeq++
	return l.requestNumbered(method, l.dialog.ourSeq)
}

func (l *leg) requestNumbered(method wire.RequestMethod, seq uint32) *wire.Request {
	d, next := &l.dialog, l.hop()
	req := wire.NewRequest(method, *d.target.Clone())
	for i := range d.routes {
		req.AppendHeader(&wire.RouteHeader{Address: *d.routes[i].Clone()})
	}
	req.AppendHeader(wire.HeaderClone(&d.us))
	req.AppendHeader(wire.HeaderClone(&d.them))
	callID := wire.CallIDHeader(d.callID)
	req.AppendHeader(&callID)
	req.AppendHeader(&wire.CSeqHeader{SeqNo: seq, MethodName: method})
	return l.srv.addressed(req, d.transport, next)
}

// connected says that a connection to an address is open.
func (l *leg) connected(to netip.AddrPort) bool {
	c, err := l.srv.tp.GetConnection(l.dialog.transport, to.String())
	if err != nil {
		return false
	}
	_, err = c.TryClose() // gives back what GetConnection took
	return err == nil
}

// say sends a request of the dialog and lets heard have the answer in the mailbox.
func (l *leg) say(req *wire.Request, heard func(*wire.Response, error)) {
	cfg := l.trunk.cfg.Load()
	taken := l.srv.talks.Run(func() {
		res, err := l.srv.ask(context.Background(), req, cfg)
		l.do(func() { heard(res, err) })
	})
	if !taken {
		heard(nil, net.ErrClosed)
	}
}

// ask sends a request that is no INVITE of a new call and waits for its final answer, proving who we are if need be.
func (s *Server) ask(ctx context.Context, req *wire.Request, cfg *org.Trunk) (*wire.Response, error) {
	res, err := s.askOnce(ctx, req, nil)
	if err != nil || !isChallenge(res) {
		return res, err
	}
	proven, err := prove(req, res, cfg)
	if err != nil {
		return res, nil //nolint:nilerr // who cannot prove anything takes the 401 as the answer
	}
	return s.askOnce(ctx, proven, nil)
}

func (s *Server) askOnce(ctx context.Context, req *wire.Request, again func(*wire.Response)) (*wire.Response, error) {
	tx, err := s.transact(ctx, req, again)
	if err != nil {
		return nil, err
	}
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, orTimeout(tx.Err())
		case <-ctx.Done():
			tx.Terminate()
			return nil, ctx.Err()
		}
	}
}

// transact begins a transaction. again, if there is one, gets the 2xx that come after the first, on any goroutine.
func (s *Server) transact(ctx context.Context, req *wire.Request, again func(*wire.Response)) (*wire.ClientTx, error) {
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	tx, err := s.tx.NewClientTransaction(ctx, req)
	if err != nil {
		return nil, err
	}
	if again != nil {
		tx.OnRetransmission(again)
	}
	if err := tx.Init(); err != nil {
		tx.Terminate()
		return nil, err
	}
	return tx, nil
}

func orTimeout(err error) error {
	if err == nil {
		return wire.ErrTransactionTimeout
	}
	return err
}

// lost says that a request's far end is not there any more: it never answered, or knows nothing of the dialog
// (RFC 3261 section 12.2.1.2).
func lost(res *wire.Response, err error) bool {
	if err != nil {
		return !errors.Is(err, context.Canceled)
	}
	return res.StatusCode == 408 || res.StatusCode == 481
}
