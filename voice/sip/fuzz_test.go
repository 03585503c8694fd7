package sip

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

const soundSDP = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" +
	"m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\nm=video 4002 RTP/AVP 96\r\n"

// FuzzSDP: whatever a far end writes, we answer with a description that we understand ourselves, or with 400 or 488.
func FuzzSDP(f *testing.F) {
	f.Add(soundSDP)
	f.Add(strings.ReplaceAll(soundSDP, "c=IN IP4 192.0.2.1", "c=IN IP6 2001:db8::1"))
	f.Add(strings.ReplaceAll(soundSDP, "c=IN IP4 192.0.2.1", "c=IN IP4 0.0.0.0"))
	f.Add("v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 224.0.0.1/127\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := readSDP([]byte(text))
		if err != nil {
			if s := statusOf(err); s != 400 && s != 488 {
				t.Fatalf("status %d for %v", s, err)
			}
			return
		}
		s := newTestSound()
		body, err := s.answer(d)
		if err != nil {
			return
		}
		if bytes.Count(body, []byte("m=")) < len(d.streams) {
			t.Fatalf("a stream is not answered:\n%s", body)
		}
		if _, err := readSDP(body); err != nil {
			t.Fatalf("we do not understand our own answer: %v\n%s", err, body)
		}
	})
}

func newTestSound() *sound {
	line, _ := media.Pipe()
	port := media.NewPort(nil, media.Format{}, media.PortOptions{})
	port.Close()
	return &sound{
		port: port, line: &valve{Line: deafLine{line}}, shown: netip.MustParseAddrPort("198.51.100.1:20000"), id: 1, version: 1,
		prefer: []media.Codec{media.PCMA, media.PCMU},
	}
}

type deafLine struct{ media.Transport }

func (deafLine) LocalAddr() netip.AddrPort               { return netip.MustParseAddrPort("198.51.100.1:20000") }
func (deafLine) SetRemote(netip.AddrPort, ...netip.Addr) {}

func FuzzInfo(f *testing.F) {
	f.Add("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")
	f.Add("application/dtmf", "11")
	f.Fuzz(func(t *testing.T, mediaType, body string) {
		digit, known := readInfo(mediaType, []byte(body))
		if digit != 0 && (!known || !strings.ContainsRune("0123456789*#ABCD", rune(digit))) {
			t.Fatalf("digit %q", digit)
		}
	})
}

func FuzzReason(f *testing.F) {
	f.Add(`Q.850;cause=16;text="Terminated"`)
	f.Add(`SIP;cause=200;text="a,b;\"c", Q.850 ; cause = 17`)
	f.Fuzz(func(t *testing.T, value string) {
		m := wire.NewRequest(wire.BYE, wire.Uri{Host: "x"})
		m.AppendHeader(wire.NewHeader("Reason", value))
		q850, text := reasonOf(m)
		if q850 < 0 || q850 > 127 || len(text) > maxReasonText || strings.ContainsAny(text, "\r\n\x00") {
			t.Fatalf("cause %d, text %q", q850, text)
		}
	})
}

func FuzzSessionExpires(f *testing.F) {
	f.Add("1800;refresher=uac", "timer")
	f.Add("90 ; Refresher = UAS", "100rel, timer")
	f.Fuzz(func(t *testing.T, value, supported string) {
		m := wire.NewRequest(wire.INVITE, wire.Uri{Host: "x"})
		m.AppendHeader(wire.NewHeader("Session-Expires", value))
		m.AppendHeader(wire.NewHeader("Supported", supported))
		if s := sessionIn(m, 30*time.Minute); s.interval < minSession {
			t.Fatalf("interval %v", s.interval)
		}
	})
}

// FuzzUser: a number survives being written and read, and never breaks out of its URI.
func FuzzUser(f *testing.F) {
	f.Add("008613800138000")
	f.Add("*21#;isub=1@evil>")
	f.Fuzz(func(t *testing.T, number string) {
		uri := wire.Uri{Scheme: "sip", User: escape(number), Host: "far.example"}
		text := uri.String()
		if strings.ContainsAny(text, "\r\n <>;\"") || strings.Count(text, "@") > 1 {
			t.Fatalf("%q is written %q", number, text)
		}
		printable := strings.Map(func(r rune) rune {
			if r <= ' ' || r >= 0x7F {
				return -1
			}
			return r
		}, number)
		if got := userOf(&uri); printable == number && got != number {
			t.Fatalf("%q is read %q", number, got)
		}
	})
}

// silentPeer is a socket that gives the server what the fuzzer thought of.
type silentPeer struct {
	in     chan []byte
	closed chan struct{}
}

func (p *silentPeer) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case packet := <-p.in:
		return copy(b, packet), &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 5060}, nil
	case <-p.closed:
		return 0, nil, net.ErrClosed
	}
}

func (p *silentPeer) WriteTo(b []byte, _ net.Addr) (int, error) { return len(b), nil }

func (p *silentPeer) Close() error {
	close(p.closed)
	return nil
}

func (p *silentPeer) LocalAddr() net.Addr {
	return &net.UDPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 5060}
}
func (p *silentPeer) SetDeadline(time.Time) error      { return nil }
func (p *silentPeer) SetReadDeadline(time.Time) error  { return nil }
func (p *silentPeer) SetWriteDeadline(time.Time) error { return nil }

type openDoor struct{}

func (openDoor) Arrive(_ context.Context, c voice.Call) error {
	c.Attach(nobody{})
	c.Leg.Answer()
	return nil
}

type nobody struct{}

func (nobody) Ringing()         {}
func (nobody) Progress()        {}
func (nobody) Answered(bool)    {}
func (nobody) Ended(call.Cause) {}
func (nobody) Digit(byte)       {}
func (nobody) Held(bool)        {}
func (nobody) MediaLost()       {}
func (nobody) MediaBack()       {}

// FuzzMessage: no packet of a trunk makes the library panic or finds a fault in us. Two in a row reach dialogs, too: the second
// may use the tag "T", which is ours.
func FuzzMessage(f *testing.F) {
	head := "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa;rport\r\nFrom: <sip:1@192.0.2.1>;tag=f\r\nTo: <sip:2@198.51.100.1>\r\n" +
		"Call-ID: c\r\nContact: <sip:1@192.0.2.1>\r\nMax-Forwards: 70\r\n"
	invite := "INVITE sip:2@198.51.100.1 SIP/2.0\r\n" + head + "CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n" + soundSDP
	inDialog := strings.ReplaceAll(strings.ReplaceAll(head, "<sip:2@198.51.100.1>", "<sip:2@198.51.100.1>;tag=T"), "z9hG4bKa", "z9hG4bKb")
	f.Add(invite, "BYE sip:2@198.51.100.1 SIP/2.0\r\n"+inDialog+"CSeq: 2 BYE\r\n\r\n")
	f.Add(invite, "ACK sip:2@198.51.100.1 SIP/2.0\r\n"+inDialog+"CSeq: 1 ACK\r\n\r\n")
	f.Add(invite, "INFO sip:2@198.51.100.1 SIP/2.0\r\n"+inDialog+"CSeq: 2 INFO\r\nContent-Type: application/dtmf\r\n\r\n1")
	f.Add(invite, "UPDATE sip:2@198.51.100.1 SIP/2.0\r\n"+inDialog+"CSeq: 2 UPDATE\r\nSession-Expires: 90\r\n\r\n")
	f.Add(invite, "CANCEL sip:2@198.51.100.1 SIP/2.0\r\n"+head+"CSeq: 1 CANCEL\r\n\r\n")
	f.Add("OPTIONS sip:2@198.51.100.1 SIP/2.0\r\n"+head+"CSeq: 1 OPTIONS\r\n\r\n", "SIP/2.0 200 OK\r\n"+inDialog+"CSeq: 1 INVITE\r\n\r\n")
	f.Add("REGISTER sip:2@198.51.100.1 SIP/2.0\r\n"+head+"CSeq: 1 REGISTER\r\n\r\n", "REGISTER sip:2 SIP/2.0\r\n"+head+
		"CSeq: 2 REGISTER\r\nAuthorization: Digest realm=\"openseat\", nonce=\"\", qop=auth, nc=1\r\n\r\n")
	f.Fuzz(func(t *testing.T, first, second string) {
		synctest.Test(t, func(t *testing.T) { deliver(t, first, second) })
	})
}

func deliver(t *testing.T, first, second string) {
	t.Helper()
	peer := &silentPeer{in: make(chan []byte, 2), closed: make(chan struct{})}
	s, err := Listen(t.Context(), Options{
		PacketConn: peer, Door: openDoor{}, Health: -1, Phones: onePhone{},
		Trunks:   func() []*org.Trunk { return []*org.Trunk{{Name: "t", Peer: "192.0.2.1:5060"}} },
		OpenLine: func(netip.Addr) (Line, error) { line, _ := media.Pipe(); return deafLine{line}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	peer.in <- []byte(first)
	synctest.Wait()
	tag := ""
	if all := s.legs.all(); len(all) > 0 {
		tag = all[0].dialog.ourTag
	}
	peer.in <- []byte(strings.ReplaceAll(second, "tag=T", "tag="+tag))
	synctest.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if faults := s.Stats().Faults; faults != 0 {
		t.Fatalf("%d faults", faults)
	}
}
