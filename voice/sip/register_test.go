package sip_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat/core/org"
	"openseat/voice/sip"
)

func registering(x *exchange, _ *sip.Options) {
	t := x.trunks[0]
	t.Register, t.Username, t.Password, t.Domain = true, "desk", "secret", "far.example"
}

const question = "WWW-Authenticate: Digest realm=\"far.example\", nonce=\"n1\", algorithm=md5, qop=\"auth,auth-int\"\n"

func TestRegister(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFabric()
		p := f.peer(t, peerAddr)
		x := openIn(t, f, registering)
		first := p.expect("REGISTER")
		if first.first != "REGISTER sip:far.example SIP/2.0" || first.get("Expires") != "300" ||
			!strings.HasPrefix(first.get("To"), "<sip:desk@far.example>") || first.get("Authorization") != "" {
			t.Errorf("%+v", first)
		}
		p.answer(first, "401 Unauthorized", "r", question)
		second := p.expect("REGISTER")
		for _, want := range []string{`username="desk"`, `nonce="n1"`, `uri="sip:far.example"`, `algorithm=MD5`, "qop=auth,"} {
			if !strings.Contains(second.get("Authorization"), want) {
				t.Errorf("no %s in %s", want, second.get("Authorization"))
			}
		}
		if second.get("Call-ID") != first.get("Call-ID") || second.tag("From") != first.tag("From") || second.get("Via") == first.get("Via") {
			t.Errorf("second: %+v", second)
		}
		p.answer(second, "200 OK", "r", "Contact: "+second.get("Contact")+";expires=120\nExpires: 3600\n")
		synctest.Wait()
		status := x.Status()[0]
		if !status.Registered || status.RegisterError != "" || time.Until(status.RegisteredUntil) != 2*time.Minute {
			t.Errorf("status %+v", status)
		}
		began := time.Now()
		third := p.expectWithin("REGISTER", 2*time.Minute)
		if took := time.Since(began); took < 78*time.Second || took > 90*time.Second {
			t.Errorf("renewed after %v", took)
		}
		if third.get("Call-ID") != first.get("Call-ID") {
			t.Error("another Call-ID")
		}
		p.answer(third, "200 OK", "r", "Expires: 120\n")
		synctest.Wait()
		done := make(chan struct{})
		go func() {
			x.close()
			close(done)
		}()
		last := p.expect("REGISTER")
		if last.get("Expires") != "0" {
			t.Errorf("Expires: %s at the end", last.get("Expires"))
		}
		p.answer(last, "200 OK", "r", "")
		<-done
	})
}

// A registrar that is down is asked again and again, ever more slowly.
func TestRegisterFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFabric()
		p := f.peer(t, peerAddr)
		x := openIn(t, f, registering)
		defer x.close()
		last := time.Now()
		var pauses []time.Duration
		for range 9 {
			m := p.expectWithin("REGISTER", 5*time.Minute)
			pauses = append(pauses, time.Since(last))
			last = time.Now()
			p.answer(m, "503 Service Unavailable", "r", "")
		}
		for i, pause := range pauses[1:] {
			want := min(2*time.Second<<i, 2*time.Minute)
			if pause < want || pause > want*5/4 {
				t.Errorf("pause %d is %v, want about %v", i, pause, want)
			}
		}
		if s := x.Status()[0]; s.Registered || !strings.Contains(s.RegisterError, "503") {
			t.Errorf("status %+v", s)
		}
	})
}

func TestRegisterRefusals(t *testing.T) {
	tests := map[string]struct{ status, extra, wantError string }{
		"wrong password": {"401 Unauthorized", question, "401"},
		"unknown digest": {"401 Unauthorized", "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\", algorithm=MAGIC\n", "401"},
		"no challenge":   {"407 Proxy Authentication Required", "", "407"},
		"forbidden":      {"403 Forbidden", "", "403"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFabric()
				p := f.peer(t, peerAddr)
				x := openIn(t, f, registering)
				defer x.close()
				p.answer(p.expect("REGISTER"), tt.status, "r", tt.extra)
				if tt.extra == question {
					p.answer(p.expect("REGISTER"), tt.status, "r", tt.extra)
				}
				synctest.Wait()
				if s := x.Status()[0]; s.Registered || !strings.Contains(s.RegisterError, tt.wantError) {
					t.Errorf("status %+v", s)
				}
			})
		})
	}
}

func TestRegisterTooBrief(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFabric()
		p := f.peer(t, peerAddr)
		x := openIn(t, f, registering)
		defer x.close()
		p.answer(p.expect("REGISTER"), "423 Interval Too Brief", "r", "Min-Expires: 1800\n")
		second := p.expect("REGISTER")
		if second.get("Expires") != "1800" {
			t.Errorf("Expires: %s", second.get("Expires"))
		}
		p.answer(second, "200 OK", "r", "")
		synctest.Wait()
		if s := x.Status()[0]; !s.Registered || time.Until(s.RegisteredUntil) != 30*time.Minute {
			t.Errorf("status %+v", s)
		}
	})
}

// A trunk that is changed registers anew, one that is gone no more.
func TestRegistrationFollowsTheSetUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFabric()
		p := f.peer(t, peerAddr)
		x := openIn(t, f, registering)
		defer x.close()
		p.answer(p.expect("REGISTER"), "200 OK", "r", "")
		synctest.Wait()
		changed := *x.trunks[0]
		changed.Username = "other"
		x.set(&changed)
		for range 2 { // the old one's end and the new one's beginning, in any order
			m := p.expect("REGISTER")
			if gone := m.get("Expires") == "0"; gone != strings.Contains(m.get("From"), "desk") {
				t.Errorf("%+v", m)
			}
			p.answer(m, "200 OK", "r", "")
		}
		synctest.Wait()
		x.set()
		m := p.expect("REGISTER")
		if m.get("Expires") != "0" || !strings.Contains(m.get("From"), "other") {
			t.Errorf("%+v", m)
		}
		p.answer(m, "200 OK", "r", "")
		p.silent(time.Hour)
	})
}

// set replaces the trunks.
func (x *exchange) set(trunks ...*org.Trunk) {
	x.mu.Lock()
	x.trunks = trunks
	x.mu.Unlock()
	x.Refresh()
}
