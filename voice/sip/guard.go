package sip

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	wire "github.com/emiago/sipgo/sip"
)

// The bounds of what is read.
const (
	maxMessage   = 16 << 10
	maxSources   = 4096 // addresses whose rate is remembered
	readFailures = 16   // in a row, until a socket is given up
	idleLimit    = time.Hour
	writeLimit   = 5 * time.Second
)

// The bounds of strangers who may be phones.
const (
	newcomerRate   = 5  // packets or connections a second, from one address
	newcomerBurst  = 20 // … after a pause
	crowdRate      = 500
	newcomerLimit  = 10               // connections of one address at a time
	newcomerTime   = 30 * time.Second // for a connection to prove whose it is
	newcomerBudget = 32 << 10         // bytes, until then
)

// guard stands before the parser. What it turns away costs a look-up in a map, and leaves nothing behind.
type guard struct {
	knows     func(netip.Addr) bool
	rates     sources
	answers   *rate.Limiter // 403s to strangers
	parser    *wire.Parser
	registrar *registrar    // nil: strangers cannot be phones
	newcomers sources       // strangers who may be phones
	crowd     *rate.Limiter // of them

	strangers atomic.Uint64
	flooded   atomic.Uint64
	malformed atomic.Uint64
}

func newGuard(l Limits, knows func(netip.Addr) bool) *guard {
	perMinute := max(l.StrangerAnswersPerMinute, 0)
	return &guard{
		knows:   knows,
		rates:   sources{limit: rate.Limit(l.SourcePacketsPerSecond), burst: int(l.SourcePacketsPerSecond)},
		answers: rate.NewLimiter(rate.Limit(perMinute/60), int(min(perMinute, 5))),
		parser:  wire.NewParser(),

		newcomers: sources{limit: newcomerRate, burst: newcomerBurst},
		crowd:     rate.NewLimiter(crowdRate, crowdRate),
	}
}

// mayBePhone says whether a stranger is listened to, who may be a phone that is about to register.
func (g *guard) mayBePhone(ip netip.Addr) bool {
	return g.registrar != nil && g.newcomers.allow(ip) && g.crowd.Allow()
}

// packets guards a UDP socket.
type packets struct {
	net.PacketConn

	guard   *guard
	log     *slog.Logger
	reading func() // called when reading begins
	once    sync.Once
	deaf    atomic.Bool // we are closing: what comes now is lost
}

// ReadFrom returns the next packet worth parsing.
func (p *packets) ReadFrom(b []byte) (int, net.Addr, error) {
	p.once.Do(p.reading)
	for failures := 0; ; {
		n, addr, err := p.PacketConn.ReadFrom(b)
		if err != nil {
			if failures++; failures == readFailures || errors.Is(err, net.ErrClosed) {
				return n, addr, err
			}
			continue
		}
		failures = 0
		udp, ok := addr.(*net.UDPAddr)
		if ok && !p.deaf.Load() && p.pass(udp.AddrPort(), addr, b[:n]) {
			return n, addr, nil
		}
	}
}

func (p *packets) pass(from netip.AddrPort, addr net.Addr, b []byte) bool {
	ip := from.Addr().Unmap()
	known, registers := p.guard.knows(ip), p.guard.registrar != nil && bytes.HasPrefix(b, []byte("REGISTER "))
	switch {
	case !known && (!registers || !p.guard.mayBePhone(ip)):
		p.guard.strangers.Add(1)
		p.turnAway(addr, b)
		return false
	case known && !p.guard.rates.allow(ip):
		p.guard.flooded.Add(1)
		return false
	case !looksLikeSIP(b):
		p.guard.malformed.Add(1)
		return false
	case registers:
		p.register(flow{"UDP", netip.AddrPortFrom(ip, from.Port())}, addr, b)
		return false
	}
	return true
}

// register answers a REGISTER at once: before it is proven, nothing of it may stay behind, not even a transaction.
func (p *packets) register(way flow, addr net.Addr, b []byte) {
	defer p.guard.registrar.srv.survive("REGISTER")
	m, err := p.guard.parser.ParseSIP(b)
	req, ok := m.(*wire.Request)
	if err != nil || !ok || !isWhole(req) {
		p.guard.malformed.Add(1)
		return
	}
	req.SetSource(addr.String())
	req.SetTransport("UDP")
	_, _ = p.WriteTo([]byte(p.guard.registrar.answer(req, way).String()), addr) // lost, it is asked for again
}

// turnAway tells a few strangers that they are not welcome, for those who set their trunk up wrong. The answer is never longer
// than the question, so that nobody can use us to flood somebody else.
func (p *packets) turnAway(addr net.Addr, b []byte) {
	if bytes.HasPrefix(b, []byte("SIP/")) || bytes.HasPrefix(b, []byte("ACK ")) || !looksLikeSIP(b) || !p.guard.answers.Allow() {
		return
	}
	m, err := p.guard.parser.ParseSIP(b)
	req, ok := m.(*wire.Request)
	if err != nil || !ok || !isWhole(req) {
		return
	}
	p.log.Warn("sip: somebody who is no trunk", "from", addr, "method", req.Method)
	req.SetSource(addr.String())
	if answer := []byte(answerTo(req, 403).String()); len(answer) <= len(b) {
		_, _ = p.WriteTo(answer, addr) // a stranger may well go without
	}
}

// looksLikeSIP is a first look that needs no memory: a start line of SIP/2.0 and an end of the headers, or a keep-alive.
func looksLikeSIP(b []byte) bool {
	if len(b) <= 4 {
		return len(bytes.Trim(b, "\r\n\x00")) == 0
	}
	if len(b) > maxMessage || !bytes.Contains(b, []byte("\r\n\r\n")) {
		return false
	}
	line := b[:bytes.IndexByte(b, '\r')]
	return bytes.HasPrefix(line, []byte("SIP/2.0 ")) || bytes.HasSuffix(line, []byte(" SIP/2.0"))
}

// connections guards a TCP or TLS listener: only so many of each address, nobody who stops reading, and of strangers only those
// who soon prove to be phones.
type connections struct {
	net.Listener

	guard     *guard
	transport string
	limit     int

	mu   sync.Mutex
	open map[netip.Addr]int
}

// Accept returns the next connection worth reading.
func (l *connections) Accept() (net.Conn, error) {
	for failures := 0; ; {
		c, err := l.Listener.Accept()
		if err != nil {
			if failures++; failures == readFailures || errors.Is(err, net.ErrClosed) {
				return nil, err
			}
			continue
		}
		failures = 0
		from := addrPort(c.RemoteAddr().String())
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		if l.admit(from.Addr()) {
			leave := sync.OnceFunc(func() { l.leave(flow{l.transport, from}) })
			return &connection{Conn: c, guard: l.guard, ip: from.Addr(), opened: time.Now(), leave: leave}, nil
		}
		c.Close()
	}
}

func (l *connections) admit(ip netip.Addr) bool {
	limit := l.limit
	if !l.guard.knows(ip) {
		if !l.guard.mayBePhone(ip) {
			l.guard.strangers.Add(1)
			return false
		}
		limit = min(limit, newcomerLimit)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[ip] >= limit {
		l.guard.flooded.Add(1)
		return false
	}
	l.open[ip]++
	return true
}

func (l *connections) leave(way flow) {
	l.mu.Lock()
	count(l.open, way.addr.Addr(), -1)
	l.mu.Unlock()
	if l.guard.registrar != nil {
		l.guard.registrar.closed(way)
	}
}

// connection is a TCP connection that cannot block us for long.
type connection struct {
	net.Conn

	guard  *guard
	ip     netip.Addr
	opened time.Time
	read   int // bytes, while it was a stranger's
	leave  func()
}

// errStranger ends a connection that did not prove to be a phone's.
var errStranger = errors.New("nobody we know")

// Read implements net.Conn.
func (c *connection) Read(b []byte) (int, error) {
	known := c.guard.knows(c.ip)
	if !known && c.read > newcomerBudget {
		c.guard.strangers.Add(1)
		return 0, errStranger
	}
	deadline := time.Now().Add(idleLimit)
	if !known {
		deadline = c.opened.Add(newcomerTime)
	}
	_ = c.SetReadDeadline(deadline) // on a closed connection Read says so
	n, err := c.Conn.Read(b)
	if !known {
		c.read += n
	}
	return n, err
}

// Write implements net.Conn.
func (c *connection) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(writeLimit)) // on a closed connection Write says so
	return c.Conn.Write(b)
}

// Close implements net.Conn.
func (c *connection) Close() error {
	c.leave()
	return c.Conn.Close()
}

// sources limits the rate of each of many addresses.
type sources struct {
	limit rate.Limit
	burst int

	mu    sync.Mutex
	known map[netip.Addr]*rate.Limiter
}

func (s *sources) allow(ip netip.Addr) bool {
	s.mu.Lock()
	l := s.known[ip]
	if l == nil {
		if s.known == nil || len(s.known) >= maxSources {
			s.known = map[netip.Addr]*rate.Limiter{} // forgetting all is fair enough, and rare
		}
		l = rate.NewLimiter(s.limit, max(s.burst, 1))
		s.known[ip] = l
	}
	s.mu.Unlock()
	return l.Allow()
}
