package sip

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	wire "github.com/emiago/sipgo/sip"

	"openseat/voice"
)

// Server makes legs of the calls that come over trunks, and of those that go out. It implements voice.Dialer.
type Server struct {
	opts  Options
	log   *slog.Logger
	guard *guard
	addr  netip.AddrPort
	udp   *packets
	tcp   net.Listener
	tls   net.Listener // nil: nobody comes in by TLS
	tp    *wire.TransportLayer
	tx    *wire.TransactionLayer

	ctx     context.Context //nolint:containedctx // the server's life, which its goroutines share
	cancel  context.CancelFunc
	sockets voice.Crew // read the sockets
	keepers voice.Crew // look after trunks, until ctx ends
	talks   voice.Crew // wait for what far ends say to requests of ours

	atlas      atomic.Pointer[atlas]
	registrar  *registrar // nil: no phones
	refreshing sync.Mutex
	legs       legs
	trials     trials
	newCalls   *rate.Limiter
	bySource   sources
	draining   atomic.Bool
	counts     counts
}

type counts struct{ inbound, outbound, refused, faults atomic.Uint64 }

// Stats is what a Server has seen since it began.
type Stats struct {
	Legs      int    // now
	Inbound   uint64 // calls that came in
	Outbound  uint64 // calls that went out
	Refused   uint64 // calls turned away because of limits, overload or draining
	Strangers uint64 // packets and connections from addresses of no trunk
	Flooded   uint64 // packets beyond an address's rate
	Malformed uint64 // packets that are no SIP
	Faults    uint64 // bugs of ours that were caught
}

// prepareLibrary sets what sipgo has for the whole process. Messages longer than 1300 bytes may go over UDP, in fragments:
// most trunks have no TCP to switch to (RFC 3261 section 18.1.1). And connections need not say that they were closed twice.
var prepareLibrary = sync.OnceFunc(func() { //nolint:gochecknoglobals // as sipgo's variables are
	wire.UDPMTUSize = maxMessage
	wire.SetDefaultLogger(slog.New(slog.DiscardHandler))
})

// Listen opens the sockets and begins. ctx bounds the opening only; Close ends the server.
func Listen(ctx context.Context, opts Options) (*Server, error) {
	prepareLibrary()
	opts = opts.withDefaults()
	s := &Server{
		opts: opts, log: opts.Logger,
		newCalls: rate.NewLimiter(rate.Limit(opts.Limits.NewCallsPerSecond), max(int(opts.Limits.NewCallsPerSecond), 1)),
		bySource: sources{limit: rate.Limit(opts.Limits.SourceCallsPerSecond), burst: int(opts.Limits.SourceCallsPerSecond)},
	}
	if opts.Phones != nil {
		s.registrar = newRegistrar(s)
	}
	s.guard = newGuard(opts.Limits, func(ip netip.Addr) bool { return s.atlas.Load().knows(ip) || s.registrar.knows(ip) })
	s.guard.registrar = s.registrar
	s.atlas.Store(&atlas{})
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("sip: %w", err)
	}
	if err := s.openTLS(ctx); err != nil {
		return nil, fmt.Errorf("sip: TLS: %w", errors.Join(err, s.closeSockets()))
	}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if s.registrar != nil {
		s.registrar.restore(ctx)
	}
	s.begin()
	return s, nil
}

// open binds one port for UDP and TCP.
func (s *Server) open(ctx context.Context) error {
	if conn := s.opts.PacketConn; conn != nil {
		s.listenOn(conn)
		return nil
	}
	const tries = 10 // port 0: what is free for UDP may be taken for TCP
	var err error
	for range tries {
		if err = s.openPair(ctx); err == nil {
			return nil
		}
		if _, port := hostPort(s.opts.Addr); port != 0 {
			break
		}
	}
	return err
}

func (s *Server) openPair(ctx context.Context) error {
	var lc net.ListenConfig
	udp, err := lc.ListenPacket(ctx, "udp", s.opts.Addr)
	if err != nil {
		return err
	}
	tcp, err := lc.Listen(ctx, "tcp", udp.LocalAddr().String())
	if err != nil {
		udp.Close()
		return err
	}
	if u, ok := udp.(*net.UDPConn); ok {
		_ = u.SetReadBuffer(4 << 20) // a burst of calls waits here; the system may allow less
	}
	s.listenOn(udp)
	s.tcp = tcp
	return nil
}

// openTLS binds the port for TLS, if there is to be one.
func (s *Server) openTLS(ctx context.Context) error {
	if s.opts.TLSAddr == "" || s.opts.TLSListen == nil {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.opts.TLSAddr)
	s.tls = l
	return err
}

func (s *Server) closeSockets() error {
	err := s.udp.Close()
	for _, l := range []net.Listener{s.tcp, s.tls} {
		if l != nil {
			err = errors.Join(err, l.Close())
		}
	}
	return err
}

func (s *Server) listenOn(conn net.PacketConn) {
	s.udp = &packets{PacketConn: conn, guard: s.guard, log: s.log}
	s.addr = addrPort(conn.LocalAddr().String())
}

func (s *Server) begin() {
	quiet := slog.New(&libraryLog{log: s.log, malformed: &s.guard.malformed})
	s.tp = wire.NewTransportLayer(net.DefaultResolver, wire.NewParser(), s.opts.TLSConfig,
		wire.WithTransportLayerLogger(quiet),
		wire.WithTransportLayerTransports(wire.TransportsConfig{ // nobody who stops reading may hold us up
			TCP: &wire.TransportTCP{WriteTimeout: writeLimit},
			TLS: &wire.TransportTLS{TransportTCP: &wire.TransportTCP{WriteTimeout: writeLimit}},
		}))
	s.tp.OnMessage(s.first) // before the transaction layer, so that it sees messages first
	s.tx = wire.NewTransactionLayer(s.tp, wire.WithTransactionLayerLogger(quiet),
		wire.WithTransactionLayerUnhandledResponseHandler(s.onStray))
	s.tx.OnRequest(s.onRequest)
	reading := make(chan struct{})
	s.udp.reading = func() { close(reading) }
	s.sockets.Run(func() { _ = s.tp.ServeUDP(s.udp) }) // ends with Close
	<-reading                                          // from now on requests of ours leave by this socket; before, the library would open another
	s.Refresh()
	if s.tcp != nil {
		l := s.guarded(s.tcp, "TCP")
		s.sockets.Run(func() { _ = s.tp.ServeTCP(l) }) // ends with Close
	}
	if s.tls != nil {
		l := tls.NewListener(s.guarded(s.tls, "TLS"), s.opts.TLSListen)
		s.sockets.Run(func() { _ = s.tp.ServeTLS(l) }) // ends with Close
	}
	s.keepers.Run(func() { s.lookAfter(s.ctx) })
	if s.registrar != nil {
		s.keepers.Run(func() { s.lookAfterPhones(s.ctx) })
	}
}

func (s *Server) guarded(l net.Listener, transport string) net.Listener {
	return &connections{
		Listener: l, guard: s.guard, transport: transport, limit: s.opts.Limits.ConnectionsPerSource, open: map[netip.Addr]int{},
	}
}

// Addr is the port the server listens on, by UDP and TCP.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// TLSAddr is the port it listens on by TLS; the zero AddrPort when it does not.
func (s *Server) TLSAddr() netip.AddrPort {
	if s.tls == nil {
		return netip.AddrPort{}
	}
	return addrPort(s.tls.Addr().String())
}

// port is where we are to be reached over a transport.
func (s *Server) port(transport string) int {
	if transport == "TLS" && s.tls != nil {
		return int(s.TLSAddr().Port())
	}
	return int(s.addr.Port())
}

// Drain refuses new calls from now on; running ones go on.
func (s *Server) Drain() { s.draining.Store(true) }

// Stats says what the server has seen.
func (s *Server) Stats() Stats {
	return Stats{
		Legs: s.legs.count(), Inbound: s.counts.inbound.Load(), Outbound: s.counts.outbound.Load(),
		Refused: s.counts.refused.Load(), Faults: s.counts.faults.Load(), Strangers: s.guard.strangers.Load(),
		Flooded: s.guard.flooded.Load(), Malformed: s.guard.malformed.Load(),
	}
}

// How long Close lets others finish.
const (
	closeGrace = 2 * time.Second       // far ends, who hear of our going
	settle     = 50 * time.Millisecond // requests on their way through the library: answering one needs the socket
)

// Close hangs up what is left, unregisters and closes the sockets.
func (s *Server) Close() error {
	s.Drain()
	s.hangUpAll()
	s.cancel()
	<-s.keepers.Close()
	said := s.talks.Close()
	select {
	case <-said:
	case <-time.After(closeGrace):
	}
	s.udp.deaf.Store(true)
	time.Sleep(settle)
	s.tx.Close()
	<-said
	err := s.closeSockets()
	_ = s.tp.Close() // the sockets are closed already
	<-s.sockets.Close()
	return err
}

// hangUpAll returns when every leg has said its BYE.
func (s *Server) hangUpAll() {
	var saying sync.WaitGroup
	for _, l := range s.legs.all() {
		saying.Add(1)
		l.HangUp(503, 0)
		l.do(saying.Done)
	}
	saying.Wait()
}

// survive keeps a bug in one call from ending all others.
func (s *Server) survive(what string) {
	if fault := recover(); fault != nil {
		s.counts.faults.Add(1)
		s.log.Error("sip: fault", "in", what, "fault", fault, "stack", string(debug.Stack()))
	}
}

// shownIP is the address that a far end is told to reach us at.
func (s *Server) shownIP(peer netip.Addr) netip.Addr {
	if public := s.opts.PublicIP; public.IsValid() && !peer.IsLoopback() && public.Is4() == peer.Is4() {
		return public
	}
	if ip := s.addr.Addr(); !ip.IsUnspecified() {
		return ip
	}
	return routeTo(peer)
}

// routeTo is our address on the way to a peer. Nothing is sent.
func routeTo(peer netip.Addr) netip.Addr {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(peer, 9)))
	if err != nil {
		return netip.IPv4Unspecified()
	}
	defer c.Close()
	return addrPort(c.LocalAddr().String()).Addr()
}

// bindIP is where sockets for sound with a peer listen.
func (s *Server) bindIP(peer netip.Addr) netip.Addr {
	switch ip := s.addr.Addr(); {
	case !ip.IsUnspecified():
		return ip
	case peer.Is4():
		return netip.IPv4Unspecified()
	default:
		return netip.IPv6Unspecified()
	}
}

// libraryLog turns sipgo's log down: what it calls an error is what any far end may cause.
type libraryLog struct {
	log       *slog.Logger
	malformed *atomic.Uint64
}

// Enabled implements slog.Handler.
func (h *libraryLog) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelError
}

// Handle implements slog.Handler. Attributes are left out: they hold whole messages, secrets and all.
func (h *libraryLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == "failed to parse" {
		h.malformed.Add(1)
	}
	h.log.DebugContext(ctx, "sip: library", "said", r.Message)
	return nil
}

// WithAttrs implements slog.Handler.
func (h *libraryLog) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup implements slog.Handler.
func (h *libraryLog) WithGroup(string) slog.Handler { return h }
