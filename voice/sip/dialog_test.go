package sip_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat/voice/sip"
)

func hold(direction string) string { return sdpA + "a=" + direction + "\n" }

func TestHold(t *testing.T) {
	tests := map[string]struct{ offer, answer, sendsTo string }{
		"sendonly":        {hold("sendonly"), "a=recvonly", "192.0.2.1:4000"},
		"inactive":        {hold("inactive"), "a=inactive", "192.0.2.1:4000"},
		"of the old kind": {strings.ReplaceAll(sdpA, "c=IN IP4 192.0.2.1", "c=IN IP4 0.0.0.0"), "a=inactive", "invalid AddrPort"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				told, first := x.talk(c, sdpA)
				c.invite(tt.offer)
				ok := c.expect("200")
				c.ack()
				if !strings.Contains(ok.body, tt.answer) || !strings.Contains(ok.body, "m=audio 20000 RTP/AVP 8 101") {
					t.Errorf("answer: %s", ok.body)
				}
				if version(t, ok) != version(t, first)+1 {
					t.Errorf("version %d after %d", version(t, ok), version(t, first))
				}
				told.want(t, "held true")
				if got := x.line(0).sendsTo(); got != tt.sendsTo {
					t.Errorf("sends to %s, want %s", got, tt.sendsTo)
				}
				if n, _ := x.leg.Port().Stats().Out, 0; n.Packets != 0 {
					t.Errorf("sent %d packets", n.Packets)
				}
				c.invite(sdpA)
				ok = c.expect("200")
				c.ack()
				told.want(t, "held true, held false")
				if !strings.Contains(ok.body, "a=sendrecv") {
					t.Errorf("answer: %s", ok.body)
				}
				c.bye()
				c.expect("200")
			})
		})
	}
}

// version is the version in the o= line of a message's SDP.
func version(t *testing.T, m message) int {
	t.Helper()
	var id, v int
	_, line, _ := strings.Cut(m.body, "o=- ")
	if _, err := fmt.Sscanf(line, "%d %d IN", &id, &v); err != nil {
		t.Fatalf("no o= line in %q: %v", m.body, err)
	}
	return v
}

func TestMediaMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		told, _ := x.talk(c, sdpA)
		moved := strings.NewReplacer("c=IN IP4 192.0.2.1", "c=IN IP4 192.0.2.7", "4000 RTP/AVP 8 0 101", "6000 RTP/AVP 0 97",
			"rtpmap:101", "rtpmap:97").Replace(sdpA)
		c.invite(moved)
		c.expect("200")
		c.ack()
		if got := x.line(0).sendsTo(); got != "192.0.2.7:6000" {
			t.Errorf("sends to %s", got)
		}
		if got := x.leg.Port().Format().String(); got != "PCMU+dtmf/97" {
			t.Errorf("format %s", got)
		}
		c.invite(strings.ReplaceAll(sdpA, "8 0 101", "18"))
		c.expect("488")
		c.ackRefusal()
		if got := x.leg.Port().Format().String(); got != "PCMU+dtmf/97" {
			t.Errorf("format %s after a refused change", got)
		}
		told.want(t, "")
	})
}

func TestUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		told, _ := x.talk(c, sdpA)
		c.cseq++
		c.request("UPDATE", hold("sendonly"))
		if ok := c.expect("200"); !strings.Contains(ok.body, "a=recvonly") {
			t.Errorf("answer: %s", ok.body)
		}
		c.cseq++
		c.request("UPDATE", "Supported: timer\nSession-Expires: 600;refresher=uac\n")
		if ok := c.expect("200"); ok.body != "" || ok.get("Session-Expires") != "600;refresher=uac" {
			t.Errorf("answer: %+v", ok)
		}
		told.want(t, "held true")
	})
}

func TestEarlyUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, _ := x.arrived()
		in.Leg.Ring()
		c.inDialog(c.expect("180"))
		c.cseq++
		c.request("UPDATE", "")
		c.expect("200")
		c.cseq++
		c.request("UPDATE", sdpA) // our answer to the first offer is still to come
		c.expect("500")
	})
}

// A re-INVITE while ours is under way is refused; ours is tried again when the far end says the same to us.
func TestGlare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		_, _ = x.talk(c, "Supported: timer\nSession-Expires: 1800;refresher=uas\n"+sdpA)
		ours := c.expectWithin("INVITE", 20*time.Minute)
		c.invite(sdpA)
		c.expect("491", "INVITE")
		c.ackRefusal()
		c.answer(ours, "491 Request Pending", "", "")
		c.expect("ACK", "INVITE")
		again := c.expect("INVITE")
		if again.seq() == ours.seq() || again.get("Session-Expires") != "1800;refresher=uac" {
			t.Errorf("second attempt: %+v", again)
		}
		c.answer(again, "200 OK", "", "Session-Expires: 1800;refresher=uac\n"+sdpA)
		if ack := c.expect("ACK"); ack.seq() != again.seq() {
			t.Errorf("ACK %+v", ack)
		}
		c.answer(again, "200 OK", "", "Session-Expires: 1800;refresher=uac\n"+sdpA)
		c.expect("ACK")
		c.bye()
		c.expect("200")
	})
}

// Requests of a dialog that are out of place are refused and change nothing.
func TestOutOfPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		p := x.peer(peerAddr)
		c := p.caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, _ := x.arrived()
		in.Leg.Ring()
		c.inDialog(c.expect("180"))
		c.cseq++
		c.invite(sdpA) // before the first is answered
		c.expect("500")
		c.ackRefusal()
		c.cseq = 1
		in.Leg.Answer()
		c.expect("200")
		c.ack()
		c.cseq, c.branch = 0, "z9hG4bKold"
		c.invite(sdpA) // an old number
		c.expect("500")
		c.ackRefusal()
		c.cseq = 10
		c.request("REFER", "Refer-To: <sip:1@evil.example>\n")
		if m := c.expect("405"); !strings.Contains(m.get("Allow"), "INVITE, ACK") {
			t.Errorf("Allow: %s", m.get("Allow"))
		}
		c.cseq++
		c.request("OPTIONS", "")
		c.expect("200")
		c.cseq++
		c.invite("Require: gruu\n" + sdpA)
		c.expect("420")
		c.ackRefusal()
		other := p.caller("1")
		other.theirTag, other.cseq = "nonsense", 1
		other.request("BYE", "")
		c.expect("481")
		c.cseq++
		c.bye()
		c.expect("200")
	})
}

// expectWithin waits longer than expect.
func (p *peer) expectWithin(what string, d time.Duration) message {
	p.t.Helper()
	select {
	case got := <-p.port.in:
		m := parse(string(got.b))
		if !m.is(what) {
			p.t.Fatalf("waited for %s, got %q", what, m.first)
		}
		return m
	case <-time.After(d):
		p.t.Fatalf("no %s within %v", what, d)
	}
	return message{}
}

func TestSessionTimer(t *testing.T) {
	tests := map[string]struct {
		asks   string // headers of the far end's INVITE
		agreed string // Session-Expires of our 200
		after  time.Duration
		sign   string // what we send then
	}{
		"nobody asks, nobody knows": {"", "1800;refresher=uas", 15 * time.Minute, "OPTIONS"},
		"far end knows":             {"Supported: timer\n", "1800;refresher=uas", 15 * time.Minute, "INVITE"},
		"far end knows UPDATE":      {"Supported: timer\nAllow: INVITE, UPDATE\n", "1800;refresher=uas", 15 * time.Minute, "UPDATE"},
		"far end asks":              {"Supported: timer\nSession-Expires: 600\n", "600;refresher=uac", 568 * time.Second, "BYE"},
		"far end asks us":           {"Supported: timer\nSession-Expires: 600;refresher=uas\n", "600;refresher=uas", 5 * time.Minute, "INVITE"},
		"compact, and short":        {"k: timer\nx: 90\n", "90;refresher=uac", 60 * time.Second, "BYE"},
		"a proxy asks":              {"Session-Expires: 1200\n", "1200;refresher=uas", 10 * time.Minute, "INVITE"},
		"nonsense":                  {"Session-Expires: soon\n", "1800;refresher=uas", 15 * time.Minute, "OPTIONS"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				told, ok := x.talk(c, tt.asks+sdpA)
				if got := ok.get("Session-Expires"); got != tt.agreed {
					t.Errorf("Session-Expires: %s, want %s", got, tt.agreed)
				}
				if got := ok.get("Require"); (got == "timer") != strings.HasSuffix(tt.agreed, "uac") {
					t.Errorf("Require: %q", got)
				}
				began := time.Now()
				sign := c.expectWithin(tt.sign, time.Hour)
				if took := time.Since(began); took != tt.after {
					t.Errorf("%s after %v, want %v", tt.sign, took, tt.after)
				}
				if tt.sign == "BYE" {
					told.want(t, "media lost, ended 408 q850=0 byPeer=false")
					return
				}
				c.answer(sign, "481 Gone", "", "")
				if tt.sign == "INVITE" {
					c.expect("ACK")
				}
				c.answer(c.expect("BYE"), "481 Gone", "", "")
				told.want(t, "media lost, ended 408 q850=0 byPeer=false")
			})
		})
	}
}

// As long as signs of life are answered, the call goes on.
func TestSessionGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(_ *exchange, o *sip.Options) { o.SessionExpires = 10 * time.Minute })
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		told, _ := x.talk(c, "Supported: timer\nAllow: UPDATE\n"+sdpA)
		for i, answer := range []string{"200 OK", "500 Oops", "200 OK", "501 What", "200 OK"} {
			update := c.expectWithin("UPDATE", 301*time.Second)
			if update.body != "" || update.get("Session-Expires") != "600;refresher=uac" {
				t.Errorf("%d: %+v", i, update)
			}
			c.answer(update, answer, "", "Session-Expires: 600;refresher=uac\n")
		}
		update := c.expectWithin("UPDATE", 301*time.Second)
		c.answer(update, "200 OK", "", "Session-Expires: 600;refresher=uas\n") // from now on it is theirs
		time.Sleep(500 * time.Second)
		c.cseq++
		c.request("UPDATE", "Supported: timer\nSession-Expires: 600;refresher=uac\n")
		c.expect("200")
		time.Sleep(500 * time.Second)
		told.want(t, "media lost")
		c.answer(c.expectWithin("BYE", 100*time.Second), "200 OK", "", "")
		told.want(t, "media lost, ended 408 q850=0 byPeer=false")
	})
}

// Nobody answers a sign of life: the far end is gone.
func TestSessionVanished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		far.answer(far.expect("INVITE"), "200 OK", "p", "Session-Expires: 1800;refresher=uac\nSupported: timer\n"+sdpA)
		far.expect("ACK")
		far.expectWithin("INVITE", 16*time.Minute)
		far.expect("BYE", "INVITE")
		told.want(t, "answered false, media lost, ended 408 q850=0 byPeer=false")
	})
}

func TestInfoDigits(t *testing.T) {
	tests := []struct{ kind, body, status, told string }{
		{"application/dtmf-relay", "Signal=5\nDuration=160\n", "200", "digit 5"},
		{"application/dtmf-relay", "Signal= *\nDuration= 250\n", "200", "digit *"},
		{"application/dtmf-relay; charset=x", "duration=1\nsignal=#", "200", "digit #"},
		{"application/dtmf-relay", "Signal=11\n", "200", "digit #"},
		{"application/dtmf", "7", "200", "digit 7"},
		{"application/dtmf", "d", "200", "digit D"},
		{"application/dtmf", "!", "400", ""},
		{"application/dtmf-relay", "Duration=160\n", "400", ""},
		{"application/dtmf-relay", "Signal=17\n", "400", ""},
		{"application/xml", "<a/>", "415", ""},
		{"", "", "200", ""},
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.body, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				told, _ := x.talk(c, sdpA)
				c.cseq++
				extra := ""
				if tt.kind != "" {
					extra = "Content-Type: " + tt.kind + "\n\n" + tt.body
				}
				c.request("INFO", extra)
				c.expect(tt.status)
				c.request("INFO", extra) // repeated by the far end: still one digit
				c.expect(tt.status)
				told.want(t, tt.told)
			})
		})
	}
}

// A far end that sends its digits both ways is heard once.
func TestDigitsBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		told, _ := x.talk(c, sdpA)
		x.press(5)
		told.want(t, "digit 5")
		c.cseq++
		c.request("INFO", "Content-Type: application/dtmf\n\n5")
		c.expect("200")
		x.press(6)
		told.want(t, "digit 5, digit 6")
	})
}

// press sends a telephone-event to the newest line.
func (x *exchange) press(event byte) {
	x.presses++
	ts := uint32(x.presses) * 1600
	packet := []byte{0x80, 0x80 | 101, 0, byte(x.presses), byte(ts >> 24), byte(ts >> 16), byte(ts >> 8), byte(ts), 1, 2, 3, 4, event, 0x8A, 0, 160}
	if _, err := x.line(len(x.lines) - 1).far.WriteRTP(packet); err != nil {
		x.t.Fatal(err)
	}
}

func TestMediaLostIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		told, _ := x.talk(c, sdpA)
		time.Sleep(8 * time.Second)
		told.want(t, "media lost")
		x.press(1)
		time.Sleep(time.Second)
		told.want(t, "media lost, digit 1, media back")
	})
}

// Behind proxies, requests follow the route that the INVITE came by (RFC 3261 section 12.1.1), as far as it is the trunk's.
func TestRoutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(x *exchange, _ *sip.Options) { x.trunks[0].Sources = []string{"192.0.2.0/24"} })
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		proxy := x.peer("192.0.2.9:5070")
		_, ok := x.talk(c, "Record-Route: <sip:192.0.2.9:5070;lr>\nRecord-Route: <sip:10.0.0.1;lr>\n"+sdpA)
		if ok.get("Record-Route") != "<sip:192.0.2.9:5070;lr>" {
			t.Errorf("Record-Route: %s", ok.get("Record-Route"))
		}
		x.leg.HangUp(0, 0)
		bye := proxy.expect("BYE")
		if bye.first != "BYE sip:far@192.0.2.1:5060 SIP/2.0" || bye.headers[len(bye.headers)-1][0] == "" {
			t.Errorf("BYE %+v", bye)
		}
		var routes []string
		for _, h := range bye.headers {
			if h[0] == "Route" {
				routes = append(routes, h[1])
			}
		}
		if got := strings.Join(routes, " "); got != "<sip:192.0.2.9:5070;lr> <sip:10.0.0.1;lr>" {
			t.Errorf("Route: %s", got)
		}
		proxy.answer(bye, "200 OK", "", "")
	})
}

// A Contact that points elsewhere does not make us send there.
func TestContactElsewhere(t *testing.T) {
	for _, contact := range []string{"<sip:a@203.0.113.5:9>", "<sip:a@evil.example>", "<sip:a@[2001:db8::1]:5060>"} {
		synctest.Test(t, func(t *testing.T) {
			x := open(t, nil)
			defer x.close()
			victim := x.peer("203.0.113.5:9")
			c := x.peer(peerAddr).caller("1")
			_, _ = x.talk(c, "Contact: "+contact+"\n"+sdpA)
			x.leg.HangUp(0, 0)
			c.answer(c.expect("BYE"), "200 OK", "", "")
			victim.silent(time.Minute)
		})
	}
}
