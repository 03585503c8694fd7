package rtc

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/transport/v4/packetio"

	"openseat"
	"openseat/voice/media"
)

// Options are the choices of a Server. Only PublicIP has to be made.
type Options struct {
	Port     int        // of UDP and of TCP; 0 takes any that is free for both
	PublicIP netip.Addr // the address pages are told; if it is one of this machine's, nothing else is listened on
	Bind     netip.Addr // where to listen; zero means PublicIP if it is this machine's, else everywhere

	Codec     media.Codec // the law pages should speak, that of most trunks: no translation then
	Logger    *slog.Logger
	Metronome *media.Metronome // shared with the rest of the process
	LossAfter time.Duration    // of silence, until MediaLost; 0 = 5 s

	MaxLegs        int // at a time; 0 = 2000
	MaxConnections int // at a time; 0 = twice MaxLegs, and some: for a moment, a reloaded page has two
	MaxStreams     int // TCP connections at a time; 0 = MaxConnections
}

func (o Options) withDefaults() Options {
	o.PublicIP = o.PublicIP.Unmap()
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Metronome == nil {
		o.Metronome = media.NewMetronome()
	}
	if o.MaxLegs == 0 {
		o.MaxLegs = 2000
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = 2*o.MaxLegs + 100
	}
	if o.MaxStreams == 0 {
		o.MaxStreams = o.MaxConnections
	}
	return o
}

// Server makes legs of agents' pages. It implements voice.Desks.
type Server struct {
	opts      Options
	log       *slog.Logger
	identity  identity
	udp       *net.UDPConn
	tcp       net.Listener
	began     time.Time
	pool      sync.Pool // of *packet
	crew      crew
	streams   streams
	strangers atomic.Uint64

	mu      sync.RWMutex
	closed  bool
	opened  chan struct{} // closed and replaced whenever a leg is opened
	legs    map[legKey]*leg
	byUfrag map[string]*connection
	byAddr  map[netip.AddrPort]*connection
}

// Stats is what a Server has now.
type Stats struct {
	Legs        int
	Connections int
	Streams     int    // TCP
	Strangers   uint64 // packets of nobody we know, since the beginning
}

// Listen opens the ports and begins.
func Listen(opts Options) (*Server, error) {
	opts = opts.withDefaults()
	if !opts.PublicIP.IsValid() || opts.PublicIP.IsUnspecified() || opts.Port < 0 || opts.Port > 65535 {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "rtc: %v port %d is nowhere pages could call", opts.PublicIP, opts.Port)
	}
	s := &Server{
		opts: opts, log: opts.Logger, began: time.Now(), opened: make(chan struct{}),
		legs: map[legKey]*leg{}, byUfrag: map[string]*connection{}, byAddr: map[netip.AddrPort]*connection{},
	}
	s.pool.New = func() any { return new(packet) }
	var err error
	if s.identity, err = newIdentity(); err != nil {
		return nil, fmt.Errorf("rtc: %w", err)
	}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("rtc: %w", err)
	}
	s.streams.limit = opts.MaxStreams
	s.crew.run(s.readUDP)
	s.crew.run(s.acceptTCP)
	return s, nil
}

// Addr is the address pages are told, for UDP and for TCP.
func (s *Server) Addr() netip.AddrPort {
	return netip.AddrPortFrom(s.opts.PublicIP, s.udp.LocalAddr().(*net.UDPAddr).AddrPort().Port()) //nolint:forcetypeassert // a UDP socket has a UDP address
}

// Stats says what the server has now.
func (s *Server) Stats() Stats {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Stats{Legs: len(s.legs), Connections: len(s.byUfrag), Streams: s.streams.count(), Strangers: s.strangers.Load()}
}

// Close ends all legs and closes the ports.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	legs := make([]*leg, 0, len(s.legs))
	for _, l := range s.legs {
		legs = append(legs, l)
	}
	s.mu.Unlock()
	var ended sync.WaitGroup
	for _, l := range legs {
		ended.Add(1)
		l.HangUp(0, 0)
		l.box.post(ended.Done)
	}
	ended.Wait()
	s.streams.closeAll()
	err := errors.Join(s.udp.Close(), s.tcp.Close())
	<-s.crew.close()
	return err
}

// now is the server's clock.
func (s *Server) now() int64 { return int64(time.Since(s.began)) }

// readUDP reads the port that all pages share.
func (s *Server) readUDP() {
	p := s.pool.Get().(*packet) //nolint:forcetypeassert // the pool holds nothing else
	for {
		n, from, err := s.udp.ReadFromUDPAddrPort(p.b[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.n, p.path = n, path{addr: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())}
		if s.take(p, nil) {
			p = s.pool.Get().(*packet) //nolint:forcetypeassert // the pool holds nothing else
		}
	}
}

// take deals with one packet; kept says that somebody else owns it now. c is whose it is, nil if only its address can tell.
func (s *Server) take(p *packet, c *connection) (kept bool) {
	b := p.b[:p.n]
	what := kindOf(b)
	if what == isSTUN {
		s.checked(b, p.path)
		return false
	}
	if c == nil {
		s.mu.RLock()
		c = s.byAddr[p.path.addr]
		s.mu.RUnlock()
	}
	switch {
	case c == nil || what == noise:
		s.strangers.Add(1)
	case what == isDTLS:
		_, _ = c.shake.Write(b) // what does not fit is sent again
	case what == isRTP:
		return c.enqueue(p)
	}
	return false
}

// checked answers a STUN request, if it is for a connection of ours and proven. Who guesses hears nothing.
func (s *Server) checked(b []byte, from path) *connection {
	k, ok := readCheck(b)
	if !ok {
		s.strangers.Add(1)
		return nil
	}
	s.mu.RLock()
	c := s.byUfrag[k.ufrag]
	s.mu.RUnlock()
	if c == nil || !k.provenBy(c.pwd) {
		s.strangers.Add(1)
		return nil
	}
	if from.tcp == nil && !s.learn(c, from.addr) {
		return nil
	}
	c.checked(k, from)
	return c
}

// learn notes that packets from an address are a connection's.
func (s *Server) learn(c *connection, addr netip.AddrPort) bool {
	s.mu.RLock()
	known := s.byAddr[addr] == c
	s.mu.RUnlock()
	if known {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(c.addrs) >= maxAddrs || s.byUfrag[c.ufrag] != c {
		return false
	}
	c.addrs = append(c.addrs, addr)
	s.byAddr[addr] = c // a browser that reloaded its page may use the port again: the newest has it
	return true
}

// forget lets go of a connection.
func (s *Server) forget(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byUfrag, c.ufrag)
	for _, addr := range c.addrs {
		if s.byAddr[addr] == c {
			delete(s.byAddr, addr)
		}
	}
	c.addrs = nil
}

// write sends to a page. It does not block; what cannot be sent is lost, as on any network.
func (s *Server) write(to path, b []byte) {
	if to.tcp != nil {
		to.tcp.send(b)
		return
	}
	_, _ = s.udp.WriteToUDPAddrPort(b, to.addr)
}

// newConnection makes a connection for an offer.
func (s *Server) newConnection(l *leg, o *offer) (*connection, error) {
	codecs := o.choose(s.opts.Codec)
	c := &connection{
		srv: s, leg: l, log: l.log, offer: o, ufrag: token(8), pwd: token(16),
		format: media.Format{Codec: codecs[0], DTMF: o.dtmf},
		in:     make(chan *packet, queueDepth), shake: packetio.NewBuffer(), closed: make(chan struct{}),
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
		return nil, openseat.Errorf(openseat.CodeUnavailable, "closing")
	case len(s.byUfrag) >= s.opts.MaxConnections:
		return nil, openseat.Errorf(openseat.CodeLimitExceeded, "too many connections")
	}
	s.byUfrag[c.ufrag] = c
	c.start()
	return c, nil
}

// token is 2n random letters that ICE may use.
func token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
