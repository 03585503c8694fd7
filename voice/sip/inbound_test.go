package sip_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/voice"
	"openseat/voice/sip"
)

func TestInboundAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, told := x.arrived()
		if in.Caller != "13800138000" || in.Callee != "4008001000" || in.Trunk != "carrier" || in.App != 1400000001 {
			t.Errorf("arrived: %+v", in)
		}
		in.Leg.Ring()
		ringing := c.inDialog(c.expect("180"))
		in.Leg.Answer()
		ok := c.expect("200")
		if ok.tag("To") != ringing.tag("To") || ok.tag("To") == "" {
			t.Errorf("tags differ: %q, %q", ringing.get("To"), ok.get("To"))
		}
		for _, want := range []string{"m=audio 20000 RTP/AVP 8 101\r\n", "a=rtpmap:8 PCMA/8000\r\n", "a=sendrecv", "c=IN IP4 198.51.100.1"} {
			if !strings.Contains(ok.body, want) {
				t.Errorf("answer lacks %q:\n%s", want, ok.body)
			}
		}
		told.want(t, "")
		c.ack()
		told.want(t, "answered false")
		if got := x.line(0).sendsTo(); got != "192.0.2.1:4000" {
			t.Errorf("sound goes to %s", got)
		}
		c.bye()
		c.expect("200")
		told.want(t, "answered false, ended 200 q850=0 byPeer=true")
	})
}

// talk brings an inbound call to a talk.
func (x *exchange) talk(c *caller, offer string) (*diary, message) {
	x.t.Helper()
	c.invite(offer)
	c.expect("100")
	in, told := x.arrived()
	in.Leg.Answer()
	ok := c.inDialog(c.expect("200"))
	c.ack()
	told.want(x.t, "answered false")
	told.clear()
	x.leg = in.Leg
	return told, ok
}

func TestInboundHungUpByUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		told, _ := x.talk(c, sdpA)
		x.leg.HangUp(0, 16)
		bye := c.expect("BYE")
		if bye.get("Reason") != "Q.850;cause=16" {
			t.Errorf("Reason: %q", bye.get("Reason"))
		}
		c.answer(bye, "200 OK", "", "")
		told.want(t, "ended 200 q850=0 byPeer=false")
		if n := x.Stats().Legs; n != 0 {
			t.Errorf("%d legs left", n)
		}
	})
}

func TestInboundCancelled(t *testing.T) {
	for _, ring := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			x := open(t, nil)
			defer x.close()
			c := x.peer(peerAddr).caller("1")
			c.invite(sdpA)
			c.expect("100")
			in, told := x.arrived()
			if ring {
				in.Leg.Ring()
				c.expect("180")
			}
			c.request("CANCEL", "Reason: Q.850;cause=31;text=\"gone\"\n")
			if ok := c.expect("200"); ok.get("CSeq") != "1 CANCEL" {
				t.Errorf("CANCEL answered with %+v", ok)
			}
			terminated := c.inDialog(c.expect("487"))
			c.ackRefusal()
			told.want(t, "ended 487 q850=31 byPeer=true")
			in.Leg.Answer()
			in.Leg.HangUp(0, 0)
			c.silent(2e9)
			if terminated.tag("To") == "" {
				t.Error("487 without our tag")
			}
		})
	}
}

func TestInboundRefusedByTheCall(t *testing.T) {
	tests := map[string]struct {
		sip, q850 int
		want      string
	}{
		"no reason":       {0, 0, "480"},
		"busy":            {486, 17, "486"},
		"not a refusal":   {200, 0, "480"},
		"declined":        {603, 21, "603"},
		"not in the list": {433, 0, "433"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				c.invite(sdpA)
				c.expect("100")
				in, told := x.arrived()
				in.Leg.HangUp(tt.sip, tt.q850)
				c.inDialog(c.expect(tt.want))
				c.ackRefusal()
				c.silent(40e9)
				told.want(t, "ended "+tt.want+" q850=0 byPeer=false")
			})
		})
	}
}

func TestDoorRefuses(t *testing.T) {
	tests := map[string]string{
		"ResourceNotFound":          "404",
		"ResourceUnavailable":       "503",
		"UnauthorizedOperation":     "403",
		"SomethingElse.ThatIsWrong": "500",
	}
	for code, status := range tests {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, func(x *exchange, _ *sip.Options) {
					x.refuse = func(voice.Call) error { return openseat.Errorf(code, "no") }
				})
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				c.invite(sdpA)
				c.expect("100")
				refusal := c.inDialog(c.expect(status))
				c.ackRefusal()
				if got := refusal.get("Retry-After"); (got != "") != (status == "503") {
					t.Errorf("Retry-After: %q", got)
				}
				c.silent(40e9)
			})
		})
	}
}

// A 200 is repeated after 0.5, 1, 2, 4, 4, … seconds until 32 s have passed; then comes a BYE.
func TestAnswerNeverAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, told := x.arrived()
		in.Leg.Answer()
		began := time.Now()
		var at []string
		for {
			m, ok := c.next()
			if !ok {
				t.Fatal("silence")
			}
			at = append(at, m.first[:7]+" "+time.Since(began).String())
			if m.is("BYE") {
				c.answer(m, "481 No", "", "")
				break
			}
		}
		want := "SIP/2.0 0s, SIP/2.0 500ms, SIP/2.0 1.5s, SIP/2.0 3.5s, SIP/2.0 7.5s, SIP/2.0 11.5s, SIP/2.0 15.5s, SIP/2.0 19.5s, " +
			"SIP/2.0 23.5s, SIP/2.0 27.5s, SIP/2.0 31.5s, BYE sip 32s"
		if got := strings.Join(at, ", "); got != want {
			t.Errorf("sent %s\nwant %s", got, want)
		}
		told.want(t, "ended 408 q850=0 byPeer=false")
	})
}

// The ACK may be lost, and the BYE come before it: that is a normal end.
func TestByeBeforeAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, told := x.arrived()
		in.Leg.Answer()
		c.inDialog(c.expect("200"))
		c.bye()
		c.expect("200")
		c.cseq--
		c.ack()
		told.want(t, "answered false, ended 200 q850=0 byPeer=true")
		c.silent(40e9)
	})
}

// Who hangs up on our side before the ACK has to wait for it.
func TestHangUpBeforeAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, told := x.arrived()
		in.Leg.Answer()
		c.inDialog(c.expect("200"))
		in.Leg.HangUp(0, 0)
		told.want(t, "ended 200 q850=0 byPeer=false")
		c.expect("200") // again: still no ACK
		c.ack()
		c.answer(c.expect("BYE"), "200 OK", "", "")
		c.silent(40e9)
	})
}

func TestRetransmissions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		in, _ := x.arrived()
		c.cseq--
		c.invite(sdpA)
		c.expect("100")
		in.Leg.Ring()
		c.expect("180")
		c.cseq--
		c.invite(sdpA)
		c.expect("180")
		if len(x.calls) != 0 {
			t.Error("a repeated INVITE came to the door")
		}
		in.Leg.Answer()
		c.inDialog(c.expect("200"))
		c.ack()
		c.ack()
		c.bye()
		c.expect("200")
		c.cseq--
		c.bye()
		c.expect("200") // by the transaction
		time.Sleep(40e9)
		c.bye()
		c.expect("481") // long forgotten
	})
}

// The same INVITE that came by two ways makes one call (RFC 3261 section 8.2.2.2).
func TestMergedInvite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite(sdpA)
		c.expect("100")
		x.arrived()
		c.branch += "other"
		c.cseq--
		c.invite(sdpA)
		c.expect("482")
		c.ackRefusal()
	})
}

func TestLateOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.invite("")
		c.expect("100")
		in, told := x.arrived()
		in.Leg.Answer()
		ok := c.inDialog(c.expect("200"))
		if !strings.Contains(ok.body, "m=audio 20000 RTP/AVP 8 0 101\r\n") {
			t.Errorf("offer: %s", ok.body)
		}
		c.request("ACK", sdpA)
		told.want(t, "answered false")
		if got := in.Leg.Port().Format().String(); got != "PCMA+dtmf/101" {
			t.Errorf("format %s", got)
		}
		c.bye()
		c.expect("200")
	})
}

func TestInviteRefused(t *testing.T) {
	video := strings.ReplaceAll(sdpA, "m=audio 4000 RTP/AVP 8 0 101", "m=video 4000 RTP/AVP 96")
	tests := map[string]struct{ extra, want string }{
		"no sound":          {video, "488"},
		"other codecs":      {strings.ReplaceAll(sdpA, " 8 0 101", " 9 18"), "488"},
		"encrypted":         {strings.ReplaceAll(sdpA, "RTP/AVP", "RTP/SAVP"), "488"},
		"IPv6":              {strings.ReplaceAll(sdpA, "c=IN IP4 192.0.2.1", "c=IN IP6 2001:db8::1"), "488"},
		"garbage":           {"Content-Type: application/sdp\n\nnonsense", "400"},
		"a name":            {strings.ReplaceAll(sdpA, "c=IN IP4 192.0.2.1", "c=IN IP4 evil.example"), "400"},
		"other body":        {"Content-Type: application/xml\n\n<a/>", "415"},
		"100rel required":   {"Require: 100rel\n" + sdpA, "420"},
		"session too short": {"Supported: timer\nSession-Expires: 30\n" + sdpA, "422"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				c.invite(tt.extra)
				c.expect(tt.want)
				c.ackRefusal()
				c.silent(40e9)
				if len(x.calls) != 0 || x.Stats().Legs != 0 {
					t.Error("something is left")
				}
			})
		})
	}
}

func TestCalleesName(t *testing.T) {
	tests := map[string]struct{ uri, extra, want string }{
		"Request-URI":             {"sip:+864008001000@198.51.100.1;user=phone", "", "+864008001000"},
		"tel":                     {"tel:+864008001000", "", "+864008001000"},
		"our Contact":             {"sip:openseat@198.51.100.1:5060", "", "4008001000"},
		"our Contact, and a name": {"sip:openseat@198.51.100.1", "P-Called-Party-ID: <sip:4008002000@far>\n", "4008002000"},
		"nobody":                  {"sip:198.51.100.1", "", "4008001000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				c.uri = tt.uri
				c.invite(tt.extra + sdpA)
				c.expect("100")
				if in, _ := x.arrived(); in.Callee != tt.want {
					t.Errorf("callee %q, want %q", in.Callee, tt.want)
				}
			})
		})
	}
}

func TestCallersName(t *testing.T) {
	tests := map[string]struct{ from, extra, want string }{
		"From":             {"<sip:13800138000@far>;tag=x", "", "13800138000"},
		"escaped":          {"<sip:%2A57@far>;tag=x", "", "*57"},
		"tel":              {"<tel:+8613800138000;phone-context=x>;tag=x", "", "+8613800138000"},
		"user parameters":  {"<sip:138;isub=1@far>;tag=x", "", "138"},
		"asserted":         {"<sip:anonymous@anonymous.invalid>;tag=x", "P-Asserted-Identity: \"A\" <sip:139@far>\n", "139"},
		"asserted by tel":  {"<sip:1@far>;tag=x", "P-Asserted-Identity: <tel:+86139>\n", "+86139"},
		"wants no name":    {"<sip:anonymous@anonymous.invalid>;tag=x", "Privacy: id\nP-Asserted-Identity: <sip:139@far>\n", "anonymous"},
		"asserted garbage": {"<sip:137@far>;tag=x", "P-Asserted-Identity: ???\n", "137"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				c := x.peer(peerAddr).caller("1")
				c.from = tt.from
				c.invite(tt.extra + sdpA)
				c.expect("100")
				if in, _ := x.arrived(); in.Caller != tt.want {
					t.Errorf("caller %q, want %q", in.Caller, tt.want)
				}
			})
		})
	}
}
