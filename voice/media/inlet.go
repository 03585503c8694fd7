package media

import (
	"math"
	"sync"
)

// The measures of an inlet, in samples unless said otherwise.
const (
	inletRing   = 2048             // 256 ms; a power of two, so that timestamps may wrap
	inletMost   = 1600             // more than 200 ms never wait
	inletCatch  = 3 * FrameSamples // what is kept of a burst that is longer
	inletWindow = 100              // beats: sound that waited all the time is caught up with
	inletMadeUp = 3                // frames in a row that are made up, fading away
	inletBlend  = 40               // 5 ms: how softly what is made up and what was heard meet
	noSample    = math.MinInt16    // no law has this value
)

// inlet is one speaker's way into a mixer: a jitter buffer. Sound is put in by timestamp as it comes and taken out 20 ms at a time,
// by the mixer's clock. It begins with the first whole frame, so that it delays as little as the network lets it: whenever something
// is not there in time, all that follows waits 20 ms longer; when more has been waiting for two seconds than was needed, two
// frames are blended into one. What is missing is made up of what was heard last, and fades away within 60 ms.
type inlet struct {
	mu    sync.Mutex
	live  bool
	ssrc  uint32
	head  uint32           // timestamp of the next sample to be taken
	tail  uint32           // behind the newest sample
	ring  [inletRing]int16 // by timestamp; noSample where nothing is
	last  [FrameSamples]int16
	made  int    // frames in a row that were made up, up to one more than are heard
	least int    // that waited at a beat, since ...
	since int    // so many beats
	hole  uint32 // where something was missing in the newest frame that lacked it
	late  bool   // and it came afterwards: all that follows waits longer
	pcm   []int16

	// What the mixer took, for all who hear it. Guarded by the mixer.
	frame    [FrameSamples]int16
	sounding bool
}

func newInlet() *inlet {
	in := &inlet{made: inletMadeUp + 1, pcm: make([]int16, 0, maxPacket)}
	in.clear()
	return in
}

func (in *inlet) clear() {
	for i := range in.ring {
		in.ring[i] = noSample
	}
}

// put takes in one packet's sound.
func (in *inlet) put(ssrc, ts uint32, c Codec, sound []byte) {
	n := len(sound)
	if n == 0 || n > maxPacket {
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.live || ssrc != in.ssrc || int32(ts-in.head) < -SampleRate/2 { // it begins, or its timeline broke
		in.anchor(ssrc, ts)
	}
	end := ts + uint32(n)
	if int32(end-in.head) <= 0 {
		in.late = in.late || in.missed(ts, end)
		return
	}
	if int32(end-in.head) > inletMost {
		in.skipTo(end - uint32(max(n, inletCatch)))
	}
	in.pcm = c.Decode(in.pcm[:0], sound)
	for i, s := range in.pcm {
		if at := ts + uint32(i); int32(at-in.head) >= 0 {
			in.ring[at%inletRing] = s
		}
	}
	if int32(end-in.tail) > 0 {
		in.tail = end
	}
}

func (in *inlet) anchor(ssrc, ts uint32) {
	in.clear()
	in.live, in.ssrc, in.head, in.tail = true, ssrc, ts, ts
	in.made = max(in.made, 1) // what comes does not fit to what was
	in.least, in.since = math.MaxInt, 0
	in.hole, in.late = ts-inletRing, false
}

// skipTo drops what is older.
func (in *inlet) skipTo(head uint32) {
	if head-in.head >= inletRing {
		in.clear()
	}
	for at := in.head; at != head && head-at < inletRing; at++ {
		in.ring[at%inletRing] = noSample
	}
	in.head = head
	if int32(in.tail-head) < 0 {
		in.tail = head
	}
	in.made = max(in.made, 1)
}

// take gives the next 20 ms. False means silence: nobody spoke for a while.
func (in *inlet) take(dst *[FrameSamples]int16) (sounding bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.live {
		return false
	}
	waiting := int(int32(in.tail - in.head))
	if waiting < FrameSamples || in.late {
		in.late = false
		return in.starve(dst)
	}
	in.read(dst)
	in.least = min(in.least, waiting)
	if in.since++; in.since >= inletWindow {
		if in.least >= 2*FrameSamples {
			in.hurry(dst)
		}
		in.least, in.since = math.MaxInt, 0
	}
	in.last = *dst
	return true
}

// starve makes up a frame in place of one that is not there in time. After some of them the speaker is taken to be silent.
func (in *inlet) starve(dst *[FrameSamples]int16) (sounding bool) {
	in.made = min(in.made+1, inletMadeUp+1)
	in.least, in.since = math.MaxInt, 0
	if in.made > inletMadeUp {
		in.live = false
		return false
	}
	for i := range dst {
		dst[i] = in.madeUp(in.made, i)
	}
	return true
}

// missed says whether a packet that came too late would have been needed; a doubled one would not.
func (in *inlet) missed(ts, end uint32) bool {
	return int32(end-in.hole) > 0 && int32(ts-in.hole) < FrameSamples
}

// madeUp is a sample of the n-th frame in a row that is made up: what was heard last, back and forth, fading away.
func (in *inlet) madeUp(n, i int) int16 {
	if n > inletMadeUp {
		return 0
	}
	const length = inletMadeUp * FrameSamples
	left := length - (n-1)*FrameSamples - i
	if n%2 == 1 {
		i = FrameSamples - 1 - i
	}
	return int16(int(in.last[i]) * left / length)
}

// read takes a frame out of the ring. What is missing in it is made up; where sound comes back, it is blended in.
func (in *inlet) read(dst *[FrameSamples]int16) {
	back, missing := in.made > 0, false
	for i := range dst {
		at := &in.ring[(in.head+uint32(i))%inletRing]
		s := *at
		*at = noSample
		switch {
		case s == noSample:
			missing = true
			s = in.madeUp(in.made+1, i)
		case back && i < inletBlend:
			s = int16((int(s)*i + int(in.madeUp(in.made+1, i))*(inletBlend-i)) / inletBlend)
		}
		dst[i] = s
	}
	if missing {
		in.hole = in.head
		in.made = min(in.made+1, inletMadeUp)
	} else {
		in.made = 0
	}
	in.head += FrameSamples
}

// hurry blends the next frame into this one.
func (in *inlet) hurry(dst *[FrameSamples]int16) {
	var next [FrameSamples]int16
	in.read(&next)
	for i := range dst {
		dst[i] = int16((int(dst[i])*(FrameSamples-i) + int(next[i])*i) / FrameSamples)
	}
}
