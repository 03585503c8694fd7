package media

import (
	"math"
	"sync"
	"time"
)

// egress is the outgoing side of a port: one RTP stream with an SSRC, a sequence and a timeline of its own, however many
// sources speak through it in turn (a peer, a mix, music, keys). A source's sequence and timestamps are shifted, not replaced, so
// that the receiver still sees what the network lost or reordered, and never a gap where we left something out.
type egress struct {
	mu       sync.Mutex
	line     Transport // nil while there is none
	ssrc     uint32
	pos      uint32        // newest timestamp sent ...
	posAt    time.Duration // ... and when
	seq      uint16        // newest sequence number sent
	mixing   uint8         // how many are heard in a mix
	jobs     bool          // something is played to this port: nobody else is heard
	inJobs   bool          // the newest frame came from a job
	inMix    bool          // or from the mix
	spurt    bool          // the next relayed packet begins a talkspurt: it is marked (RFC 3551 section 4.1)
	speaker  *Port         // whose packets are relayed, nobody else's
	sent     flow
	source   *Port  // who was relayed last; nil when something else was sent since
	ssrcIn   uint32 // and the stream of its that was relayed
	newestIn uint16 // newest sequence number of that stream
	floorIn  uint16 // packets of that stream up to here have no place any more
	seqShift uint16 // outgoing = incoming + shift
	tsShift  uint32
	ownTS    uint32 // timeline of our own frames, of jobs or of a mix
	frame    [rtpHeaderLen + FrameSamples]byte
}

// flow counts one direction's packets and payload bytes.
type flow struct{ packets, bytes uint64 }

const (
	maxSeqJump  = 1000 // a bigger step in a source's sequence numbers is a new start (RFC 3550 A.1 allows 3000)
	maxLateness = 64   // packets reordered by more are dropped
	maxTimeJump = SampleRate
)

// relay sends one packet of source on. packet is the whole packet as read; its header is overwritten in place.
func (e *egress) relay(source *Port, h rtpHeader, pt uint8, packet []byte, now time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.line == nil || e.jobs || e.speaker != source || !e.follow(source, h, now) {
		return
	}
	seq, ts := h.seq+e.seqShift, h.ts+e.tsShift
	marker := h.marker || e.spurt
	e.spurt = false
	e.advance(seq, ts, now)
	putRTP(packet[h.start-rtpHeaderLen:], pt, marker, seq, ts, e.ssrc)
	e.send(packet[h.start-rtpHeaderLen:h.end], h.end-h.start)
}

// skip says that source's packet is left out on purpose: what follows moves up, leaving no gap.
func (e *egress) skip(source *Port, h rtpHeader) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.source != source || e.ssrcIn != h.ssrc || int16(h.seq-e.newestIn) <= 0 {
		return
	}
	e.newestIn, e.floorIn = h.seq, h.seq
	e.seqShift--
}

// follow makes the shifts fit the packet; false means that the packet came too late to be sent.
func (e *egress) follow(source *Port, h rtpHeader, now time.Duration) bool {
	if source != e.source || h.ssrc != e.ssrcIn {
		e.rebase(source, h, now)
		return true
	}
	step := int16(h.seq - e.newestIn)
	ahead := int64(int32(h.ts + e.tsShift - e.pos))
	switch {
	case step == 0:
		return false
	case step > maxSeqJump || step < -maxSeqJump || step > 0 && e.jumped(ahead, now):
		e.rebase(source, h, now)
	case step < 0:
		return step > -maxLateness && int16(h.seq-e.floorIn) > 0
	default:
		e.newestIn = h.seq
	}
	return true
}

// jumped says that a source's timeline broke: it moved back, or much further than time did.
func (e *egress) jumped(ahead int64, now time.Duration) bool {
	return ahead < -maxTimeJump || ahead > samples(now-e.posAt)+maxTimeJump
}

// rebase lets a new source continue where the stream is: next sequence number, and as much later as time has passed.
func (e *egress) rebase(source *Port, h rtpHeader, now time.Duration) {
	e.source, e.ssrcIn, e.newestIn, e.floorIn = source, h.ssrc, h.seq, h.seq-1
	e.seqShift = e.seq + 1 - h.seq
	e.tsShift = e.later(now) - h.ts
	e.spurt, e.inJobs, e.inMix = true, false, false
}

// later is the timestamp of something that begins now.
func (e *egress) later(now time.Duration) uint32 {
	return e.pos + uint32(max(samples(now-e.posAt), FrameSamples))
}

func (e *egress) advance(seq uint16, ts uint32, now time.Duration) {
	if int16(seq-e.seq) > 0 {
		e.seq = seq
	}
	if int32(ts-e.pos) > 0 {
		e.pos, e.posAt = ts, now
	}
}

func (e *egress) send(packet []byte, payload int) {
	if _, err := e.line.WriteRTP(packet); err == nil {
		e.sent.packets++
		e.sent.bytes += uint64(payload)
	}
}

// setSpeaker says whose packets are relayed from now on, or of how many voices a mix comes; neither is silence.
func (e *egress) setSpeaker(p *Port, mixing int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.speaker != p || e.mixing > 0 && mixing == 0 { // what was sent meanwhile is no loss: it starts anew
		e.source = nil
	}
	e.speaker, e.mixing = p, uint8(min(mixing, math.MaxUint8))
	e.inMix = e.inMix && mixing > 0
}

// sendMix sends a mix's next frame, unless something is played.
func (e *egress) sendMix(pt uint8, payload []byte, now time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.mixing == 0 || e.jobs || e.line == nil {
		e.inMix = false
		return
	}
	first := !e.inMix
	if first {
		e.ownTS = e.later(now)
	} else {
		e.ownTS += FrameSamples
	}
	e.source, e.inMix = nil, true
	e.write(pt, first, e.ownTS, payload, now)
}

// restMix says that the mix has nothing to send.
func (e *egress) restMix() {
	e.mu.Lock()
	e.inMix = false
	e.mu.Unlock()
}

// setJobs says whether the port's own jobs have the stream to themselves.
func (e *egress) setJobs(on bool) {
	e.mu.Lock()
	if e.jobs != on { // what the peer sent meanwhile is no loss: it starts anew
		e.source = nil
	}
	e.jobs = on
	e.inJobs, e.inMix = e.inJobs && on, e.inMix && !on
	e.mu.Unlock()
}

// nextJob is the timestamp of the jobs' next frame, and whether somebody else, or nobody, sent before it.
func (e *egress) nextJob(now time.Duration) (ts uint32, first bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.inJobs {
		return e.later(now), true
	}
	return e.ownTS + FrameSamples, false
}

// jobDone moves the jobs' timeline on to ts: a frame of it was sent, or left silent.
func (e *egress) jobDone(ts uint32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.source, e.inJobs, e.ownTS = nil, true, ts
}

// sendJob sends a payload of the port's own making; at most a frame.
func (e *egress) sendJob(pt uint8, marker bool, ts uint32, payload []byte, now time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.line != nil {
		e.write(pt, marker, ts, payload, now)
	}
}

// write sends a payload as the stream's next packet.
func (e *egress) write(pt uint8, marker bool, ts uint32, payload []byte, now time.Duration) {
	e.advance(e.seq+1, ts, now)
	putRTP(e.frame[:], pt, marker, e.seq, ts, e.ssrc)
	n := copy(e.frame[rtpHeaderLen:], payload)
	e.send(e.frame[:rtpHeaderLen+n], n)
}

func (e *egress) setLine(t Transport) {
	e.mu.Lock()
	e.line = t
	e.mu.Unlock()
}
