package media

import (
	"bytes"
	"encoding/binary"
	"io"
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

// choir is three ports that hear each other, and one who listens, on a mixer that is beaten by hand.
func choir(tb testing.TB) (ports []*Port, m *mixer) {
	tb.Helper()
	for i := range 4 {
		f := muLaw
		if i%2 == 1 {
			f = aLaw
		}
		ports = append(ports, NewPort(nowhere{make(chan struct{})}, f, PortOptions{}))
		tb.Cleanup(ports[i].Close)
	}
	a, b, c, d := ports[0], ports[1], ports[2], ports[3]
	talk := &Talk{}
	talk.Arrange(map[*Port][]*Port{a: {b, c}, b: {a, c}, c: {a, b}, d: {a, b, c}})
	m = talk.mixer
	m.shard.leave(m)
	return ports, m
}

// sing lets each port hear its next packet, and the mixer beat once.
func sing(ports []*Port, m *mixer, packet, buf []byte, seq uint16) {
	binary.BigEndian.PutUint16(packet[2:], seq)
	binary.BigEndian.PutUint32(packet[4:], uint32(seq)*FrameSamples)
	for _, p := range ports {
		packet[1] = uint8(p.Format().Codec)
		copy(buf, packet)
		p.hear(buf)
	}
	m.beat()
}

// BenchmarkMix is 20 ms of a three-way call that somebody listens to: four packets in, four mixes out, without the sockets.
func BenchmarkMix(b *testing.B) {
	ports, m := choir(b)
	packet, seq := rtpPacket(1, 2), uint16(0)
	buf := make([]byte, len(packet))
	b.ReportAllocs()
	for b.Loop() {
		seq++
		sing(ports, m, packet, buf, seq)
	}
}

func TestAPacketAllocatesNothing(t *testing.T) {
	ports, m := choir(t)
	packet, seq := rtpPacket(1, 2), uint16(0)
	buf := make([]byte, len(packet))
	if n := testing.AllocsPerRun(200, func() { seq++; sing(ports, m, packet, buf, seq) }); n != 0 {
		t.Errorf("%v allocations for four packets and four mixes", n)
	}
	Connect(ports[0], ports[1])
	if n := testing.AllocsPerRun(200, func() { seq++; sing(ports[:2], m, packet, buf, seq) }); n != 0 {
		t.Errorf("%v allocations for two forwarded packets", n)
	}
}

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
