package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// nowhere is a transport whose far end does not exist.
type nowhere struct{ closed chan struct{} }

func (n nowhere) ReadRTP([]byte) (int, error)    { <-n.closed; return 0, io.EOF }
func (n nowhere) WriteRTP(b []byte) (int, error) { return len(b), nil }
func (n nowhere) Close() error                   { close(n.closed); return nil }

// forward measures one packet from port to port, without the sockets.
func forward(b *testing.B, from, to Format, record bool) {
	b.Helper()
	in := NewPort(nowhere{make(chan struct{})}, from, PortOptions{})
	out := NewPort(nowhere{make(chan struct{})}, to, PortOptions{})
	defer in.Close()
	defer out.Close()
	Connect(in, out)
	r := &Recording{codec: from.Codec, start: time.Now(), buf: make([]byte, 0, maxPending)}
	if record {
		in.Record(r)
	}
	packet := rtpPacket(1, 2)
	packet[1] = uint8(from.Codec)
	buf := make([]byte, len(packet))
	seq := uint16(0)
	b.ReportAllocs()
	for b.Loop() {
		seq++
		binary.BigEndian.PutUint16(packet[2:], seq)
		binary.BigEndian.PutUint32(packet[4:], uint32(seq)*FrameSamples)
		copy(buf, packet)
		in.hear(buf)
		if seq%16 == 0 {
			r.buf, r.from = r.buf[:0], r.end() // what the spool's writer does
		}
	}
}

func BenchmarkForward(b *testing.B)          { forward(b, muLaw, muLaw, false) }
func BenchmarkForwardRecorded(b *testing.B)  { forward(b, muLaw, muLaw, true) }
func BenchmarkForwardTranscode(b *testing.B) { forward(b, aLaw, muLaw, false) }

func BenchmarkEncode(b *testing.B) {
	e := newEncoder(b)
	g711 := PCMA.Encode(nil, Music().PCM())
	b.SetBytes(int64(len(g711)))
	for b.Loop() {
		if err := e.Encode(b.Context(), &discard{}, bytes.NewReader(g711), PCMA, int64(len(g711))); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*duration(int64(len(g711))).Seconds()/b.Elapsed().Seconds(), "x-realtime")
}

type discard struct{}

func (discard) Write(b []byte) (int, error)    { return len(b), nil }
func (discard) Seek(int64, int) (int64, error) { return 0, nil }

// relayCalls is how many calls the comparison below carries at once.
const relayCalls = 100

// BenchmarkRelay carries calls on real sockets at their real pace, a beat of 20 ms an iteration, and reports the process's
// CPU time a packet: a bare forwarder (one socket and one goroutine a leg, one packet at a time), and ports with both sides
// recorded. What the simulated peers cost, who are in the same process, is measured by the first run, to be subtracted.
func BenchmarkRelay(b *testing.B) {
	b.Run("peers-only", func(b *testing.B) { relay(b, noLegs) })
	b.Run("bare", func(b *testing.B) { relay(b, bareLegs) })
	b.Run("ports-recorded", func(b *testing.B) { relay(b, portLegs) })
}

// relay drives the calls; open gives the address that each peer sends to.
func relay(b *testing.B, open func(b *testing.B, peers []*net.UDPConn) []netip.AddrPort) {
	b.Helper()
	var peers []*net.UDPConn
	for range 2 * relayCalls {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = c.Close() })
		peers = append(peers, c)
	}
	before := heap()
	legs := open(b, peers)
	beat := time.NewTicker(FrameTime / 10)
	defer beat.Stop()
	packet, buf := rtpPacket(0, 1), make([]byte, maxPacket)
	packets, began := 0, cpu()
	for n := 0; b.Loop(); n++ {
		binary.BigEndian.PutUint16(packet[2:], uint16(n))
		binary.BigEndian.PutUint32(packet[4:], uint32(n)*FrameSamples)
		for i, c := range peers { // a tenth of the calls each 2 ms
			if _, err := c.WriteToUDPAddrPort(packet, legs[i]); err != nil {
				b.Fatal(err)
			}
			if (i+1)%(len(peers)/10) == 0 {
				<-beat.C
			}
		}
		for i := range peers {
			if _, _, err := peers[i^1].ReadFromUDPAddrPort(buf); err != nil {
				b.Fatal(err)
			}
			packets++
		}
	}
	b.ReportMetric(float64((cpu()-began).Nanoseconds())/1000/float64(packets), "cpu-us/packet")
	b.ReportMetric((float64(heap())-float64(before))/relayCalls/1024, "KB/call")
}

func noLegs(_ *testing.B, peers []*net.UDPConn) (addrs []netip.AddrPort) {
	for i := range peers {
		addrs = append(addrs, addrOf(peers[i^1]))
	}
	return addrs
}

func bareLegs(b *testing.B, peers []*net.UDPConn) (addrs []netip.AddrPort) {
	b.Helper()
	var socks []*net.UDPConn
	for range peers {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = c.Close() })
		socks, addrs = append(socks, c), append(addrs, addrOf(c))
	}
	for i := range socks {
		go func() {
			buf := make([]byte, maxPacket)
			to := addrOf(peers[i^1])
			for {
				n, _, err := socks[i].ReadFromUDPAddrPort(buf)
				if err != nil {
					return
				}
				_, _ = socks[i^1].WriteToUDPAddrPort(buf[:n], to)
			}
		}()
	}
	return addrs
}

func portLegs(b *testing.B, peers []*net.UDPConn) (addrs []netip.AddrPort) {
	b.Helper()
	ports, err := NewPorts(24000, 25999)
	if err != nil {
		b.Fatal(err)
	}
	spool, err := OpenSpool(b.TempDir(), SpoolOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(spool.Close)
	m := NewMetronome()
	var last *Port
	for i, peer := range peers {
		u, err := ListenUDP(netip.MustParseAddr("127.0.0.1"), ports)
		if err != nil {
			b.Fatal(err)
		}
		u.SetRemote(addrOf(peer))
		p := NewPort(u, muLaw, PortOptions{Metronome: m})
		b.Cleanup(p.Close)
		r, err := spool.Start("call-"+u.LocalAddr().String()[10:], PCMU)
		if err != nil {
			b.Fatal(err)
		}
		p.Record(r)
		if i%2 == 1 {
			Connect(last, p)
		}
		last = p
		addrs = append(addrs, u.LocalAddr())
	}
	return addrs
}

// cpu is the CPU time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heap is the memory in use, stacks included.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
