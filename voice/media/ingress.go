package media

import (
	"sync"
	"time"
)

// ingress keeps count of what a port hears: RFC 3550 A.1 (sequence), A.3 (loss), A.8 (jitter).
type ingress struct {
	mu       sync.Mutex
	started  bool
	ssrc     uint32
	base     uint32 // first sequence number
	highest  uint32 // highest sequence number, with its cycles
	packets  uint64 // of this stream
	total    flow   // of all streams
	lostOld  uint64 // lost of earlier streams
	strange  uint64 // packets that were no RTP, or of an unknown payload type
	transit  int64  // arrival minus timestamp of the newest packet
	jitter   int64  // times 16
	expected uint64 // at the last report
	received uint64 // at the last report
}

func (in *ingress) count(h *rtpHeader, now time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.total.packets++
	in.total.bytes += uint64(h.end - h.start)
	transit := samples(now) - int64(h.ts)
	step := int16(h.seq - uint16(in.highest))
	if !in.started || h.ssrc != in.ssrc || step > maxSeqJump || step < -maxSeqJump {
		in.restart(h, transit)
		return
	}
	in.packets++
	if step > 0 {
		in.highest += uint32(step)
	}
	d := int64(int32(transit - in.transit)) // the timestamp wraps at 32 bits, so the difference does
	in.transit = transit
	if d < 0 {
		d = -d
	}
	if d < SampleRate { // a timeline that jumped says nothing about the network
		in.jitter += d - (in.jitter+8)>>4
	}
}

func (in *ingress) restart(h *rtpHeader, transit int64) {
	in.lostOld += in.lost()
	in.started, in.ssrc = true, h.ssrc
	in.base, in.highest = uint32(h.seq), uint32(h.seq)
	in.packets, in.transit, in.jitter = 1, transit, 0
	in.expected, in.received = 0, 0
}

// lost is how many packets of this stream are missing; duplicates may hide some (RFC 3550 A.3).
func (in *ingress) lost() uint64 {
	if !in.started {
		return 0
	}
	return uint64(max(int64(in.highest-in.base)+1-int64(in.packets), 0))
}

func (in *ingress) refuse() {
	in.mu.Lock()
	in.strange++
	in.mu.Unlock()
}
