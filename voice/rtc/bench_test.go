package rtc_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"openseat/voice/media"
	"openseat/voice/rtc"
)

// The benchmarks below carry this many calls on real sockets at their real pace, 20 ms an iteration, and report this process's
// CPU time a packet and memory a call. Who talks through them is another process, so only the carrying is measured.
const benchCalls = 50

// The other process is this binary with one of these set, to how many of them it shall be.
const (
	pagesVariable = "OPENSEAT_BENCH_PAGES"
	peersVariable = "OPENSEAT_BENCH_PEERS"
)

func TestMain(m *testing.M) {
	pages, _ := strconv.Atoi(os.Getenv(pagesVariable))
	peers, _ := strconv.Atoi(os.Getenv(peersVariable))
	if pages+peers == 0 {
		os.Exit(m.Run())
	}
	if err := beOthers(pages, peers); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// others is the other process, seen from here. Lines of JSON go both ways: first each peer's address and, in return, where it
// shall send; then each page's offer and its answer.
type others struct {
	in  *json.Decoder
	out *json.Encoder
}

func startOthers(b *testing.B, pages, peers int) *others {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), pagesVariable+"="+strconv.Itoa(pages), peersVariable+"="+strconv.Itoa(peers))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = stdin.Close() // tells it to end
		_ = cmd.Wait()
	})
	return &others{json.NewDecoder(bufio.NewReader(stdout)), json.NewEncoder(stdin)}
}

func (o *others) hear(b *testing.B, v any) {
	b.Helper()
	if err := o.in.Decode(v); err != nil {
		b.Fatal(err)
	}
}

func (o *others) say(b *testing.B, v any) {
	b.Helper()
	if err := o.out.Encode(v); err != nil {
		b.Fatal(err)
	}
}

// beOthers is the other process.
func beOthers(pages, peers int) error {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for i := range peers {
		if err := bePeer(in, out, time.Duration(i)*media.FrameTime/time.Duration(peers)); err != nil {
			return err
		}
	}
	beat := media.NewMetronome()
	for range pages {
		if err := bePage(in, out, beat); err != nil {
			return err
		}
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark is over
	return nil
}

// bePeer sends a packet of sound every 20 ms.
func bePeer(in *json.Decoder, out *json.Encoder, phase time.Duration) error {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	if err := out.Encode(conn.LocalAddr().(*net.UDPAddr).AddrPort()); err != nil {
		return err
	}
	var to netip.AddrPort
	if err := in.Decode(&to); err != nil {
		return err
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	go func() {
		packet := make([]byte, 172)
		packet[0], packet[1] = 2<<6, uint8(media.PCMA)
		next := time.Now().Add(phase)
		for n := uint32(0); ; n++ {
			time.Sleep(time.Until(next))
			next = next.Add(media.FrameTime)
			binary.BigEndian.PutUint16(packet[2:], uint16(n))
			binary.BigEndian.PutUint32(packet[4:], n*media.FrameSamples)
			_, _ = conn.WriteToUDPAddrPort(packet, to)
		}
	}()
	return nil
}

// bePage is a browser that sings.
func bePage(in *json.Decoder, out *json.Encoder, beat *media.Metronome) error {
	pc, tr, err := newBrowser()
	if err != nil {
		return err
	}
	media.NewPort(tr, media.Format{Codec: media.PCMA}, media.PortOptions{Metronome: beat}).Play(media.ToneSource(880), true, nil)
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		return err
	}
	if err := out.Encode(offer.SDP); err != nil {
		return err
	}
	var answer string
	if err := in.Decode(&answer); err != nil {
		return err
	}
	return pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

// BenchmarkForwardToBrowser is a trunk's line connected with an agent's page.
func BenchmarkForwardToBrowser(b *testing.B) {
	b.Run("bare", benchBare)
	b.Run("calls", func(b *testing.B) { benchCall(b, false) })
	b.Run("calls-recorded", func(b *testing.B) { benchCall(b, true) })
}

// benchBare is what to compare with: one socket and one goroutine a leg, and every packet handed on as it is.
func benchBare(b *testing.B) {
	o := startOthers(b, 0, 2*benchCalls)
	var received atomic.Uint64
	conns, peers := make([]*net.UDPConn, 2*benchCalls), make([]netip.AddrPort, 2*benchCalls)
	for i := range conns {
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		o.hear(b, &peers[i])
		o.say(b, conn.LocalAddr().(*net.UDPAddr).AddrPort())
		conns[i] = conn
	}
	for i, conn := range conns {
		go func() {
			buf := make([]byte, 1500)
			for {
				n, _, err := conn.ReadFromUDPAddrPort(buf)
				if err != nil {
					return
				}
				received.Add(1)
				_, _ = conns[i^1].WriteToUDPAddrPort(buf[:n], peers[i^1])
			}
		}()
	}
	measure(b, received.Load)
}

func benchCall(b *testing.B, record bool) {
	o := startOthers(b, benchCalls, benchCalls)
	s := serve(b)
	trunks := joinTrunks(b, o)
	began, routines := inUse(), runtime.NumGoroutine()
	pages := joinPages(b, s, o)
	memory, more := float64(inUse()-began)/1024/benchCalls, float64(runtime.NumGoroutine()-routines)/benchCalls
	ports := make([]*media.Port, 0, 2*benchCalls)
	for i := range trunks {
		media.Connect(trunks[i], pages[i])
		ports = append(ports, trunks[i], pages[i])
	}
	if record {
		recordAll(b, ports)
	}
	measure(b, func() (sum uint64) {
		for _, p := range ports {
			sum += p.Stats().In.Packets
		}
		return sum
	})
	b.ReportMetric(memory, "KB/page")
	b.ReportMetric(more, "goroutines/page")
}

func recordAll(b *testing.B, ports []*media.Port) {
	b.Helper()
	spool, err := media.OpenSpool(b.TempDir(), media.SpoolOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(spool.Close)
	for i, p := range ports {
		r, err := spool.Start(fmt.Sprint("leg-", i), media.PCMA)
		if err != nil {
			b.Fatal(err)
		}
		p.Record(r)
	}
}

func joinTrunks(b *testing.B, o *others) (trunks []*media.Port) {
	b.Helper()
	ports, err := media.NewPorts(26000, 26999)
	if err != nil {
		b.Fatal(err)
	}
	for range benchCalls {
		u, err := media.ListenUDP(netip.MustParseAddr("127.0.0.1"), ports)
		if err != nil {
			b.Fatal(err)
		}
		var peer netip.AddrPort
		o.hear(b, &peer)
		u.SetRemote(peer)
		o.say(b, u.LocalAddr())
		p := media.NewPort(u, media.Format{Codec: media.PCMA}, media.PortOptions{})
		b.Cleanup(p.Close)
		trunks = append(trunks, p)
	}
	return trunks
}

func joinPages(b *testing.B, s *rtc.Server, o *others) (pages []*media.Port) {
	b.Helper()
	for i := range benchCalls {
		var offer string
		o.hear(b, &offer)
		told, id := newDiary(), fmt.Sprint("session-", i)
		leg := s.Open(app, alice, id, told)
		answer, err := s.Offer(b.Context(), app, alice, id, "page", offer)
		if err != nil {
			b.Fatal(err)
		}
		o.say(b, answer)
		if got := <-told.news; got != "answered" {
			b.Fatal(got)
		}
		pages = append(pages, leg.Port())
	}
	return pages
}

func serve(b *testing.B) *rtc.Server {
	b.Helper()
	s, err := rtc.Listen(rtc.Options{PublicIP: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// measure lets time pass, 20 ms an iteration.
func measure(b *testing.B, received func() uint64) {
	b.Helper()
	began, spent := received(), cpuTime()
	for b.Loop() {
		time.Sleep(media.FrameTime)
	}
	packets := float64(received() - began)
	b.ReportMetric(float64((cpuTime()-spent).Microseconds())/packets, "us/packet")
	b.ReportMetric(packets/b.Elapsed().Seconds(), "packets/s")
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
