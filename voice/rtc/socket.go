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
	udp, err := net.ListenUDP("udp"+family, net.UDPAddrFromAddrPort(netip.AddrPortFrom(bind, uint16(s.opts.Port)))) //nolint:gosec // G115: Listen has looked
	if err != nil {
		return err
	}
	port := udp.LocalAddr().(*net.UDPAddr).AddrPort().Port() //nolint:forcetypeassert // a UDP socket has a UDP address
	var lc net.ListenConfig
	tcp, err := lc.Listen(context.Background(), "tcp"+family, netip.AddrPortFrom(bind, port).String())
	if err != nil {
		return errors.Join(err, udp.Close())
	}
	_ = udp.SetReadBuffer(socketBuffer) // the system may allow less, which shows under load only
	_ = udp.SetWriteBuffer(socketBuffer)
	s.udp, s.tcp = udp, tcp
	return nil
}
