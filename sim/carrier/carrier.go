package carrier

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"openseat/voice/media"
)

// maxCalls bounds the running calls; more are refused with 503.
const maxCalls = 2000

// Options are a carrier's choices. Only Addr has no default.
type Options struct {
	Addr   string        // where it listens, UDP and TCP: "127.0.0.1:5090"; port 0 picks one
	Peer   string        // where its customers' calls go: OpenSeat's SIP address
	Codecs []media.Codec // in order of preference; none means PCMA, PCMU
	// Pick chooses the script of a number; nil, or a nil script, means ByLastDigit.
	Pick func(to string) Script
	// Voice is what people who answer say, Greeting what a mailbox says before its beep; nil means a spoken sentence.
	Voice, Greeting media.Source
	Pace            Pace
	// Accounts are users and their passwords. With any, REGISTER and INVITE must be signed; without, everybody is trusted.
	Accounts map[string]string
	Ports    *media.Ports // for RTP; nil means 16384-19999
	Log      *slog.Logger // nil means silence
}

// Pace is how long people take. Zero fields have the documented values.
type Pace struct {
	Ring     time.Duration // before most people answer; 1 s
	LongRing time.Duration // digit 3; 35 s
	GiveUp   time.Duration // digit 5; 60 s
	Short    time.Duration // how long digit 2 listens; 3 s
}

// Carrier is a telephone company. Open makes one.
type Carrier struct {
	opts      Options
	addr      netip.AddrPort
	ua        *sipgo.UserAgent
	udp, tcp  *sipgo.Client
	listeners []io.Closer
	metronome *media.Metronome
	registrar *registrar

	mu     sync.Mutex
	calls  map[string]*Call // by Call-ID
	closed bool
}

// Open listens and takes calls until Close.
func Open(opts Options) (*Carrier, error) {
	if err := opts.fill(); err != nil {
		return nil, err
	}
	packets, stream, err := listen(opts.Addr)
	if err != nil {
		return nil, err
	}
	c := &Carrier{
		opts:      opts,
		addr:      netip.MustParseAddrPort(packets.LocalAddr().String()),
		listeners: []io.Closer{packets, stream},
		metronome: media.NewMetronome(),
		registrar: newRegistrar(opts.Accounts),
		calls:     map[string]*Call{},
	}
	if err := c.start(packets, stream); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (o *Options) fill() error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if len(o.Codecs) == 0 {
		o.Codecs = []media.Codec{media.PCMA, media.PCMU}
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&o.Pace.Ring, time.Second}, {&o.Pace.LongRing, 35 * time.Second}, {&o.Pace.GiveUp, time.Minute}, {&o.Pace.Short, 3 * time.Second}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	var err error
	if o.Ports == nil {
		o.Ports, err = media.NewPorts(16384, 19999)
	}
	if o.Voice == nil {
		o.Voice = speak("Hello, this is a simulated customer. I can hear you. Please tell me more about it.", media.ToneSource(440))
	}
	if o.Greeting == nil {
		o.Greeting = speak("I am not at home. Please leave a message after the tone.", media.ToneSource(660))
	}
	return err
}

// listen opens a UDP and a TCP socket on one port; a port that was picked for one may be taken for the other.
func listen(addr string) (net.PacketConn, net.Listener, error) {
	var lc net.ListenConfig
	var last error
	for range 20 {
		packets, err := lc.ListenPacket(context.Background(), "udp", addr)
		if err != nil {
			return nil, nil, fmt.Errorf("carrier: %w", err)
		}
		stream, err := lc.Listen(context.Background(), "tcp", packets.LocalAddr().String())
		if err == nil {
			return packets, stream, nil
		}
		last = err
		_ = packets.Close() // never used
	}
	return nil, nil, fmt.Errorf("carrier: %w", last)
}

func (c *Carrier) start(packets net.PacketConn, stream net.Listener) error {
	log := c.opts.Log
	ua, err := sipgo.NewUA(
		sipgo.WithUserAgent("carrier"),
		sipgo.WithUserAgentHostname(c.addr.Addr().String()),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(log)),
		sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(log)),
	)
	if err != nil {
		return fmt.Errorf("carrier: %w", err)
	}
	c.ua = ua
	server, err := sipgo.NewServer(ua, sipgo.WithServerLogger(log))
	if err != nil {
		return fmt.Errorf("carrier: %w", err)
	}
	// Requests leave from the socket we listen on; a TCP connection is dialed from a port of its own.
	from := []sipgo.ClientOption{sipgo.WithClientLogger(log), sipgo.WithClientAddr(c.addr.String())}
	if c.tcp, err = sipgo.NewClient(ua, from...); err != nil {
		return fmt.Errorf("carrier: %w", err)
	}
	if c.udp, err = sipgo.NewClient(ua, append(from, sipgo.WithClientConnectionAddr(c.addr.String()))...); err != nil {
		return fmt.Errorf("carrier: %w", err)
	}
	server.OnInvite(c.onInvite)
	server.OnAck(func(r *sip.Request, _ sip.ServerTransaction) { c.forCall(r, nil, (*Call).acked) })
	server.OnBye(func(r *sip.Request, tx sip.ServerTransaction) { c.forCall(r, tx, (*Call).hungUpByPeer) })
	server.OnInfo(func(r *sip.Request, tx sip.ServerTransaction) { c.forCall(r, tx, (*Call).informed) })
	server.OnUpdate(func(r *sip.Request, tx sip.ServerTransaction) { c.forCall(r, tx, (*Call).refreshed) })
	server.OnRegister(c.onRegister)
	server.OnCancel(func(r *sip.Request, tx sip.ServerTransaction) {
		c.reply(r, tx, sip.StatusCallTransactionDoesNotExists, "No Such Call")
	})
	server.OnOptions(func(r *sip.Request, tx sip.ServerTransaction) { c.reply(r, tx, sip.StatusOK, "OK") })
	socket := &readySocket{PacketConn: packets, reading: make(chan struct{})}
	go func() { _ = server.ServeUDP(socket) }() // ends with an error when Close closes the socket
	go func() { _ = server.ServeTCP(stream) }()
	<-socket.reading
	return nil
}

// readySocket tells when sipgo reads it. Before that sipgo does not know it for requests either, and would open another one
// on the same port.
type readySocket struct {
	net.PacketConn
	reading chan struct{}
	once    sync.Once
}

// ReadFrom implements net.PacketConn.
func (s *readySocket) ReadFrom(b []byte) (int, net.Addr, error) {
	s.once.Do(func() { close(s.reading) })
	return s.PacketConn.ReadFrom(b)
}

// Addr is where the carrier listens.
func (c *Carrier) Addr() netip.AddrPort { return c.addr }

// Running is how many calls are going on.
func (c *Carrier) Running() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.calls)
}

// Close hangs up every call and stops listening.
func (c *Carrier) Close() {
	var hangups sync.WaitGroup
	for _, call := range c.shut() {
		hangups.Go(call.HangUp)
	}
	hangups.Wait()
	if c.ua != nil {
		_ = c.ua.Close() // closes what it serves; there is nobody left to tell
	}
	for _, l := range c.listeners {
		_ = l.Close() // again, if the user agent never started
	}
}

func (c *Carrier) shut() []*Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	var running []*Call
	for _, call := range c.calls {
		running = append(running, call)
	}
	return running
}

// add makes a call known under its Call-ID.
func (c *Carrier) add(id string, call *Call) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return net.ErrClosed
	case len(c.calls) >= maxCalls:
		return fmt.Errorf("carrier: %d calls are running", maxCalls)
	case c.calls[id] != nil:
		return fmt.Errorf("carrier: call %s is running", id)
	}
	c.calls[id] = call
	return nil
}

func (c *Carrier) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, id)
}

func (c *Carrier) find(r *sip.Request) *Call {
	id := r.CallID()
	if id == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[id.Value()]
}

// forCall hands a request to the call it belongs to.
func (c *Carrier) forCall(r *sip.Request, tx sip.ServerTransaction, do func(*Call, *sip.Request, sip.ServerTransaction)) {
	if call := c.find(r); call != nil {
		do(call, r, tx)
		return
	}
	if tx != nil {
		c.reply(r, tx, sip.StatusCallTransactionDoesNotExists, "No Such Call")
	}
}

func (c *Carrier) reply(r *sip.Request, tx sip.ServerTransaction, status int, reason string) {
	c.send(tx, sip.NewResponseFromRequest(r, status, reason, nil))
}

func (c *Carrier) send(tx sip.ServerTransaction, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		c.opts.Log.Debug("carrier: answer not sent", "status", res.StatusCode, "err", err)
	}
}
