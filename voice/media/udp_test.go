package media

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

// The tests here use real sockets on loopback; 127.0.0.2 is somebody else on the same machine.
func loopback(last byte) netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, last}) }

func newPorts(t *testing.T, lo, hi int) *Ports {
	t.Helper()
	p, err := NewPorts(lo, hi)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func listen(t *testing.T, ip netip.Addr, ports *Ports) *UDP {
	t.Helper()
	u, err := ListenUDP(ip, ports)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = u.Close() })
	return u
}

func TestPorts(t *testing.T) {
	for _, c := range []struct{ lo, hi, size int }{{20000, 29999, 5000}, {20001, 20004, 1}, {20000, 20001, 1}, {20000, 20000, 0}, {0, 100, 0}, {65534, 70000, 0}} {
		p, err := NewPorts(c.lo, c.hi)
		if err != nil && c.size > 0 || err == nil && p.Size() != c.size {
			t.Errorf("%d-%d: %v %v, want %d pairs", c.lo, c.hi, p, err, c.size)
		}
	}
	p := newPorts(t, 20000, 20007)
	seen := map[int]bool{}
	for range 4 {
		port, ok := p.take()
		if !ok || port%2 != 0 || seen[port] {
			t.Errorf("port %d %v", port, ok)
		}
		seen[port] = true
	}
	if _, ok := p.take(); ok {
		t.Error("a fifth pair of four")
	}
	p.give(20004)
	if port, ok := p.take(); !ok || port != 20004 {
		t.Errorf("got %d %v, want the one given back", port, ok)
	}
}

func TestListenUDPStepsOverTakenPorts(t *testing.T) {
	ports := newPorts(t, 23400, 23405)
	blocker, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 77), Port: 23403})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = blocker.Close() }()
	a, b := listen(t, loopback(77), ports), listen(t, loopback(77), ports)
	if a.LocalAddr().Port()%2 != 0 || b.LocalAddr().Port()%2 != 0 || a.LocalAddr() == b.LocalAddr() {
		t.Errorf("%v and %v", a.LocalAddr(), b.LocalAddr())
	}
	if _, err := ListenUDP(loopback(77), ports); !errors.Is(err, ErrNoPorts) {
		t.Errorf("the range is full: %v", err)
	}
	_ = b.Close()
	_ = b.Close()
	listen(t, loopback(77), ports)
}

// rtpPacket is a packet of a voice.
func rtpPacket(seq uint16, ssrc uint32) []byte {
	b := make([]byte, rtpHeaderLen+FrameSamples)
	putRTP(b, uint8(PCMU), false, seq, uint32(seq)*FrameSamples, ssrc)
	return b
}

// sender is a bare socket somewhere.
func sender(t *testing.T, ip netip.Addr) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func addrOf(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

func sendTo(t *testing.T, c *net.UDPConn, to netip.AddrPort, seq uint16) {
	t.Helper()
	if _, err := c.WriteToUDPAddrPort(rtpPacket(seq, 1), to); err != nil {
		t.Fatal(err)
	}
}

// next reads the next packet that is let through.
func next(t *testing.T, u *UDP) uint16 {
	t.Helper()
	b := make([]byte, maxPacket)
	n, err := u.ReadRTP(b)
	if err != nil {
		t.Fatal(err)
	}
	h, _ := parseRTP(b[:n])
	return h.seq
}

// street is who may send to a transport: its peer, another port of the peer's address, and somebody elsewhere.
type street struct {
	*testing.T
	u                     *UDP
	peer, other, stranger *net.UDPConn
}

func TestOnlyTheSignalledAddressIsHeard(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(s street)
		want uint16
	}{
		{"a stranger first", func(s street) {
			s.u.SetRemote(addrOf(s.peer))
			sendTo(s.T, s.stranger, s.u.local, 1)
			sendTo(s.T, s.peer, s.u.local, 2)
		}, 2},
		{"the peer from another port than it said", func(s street) {
			s.u.SetRemote(addrOf(s.peer))
			sendTo(s.T, s.other, s.u.local, 3)
		}, 3},
		{"once it was heard, no other port", func(s street) {
			s.u.SetRemote(addrOf(s.peer))
			sendTo(s.T, s.peer, s.u.local, 4)
			if got := next(s.T, s.u); got != 4 {
				s.Errorf("got %d", got)
			}
			sendTo(s.T, s.other, s.u.local, 5)
			sendTo(s.T, s.peer, s.u.local, 6)
		}, 6},
		{"an address behind a NAT that signalling showed", func(s street) {
			s.u.SetRemote(netip.MustParseAddrPort("10.1.2.3:4000"), addrOf(s.stranger).Addr())
			sendTo(s.T, s.peer, s.u.local, 7)
			sendTo(s.T, s.stranger, s.u.local, 8)
		}, 8},
		{"a re-INVITE moves the media", func(s street) {
			s.u.SetRemote(addrOf(s.peer))
			sendTo(s.T, s.peer, s.u.local, 9)
			next(s.T, s.u)
			s.u.SetRemote(addrOf(s.stranger))
			sendTo(s.T, s.peer, s.u.local, 10)
			sendTo(s.T, s.stranger, s.u.local, 11)
		}, 11},
		{"a re-INVITE that moves nothing keeps what was learned", func(s street) {
			s.u.SetRemote(addrOf(s.peer))
			sendTo(s.T, s.other, s.u.local, 12)
			next(s.T, s.u)
			s.u.SetRemote(addrOf(s.peer))
			sendTo(s.T, s.peer, s.u.local, 13)
			sendTo(s.T, s.other, s.u.local, 14)
		}, 14},
		{"rubbish does not decide", func(s street) {
			s.u.SetRemote(addrOf(s.peer))
			_, _ = s.other.WriteToUDPAddrPort([]byte("hello"), s.u.local)
			sendTo(s.T, s.peer, s.u.local, 15)
		}, 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := listen(t, loopback(1), newPorts(t, 23410, 23429))
			peer, other, stranger := sender(t, loopback(1)), sender(t, loopback(1)), sender(t, loopback(2))
			c.do(street{t, u, peer, other, stranger})
			if got := next(t, u); got != c.want {
				t.Errorf("heard packet %d, want %d", got, c.want)
			}
		})
	}
}

// Where the far end sends from is where it is sent to.
func TestSymmetricRTP(t *testing.T) {
	u := listen(t, loopback(1), newPorts(t, 23430, 23439))
	if n, err := u.WriteRTP(rtpPacket(1, 1)); n == 0 || err != nil {
		t.Errorf("before the far end is known: %d %v", n, err)
	}
	peer, nat := sender(t, loopback(1)), sender(t, loopback(1))
	u.SetRemote(addrOf(peer))
	sendTo(t, nat, u.local, 1)
	next(t, u)
	if _, err := u.WriteRTP(rtpPacket(2, 1)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, maxPacket)
	if err := nat.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, from, err := nat.ReadFromUDPAddrPort(b); err != nil || from != u.local || n != rtpHeaderLen+FrameSamples {
		t.Errorf("%d %v %v", n, from, err)
	}
}

// A whole call over real sockets: two trunks, their tones, and what they report of each other.
func TestCallOverSockets(t *testing.T) {
	ports := newPorts(t, 23440, 23459)
	m := NewMetronome()
	leg := func(far Format, hz float64) (near *Port, farPort *Port, ear *Ear, farUDP *UDP) {
		ours, theirs := listen(t, loopback(1), ports), listen(t, loopback(1), ports)
		ours.SetRemote(theirs.LocalAddr())
		theirs.SetRemote(ours.LocalAddr())
		ear = NewEar(500 * time.Millisecond)
		near = NewPort(ours, far, PortOptions{Metronome: m})
		farPort = NewPort(theirs, far, PortOptions{Metronome: m, Hear: ear.Hear})
		farPort.Play(ToneSource(hz), true, nil)
		t.Cleanup(func() { near.Close(); farPort.Close() })
		return near, farPort, ear, theirs
	}
	a, farA, earA, udpA := leg(muLaw, 440)
	b, _, earB, _ := leg(aLaw, 880)
	Connect(a, b)
	deadline := time.After(10 * time.Second)
	for earA.Hears() != 880 || earB.Hears() != 440 {
		select {
		case <-deadline:
			t.Fatalf("A hears %v, B hears %v", earA.Hears(), earB.Hears())
		case <-time.After(50 * time.Millisecond):
		}
	}
	udpA.sendReport() // instead of waiting for it
	a.hearReport(farA.makeReport())
	reported := func() bool {
		a.remote.mu.Lock()
		defer a.remote.mu.Unlock()
		return a.remote.srMid != 0
	}
	for a.Stats().RTT == 0 && !reported() {
		select {
		case <-deadline:
			t.Fatal("no report came")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
