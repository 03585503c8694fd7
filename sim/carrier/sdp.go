package carrier

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

// keysPT is the payload type we offer for telephone-events.
const keysPT = 101

// session is what one side's SDP says.
type session struct {
	addr      netip.AddrPort
	codecs    []media.Codec // in order of preference
	keys      uint8         // payload type of telephone-events, 0 for none
	direction string        // "sendrecv", "sendonly", "recvonly", "inactive"
}

// write renders the session as SDP (RFC 4566, RFC 3264). id and version go into the o= line.
func (s session) write(id uint64, version int) []byte {
	family := "IP6"
	if s.addr.Addr().Is4() {
		family = "IP4"
	}
	var formats, maps strings.Builder
	for _, c := range s.codecs {
		fmt.Fprintf(&formats, " %d", uint8(c))
		fmt.Fprintf(&maps, "a=rtpmap:%d %s/8000\r\n", uint8(c), c)
	}
	if s.keys != 0 {
		fmt.Fprintf(&formats, " %d", s.keys)
		fmt.Fprintf(&maps, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", s.keys, s.keys)
	}
	return fmt.Appendf(nil, "v=0\r\no=carrier %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\nm=audio %d RTP/AVP%s\r\n%sa=ptime:20\r\na=%s\r\n",
		id, version, family, s.addr.Addr(), family, s.addr.Addr(), s.addr.Port(), formats.String(), maps.String(), s.direction)
}

// answer is our side's answer to the offer s: the codec we like best of what is offered, and the mirrored direction.
func (s session) answer(local netip.AddrPort, like []media.Codec) (session, error) {
	for _, c := range like {
		if slices.Contains(s.codecs, c) {
			return session{addr: local, codecs: []media.Codec{c}, keys: s.keys, direction: mirror(s.direction)}, nil
		}
	}
	return session{}, fmt.Errorf("no codec in common: they offer %v, we have %v", s.codecs, like)
}

// mirror is a direction seen from the other side.
func mirror(direction string) string {
	switch direction {
	case "sendonly":
		return "recvonly"
	case "recvonly":
		return "sendonly"
	default:
		return direction
	}
}

// sends tells whether who says this direction sends sound.
func sends(direction string) bool { return direction == "sendrecv" || direction == "sendonly" }

// readSDP understands the first audio of an SDP body.
func readSDP(body []byte) (session, error) {
	var d sdp.SessionDescription
	if err := d.Unmarshal(body); err != nil {
		return session{}, fmt.Errorf("sdp: %w", err)
	}
	for _, m := range d.MediaDescriptions {
		if m.MediaName.Media == "audio" {
			return readAudio(&d, m)
		}
	}
	return session{}, errors.New("sdp: no audio")
}

func readAudio(d *sdp.SessionDescription, m *sdp.MediaDescription) (session, error) {
	where := m.ConnectionInformation
	if where == nil {
		where = d.ConnectionInformation
	}
	if where == nil || where.Address == nil {
		return session{}, errors.New("sdp: no address")
	}
	ip, err := netip.ParseAddr(where.Address.Address)
	if err != nil {
		return session{}, fmt.Errorf("sdp: %w", err)
	}
	s := session{addr: netip.AddrPortFrom(ip, uint16(m.MediaName.Port.Value)), direction: direction(d, m)}
	for _, format := range m.MediaName.Formats {
		readFormat(&s, m, format)
	}
	return s, nil
}

func readFormat(s *session, m *sdp.MediaDescription, format string) {
	pt, err := strconv.ParseUint(format, 10, 7)
	if err != nil {
		return // a format of another profile: not ours
	}
	switch {
	case pt == uint64(media.PCMU) || pt == uint64(media.PCMA): // static types need no rtpmap (RFC 3551)
		s.codecs = append(s.codecs, media.Codec(pt))
	case strings.HasPrefix(rtpmap(m, format), "telephone-event/8000"):
		s.keys = uint8(pt)
	}
}

func rtpmap(m *sdp.MediaDescription, format string) string {
	for _, a := range m.Attributes {
		if name, ok := strings.CutPrefix(a.Value, format+" "); ok && a.Key == "rtpmap" {
			return name
		}
	}
	return ""
}

func direction(d *sdp.SessionDescription, m *sdp.MediaDescription) string {
	for _, a := range slices.Concat(m.Attributes, d.Attributes) {
		switch a.Key {
		case "sendrecv", "sendonly", "recvonly", "inactive":
			return a.Key
		}
	}
	return "sendrecv"
}
