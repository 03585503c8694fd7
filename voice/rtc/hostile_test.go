package rtc

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/stun/v4"

	"openseat"
	"openseat/core/call"
	"openseat/voice/media"
)

// browserOffer is what Chromium says, shortened.
const browserOffer = "v=0\r\no=- 2747663189822589899 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"a=extmap-allow-mixed\r\na=msid-semantic: WMS e0c30d9c\r\n" +
	"m=audio 58239 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 192.0.2.2\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" +
	"a=candidate:3422745236 1 udp 2122194687 192.0.2.2 58239 typ host generation 0 network-id 1\r\n" +
	"a=ice-ufrag:cJU+\r\na=ice-pwd:rUmpChaipo1bTVpocX6V/99O\r\na=ice-options:trickle\r\n" +
	"a=fingerprint:sha-256 35:FA:9F:B6:CF:02:20:08:68:9A:A5:B5:03:22:F3:2D:AB:52:7D:1E:73:CA:29:40:8C:B9:3A:DE:73:AE:D4:9F\r\n" +
	"a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\n" +
	"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n" +
	"a=ssrc:2755572068 cname:7Gk+6nC5vric30te\r\n"

// deaf is a listener who is told and does nothing.
type deaf struct{}

func (deaf) Ringing()         {}
func (deaf) Progress()        {}
func (deaf) Answered(bool)    {}
func (deaf) Ended(call.Cause) {}
func (deaf) Digit(byte)       {}
func (deaf) Held(bool)        {}
func (deaf) MediaLost()       {}
func (deaf) MediaBack()       {}

func listen(tb testing.TB, maxStreams int) *Server {
	tb.Helper()
	s, err := Listen(Options{PublicIP: netip.MustParseAddr("127.0.0.1"), MaxStreams: maxStreams})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestBrowserOffer(t *testing.T) {
	o, err := readOffer(browserOffer)
	if err != nil {
		t.Fatal(err)
	}
	if o.dtmf != 126 || !o.speaks() || o.mid != "0" || o.ufrag != "cJU+" {
		t.Errorf("%+v", o)
	}
	for _, c := range []struct{ prefer, want []media.Codec }{
		{[]media.Codec{media.PCMA, media.PCMU}, []media.Codec{media.PCMA, media.PCMU}},
		{[]media.Codec{media.PCMU}, []media.Codec{media.PCMU}},
	} {
		codecs, err := o.choose(c.prefer)
		if err != nil || len(codecs) != len(c.want) || codecs[0] != c.want[0] {
			t.Errorf("%v of %v: %v, %v", c.prefer, o.codecs, codecs, err)
		}
	}
}

func TestHostileOffers(t *testing.T) {
	without := func(prefix string) string {
		var kept []string
		for line := range strings.SplitSeq(browserOffer, "\r\n") {
			if !strings.HasPrefix(line, prefix) {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "\r\n")
	}
	with := func(old, replacement string) string { return strings.ReplaceAll(browserOffer, old, replacement) }
	for name, offer := range map[string]string{
		"nothing":                 "",
		"no SDP":                  "GET / HTTP/1.1\r\n\r\n",
		"zeros":                   strings.Repeat("\x00", 1000),
		"too long":                browserOffer + strings.Repeat("a=x\r\n", maxOffer/5),
		"no sound":                with("m=audio", "m=video"),
		"a closed stream":         with("m=audio 58239", "m=audio 0"),
		"too many streams":        browserOffer + strings.Repeat("m=audio 0 UDP/TLS/RTP/SAVPF 8\r\n", maxStreams),
		"plain RTP":               with("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
		"no codec of ours":        with(" 9 0 8 13", " 9 13"),
		"no ICE user":             without("a=ice-ufrag"),
		"no ICE password":         without("a=ice-pwd"),
		"an endless ICE user":     with("cJU+", strings.Repeat("x", 300)),
		"no fingerprint":          without("a=fingerprint"),
		"half a fingerprint":      with(":40:8C:B9:3A:DE:73:AE:D4:9F", ""),
		"a fingerprint of SHA-1":  with("sha-256", "sha-1"),
		"a fingerprint of nobody": with("sha-256", "sha-257"),
		"both passive":            with("actpass", "passive"),
		"no setup":                without("a=setup"),
		"RTCP elsewhere":          without("a=rtcp-mux"),
		"a strange mid":           with("a=mid:0", "a=mid:0 \t1"),
	} {
		t.Run(name, func(t *testing.T) {
			s := listen(t, 0)
			s.Open(1400000001, "alice", "s", deaf{})
			answer, err := s.Offer(t.Context(), 1400000001, "alice", "s", "page", offer)
			if answer != "" || !errors.Is(err, openseat.Errorf(openseat.CodeInvalidValue, "")) {
				t.Errorf("answered %q, %v", answer, err)
			}
			if n := s.Stats().Connections; n != 0 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// Whatever is offered, the answer is a session description of as many streams, with one of them taken.
func FuzzOffer(f *testing.F) {
	f.Add(browserOffer)
	f.Add(browserOffer + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := readOffer(text)
		if err != nil {
			if !errors.Is(err, openseat.Errorf(openseat.CodeInvalidValue, "")) {
				t.Fatalf("error without a code: %v", err)
			}
			return
		}
		said := answer{
			to: o, ufrag: token(8), pwd: token(16), fingerprint: "AA", codecs: o.codecs, ssrc: 1,
			candidate: netip.MustParseAddrPort("127.0.0.1:1"),
		}.String()
		var desc sdp.SessionDescription
		if err := desc.UnmarshalString(said); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		if len(desc.MediaDescriptions) != len(o.streams) {
			t.Fatalf("%d streams offered, %d answered", len(o.streams), len(desc.MediaDescriptions))
		}
		for i, m := range desc.MediaDescriptions {
			if taken := m.MediaName.Port.Value != 0; taken != (i == o.slot) {
				t.Fatalf("stream %d taken: %v\n%s", i, taken, said)
			}
		}
	})
}

// connected is a server with a connection that waits for its page, which was seen at an address.
func connected(tb testing.TB) (*Server, *connection, path) {
	tb.Helper()
	s := listen(tb, 0)
	s.Open(1400000001, "alice", "s", deaf{})
	if _, err := s.Offer(tb.Context(), 1400000001, "alice", "s", "page", browserOffer); err != nil {
		tb.Fatal(err)
	}
	c, from := s.left()[0], path{addr: netip.MustParseAddrPort("127.0.0.1:9"), udp: s.udp[0]}
	c.path.Store(&from)
	if !s.learn(c, from.addr) {
		tb.Fatal("not learned")
	}
	return s, c, from
}

// binding is a page's STUN request.
func binding(tb testing.TB, user, pwd string) []byte {
	tb.Helper()
	m, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(user), stun.NewShortTermIntegrity(pwd), stun.Fingerprint)
	if err != nil {
		tb.Fatal(err)
	}
	return m.Raw
}

// Nothing that anybody sends to the port does more than being counted.
func FuzzPacket(f *testing.F) {
	s, c, from := connected(f)
	f.Add(binding(f, c.ufrag+":cJU+", "a password that is none"))
	f.Add([]byte{22, 254, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1})          // DTLS
	f.Add(append([]byte{0x80, 8}, make([]byte, 170)...))                  // RTP
	f.Add(append([]byte{0x80, 200, 0, 1}, make([]byte, 24)...))           // RTCP
	f.Add(append([]byte{0, 1, 0, 0, 0x21, 0x12}, make([]byte, 14)...))    // STUN
	f.Add(append([]byte{0, 1, 255, 255, 0x21, 0x12}, make([]byte, 4)...)) // too short
	f.Fuzz(func(_ *testing.T, b []byte) {
		p := new(packet)
		p.n, p.path = copy(p.b[:], b), from
		s.take(p, nil)
		p.path.addr = netip.MustParseAddrPort("127.0.0.1:10")
		s.take(p, nil)
	})
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{0, 2, 1, 2, 0, 0})
	f.Add([]byte{255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bufio.NewReader(bytes.NewReader(b))
		for {
			var frame [1500]byte
			n, err := readFrame(r, frame[:])
			if err != nil {
				return
			}
			if n > len(b) {
				t.Fatalf("%d bytes of %d", n, len(b))
			}
		}
	})
}

func TestForgedChecks(t *testing.T) {
	s, c, _ := connected(t)
	page := netip.MustParseAddrPort("127.0.0.1:11")
	for _, k := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"a wrong password", binding(t, c.ufrag+":x", c.pwd+"x"), false},
		{"an unknown user", binding(t, "nobody:x", c.pwd), false},
		{"no password", unsigned(t, c.ufrag+":x"), false},
		{"a response", answered(t, c), false},
		{"a page's", binding(t, c.ufrag+":x", c.pwd), true},
	} {
		before := s.Stats().Strangers
		if got := s.checked(k.b, path{addr: page, udp: s.udp[0]}); (got == c) != k.want {
			t.Errorf("%s: taken for the page's: %v", k.name, got == c)
		}
		if strange := s.Stats().Strangers - before; (strange == 0) != k.want {
			t.Errorf("%s: %d strangers counted", k.name, strange)
		}
	}
}

func unsigned(t *testing.T, user string) []byte {
	t.Helper()
	m, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(user))
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

func answered(t *testing.T, c *connection) []byte {
	t.Helper()
	m, err := stun.Build(stun.TransactionID, stun.BindingSuccess, stun.NewUsername(c.ufrag+":x"), stun.NewShortTermIntegrity(c.pwd))
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

// A page that knows only its own password cannot draw away what comes from another page's address.
func TestAddressIsNotStolen(t *testing.T) {
	s, victim, from := connected(t)
	s.Open(1400000001, "mallory", "m", deaf{})
	if _, err := s.Offer(t.Context(), 1400000001, "mallory", "m", "page", browserOffer); err != nil {
		t.Fatal(err)
	}
	var thief *connection
	for _, c := range s.left() {
		if c != victim {
			thief = c
		}
	}
	holder := func() *connection {
		s.mu.RLock()
		defer s.mu.RUnlock()
		return s.byAddr[from.addr]
	}
	victim.voiced.Store(s.now())
	s.checked(binding(t, thief.ufrag+":x", thief.pwd), from)
	if holder() != victim {
		t.Error("the address was stolen from a page that speaks")
	}
	victim.voiced.Store(s.now() - int64(time.Minute))
	s.checked(binding(t, thief.ufrag+":x", thief.pwd), from)
	if holder() != thief {
		t.Error("a reloaded page does not get its browser's address")
	}
}

// Checks come by every way there is, also by some that our answers do not go back by. The handshake comes by one that is good.
func TestHandshakeShowsTheWay(t *testing.T) {
	s, c, _ := connected(t)
	var ways []path
	for port := range uint16(3) {
		way := path{addr: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), 1000+port), udp: s.udp[0]}
		ways = append(ways, way)
		s.checked(binding(t, c.ufrag+":x", c.pwd), way)
	}
	hello := &packet{path: ways[1], n: 25, b: [1500]byte{22, 254, 255}}
	s.take(hello, nil)
	if got := *c.path.Load(); got != ways[1] {
		t.Errorf("answers go to %v, not to %v", got.addr, ways[1].addr)
	}
	c.ready.Store(true)
	hello.path = ways[2]
	s.take(hello, nil)
	if got := *c.path.Load(); got != ways[1] {
		t.Errorf("once there are keys, anybody can redirect the sound to %v", got.addr)
	}
}

// A page may move about, but not without end.
func TestAddressesAreBounded(t *testing.T) {
	s, c, from := connected(t)
	for port := range uint16(100) {
		from.addr = netip.AddrPortFrom(from.addr.Addr(), 1000+port)
		s.checked(binding(t, c.ufrag+":x", c.pwd), from)
	}
	s.mu.RLock()
	known := len(s.byAddr)
	s.mu.RUnlock()
	if known > maxAddrs {
		t.Errorf("%d addresses of one page", known)
	}
}

func TestPageWithManyVoices(t *testing.T) {
	_, c, _ := connected(t)
	for i := range uint32(2 * maxSources) {
		if !c.knows(i / 2) {
			t.Fatalf("voice %d is one too many", i/2)
		}
	}
	if c.knows(maxSources) || !c.isClosed() {
		t.Error("a page may have as many voices as it likes")
	}
}

// Strangers on TCP who say nothing make room for a page, and who says something else is turned out.
func TestStrangersOnTCP(t *testing.T) {
	s := listen(t, 3)
	var silent []net.Conn
	for range 3 {
		silent = append(silent, dial(t, s))
	}
	s.Open(1400000001, "alice", "s", deaf{})
	if _, err := s.Offer(t.Context(), 1400000001, "alice", "s", "page", browserOffer); err != nil {
		t.Fatal(err)
	}
	c := s.left()[0]
	page := dial(t, s)
	request := binding(t, c.ufrag+":cJU+", c.pwd)
	if _, err := page.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(request))), request...)); err != nil {
		t.Fatal(err)
	}
	var reply [1500]byte
	if _, err := readFrame(page, reply[:]); err != nil || reply[0] != 1 || reply[1] != 1 {
		t.Fatalf("%x, %v", reply[:2], err)
	}
	turnedOut := make(chan bool, len(silent))
	for _, conn := range silent {
		go func() { _, err := conn.Read(reply[:1:1]); turnedOut <- err != nil }()
	}
	if !<-turnedOut {
		t.Error("a stranger was told something")
	}
	rude := dial(t, s)
	if _, err := rude.Write([]byte("\x00\x10GET / HTTP/1.1\r\n")); err != nil {
		t.Fatal(err)
	}
	if n, err := rude.Read(make([]byte, 1)); err == nil {
		t.Errorf("a stranger was told %d bytes", n)
	}
}

func dial(t *testing.T, s *Server) net.Conn {
	t.Helper()
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second)) // a fresh connection takes it
	return conn
}

func TestIdentityIsRenewed(t *testing.T) {
	var i identities
	first, err := i.now()
	if err != nil {
		t.Fatal(err)
	}
	if same, _ := i.now(); same.fingerprint != first.fingerprint {
		t.Error("every page is shown another certificate")
	}
	i.until = time.Now()
	if next, err := i.now(); err != nil || next.fingerprint == first.fingerprint {
		t.Errorf("an old certificate goes on being shown: %v", err)
	}
}

func TestListenNowhere(t *testing.T) {
	for _, opts := range []Options{
		{},
		{PublicIP: netip.IPv4Unspecified()},
		{PublicIP: netip.MustParseAddr("127.0.0.1"), Port: 1 << 16},
	} {
		if s, err := Listen(opts); !errors.Is(err, openseat.Errorf(openseat.CodeInvalidValue, "")) {
			t.Errorf("%+v: %v, %v", opts, s, err)
		}
	}
}
