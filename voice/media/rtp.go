package media

import "encoding/binary"

// rtpHeaderLen is the fixed part of an RTP header (RFC 3550 section 5.1); it is all we ever send.
const rtpHeaderLen = 12

// comfortNoise is the static payload type of a silence descriptor (RFC 3551 section 4.5.6, RFC 3389).
const comfortNoise = 13

// rtpHeader is what this package wants to know of an RTP packet, and where its payload lies.
type rtpHeader struct {
	pt         uint8
	marker     bool
	seq        uint16
	ts         uint32
	ssrc       uint32
	start, end int // the payload is packet[start:end]; start is never below rtpHeaderLen
}

// parseRTP reads the header of an RTP packet, stepping over contributing sources, extensions and padding.
func parseRTP(b []byte) (h rtpHeader, ok bool) {
	if len(b) < rtpHeaderLen || b[0]>>6 != 2 {
		return h, false
	}
	h = rtpHeader{
		pt:     b[1] & 0x7F,
		marker: b[1]&0x80 != 0,
		seq:    binary.BigEndian.Uint16(b[2:]),
		ts:     binary.BigEndian.Uint32(b[4:]),
		ssrc:   binary.BigEndian.Uint32(b[8:]),
		start:  rtpHeaderLen + 4*int(b[0]&0x0F),
		end:    len(b),
	}
	if b[0]&0x10 != 0 { // extension: a profile word, its length in words, the words
		if len(b) < h.start+4 {
			return h, false
		}
		h.start += 4 + 4*int(binary.BigEndian.Uint16(b[h.start+2:]))
	}
	if b[0]&0x20 != 0 { // padding: the last byte counts it, itself included
		h.end -= int(b[len(b)-1])
		if b[len(b)-1] == 0 {
			return h, false
		}
	}
	return h, h.start <= h.end
}

// putRTP writes a fixed header into the first twelve bytes of b.
func putRTP(b []byte, pt uint8, marker bool, seq uint16, ts, ssrc uint32) {
	b[0] = 2 << 6
	b[1] = pt & 0x7F
	if marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], ts)
	binary.BigEndian.PutUint32(b[8:], ssrc)
}

// looksLikeRTCP tells RTCP from RTP on one socket (RFC 5761 section 4).
func looksLikeRTCP(b []byte) bool {
	return len(b) >= 8 && b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223
}
