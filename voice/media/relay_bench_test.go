package media

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// relayCalls is how many calls the comparison below carries at once.
const relayCalls = 100

// BenchmarkRelay carries 100 calls on real sockets at their real pace, 20 ms an iteration, and reports this process's CPU time
// a packet and memory a call: for a bare forwarder (one socket and one goroutine a leg, one packet at a time), and for ports
// with both sides recorded. Who talks through them is another process, so only the relaying is measured.
func BenchmarkRelay(b *testing.B) {
	b.Run("bare", func(b *testing.B) { relay(b, bareLegs) })
	b.Run("ports", func(b *testing.B) {
		relay(b, func(b *testing.B, peers []netip.AddrPort) []netip.AddrPort {
			b.Helper()
			return portLegs(b, peers, false)
		})
	})
	b.Run("ports-recorded", func(b *testing.B) {
		relay(b, func(b *testing.B, peers []netip.AddrPort) []netip.AddrPort {
			b.Helper()
			return portLegs(b, peers, true)
		})
	})
}

// relay lets the peers' process talk through legs; open makes those, given the peers' addresses.
func relay(b *testing.B, open func(b *testing.B, peers []netip.AddrPort) []netip.AddrPort) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), peersVariable+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	before := heap()
	legs := open(b, readAddrs(lines))
	writeAddrs(in, legs)
	for range 25 { // half a second to settle
		time.Sleep(FrameTime)
	}
	began := cpu()
	for b.Loop() {
		time.Sleep(FrameTime)
	}
	used, packets := cpu()-began, 2*relayCalls*b.Elapsed().Seconds()/FrameTime.Seconds()
	b.ReportMetric(used.Seconds()*1e6/packets, "cpu-us/packet")
	b.ReportMetric((float64(heap())-float64(before))/relayCalls/1024, "KB/call")
	_ = in.Close()
	for lines.Scan() {
		var sent, heard float64
		if n, _ := fmt.Sscanf(lines.Text(), "sent %f heard %f", &sent, &heard); n == 2 {
			b.ReportMetric(100*(sent-heard)/sent, "%lost")
		}
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
}

// peersVariable tells the test program that it is the peers' process.
const peersVariable = "OPENSEAT_BENCH_PEERS"

// TestMain lets the test program be the other process of BenchmarkRelay.
func TestMain(m *testing.M) {
	if os.Getenv(peersVariable) == "" {
		os.Exit(m.Run())
	}
	if err := peersProcess(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// peersProcess opens the peers' sockets, tells their addresses, is told where to send, and talks until its input ends.
func peersProcess() error {
	socks, addrs, err := openSockets(2 * relayCalls)
	if err != nil {
		return err
	}
	writeAddrs(os.Stdout, addrs)
	input := bufio.NewScanner(os.Stdin)
	legs := readAddrs(input)
	var heard atomic.Int64
	for _, c := range socks {
		go func() {
			buf := make([]byte, maxPacket)
			for {
				if _, _, err := c.ReadFromUDPAddrPort(buf); err != nil {
					return
				}
				heard.Add(1)
			}
		}()
	}
	ended := make(chan struct{})
	go func() { input.Scan(); close(ended) }()
	sent := talk(socks, legs, ended)
	time.Sleep(200 * time.Millisecond) // what is under way
	_, err = fmt.Fprintf(os.Stdout, "sent %d heard %d\n", sent, heard.Load())
	return err
}

// talk sends a packet from each socket every 20 ms, spread over them.
func talk(socks []*net.UDPConn, legs []netip.AddrPort, ended <-chan struct{}) (sent int) {
	packet, next := rtpPacket(0, 1), time.Now()
	for n := 0; ; n++ {
		binary.BigEndian.PutUint16(packet[2:], uint16(n))
		binary.BigEndian.PutUint32(packet[4:], uint32(n)*FrameSamples)
		for i, c := range socks {
			_, _ = c.WriteToUDPAddrPort(packet, legs[i])
			sent++
			if (i+1)%(len(socks)/20) == 0 {
				next = next.Add(FrameTime / 20)
				time.Sleep(time.Until(next))
			}
		}
		select {
		case <-ended:
			return sent
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
		socks, addrs = append(socks, c), append(addrs, addrOf(c))
	}
	return socks, addrs, nil
}

const addrsPrefix = "addrs "

func writeAddrs(w io.Writer, addrs []netip.AddrPort) {
	var b strings.Builder
	for _, a := range addrs {
		b.WriteString(" " + a.String())
	}
	_, _ = fmt.Fprintf(w, "%s%s\n", addrsPrefix, b.String())
}

func readAddrs(lines *bufio.Scanner) (addrs []netip.AddrPort) {
	for lines.Scan() {
		list, ok := strings.CutPrefix(lines.Text(), addrsPrefix)
		if !ok {
			continue
		}
		for field := range strings.FieldsSeq(list) {
			addrs = append(addrs, netip.MustParseAddrPort(field))
		}
		return addrs
	}
	return nil
}

func bareLegs(b *testing.B, peers []netip.AddrPort) (addrs []netip.AddrPort) {
	b.Helper()
	socks, addrs, err := openSockets(len(peers))
	if err != nil {
		b.Fatal(err)
	}
	for i := range socks {
		b.Cleanup(func() { _ = socks[i].Close() })
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
	return addrs
}

func portLegs(b *testing.B, peers []netip.AddrPort, record bool) (addrs []netip.AddrPort) {
	b.Helper()
	ports, err := NewPorts(24000, 25999)
	if err != nil {
		b.Fatal(err)
	}
	spool, err := OpenSpool(b.TempDir(), SpoolOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(spool.Close)
	m := NewMetronome()
	var last *Port
	for i, peer := range peers {
		u, err := ListenUDP(netip.MustParseAddr("127.0.0.1"), ports)
		if err != nil {
			b.Fatal(err)
		}
		u.SetRemote(peer)
		p := NewPort(u, muLaw, PortOptions{Metronome: m})
		b.Cleanup(p.Close)
		if record {
			r, err := spool.Start(fmt.Sprint("leg-", i), PCMU)
			if err != nil {
				b.Fatal(err)
			}
			p.Record(r)
		}
		if i%2 == 1 {
			Connect(last, p)
		}
		last = p
		addrs = append(addrs, u.LocalAddr())
	}
	return addrs
}

// cpu is the CPU time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heap is the memory in use, stacks included.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
