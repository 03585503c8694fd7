package media

import (
	"slices"
	"testing"
	"time"
)

func FuzzRTP(f *testing.F) {
	f.Add(rtpPacket(1, 2))
	f.Add([]byte{0xB2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9, 8, 8, 8, 8, 0xBE, 0xDE, 0, 1, 1, 2, 3, 4, 5, 6, 7, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, ok := parseRTP(b)
		if ok && (h.start < rtpHeaderLen || h.start > h.end || h.end > len(b)) {
			t.Errorf("payload %d:%d of %d", h.start, h.end, len(b))
		}
	})
}

// FuzzPort throws anything at a bridged, recorded port.
func FuzzPort(f *testing.F) {
	f.Add(rtpPacket(1, 2), rtpPacket(70, 2), keyPacket(3, 4, true, '5', false, 160))
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		p := &Port{opts: PortOptions{Inband: true, Events: Events{Digit: func(byte) {}}}, epoch: time.Now()}
		peer := &Port{}
		line, _ := Pipe()
		peer.out.line = line
		peer.format.Store(aLaw.pack())
		listener := &Port{}
		listener.format.Store(muLaw.pack())
		in := newInlet()
		p.setAudience(&audience{peer: peer, more: []*Port{listener}, copy: make([]byte, maxPacket), inlet: in})
		r := &Recording{codec: PCMA, start: time.Now()}
		p.Record(r)
		for _, packet := range [][]byte{a, b, c, a} {
			if len(packet) <= maxPacket {
				p.hear(append([]byte(nil), packet...))
			}
		}
		if len(r.buf) > maxPending {
			t.Errorf("%d bytes pending", len(r.buf))
		}
		in.check(t)
	})
}

// FuzzInlet puts packets in and takes frames out in any order.
func FuzzInlet(f *testing.F) {
	f.Add([]byte{1, 0, 160, 0, 1, 160, 160, 0, 0, 0, 0, 0})
	f.Add([]byte{1, 255, 200, 9, 2, 3, 80, 200, 0, 0, 0, 0, 1, 0, 1, 1})
	f.Fuzz(func(t *testing.T, script []byte) {
		in, ts := newInlet(), uint32(0xFFFFFF00)
		var frame [FrameSamples]int16
		for ; len(script) >= 4; script = script[4:] {
			if script[0]%3 == 0 {
				in.take(&frame)
				if slices.Contains(frame[:], noSample) {
					t.Error("a frame has a hole")
				}
			} else {
				ts += uint32(int8(script[1])) * uint32(script[3])
				in.put(uint32(script[0]>>6), ts, PCMA, make([]byte, script[2]))
			}
			in.check(t)
		}
	})
}

// check says what is true of an inlet at any time.
func (in *inlet) check(t *testing.T) {
	t.Helper()
	waiting := int32(in.tail - in.head)
	if waiting < 0 || waiting > inletMost {
		t.Fatalf("%d samples wait", waiting)
	}
	for at := in.tail; at != in.head+inletRing; at++ {
		if in.ring[at%inletRing] != noSample {
			t.Fatalf("a sample lies %d behind the newest", at-in.tail)
		}
	}
}

func FuzzRTCP(f *testing.F) {
	f.Add([]byte{0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{0x80, 200, 0, 6, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(_ *testing.T, b []byte) {
		p := &Port{epoch: time.Now()}
		p.hearReport(b)
		p.Stats()
	})
}

func FuzzKeyEvent(f *testing.F) {
	f.Add([]byte{5, 0x8A, 0, 160})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, ok := parseKeyEvent(b)
		if !ok {
			return
		}
		again := make([]byte, keyEventLen)
		e.put(again)
		if got, _ := parseKeyEvent(again); got != e {
			t.Errorf("%+v became %+v", e, got)
		}
	})
}

func FuzzWAV(f *testing.F) {
	f.Add(wav(8000, 1, make([]int16, 10)))
	f.Add(wav(44100, 2, make([]int16, 100)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if pcm, err := ReadWAV(b); err == nil && len(pcm) > MaxWAVSeconds*SampleRate {
			t.Errorf("%d samples", len(pcm))
		}
	})
}

func FuzzRecordingHeader(f *testing.F) {
	header, _ := recHeader(recMeta{ID: "x"}, PCMA, 5)
	f.Add(header)
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _, _ = parseRecHeader(b)
	})
}

func FuzzSound(f *testing.F) {
	f.Add(WAV(make([]int16, 100)))
	f.Add([]byte("\xff\xfb\x90\x64\x00\x0f\xf0\x00\x00\x69\x00\x00\x00\x08"))
	f.Fuzz(func(t *testing.T, b []byte) {
		pcm, err := ReadSound(b)
		if err == nil && len(pcm) > MaxWAVSeconds*SampleRate {
			t.Errorf("%d samples", len(pcm))
		}
	})
}
