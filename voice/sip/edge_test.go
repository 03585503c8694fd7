package sip_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/sip"
)

// Strangers hear next to nothing, and cost nothing.
func TestStrangers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		stranger := x.peer("203.0.113.66:5060")
		c := stranger.caller("1")
		padding := "X-Padding: " + strings.Repeat("x", 200) + "\n"
		refusals := 0
		for i := range 1000 {
			c.branch = fmt.Sprintf("z9hG4bK%d", i)
			c.invite(padding + sdpA)
		}
		synctest.Wait()
		for len(stranger.port.in) > 0 {
			stranger.expect("403")
			refusals++
		}
		if refusals == 0 || refusals > 5 {
			t.Errorf("%d refusals", refusals)
		}
		time.Sleep(time.Minute)
		stranger.send("OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bKo\nFrom: <sip:a@b>;tag=1\nTo: <sip:c@d>\nCall-ID: 1\nCSeq: 1 OPTIONS\n")
		stranger.silent(time.Second) // an answer would be longer than the question
		if s := x.Stats(); s.Strangers != 1001 || s.Legs != 0 || len(x.calls) != 0 {
			t.Errorf("stats: %+v", s)
		}
	})
}

func TestMalformed(t *testing.T) {
	garbage := []string{
		"x", "\r\n\r\n", "hello there, how are you", "GET / HTTP/1.1\r\n\r\n", "INVITE sip:a SIP/2.0\r\n",
		"INVITE sip:a@b SIP/2.0\r\n\r\n", "INVITE  SIP/2.0\r\n\r\n", "SIP/2.0 abc\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
		"INVITE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n", "INVITE sip:a@b SIP/2.0\r\nCSeq: 99999999999 INVITE\r\n\r\n",
		"BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nCSeq: 1 INVITE\r\nContent-Length: 5\r\n\r\n",
		"INVITE sip:a@b SIP/2.0\r\n" + strings.Repeat("X: y\r\n", 9000) + "\r\n", strings.Repeat("\x00", 500),
	}
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		p := x.peer(peerAddr)
		for _, g := range garbage {
			if _, err := p.port.WriteTo([]byte(g), p.to); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		for len(p.port.in) > 0 {
			p.expect("400")
		}
		if s := x.Stats(); s.Malformed < 8 || s.Legs != 0 || s.Faults != 0 {
			t.Errorf("stats: %+v", s)
		}
		told, _ := x.talk(p.caller("1"), sdpA) // and life goes on
		told.want(t, "")
	})
}

func TestOptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		c.request("OPTIONS", "")
		if ok := c.expect("200"); !strings.Contains(ok.get("Allow"), "UPDATE") || ok.get("Accept") != "application/sdp" || ok.tag("To") == "" {
			t.Errorf("%+v", ok)
		}
		for method, status := range map[string]string{
			"REGISTER": "405", "SUBSCRIBE": "405", "MESSAGE": "405", "WHATEVER": "405", "BYE": "481", "CANCEL": "481", "PRACK": "481",
		} {
			c.cseq++
			c.request(method, "")
			if m := c.expect(status); status == "405" && m.get("Allow") == "" {
				t.Errorf("%s: no Allow", method)
			}
		}
		c.silent(40 * time.Second)
	})
}

// Ten times more than there is room for: the rest gets 503 with Retry-After at once, and nothing of it stays behind.
func TestOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(_ *exchange, o *sip.Options) {
			o.Limits = sip.Limits{MaxCalls: 10, NewCallsPerSecond: 1000}
		})
		defer x.close()
		p := x.peer(peerAddr)
		for i := range 100 {
			p.caller(strconv.Itoa(i)).invite(sdpA)
		}
		synctest.Wait()
		refused := 0
		for len(p.port.in) > 0 {
			if m := p.expect("503", "100"); m.get("Retry-After") == "" {
				t.Errorf("%+v", m)
			}
			refused++
			if refused == 90 {
				break
			}
		}
		if s := x.Stats(); s.Legs != 10 || s.Refused != 90 {
			t.Errorf("stats %+v", s)
		}
		for range 10 {
			c, _ := x.arrived()
			c.Leg.HangUp(486, 0)
		}
		synctest.Wait()
		c := p.caller("late")
		c.branch = "z9hG4bKlate"
		c.invite(sdpA)
		p.expect("100", "486", "100") // it recovered
		x.arrived()
	})
}

func TestRates(t *testing.T) {
	tests := map[string]sip.Limits{
		"in total":   {NewCallsPerSecond: 5},
		"per source": {NewCallsPerSecond: 1000, SourceCallsPerSecond: 5},
	}
	for name, limits := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, func(_ *exchange, o *sip.Options) { o.Limits = limits })
				defer x.close()
				p := x.peer(peerAddr)
				for i := range 20 {
					p.caller(strconv.Itoa(i)).invite(sdpA)
				}
				synctest.Wait()
				if s := x.Stats(); s.Legs != 5 || s.Refused != 15 {
					t.Errorf("stats %+v", s)
				}
				time.Sleep(time.Second)
				for i := range 20 {
					p.caller(fmt.Sprint("again", i)).invite(sdpA)
				}
				synctest.Wait()
				if s := x.Stats(); s.Legs != 10 {
					t.Errorf("stats %+v", s)
				}
			})
		})
	}
}

func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(_ *exchange, o *sip.Options) { o.Limits.SourcePacketsPerSecond = 100 })
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		for range 1000 {
			c.cseq++
			c.request("OPTIONS", "")
		}
		synctest.Wait()
		if n := len(c.port.in); n != 100 {
			t.Errorf("%d answers", n)
		}
		if s := x.Stats(); s.Flooded != 900 {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestTrunkIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(x *exchange, _ *sip.Options) { x.trunks[0].MaxCalls = 1 })
		defer x.close()
		p := x.peer(peerAddr)
		told, _ := x.talk(p.caller("1"), sdpA)
		p.caller("2").invite(sdpA)
		p.expect("503")
		x.leg.HangUp(0, 0)
		told.want(t, "ended 200 q850=0 byPeer=false")
		p.answer(p.expect("BYE"), "200 OK", "", "")
		x.talk(p.caller("3"), sdpA)
		if got := x.Status()[0].Calls; got != 1 {
			t.Errorf("%d calls", got)
		}
	})
}

func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		p := x.peer(peerAddr)
		running := p.caller("1")
		told, _ := x.talk(running, sdpA)
		x.Drain()
		p.caller("2").invite(sdpA)
		p.expect("503")
		running.cseq++
		running.request("INFO", "Content-Type: application/dtmf\n\n1")
		p.expect("200")
		outside := p.caller("3")
		outside.cseq++
		outside.request("OPTIONS", "")
		p.expect("503")
		_, second := x.dial()
		second.want(t, "ended 503 q850=0 byPeer=false")
		running.bye()
		p.expect("200")
		told.want(t, "digit 1, ended 200 q850=0 byPeer=true")
	})
}

// Closing says goodbye to everybody.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		p := x.peer(peerAddr)
		talking, _ := x.talk(p.caller("1"), sdpA)
		ringing := p.caller("2")
		ringing.invite(sdpA)
		p.expect("100")
		_, waiting := x.arrived()
		_, calling := x.dial()
		invite := p.expect("INVITE")
		p.answer(invite, "180 Ringing", "p", "")
		synctest.Wait()
		done := make(chan error)
		go func() { done <- x.Close() }()
		got := map[string]bool{}
		for len(got) < 4 {
			m, ok := p.next()
			if !ok {
				t.Fatalf("only %v", got)
			}
			first, _, _ := strings.Cut(m.first, " sip:")
			got[first] = true
			switch {
			case m.is("BYE"):
				p.answer(m, "200 OK", "", "")
			case m.is("CANCEL"):
				p.answer(m, "200 OK", "", "")
				p.answer(invite, "487 Terminated", "p", "")
			}
		}
		if fmt.Sprint(got) != "map[ACK:true BYE:true CANCEL:true SIP/2.0 503 Service Unavailable:true]" {
			t.Errorf("said %v", got)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		talking.want(t, "ended 200 q850=0 byPeer=false")
		waiting.want(t, "ended 503 q850=0 byPeer=false")
		calling.want(t, "ringing, ended 487 q850=0 byPeer=false")
	})
}

// Two instances share a carrier: the door of whoever knows the number takes the call.
func TestSharedCarrier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(x *exchange, _ *sip.Options) {
			second := trunkTo(peerAddr)
			second.App, second.Codecs = 1400000002, []string{"PCMU"}
			x.trunks = append(x.trunks, second)
			x.refuse = func(c voice.Call) error {
				if c.App == 1400000002 {
					return nil
				}
				return openseat.Errorf(openseat.CodeNotFound, "not mine")
			}
		})
		defer x.close()
		c := x.peer(peerAddr).caller("1")
		_, ok := x.talk(c, sdpA)
		if !strings.Contains(ok.body, "RTP/AVP 0 101") {
			t.Errorf("answer %s", ok.body)
		}
		if s := x.Status(); s[0].Calls != 0 || s[1].Calls != 1 {
			t.Errorf("status %+v", s)
		}
	})
}

// Trunks come and go while we run.
func TestTrunksChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		other := x.peer("192.0.2.2:5060")
		other.caller("1").invite(sdpA)
		other.expect("403")
		x.mu.Lock()
		x.trunks = append([]*org.Trunk{{App: 1400000001, Name: "other", Peer: "192.0.2.2"}}, x.trunks...)
		x.mu.Unlock()
		time.Sleep(1100 * time.Millisecond)
		other.caller("2").invite(sdpA)
		other.expect("100")
		if in, _ := x.arrived(); in.Trunk != "other" {
			t.Errorf("arrived over %s", in.Trunk)
		}
		x.mu.Lock()
		x.trunks = x.trunks[:1:1]
		x.mu.Unlock()
		x.Refresh()
		p := x.peer(peerAddr)
		p.caller("3").invite(sdpA)
		p.expect("403")
	})
}

// names is a resolver with a telephone book.
type names struct {
	hosts map[string][]netip.Addr
	srv   map[string][]*net.SRV
}

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if ips := n.hosts[host]; ips != nil {
		return ips, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (n names) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if srv := n.srv["_"+service+"._"+proto+"."+name]; srv != nil {
		return "", srv, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func TestPeersName(t *testing.T) {
	book := names{
		hosts: map[string][]netip.Addr{
			"sbc.far.example": {netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1")},
			"far.example":     {netip.MustParseAddr("192.0.2.200")},
		},
		srv: map[string][]*net.SRV{"_sip._udp.far.example": {{Target: "sbc.far.example.", Port: 5060}}},
	}
	for _, name := range []string{"sbc.far.example:5060", "sbc.far.example", "far.example"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := open(t, func(x *exchange, o *sip.Options) {
					x.trunks[0].Peer, o.Resolver = name, book
				})
				defer x.close()
				synctest.Wait()
				far := x.peer(peerAddr)
				x.dial()
				far.answer(far.expect("INVITE"), "486 Busy", "p", "")
				far.expect("ACK")
				x.talk(far.caller("1"), sdpA)
				if got := x.Status()[0].Peer; got != peerAddr {
					t.Errorf("peer %s", got)
				}
			})
		})
	}
}

func TestHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(_ *exchange, o *sip.Options) { o.Health = 30 * time.Second })
		defer x.close()
		p := x.peer(peerAddr)
		p.answer(p.expect("OPTIONS"), "200 OK", "p", "")
		synctest.Wait()
		if s := x.Status()[0]; !s.Alive || s.LastAnswer.IsZero() {
			t.Errorf("status %+v", s)
		}
		p.expect("OPTIONS")
		time.Sleep(6 * time.Second)
		if s := x.Status()[0]; s.Alive {
			t.Errorf("status %+v", s)
		}
		p.answer(p.expect("OPTIONS", "OPTIONS"), "404 Who?", "p", "") // an answer is an answer
	})
}

// Running calls of a trunk go on when it is taken away; new ones are refused.
func TestTrunkIsTakenAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, nil)
		defer x.close()
		p := x.peer(peerAddr)
		c := p.caller("1")
		told, _ := x.talk(c, sdpA)
		x.set(trunkTo("192.0.2.77:5060"))
		time.Sleep(10 * time.Minute)
		p.caller("2").invite(sdpA)
		p.expect("403")
		c.bye()
		p.expect("200")
		told.want(t, "media lost, ended 200 q850=0 byPeer=true")
		time.Sleep(2 * time.Minute)
		before := x.Stats().Strangers
		p.caller("3").invite(sdpA)
		p.expect("403")
		if x.Stats().Strangers != before+1 {
			t.Error("still known")
		}
	})
}

// A peer may be called where it does not call from.
func TestPeerIsNoSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(x *exchange, _ *sip.Options) { x.trunks[0].Sources = []string{"192.0.2.50", "not an address"} })
		defer x.close()
		far := x.peer(peerAddr)
		_, told := x.dial()
		far.answer(far.expect("INVITE"), "486 Busy", "p", "")
		far.expect("ACK")
		told.want(t, "ended 486 q850=0 byPeer=true")
		far.caller("1").invite(sdpA)
		far.expect("403")
		x.talk(x.peer("192.0.2.50:5060").caller("2"), strings.ReplaceAll(sdpA, "192.0.2.1", "192.0.2.50"))
	})
}
