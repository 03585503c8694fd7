package sip_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/icholy/digest"

	"openseat/voice/sip"
)

const (
	phoneAddr = "203.0.113.7:5062"
	otherAddr = "203.0.113.8:1024"
)

// telephone is a SIP phone that does exactly what the test says.
type telephone struct {
	*peer

	extension, password string
	host                string // of its address of record
	contact             string
	callID              string
	seq                 int
	challenge           *digest.Challenge
	count               int
	said                string // the newest proof
	again               bool   // say it again
}

func (x *exchange) telephone(addr string) *telephone {
	return &telephone{
		peer: x.peer(addr), extension: "7001", password: "alice-secret", host: "pbx.example.com", contact: "<sip:7001@10.0.0.9:5060>",
		callID: "reg-" + addr,
	}
}

// register sends a REGISTER; extra is headers. With a challenge at hand it proves who it is.
func (p *telephone) register(extra string) {
	p.t.Helper()
	p.seq++
	contact := ""
	if p.contact != "" {
		contact = "Contact: " + p.contact + "\n"
	}
	p.send(fmt.Sprintf("REGISTER sip:%s SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKr%d%d;rport\nMax-Forwards: 70\n"+
		"From: <sip:%s@%s>;tag=r\nTo: <sip:%s@%s>\nCall-ID: %s\nCSeq: %d REGISTER\n%s%s%s\n", p.host, p.seq, p.count, p.extension, p.host,
		p.extension, p.host, p.callID, p.seq, contact, p.proof("Authorization", "REGISTER", "sip:"+p.host), strings.TrimSpace(extra)))
}

// proof is a header of credentials for the challenge at hand.
func (p *telephone) proof(header, method, uri string) string {
	p.t.Helper()
	if p.challenge == nil {
		return ""
	}
	if p.again {
		return p.said
	}
	p.count++
	c, err := digest.Digest(p.challenge, digest.Options{Method: method, URI: uri, Count: p.count, Username: p.extension, Password: p.password})
	if err != nil {
		p.t.Fatal(err)
	}
	p.said = header + ": " + c.String() + "\n"
	return p.said
}

// challenged takes the first challenge of an answer.
func (p *telephone) challenged(m message) *digest.Challenge {
	p.t.Helper()
	value := m.get("WWW-Authenticate") + m.get("Proxy-Authenticate")
	c, err := digest.ParseChallenge(value)
	if err != nil {
		p.t.Fatalf("challenge %q: %v", value, err)
	}
	p.challenge, p.count = c, 0
	return c
}

// enroll registers, with everything that belongs to it.
func (p *telephone) enroll(extra string) message {
	p.t.Helper()
	p.challenge = nil
	p.register(extra)
	p.challenged(p.expect("401"))
	p.register(extra)
	return p.expect("200")
}

// withPhones opens a server that phones may register with.
func withPhones(t *testing.T, book *booklet, change func(*exchange, *sip.Options)) *exchange {
	t.Helper()
	return open(t, func(x *exchange, o *sip.Options) {
		o.Phones, o.PhoneState = book, book.state
		if change != nil {
			change(x, o)
		}
	})
}

// contacts are the devices of an instance's phones, as Registrations tells them.
func (x *exchange) contacts() string {
	var all []string
	for _, r := range x.Registrations(app) {
		all = append(all, fmt.Sprintf("%s %s %s %s", r.Extension, r.Contact, r.Transport, r.Source))
	}
	return strings.Join(all, ", ")
}

func (b *booklet) want(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	if got := b.told(); got != want {
		t.Errorf("phones: %s\nwant:   %s", got, want)
	}
}

// A phone behind NAT is asked who it is, proves it, and is there until it says that it goes.
func TestPhoneRegisters(t *testing.T) {
	for _, algorithm := range []string{"MD5", "SHA-256"} {
		synctest.Test(t, func(t *testing.T) {
			book := newBooklet()
			x := withPhones(t, book, func(_ *exchange, o *sip.Options) { o.Digests = []string{algorithm} })
			defer x.close()
			p := x.telephone(phoneAddr)
			p.register("Expires: 300")
			asked := p.expect("401")
			if c := p.challenged(asked); c.Algorithm != algorithm || c.Realm != "openseat" || c.Stale || !c.SupportsQOP("auth") {
				t.Errorf("asked %+v", c)
			}
			if via := asked.get("Via"); !strings.Contains(via, "received=203.0.113.7") || !strings.Contains(via, "rport=5062") {
				t.Errorf("Via: %s", via)
			}
			book.want(t, "")
			p.register("Expires: 300")
			if got := p.expect("200").get("Contact"); got != "<sip:7001@10.0.0.9:5060>;expires=300" {
				t.Errorf("Contact: %s", got)
			}
			if got := x.contacts(); got != "7001 sip:7001@10.0.0.9:5060 UDP 203.0.113.7:5062" {
				t.Errorf("registered: %s", got)
			}
			p.contact = "*"
			p.register("Expires: 0")
			if m := p.expect("200"); m.get("Contact") != "" {
				t.Errorf("Contact: %s", m.get("Contact"))
			}
			book.want(t, "7001 true, 7001 false")
		})
	}
}

// What is told apart, and what is not: the extension, the instance that the domain names, the password.
func TestWhoMayRegister(t *testing.T) {
	tests := []struct {
		name   string
		change func(*telephone, *booklet)
		want   string
	}{
		{"the domain is of no meaning", func(p *telephone, _ *booklet) { p.host = "198.51.100.1" }, "200"},
		{"the domain names the instance", func(p *telephone, _ *booklet) { p.host = "1400000001.example.com" }, "200"},
		{"the domain names another instance", func(p *telephone, _ *booklet) { p.host = "1400000002.example.com" }, "403"},
		{"two instances have it", twice, "403"},
		{"two instances have it, the domain says which", func(p *telephone, b *booklet) {
			twice(p, b)
			p.host = "1400000001.pbx"
		}, "200"},
		{"wrong password", func(p *telephone, _ *booklet) { p.password = "guess" }, "403"},
		{"no such extension", func(p *telephone, _ *booklet) { p.extension = "7999" }, "403"},
		{"no such extension, no password", func(p *telephone, _ *booklet) { p.extension, p.password = "7999", "" }, "403"},
		{"an extension without a password", func(p *telephone, b *booklet) {
			b.phones[0].Password, p.password = "", ""
		}, "403"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				book := newBooklet()
				x := withPhones(t, book, nil)
				defer x.close()
				p := x.telephone(phoneAddr)
				tt.change(p, book)
				p.register("")
				p.challenged(p.expect("401"))
				p.register("")
				p.expect(tt.want)
			})
		})
	}
}

func twice(_ *telephone, b *booklet) {
	b.phones = append(b.phones, sip.Phone{App: 1400000002, Extension: "7001", Password: "alice-secret"})
}

// A REGISTER that asks for what cannot be is told so, and changes nothing.
func TestRegisterEdges(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("<sip:7001@10.0.0.9:5060>, ", 6), ", ")
	tests := []struct {
		name, contact, extra, want, header string
	}{
		{"too brief", "<sip:7001@10.0.0.9>", "Expires: 59", "423", "Min-Expires: 60"},
		{"too brief for one device", "<sip:7001@10.0.0.9>;expires=5", "Expires: 600", "423", "Min-Expires: 60"},
		{"longer than we like", "<sip:7001@10.0.0.9>", "Expires: 86400", "200", "Contact: <sip:7001@10.0.0.9>;expires=600"},
		{"not said how long", "<sip:7001@10.0.0.9>", "", "200", "Contact: <sip:7001@10.0.0.9>;expires=300"},
		{"not a number", "<sip:7001@10.0.0.9>", "Expires: soon", "200", "Contact: <sip:7001@10.0.0.9>;expires=300"},
		{"all, but not to go", "*", "Expires: 600", "400", ""},
		{"all, but not said", "*", "", "400", ""},
		{"all and one", "*, <sip:7001@10.0.0.9>", "Expires: 0", "400", ""},
		{"too many devices", many, "", "403", ""},
		{"something we do not know", "<sip:7001@10.0.0.9>", "Require: path", "420", "Unsupported: path"},
		{"just asking", "", "", "200", "Contact: <sip:7001@10.1.1.1>;expires=300"},
		{"a device that was never there goes", "<sip:7001@10.0.0.9>;expires=0", "", "200", "Contact: <sip:7001@10.1.1.1>;expires=300"},
		{"a telephone number is no device", "<tel:+8613800138000>", "", "400", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := withPhones(t, newBooklet(), nil)
				defer x.close()
				p := x.telephone(phoneAddr)
				p.contact = "<sip:7001@10.1.1.1>"
				p.enroll("")
				before := x.contacts()
				p.contact, p.callID = tt.contact, "another"
				p.register(tt.extra)
				m := p.expect(tt.want)
				if name, want, ok := strings.Cut(tt.header, ": "); ok {
					found := false
					for _, h := range m.headers {
						found = found || h[0] == name && h[1] == want
					}
					if !found {
						t.Errorf("lacks %s: %v", tt.header, m.headers)
					}
				}
				if tt.want != "200" && x.contacts() != before {
					t.Errorf("changed to %s", x.contacts())
				}
			})
		})
	}
}

// One device registers again and again: from a new port, after a reboot. It stays one device, and an old REGISTER that comes
// late changes nothing.
func TestDeviceRegistersAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := newBooklet()
		x := withPhones(t, book, nil)
		defer x.close()
		p := x.telephone(phoneAddr)
		p.contact = `<sip:7001@10.0.0.9:5060>;+sip.instance="<urn:uuid:1>"`
		p.enroll("")
		p.seq--
		p.register("") // another one with this number
		p.expect("500")

		moved := x.telephone("203.0.113.7:6000") // the NAT forgot us
		moved.contact, moved.seq = `<sip:7001@10.0.0.9:6060>;+sip.instance="<urn:uuid:1>"`, 10
		moved.enroll("")
		if got := x.contacts(); got != "7001 sip:7001@10.0.0.9:6060 UDP 203.0.113.7:6000" {
			t.Errorf("registered: %s", got)
		}
		book.want(t, "7001 true")
		for i := range 6 { // other devices: five have room
			other := x.telephone(fmt.Sprintf("203.0.113.20:%d", 2000+i))
			other.contact = fmt.Sprintf("<sip:7001@10.0.0.%d>", 10+i)
			other.enroll("")
			time.Sleep(time.Second)
		}
		if got := x.Registrations(app); len(got) != 5 || strings.Contains(x.contacts(), "10.0.0.9") || strings.Contains(x.contacts(), "10.0.0.10 ") {
			t.Errorf("registered: %s", x.contacts())
		}
		time.Sleep(11 * time.Minute)
		book.want(t, "7001 true, 7001 false")
	})
}

// Nobody gets anywhere with a proof that was used before, is too old, or was made for somebody else.
func TestProofsAreFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		p := x.telephone(phoneAddr)
		p.enroll("")
		p.register("") // the same nonce, counted on
		p.expect("200")

		p.again, p.contact = true, "<sip:thief@203.0.113.66>" // somebody who listened
		p.register("")
		p.again = false
		if got := p.expect("200").get("Contact"); strings.Contains(got, "thief") {
			t.Errorf("Contact: %s", got)
		}
		p.count = 0 // older
		p.register("")
		if c := p.challenged(p.expect("401")); !c.Stale {
			t.Errorf("asked %+v", c)
		}
		time.Sleep(5*time.Minute + time.Second)
		p.register("")
		if c := p.challenged(p.expect("401")); !c.Stale {
			t.Errorf("asked %+v", c)
		}
		q := x.telephone(otherAddr)
		q.challenge = p.challenge
		q.register("")
		if c := q.challenged(q.expect("401")); !c.Stale {
			t.Errorf("asked %+v", c)
		}
		q.challenge = &digest.Challenge{Realm: "openseat", Nonce: "made up", QOP: []string{"auth"}}
		q.register("")
		q.challenged(q.expect("401"))
	})
}

// Who guesses passwords is not listened to for a while, even if he hits. The phone itself is not locked out by others.
func TestGuessers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		alice := x.telephone(phoneAddr)
		alice.enroll("")
		guess := func(addr string, n int) *telephone {
			g := x.telephone(addr)
			g.password = "guess"
			for range n {
				g.challenge = nil
				g.register("")
				g.challenged(g.expect("401"))
				g.register("")
				g.expect("403")
				time.Sleep(time.Second)
			}
			return g
		}
		g := guess(otherAddr, 5)
		g.password = "alice-secret"
		g.register("")
		g.expect("403")
		time.Sleep(5 * time.Minute)
		g.enroll("")

		for i := range 15 {
			guess(netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(100 + i)}), 5060).String(), 4)
		}
		late := x.telephone("203.0.113.200:5060")
		late.register("")
		late.challenged(late.expect("401"))
		late.register("") // right, but too many have guessed
		late.expect("403")
		alice.enroll("")
	})
}

// Strangers who flood us with REGISTERs are hardly answered.
func TestRegisterFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := withPhones(t, newBooklet(), nil)
		defer x.close()
		p := x.telephone(phoneAddr)
		for range 1000 {
			p.register("")
		}
		synctest.Wait()
		if n := len(p.port.in); n > 30 {
			t.Errorf("%d answers", n)
		}
		if s := x.Stats(); s.Strangers < 900 {
			t.Errorf("stats %+v", s)
		}
	})
}

// A device is asked now and then whether it is there. One that does not answer is forgotten; one that does is kept, whatever it says.
func TestDevicesAreAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := newBooklet()
		x := withPhones(t, book, func(_ *exchange, o *sip.Options) { o.Health = 30 * time.Second })
		defer x.close()
		p := x.telephone(phoneAddr)
		p.enroll("Expires: 600")
		for range 10 {
			ask := p.expect("OPTIONS")
			if ask.first != "OPTIONS sip:7001@10.0.0.9:5060 SIP/2.0" {
				t.Errorf("asked %s", ask.first)
			}
			p.answer(ask, "405 Method Not Allowed", "x", "")
		}
		book.want(t, "7001 true")
		time.Sleep(time.Minute)
		book.want(t, "7001 true, 7001 false")
	})
}

// A phone that is deleted is not registered any more.
func TestPhoneDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := newBooklet()
		x := withPhones(t, book, nil)
		defer x.close()
		x.telephone(phoneAddr).enroll("")
		book.mu.Lock()
		book.phones = nil
		book.mu.Unlock()
		time.Sleep(time.Minute)
		book.want(t, "7001 true, 7001 false")
	})
}

// notebook is a memory.
type notebook struct{ b []byte }

func (n *notebook) Save(_ context.Context, b []byte) error {
	n.b = b
	return nil
}

func (n *notebook) Load(context.Context) ([]byte, error) { return n.b, nil }

// The server is restarted: phones that were there still are, are asked whether that is so, and register again as if nothing had been.
func TestPhonesOutliveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := &notebook{}
		f := newFabric()
		start := func(book *booklet) *exchange {
			return openIn(t, f, func(_ *exchange, o *sip.Options) {
				o.Phones, o.PhoneState, o.Memory, o.Health = book, book.state, memory, 30*time.Second
			})
		}
		book := newBooklet()
		x := start(book)
		p, gone := x.telephone(phoneAddr), x.telephone(otherAddr)
		gone.extension, gone.password = "7002", "bob-secret"
		p.enroll("")
		gone.enroll("")
		x.close()
		book.want(t, "7001 true, 7002 true")

		book = newBooklet()
		x = start(book)
		defer x.close()
		book.want(t, "7001 true, 7002 true")
		_, told := x.ringPhone()
		p.answer(p.expect("INVITE"), "486 Busy Here", "b", "")
		p.expect("ACK")
		told.want(t, "ended 486 q850=0 byPeer=true")
		p.answer(p.expect("OPTIONS"), "200 OK", "o", "")
		p.enrollAgain()
		time.Sleep(30 * time.Second)
		book.want(t, "7001 true, 7002 true, 7002 false")

		memory.b = []byte("torn")
		z := openIn(t, newFabric(), func(_ *exchange, o *sip.Options) { o.Phones, o.Memory = book, memory })
		defer z.close()
		if got := z.contacts(); got != "" {
			t.Errorf("registered: %s", got)
		}
	})
}

// enrollAgain registers with the nonce of before, which a restarted server does not know.
func (p *telephone) enrollAgain() {
	p.t.Helper()
	p.register("")
	p.challenged(p.expect("401"))
	p.register("")
	p.expect("200")
}
