package media

import (
	"slices"
	"sync"
	"time"
)

const (
	// maxPending is how much of a recording waits in memory for a slow disk: 8 s. What comes on top is dropped and becomes
	// silence.
	maxPending = 64 << 10
	// pendingRoom is the memory a recording holds while the disk keeps up: somewhat more than one flush.
	pendingRoom = 3 << 10
	// maxDrift is how far a sender's timeline may be from the clock before it is set right.
	maxDrift = SampleRate
)

// Recording is one participant's voice, from Start to Stop, on the clock: what did not come in is silence, so its length is
// the talk time. It has its own goroutine's share in its Spool; the media path only ever copies a packet into memory.
type Recording struct {
	id    string
	codec Codec
	start time.Time
	spool *Spool
	file  recordingFile // touched by the spool's writing goroutine only
	done  chan struct{} // closed when the file is finished

	mu       sync.Mutex
	buf      []byte // sound that is not written yet
	from     int64  // the sample buf begins with; what lies between it and the end of the file is silence
	anchored bool
	ssrc     uint32
	ts       uint32 // a timestamp of the stream ...
	tsAt     int64  // ... and the sample it belongs to
	dropped  int64  // samples
	total    int64  // length in samples once stopped
	stopped  bool
}

// ID is the name the recording was started with.
func (r *Recording) ID() string { return r.id }

// Stop ends the recording: its length is decided now. It does not wait for the disk; Spool.Encode does.
func (r *Recording) Stop() {
	r.mu.Lock()
	if !r.stopped {
		r.stopped = true
		r.total = samples(time.Since(r.start))
	}
	r.mu.Unlock()
	r.spool.wake()
}

// Done is closed when a stopped recording's file is finished.
func (r *Recording) Done() <-chan struct{} { return r.done }

// Duration is how long the recording lasts, or lasted.
func (r *Recording) Duration() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return duration(r.total)
	}
	return time.Since(r.start)
}

// Dropped is how much sound was lost because the disk was too slow.
func (r *Recording) Dropped() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return duration(r.dropped)
}

// hear takes in one packet that came in at a time after the recording's start.
func (r *Recording) hear(at time.Duration, ssrc, ts uint32, c Codec, sound []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || at < 0 {
		return
	}
	r.put(r.place(samples(at), ssrc, ts, int64(len(sound))), c, sound)
}

// place finds the sample a packet begins with. Timestamps order the packets of a stream; the clock says where a stream
// begins, and overrules timestamps that are more than a second off.
func (r *Recording) place(now int64, ssrc, ts uint32, n int64) int64 {
	at := r.tsAt + int64(int32(ts-r.ts))
	drift := now - n - at
	switch {
	case !r.anchored || ssrc != r.ssrc || drift > maxDrift || drift < -maxDrift:
		at = max(now-n, r.end())
		r.anchored, r.ssrc, r.ts, r.tsAt = true, ssrc, ts, at
	case at > r.tsAt:
		r.ts, r.tsAt = ts, at // stay near, so that 32 bits last for ever
	}
	return at
}

// put copies sound to its place: behind what is there, or over it when it comes late. What was written already stays.
func (r *Recording) put(at int64, c Codec, sound []byte) {
	if early := r.from - at; early > 0 {
		if early >= int64(len(sound)) {
			return
		}
		sound, at = sound[early:], r.from
	}
	if len(r.buf) == 0 && at-r.from > maxDrift {
		r.from = at // the writer fills up to here
	}
	end := at + int64(len(sound)) - r.from
	if end > maxPending {
		r.dropped += int64(len(sound))
		return
	}
	r.fill(int(min(at-r.from, end)))
	if missing := int(end) - len(r.buf); missing > 0 {
		r.buf = slices.Grow(r.buf, missing)[:end] // all of it is written now
	}
	r.write(r.buf[at-r.from:end], c, sound)
}

func (r *Recording) write(dst []byte, c Codec, sound []byte) {
	copy(dst, sound)
	if c != r.codec {
		translate(c, dst)
	}
}

// fill makes buf at least n samples long, with silence.
func (r *Recording) fill(n int) {
	for len(r.buf) < n {
		r.buf = append(r.buf, r.codec.Silence())
	}
}

func (r *Recording) end() int64 { return r.from + int64(len(r.buf)) }

// take gives the writer what is pending in exchange for an empty buffer, and the sample it begins with. When nothing came for
// a while, it lets the silence up to now be written, so that a crash does not cost it.
func (r *Recording) take(empty []byte) (sound []byte, from int64, ended bool, total int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := samples(time.Since(r.start)); len(r.buf) == 0 && now-r.from > 2*maxDrift {
		r.from = now - maxDrift
	}
	sound, from = r.buf, r.from
	r.from = r.end()
	r.buf = empty[:0]
	return sound, from, r.stopped, r.total
}
