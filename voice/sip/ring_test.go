package sip_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/sip"
)

var _ voice.Phones = (*sip.Server)(nil)

// ringPhone rings Alice's phone.
func (x *exchange) ringPhone() (voice.Leg, *diary) {
	d := &diary{}
	return x.Ring(app, "7001", "008613800138000", `Bob "the builder"`, 30*time.Second, d), d
}

// A call to a phone behind NAT: it goes to where the phone registered from, and says who calls.
func TestPhoneRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		p := x.telephone(phoneAddr)
		p.enroll("")
		leg, told := x.ringPhone()
		invite := p.expect("INVITE")
		if want := "INVITE sip:7001@10.0.0.9:5060 SIP/2.0"; invite.first != want {
			t.Errorf("sent %q, want %q", invite.first, want)
		}
		const from = `"Bob \"the builder\"" <sip:008613800138000@198.51.100.1>`
		if !strings.HasPrefix(invite.get("From"), from) || invite.get("P-Asserted-Identity") != from || invite.get("To") != "<sip:7001@198.51.100.1>" {
			t.Errorf("From: %s, P-Asserted-Identity: %s, To: %s", invite.get("From"), invite.get("P-Asserted-Identity"), invite.get("To"))
		}
		p.answer(invite, "180 Ringing", "a", "")
		told.want(t, "ringing")
		p.answer(invite, "200 OK", "a", sdpA)
		p.expect("ACK")
		told.want(t, "ringing, answered false")

		hold := p.dialogOf(invite, "a")
		hold.request("INVITE", strings.Replace(sdpA, "a=ptime:20", "a=sendonly", 1))
		if m := hold.expect("200"); !strings.Contains(m.body, "a=recvonly") {
			t.Errorf("answered %s", m.body)
		}
		hold.request("ACK", "")
		told.want(t, "ringing, answered false, held true")

		time.Sleep(time.Second)
		moved := x.telephone("203.0.113.7:7070") // the NAT forgot us; the phone registers again
		moved.callID, moved.seq = p.callID, p.seq
		moved.enroll("")
		leg.HangUp(0, 16)
		bye := moved.expect("BYE")
		if bye.get("Reason") != "Q.850;cause=16" {
			t.Errorf("Reason: %s", bye.get("Reason"))
		}
		moved.answer(bye, "200 OK", "", "")
		told.want(t, "ringing, answered false, held true, ended 200 q850=0 byPeer=false")
		if s := x.Stats(); s.Legs != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}

// dialogOf is the far end of a dialog that we began.
func (p *telephone) dialogOf(invite message, tag string) *caller {
	us, _, _ := strings.Cut(invite.get("From"), ";tag=")
	return &caller{
		peer: p.peer, callID: invite.get("Call-ID"), from: invite.get("To") + ";tag=" + tag, theirTag: invite.tag("From"),
		to: us, branch: "z9hG4bKd" + tag, cseq: 1, uri: "sip:openseat@198.51.100.1",
	}
}

// All devices ring; who answers first has the call, and the others are told that it was taken. One that answers all the same is
// thanked and hung up on.
func TestDevicesRing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		desk, mobile, lazy := x.telephone(phoneAddr), x.telephone(otherAddr), x.telephone("203.0.113.9:5060")
		mobile.contact, lazy.contact = "<sip:7001@10.0.0.10>", "<sip:7001@10.0.0.11>"
		for _, p := range []*telephone{desk, mobile, lazy} {
			p.enroll("")
		}
		_, told := x.ringPhone()
		i1, i2, i3 := desk.expect("INVITE"), mobile.expect("INVITE"), lazy.expect("INVITE")
		desk.answer(i1, "180 Ringing", "d", "")
		mobile.answer(i2, "180 Ringing", "m", "")
		told.want(t, "ringing")
		mobile.answer(i2, "200 OK", "m", sdpA)
		mobile.expect("ACK")
		cancel := desk.expect("CANCEL")
		if got := cancel.get("Reason"); got != `SIP;cause=200;text="Call completed elsewhere"` {
			t.Errorf("Reason: %s", got)
		}
		desk.answer(cancel, "200 OK", "d", "")
		desk.answer(i1, "487 Request Terminated", "d", "")
		desk.expect("ACK")
		lazy.answer(i3, "200 OK", "l", sdpA)
		lazy.expect("ACK")
		lazy.answer(lazy.expect("BYE"), "200 OK", "", "")
		told.want(t, "ringing, answered false")
		d := mobile.dialogOf(i2, "m")
		d.request("BYE", "")
		d.expect("200")
		told.want(t, "ringing, answered false, ended 200 q850=0 byPeer=true")
	})
}

// What several devices say adds up to one answer.
func TestDevicesDecline(t *testing.T) {
	tests := []struct {
		name          string
		desk, mobile  string
		want          string
		mobileIsSpare bool // its answer does not matter any more
	}{
		{"busy and away", "486 Busy Here", "480 Temporarily Unavailable", "ended 486 q850=0 byPeer=true", false},
		{"away and busy", "480 Temporarily Unavailable", "486 Busy Here", "ended 486 q850=0 byPeer=true", false},
		{"away", "480 Temporarily Unavailable", "503 Service Unavailable", "ended 480 q850=0 byPeer=true", false},
		{"declined for all", "603 Decline", "", "ended 603 q850=0 byPeer=true", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := withPhones(t, newBooklet(), nil)
				defer x.close()
				desk, mobile := x.telephone(phoneAddr), x.telephone(otherAddr)
				mobile.contact = "<sip:7001@10.0.0.10>"
				desk.enroll("")
				mobile.enroll("")
				_, told := x.ringPhone()
				i1, i2 := desk.expect("INVITE"), mobile.expect("INVITE")
				mobile.answer(i2, "100 Trying", "", "")
				desk.answer(i1, tt.desk, "d", "")
				desk.expect("ACK")
				if tt.mobileIsSpare {
					mobile.answer(mobile.expect("CANCEL"), "200 OK", "m", "")
					tt.mobile = "487 Request Terminated"
				} else {
					told.want(t, "")
				}
				mobile.answer(i2, tt.mobile, "m", "")
				mobile.expect("ACK")
				told.want(t, tt.want)
			})
		})
	}
}

func TestPhoneDoesNotRing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		_, told := x.ringPhone()
		told.want(t, "ended 480 q850=0 byPeer=false")

		p := x.telephone(phoneAddr)
		p.enroll("")
		leg, told := x.ringPhone()
		invite := p.expect("INVITE")
		p.answer(invite, "180 Ringing", "a", "")
		told.want(t, "ringing")
		leg.HangUp(0, 0)
		p.answer(p.expect("CANCEL"), "200 OK", "a", "")
		p.answer(invite, "487 Request Terminated", "a", "")
		p.expect("ACK")
		told.want(t, "ringing, ended 487 q850=0 byPeer=false")

		_, told = x.ringPhone() // nobody answers
		invite = p.expect("INVITE")
		p.answer(invite, "180 Ringing", "b", "")
		time.Sleep(30 * time.Second)
		p.answer(p.expect("CANCEL"), "200 OK", "b", "")
		p.answer(invite, "487 Request Terminated", "b", "")
		p.expect("ACK")
		told.want(t, "ringing, ended 408 q850=0 byPeer=false")
	})
}

// dials sends an INVITE from a phone.
func (p *telephone) dials(number string, as string) *caller {
	p.t.Helper()
	c := p.caller(fmt.Sprintf("%s-%d-%d", as, p.seq, p.port.addr.Port()))
	p.seq++
	c.uri = "sip:" + number + "@" + p.host
	c.from = "<sip:" + as + "@" + p.host + ">;tag=f"
	c.invite(p.proof("Proxy-Authorization", "INVITE", c.uri) + strings.TrimLeft(sdpA, "\n"))
	return c
}

// A phone calls: it has to prove who it is, then stands at the door as that extension, with what was dialed.
func TestPhoneCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		p := x.telephone(phoneAddr)
		p.enroll("")
		p.challenge = nil
		c := p.dials("13800138000", "7001")
		p.challenged(p.expect("407"))
		c.ackRefusal()
		c = p.dials("13800138000", "7001")
		p.expect("100")
		arrived, told := x.arrived()
		if arrived.App != app || arrived.Extension != "7001" || arrived.Caller != "7001" || arrived.Callee != "13800138000" || arrived.Trunk != "" {
			t.Errorf("arrived: %+v", arrived)
		}
		arrived.Leg.Answer()
		c.inDialog(p.expect("200"))
		c.ack()
		told.want(t, "answered false")

		moved := x.peer("203.0.113.7:7071") // a NAT
		c.port = moved.port
		c.cseq++
		c.request("INFO", "Content-Type: application/dtmf\n\n5")
		c.expect("200")
		arrived.Leg.HangUp(0, 0)
		moved.answer(moved.expect("BYE"), "200 OK", "", "")
		told.want(t, "answered false, digit 5, ended 200 q850=0 byPeer=false")
	})
}

// Nobody calls as somebody else, or without being registered; and a trunk at the same address is not mistaken for a phone.
func TestPhoneMayNotCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), func(x *exchange, _ *sip.Options) {
			x.trunks = append(x.trunks, &org.Trunk{App: app, Name: "same house", Peer: "203.0.113.8:5060"})
		})
		defer x.close()
		p := x.telephone(phoneAddr)
		p.enroll("")
		p.challenge = nil
		c := p.dials("10086", "7001")
		p.challenged(p.expect("407"))
		c.ackRefusal()
		c = p.dials("10086", "7002") // with Alice's password
		p.expect("403")
		c.ackRefusal()
		p.extension, p.password = "7002", "bob-secret" // right, but not registered
		c = p.dials("10086", "7002")
		p.expect("403")
		c.ackRefusal()

		q := x.telephone(otherAddr)
		q.contact = "<sip:7001@10.0.0.77>"
		q.enroll("")
		carrier := x.peer("203.0.113.8:5060").caller("t")
		carrier.invite(sdpA)
		carrier.expect("100")
		if arrived, _ := x.arrived(); arrived.Trunk != "same house" || arrived.Extension != "" {
			t.Errorf("arrived: %+v", arrived)
		}
		q.challenge = nil
		d := q.dials("10086", "7001")
		q.expect("407")
		d.ackRefusal()
		stranger := x.peer("203.0.113.99:5060").caller("s")
		stranger.invite(sdpA)
		stranger.expect("403")
		if len(x.calls) != 0 {
			t.Error("somebody is at the door")
		}
	})
}

// A trunk's peer with several addresses: the next one is tried when one is full or silent, and the silent one last from then on.
func TestNextAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := open(t, func(x *exchange, o *sip.Options) {
			x.trunks[0].Peer, o.Resolver = "far.example:5060", names{hosts: map[string][]netip.Addr{
				"far.example": {netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("2001:db8::1")},
			}}
		})
		defer x.close()
		synctest.Wait()
		first, second := x.peer("192.0.2.1:5060"), x.peer("192.0.2.2:5060")
		_, told := x.dial()
		full := first.expect("INVITE")
		first.answer(full, "503 Service Unavailable", "x", "")
		first.expect("ACK")
		invite := second.expect("INVITE")
		second.answer(invite, "486 Busy Here", "y", "")
		second.expect("ACK")
		told.want(t, "ended 486 q850=0 byPeer=true")
		time.Sleep(2 * time.Minute)

		leg, told := x.dial()
		first.expect("INVITE") // and not a word
		late := time.Now()
		invite = second.expect("INVITE")
		if waited := time.Since(late); waited > 4*time.Second {
			t.Errorf("tried the next after %v", waited)
		}
		second.answer(invite, "200 OK", "z", sdpA)
		second.expect("ACK")
		told.want(t, "answered false")
		leg.HangUp(0, 0)
		second.answer(second.expect("BYE"), "200 OK", "", "")

		_, told = x.dial()
		invite = second.expect("INVITE") // the one that lives
		second.answer(invite, "404 Not Found", "w", "")
		second.expect("ACK")
		told.want(t, "ended 404 q850=0 byPeer=true")
	})
}

// transferring is a diary of somebody who can be asked to hand the other party on.
type transferring struct {
	*diary

	there bool
}

func (t transferring) Transfer(target string) bool {
	t.writef("transfer to %s", target)
	return t.there
}

// The transfer key of a phone: the call is told, and the phone what became of it.
func TestPhoneHandsOn(t *testing.T) {
	tests := []struct {
		name    string
		referTo string
		there   bool
		status  string
		notify  []string
		told    string
	}{
		{"to a colleague", "<sip:7002@pbx.example.com>", true, "202", []string{"100 Trying", "200 OK"}, "transfer to 7002, ended 200 q850=0 byPeer=false"},
		{"to nobody", "sip:7999@pbx.example.com", false, "202", []string{"100 Trying", "404 Not Found"}, "transfer to 7999"},
		{"and nothing comes of it", "<sip:7002@pbx>", true, "202", []string{"100 Trying", "408 Request Timeout"}, "transfer to 7002, media lost"},
		{"to another call", "<sip:7002@pbx?Replaces=abc%3Bto-tag%3D1%3Bfrom-tag%3D2>", true, "501", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := withPhones(t, newBooklet(), nil)
				defer x.close()
				p := x.telephone(phoneAddr)
				p.enroll("")
				told := transferring{&diary{}, tt.there}
				leg := x.Ring(app, "7001", "10086", "", time.Minute, told)
				invite := p.expect("INVITE")
				if !strings.Contains(invite.get("Allow"), "REFER") {
					t.Errorf("Allow: %s", invite.get("Allow"))
				}
				p.answer(invite, "200 OK", "a", sdpA)
				p.expect("ACK")
				told.want(t, "answered false")
				told.clear()
				d := p.dialogOf(invite, "a")
				d.request("REFER", "Refer-To: "+tt.referTo+"\n")
				d.expect(tt.status)
				for _, want := range tt.notify {
					switch want {
					case "200 OK":
						leg.HangUp(0, 0)
					case "408 Request Timeout":
						p.answer(p.expect("OPTIONS"), "200 OK", "", "") // it says nothing, and is there
						time.Sleep(time.Minute)
					}
					n := p.expect("NOTIFY")
					if n.body != "SIP/2.0 "+want+"\r\n" || n.get("Event") != "refer;id=1" {
						t.Errorf("notified %q of %q, want %q", n.body, n.get("Event"), want)
					}
					if final := strings.HasPrefix(n.get("Subscription-State"), "terminated"); final != (want != "100 Trying") {
						t.Errorf("Subscription-State: %s", n.get("Subscription-State"))
					}
					synctest.Wait()
					if len(p.port.in) != 0 {
						t.Error("more is said before the NOTIFY is answered")
					}
					p.answer(n, "200 OK", "", "")
				}
				if slices.Contains(tt.notify, "200 OK") {
					p.answer(p.expect("BYE"), "200 OK", "", "")
				}
				told.want(t, tt.told)
			})
		})
	}
}

// A phone that falls silent in a call is asked whether it is there. One that says so may be silent; one whose plug was pulled
// has hung up.
func TestSilentPhoneIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		p := x.telephone(phoneAddr)
		p.enroll("")
		for _, there := range []bool{true, false} {
			_, told := x.ringPhone()
			invite := p.expect("INVITE")
			p.answer(invite, "200 OK", "a", sdpA)
			p.expect("ACK")
			ask := p.expect("OPTIONS")
			told.want(t, "answered false, media lost")
			if there {
				p.answer(ask, "200 OK", "", "")
				time.Sleep(10 * time.Second)
				told.want(t, "answered false, media lost")
				d := p.dialogOf(invite, "a")
				d.request("BYE", "")
				d.expect("200")
				continue
			}
			p.answer(p.expect("BYE", "OPTIONS"), "200 OK", "", "")
			told.want(t, "answered false, media lost, ended 408 q850=0 byPeer=false")
		}
	})
}
