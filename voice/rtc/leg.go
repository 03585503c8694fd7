package rtc

import (
	"context"
	"encoding/binary"
	"log/slog"
	"net"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/voice"
	"openseat/voice/media"
)

// openWait is how long an offer waits for its leg: the call and the page learn of each other by different ways.
const openWait = 3 * time.Second

type legKey struct {
	app           openseat.AppID
	user, session string
}

// leg is an agent's line for one session. It implements voice.Leg. What is below box belongs to the mailbox.
type leg struct {
	srv  *Server
	key  legKey
	log  *slog.Logger
	port *media.Port
	ssrc uint32 // of what we send
	box  mailbox

	listener voice.Listener
	current  *connection // carries the sound
	next     *connection // on its way
	answered bool
	lostNow  bool // MediaLost was the newest of the two told
	over     bool
}

// Open implements voice.Desks. A leg that was open already for the same session ends.
func (s *Server) Open(app openseat.AppID, user, session string, listener voice.Listener) voice.Leg {
	return s.openLeg(legKey{app, user, session}, listener, nil)
}

// openLeg makes ready for a page's offers; hear, if not nil, hears what it says.
func (s *Server) openLeg(key legKey, listener voice.Listener, hear func(uint32, media.Codec, []byte)) *leg {
	l := &leg{srv: s, key: key, listener: listener}
	l.log = s.log.With("app", key.app, "user", key.user, "session", key.session)
	probe := newProbe()
	l.port = media.NewPort(probe, media.Format{Codec: s.opts.Codecs[0]}, media.PortOptions{
		Name: "rtc " + key.user, Metronome: s.opts.Metronome, LossAfter: s.opts.LossAfter, Hear: hear,
		Events: media.Events{
			Digit:     func(d byte) { l.tell(func(n voice.Listener) { n.Digit(d) }) },
			MediaLost: func() { l.box.post(l.mediaLost) },
			MediaBack: func() { l.box.post(l.mediaBack) },
		},
	})
	l.ssrc = probe.ssrc
	if old, ok := s.add(l); !ok {
		l.log.Warn("rtc: no room for a page's leg")
		l.end(call.Cause{SIP: 503, Text: "no room for a page's leg"})
	} else if old != nil {
		old.HangUp(0, 0)
	}
	return l
}

// add makes the leg one that offers can be made to, in place of an older one.
func (s *Server) add(l *leg) (old *leg, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old = s.legs[l.key]
	if s.closed || old == nil && len(s.legs) >= s.opts.MaxLegs {
		return nil, false
	}
	s.legs[l.key] = l
	close(s.opened)
	s.opened = make(chan struct{})
	return old, true
}

func (s *Server) remove(l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.legs[l.key] == l {
		delete(s.legs, l.key)
	}
}

// Offer gives the leg of this session the media of a page. The answer is complete; nothing is trickled. A later offer takes the
// place of an earlier one as soon as it is connected: the page was reloaded, or it is another page of the agent's. One that comes
// from the same RTCPeerConnection renews it (ICE restart, RFC 8445 section 9). conn names the page, for the log.
func (s *Server) Offer(ctx context.Context, app openseat.AppID, user, session, conn, sdp string) (string, error) {
	o, err := readOffer(sdp)
	if err != nil {
		return "", err
	}
	l, err := s.await(ctx, legKey{app, user, session})
	if err != nil {
		return "", err
	}
	if c := l.madeBy(o); c != nil {
		return s.renew(c, o)
	}
	c, err := s.newConnection(l, o)
	if err != nil {
		return "", err
	}
	c.log = c.log.With("conn", conn)
	if !s.crew.Run(c.live) {
		c.close()
		return "", errClosing()
	}
	l.box.post(func() { l.offered(c) })
	return s.answer(c, o, login{ufrag: c.ufrag, pwd: c.pwd}, 1)
}

func (s *Server) answer(c *connection, o *offer, in login, version int) (string, error) {
	codecs, err := o.choose(s.opts.Codecs)
	if err != nil {
		return "", err
	}
	return answer{
		to: o, ufrag: in.ufrag, pwd: in.pwd, fingerprint: c.identity.fingerprint, codecs: codecs,
		ssrc: c.leg.ssrc, version: version, candidate: s.Addr(),
	}.String(), nil
}

// await finds an open leg, and waits a little for it.
func (s *Server) await(ctx context.Context, key legKey) (*leg, error) {
	ctx, cancel := context.WithTimeout(ctx, openWait)
	defer cancel()
	for {
		s.mu.RLock()
		l, opened, closed := s.legs[key], s.opened, s.closed
		s.mu.RUnlock()
		switch {
		case l != nil:
			return l, nil
		case closed:
			return nil, errClosing()
		}
		select {
		case <-opened:
		case <-ctx.Done():
			return nil, openseat.Errorf(openseat.CodeNotFound, "session %s has no line for %s", key.session, key.user)
		}
	}
}

func errClosing() *openseat.Error { return openseat.Errorf(openseat.CodeUnavailable, "closing") }

// offered notes the newest offer; one before it that is not connected yet will not be.
func (l *leg) offered(c *connection) {
	if l.over {
		c.close()
		return
	}
	if l.next != nil && l.next != c {
		l.next.close()
	}
	if l.current != c {
		l.next = c
	}
}

// connected lets a connection carry the sound.
func (l *leg) connected(c *connection) {
	l.box.post(func() {
		if l.over || c.isClosed() {
			c.close()
			return
		}
		if l.next == c {
			l.next = nil
		}
		l.current = c
		l.port.SetFormat(c.format)
		l.port.SetTransport(c) // closes the one before
		l.port.Expect(c.page.speaks())
		l.log.Info("rtc: page connected", "over", c)
		l.lostNow = false
		if l.answered {
			l.listener.MediaBack()
			return
		}
		l.answered = true
		l.listener.Answered(false)
	})
}

// lost takes note of a connection's end. It is called from anywhere.
func (l *leg) lost(c *connection) {
	l.box.post(func() {
		switch c {
		case l.next:
			l.next = nil
		case l.current:
			l.current = nil
			l.mediaLost()
		}
	})
}

func (l *leg) mediaLost() {
	if l.over || l.lostNow || !l.answered {
		return
	}
	l.lostNow = true
	l.listener.MediaLost()
}

func (l *leg) mediaBack() {
	if l.over || !l.lostNow {
		return
	}
	l.lostNow = false
	l.listener.MediaBack()
}

func (l *leg) tell(news func(voice.Listener)) {
	l.box.post(func() {
		if !l.over {
			news(l.listener)
		}
	})
}

// Port implements voice.Leg.
func (l *leg) Port() *media.Port { return l.port }

// Ring implements voice.Leg: the page rings by itself.
func (l *leg) Ring() {}

// Answer implements voice.Leg: the page answers by its offer.
func (l *leg) Answer() {}

// HangUp implements voice.Leg. A page knows no reasons.
func (l *leg) HangUp(_, _ int) { l.end(call.Cause{SIP: 200}) }

func (l *leg) end(cause call.Cause) {
	l.srv.remove(l) // at once: the next offer for this session is for another leg
	l.box.post(func() {
		if l.over {
			return
		}
		l.over = true
		for _, c := range []*connection{l.current, l.next} {
			if c != nil {
				c.close()
			}
		}
		l.current, l.next = nil, nil
		l.port.Close()
		l.listener.Ended(cause)
	})
}

// SendDigits implements voice.Leg.
func (l *leg) SendDigits(digits string) {
	if err := l.port.SendDigits(digits, nil); err != nil {
		l.log.Warn("rtc: digits not sent", "error", err)
	}
}

// probe is the transport of a port that has no media yet. It learns the port's SSRC, which the answer has to tell.
type probe struct {
	ssrc   uint32
	closed chan struct{}
	once   sync.Once
}

func newProbe() *probe { return &probe{closed: make(chan struct{})} }

// Control reads the SSRC from a report: it stands behind the first header (RFC 3550 section 6.4).
func (p *probe) Control(report func() []byte, _ func([]byte)) {
	if b := report(); len(b) >= 8 {
		p.ssrc = binary.BigEndian.Uint32(b[4:])
	}
}

func (p *probe) ReadRTP([]byte) (int, error) {
	<-p.closed
	return 0, net.ErrClosed
}

func (p *probe) WriteRTP(b []byte) (int, error) { return len(b), nil }

func (p *probe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}
