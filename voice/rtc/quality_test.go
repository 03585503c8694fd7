package rtc_test

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// A page that tests itself hears what it said, and only for so long.
func TestEcho(t *testing.T) {
	s := open(t, nil)
	p := browse(t, 880)
	answer, err := s.Echo(t.Context(), "ticket", p.offer(), 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	p.take(answer)
	p.expect(t, 880)
	until(t, "the echo ends", func() bool { return s.Stats().Legs == 0 && s.Stats().Connections == 0 })
}

func TestEchoIsReplacedByALaterOne(t *testing.T) {
	s := open(t, nil)
	for range 3 {
		p := browse(t, 880)
		answer, err := s.Echo(t.Context(), "ticket", p.offer(), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		p.take(answer)
		p.expect(t, 880)
		until(t, "one echo", func() bool { return s.Stats().Legs == 1 && s.Stats().Connections == 1 })
	}
	if _, err := s.Echo(t.Context(), "other", "v=0", time.Minute); err == nil || s.Stats().Legs != 1 {
		t.Errorf("nonsense: %v, %d legs", err, s.Stats().Legs)
	}
}

// The agent opens another page, which brings the sound: the older one's connection is closed at once.
func TestAnotherPageTakesTheSound(t *testing.T) {
	s := open(t, nil)
	first, told, leg := talk(t, s, 880)
	c := meet(t, leg, 440)
	c.expect(t, 880)
	closed := make(chan time.Time, 1)
	first.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateClosed {
			closed <- time.Now()
		}
	})
	second := browse(t, 660)
	second.join(s)
	told.expect(t, "media back")
	began := time.Now()
	until(t, "one connection", func() bool { return s.Stats().Connections == 1 })
	select {
	case <-closed:
	case <-time.After(patient):
		t.Fatal("the older page was not told")
	}
	t.Logf("the older page was told within %v", time.Since(began))
	second.expect(t, 440)
	c.expect(t, 660)
	told.silent(t)
}

// The page moves to another network and starts its checks anew: keys and streams go on.
func TestICERestart(t *testing.T) {
	s := open(t, nil)
	p, told, leg := talk(t, s, 880)
	c := meet(t, leg, 440)
	p.expect(t, 440)
	for range 6 {
		before := c.port.Stats().In.Lost
		offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true})
		if err != nil {
			t.Fatal(err)
		}
		gathered := webrtc.GatheringCompletePromise(p.pc)
		if err := p.pc.SetLocalDescription(offer); err != nil {
			t.Fatal(err)
		}
		<-gathered
		answer, err := s.Offer(t.Context(), app, alice, session, "page", p.pc.LocalDescription().SDP)
		if err != nil {
			t.Fatal(err)
		}
		p.take(answer)
		p.ear.Forget()
		c.ear.Forget()
		p.expect(t, 440)
		c.expect(t, 880)
		if s.Stats().Connections != 1 {
			t.Fatalf("%d connections", s.Stats().Connections)
		}
		if lost := c.port.Stats().In.Lost; lost > before+25 {
			t.Errorf("%d packets lost", lost-before)
		}
	}
	told.silent(t)
}

// The page is told how its sound arrives, and we learn how ours does.
func TestReportsBothWays(t *testing.T) {
	s := open(t, nil)
	p, _, leg := talk(t, s, 880)
	c := meet(t, leg, 440)
	p.expect(t, 440)
	c.expect(t, 880)
	reports := make(chan rtcp.ReceptionReport, 10)
	go func() {
		for _, sender := range p.pc.GetSenders() {
			for {
				packets, _, err := sender.ReadRTCP()
				if err != nil {
					return
				}
				for _, packet := range packets {
					if sr, ok := packet.(*rtcp.SenderReport); ok {
						for _, r := range sr.Reports {
							reports <- r
						}
					}
				}
			}
		}
	}()
	ssrc := uint32(p.pc.GetSenders()[0].GetParameters().Encodings[0].SSRC)
	now := uint64(time.Now().Unix()+2208988800) << 32
	if err := p.pc.WriteRTCP([]rtcp.Packet{&rtcp.SenderReport{SSRC: ssrc, NTPTime: now}}); err != nil {
		t.Fatal(err)
	}
	select {
	case r := <-reports:
		if r.SSRC != ssrc || r.LastSequenceNumber == 0 {
			t.Errorf("report %+v about %x", r, ssrc)
		}
	case <-time.After(patient):
		t.Fatal("no report came")
	}
	until(t, "our count", func() bool { return leg.Port().Stats().In.Packets > 10 })
	if stats := leg.Port().Stats(); stats.In.Lost != 0 || stats.Out.Packets == 0 {
		t.Errorf("%+v", stats)
	}
}
