package rtc

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v4/packetio"

	"openseat"
	"openseat/voice/media"
)

// The patience with a page.
const (
	connectLimit = 30 * time.Second // from offer to sound
	silenceLimit = 30 * time.Second // without any packet (RFC 7675 section 5.1)
	queueDepth   = 64               // packets a slow reader may be behind, about a second
	maxSources   = 32               // streams a page may send; it has one microphone
)

// path is a way to the page: an address of its own, or a TCP connection.
type path struct {
	addr netip.AddrPort
	udp  *net.UDPConn // through which packets come, or
	tcp  *stream
}

// packet is one datagram on its way to a connection.
type packet struct {
	path path
	n    int
	b    [1500]byte
}

// connection is what one offer made, and those after it that only renew it. It implements media.Transport.
type connection struct {
	srv        *Server
	leg        *leg
	log        *slog.Logger
	offer      *offer   // the first one
	identity   identity // ours, and
	ufrag, pwd string   // for it

	page   *offer       // the newest one; this and format belong to the leg's mailbox
	format media.Format // what is sent

	path   atomic.Pointer[path] // where packets go: nil until the page has shown itself
	heard  atomic.Int64         // when the page was last heard, on the server's clock
	voiced atomic.Int64         // when its sound was last heard
	ready  atomic.Bool          // the keys are there
	in     chan *packet         // SRTP and SRTCP
	shake  *packetio.Buffer     // DTLS
	closed chan struct{}
	once   sync.Once
	timer  *time.Timer
	dtls   *dtls.Conn

	addrs  []netip.AddrPort // guarded by Server.mu: where the page was seen
	logins []login          // and by which names and passwords; the newest last
	offers int              // so many

	opening *srtp.Context // this and what follows is used by ReadRTP's goroutine only
	head    rtp.Header
	sources []uint32 // SSRCs heard

	mu      sync.Mutex // guards sealing, and what follows
	sealing *srtp.Context
	sealed  rtp.Header
	out     [1500]byte
	control func([]byte)
	reports *time.Timer
}

// newConnection makes a connection for an offer.
func (s *Server) newConnection(l *leg, o *offer) (*connection, error) {
	codecs, err := o.choose(s.opts.Codecs)
	if err != nil {
		return nil, err
	}
	id, err := s.identity.now()
	if err != nil {
		return nil, err
	}
	c := &connection{
		srv: s, leg: l, log: l.log, offer: o, identity: id, ufrag: token(8), pwd: token(16),
		page: o, format: media.Format{Codec: codecs[0], DTMF: o.dtmf},
		in: make(chan *packet, queueDepth), shake: packetio.NewBuffer(), closed: make(chan struct{}),
	}
	c.shake.SetLimitCount(queueDepth)
	c.shake.SetLimitSize(64 << 10)
	if err := c.prepare(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, errClosing()
	case len(s.all) >= s.opts.MaxConnections:
		return nil, openseat.Errorf(openseat.CodeLimitExceeded, "too many connections")
	}
	s.all[c] = true
	s.admit(login{c: c, ufrag: c.ufrag, pwd: c.pwd, page: o.ufrag})
	c.start()
	return c, nil
}

// token is 2n random letters that ICE may use.
func token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

func (c *connection) start() {
	c.heard.Store(c.srv.now())
	c.timer = time.AfterFunc(silenceLimit/4, c.watch)
}

// watch ends a connection that is silent.
func (c *connection) watch() {
	if time.Duration(c.srv.now()-c.heard.Load()) > silenceLimit {
		c.log.Info("rtc: page is silent")
		c.close()
		return
	}
	if !c.isClosed() {
		c.timer.Reset(silenceLimit / 4)
	}
}

// close ends the connection, and tells its leg.
func (c *connection) close() {
	c.once.Do(func() {
		close(c.closed)
		c.timer.Stop()
		c.srv.forget(c)
		c.mu.Lock()
		if c.reports != nil {
			c.reports.Stop()
		}
		c.mu.Unlock()
		c.srv.crew.Run(c.farewell)
		c.leg.lost(c)
	})
}

// farewell tells the page, and lets the handshake's goroutines go.
func (c *connection) farewell() {
	_ = c.dtls.Close()  // sends close_notify, if it can
	_ = c.shake.Close() // always nil
	c.srv.streams.closeOf(c)
}

func (c *connection) isClosed() bool {
	select {
	case <-c.closed:
		return true
	default:
		return false
	}
}

// speaksFrom says whether the page's sound comes from an address just now.
func (c *connection) speaksFrom(addr netip.AddrPort) bool {
	p := c.path.Load()
	return p != nil && p.tcp == nil && p.addr == addr && time.Duration(c.srv.now()-c.voiced.Load()) < time.Second
}

// checked answers a page's STUN request and learns where it is.
func (c *connection) checked(k check, from path, pwd string) {
	reply, err := k.reply(from.addr, pwd)
	if err != nil {
		return
	}
	write(from, reply)
	now := c.srv.now()
	c.heard.Store(now)
	quiet := time.Duration(now-c.voiced.Load()) > time.Second
	if c.path.Load() == nil || k.nominate && quiet { // while sound comes, the way it comes by is the right one
		c.follow(from)
	}
}

// enqueue hands a packet to the port's goroutine. It says whether it kept the packet.
func (c *connection) enqueue(p *packet) bool {
	if !c.ready.Load() {
		return false
	}
	select {
	case c.in <- p:
		return true
	default:
		return false
	}
}

// ReadRTP implements media.Transport.
func (c *connection) ReadRTP(b []byte) (int, error) {
	for {
		select {
		case p := <-c.in:
			n := c.unseal(p, b)
			c.srv.pool.Put(p)
			if n > 0 {
				return n, nil
			}
		case <-c.closed:
			return 0, net.ErrClosed
		}
	}
}

// unseal decrypts a packet into b; 0 means that it was not the page's, or RTCP.
func (c *connection) unseal(p *packet, b []byte) int {
	if isRTCP(p.b[:p.n]) {
		if plain, err := c.opening.DecryptRTCP(nil, p.b[:p.n], nil); err == nil && c.knows(binary.BigEndian.Uint32(plain[4:])) {
			c.hearReport(plain)
		}
		return 0
	}
	plain, err := c.opening.DecryptRTP(b[:0], p.b[:p.n], &c.head)
	if err != nil || len(plain) > len(b) || !c.knows(c.head.SSRC) {
		return 0
	}
	now := c.srv.now()
	c.heard.Store(now)
	c.voiced.Store(now)
	c.follow(p.path) // what is authentic shows the way (RFC 8445 section 12)
	return len(plain)
}

// shaking answers the handshake the way it comes: of several ways the page's checks come by, this is one that our answers to them
// came back by.
func (c *connection) shaking(way path) {
	if !c.ready.Load() {
		c.follow(way)
	}
}

func (c *connection) follow(way path) {
	if at := c.path.Load(); at == nil || *at != way {
		moved := way // only then is there something to allocate
		c.path.Store(&moved)
	}
}

// knows notes a stream of the page's. The library keeps something of each, so a page with too many of them is turned out.
func (c *connection) knows(ssrc uint32) bool {
	if slices.Contains(c.sources, ssrc) {
		return true
	}
	if len(c.sources) == maxSources {
		c.log.Warn("rtc: page speaks with too many voices")
		c.close()
		return false
	}
	c.sources = append(c.sources, ssrc)
	return true
}

// WriteRTP implements media.Transport.
func (c *connection) WriteRTP(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sealing == nil {
		return len(b), nil
	}
	sealed, err := c.sealing.EncryptRTP(c.out[:0], b, &c.sealed)
	if err != nil {
		return 0, err
	}
	c.send(sealed)
	return len(b), nil
}

// send writes to the page, if it is known where that is.
func (c *connection) send(b []byte) {
	if p := c.path.Load(); p != nil {
		write(*p, b)
	}
}

// Close implements media.Transport.
func (c *connection) Close() error {
	c.close()
	return nil
}

// Control lets the port report to the page: soon, since a page that shows how good a line is waits for it, and then more often than
// RFC 3550 section 6.2 has it for crowds (RFC 4585 section 3.4 allows it for two).
func (c *connection) Control(report func() []byte, heard func([]byte)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.control = heard
	if c.reports == nil && !c.isClosed() {
		c.reports = time.AfterFunc(firstReport, func() { c.report(report) })
	}
}

const (
	firstReport = 500 * time.Millisecond
	reportEvery = 2 * time.Second
)

func (c *connection) report(report func() []byte) {
	plain := report()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed() {
		return
	}
	if c.sealing != nil {
		if sealed, err := c.sealing.EncryptRTCP(c.out[:0], plain, nil); err == nil {
			c.send(sealed)
		}
	}
	c.reports.Reset(reportEvery)
}

func (c *connection) hearReport(plain []byte) {
	c.mu.Lock()
	heard := c.control
	c.mu.Unlock()
	if heard != nil {
		heard(plain)
	}
}

func (c *connection) String() string {
	p := c.path.Load()
	switch {
	case p == nil:
		return "rtc -> nowhere yet"
	case p.tcp != nil:
		return fmt.Sprintf("rtc -> tcp %v", p.addr)
	}
	return fmt.Sprintf("rtc -> udp %v", p.addr)
}
