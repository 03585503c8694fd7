package sip

import (
	"fmt"
	"strconv"
	"strings"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
)

// maxReasonText bounds the text we repeat from the far end.
const maxReasonText = 200

// reasonOf reads a message's Reason headers (RFC 3326): the Q.850 cause and the text beside it, or beside another protocol's.
func reasonOf(m wire.Message) (q850 int, text string) {
	for _, h := range m.GetHeaders("Reason") {
		for value := range splitQuoted(h.Value(), ',') {
			cause, t, isQ850 := parseReason(value)
			if isQ850 && cause >= 1 && cause <= 127 {
				return cause, t
			}
			if text == "" {
				text = t
			}
		}
	}
	return 0, text
}

// parseReason reads one value: `Q.850;cause=16;text="Terminated"`.
func parseReason(value string) (cause int, text string, isQ850 bool) {
	first := true
	for part := range splitQuoted(value, ';') {
		part = strings.TrimSpace(part)
		if first {
			isQ850, first = strings.EqualFold(part, "Q.850"), false
			continue
		}
		key, v, _ := strings.Cut(part, "=")
		switch v = strings.TrimSpace(v); strings.ToLower(strings.TrimSpace(key)) {
		case "cause":
			cause, _ = strconv.Atoi(v) // what is no number is no cause: 0
		case "text":
			text = clean(strings.Trim(v, `"`))
		}
	}
	return cause, text, isQ850
}

// splitQuoted splits at sep, but not inside double quotes.
func splitQuoted(s string, sep byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := range len(s) {
			switch {
			case s[i] == '"':
				quoted = !quoted
			case s[i] == sep && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}

// clean makes a text of the far end fit for logs and records.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == '\uFFFD' {
			return -1
		}
		return r
	}, text)
	if len(text) > maxReasonText {
		text = strings.ToValidUTF8(text[:maxReasonText], "")
	}
	return text
}

// causeOf is the cause that the far end's final answer, BYE or CANCEL states.
func causeOf(m wire.Message, status int, phrase string) call.Cause {
	q850, text := reasonOf(m)
	if text == "" {
		text = clean(phrase)
	}
	return call.Cause{SIP: status, Q850: q850, Text: text, ByPeer: true}
}

// reasonHeader states a Q.850 cause; nil for none.
func reasonHeader(q850 int) wire.Header {
	if q850 <= 0 || q850 > 127 {
		return nil
	}
	return wire.NewHeader("Reason", fmt.Sprintf("Q.850;cause=%d", q850))
}

// phrase is the reason phrase of a status.
func phrase(status int) string {
	known := [...]struct {
		status int
		phrase string
	}{
		{100, "Trying"}, {180, "Ringing"}, {183, "Session Progress"}, {200, "OK"}, {202, "Accepted"},
		{400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
		{404, "Not Found"}, {405, "Method Not Allowed"}, {407, "Proxy Authentication Required"},
		{408, "Request Timeout"}, {410, "Gone"}, {415, "Unsupported Media Type"},
		{420, "Bad Extension"}, {422, "Session Interval Too Small"}, {423, "Interval Too Brief"}, {480, "Temporarily Unavailable"},
		{481, "Call/Transaction Does Not Exist"}, {482, "Loop Detected"}, {484, "Address Incomplete"}, {486, "Busy Here"},
		{487, "Request Terminated"}, {488, "Not Acceptable Here"}, {491, "Request Pending"}, {500, "Server Internal Error"}, {501, "Not Implemented"},
		{503, "Service Unavailable"}, {505, "Version Not Supported"}, {600, "Busy Everywhere"}, {603, "Decline"},
		{604, "Does Not Exist Anywhere"},
	}
	for _, k := range known {
		if k.status == status {
			return k.phrase
		}
	}
	switch status / 100 {
	case 4:
		return "Request Failure"
	case 5:
		return "Server Failure"
	case 6:
		return "Global Failure"
	}
	return "OK"
}
