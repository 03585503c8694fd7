package sip

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"openseat/voice/media"
)

// direction is who speaks, seen from whoever wrote the SDP (RFC 3264 section 5.1).
type direction string

const (
	sendRecv direction = "sendrecv"
	sendOnly direction = "sendonly"
	recvOnly direction = "recvonly"
	inactive direction = "inactive"
)

// reverse is the answer to a direction that agrees with it.
func (d direction) reverse() direction {
	switch d {
	case sendOnly:
		return recvOnly
	case recvOnly:
		return sendOnly
	case sendRecv, inactive:
	}
	return d
}

// What may be wrong with a session description.
var (
	errNoSDP   = errors.New("not a session description")      // 400
	errNoSound = errors.New("no sound both sides understand") // 488
)

// The bounds of a session description worth reading.
const (
	maxSDP     = 16 << 10
	maxStreams = 16
	dtmfPT     = 101 // what we call telephone-event in our own offers
)

// description is what the far end's SDP says about sound.
type description struct {
	remote    netip.AddrPort // where its sound goes; invalid while it wants none (port 0, c=0.0.0.0)
	codecs    []media.Codec  // in its order
	dtmf      uint8          // payload type of telephone-event, 0 = none
	direction direction
	slot      int      // which of its streams is the sound
	streams   []string // each stream's "m=<media> 0 <proto> <fmt>", to refuse it with (RFC 3264 section 6)
}

// holds says that the far end does not want to hear us: hold, old (RFC 2543 section B.5) and new (RFC 3264 section 8.4).
func (d *description) holds() bool {
	return d.direction == sendOnly || d.direction == inactive || !d.remote.IsValid()
}

func (d *description) speaks(c media.Codec) bool {
	return slices.Contains(d.codecs, c)
}

// readSDP understands the far end's offer or answer as far as sound goes.
func readSDP(body []byte) (*description, error) {
	if len(body) == 0 || len(body) > maxSDP {
		return nil, errNoSDP
	}
	var s sdp.SessionDescription
	if err := s.Unmarshal(body); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoSDP, err)
	}
	if len(s.MediaDescriptions) > maxStreams {
		return nil, errNoSDP
	}
	d := &description{slot: -1}
	for i, m := range s.MediaDescriptions {
		d.streams = append(d.streams, refusal(m))
		if d.slot < 0 && isSound(m) {
			d.slot = i
		}
	}
	if d.slot < 0 {
		return nil, errNoSound
	}
	return d, d.read(&s, s.MediaDescriptions[d.slot])
}

// isSound says that a stream is plain RTP sound that was not refused.
func isSound(m *sdp.MediaDescription) bool {
	return m.MediaName.Media == "audio" && strings.Join(m.MediaName.Protos, "/") == "RTP/AVP" && m.MediaName.Port.Value != 0
}

func refusal(m *sdp.MediaDescription) string {
	format := "0"
	if len(m.MediaName.Formats) > 0 {
		format = m.MediaName.Formats[0]
	}
	return "m=" + m.MediaName.Media + " 0 " + strings.Join(m.MediaName.Protos, "/") + " " + format
}

func (d *description) read(s *sdp.SessionDescription, m *sdp.MediaDescription) error {
	if err := d.readAddress(s, m); err != nil {
		return err
	}
	d.direction = directionOf(m.Attributes, directionOf(s.Attributes, sendRecv))
	for _, format := range m.MediaName.Formats {
		switch pt, err := strconv.ParseUint(format, 10, 7); {
		case err != nil:
		case media.Codec(pt) == media.PCMA || media.Codec(pt) == media.PCMU:
			d.codecs = append(d.codecs, media.Codec(pt))
		case d.dtmf == 0 && isTelephoneEvent(m.Attributes, format):
			d.dtmf = uint8(pt)
		}
	}
	if len(d.codecs) == 0 {
		return errNoSound
	}
	return nil
}

func (d *description) readAddress(s *sdp.SessionDescription, m *sdp.MediaDescription) error {
	c := m.ConnectionInformation
	if c == nil {
		c = s.ConnectionInformation
	}
	if c == nil || c.Address == nil || c.NetworkType != "IN" {
		return errNoSDP
	}
	ip, err := netip.ParseAddr(c.Address.Address)
	port := m.MediaName.Port.Value
	switch {
	case err != nil || ip.Zone() != "" || port < 1 || port > 65535:
		return errNoSDP
	case ip.IsMulticast():
		return errNoSound
	case ip.IsUnspecified():
		return nil
	}
	d.remote = netip.AddrPortFrom(ip.Unmap(), uint16(port))
	return nil
}

func directionOf(attributes []sdp.Attribute, otherwise direction) direction {
	for _, a := range attributes {
		switch d := direction(a.Key); d {
		case sendRecv, sendOnly, recvOnly, inactive:
			return d
		}
	}
	return otherwise
}

func isTelephoneEvent(attributes []sdp.Attribute, pt string) bool {
	for _, a := range attributes {
		if a.Key != "rtpmap" {
			continue
		}
		if format, name, ok := strings.Cut(a.Value, " "); ok && format == pt {
			return strings.EqualFold(strings.TrimSpace(name), "telephone-event/8000")
		}
	}
	return false
}

// local is what our own SDP says.
type local struct {
	addr        netip.AddrPort
	id, version uint64 // of the o= line (RFC 4566 section 5.2)
	codecs      []media.Codec
	dtmf        uint8
	direction   direction
	to          *description // what is being answered; nil in an offer
}

// body writes the SDP. Streams that are not the sound are refused in their places.
func (l local) body() []byte {
	var b strings.Builder
	family := "IP4"
	if l.addr.Addr().Is6() {
		family = "IP6"
	}
	ip := l.addr.Addr().String()
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", l.id, l.version, family, ip, family, ip)
	if l.to == nil {
		l.sound(&b)
		return []byte(b.String())
	}
	for i, refused := range l.to.streams {
		if i == l.to.slot {
			l.sound(&b)
			continue
		}
		b.WriteString(refused + "\r\n")
	}
	return []byte(b.String())
}

func (l local) sound(b *strings.Builder) {
	fmt.Fprintf(b, "m=audio %d RTP/AVP", l.addr.Port())
	for _, c := range l.codecs {
		fmt.Fprintf(b, " %d", c)
	}
	if l.dtmf != 0 {
		fmt.Fprintf(b, " %d", l.dtmf)
	}
	b.WriteString("\r\n")
	for _, c := range l.codecs {
		fmt.Fprintf(b, "a=rtpmap:%d %s/8000\r\n", c, c)
	}
	if l.dtmf != 0 {
		fmt.Fprintf(b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", l.dtmf, l.dtmf)
	}
	fmt.Fprintf(b, "a=ptime:20\r\na=%s\r\n", l.direction)
}
