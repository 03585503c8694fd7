package sip

import (
	"strings"

	wire "github.com/emiago/sipgo/sip"

	"openseat/voice"
)

// keyWay is how a far end sends digits. Some send them twice, as telephone-events and as INFO: the way of its first digit is
// believed, the other is not listened to.
type keyWay int

const (
	unknownWay keyWay = iota
	inSound
	inInfo
)

// heard tells a digit.
func (l *leg) heard(digit byte, way keyWay) {
	if l.keys == unknownWay {
		l.keys = way
	}
	if l.keys == way {
		l.tell(func(n voice.Listener) { n.Digit(digit) })
	}
}

// informed takes an INFO (RFC 6086): a digit, or something we do not know.
func (l *leg) informed(req *wire.Request, tx *wire.ServerTx) {
	if len(req.Body()) == 0 {
		l.respond(tx, answerTo(req, 200))
		return
	}
	digit, known := readInfo(bodyType(req), req.Body())
	switch {
	case !known:
		l.respond(tx, answerTo(req, 415, wire.NewHeader("Accept", "application/dtmf-relay, application/dtmf")))
	case digit == 0:
		l.respond(tx, answerTo(req, 400))
	default:
		l.respond(tx, answerTo(req, 200))
		l.heard(digit, inInfo)
	}
}

// readInfo finds the digit in an INFO's body: "Signal=5\r\nDuration=160" as application/dtmf-relay, "5" as application/dtmf.
// 0 means that there is none.
func readInfo(mediaType string, body []byte) (digit byte, known bool) {
	text := string(body[:min(len(body), 200)])
	switch mediaType {
	case "application/dtmf-relay":
		for line := range strings.SplitSeq(text, "\n") {
			if key, value, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(key), "signal") {
				return keyOf(value), true
			}
		}
		return 0, true
	case "application/dtmf":
		return keyOf(text), true
	}
	return 0, false
}

// keyOf reads a key as far ends write it: itself, or 10 and 11 for star and pound, 12 to 15 for A to D.
func keyOf(s string) byte {
	const keys = "0123456789*#ABCD"
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) == 1 && strings.Contains(keys, s) {
		return s[0]
	}
	if len(s) == 2 && s[0] == '1' && s[1] >= '0' && s[1] <= '5' {
		return keys[10+s[1]-'0']
	}
	return 0
}
