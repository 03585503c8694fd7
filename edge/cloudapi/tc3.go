package cloudapi

import (
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

// The codes of authentication trouble.
const (
	codeInvalidAuthorization = "AuthFailure.InvalidAuthorization"
	codeSecretIDNotFound     = "AuthFailure.SecretIdNotFound" //nolint:gosec // the name of an error
	codeSignatureExpire      = "AuthFailure.SignatureExpire"
	codeSignatureFailure     = "AuthFailure.SignatureFailure"
	codeTokenFailure         = "AuthFailure.TokenFailure" //nolint:gosec // the name of an error
)

const (
	clockTolerance   = 5 * time.Minute
	maxAuthorization = 4096 // bytes of the header
	maxSignedHeaders = 32
	maxSecretID      = 128
)

// authorization is a parsed Authorization header. Every part has the right form; nothing is verified yet.
type authorization struct {
	secretID  string
	date      string
	service   string
	headers   []string // lower-case, sorted, with content-type and host among them
	signature string   // 64 lower-case hexadecimal digits
}

// parseAuthorization reads "TC3-HMAC-SHA256 Credential=<id>/<date>/<service>/tc3_request, SignedHeaders=<a;b>, Signature=<hex>".
func parseAuthorization(header string) (authorization, error) {
	bad := func(what string) (authorization, error) {
		return authorization{}, openseat.Errorf(codeInvalidAuthorization, "The Authorization header %s.", what)
	}
	if header == "" {
		return bad("is missing")
	}
	if len(header) > maxAuthorization {
		return bad("is too long")
	}
	rest, ok := strings.CutPrefix(header, api.TC3Algorithm+" ")
	if !ok {
		return bad("does not begin with " + api.TC3Algorithm)
	}
	parts := strings.Split(rest, ",")
	if len(parts) != 3 {
		return bad("does not have the parts Credential, SignedHeaders and Signature")
	}
	credential, ok1 := strings.CutPrefix(strings.TrimSpace(parts[0]), "Credential=")
	signed, ok2 := strings.CutPrefix(strings.TrimSpace(parts[1]), "SignedHeaders=")
	signature, ok3 := strings.CutPrefix(strings.TrimSpace(parts[2]), "Signature=")
	if !ok1 || !ok2 || !ok3 {
		return bad("does not have the parts Credential, SignedHeaders and Signature")
	}
	scope := strings.Split(credential, "/")
	if len(scope) != 4 || scope[3] != "tc3_request" || scope[0] == "" || len(scope[0]) > maxSecretID {
		return bad("has a Credential that is not <SecretId>/<date>/<service>/tc3_request")
	}
	headers := strings.Split(signed, ";")
	if !wellSigned(headers) {
		return bad("has SignedHeaders that are not lower-case, sorted names with content-type and host among them")
	}
	if !isHex64(signature) {
		return bad("has a Signature that is not 64 lower-case hexadecimal digits")
	}
	return authorization{secretID: scope[0], date: scope[1], service: scope[2], headers: headers, signature: signature}, nil
}

func wellSigned(headers []string) bool {
	if len(headers) > maxSignedHeaders || !slices.Contains(headers, "content-type") || !slices.Contains(headers, "host") {
		return false
	}
	for i, name := range headers {
		if name == "" || name != strings.ToLower(name) || (i > 0 && headers[i-1] >= name) {
			return false
		}
	}
	return true
}

func isHex64(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// claim is what a request says of itself before its body is read: who signs it, and when it was signed.
type claim struct {
	authorization
	at  time.Time
	key org.Key
}

// claimed reads the claim and looks the key up. It costs no more than a key's look-up, so that strangers' bodies are not read.
func claimed(views Views, r *http.Request, now time.Time) (claim, error) {
	auth, err := parseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return claim{}, err
	}
	at, err := timestamp(r.Header.Get(api.TimestampHeader))
	if err != nil {
		return claim{}, err
	}
	if now.Sub(at).Abs() > clockTolerance {
		return claim{}, openseat.Errorf(codeSignatureExpire, "X-TC-Timestamp differs from the server's time by more than five minutes.")
	}
	if auth.date != api.TC3Date(at) {
		return claim{}, openseat.Errorf(codeSignatureFailure, "The date in the Credential is not the UTC date of X-TC-Timestamp.")
	}
	if !speaksFor(auth.service, r.Host) {
		return claim{}, openseat.Errorf(codeSignatureFailure, "The service in the Credential is not %s.", api.Service)
	}
	if r.Header.Get(api.TokenHeader) != "" {
		return claim{}, openseat.Errorf(codeTokenFailure, "Temporary credentials (X-TC-Token) are not known here.")
	}
	key, ok := views.Key(auth.secretID)
	if !ok || key.Disabled {
		return claim{}, openseat.Errorf(codeSecretIDNotFound, "The SecretId is not found, or it is disabled.")
	}
	return claim{authorization: auth, at: at, key: key}, nil
}

func timestamp(header string) (time.Time, error) {
	if header == "" {
		return time.Time{}, missing("X-TC-Timestamp")
	}
	seconds, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return time.Time{}, openseat.Errorf(openseat.CodeInvalidParameter, "The parameter `X-TC-Timestamp` is not a number of seconds.")
	}
	return time.Unix(seconds, 0), nil
}

// speaksFor says whether a signature for this service is meant for us. The official Node, Java and PHP SDKs take for the
// service whatever stands before the first dot of the endpoint they are given; a self-hosted endpoint need not begin with
// "ccc.". The host is signed as well, so this does not widen what a signature is good for.
func speaksFor(service, host string) bool {
	label, _, _ := strings.Cut(host, ".")
	return service == api.Service || withoutPort(service) == withoutPort(label)
}

// verify holds the signature against the request. Two things differ between SDKs and both ways are right: the Node SDK signs
// the host without its port, and the documentation signs header values in lower case (as in "x-tc-action:describezones").
func (c claim) verify(r *http.Request, body []byte) error {
	signed := api.TC3Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Payload: api.HashPayload(body)}
	good := 0
	for _, host := range variants(r.Host, withoutPort(r.Host)) {
		exact := c.signedHeaders(r, host, false)
		lower := c.signedHeaders(r, host, true)
		for i, headers := range [][]api.TC3Header{exact, lower} {
			if i > 0 && slices.Equal(exact, lower) {
				continue
			}
			signed.Headers = headers
			good |= subtle.ConstantTimeCompare([]byte(signed.Sign(c.key.SecretKey, c.at, c.service)), []byte(c.signature))
		}
	}
	if good != 1 {
		return openseat.Errorf(codeSignatureFailure, "The signature does not match the request.")
	}
	return nil
}

func (c claim) signedHeaders(r *http.Request, host string, lower bool) []api.TC3Header {
	headers := make([]api.TC3Header, len(c.headers))
	for i, name := range c.headers {
		value := strings.TrimSpace(r.Header.Get(name))
		if name == "host" {
			value = host
		}
		if lower {
			value = strings.ToLower(value)
		}
		headers[i] = api.TC3Header{Name: name, Value: value}
	}
	return headers
}

func variants(a, b string) []string {
	if a == b {
		return []string{a}
	}
	return []string{a, b}
}

func withoutPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		if strings.Contains(name, ":") {
			return "[" + name + "]" // an IPv6 address keeps its brackets in a URL's host name
		}
		return name
	}
	return host
}
