package sip_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"testing"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/sip"
)

// fastCaller is a far end that calls as fast as it can, in memory.
type fastCaller struct {
	port *port
	to   net.Addr
	sdp  string
}

// serve starts a server in a fabric whose every call is answered, and a far end.
func serve(b *testing.B, ended chan struct{}, open func(netip.Addr) (sip.Line, error)) *fastCaller {
	b.Helper()
	f := newFabric()
	s, err := sip.Listen(b.Context(), sip.Options{
		PacketConn: f.open(ourAddr), Door: benchDoor{ended}, Health: -1, Logger: slog.New(slog.DiscardHandler),
		Trunks:   func() []*org.Trunk { return []*org.Trunk{trunkTo(peerAddr)} },
		Limits:   sip.Limits{NewCallsPerSecond: 1e9, SourcePacketsPerSecond: 1e9},
		OpenLine: open,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return &fastCaller{
		port: f.open(peerAddr), to: net.UDPAddrFromAddrPort(netip.MustParseAddrPort(ourAddr)),
		sdp: bodyA(),
	}
}

func inMemory(ip netip.Addr) (sip.Line, error) {
	ours, far := media.Pipe()
	return &line{Transport: ours, far: far, local: netip.AddrPortFrom(ip, 20000)}, nil
}

func (c *fastCaller) send(i int, method string, seq int, tag, rest string) {
	packet := fmt.Sprintf("%s sip:4008001000@198.51.100.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK%s%d\r\nMax-Forwards: 70\r\n"+
		"From: <sip:1@192.0.2.1>;tag=f\r\nTo: <sip:4008001000@198.51.100.1>%s\r\nCall-ID: %d\r\nCSeq: %d %s\r\nContact: <sip:1@192.0.2.1>\r\n%s\r\n",
		method, method, i, tag, i, seq, method, rest)
	_, _ = c.port.WriteTo([]byte(packet), c.to)
}

// call calls, and returns our tag.
func (c *fastCaller) call(i int) string {
	c.send(i, "INVITE", 1, "", "Content-Type: application/sdp\r\n\r\n"+c.sdp)
	for {
		if m := parse(string((<-c.port.in).b)); m.is("200") {
			tag := ";tag=" + m.tag("To")
			c.send(i, "ACK", 1, tag, "")
			return tag
		}
	}
}

// BenchmarkCall is a whole inbound call, INVITE to BYE, with everything but sockets: what one call's signalling costs.
func BenchmarkCall(b *testing.B) {
	ended := make(chan struct{}, 1)
	c := serve(b, ended, inMemory)
	b.ReportAllocs()
	for i := range b.N {
		tag := c.call(i)
		c.send(i, "BYE", 2, tag, "")
		<-ended
		for !parse(string((<-c.port.in).b)).is("200") {
			continue
		}
	}
}

// BenchmarkMemory tells what a running call keeps: its leg, its sound's sockets, and the transactions of its beginning.
func BenchmarkMemory(b *testing.B) {
	const n = 1000
	ports, err := media.NewPorts(36000, 39999)
	if err != nil {
		b.Fatal(err)
	}
	c := serve(b, make(chan struct{}, n), func(netip.Addr) (sip.Line, error) {
		return media.ListenUDP(netip.MustParseAddr("127.0.0.1"), ports)
	})
	before := inUse()
	for i := range n {
		c.call(i)
	}
	b.ReportMetric(float64(inUse()-before)/n/1024, "KB/call")
	b.ReportMetric(0, "ns/op")
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

type benchDoor struct{ ended chan struct{} }

func (d benchDoor) Arrive(_ context.Context, c voice.Call) error {
	c.Attach(benchListener(d))
	c.Leg.Answer()
	return nil
}

type benchListener struct{ ended chan struct{} }

func (l benchListener) Ringing()         {}
func (l benchListener) Progress()        {}
func (l benchListener) Answered(bool)    {}
func (l benchListener) Digit(byte)       {}
func (l benchListener) Held(bool)        {}
func (l benchListener) MediaLost()       {}
func (l benchListener) MediaBack()       {}
func (l benchListener) Ended(call.Cause) { l.ended <- struct{}{} }
