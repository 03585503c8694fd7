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
	calls      = 100             // concurrent calls, wherever sound is measured
	legs       = 2 * calls       // each sends a packet every 20 ms
	packetRate = legs * 50       // a second
	maxPacket  = 1200            // bytes read at once
	settling   = time.Second / 4 // before a measurement
)

// relayParams tell a relay where its peers are. It answers with its own addresses.
type relayParams struct {
	Peers   []netip.AddrPort
	Profile string
}

// measureRelay lets 100 calls talk through each kind of relay. They take short turns, and are compared turn by turn, so that whatever else the
// machine does meanwhile hits all of them alike.
func measureRelay(ctx context.Context, b *bench) (err error) {
	kinds := []string{"bare", "ports", "recorded", "three", "monitored", "batched", "polled"}
	relays := map[string]*relay{}
	defer func() {
		for _, r := range relays {
			err = errors.Join(err, r.close())
		}
	}()
	for _, kind := range kinds {
		r, err := openRelay(ctx, kind, b.profileOf("relay-"+kind, b.rounds-1))
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		relays[kind] = r
	}
	cost, ratio := map[string][]float64{}, map[string][]float64{}
	var memory []float64
	for range b.rounds {
		round, err := takeTurns(kinds, relays)
		if err != nil {
			return err
		}
		for _, kind := range kinds {
			cost[kind] = append(cost[kind], median(round[kind]))
			ratio[kind] = append(ratio[kind], median(quotients(round[kind], round["bare"])))
		}
		perCall, err := relays["recorded"].perCall()
		if err != nil {
			return err
		}
		memory = append(memory, perCall)
	}
	b.add(figure{what: "bare forwarder: one socket and one goroutine a leg, CPU a packet", unit: "µs", runs: cost["bare"]})
	b.add(figure{what: "100 trunk↔trunk calls, both sides recorded: CPU, bare forwarder = 1", unit: "×", runs: ratio["recorded"], most: 1.3})
	b.add(figure{what: "the same without recording", unit: "×", runs: ratio["ports"]})
	b.add(figure{what: "the same 100 recorded calls: part of a core", unit: "%", runs: coreShare(cost["recorded"])})
	b.add(figure{what: "memory a recorded trunk↔trunk call", unit: "KB", runs: memory, most: 60})
	b.add(figure{what: "200 legs in three-way calls, mixed: CPU, bare forwarder = 1", unit: "×", runs: ratio["three"]})
	b.add(figure{what: "200 legs in calls that somebody listens to: CPU, bare forwarder = 1", unit: "×", runs: ratio["monitored"]})
	b.add(figure{what: "experiment: one socket for all, recvmmsg and sendmmsg: CPU, bare forwarder = 1", unit: "×", runs: ratio["batched"]})
	b.add(figure{what: "experiment: a socket a leg, one thread and epoll: CPU, bare forwarder = 1", unit: "×", runs: ratio["polled"]})
	return b.tellLosses(kinds, relays)
}

// takeTurns answers what a packet cost in each turn of each kind.
func takeTurns(kinds []string, relays map[string]*relay) (costs map[string][]float64, err error) {
	costs = map[string][]float64{}
	for range turns {
		for _, kind := range kinds {
			cost, err := relays[kind].turn()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", kind, err)
			}
			costs[kind] = append(costs[kind], cost)
		}
	}
	return costs, nil
}

// quotients compares two series turn by turn.
func quotients(a, b []float64) (out []float64) {
	for i := range a {
		out = append(out, a[i]/b[i])
	}
	return out
}

func (b *bench) tellLosses(kinds []string, relays map[string]*relay) error {
	for _, kind := range kinds {
		lost, err := relays[kind].lost()
		if err != nil {
			return err
		}
		if lost > 0 {
			b.sayf("The relay %q lost %.3f %% of its packets.", kind, lost)
		}
	}
	return nil
}

// coreShare is what 100 calls take of a core at so many µs a packet.
func coreShare(perPacket []float64) (out []float64) {
	for _, v := range perPacket {
		out = append(out, v*packetRate/1e6*100)
	}
	return out
}

const (
	turns    = 9 // a round
	turnTime = time.Second / 2
)

// relay is a relay process and who talks through it.
type relay struct {
	*process

	talkers *process
	empty   float64 // KB in use before there were calls
}

func openRelay(ctx context.Context, kind, profile string) (r *relay, err error) {
	r = &relay{}
	if r.talkers, err = openTalkers(ctx); err != nil {
		return nil, err
	}
	var peers []netip.AddrPort
	if err := r.talkers.hear(&peers); err != nil {
		return nil, err
	}
	if r.process, err = startRole(ctx, measuredCore, kind, relayParams{Peers: peers, Profile: profile}); err != nil {
		return nil, errors.Join(err, r.talkers.end())
	}
	var open relayOpen
	if err := r.hear(&open); err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.empty = open.Empty
	return r, r.talkers.tell(open.Legs)
}

func (r *relay) close() error { return errors.Join(r.end(), r.talkers.end()) }

// turn lets the talkers talk for a moment, and answers what CPU time a packet costs the relay, in µs.
func (r *relay) turn() (perPacket float64, err error) {
	if _, err := r.talk("go"); err != nil {
		return 0, err
	}
	time.Sleep(settling)
	before, err := r.talk("count")
	if err != nil {
		return 0, err
	}
	cpu, err := cpuOf(r.pid())
	if err != nil {
		return 0, err
	}
	time.Sleep(turnTime)
	after, err := r.talk("count")
	if err != nil {
		return 0, err
	}
	used, err := cpuOf(r.pid())
	if err != nil {
		return 0, err
	}
	_, err = r.talk("pause")
	return micros(used-cpu) / float64(after.Sent-before.Sent), err
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

func (r *relay) talk(word string) (t traffic, err error) { return t, r.talkers.ask(word, &t) }

// perCall is the memory a call takes, in KB.
func (r *relay) perCall() (float64, error) {
	now, err := rssOf(r.pid())
	return (now - r.empty) / calls, err
}

// lost is the part of all packets that were not heard, in per cent.
func (r *relay) lost() (float64, error) {
	t, err := r.talk("count")
	return 100 * float64(max(0, t.Sent-t.Heard)) / float64(max(1, t.Sent)), err
}

func openTalkers(ctx context.Context) (*process, error) {
	return startRole(ctx, loadCore, "talkers", struct{}{})
}

// traffic is what the talkers have sent and heard so far.
type traffic struct{ Sent, Heard int64 }

// relayOpen is a relay's answer when it is ready: where its legs are, and what memory it had in use before it opened them.
type relayOpen struct {
	Legs  []netip.AddrPort
	Empty float64 // KB
}

// playTalkers is everybody at the ends of 100 calls: it opens their sockets, says where they are, is told where to send, and
// from "go" to "pause" sends a packet from each every 20 ms.
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
	stop, stopped, said := make(chan struct{}), make(chan struct{}), 0
	for {
		var word string
		if err := s.in.Decode(&word); err != nil {
			return nil //nolint:nilerr // the input ended: so do we
		}
		switch word {
		case "go":
			stop, stopped = make(chan struct{}), make(chan struct{})
			go func() { defer close(stopped); said = talk(socks, to, said, &sent, stop) }()
		case "pause":
			close(stop)
			<-stopped
			time.Sleep(100 * time.Millisecond) // what is under way
		}
		if err := s.out.Encode(traffic{sent.Load(), heard.Load()}); err != nil {
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

// talk sends from every socket each 20 ms; said is the number of the next packet, and then of the next after a pause.
func talk(socks []*net.UDPConn, to []netip.AddrPort, said int, sent *atomic.Int64, stop <-chan struct{}) (next int) {
	packet := make([]byte, 12+media.FrameSamples)
	packet[0] = 0x80 // RTP version 2, PCMU
	return said + pace(len(socks), stop, func(n, i int) {
		n += said
		binary.BigEndian.PutUint16(packet[2:], uint16(n))
		binary.BigEndian.PutUint32(packet[4:], uint32(n)*media.FrameSamples)
		binary.BigEndian.PutUint32(packet[8:], uint32(i))
		_, _ = socks[i].WriteToUDPAddrPort(packet, to[i]) // what is lost is counted at the other end
		sent.Add(1)
	})
}

// pace has each of size talkers say its nth packet every 20 ms, evenly spread over them, and tells how many each has said.
func pace(size int, stop <-chan struct{}, say func(n, i int)) (rounds int) {
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
			return n + 1
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
		fillHeap()
		empty, err := rssOf(os.Getpid())
		if err != nil {
			return err
		}
		addrs, err := open(dir, params.Peers)
		if err != nil {
			return err
		}
		if err := s.out.Encode(relayOpen{addrs, empty}); err != nil {
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

// fillHeap makes garbage until the heap has the size below which Go collects none. Every server's has; without this, the
// first calls would be charged with it.
func fillHeap() {
	for n := range 1000 {
		runtime.KeepAlive(make([]byte, 16<<10+n)) // of no constant size, or it would not be on the heap
	}
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
