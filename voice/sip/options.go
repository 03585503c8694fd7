package sip

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

// Options say where and for whom a Server works. Trunks, Door and Ports (or OpenLine) are needed.
type Options struct {
	Addr     string     // host:port for UDP and TCP; port 0 takes any that is free for both
	PublicIP netip.Addr // what the far ends are told to reach us at; zero = the address we listen on, or the one that leads to the peer

	Trunks func() []*org.Trunk // the trunks of all instances now; asked every second, so it must be cheap
	Door   voice.Door          // decides on inbound calls
	Ports  *media.Ports        // of the calls' sound

	// Phones are the SIP phones that may register; nil = none may.
	Phones Directory
	// PhoneState is told when the first device of an extension has registered, and when the last one is gone. It must return
	// at once.
	PhoneState func(app openseat.AppID, extension string, up bool)
	Memory     Memory // keeps registrations over a restart; may be nil
	Realm      string // of phones' passwords; empty = "openseat"
	// Digests are the ways to prove a password that phones are offered, the preferred first: "SHA-256", "MD5". Empty = MD5
	// alone, since there are telephones that give up when they are offered one they do not know.
	Digests []string

	Limits    Limits
	Logger    *slog.Logger
	Metronome *media.Metronome // shared with the rest of the process
	TLSConfig *tls.Config      // for trunks with transport "tls"; nil trusts the system's authorities
	TLSAddr   string           // host:port for trunks and phones that come in by TLS; empty = none do
	TLSListen *tls.Config      // with the certificate of that port; without, nobody comes in by TLS
	Resolver  Resolver         // nil = net.DefaultResolver
	UserAgent string           // empty = "OpenSeat"

	// SessionExpires is how often a call must give a sign of life (RFC 4028). Zero means 30 minutes.
	SessionExpires time.Duration
	// Health is how often a trunk's peer, and a phone's device, is asked whether it lives. Zero means 30 s, negative never.
	Health time.Duration
	// OpenLine opens sockets for sound in place of Ports.
	OpenLine func(ip netip.Addr) (Line, error)
	// PacketConn is used in place of a UDP socket at Addr; then there is no TCP.
	PacketConn net.PacketConn
}

// Limits bound what the network may make us do.
type Limits struct {
	MaxCalls                 int     // legs at a time; 0 = 2000
	NewCallsPerSecond        float64 // in total; 0 = 200
	SourceCallsPerSecond     float64 // from one address; 0 = as in total
	SourcePacketsPerSecond   float64 // from one address; 0 = 10000
	StrangerAnswersPerMinute float64 // 403s, in total; 0 = 60, negative = never
	ConnectionsPerSource     int     // TCP; 0 = 100
}

// Resolver looks names of peers up. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// withDefaults fills in what was left out.
func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Metronome == nil {
		o.Metronome = media.NewMetronome()
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.TLSConfig == nil {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if o.UserAgent == "" {
		o.UserAgent = "OpenSeat"
	}
	if o.Realm == "" {
		o.Realm = "openseat"
	}
	if len(o.Digests) == 0 {
		o.Digests = []string{"MD5"}
	}
	if o.SessionExpires == 0 {
		o.SessionExpires = 30 * time.Minute
	}
	if o.Health == 0 {
		o.Health = 30 * time.Second
	}
	if o.OpenLine == nil {
		o.OpenLine = func(ip netip.Addr) (Line, error) { return media.ListenUDP(ip, o.Ports) }
	}
	o.Limits = o.Limits.withDefaults()
	return o
}

func (l Limits) withDefaults() Limits {
	if l.MaxCalls == 0 {
		l.MaxCalls = 2000
	}
	if l.NewCallsPerSecond == 0 {
		l.NewCallsPerSecond = 200
	}
	if l.SourceCallsPerSecond == 0 {
		l.SourceCallsPerSecond = l.NewCallsPerSecond
	}
	if l.SourcePacketsPerSecond == 0 {
		l.SourcePacketsPerSecond = 10_000
	}
	if l.StrangerAnswersPerMinute == 0 {
		l.StrangerAnswersPerMinute = 60
	}
	if l.ConnectionsPerSource == 0 {
		l.ConnectionsPerSource = 100
	}
	return l
}
