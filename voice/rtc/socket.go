package rtc

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
)

const (
	// socketBuffer holds what all pages send in some hundred milliseconds, should the one reader be held up.
	socketBuffer = 4 << 20
	// portTries is how often a free UDP port is looked for whose TCP twin is free, too.
	portTries = 20
)

// open opens the sockets. It listens on the public address alone if it can. That keeps a machine that is only meant to talk to
// itself closed, and what we send comes from the address the page knows, whichever of the machine's it calls from; behind a NAT
// that is its affair.
func (s *Server) open() error {
	bind := s.opts.Bind
	if !bind.IsValid() {
		bind = s.opts.PublicIP
	}
	err := s.openOn(bind)
	if errors.Is(err, syscall.EADDRNOTAVAIL) && !s.opts.Bind.IsValid() {
		bind = netip.IPv6Unspecified()
		if s.opts.PublicIP.Is4() {
			bind = netip.IPv4Unspecified()
		}
		err = s.openOn(bind)
	}
	return err
}

func (s *Server) openOn(bind netip.Addr) (err error) {
	for range portTries {
		if err = s.openPair(bind); s.opts.Port != 0 || !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return err
}

func (s *Server) openPair(bind netip.Addr) error {
	family := "6"
	if bind.Is4() {
		family = "4"
	}
	addr := netip.AddrPortFrom(bind, uint16(s.opts.Port))
	var udp []*net.UDPConn
	for range readers() {
		conn, err := listenUDP("udp"+family, addr)
		if err != nil {
			return errors.Join(err, closeAll(udp))
		}
		udp, addr = append(udp, conn), localAddr(conn)
	}
	var lc net.ListenConfig
	tcp, err := lc.Listen(context.Background(), "tcp"+family, addr.String())
	if err != nil {
		return errors.Join(err, closeAll(udp))
	}
	s.udp, s.tcp = udp, tcp
	return nil
}

func listenUDP(network string, addr netip.AddrPort) (*net.UDPConn, error) {
	lc := net.ListenConfig{Control: shareable}
	packets, err := lc.ListenPacket(context.Background(), network, addr.String())
	if err != nil {
		return nil, err
	}
	conn := packets.(*net.UDPConn)        //nolint:forcetypeassert // that is what a UDP network gives
	_ = conn.SetReadBuffer(socketBuffer)  // the system may allow less, which shows under load only
	_ = conn.SetWriteBuffer(socketBuffer) // the same
	return conn, nil
}

func localAddr(c *net.UDPConn) netip.AddrPort {
	return c.LocalAddr().(*net.UDPAddr).AddrPort() //nolint:forcetypeassert // a UDP socket has a UDP address
}

func closeAll(conns []*net.UDPConn) error {
	var errs []error
	for _, c := range conns {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
