package rtc_test

import (
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/pion/webrtc/v4"

	"openseat/voice/rtc"
)

// The page and the customer hear each other, and press keys.
func TestTalk(t *testing.T) {
	s := open(t, nil)
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	p := browse(t, 880)
	p.join(s)
	told.expect(t, "answered")
	c := meet(t, leg, 440)
	p.expect(t, 440)
	c.expect(t, 880)
	if err := p.port.SendDigits("15#", nil); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"1", "5", "#"} {
		told.expect(t, "digit "+d)
	}
	expectDigits(t, c.digits, "15#")
	leg.SendDigits("7*")
	expectDigits(t, p.digits, "7*")
	leg.HangUp(0, 0)
	told.expect(t, "ended")
}

// A page in a network without UDP reaches us by TCP.
func TestTalkOverTCP(t *testing.T) {
	s := open(t, nil)
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	p := browse(t, 880, webrtc.NetworkTypeTCP4)
	p.join(s)
	told.expect(t, "answered")
	c := meet(t, leg, 440)
	p.expect(t, 440)
	c.expect(t, 880)
	if got := leg.Port().String(); !strings.Contains(got, "rtc -> tcp") {
		t.Errorf("pipeline: %s", got)
	}
}

func TestTalkOverIPv6(t *testing.T) {
	s, err := rtc.Listen(rtc.Options{PublicIP: netip.IPv6Loopback()})
	if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
		t.Skip("no IPv6 here")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	p := browse(t, 880, webrtc.NetworkTypeUDP6)
	p.join(s)
	told.expect(t, "answered")
	c := meet(t, leg, 440)
	p.expect(t, 440)
	c.expect(t, 880)
}

// An address that is not this machine's is told all the same: a NAT leads from there to us.
func TestPublicAddressOfANAT(t *testing.T) {
	s := open(t, func(o *rtc.Options) { o.PublicIP = netip.MustParseAddr("198.51.100.7") })
	s.Open(app, alice, session, newDiary())
	answer, err := s.Offer(t.Context(), app, alice, session, "page", browse(t, 880).offer())
	if err != nil {
		t.Fatal(err)
	}
	for _, transport := range []string{"udp", "tcp"} {
		if n := strings.Count(answer, " 1 "+transport+" "); n != 1 {
			t.Errorf("%d candidates over %s in %s", n, transport, answer)
		}
	}
	if n := strings.Count(answer, " 198.51.100.7 "); n != 2 {
		t.Errorf("the public address is told %d times in %s", n, answer)
	}
}

// The page is reloaded in the middle of the talk: a new one takes its place, the customer hardly notices.
func TestReload(t *testing.T) {
	s := open(t, nil)
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	first := browse(t, 880)
	first.join(s)
	told.expect(t, "answered")
	c := meet(t, leg, 440)
	c.expect(t, 880)
	second := browse(t, 660)
	second.join(s)
	told.expect(t, "media back")
	second.expect(t, 440)
	c.expect(t, 660)
}
