package rtc

import "openseat/voice/media"

// login is a name and a password by which a page may show that a packet is its own.
type login struct {
	c          *connection
	ufrag, pwd string
	page       string // the page's own name in the offer that it was made for
}

// maxLogins is how many of a connection's logins are good at a time: the newest, and those before it whose checks may still be
// under way.
const maxLogins = 4

// admit lets a page come in by a login; s.mu is held.
func (s *Server) admit(in login) {
	c := in.c
	c.logins = append(c.logins, in)
	s.byUfrag[in.ufrag] = in
	if len(c.logins) > maxLogins {
		delete(s.byUfrag, c.logins[0].ufrag)
		c.logins = c.logins[1:]
	}
}

// madeBy finds the connection that an earlier offer of the same RTCPeerConnection made; nil when this is its first.
func (l *leg) madeBy(o *offer) *connection {
	found := make(chan *connection, 1)
	l.box.post(func() {
		for _, c := range []*connection{l.next, l.current} {
			if c != nil && !c.isClosed() && c.offer.origin == o.origin && c.offer.fingerprint == o.fingerprint {
				found <- c
				return
			}
		}
		found <- nil
	})
	return <-found
}

// renew answers an offer that changes a connection: its way through the network, or what is sent over it. Keys and streams stay.
func (s *Server) renew(c *connection, o *offer) (string, error) {
	codecs, err := o.choose(s.opts.Codecs)
	if err != nil {
		return "", err
	}
	in, version := s.loginFor(c, o.ufrag)
	c.leg.box.post(func() { c.leg.renewed(c, o, media.Format{Codec: codecs[0], DTMF: o.dtmf}) })
	return s.answer(c, o, in, version)
}

// loginFor is the newest login, or a new one when the page wants to start over with another name.
func (s *Server) loginFor(c *connection, page string) (in login, version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.offers++
	if in = c.logins[len(c.logins)-1]; in.page != page {
		in = login{c: c, ufrag: token(8), pwd: token(16), page: page}
		if s.all[c] {
			s.admit(in)
		}
	}
	return in, c.offers + 1
}

// renewed notes what a page's newest offer says.
func (l *leg) renewed(c *connection, o *offer, f media.Format) {
	c.page, c.format = o, f
	if l.over || l.current != c {
		return
	}
	l.port.SetFormat(f)
	l.port.Expect(o.speaks())
}
