package media

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// UDP is the transport of a trunk's or a SIP phone's leg: one socket for RTP and one for RTCP.
//
// It speaks only with who was signalled. Many peers send from another port than they said, so the first packet from an
// allowed address decides where to send from then on (symmetric RTP, RFC 4961), and nothing after it changes that until the
// signalling does: otherwise anybody who guesses the port could take a call over.
type UDP struct {
	rtp, rtcp *net.UDPConn
	ports     *Ports
	local     netip.AddrPort
	remote    atomic.Pointer[remoteAddr]
	mu        sync.Mutex // guards changes of remote, and the fields below
	control   atomic.Pointer[control]
	timer     *time.Timer
	closed    bool
	strangers atomic.Uint64
}

// remoteAddr is where the far end is; never changed in place.
type remoteAddr struct {
	signalled netip.AddrPort
	rtcp      netip.AddrPort
	allowed   []netip.Addr
	send      netip.AddrPort // where packets go
	latched   bool           // send was seen as a source, and is the only one
}

// control is the port behind the transport.
type control struct {
	report func() []byte
	heard  func([]byte)
}

// ListenUDP opens the next free pair of ports on ip.
func ListenUDP(ip netip.Addr, ports *Ports) (*UDP, error) {
	var last error
	for range ports.Size() {
		port, ok := ports.take()
		if !ok {
			break
		}
		u, err := openPair(ip, port)
		if err == nil {
			u.ports = ports
			go u.readRTCP()
			return u, nil
		}
		ports.give(port)
		last = err
	}
	if last != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPorts, last)
	}
	return nil, ErrNoPorts
}

func openPair(ip netip.Addr, port int) (*UDP, error) {
	network := "udp6"
	if ip.Is4() {
		network = "udp4"
	}
	local := netip.AddrPortFrom(ip, uint16(port))
	rtp, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(local))
	if err != nil {
		return nil, err
	}
	rtcp, err := net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, uint16(port+1))))
	if err != nil {
		_ = rtp.Close() // never used
		return nil, err
	}
	return &UDP{rtp: rtp, rtcp: rtcp, local: local}, nil
}

// LocalAddr is the address for the SDP.
func (u *UDP) LocalAddr() netip.AddrPort { return u.local }

// Strangers is how many packets from addresses nobody signalled were thrown away.
func (u *UDP) Strangers() uint64 { return u.strangers.Load() }

// SetRemote says where the far end is, as its SDP told, and from which other addresses its media may come: behind a NAT, the
// one its signalling comes from. The same address again keeps what was learned; another one starts learning anew.
func (u *UDP) SetRemote(addr netip.AddrPort, also ...netip.Addr) {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	u.mu.Lock()
	defer u.mu.Unlock()
	allowed := []netip.Addr{addr.Addr()}
	for _, a := range also {
		allowed = append(allowed, a.Unmap())
	}
	old := u.remote.Load()
	if old != nil && old.signalled == addr && slices.Equal(old.allowed, allowed) {
		return
	}
	u.remote.Store(&remoteAddr{
		signalled: addr,
		rtcp:      netip.AddrPortFrom(addr.Addr(), addr.Port()+1),
		allowed:   allowed,
		send:      addr,
	})
}

// ReadRTP implements Transport: the next packet of who was signalled.
func (u *UDP) ReadRTP(b []byte) (int, error) {
	for {
		n, from, err := u.rtp.ReadFromUDPAddrPort(b)
		if err != nil {
			return 0, err
		}
		if !u.accept(from, b[:n]) {
			u.strangers.Add(1)
			continue
		}
		if looksLikeRTCP(b[:n]) {
			u.heard(b[:n])
			continue
		}
		return n, nil
	}
}

// accept says whether a packet comes from the far end, and learns from the first one where that is.
func (u *UDP) accept(from netip.AddrPort, packet []byte) bool {
	r := u.remote.Load()
	if r == nil {
		return false
	}
	if r.latched {
		return from == r.send
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	if _, ok := parseRTP(packet); !ok || !slices.Contains(r.allowed, from.Addr()) {
		return false
	}
	return u.latch(r, from)
}

func (u *UDP) latch(r *remoteAddr, from netip.AddrPort) bool {
	learned := *r
	learned.send, learned.latched = from, true
	if from != r.signalled {
		learned.rtcp = netip.AddrPortFrom(from.Addr(), from.Port()+1)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.remote.CompareAndSwap(r, &learned)
}

// WriteRTP implements Transport. Without a far end there is nowhere to send to, which is no error.
func (u *UDP) WriteRTP(b []byte) (int, error) {
	r := u.remote.Load()
	if r == nil || r.send.Port() == 0 || r.send.Addr().IsUnspecified() {
		return len(b), nil
	}
	return u.rtp.WriteToUDPAddrPort(b, r.send)
}

// Close implements Transport and gives the ports back.
func (u *UDP) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return nil
	}
	u.closed = true
	if u.timer != nil {
		u.timer.Stop()
	}
	err := u.rtp.Close()
	if err2 := u.rtcp.Close(); err == nil {
		err = err2
	}
	u.ports.give(int(u.local.Port()))
	return err
}

func (u *UDP) String() string {
	r := u.remote.Load()
	if r == nil {
		return fmt.Sprintf("udp %v", u.local)
	}
	return fmt.Sprintf("udp %v -> %v", u.local, r.send)
}

// Control lets a port report over the RTCP socket every 5 s or so (RFC 3550 section 6).
func (u *UDP) Control(report func() []byte, heard func([]byte)) {
	u.control.Store(&control{report: report, heard: heard})
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.timer == nil && !u.closed {
		u.timer = time.AfterFunc(reportInterval(), u.sendReport)
	}
}

func (u *UDP) sendReport() {
	c, r := u.control.Load(), u.remote.Load()
	if r != nil && r.rtcp.Port() > 1 && !r.rtcp.Addr().IsUnspecified() {
		_, _ = u.rtcp.WriteToUDPAddrPort(c.report(), r.rtcp) // the next report makes up for a lost one
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.closed {
		u.timer.Reset(reportInterval())
	}
}

// maxReport holds any compound RTCP packet about one voice; each leg has such a buffer waiting all the time.
const maxReport = 512

func (u *UDP) readRTCP() {
	b := make([]byte, maxReport)
	for {
		n, from, err := u.rtcp.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if r := u.remote.Load(); r == nil || !slices.Contains(r.allowed, from.Addr().Unmap()) {
			u.strangers.Add(1)
			continue
		}
		u.heard(b[:n])
	}
}

func (u *UDP) heard(packet []byte) {
	if c := u.control.Load(); c != nil {
		c.heard(packet)
	}
}
