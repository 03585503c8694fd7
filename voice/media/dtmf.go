package media

import "encoding/binary"

// keyNames are the telephone-events 0-15 (RFC 4733 section 3.2).
const keyNames = "0123456789*#ABCD"

// eventOf is the telephone-event of a key, -1 if there is none.
func eventOf(key byte) int {
	for i := range len(keyNames) {
		if keyNames[i] == key {
			return i
		}
	}
	return -1
}

// keyEvent is the payload of a telephone-event packet (RFC 4733 section 2.3).
type keyEvent struct {
	key      byte
	end      bool
	duration uint16
}

const keyEventLen = 4

func parseKeyEvent(b []byte) (e keyEvent, ok bool) {
	if len(b) < keyEventLen || int(b[0]) >= len(keyNames) {
		return e, false
	}
	return keyEvent{key: keyNames[b[0]], end: b[1]&0x80 != 0, duration: binary.BigEndian.Uint16(b[2:])}, true
}

func (e keyEvent) put(b []byte) {
	b[0], b[1] = byte(eventOf(e.key)), keyVolume
	if e.end {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], e.duration)
}

// keyVolume is the power of the keys we send, in -dBm0.
const keyVolume = 10

// keyReader finds keys among a port's packets. Each key comes in many packets, any of which may be lost, doubled or marked
// wrongly; only the RTP timestamp tells one key from the next.
type keyReader struct {
	seen   bool
	ssrc   uint32
	ts     uint32
	last   keyEvent
	inband *toneKeys
}

// event says which key a packet belongs to, and whether it is the first news of that key.
func (k *keyReader) event(h rtpHeader, payload []byte) (key byte, fresh bool) {
	e, ok := parseKeyEvent(payload)
	if !ok {
		return 0, false
	}
	if k.seen && h.ssrc == k.ssrc {
		if int32(h.ts-k.ts) <= 0 { // the same key again, or an earlier one that was overtaken
			k.last.duration = max(k.last.duration, e.duration)
			k.last.end = k.last.end || e.end
			return e.key, false
		}
		fresh = !k.continues(h, e)
	} else {
		fresh = true
	}
	k.seen, k.ssrc, k.ts, k.last = true, h.ssrc, h.ts, e
	return e.key, fresh
}

// continues says that the packet goes on with a key held so long that its duration ran over (RFC 4733 section 2.5.1.3).
func (k *keyReader) continues(h rtpHeader, e keyEvent) bool {
	return e.key == k.last.key && !k.last.end && k.last.duration == 0xFFFF && h.ts == k.ts+0xFFFF
}

// The rhythm of keys we send, in frames: 100 ms of tone, then 60 ms of nothing, while the end is told three times in all.
const (
	keyToneFrames = 5
	keyFrames     = 8
	keyEndings    = 3
)

// dialing sends keys: as telephone-events where they were agreed, else as tones.
type dialing struct {
	digits string
	i      int    // digit
	k      int    // frame within it
	ts     uint32 // of the digit's event
	tones  *Clip  // of the digit, while it is sent as tones
	event  [keyEventLen]byte
}

func (d *dialing) step(p *Port, at moment) bool {
	if d.i == len(d.digits) {
		return false
	}
	f := p.Format()
	if d.k == 0 {
		d.ts, d.tones = at.ts, nil
		if f.DTMF == 0 {
			d.tones = keyClip(d.digits[d.i])
		}
	}
	if d.tones != nil {
		frame, _ := d.tones.Frame(f.Codec, d.k)
		p.out.sendJob(uint8(f.Codec), at.first, at.ts, frame, at.now)
	} else {
		d.sendEvent(p, f, at)
	}
	if d.k++; d.k == keyFrames {
		d.i, d.k = d.i+1, 0
	}
	return true
}

// sendEvent sends the digit's next packet: the timestamp stays at its beginning, the duration grows, the end comes thrice.
func (d *dialing) sendEvent(p *Port, f Format, at moment) {
	if d.k >= keyToneFrames-1+keyEndings {
		return
	}
	e := keyEvent{
		key:      d.digits[d.i],
		end:      d.k >= keyToneFrames-1,
		duration: uint16(min(d.k+1, keyToneFrames) * FrameSamples),
	}
	e.put(d.event[:])
	p.out.sendJob(f.DTMF, d.k == 0, d.ts, d.event[:], at.now)
}
