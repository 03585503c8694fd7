package media

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtcp"
)

func TestReportsTellLossJitterAndRoundTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, b := Pipe()
		near := NewPort(a, muLaw, PortOptions{Metronome: m})
		far := NewPort(b, muLaw, PortOptions{Metronome: m})
		defer near.Close()
		defer far.Close()
		if packets, err := rtcp.Unmarshal(near.makeReport()); err != nil || len(packets) != 2 {
			t.Errorf("a report of silence: %v %v", packets, err)
		} else if _, ok := packets[0].(*rtcp.ReceiverReport); !ok {
			t.Errorf("who sends nothing gives no %T", packets[0])
		}
		near.Play(ToneSource(440), true, nil)
		time.Sleep(time.Second)
		near.out.mu.Lock()
		near.out.seq += 10 // ten packets vanish
		near.out.mu.Unlock()
		time.Sleep(time.Second)
		far.hearReport(near.makeReport())
		time.Sleep(150 * time.Millisecond) // the reports take their time
		near.hearReport(far.makeReport())
		s := near.Stats()
		if s.Out.Lost != 10 || s.RTT > time.Millisecond {
			t.Errorf("%+v: want 10 lost and no round trip but the far end's own delay", s)
		}
		packets, err := rtcp.Unmarshal(near.makeReport())
		if err != nil {
			t.Fatal(err)
		}
		sr, ok := packets[0].(*rtcp.SenderReport)
		if !ok || sr.PacketCount < 100 || sr.OctetCount != sr.PacketCount*FrameSamples || sr.SSRC != near.out.ssrc {
			t.Errorf("%+v", packets[0])
		}
	})
}

func TestStrangeReportsAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		p, _ := newLine(t, m, muLaw, 0)
		other, _ := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverReport{SSRC: 1, Reports: []rtcp.ReceptionReport{{SSRC: p.out.ssrc + 1, TotalLost: 99}}}})
		for _, b := range [][]byte{nil, {0x80}, []byte("hello, world, this is no report"), other, other[:9]} {
			p.hearReport(b)
		}
		if s := p.Stats(); s.Out.Lost != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestIngressCounts(t *testing.T) {
	type packet struct {
		at  time.Duration
		seq uint16
		ts  uint32
	}
	steady := func(n, skip int) (out []packet) {
		for i := range n {
			if skip == 0 || i%skip != 1 {
				out = append(out, packet{at: time.Duration(i) * FrameTime, seq: uint16(65530 + i), ts: uint32(i * FrameSamples)})
			}
		}
		return out
	}
	jittery := steady(200, 0)
	for i := range jittery {
		jittery[i].at += time.Duration(i%2) * 10 * time.Millisecond
	}
	for _, c := range []struct {
		name    string
		packets []packet
		lost    uint64
		jitter  time.Duration
	}{
		{"steady, over the wrap", steady(100, 0), 0, 0},
		{"every tenth lost", steady(100, 10), 10, 0},
		{"every other 10 ms late", jittery, 0, 10 * time.Millisecond},
		{"restarted", append(steady(50, 10), packet{2 * time.Second, 30000, 5}, packet{2*time.Second + FrameTime, 30001, 165}), 5, 0},
	} {
		var in ingress
		for _, p := range c.packets {
			in.count(&rtpHeader{seq: p.seq, ts: p.ts, ssrc: 1}, p.at)
		}
		var s Stats
		in.fill(&s)
		if s.In.Lost != c.lost || (s.In.Jitter-c.jitter).Abs() > time.Millisecond || s.In.Packets != uint64(len(c.packets)) {
			t.Errorf("%s: %+v, want %d lost, jitter %v", c.name, s.In, c.lost, c.jitter)
		}
	}
}
