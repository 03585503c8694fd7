package sip

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	wire "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// onePhone is a directory of one.
type onePhone struct{}

func (onePhone) Phones(extension string) []Phone {
	return []Phone{{App: 1400000001, Extension: extension, Password: "secret"}}
}

func testRegistrar() *registrar {
	opts := Options{Phones: onePhone{}, Digests: []string{"SHA-256", "MD5"}, Realm: "openseat", Logger: slog.New(slog.DiscardHandler)}
	return newRegistrar(&Server{opts: opts.withDefaults(), log: opts.Logger})
}

// FuzzRegister: whatever a phone with the right password registers, in two REGISTERs, the books balance: no more than five
// devices, each with a life within bounds, none left behind.
func FuzzRegister(f *testing.F) {
	f.Add("Contact: <sip:7001@10.0.0.9>\r\nExpires: 600", "Contact: *\r\nExpires: 0")
	f.Add(`Contact: "A" <sip:7001@10.0.0.9:5060;transport=tcp>;expires=60;+sip.instance="<urn:uuid:1>";reg-id=1`, "Contact: <sip:b@c>;expires=0")
	f.Add("Contact: <sip:a@b>, <sips:c@d>, sip:e@f;q=0.1\r\nm: <sip:g@h>", "Require: path\r\nExpires: 4294967296")
	f.Fuzz(func(t *testing.T, first, second string) {
		r := testRegistrar()
		for i, headers := range []string{first, second} {
			way := flow{"UDP", netip.AddrPortFrom(netip.MustParseAddr("203.0.113.7"), uint16(5060+i))}
			req := parsed(fmt.Sprintf("REGISTER sip:pbx SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK%d;rport\r\nFrom: <sip:7001@pbx>;tag=r\r\n"+
				"To: <sip:7001@pbx>\r\nCall-ID: c\r\nCSeq: %d REGISTER\r\n%s\r\n\r\n", i, i+1, headers))
			if req == nil || !isWhole(req) || len(req.GetHeaders("Authorization")) > 0 || string(*req.CallID()) != "c" {
				return
			}
			req.SetSource(way.addr.String())
			if res := r.answer(req, way); res.StatusCode == 401 {
				prove401(t, req, res)
				res = r.answer(req, way)
				if res.StatusCode == 401 || res.StatusCode >= 500 && req.CSeq().SeqNo == uint32(i+1) && i == 0 {
					t.Fatalf("answered %d", res.StatusCode)
				}
				if text := res.String(); strings.Count(text, "\r\n\r\n") != 1 {
					t.Fatalf("answered %q", text)
				}
			}
			r.balance(t)
		}
	})
}

func parsed(text string) *wire.Request {
	m, err := wire.NewParser().ParseSIP([]byte(text))
	req, ok := m.(*wire.Request)
	if err != nil || !ok || req.Method != wire.REGISTER {
		return nil
	}
	return req
}

func prove401(t *testing.T, req *wire.Request, res *wire.Response) {
	t.Helper()
	c, err := digest.ParseChallenge(res.GetHeaders("WWW-Authenticate")[0].Value())
	if err != nil {
		t.Fatal(err)
	}
	proof, err := digest.Digest(c, digest.Options{
		Method: "REGISTER", URI: req.Recipient.String(), Count: 1, Username: userOf(&req.To().Address), Password: "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	req.AppendHeader(wire.NewHeader("Authorization", proof.String()))
}

// balance counts the devices, their ways and their addresses.
func (r *registrar) balance(t *testing.T) {
	t.Helper()
	flows, sources := map[flow]int{}, map[netip.Addr]int{}
	for key, p := range r.phones {
		if len(p.contacts) == 0 || len(p.contacts) > maxContacts {
			t.Fatalf("%v has %d devices", key, len(p.contacts))
		}
		for _, c := range p.contacts {
			flows[c.way]++
			sources[c.way.addr.Addr()]++
			if left := time.Until(c.until); left > longestRegistration || left < leastRegistration-time.Minute {
				t.Fatalf("%v lives %v", c.uri.String(), left)
			}
		}
	}
	if fmt.Sprint(flows) != fmt.Sprint(r.flows) || fmt.Sprint(sources) != fmt.Sprint(r.sources) {
		t.Fatalf("books: %v %v, devices: %v %v", r.flows, r.sources, flows, sources)
	}
}

// FuzzAuthorization: no header but the right one opens the door, and none breaks it.
func FuzzAuthorization(f *testing.F) {
	f.Add(`Digest username="7001", realm="openseat", nonce="N", uri="sip:pbx", response="", qop=auth, nc=00000001, cnonce="x"`)
	f.Add(`Digest username="7001", realm="openseat", nonce="N", algorithm=SHA-256, uri="sip:pbx", response="00", qop=auth, nc=7fffffff, cnonce=""`)
	f.Add(`Digest nonce="N", realm=openseat, nc=-1`)
	f.Add("Basic NzAwMTpzZWNyZXQ=")
	f.Fuzz(func(t *testing.T, value string) {
		r := testRegistrar()
		source := netip.MustParseAddr("203.0.113.7")
		value = strings.ReplaceAll(value, "N", r.prover.nonce(source, time.Now()))
		req := wire.NewRequest(wire.REGISTER, wire.Uri{Scheme: "sip", Host: "pbx"})
		req.AppendHeader(wire.NewHeader("Authorization", value))
		v := r.prover.check(req, &wire.Uri{Scheme: "sip", User: "7001", Host: "pbx"}, source)
		if v.status != 401 && v.status != 403 {
			t.Fatalf("%q opens the door: %+v", value, v)
		}
	})
}
