package media

import (
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
		p.peer.Store(peer)
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
	})
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
