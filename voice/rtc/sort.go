package rtc

import (
	"errors"
	"net"
	"net/netip"
)

// readUDP reads one of the sockets that all pages share.
func (s *Server) readUDP(conn *net.UDPConn) {
	p := s.pool.Get().(*packet) //nolint:forcetypeassert // the pool holds nothing else
	for {
		n, from, err := conn.ReadFromUDPAddrPort(p.b[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.n, p.path = n, path{addr: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), udp: conn}
		if s.take(p, nil) {
			p = s.pool.Get().(*packet) //nolint:forcetypeassert // the pool holds nothing else
		}
	}
}

// take deals with one packet; kept says that somebody else owns it now. c is whose it is, nil if only its address can tell.
func (s *Server) take(p *packet, c *connection) (kept bool) {
	b := p.b[:p.n]
	what := kindOf(b)
	if what == isSTUN {
		s.checked(b, p.path)
		return false
	}
	if c == nil {
		s.mu.RLock()
		c = s.byAddr[p.path.addr]
		s.mu.RUnlock()
	}
	switch {
	case c == nil || what == noise:
		s.strangers.Add(1)
	case what == isDTLS:
		c.shaking(p.path)
		_, _ = c.shake.Write(b) // what does not fit is sent again
	case what == isRTP:
		return c.enqueue(p)
	}
	return false
}

// checked answers a STUN request, if it is for a connection of ours and proven. Who guesses hears nothing.
func (s *Server) checked(b []byte, from path) *connection {
	k, ok := readCheck(b)
	if !ok {
		s.strangers.Add(1)
		return nil
	}
	s.mu.RLock()
	in, known := s.byUfrag[k.ufrag]
	s.mu.RUnlock()
	if !known || !k.provenBy(in.pwd) {
		s.strangers.Add(1)
		return nil
	}
	if from.tcp == nil && !s.learn(in.c, from.addr) {
		return nil
	}
	in.c.checked(k, from, in.pwd)
	return in.c
}

// learn notes that packets from an address are a connection's. A page that was reloaded may use its old address again, so that the
// newest has it; but not while the other one is being heard from there, or a page could take another's sound by a forged address.
func (s *Server) learn(c *connection, addr netip.AddrPort) bool {
	s.mu.RLock()
	holder := s.byAddr[addr]
	s.mu.RUnlock()
	if holder == c {
		return true
	}
	if holder != nil && holder.speaksFrom(addr) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(c.addrs) >= maxAddrs || !s.all[c] {
		return false
	}
	c.addrs = append(c.addrs, addr)
	s.byAddr[addr] = c
	return true
}

// forget lets go of a connection.
func (s *Server) forget(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, c)
	for _, in := range c.logins {
		delete(s.byUfrag, in.ufrag)
	}
	for _, addr := range c.addrs {
		if s.byAddr[addr] == c {
			delete(s.byAddr, addr)
		}
	}
	c.addrs = nil
}

// write sends to a page. It does not block; what cannot be sent is lost, as on any network.
func write(to path, b []byte) {
	if to.tcp != nil {
		to.tcp.send(b)
		return
	}
	_, _ = to.udp.WriteToUDPAddrPort(b, to.addr)
}
