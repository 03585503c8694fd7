package sip_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/sip"
)

// fabric is a network in memory: packets for an address reach whoever has it, at once.
type fabric struct {
	mu    sync.Mutex
	ports map[netip.AddrPort]*port
	lose  func(from, to netip.AddrPort, packet string) bool
}

func newFabric() *fabric { return &fabric{ports: map[netip.AddrPort]*port{}} }

type datagram struct {
	from netip.AddrPort
	b    []byte
}

// port is a socket of the fabric. It implements net.PacketConn.
type port struct {
	net    *fabric
	addr   netip.AddrPort
	in     chan datagram
	closed chan struct{}
	once   sync.Once
}

func (f *fabric) open(addr string) *port {
	p := &port{net: f, addr: netip.MustParseAddrPort(addr), in: make(chan datagram, 4096), closed: make(chan struct{})}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ports[p.addr] = p
	return p
}

func (p *port) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case d := <-p.in:
		return copy(b, d.b), net.UDPAddrFromAddrPort(d.from), nil
	case <-p.closed:
		return 0, nil, net.ErrClosed
	}
}

func (p *port) WriteTo(b []byte, to net.Addr) (int, error) {
	dst := netip.MustParseAddrPort(to.String())
	p.net.mu.Lock()
	other, lose := p.net.ports[dst], p.net.lose
	p.net.mu.Unlock()
	if other == nil || lose != nil && lose(p.addr, dst, string(b)) {
		return len(b), nil
	}
	select {
	case other.in <- datagram{p.addr, append([]byte(nil), b...)}:
	default:
	}
	return len(b), nil
}

func (p *port) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *port) LocalAddr() net.Addr              { return net.UDPAddrFromAddrPort(p.addr) }
func (p *port) SetDeadline(time.Time) error      { return nil }
func (p *port) SetReadDeadline(time.Time) error  { return nil }
func (p *port) SetWriteDeadline(time.Time) error { return nil }

// message is a SIP message as a stranger to our code reads it.
type message struct {
	first   string
	headers [][2]string
	body    string
}

func parse(text string) message {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := message{first: lines[0], body: body}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		m.headers = append(m.headers, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
	return m
}

func (m message) get(name string) string {
	for _, h := range m.headers {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

func (m message) is(what string) bool {
	return strings.HasPrefix(m.first, what+" ") || strings.HasPrefix(m.first, "SIP/2.0 "+what)
}

func (m message) seq() string { s, _, _ := strings.Cut(m.get("CSeq"), " "); return s }

func (m message) tag(header string) string {
	_, after, _ := strings.Cut(m.get(header), ";tag=")
	tag, _, _ := strings.Cut(after, ";")
	return tag
}

// peer is a carrier's exchange that does exactly what the test says, byte by byte.
type peer struct {
	t    *testing.T
	port *port
	to   net.Addr
}

func (p *peer) send(text string) {
	p.t.Helper()
	head, body, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n\n")
	head = strings.ReplaceAll(strings.TrimSpace(head), "\n", "\r\n")
	body = strings.ReplaceAll(body, "\n", "\r\n")
	packet := fmt.Sprintf("%s\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
	if _, err := p.port.WriteTo([]byte(packet), p.to); err != nil {
		p.t.Fatal(err)
	}
}

// next is the next message, within 40 s.
func (p *peer) next() (message, bool) {
	select {
	case d := <-p.port.in:
		return parse(string(d.b)), true
	case <-time.After(40 * time.Second):
		return message{}, false
	}
}

// expect reads messages until one of that method or status comes; others, which it passes over, must be among skip.
func (p *peer) expect(what string, skip ...string) message {
	p.t.Helper()
	for {
		m, ok := p.next()
		if !ok {
			p.t.Fatalf("%v: waited for %s in vain", p.port.addr, what)
		}
		if m.is(what) {
			return m
		}
		skipped := false
		for _, s := range skip {
			skipped = skipped || m.is(s)
		}
		if !skipped {
			p.t.Fatalf("%v: waited for %s, got %q", p.port.addr, what, m.first)
		}
	}
}

// silent says that nothing comes for a while.
func (p *peer) silent(d time.Duration) {
	p.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	select {
	case got := <-p.port.in:
		p.t.Fatalf("%v: expected silence, got %s", p.port.addr, got.b)
	default:
	}
}

// answer answers a request; headers and body may follow the status.
func (p *peer) answer(req message, status, tag, rest string) {
	p.t.Helper()
	to := req.get("To")
	if tag != "" && !strings.Contains(to, ";tag=") {
		to += ";tag=" + tag
	}
	p.send(fmt.Sprintf("SIP/2.0 %s\nVia: %s\nFrom: %s\nTo: %s\nCall-ID: %s\nCSeq: %s\nContact: <sip:far@%s>\n%s",
		status, req.get("Via"), req.get("From"), to, req.get("Call-ID"), req.get("CSeq"), p.port.addr, rest))
}

const (
	ourAddr  = "198.51.100.1:5060"
	peerAddr = "192.0.2.1:5060"
	sdpA     = `Content-Type: application/sdp

v=0
o=- 1 1 IN IP4 192.0.2.1
s=-
c=IN IP4 192.0.2.1
t=0 0
m=audio 4000 RTP/AVP 8 0 101
a=rtpmap:101 telephone-event/8000
a=ptime:20
`
)

// bodyA is the body in sdpA.
func bodyA() string {
	_, body, _ := strings.Cut(sdpA, "\n\n")
	return strings.ReplaceAll(body, "\n", "\r\n")
}

// caller is one dialog that a peer began.
type caller struct {
	*peer

	callID, from, branch string
	theirTag             string // ours, seen from there
	cseq                 int
	refused              bool
	to                   string // if not the usual one
	uri                  string // the Request-URI, if not the usual one
}

func (p *peer) caller(id string) *caller {
	return &caller{peer: p, callID: id + "@far", from: `"Cust" <sip:13800138000@192.0.2.1>;tag=f` + id, branch: "z9hG4bK" + id}
}

// invite sends an INVITE; extra is headers, a blank line and a body.
func (c *caller) invite(extra string) {
	c.cseq++
	c.request("INVITE", extra)
}

func (c *caller) request(method, extra string) {
	c.t.Helper()
	to := "<sip:4008001000@198.51.100.1>"
	if c.to != "" {
		to = c.to
	}
	if c.theirTag != "" {
		to += ";tag=" + c.theirTag
	}
	uri := c.uri
	if uri == "" {
		uri = "sip:4008001000@198.51.100.1"
	}
	c.send(fmt.Sprintf("%s %s SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=%s;rport\n"+
		"Max-Forwards: 70\nFrom: %s\nTo: %s\nCall-ID: %s\nCSeq: %d %s\nContact: <sip:far@192.0.2.1:5060>\n%s",
		method, uri, c.branchOf(method), c.from, to, c.callID, c.cseq, method, extra))
}

func (c *caller) branchOf(method string) string {
	if method == "CANCEL" || c.refused {
		method = "INVITE"
	}
	return c.branch + strconv.Itoa(c.cseq) + method
}

func (c *caller) ack() { c.request("ACK", "") }

// ackRefusal is the ACK of a final answer that is no 2xx: it belongs to the INVITE's transaction.
func (c *caller) ackRefusal() {
	c.refused = true
	c.request("ACK", "")
	c.refused = false
}

func (c *caller) bye() {
	c.cseq++
	c.request("BYE", "")
}

// inDialog notes our tag.
func (c *caller) inDialog(answer message) message {
	c.theirTag = answer.tag("To")
	return answer
}

// diary is a voice.Listener that writes down what it is told.
type diary struct {
	mu    sync.Mutex
	lines []string
	cause call.Cause
}

func (d *diary) writef(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *diary) Ringing()                { d.writef("ringing") }
func (d *diary) Progress()               { d.writef("progress") }
func (d *diary) Answered(voicemail bool) { d.writef("answered %v", voicemail) }
func (d *diary) Digit(digit byte)        { d.writef("digit %c", digit) }
func (d *diary) Held(on bool)            { d.writef("held %v", on) }
func (d *diary) MediaLost()              { d.writef("media lost") }
func (d *diary) MediaBack()              { d.writef("media back") }

func (d *diary) Ended(c call.Cause) {
	d.writef("ended %d q850=%d byPeer=%v", c.SIP, c.Q850, c.ByPeer)
	d.mu.Lock()
	d.cause = c
	d.mu.Unlock()
}

func (d *diary) read() string {
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.lines, ", ")
}

func (d *diary) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = nil
}

func (d *diary) want(t *testing.T, want string) {
	t.Helper()
	if got := d.read(); got != want {
		t.Errorf("told: %s\nwant: %s", got, want)
	}
}

// line is a sip.Line in memory.
type line struct {
	media.Transport

	far    media.Transport // what the leg sends comes out here
	local  netip.AddrPort
	mu     sync.Mutex
	remote netip.AddrPort
}

func (l *line) LocalAddr() netip.AddrPort { return l.local }

func (l *line) SetRemote(addr netip.AddrPort, _ ...netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remote = addr
}

func (l *line) sendsTo() string {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.remote.String()
}

// exchange is our server with everything around it under the test's hands.
type exchange struct {
	*sip.Server

	t      *testing.T
	net    *fabric
	mu     sync.Mutex
	trunks []*org.Trunk
	lines  []*line
	calls  chan voice.Call
	refuse func(voice.Call) error
	leg    voice.Leg // of the newest talk

	presses int
}

func trunkTo(addr string) *org.Trunk {
	return &org.Trunk{App: 1400000001, Name: "carrier", Peer: addr}
}

// open starts a server in a fabric; change may alter its options.
func open(t *testing.T, change func(*exchange, *sip.Options)) *exchange {
	t.Helper()
	return openIn(t, newFabric(), change)
}

func openIn(t *testing.T, f *fabric, change func(*exchange, *sip.Options)) *exchange {
	t.Helper()
	x := &exchange{t: t, net: f, trunks: []*org.Trunk{trunkTo(peerAddr)}, calls: make(chan voice.Call, 1000)}
	opts := sip.Options{
		PacketConn: x.net.open(ourAddr),
		Trunks:     x.view,
		Door:       x,
		Health:     -1,
		OpenLine:   x.openLine,
		Logger:     slog.New(slog.DiscardHandler),
	}
	if os.Getenv("SIP_LOG") != "" {
		opts.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if change != nil {
		change(x, &opts)
	}
	s, err := sip.Listen(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	x.Server = s
	return x
}

func (x *exchange) view() []*org.Trunk {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.trunks
}

func (x *exchange) openLine(ip netip.Addr) (sip.Line, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	ours, far := media.Pipe()
	l := &line{Transport: ours, far: far, local: netip.AddrPortFrom(ip, uint16(20000+2*len(x.lines)))}
	x.lines = append(x.lines, l)
	return l, nil
}

func (x *exchange) line(i int) *line {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.lines[i]
}

// Arrive implements voice.Door.
func (x *exchange) Arrive(_ context.Context, c voice.Call) error {
	if x.refuse != nil {
		if err := x.refuse(c); err != nil {
			return err
		}
	}
	x.calls <- c
	return nil
}

func (x *exchange) peer(addr string) *peer { return x.net.peer(x.t, addr) }

func (f *fabric) peer(t *testing.T, addr string) *peer {
	return &peer{t: t, port: f.open(addr), to: net.UDPAddrFromAddrPort(netip.MustParseAddrPort(ourAddr))}
}

// arrived is the call at the door, and its diary.
func (x *exchange) arrived() (voice.Call, *diary) {
	x.t.Helper()
	select {
	case c := <-x.calls:
		d := &diary{}
		c.Attach(d)
		return c, d
	case <-time.After(time.Minute):
		x.t.Fatal("no call at the door")
	}
	return voice.Call{}, nil
}

// close ends the server, after which nothing of it may be left in the bubble.
func (x *exchange) close() {
	x.t.Helper()
	if err := x.Close(); err != nil {
		x.t.Error(err)
	}
}

// noNames is a resolver that knows nobody.
type noNames struct{}

func (noNames) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}

func (noNames) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}
