package sip

import (
	"net/netip"
	"slices"
	"strings"

	wire "github.com/emiago/sipgo/sip"
)

// fresh marks, in the field for a destination that no request we receive has, an INVITE that begins a dialog.
const fresh = "fresh"

// first is who sees a message first, in the order of arrival and on the reading goroutine. It gives an INVITE our tag, so that
// every answer to it carries the same one, also the 487 that the transaction layer makes by itself. And it delivers ACKs, so
// that no request behind one overtakes it.
func (s *Server) first(m wire.Message) {
	defer s.survive("message")
	req, ok := m.(*wire.Request)
	if !ok {
		return
	}
	req.SetDestination("")
	to := req.To()
	switch {
	case req.IsAck() && isWhole(req):
		_, _ = s.toLeg(req, func(l *leg) { l.acked(req) }) // too late or too many: it comes again
	case req.IsInvite() && to != nil && !to.Params.Has("tag"):
		to.Params.Add("tag", token(8))
		req.SetDestination(fresh)
	}
}

// onRequest gets every request that is no retransmission, each on a goroutine of its own.
func (s *Server) onRequest(req *wire.Request, tx *wire.ServerTx) {
	defer s.survive("request")
	switch {
	case req.IsAck():
		tx.Terminate() // the ACK of a 2xx is no transaction, and delivered already
	case !isWhole(req):
		s.reply(tx, wire.NewResponseFromRequest(req, 400, phrase(400), nil))
	case req.SipVersion != "SIP/2.0":
		s.reply(tx, answerTo(req, 505))
	case req.Method != wire.REGISTER && !s.guard.knows(addrPort(req.Source()).Addr()): // by a connection that proved nothing
		s.reply(tx, answerTo(req, 403))
	case req.MessageData.Destination() == fresh:
		s.onInvite(req, tx, addrPort(req.Source()))
	case req.To().Params.Has("tag"):
		s.inDialog(req, tx)
	default:
		s.outOfDialog(req, tx)
	}
}

// reply answers without a transaction: should the far end ask again, it is answered again. Nothing stays behind.
func (s *Server) reply(tx *wire.ServerTx, res *wire.Response) {
	if err := tx.Connection().WriteMsg(res); err != nil {
		s.log.Debug("sip: answer not sent", "status", res.StatusCode, "error", err)
	}
	tx.Terminate()
}

func (s *Server) inDialog(req *wire.Request, tx *wire.ServerTx) {
	switch found, taken := s.toLeg(req, func(l *leg) { l.requested(req, tx) }); {
	case !found:
		s.reply(tx, answerTo(req, 481))
	case !taken:
		tx.Terminate() // when it comes again, there may be room
	}
}

// toLeg lets a leg deal with a request of its dialog.
func (s *Server) toLeg(req *wire.Request, do func(*leg)) (found, taken bool) {
	l := s.legs.find(string(*req.CallID()), req.To().Params.GetOr("tag", ""))
	if l == nil {
		return false, false
	}
	return true, l.box.offer(func() {
		defer s.survive("leg")
		do(l)
	})
}

func (s *Server) outOfDialog(req *wire.Request, tx *wire.ServerTx) {
	switch req.Method {
	case wire.OPTIONS:
		s.reply(tx, s.onOptions(req))
	case wire.REGISTER:
		s.onRegister(req, tx)
	case wire.CANCEL, wire.BYE, wire.INFO, wire.UPDATE, wire.PRACK:
		s.reply(tx, answerTo(req, 481))
	default:
		s.reply(tx, answerTo(req, 405, wire.NewHeader("Allow", allow)))
	}
}

// onRegister is for what comes by connections; packets are answered by their guard.
func (s *Server) onRegister(req *wire.Request, tx *wire.ServerTx) {
	if s.registrar == nil {
		s.reply(tx, answerTo(req, 405, wire.NewHeader("Allow", allow)))
		return
	}
	s.reply(tx, s.registrar.answer(req, flow{wire.NetworkToUpper(req.Transport()), addrPort(req.Source())}))
}

// onOptions says that we live (RFC 3261 section 11); while draining, that calls had better go elsewhere.
func (s *Server) onOptions(req *wire.Request) *wire.Response {
	if s.draining.Load() {
		return answerTo(req, 503, retryAfter())
	}
	return answerTo(req, 200, wire.NewHeader("Allow", allow), wire.NewHeader("Accept", "application/sdp"),
		wire.NewHeader("Supported", "timer"))
}

func retryAfter() wire.Header { return wire.NewHeader("Retry-After", "5") }

// refusal says why an INVITE is not even looked at; 0 means that it is. Where it is 503, the far end should try elsewhere.
func (s *Server) refusal(source netip.AddrPort, known bool) int {
	switch {
	case !known:
		return 403
	case s.draining.Load(), s.legs.count() >= s.opts.Limits.MaxCalls, !s.bySource.allow(source.Addr()), !s.newCalls.Allow():
		return 503
	}
	return 0
}

// onInvite lets a call in, if there is room and it is one we can take.
func (s *Server) onInvite(req *wire.Request, tx *wire.ServerTx, source netip.AddrPort) {
	trunks, device := s.atlas.Load().at(source), (*contact)(nil)
	way := flow{wire.NetworkToUpper(req.Transport()), source}
	phone := s.isPhone(way, trunks)
	if status := s.refusal(source, phone || len(trunks) > 0); status != 0 {
		s.counts.refused.Add(1)
		s.reply(tx, answerTo(req, status, retryAfterIf(status)))
		return
	}
	if phone {
		line, at, refusal := s.registrar.caller(req, way)
		if refusal != nil {
			s.reply(tx, refusal)
			return
		}
		trunks, device = []*trunk{line}, at
	}
	if unsupported := unsupportedIn(req); unsupported != "" {
		s.reply(tx, answerTo(req, 420, wire.NewHeader("Unsupported", unsupported)))
		return
	}
	offer, status := offerIn(req)
	if status != 0 {
		s.reply(tx, answerTo(req, status, acceptIf(status)))
		return
	}
	if tooShort := tooShortIn(req); tooShort {
		s.reply(tx, answerTo(req, 422, wire.NewHeader("Min-SE", minSE)))
		return
	}
	s.letIn(req, tx, source, trunks, device, offer)
}

func retryAfterIf(status int) wire.Header {
	if status == 503 {
		return retryAfter()
	}
	return nil
}

func acceptIf(status int) wire.Header {
	if status == 415 {
		return wire.NewHeader("Accept", "application/sdp")
	}
	return nil
}

// unsupportedIn is what a request requires and we cannot do: everything but session timers.
func unsupportedIn(req *wire.Request) string {
	var unsupported []string
	for _, h := range req.GetHeaders("Require") {
		for option := range strings.SplitSeq(h.Value(), ",") {
			option = strings.TrimSpace(option)
			if option != "" && !strings.EqualFold(option, "timer") && !slices.Contains(unsupported, option) {
				unsupported = append(unsupported, option)
			}
		}
	}
	return strings.Join(unsupported, ", ")
}

// offerIn reads a request's offer: nil if there is none. A status other than 0 refuses it.
func offerIn(req *wire.Request) (offer *description, status int) {
	if len(req.Body()) == 0 {
		return nil, 0
	}
	body := sdpOf(req)
	if body == nil {
		return nil, 415
	}
	offer, err := readSDP(body)
	if err != nil {
		return nil, statusOf(err)
	}
	return offer, 0
}

// onStray gets responses that belong to no transaction. A 2xx to an INVITE is a call nobody here knows of any more, after a
// restart for instance: it is ended.
func (s *Server) onStray(res *wire.Response) {
	defer s.survive("stray")
	cseq, source := res.CSeq(), addrPort(res.Source())
	trunks := s.atlas.Load().at(source)
	if s.registrar.knows(source.Addr()) {
		trunks = append(trunks, phoneLine(extensionKey{}))
	}
	if !res.IsSuccess() || cseq == nil || cseq.MethodName != wire.INVITE || res.CallID() == nil || res.From() == nil ||
		res.To() == nil || len(trunks) == 0 || !s.newCalls.Allow() {
		return
	}
	if l := s.legs.find(string(*res.CallID()), res.From().Params.GetOr("tag", "")); l != nil {
		l.do(func() { l.ack(cseq.SeqNo) })
		return
	}
	ghost := s.bareLeg(trunks[0], dialog{
		callID: string(*res.CallID()), us: wire.FromHeader{Address: *res.From().Address.Clone(), Params: res.From().Params.Clone()},
		target: *res.To().Address.Clone(), ourSeq: cseq.SeqNo, transport: wire.NetworkToUpper(res.Transport()), source: source,
	})
	ghost.dialog.learn(res)
	ghost.state = over
	ghost.do(func() {
		ghost.ack(cseq.SeqNo)
		ghost.bye(0)
	})
}
