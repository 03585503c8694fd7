package sip_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/sip"
)

// dial calls out over the only trunk.
func (x *exchange) dial() (voice.Leg, *diary) {
	d := &diary{}
	return x.Dial(x.view()[0], "008640080010", "13800138000", 30*time.Second, d), d
}

func TestOutboundAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		leg, told := x.dial()
		invite := far.expect("INVITE")
		if want := "INVITE sip:13800138000@192.0.2.1:5060 SIP/2.0"; invite.first != want {
			t.Errorf("sent %q, want %q", invite.first, want)
		}
		if want := "<sip:008640080010@198.51.100.1>"; !strings.HasPrefix(invite.get("From"), want) || invite.get("P-Asserted-Identity") != want {
			t.Errorf("From: %s, P-Asserted-Identity: %s", invite.get("From"), invite.get("P-Asserted-Identity"))
		}
		for _, want := range []string{"m=audio 20000 RTP/AVP 8 0 101\r\n", "a=ptime:20", "a=rtpmap:101 telephone-event/8000"} {
			if !strings.Contains(invite.body, want) {
				t.Errorf("offer lacks %q:\n%s", want, invite.body)
			}
		}
		far.answer(invite, "100 Trying", "", "")
		far.answer(invite, "180 Ringing", "p", "")
		far.answer(invite, "180 Ringing", "p", "")
		told.want(t, "ringing")
		far.answer(invite, "200 OK", "p", sdpA)
		ack := far.expect("ACK")
		if ack.seq() != invite.seq() || ack.tag("To") != "p" || ack.first != "ACK sip:far@192.0.2.1:5060 SIP/2.0" {
			t.Errorf("ACK: %+v", ack)
		}
		far.answer(invite, "200 OK", "p", sdpA)
		far.expect("ACK")
		told.want(t, "ringing, answered false")
		if leg.Port().Format().String() != "PCMA+dtmf/101" || x.line(0).sendsTo() != "192.0.2.1:4000" {
			t.Errorf("sound: %s to %s", leg.Port().Format(), x.line(0).sendsTo())
		}
		leg.HangUp(0, 0)
		far.answer(far.expect("BYE"), "200 OK", "", "")
		told.want(t, "ringing, answered false, ended 200 q850=0 byPeer=false")
	})
}

// Gateways repeat their 183 as often as they like, and the 200 may come without SDP then.
func TestEarlyMedia(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		invite := far.expect("INVITE")
		for range 25 {
			far.answer(invite, "183 Session Progress", "p", strings.ReplaceAll(sdpA, " 8 0 101", " 0"))
			time.Sleep(time.Second)
		}
		want := strings.TrimSuffix(strings.Repeat("progress, ", 25), ", ")
		told.want(t, want)
		if x.line(0).sendsTo() != "192.0.2.1:4000" {
			t.Errorf("sound goes to %s", x.line(0).sendsTo())
		}
		far.answer(invite, "200 OK", "p", "")
		far.expect("ACK")
		told.want(t, want+", answered false")
	})
}

func TestOutboundRefused(t *testing.T) {
	tests := map[string]struct{ status, extra, want string }{
		"busy":           {"486 Busy Here", "", "ended 486 q850=0 byPeer=true"},
		"with cause":     {"480 No", "Reason: Q.850;cause=20;text=\"Subscriber absent\"\n", "ended 480 q850=20 byPeer=true"},
		"two reasons":    {"503 No", "Reason: SIP;cause=503;text=\"a,b;c\", Q.850 ;cause=1\n", "ended 503 q850=1 byPeer=true"},
		"elsewhere":      {"302 Moved", "Contact: <sip:1@evil.example>\n", "ended 302 q850=0 byPeer=true"},
		"who are you":    {"401 Unauthorized", "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\n", "ended 401 q850=0 byPeer=true"},
		"declined":       {"603 Decline", "", "ended 603 q850=0 byPeer=true"},
		"odd cause":      {"500 Oops", "Reason: Q.850;cause=999\n", "ended 500 q850=0 byPeer=true"},
		"not acceptable": {"488 No", "Reason: Q.850;cause=65\n", "ended 488 q850=65 byPeer=true"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, nil)
				defer x.close()
				far := x.peer(peerAddr)
				_, told := x.dial()
				far.answer(far.expect("INVITE"), tt.status, "p", tt.extra)
				far.expect("ACK")
				told.want(t, tt.want)
				far.silent(40e9)
				if x.Stats().Legs != 0 {
					t.Error("a leg is left")
				}
			})
		})
	}
}

func TestRingTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		invite := far.expect("INVITE")
		far.answer(invite, "180 Ringing", "p", "")
		cancel := far.expect("CANCEL")
		if cancel.get("Via") != invite.get("Via") || cancel.seq() != invite.seq() || cancel.tag("To") != "" {
			t.Errorf("CANCEL %+v\nof %+v", cancel, invite)
		}
		far.answer(cancel, "200 OK", "p", "")
		far.answer(invite, "487 Request Terminated", "p", "")
		far.expect("ACK")
		told.want(t, "ringing, ended 408 q850=0 byPeer=false")
		far.silent(40e9)
	})
}

func TestNoResponseAtAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		d := &diary{}
		x.Dial(x.view()[0], "1", "2", time.Minute, d)
		for range 7 { // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s
			far.expect("INVITE")
		}
		far.silent(time.Second)
		d.want(t, "ended 503 q850=0 byPeer=false")
	})
}

// A CANCEL waits for a provisional answer; the leg does not.
func TestHangUpBeforeAnyAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		leg, told := x.dial()
		invite := far.expect("INVITE")
		leg.HangUp(0, 16)
		told.want(t, "ended 487 q850=0 byPeer=false")
		far.answer(invite, "100 Trying", "", "")
		cancel := far.expect("CANCEL")
		if cancel.get("Reason") != "Q.850;cause=16" {
			t.Errorf("Reason: %q", cancel.get("Reason"))
		}
		far.answer(cancel, "200 OK", "", "")
		far.answer(invite, "487 Request Terminated", "p", "")
		far.expect("ACK")
		far.silent(40e9)
	})
}

// The 200 crosses the CANCEL: the ghost call is acknowledged and ended.
func TestCancelCrossesAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		leg, told := x.dial()
		invite := far.expect("INVITE")
		far.answer(invite, "180 Ringing", "p", "")
		synctest.Wait()
		leg.HangUp(0, 0)
		cancel := far.expect("CANCEL")
		far.answer(invite, "200 OK", "p", sdpA)
		far.answer(cancel, "481 Too late", "p", "")
		far.expect("ACK")
		bye := far.expect("BYE")
		far.answer(bye, "200 OK", "", "")
		if bye.tag("To") != "p" {
			t.Errorf("BYE to %q", bye.get("To"))
		}
		told.want(t, "ringing, ended 487 q850=0 byPeer=false")
		far.answer(invite, "200 OK", "p", sdpA)
		far.expect("ACK")
		far.silent(40e9)
	})
}

// Two phones of the callee answer: the first has the call, the second is told to hang up.
func TestForks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		leg, told := x.dial()
		invite := far.expect("INVITE")
		for _, status := range []string{"180 Ringing", "183 Session Progress"} {
			far.answer(invite, status, "a", sdpA)
			synctest.Wait()
		}
		far.answer(invite, "180 Ringing", "b", "")
		synctest.Wait()
		far.answer(invite, "200 OK", "b", sdpA)
		if ack := far.expect("ACK"); ack.tag("To") != "b" {
			t.Errorf("ACK to %q", ack.get("To"))
		}
		far.answer(invite, "200 OK", "a", sdpA)
		if ack := far.expect("ACK"); ack.tag("To") != "a" {
			t.Errorf("ACK to %q", ack.get("To"))
		}
		bye := far.expect("BYE")
		if bye.tag("To") != "a" {
			t.Errorf("BYE to %q", bye.get("To"))
		}
		far.answer(bye, "200 OK", "", "")
		told.want(t, "progress, ringing, progress, answered false")
		leg.HangUp(0, 0)
		if bye := far.expect("BYE"); bye.tag("To") != "b" {
			t.Errorf("BYE to %q", bye.get("To"))
		}
	})
}

func TestDigest(t *testing.T) {
	for _, proxy := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			x := open(t, func(x *exchange, _ *sip.Options) {
				x.trunks[0].Username, x.trunks[0].Password, x.trunks[0].Domain = "desk", "secret", "sip.far.example"
			})
			defer x.close()
			far := x.peer(peerAddr)
			leg, told := x.dial()
			invite := far.expect("INVITE")
			status, question, proof := "401 Unauthorized", "WWW-Authenticate", "Authorization"
			if proxy {
				status, question, proof = "407 Proxy Authentication Required", "Proxy-Authenticate", "Proxy-Authorization"
			}
			ask := question + ": Digest realm=\"far\", nonce=\"abc\", qop=\"auth\", algorithm=MD5\n"
			far.answer(invite, status, "p", ask)
			far.expect("ACK")
			second := far.expect("INVITE")
			if second.get("Call-ID") != invite.get("Call-ID") || second.seq() == invite.seq() || second.get("Via") == invite.get("Via") {
				t.Errorf("second INVITE %+v", second)
			}
			for _, want := range []string{`username="desk"`, `realm="far"`, `uri="sip:13800138000@sip.far.example"`, "nc=00000001"} {
				if !strings.Contains(second.get(proof), want) {
					t.Errorf("%s lacks %s: %s", proof, want, second.get(proof))
				}
			}
			far.answer(second, "200 OK", "p", sdpA)
			if ack := far.expect("ACK"); ack.get(proof) != second.get(proof) || ack.seq() != second.seq() {
				t.Errorf("ACK %+v", ack)
			}
			leg.HangUp(0, 0)
			bye := far.expect("BYE")
			far.answer(bye, status, "", ask)
			far.answer(far.expect("BYE"), "200 OK", "", "")
			told.want(t, "answered false, ended 200 q850=0 byPeer=false")
		})
	}
}

// Wrong credentials are tried once.
func TestDigestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(x *exchange, _ *sip.Options) { x.trunks[0].Username = "desk" })
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		for range 2 {
			far.answer(far.expect("INVITE"), "401 Unauthorized", "p", "WWW-Authenticate: Digest realm=\"far\", nonce=\"abc\"\n")
			far.expect("ACK")
		}
		told.want(t, "ended 401 q850=0 byPeer=true")
		far.silent(40e9)
	})
}

func TestSessionIntervalTooSmall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		far.answer(far.expect("INVITE"), "422 Too Small", "p", "Min-SE: 3600\n")
		far.expect("ACK")
		second := far.expect("INVITE")
		if second.get("Session-Expires") != "3600" || second.get("Min-SE") != "3600" {
			t.Errorf("second INVITE %+v", second)
		}
		far.answer(second, "486 Busy", "p", "")
		far.expect("ACK")
		told.want(t, "ended 486 q850=0 byPeer=true")
	})
}

func TestVoicemailAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		far.answer(far.expect("INVITE"), "200 OK", "p", "X-OpenSeat-Answered-By: voicemail\n"+sdpA)
		far.expect("ACK")
		told.want(t, "answered true")
	})
}

func TestAnswerThatCannotBeUsed(t *testing.T) {
	for _, sdp := range []string{"", strings.ReplaceAll(sdpA, " 8 0 101", " 18"), strings.ReplaceAll(sdpA, "audio 4000", "audio 0")} {
		synctest.Test(t, func(t *testing.T) {
			x := open(t, nil)
			defer x.close()
			far := x.peer(peerAddr)
			_, told := x.dial()
			far.answer(far.expect("INVITE"), "200 OK", "p", sdp)
			far.expect("ACK")
			far.answer(far.expect("BYE"), "200 OK", "", "")
			if got := told.read(); !strings.HasPrefix(got, "ended 4") {
				t.Errorf("told %s", got)
			}
		})
	}
}

func TestDialIsRefusedByUs(t *testing.T) {
	tests := map[string]func(*exchange, *sip.Options){
		"trunk is full":  func(x *exchange, _ *sip.Options) { x.trunks[0].MaxCalls = 1 },
		"server is full": func(_ *exchange, o *sip.Options) { o.Limits.MaxCalls = 1 },
		"peer is not known": func(x *exchange, _ *sip.Options) {
			x.trunks = append([]*org.Trunk{{Peer: "nowhere.invalid"}}, x.trunks...)
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, func(x *exchange, o *sip.Options) {
					o.Resolver = noNames{}
					change(x, o)
				})
				defer x.close()
				x.peer(peerAddr)
				x.dial()
				second, told := x.dial()
				told.want(t, "ended 503 q850=0 byPeer=false")
				if second.Port() == nil {
					t.Error("no port")
				}
				second.HangUp(0, 0)
				told.want(t, "ended 503 q850=0 byPeer=false")
			})
		})
	}
}

// A 200 nobody asked for, from a trunk, is a call that an earlier life of ours began: it is ended.
func TestGhost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		far.send("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKold\nFrom: <sip:1@198.51.100.1>;tag=us\n" +
			"To: <sip:2@192.0.2.1>;tag=them\nCall-ID: old\nCSeq: 7 INVITE\nContact: <sip:far@192.0.2.1>\n" + sdpA)
		if ack := far.expect("ACK"); ack.get("CSeq") != "7 ACK" || ack.tag("From") != "us" || ack.tag("To") != "them" {
			t.Errorf("ACK %+v", ack)
		}
		if bye := far.expect("BYE"); bye.get("CSeq") != "8 BYE" {
			t.Errorf("BYE %+v", bye)
		}
	})
}

func TestNumbersAreEscaped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		far := x.peer(peerAddr)
		x.Dial(x.view()[0], "a b\r\nX: y", "*21#>;x", time.Second, &diary{})
		invite := far.expect("INVITE")
		if want := "INVITE sip:*21%23%3E%3Bx@192.0.2.1:5060 SIP/2.0"; invite.first != want {
			t.Errorf("sent %q", invite.first)
		}
		if invite.get("X") != "" || !strings.Contains(invite.get("From"), "a%20b%0D%0AX%3A%20y") {
			t.Errorf("From: %s", invite.get("From"))
		}
	})
}
