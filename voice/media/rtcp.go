package media

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/rtcp"
)

// controlled is a transport that carries RTCP too and wants it made and understood by the port. (A browser's transport does
// RTCP by itself.)
type controlled interface {
	// Control gives the transport the port's reports, to send now and then, and somebody to pass on what it hears.
	Control(report func() []byte, heard func([]byte))
}

// attach lets a transport that carries RTCP report on this port.
func (p *Port) attach(t Transport) {
	if c, ok := t.(controlled); ok {
		c.Control(p.makeReport, p.hearReport)
	}
}

// remoteView is what the far end reports of our sound.
type remoteView struct {
	mu     sync.Mutex
	lost   uint64
	jitter time.Duration
	rtt    time.Duration
	srMid  uint32        // middle 32 bits of the newest sender report's NTP time, to be echoed (RFC 3550 section 6.4.1)
	srAt   time.Duration // and when it came
}

func (r *remoteView) fill(s *Stats) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Out.Lost, s.Out.Jitter, s.RTT = r.lost, r.jitter, r.rtt
}

// reportState is what the port's own reports need to remember.
type reportState struct {
	mu    sync.Mutex
	cname string
}

// reportInterval is 5 s, randomised by half as RFC 3550 section 6.2 wants, so that reports do not bunch up.
func reportInterval() time.Duration {
	return 2500*time.Millisecond + rand.N(5*time.Second) //nolint:gosec // G404: no secret
}

// ntpEpoch is how many seconds 1900 is before 1970.
const ntpEpoch = 2208988800

func ntpTime(t time.Time) uint64 {
	return uint64(t.Unix()+ntpEpoch)<<32 | uint64(t.Nanosecond())<<32/1e9
}

// makeReport is a compound RTCP packet about the port: a sender report if it sends, else a receiver report, and its name.
func (p *Port) makeReport() []byte {
	now := p.now()
	var blocks []rtcp.ReceptionReport
	if block, ok := p.in.reception(); ok {
		block.LastSenderReport, block.Delay = p.remote.echo(now)
		blocks = append(blocks, block)
	}
	ssrc, first := p.out.reported(now, blocks)
	packets := []rtcp.Packet{first, rtcp.NewCNAMESourceDescription(ssrc, p.report.name())}
	b, err := rtcp.Marshal(packets)
	if err != nil {
		return nil // cannot happen with what was put together above; a report more or less is not worth an alarm
	}
	return b
}

// name is random, since RFC 7022 wants names that say nothing about us.
func (r *reportState) name() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cname == "" {
		r.cname = fmt.Sprintf("%016x", rand.Uint64()) //nolint:gosec // G404: no secret
	}
	return r.cname
}

func (e *egress) reported(now time.Duration, blocks []rtcp.ReceptionReport) (ssrc uint32, report rtcp.Packet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sent.packets == 0 {
		return e.ssrc, &rtcp.ReceiverReport{SSRC: e.ssrc, Reports: blocks}
	}
	return e.ssrc, &rtcp.SenderReport{
		SSRC:        e.ssrc,
		NTPTime:     ntpTime(time.Now()),
		RTPTime:     e.pos + uint32(samples(now-e.posAt)),
		PacketCount: uint32(e.sent.packets),
		OctetCount:  uint32(e.sent.bytes),
		Reports:     blocks,
	}
}

// reception is the report block of what is heard (RFC 3550 section 6.4.1 and A.3).
func (in *ingress) reception() (block rtcp.ReceptionReport, ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.started {
		return block, false
	}
	expected := uint64(in.highest-in.base) + 1
	expectedNow, receivedNow := expected-in.expected, in.packets-in.received
	in.expected, in.received = expected, in.packets
	var fraction uint8
	if expectedNow > receivedNow {
		fraction = uint8(min((expectedNow-receivedNow)<<8/expectedNow, 255))
	}
	return rtcp.ReceptionReport{
		SSRC:               in.ssrc,
		FractionLost:       fraction,
		TotalLost:          uint32(min(in.lost(), 0x7FFFFF)),
		LastSequenceNumber: in.highest,
		Jitter:             uint32(in.jitter >> 4),
	}, true
}

// echo is what a reception report says of the newest sender report: its time, and how long ago it came in 1/65536 s.
func (r *remoteView) echo(now time.Duration) (mid, delay uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.srMid == 0 {
		return 0, 0
	}
	return r.srMid, uint32((now - r.srAt) * 65536 / time.Second)
}

// hearReport takes in a compound RTCP packet. What is malformed or not about us is passed over.
func (p *Port) hearReport(b []byte) {
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		return
	}
	now := p.now()
	for _, packet := range packets {
		switch packet := packet.(type) {
		case *rtcp.SenderReport:
			p.remote.senderReport(packet, now)
			p.hearReceptions(packet.Reports)
		case *rtcp.ReceiverReport:
			p.hearReceptions(packet.Reports)
		}
	}
}

func (r *remoteView) senderReport(sr *rtcp.SenderReport, now time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.srMid, r.srAt = uint32(sr.NTPTime>>16), now
}

func (p *Port) hearReceptions(reports []rtcp.ReceptionReport) {
	mid := uint32(ntpTime(time.Now()) >> 16)
	p.out.mu.Lock()
	ssrc := p.out.ssrc
	p.out.mu.Unlock()
	for _, block := range reports {
		if block.SSRC == ssrc {
			p.remote.reception(block, mid)
		}
	}
}

// maxRTT is the longest round trip worth believing.
const maxRTT = 10 * time.Second

func (r *remoteView) reception(block rtcp.ReceptionReport, nowMid uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost, r.jitter = uint64(block.TotalLost), duration(int64(block.Jitter))
	if block.LastSenderReport == 0 {
		return
	}
	rtt := time.Duration(nowMid-block.LastSenderReport-block.Delay) * time.Second / 65536
	if rtt < maxRTT {
		r.rtt = rtt
	}
}
