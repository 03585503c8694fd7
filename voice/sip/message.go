package sip

import (
	"crypto/rand"
	"encoding/hex"
	"strings"

	wire "github.com/emiago/sipgo/sip"
)

// allow is what we understand from everybody.
const allow = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE"

// allow is what we understand from a far end: phones may hand calls on.
func (t *trunk) allow() string {
	if t.extension != "" {
		return allow + ", REFER"
	}
	return allow
}

// isWhole says that a request has everything a request must have (RFC 3261 section 8.1.1).
func isWhole(req *wire.Request) bool {
	via, cseq := req.Via(), req.CSeq()
	return via != nil && via.Host != "" && cseq != nil && cseq.MethodName == req.Method && req.CallID() != nil &&
		req.From() != nil && req.To() != nil
}

// answerTo makes a response to a whole request.
func answerTo(req *wire.Request, status int, headers ...wire.Header) *wire.Response {
	res := wire.NewResponseFromRequest(req, status, phrase(status), nil)
	for _, h := range headers {
		if h != nil {
			res.AppendHeader(h)
		}
	}
	return res
}

// withSDP adds a session description.
func withSDP(m wire.Message, body []byte) {
	m.AppendHeader(wire.NewHeader("Content-Type", "application/sdp"))
	m.SetBody(body)
}

func header(m wire.Message, name string) string {
	if hs := m.GetHeaders(name); len(hs) > 0 {
		return hs[0].Value()
	}
	return ""
}

// lists says that one of a header's comma-separated values is the token.
func lists(m wire.Message, name, token string) bool {
	for _, h := range m.GetHeaders(name) {
		for value := range strings.SplitSeq(h.Value(), ",") {
			if strings.EqualFold(strings.TrimSpace(value), token) {
				return true
			}
		}
	}
	return false
}

// bodyType is the media type of a message's body, lower case, without parameters.
func bodyType(m wire.Message) string {
	t, _, _ := strings.Cut(header(m, "Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// sdpOf is the session description in a message; nil if it has none.
func sdpOf(m wire.Message) []byte {
	if len(m.Body()) == 0 || bodyType(m) != "application/sdp" {
		return nil
	}
	return m.Body()
}

// token is a random word of 2*n letters, unguessable from n = 8.
func token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// userOf is the telephone number or name in a URI.
func userOf(uri *wire.Uri) string {
	if raw := uri.Raw(); raw != "" { // tel:+8613800138000;phone-context=…
		number, _, _ := strings.Cut(raw, ";")
		return unescape(number)
	}
	user, _, _ := strings.Cut(uri.User, ";")
	return unescape(user)
}

// unescape undoes %hh (RFC 3261 section 19.1.2) and drops what is not printable.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if hh, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				c = hh[0]
				i += 2
			}
		}
		if c > ' ' && c < 0x7F {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escape makes a number fit for the user part of a URI.
func escape(s string) string {
	const unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,?/"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(unreserved, s[i]) >= 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{s[i]})))
	}
	return b.String()
}

// callerOf is who calls: whom the trunk asserts (RFC 3325), unless he asked not to be told, else From.
func callerOf(req *wire.Request) string {
	if !lists(req, "Privacy", "id") {
		if asserted := header(req, "P-Asserted-Identity"); asserted != "" {
			if user := userIn(asserted); user != "" {
				return user
			}
		}
	}
	return userOf(&req.From().Address)
}

// userIn is the user part of the first address in a header: `"Alice" <sip:1001@host>, …` or `tel:+86…`.
func userIn(value string) string {
	if _, after, ok := strings.Cut(value, "<"); ok {
		value, _, _ = strings.Cut(after, ">")
	} else {
		value, _, _ = strings.Cut(value, ",")
	}
	var uri wire.Uri
	if err := wire.ParseUri(strings.TrimSpace(value), &uri); err != nil {
		return ""
	}
	return userOf(&uri)
}

// contactUser is the user part of our Contact. It names nobody.
const contactUser = "openseat"

// calleeOf is who is called: the Request-URI says it, but a carrier we registered with writes our Contact there; then it is
// P-Called-Party-ID (RFC 7315 section 5.2), or To.
func calleeOf(req *wire.Request) string {
	if user := userOf(&req.Recipient); user != "" && user != contactUser {
		return user
	}
	if user := userIn(header(req, "P-Called-Party-ID")); user != "" && user != contactUser {
		return user
	}
	return userOf(&req.To().Address)
}
