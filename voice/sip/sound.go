package sip

import (
	"bytes"
	"net/netip"
	"slices"
	"sync/atomic"

	"openseat/voice/media"
)

// Line carries a leg's sound. *media.UDP is one.
type Line interface {
	media.Transport
	// LocalAddr is where the line listens.
	LocalAddr() netip.AddrPort
	// SetRemote says where the far end listens, and from which other addresses its sound may come.
	SetRemote(addr netip.AddrPort, also ...netip.Addr)
}

// valve is a line that can be kept from sending while the far end does not want to hear us.
type valve struct {
	Line

	shut atomic.Bool
}

// WriteRTP implements media.Transport.
func (v *valve) WriteRTP(b []byte) (int, error) {
	if v.shut.Load() {
		return len(b), nil
	}
	return v.Line.WriteRTP(b)
}

// Control passes the port's RTCP reports to a line that can send them.
func (v *valve) Control(report func() []byte, heard func([]byte)) {
	if c, ok := v.Line.(interface {
		Control(report func() []byte, heard func([]byte))
	}); ok {
		c.Control(report, heard)
	}
}

// sound is a leg's side of offer and answer (RFC 3264): what was agreed, and what to say next.
type sound struct {
	port   *media.Port
	line   *valve
	shown  netip.AddrPort // the line's address as the far end may use it
	source netip.Addr     // where its signalling comes from; its sound may, too (NAT)
	prefer []media.Codec

	id, version uint64
	said        []byte // our last description
	format      media.Format
	agreed      bool
	held        bool // the far end does not want to hear us
	speaks      bool // the far end is to be heard
}

// offer is our description when we speak first: everything we can, or again what was agreed.
func (s *sound) offer() []byte {
	l := s.local(sendRecv)
	l.codecs, l.dtmf = s.prefer, dtmfPT
	if s.agreed {
		l.codecs, l.dtmf = []media.Codec{s.format.Codec}, s.format.DTMF
	}
	return s.say(l)
}

// answer agrees with the far end's offer and is our description in return.
func (s *sound) answer(d *description) ([]byte, error) {
	format, err := s.choose(d)
	if err != nil {
		return nil, err
	}
	s.apply(d, format)
	l := s.local(d.direction.reverse())
	l.codecs, l.dtmf, l.to = []media.Codec{format.Codec}, format.DTMF, d
	if !d.remote.IsValid() {
		l.direction = inactive
	}
	return s.say(l), nil
}

// answered takes the far end's answer to our offer.
func (s *sound) answered(d *description) error {
	format, err := s.choose(d)
	if err != nil {
		return err
	}
	s.apply(d, format)
	return nil
}

// choose finds the codec: ours in our order, of those the far end named.
func (s *sound) choose(d *description) (media.Format, error) {
	if d.remote.IsValid() && d.remote.Addr().Is4() != s.shown.Addr().Is4() {
		return media.Format{}, errNoSound
	}
	if i := slices.IndexFunc(s.prefer, d.speaks); i >= 0 {
		return media.Format{Codec: s.prefer[i], DTMF: d.dtmf}, nil
	}
	return media.Format{}, errNoSound
}

func (s *sound) apply(d *description, format media.Format) {
	s.format, s.agreed, s.held = format, true, d.holds()
	s.speaks = !s.held && d.direction != recvOnly
	s.port.SetFormat(format)
	s.line.shut.Store(s.held)
	s.line.SetRemote(d.remote, s.source)
}

func (s *sound) local(d direction) local {
	return local{addr: s.shown, id: s.id, version: s.version, direction: d}
}

// say writes a description; one that says something new has a new version (RFC 3264 section 8).
func (s *sound) say(l local) []byte {
	body := l.body()
	if s.said != nil && !bytes.Equal(body, s.said) {
		s.version++
		l.version = s.version
		body = l.body()
	}
	s.said = body
	return body
}
