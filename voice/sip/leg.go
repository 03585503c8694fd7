package sip

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
	"openseat/voice"
	"openseat/voice/media"
)

// state is where a leg is in its life; the drawing is in the package's documentation.
type state int

const (
	fromStart state = iota // fresh
	ringing
	answering // our 200 is sent, its ACK not seen
	up
	over
)

// side is the part of a leg's life that differs between calls that come in and calls that go out. Its methods are called in
// the leg's mailbox, before the leg is up.
type side interface {
	ring()
	answer()
	giveUp(sip, q850 int)
}

// leg is one line over a trunk. Everything below box belongs to the mailbox.
type leg struct {
	srv    *Server
	trunk  *trunk
	log    *slog.Logger
	key    string // in the table of legs
	invite string
	peer   netip.Addr // where its sound was expected at first
	port   *media.Port
	box    mailbox

	side     side
	state    state
	dialog   dialog
	sound    sound
	listener voice.Listener
	backlog  []func(voice.Listener) // what happened before there was a listener

	final   *finalAnswer // our 2xx to an INVITE that waits for its ACK
	refresh refresher
	waiting *time.Timer   // for somebody to answer
	ringer  *time.Timer   // the next 180
	asking  bool          // a re-INVITE or UPDATE of ours is under way
	keys    keyWay        // how digits come
	proof   []wire.Header // credentials of our INVITE
	counted bool          // among the trunk's calls

	referral *referral // of a phone that wants to hand the other party on
	device   *contact  // a phone's; it may be elsewhere by now
	since    time.Time // when the dialog's source was last heard from
}

// bareLeg is a leg without sound.
func (s *Server) bareLeg(t *trunk, d dialog) *leg {
	l := &leg{srv: s, trunk: t, dialog: d, key: legKey(d.callID, d.ourTag)}
	l.box.start = func(f func()) { go f() }
	l.log = s.log.With("trunk", t.key.name, "callId", d.callID)
	return l
}

// newLeg makes a leg that the trunk has counted already.
func (s *Server) newLeg(t *trunk, d dialog) (*leg, error) {
	peer := d.source.Addr()
	line, err := s.opts.OpenLine(s.bindIP(peer))
	if err != nil {
		return nil, err
	}
	l := s.bareLeg(t, d)
	l.counted, l.since, l.peer = true, time.Now(), peer
	if t.extension != "" {
		s.registrar.stay(peer, 1)
	}
	valve := &valve{Line: line}
	l.port = media.NewPort(valve, media.Format{Codec: t.prefer()[0]}, media.PortOptions{
		Name: "sip " + t.key.name, Metronome: s.opts.Metronome, Inband: true,
		Events: media.Events{
			Digit:     func(digit byte) { l.do(func() { l.heard(digit, inSound) }) },
			MediaLost: func() { l.do(l.fellSilent) },
			MediaBack: func() { l.do(func() { l.tell(voice.Listener.MediaBack) }) },
		},
	})
	l.sound = sound{
		port: l.port, line: valve, source: peer, prefer: t.prefer(),
		shown: netip.AddrPortFrom(s.shownIP(peer), line.LocalAddr().Port()), id: uint64(time.Now().Unix()), version: 1,
	}
	return l, nil
}

// do posts something to the leg's mailbox.
func (l *leg) do(f func()) {
	l.box.post(func() {
		defer l.srv.survive("leg")
		f()
	})
}

// after does something later, unless the leg is over by then.
func (l *leg) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		l.do(func() {
			if l.state != over {
				f()
			}
		})
	})
}

// Port implements voice.Leg.
func (l *leg) Port() *media.Port { return l.port }

// Ring implements voice.Leg.
func (l *leg) Ring() {
	l.do(func() {
		if l.state == fromStart {
			l.side.ring()
		}
	})
}

// Answer implements voice.Leg.
func (l *leg) Answer() {
	l.do(func() {
		if l.state < answering {
			l.side.answer()
		}
	})
}

// HangUp implements voice.Leg.
func (l *leg) HangUp(sip, q850 int) {
	l.do(func() {
		switch l.state {
		case fromStart, ringing:
			l.side.giveUp(sip, q850)
		case answering: // the BYE has to wait for the ACK (RFC 3261 section 15)
			l.final.thenBye, l.final.q850 = true, q850
			l.end(call.Cause{SIP: 200})
		case up:
			l.end(call.Cause{SIP: 200})
			l.settleReferral(200, func() {
				l.bye(q850)
				l.forget()
			})
		case over:
		}
	})
}

// SendDigits implements voice.Leg.
func (l *leg) SendDigits(digits string) {
	if err := l.port.SendDigits(digits, nil); err != nil {
		l.log.Warn("sip: digits not sent", "error", err)
	}
}

// attach gives the leg its listener.
func (l *leg) attach(listener voice.Listener) {
	l.do(func() {
		l.listener = listener
		for _, news := range l.backlog {
			news(listener)
		}
		l.backlog = nil
	})
}

// tell tells the listener, or keeps the news for it. A leg that is over has nothing more to tell.
func (l *leg) tell(news func(voice.Listener)) {
	switch {
	case l.state == over:
	case l.listener != nil:
		news(l.listener)
	case len(l.backlog) < mailboxLimit:
		l.backlog = append(l.backlog, news)
	}
}

// end is the end as far as the listener is concerned.
func (l *leg) end(cause call.Cause) {
	if l.state == over {
		return
	}
	l.port.Close()
	for _, timer := range []*time.Timer{l.waiting, l.ringer, l.refresh.timer} {
		if timer != nil {
			timer.Stop()
		}
	}
	news := func(n voice.Listener) { n.Ended(cause) }
	if l.listener != nil {
		news(l.listener)
	} else {
		l.backlog = append(l.backlog, news)
	}
	l.state = over
	if l.counted {
		l.trunk.give()
	}
	l.log.Info("sip: leg ended", "sip", cause.SIP, "q850", cause.Q850, "byPeer", cause.ByPeer)
}

// forget is the end as far as the wire is concerned: requests of the dialog get 481 from now on.
func (l *leg) forget() {
	l.stopFinal()
	if l.srv.legs.remove(l) {
		l.leave()
	}
}

// leave lets a phone's address be forgotten, once nothing more is to be heard of the leg.
func (l *leg) leave() {
	if l.trunk.extension != "" {
		peer := l.peer
		time.AfterFunc(64*wire.T1, func() { l.srv.registrar.stay(peer, -1) })
	}
}

// rise makes the leg a talk.
func (l *leg) rise(voicemail bool) {
	l.state = up
	l.port.Expect(l.sound.speaks)
	l.tell(func(n voice.Listener) { n.Answered(voicemail) })
	if l.sound.held {
		l.tell(func(n voice.Listener) { n.Held(true) })
	}
}

// silencePatience is how long a phone that fell silent may take to say that it is there.
const silencePatience = 8 * time.Second

// fellSilent tells that nothing is heard any more. A phone is asked whether it is still there: nobody else would find out for
// long that its plug was pulled.
func (l *leg) fellSilent() {
	l.tell(voice.Listener.MediaLost)
	if l.trunk.extension == "" || l.state != up {
		return
	}
	req := l.request(wire.OPTIONS)
	l.srv.talks.Run(func() {
		ctx, cancel := context.WithTimeout(l.srv.ctx, silencePatience)
		defer cancel()
		res, err := l.srv.askOnce(ctx, req, nil)
		l.do(func() {
			if l.state == up && lost(res, err) {
				l.vanished("phone is gone")
			}
		})
	})
}

// requested deals with a request of the dialog that is no ACK and no CANCEL.
func (l *leg) requested(req *wire.Request, tx *wire.ServerTx) {
	l.followTo(req)
	switch req.Method {
	case wire.BYE:
		l.byed(req, tx)
	case wire.INVITE:
		l.reinvited(req, tx)
	case wire.UPDATE:
		l.updated(req, tx)
	case wire.INFO:
		l.informed(req, tx)
	case wire.OPTIONS:
		l.srv.reply(tx, l.srv.onOptions(req))
	case wire.REFER:
		l.referred(req, tx)
	default:
		l.srv.reply(tx, answerTo(req, 405, wire.NewHeader("Allow", l.trunk.allow())))
	}
}

// followTo notes where a phone is now: a NAT may have moved it to another port.
func (l *leg) followTo(req *wire.Request) {
	if l.trunk.extension != "" {
		l.dialog.transport, l.dialog.source, l.since = wire.NetworkToUpper(req.Transport()), addrPort(req.Source()), time.Now()
	}
}

// hop is where the next request goes. A phone is followed to where it registered last.
func (l *leg) hop() netip.AddrPort {
	d := &l.dialog
	if l.device != nil {
		if way, since := l.srv.registrar.where(l.device); since.After(l.since) {
			d.transport, d.source, l.since = way.transport, way.addr, since
		}
	}
	return d.nextHop(l.trunk.owns, l.connected)
}

// byed is the far end's hang-up. One that overtook the ACK is a normal end, too.
func (l *leg) byed(req *wire.Request, tx *wire.ServerTx) {
	l.respond(tx, answerTo(req, 200))
	if l.state == answering {
		l.rise(false)
	}
	l.end(causeOf(req, 200, ""))
	l.forget()
}

// respond answers within a transaction, which repeats the answer when it is asked again.
func (l *leg) respond(tx *wire.ServerTx, res *wire.Response) {
	if err := tx.Respond(res); err != nil && !errors.Is(err, wire.ErrTransactionTerminated) {
		l.log.Debug("sip: answer not sent", "status", res.StatusCode, "error", err)
	}
}

// bye hangs up, without waiting for what the far end says to it.
func (l *leg) bye(q850 int) {
	req := l.request(wire.BYE)
	if h := reasonHeader(q850); h != nil {
		req.AppendHeader(h)
	}
	l.say(req, func(*wire.Response, error) {})
}
