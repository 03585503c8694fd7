package media

import "time"

// Flow is one direction of a port.
type Flow struct {
	Packets uint64
	Bytes   uint64 // of payload
	Lost    uint64
	Jitter  time.Duration
}

// Stats is how a port's sound is faring.
type Stats struct {
	In      Flow
	Out     Flow          // Lost and Jitter as the far end reports them, zero without RTCP
	RTT     time.Duration // to the far end; zero without RTCP
	Refused uint64        // packets that were no RTP or of a payload type nobody agreed to
}

// Stats returns the port's counters.
func (p *Port) Stats() Stats {
	var s Stats
	p.in.fill(&s)
	p.out.fill(&s)
	p.remote.fill(&s)
	return s
}

func (in *ingress) fill(s *Stats) {
	in.mu.Lock()
	defer in.mu.Unlock()
	s.In = Flow{Packets: in.total.packets, Bytes: in.total.bytes, Lost: in.lostOld + in.lost(), Jitter: duration(in.jitter >> 4)}
	s.Refused = in.strange
}

func (e *egress) fill(s *Stats) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Out.Packets, s.Out.Bytes = e.sent.packets, e.sent.bytes
}
