package rtc

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"openseat"
	"openseat/voice/media"
)

// The bounds of an offer.
const (
	maxOffer   = 64 << 10
	maxStreams = 32
)

// offer is what a page's SDP says about its sound (RFC 8829, as far as we follow it).
type offer struct {
	origin      uint64 // names the page's RTCPeerConnection
	ufrag, pwd  string
	hash        string // algorithm of the fingerprint, lower case
	fingerprint string // AA:BB:…
	mid         string
	direction   string
	codecs      []media.Codec // in the page's order
	dtmf        uint8         // payload type of telephone-event, 0 = none
	slot        int           // which stream is the sound
	streams     []*sdp.MediaDescription
}

func badOffer(format string, args ...any) error {
	return openseat.Errorf(openseat.CodeInvalidValue, "offer: "+format, args...)
}

// readOffer understands a page's offer, or says what is wrong with it.
func readOffer(text string) (*offer, error) {
	if len(text) > maxOffer {
		return nil, badOffer("longer than %d bytes", maxOffer)
	}
	var s sdp.SessionDescription
	if err := s.UnmarshalString(text); err != nil {
		return nil, badOffer("not SDP")
	}
	if len(s.MediaDescriptions) > maxStreams {
		return nil, badOffer("more than %d streams", maxStreams)
	}
	o := &offer{origin: s.Origin.SessionID, slot: -1, streams: s.MediaDescriptions}
	for i, m := range s.MediaDescriptions {
		if m.MediaName.Media == "audio" && m.MediaName.Port.Value != 0 && strings.HasSuffix(strings.Join(m.MediaName.Protos, "/"), "RTP/SAVPF") {
			o.slot = i
			break
		}
	}
	if o.slot < 0 {
		return nil, badOffer("no sound")
	}
	return o, o.read(&s, s.MediaDescriptions[o.slot])
}

func (o *offer) read(s *sdp.SessionDescription, m *sdp.MediaDescription) error {
	look := func(key string) string {
		if v, ok := m.Attribute(key); ok {
			return v
		}
		v, _ := s.Attribute(key)
		return v
	}
	o.ufrag, o.pwd, o.mid = look("ice-ufrag"), look("ice-pwd"), look("mid")
	o.hash, o.fingerprint, _ = strings.Cut(look("fingerprint"), " ")
	o.hash, o.fingerprint = strings.ToLower(o.hash), strings.ToUpper(strings.TrimSpace(o.fingerprint))
	_, mux := m.Attribute("rtcp-mux")
	setup := look("setup")
	switch {
	case !isToken(o.ufrag) || !isToken(o.pwd):
		return badOffer("no ICE credentials")
	case !isToken(o.mid) && o.mid != "":
		return badOffer("no usable mid")
	case !o.provable():
		return badOffer("no DTLS fingerprint of SHA-256 or better")
	case setup != "actpass" && setup != "active":
		return badOffer("setup must be actpass or active")
	case !mux:
		return badOffer("no rtcp-mux")
	}
	o.direction = directionOf(m.Attributes, directionOf(s.Attributes, "sendrecv"))
	return o.readFormats(m)
}

// provable says whether the fingerprint is one, and strong enough to prove anything.
func (o *offer) provable() bool {
	size := map[string]int{"sha-256": 32, "sha-384": 48, "sha-512": 64}[o.hash]
	digest, err := hex.DecodeString(strings.ReplaceAll(o.fingerprint, ":", ""))
	return err == nil && size > 0 && len(digest) == size
}

// speaks says whether the page has a microphone to be heard.
func (o *offer) speaks() bool { return o.direction == "sendrecv" || o.direction == "sendonly" }

func (o *offer) readFormats(m *sdp.MediaDescription) error {
	for _, format := range m.MediaName.Formats {
		pt, err := strconv.ParseUint(format, 10, 7)
		switch c := media.Codec(pt); {
		case err != nil:
		case c == media.PCMA || c == media.PCMU:
			o.codecs = append(o.codecs, c)
		case o.dtmf == 0 && isTelephoneEvent(m.Attributes, format):
			o.dtmf = uint8(pt)
		}
	}
	if len(o.codecs) == 0 {
		return badOffer("no G.711")
	}
	return nil
}

// isToken says that a value is safe to be repeated (RFC 8839 section 5.4: ice-char), or to be compared with.
func isToken(s string) bool {
	return s != "" && len(s) <= 256 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7F })
}

func directionOf(attributes []sdp.Attribute, otherwise string) string {
	for _, a := range attributes {
		switch a.Key {
		case "sendrecv", "sendonly", "recvonly", "inactive":
			return a.Key
		}
	}
	return otherwise
}

func reverse(direction string) string {
	switch direction {
	case "sendonly":
		return "recvonly"
	case "recvonly":
		return "sendonly"
	}
	return direction
}

func isTelephoneEvent(attributes []sdp.Attribute, pt string) bool {
	for _, a := range attributes {
		if format, name, ok := strings.Cut(a.Value, " "); a.Key == "rtpmap" && ok && format == pt {
			return strings.EqualFold(strings.TrimSpace(name), "telephone-event/8000")
		}
	}
	return false
}

// choose puts the codecs that the page knows in our order.
func (o *offer) choose(prefer []media.Codec) (known []media.Codec, err error) {
	for _, c := range prefer {
		if slices.Contains(o.codecs, c) {
			known = append(known, c)
		}
	}
	if len(known) == 0 {
		return nil, badOffer("none of %v", prefer)
	}
	return known, nil
}

// answer is our side of a connection.
type answer struct {
	to          *offer
	ufrag, pwd  string
	fingerprint string // sha-256
	codecs      []media.Codec
	ssrc        uint32
	version     int            // grows with each answer to the same connection
	candidate   netip.AddrPort // UDP and TCP
}

// String writes the SDP. It holds every candidate, so there is nothing to trickle.
func (a answer) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n", a.ssrc, a.version)
	if a.to.mid != "" {
		fmt.Fprintf(&b, "a=group:BUNDLE %s\r\n", a.to.mid)
	}
	b.WriteString("a=msid-semantic: WMS openseat\r\n")
	for i, m := range a.to.streams {
		if i == a.to.slot {
			a.sound(&b)
			continue
		}
		a.refuse(&b, m)
	}
	return b.String()
}

func (a answer) refuse(b *strings.Builder, m *sdp.MediaDescription) {
	fmt.Fprintf(b, "m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\n", m.MediaName.Media, strings.Join(m.MediaName.Protos, "/"),
		strings.Join(m.MediaName.Formats[:min(1, len(m.MediaName.Formats))], " "))
	if mid, _ := m.Attribute("mid"); isToken(mid) {
		fmt.Fprintf(b, "a=mid:%s\r\n", mid)
	}
	b.WriteString("a=inactive\r\n")
}

func (a answer) sound(b *strings.Builder) {
	fmt.Fprintf(b, "m=audio 9 %s", strings.Join(a.to.streams[a.to.slot].MediaName.Protos, "/"))
	for _, c := range a.codecs {
		fmt.Fprintf(b, " %d", c)
	}
	if a.to.dtmf != 0 {
		fmt.Fprintf(b, " %d", a.to.dtmf)
	}
	fmt.Fprintf(b, "\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", a.ufrag, a.pwd)
	fmt.Fprintf(b, "a=fingerprint:sha-256 %s\r\na=setup:passive\r\n", a.fingerprint)
	if a.to.mid != "" {
		fmt.Fprintf(b, "a=mid:%s\r\n", a.to.mid)
	}
	fmt.Fprintf(b, "a=%s\r\na=msid:openseat sound\r\na=rtcp-mux\r\n", reverse(a.to.direction))
	for _, c := range a.codecs {
		fmt.Fprintf(b, "a=rtpmap:%d %s/8000\r\n", c, c)
	}
	if a.to.dtmf != 0 {
		fmt.Fprintf(b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", a.to.dtmf, a.to.dtmf)
	}
	fmt.Fprintf(b, "a=ptime:20\r\na=ssrc:%d cname:openseat\r\n", a.ssrc)
	// UDP is better than TCP (RFC 8445 section 5.1.2.1, RFC 6544 section 4.2).
	fmt.Fprintf(b, "a=candidate:1 1 udp %d %s %d typ host\r\n", candidatePriority(126), a.candidate.Addr(), a.candidate.Port())
	fmt.Fprintf(b, "a=candidate:2 1 tcp %d %s %d typ host tcptype passive\r\n", candidatePriority(90), a.candidate.Addr(), a.candidate.Port())
	b.WriteString("a=end-of-candidates\r\n")
}

// candidatePriority is the priority of our only address, for RTP, given the preference of its type.
func candidatePriority(preference int) int { return preference<<24 | 65535<<8 | 255 }
