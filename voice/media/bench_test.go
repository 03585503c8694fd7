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
