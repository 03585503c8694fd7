package media

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// wire remembers the headers that were sent to it.
type wire struct{ sent []rtpHeader }

func (w *wire) ReadRTP([]byte) (int, error) { select {} }
func (w *wire) Close() error                { return nil }
func (w *wire) WriteRTP(b []byte) (int, error) {
	h, _ := parseRTP(b)
	w.sent = append(w.sent, h)
	return len(b), nil
}

// What goes out is told as "sequence/frame", both relative to the first packet; '!' is a marker.
func (w *wire) String() string {
	var out []string
	for _, h := range w.sent {
		mark := ""
		if h.marker {
			mark = "!"
		}
		out = append(out, fmt.Sprintf("%d/%d%s", int16(h.seq-w.sent[0].seq), int32(h.ts-w.sent[0].ts)/FrameSamples, mark))
	}
	return strings.Join(out, " ")
}

// The stream towards a peer: what the network did to a source stays visible, what we did does not.
func TestOutgoingStream(t *testing.T) {
	alice, bob := &Port{}, &Port{}
	type in struct {
		from  *Port
		ssrc  uint32
		seq   uint16
		frame int           // of its timeline
		at    time.Duration // 0: where its frame would be
		skip  bool
	}
	at := func(frame int) time.Duration { return time.Duration(frame) * FrameTime }
	for _, c := range []struct {
		name string
		in   []in
		want string
	}{
		{"in order", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 11, 1, 0, false}, {alice, 1, 12, 2, 0, false}}, "0/0! 1/1 2/2"},
		{"loss stays loss", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 12, 2, 0, false}}, "0/0! 2/2"},
		{"order stays disorder", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 12, 2, 0, false}, {alice, 1, 11, 1, at(2), false}, {alice, 1, 13, 3, 0, false}}, "0/0! 2/2 1/1 3/3"},
		{"doubles go", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 10, 0, 0, false}, {alice, 1, 11, 1, 0, false}}, "0/0! 1/1"},
		{"left out without a gap", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 11, 1, 0, true}, {alice, 1, 12, 2, 0, false}}, "0/0! 1/2"},
		{"overtaken by what was left out", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 12, 2, 0, true}, {alice, 1, 11, 1, 0, false}, {alice, 1, 13, 3, 0, false}}, "0/0! 2/3"},
		{"another source", []in{{alice, 1, 10, 0, 0, false}, {bob, 2, 5000, 900000, at(5), false}, {bob, 2, 5001, 900001, at(6), false}}, "0/0! 1/5! 2/6"},
		{"another stream of the source", []in{{alice, 1, 10, 0, 0, false}, {alice, 2, 40000, 77, at(1), false}}, "0/0! 1/1!"},
		{"the source starts over", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 30000, 1, at(1), false}}, "0/0! 1/1!"},
		{"its timeline jumps", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 11, 5000, at(1), false}}, "0/0! 1/1!"},
		{"its timeline jumps back", []in{{alice, 1, 10, 5000, at(0), false}, {alice, 1, 11, 1, at(1), false}}, "0/0! 1/1!"},
		{"it was silent for a minute", []in{{alice, 1, 10, 0, 0, false}, {alice, 1, 11, 3000, 0, false}}, "0/0! 1/3000"},
		{"the numbers wrap", []in{{alice, 1, 65535, 0, 0, false}, {alice, 1, 0, 1, 0, false}}, "0/0! 1/1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wire{}
			e := &egress{line: w, seq: 65530, pos: 0xFFFFFF00}
			for _, p := range c.in {
				now := p.at
				if now == 0 {
					now = at(p.frame)
				}
				packet := rtpPacket(p.seq, p.ssrc)
				h, _ := parseRTP(packet)
				h.ts = uint32(p.frame * FrameSamples)
				if p.skip {
					e.skip(p.from, h)
				} else {
					e.setSpeaker(p.from, 0)
					e.relay(p.from, h, 0, packet, now+time.Second)
				}
			}
			if got := w.String(); got != c.want {
				t.Errorf("sent %s, want %s", got, c.want)
			}
		})
	}
}

// Extensions and contributing sources of a browser's packets do not reach a trunk (it may not understand them).
func TestHeaderIsRewritten(t *testing.T) {
	w := &wire{}
	e := &egress{line: w, ssrc: 77}
	b := []byte{0xB1, 0x80 | 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 1, 2, 3, 4, 10, 20, 30, 0, 0, 3}
	h, ok := parseRTP(b)
	if !ok {
		t.Fatal("not parsed")
	}
	e.relay(nil, h, 0, b, 0)
	if got := w.sent[0]; got.start != rtpHeaderLen || got.end-got.start != 3 || got.ssrc != 77 || got.pt != 0 || !got.marker {
		t.Errorf("%+v", got)
	}
}
