package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"openseat/voice/media"
)

const (
	calls      = 100         // concurrent calls, wherever sound is measured
	legs       = 2 * calls   // each sends a packet every 20 ms
	packetRate = legs * 50   // a second
	maxPacket  = 1200        // bytes read at once
	settling   = time.Second // before a measurement
)

// relayParams tell a relay where its peers are. It answers with its own addresses.
type relayParams struct {
	Peers   []netip.AddrPort
	Profile string
}

// relayed is what a relay cost.
type relayed struct {
	perPacket float64 // µs of CPU
	perCall   float64 // KB
	lost      float64 // %
}

// measureRelay lets 100 calls talk through each kind of relay in turns.
func measureRelay(ctx context.Context, b *bench) error {
	kinds := []string{"bare", "ports", "recorded", "batched", "polled"}
	runs := map[string][]relayed{}
	ratios := map[string][]float64{}
	for n := range b.rounds {
		for _, kind := range kinds {
			r, err := relay(ctx, kind, b.profileOf("relay-"+kind, n))
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			runs[kind] = append(runs[kind], r)
			ratios[kind] = append(ratios[kind], r.perPacket/runs["bare"][n].perPacket)
		}
	}
	b.bare = column(runs["bare"], func(r relayed) float64 { return r.perPacket })
	b.add(figure{what: "bare forwarder: one socket and one goroutine a leg, CPU a packet", unit: "µs", runs: b.bare})
	b.add(figure{what: "100 trunk↔trunk calls, both sides recorded: CPU, bare forwarder = 1", unit: "×", runs: ratios["recorded"], most: 1.3})
	b.add(figure{what: "the same without recording", unit: "×", runs: ratios["ports"]})
	b.add(figure{what: "the same 100 recorded calls: part of a core", unit: "%", runs: column(runs["recorded"], func(r relayed) float64 {
		return r.perPacket * packetRate / 1e6 * 100
	})})
	b.add(figure{what: "memory a recorded trunk↔trunk call", unit: "KB", most: 60, runs: column(runs["recorded"], func(r relayed) float64 {
		return r.perCall
	})})
	b.add(figure{what: "experiment, one socket for all, recvmmsg and sendmmsg: CPU, bare forwarder = 1", unit: "×", runs: ratios["batched"]})
	b.add(figure{what: "experiment, a socket a leg, one goroutine and epoll, no netpoller: CPU, bare forwarder = 1", unit: "×", runs: ratios["polled"]})
	for _, kind := range kinds {
		b.say("Packets lost by %s: %s.", kind, number(median(column(runs[kind], func(r relayed) float64 { return r.lost })), "%"))
	}
	return nil
}

func column[T any](rows []T, of func(T) float64) (out []float64) {
	for _, r := range rows {
		out = append(out, of(r))
	}
	return out
}

// relay measures one kind of relay for some seconds.
func relay(ctx context.Context, kind, profile string) (r relayed, err error) {
	talkers, err := openTalkers(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, talkers.end()) }()
	var peers []netip.AddrPort
	if err := talkers.hear(&peers); err != nil {
		return r, err
	}
	p, err := startRole(ctx, measuredCore, kind, relayParams{Peers: peers, Profile: profile})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	var open relayOpen
	if err := p.hear(&open); err != nil {
		return r, err
	}
	r.perCall = open.KB / calls
	if err := talkers.tell(open.Legs); err != nil {
		return r, err
	}
	time.Sleep(settling)
	if r.perPacket, err = perPacket(p, talkers, 4*time.Second); err != nil {
		return r, err
	}
	var t traffic
	if err := talkers.ask("stop", &t); err != nil {
		return r, err
	}
	r.lost = 100 * float64(t.Sent-t.Heard) / float64(t.Sent)
	return r, nil
}

// perPacket is the CPU time a process uses for each packet that the talkers send meanwhile, in µs.
func perPacket(p, talkers *process, long time.Duration) (float64, error) {
	var before, after traffic
	if err := talkers.ask("count", &before); err != nil {
		return 0, err
	}
	cpu, err := cpuOf(p.pid())
	if err != nil {
		return 0, err
	}
	time.Sleep(long)
	if err := talkers.ask("count", &after); err != nil {
		return 0, err
	}
	used, err := cpuOf(p.pid())
	return float64((used - cpu).Microseconds()) / float64(after.Sent-before.Sent), err
}

func openTalkers(ctx context.Context) (*process, error) {
	return startRole(ctx, loadCore, "talkers", struct{}{})
}

// traffic is what the talkers have sent and heard so far.
type traffic struct{ Sent, Heard int64 }

// relayOpen is a relay's answer when it is ready: where its legs are, and what memory they took (heap and stacks).
type relayOpen struct {
	Legs []netip.AddrPort
	KB   float64
}

// playTalkers is everybody at the ends of 100 calls: it opens their sockets, says where they are, is told where to send, and
// sends a packet from each every 20 ms until it is told to stop.
func playTalkers(_ context.Context, s *stage) error {
	var params struct{}
	if err := s.in.Decode(&params); err != nil {
		return err
	}
	socks, addrs, err := openSockets(legs)
	if err != nil {
		return err
	}
	if err := s.out.Encode(addrs); err != nil {
		return err
	}
	var to []netip.AddrPort
	if err := s.in.Decode(&to); err != nil {
		return err
	}
	var sent, heard atomic.Int64
	for _, c := range socks {
		go listen(c, &heard)
	}
	stop := make(chan struct{})
	go talk(socks, to, &sent, stop)
	for {
		var word string
		if err := s.in.Decode(&word); err != nil {
			return err
		}
		if word == "stop" {
			close(stop)
			time.Sleep(200 * time.Millisecond) // what is under way
		}
		if err := s.out.Encode(traffic{sent.Load(), heard.Load()}); err != nil || word == "stop" {
			return err
		}
	}
}

func listen(c *net.UDPConn, heard *atomic.Int64) {
	buf := make([]byte, maxPacket)
	for {
		if _, _, err := c.ReadFromUDPAddrPort(buf); err != nil {
			return
		}
		heard.Add(1)
	}
}

// talk sends from every socket each 20 ms.
func talk(socks []*net.UDPConn, to []netip.AddrPort, sent *atomic.Int64, stop <-chan struct{}) {
	packet := make([]byte, 12+media.FrameSamples)
	packet[0] = 0x80 // RTP version 2, PCMU
	pace(len(socks), stop, func(n, i int) {
		binary.BigEndian.PutUint16(packet[2:], uint16(n))
		binary.BigEndian.PutUint32(packet[4:], uint32(n)*media.FrameSamples)
		binary.BigEndian.PutUint32(packet[8:], uint32(i))
		_, _ = socks[i].WriteToUDPAddrPort(packet, to[i]) // what is lost is counted at the other end
		sent.Add(1)
	})
}

// pace has each of size talkers say its nth packet every 20 ms, evenly spread over them.
func pace(size int, stop <-chan struct{}, say func(n, i int)) {
	next := time.Now()
	for n := 0; ; n++ {
		for i := range size {
			say(n, i)
			if (i+1)%max(1, size/20) == 0 {
				next = next.Add(media.FrameTime / time.Duration(size/max(1, size/20)))
				time.Sleep(time.Until(next))
			}
		}
		select {
		case <-stop:
			return
		default:
		}
	}
}

func openSockets(n int) (socks []*net.UDPConn, addrs []netip.AddrPort, err error) {
	for range n {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, nil, err
		}
		socks = append(socks, c)
		addrs = append(addrs, c.LocalAddr().(*net.UDPAddr).AddrPort()) //nolint:forcetypeassert // what ListenUDP gives
	}
	return socks, addrs, nil
}

// playRelay makes a role of a relay: open makes its legs, which work until the role's input ends.
func playRelay(open func(dir string, peers []netip.AddrPort) ([]netip.AddrPort, error)) func(context.Context, *stage) error {
	return func(_ context.Context, s *stage) error {
		var params relayParams
		if err := s.in.Decode(&params); err != nil {
			return err
		}
		dir, err := os.MkdirTemp("", "openseat-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		before := inUse()
		addrs, err := open(dir, params.Peers)
		if err != nil {
			return err
		}
		if err := s.out.Encode(relayOpen{addrs, (inUse() - before) / 1024}); err != nil {
			return err
		}
		stop, err := profileInto(params.Profile)
		if err != nil {
			return err
		}
		var word string
		_ = s.in.Decode(&word) // the end
		stop()
		return nil
	}
}

// inUse is the memory in use: heap and stacks.
func inUse() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse)
}

// openBare is the measure of all: per leg a socket and a goroutine that sends on what comes, packet by packet.
func openBare(_ string, peers []netip.AddrPort) ([]netip.AddrPort, error) {
	socks, addrs, err := openSockets(len(peers))
	if err != nil {
		return nil, err
	}
	for i := range socks {
		go func() {
			buf := make([]byte, maxPacket)
			for {
				n, _, err := socks[i].ReadFromUDPAddrPort(buf)
				if err != nil {
					return
				}
				_, _ = socks[i^1].WriteToUDPAddrPort(buf[:n], peers[i^1])
			}
		}()
	}
	return addrs, nil
}

// openPorts is OpenSeat's own: the ports that trunk legs are made of, two and two connected.
func openPorts(recorded bool) func(dir string, peers []netip.AddrPort) ([]netip.AddrPort, error) {
	return func(dir string, peers []netip.AddrPort) (addrs []netip.AddrPort, err error) {
		numbers, err := media.NewPorts(24000, 25999)
		if err != nil {
			return nil, err
		}
		spool, err := media.OpenSpool(dir, media.SpoolOptions{})
		if err != nil {
			return nil, err
		}
		beat := media.NewMetronome()
		var last *media.Port
		for i, peer := range peers {
			line, err := media.ListenUDP(netip.MustParseAddr("127.0.0.1"), numbers)
			if err != nil {
				return nil, err
			}
			line.SetRemote(peer)
			p := media.NewPort(line, media.Format{Codec: media.PCMU, DTMF: 101}, media.PortOptions{Metronome: beat})
			if recorded {
				r, err := spool.Start(fmt.Sprint("leg-", i), media.PCMU)
				if err != nil {
					return nil, err
				}
				p.Record(r)
			}
			if i%2 == 1 {
				media.Connect(last, p)
			}
			last = p
			addrs = append(addrs, line.LocalAddr())
		}
		return addrs, nil
	}
}
