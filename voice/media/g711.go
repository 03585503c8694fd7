package media

import (
	"fmt"
	"math/bits"
	"time"
)

// Telephone sound is sampled 8000 times a second; everything in this package moves in frames of 20 ms.
const (
	SampleRate   = 8000
	FrameTime    = 20 * time.Millisecond
	FrameSamples = 160
)

// Codec is a law of G.711. Its value is the static RTP payload type (RFC 3551 section 6).
type Codec uint8

// The two laws.
const (
	PCMU Codec = 0 // mu-law, North America and Japan
	PCMA Codec = 8 // A-law, the rest of the world
)

func (c Codec) String() string {
	switch c {
	case PCMU:
		return "PCMU"
	case PCMA:
		return "PCMA"
	}
	return fmt.Sprintf("codec(%d)", uint8(c))
}

// Silence is the byte that encodes no sound.
func (c Codec) Silence() byte {
	if c == PCMA {
		return 0xD5
	}
	return 0xFF
}

// Decode appends the linear samples of g711 to dst.
func (c Codec) Decode(dst []int16, g711 []byte) []int16 {
	if c == PCMA { // two loops, so that the compiler can inline
		for _, b := range g711 {
			dst = append(dst, decodeA(b))
		}
		return dst
	}
	for _, b := range g711 {
		dst = append(dst, decodeMu(b))
	}
	return dst
}

// Encode appends the G.711 bytes of pcm to dst.
func (c Codec) Encode(dst []byte, pcm []int16) []byte {
	if c == PCMA {
		for _, s := range pcm {
			dst = append(dst, encodeA(s))
		}
		return dst
	}
	for _, s := range pcm {
		dst = append(dst, encodeMu(s))
	}
	return dst
}

// translation is the table from one law to the other: 256 bytes, one look-up a sample.
func translation(from Codec) string {
	if from == PCMA {
		return aToMu
	}
	return muToA
}

// translate rewrites g711 from one law to the other in place.
func translate(from Codec, g711 []byte) {
	table := translation(from)
	for i, b := range g711 {
		g711[i] = table[b]
	}
}

// The bias and clip of mu-law's companding (ITU-T G.711 table 2, scaled to 16 bits).
const (
	muBias = 0x84
	muClip = 32635
)

func decodeMu(b byte) int16 {
	b = ^b
	magnitude := (int(b&0x0F)<<3 + muBias) << (b >> 4 & 7)
	if b&0x80 != 0 {
		return int16(muBias - magnitude)
	}
	return int16(magnitude - muBias)
}

func encodeMu(s int16) byte {
	sign, v := byte(0), int(s)
	if v < 0 {
		sign, v = 0x80, -v
	}
	v = min(v, muClip) + muBias
	segment := bits.Len(uint(v)) - 8
	return ^(sign | byte(segment)<<4 | byte(v>>(segment+3))&0x0F)
}

func decodeA(b byte) int16 {
	b ^= 0x55
	segment, v := b>>4&7, int(b&0x0F)<<4+8
	if segment > 0 {
		v = (v + 0x100) << (segment - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return int16(v)
}

func encodeA(s int16) byte {
	sign, v := byte(0x80), int(s)
	if v < 0 {
		sign, v = 0, -v-1
	}
	v >>= 4
	segment := max(bits.Len(uint(v))-4, 0)
	if segment > 1 {
		v >>= segment - 1
	}
	return (sign | byte(segment)<<4 | byte(v&0x0F)) ^ 0x55
}

// Format is what a leg's two sides agreed to send.
type Format struct {
	Codec Codec
	DTMF  uint8 // payload type of telephone-event (RFC 4733); 0 means none was agreed
}

func (f Format) String() string {
	if f.DTMF == 0 {
		return f.Codec.String()
	}
	return fmt.Sprintf("%s+dtmf/%d", f.Codec, f.DTMF)
}

func (f Format) pack() uint32 { return uint32(f.Codec)<<8 | uint32(f.DTMF) }
func unpackFormat(packed uint32) Format {
	return Format{Codec: Codec(packed >> 8), DTMF: uint8(packed)}
}

// samples is how many samples fit into d, rounded to the nearest.
func samples(d time.Duration) int64 {
	return int64((d*SampleRate + time.Second/2) / time.Second)
}

// duration is how long n samples sound.
func duration(n int64) time.Duration { return time.Duration(n) * time.Second / SampleRate }
