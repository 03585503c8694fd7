package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// TC3Algorithm is the only signing method there is.
const TC3Algorithm = "TC3-HMAC-SHA256"

// The headers of a request beside Authorization and Content-Type, in the canonical form of net/http.
const (
	ActionHeader    = "X-Tc-Action"
	VersionHeader   = "X-Tc-Version"
	TimestampHeader = "X-Tc-Timestamp" // Unix seconds
	RegionHeader    = "X-Tc-Region"    // any
	TokenHeader     = "X-Tc-Token"     //nolint:gosec // the name of a header
	LanguageHeader  = "X-Tc-Language"  // zh-CN or en-US
	TraceHeader     = "X-Tc-Traceid"   // comes back in the answer
)

// TC3Header is one signed header: a lower-case name and the value as it is signed.
type TC3Header struct{ Name, Value string }

// TC3Request is what a TC3 signature covers.
type TC3Request struct {
	Method  string
	Path    string
	Query   string // as sent, already encoded
	Headers []TC3Header
	Payload string // HashPayload of the body
}

// HashPayload is the lower-case hexadecimal SHA-256 of a body.
func HashPayload(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// SignedHeaders is the list of header names, as in the Authorization header.
func (r TC3Request) SignedHeaders() string {
	names := make([]string, len(r.Headers))
	for i, h := range r.Headers {
		names[i] = h.Name
	}
	return strings.Join(names, ";")
}

// Sign computes the signature, in lower-case hexadecimal, for a secret, a moment and a service.
func (r TC3Request) Sign(secretKey string, at time.Time, service string) string {
	date := TC3Date(at)
	toSign := TC3Algorithm + "\n" + strconv.FormatInt(at.Unix(), 10) + "\n" + TC3Scope(at, service) + "\n" + HashPayload(r.canonical())
	key := mac([]byte("TC3"+secretKey), date)
	key = mac(key, service)
	key = mac(key, "tc3_request")
	return hex.EncodeToString(mac(key, toSign))
}

// Authorization is the whole header value.
func (r TC3Request) Authorization(secretID, secretKey string, at time.Time, service string) string {
	return TC3Algorithm + " Credential=" + secretID + "/" + TC3Scope(at, service) +
		", SignedHeaders=" + r.SignedHeaders() + ", Signature=" + r.Sign(secretKey, at, service)
}

// TC3Date is the day a signature is good for, in UTC.
func TC3Date(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// TC3Scope is the credential scope: day, service and terminator.
func TC3Scope(at time.Time, service string) string {
	return TC3Date(at) + "/" + service + "/tc3_request"
}

func (r TC3Request) canonical() []byte {
	b := make([]byte, 0, 512)
	b = append(b, r.Method...)
	b = append(append(b, '\n'), r.Path...)
	b = append(append(b, '\n'), r.Query...)
	b = append(b, '\n')
	for _, h := range r.Headers {
		b = append(append(append(append(b, h.Name...), ':'), h.Value...), '\n')
	}
	b = append(append(b, '\n'), r.SignedHeaders()...)
	return append(append(b, '\n'), r.Payload...)
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
