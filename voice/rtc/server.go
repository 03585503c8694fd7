package rtc

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"openseat"
	"openseat/voice"
	"openseat/voice/media"
)

// Options are the choices of a Server. Only PublicIP has to be made.
type Options struct {
	Port     int        // of UDP and of TCP; 0 takes any that is free for both
	PublicIP netip.Addr // the address pages are told; if it is one of this machine's, nothing else is listened on
	Bind     netip.Addr // where to listen; zero means PublicIP if it is this machine's, else everywhere

	Codecs    []media.Codec // in the order in which they are preferred, that of most trunks; nil means PCMA, PCMU
	Logger    *slog.Logger
	Metronome *media.Metronome // shared with the rest of the process
	LossAfter time.Duration    // of silence, until MediaLost; 0 = 2.4 s

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
	if len(o.Codecs) == 0 {
		o.Codecs = []media.Codec{media.PCMA, media.PCMU}
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
	identity  identities
	udp       []*net.UDPConn // of one port
	tcp       net.Listener
	began     time.Time
	pool      sync.Pool // of *packet
	crew      voice.Crew
	streams   streams
	strangers atomic.Uint64

	mu      sync.RWMutex
	closed  bool
	opened  chan struct{} // closed and replaced whenever a leg is opened
	legs    map[legKey]*leg
	all     map[*connection]bool
	byUfrag map[string]login
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
		legs: map[legKey]*leg{}, all: map[*connection]bool{}, byUfrag: map[string]login{}, byAddr: map[netip.AddrPort]*connection{},
	}
	s.pool.New = func() any { return new(packet) }
	if _, err := s.identity.now(); err != nil {
		return nil, fmt.Errorf("rtc: %w", err)
	}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("rtc: %w", err)
	}
	s.streams.limit = opts.MaxStreams
	for _, conn := range s.udp {
		s.crew.Run(func() { s.readUDP(conn) })
	}
	s.crew.Run(s.acceptTCP)
	return s, nil
}

// Addr is the address pages are told, for UDP and for TCP.
func (s *Server) Addr() netip.AddrPort {
	return netip.AddrPortFrom(s.opts.PublicIP, localAddr(s.udp[0]).Port())
}

// Stats says what the server has now.
func (s *Server) Stats() Stats {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Stats{Legs: len(s.legs), Connections: len(s.all), Streams: s.streams.count(), Strangers: s.strangers.Load()}
}

// Close ends all legs and closes the ports. When it returns, nothing of the server runs any more.
func (s *Server) Close() error {
	legs, first := s.shut()
	if !first {
		<-s.crew.Close()
		return nil
	}
	var ended sync.WaitGroup
	for _, l := range legs {
		ended.Add(1)
		l.HangUp(0, 0)
		l.box.post(ended.Done)
	}
	ended.Wait()
	for _, c := range s.left() {
		c.close()
	}
	s.streams.closeAll()
	err := errors.Join(closeAll(s.udp), s.tcp.Close())
	<-s.crew.Close()
	return err
}

// shut lets nobody in any more.
func (s *Server) shut() (legs []*leg, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	s.closed = true
	close(s.opened)
	return slices.Collect(maps.Values(s.legs)), true
}

// left is the connections whose offers came just before.
func (s *Server) left() []*connection {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Keys(s.all))
}

// now is the server's clock.
func (s *Server) now() int64 { return int64(time.Since(s.began)) }
