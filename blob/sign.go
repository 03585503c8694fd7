package blob

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"

	"openseat"
)

// Signer makes links that open one blob until they expire.
type Signer struct{ secret []byte }

// The two parameters of a signed link.
const (
	paramExpires   = "expires"
	paramSignature = "signature"
)

// NewSigner makes a signer; whoever knows the secret can sign.
func NewSigner(secret []byte) *Signer { return &Signer{secret: append([]byte(nil), secret...)} }

// Sign answers the query of a link to the blob that is good until expires (in whole seconds).
func (s *Signer) Sign(key string, expires time.Time) url.Values {
	until := strconv.FormatInt(expires.Unix(), 10)
	return url.Values{paramExpires: {until}, paramSignature: {base64.RawURLEncoding.EncodeToString(s.mac(key, until))}}
}

// Verify checks the query of a link to the blob; CodeUnauthorized when it was not signed by us or is no longer good.
func (s *Signer) Verify(key string, query url.Values, now time.Time) error {
	until := query.Get(paramExpires)
	mac, err := base64.RawURLEncoding.Strict().DecodeString(query.Get(paramSignature))
	if err != nil || !hmac.Equal(mac, s.mac(key, until)) {
		return openseat.Errorf(openseat.CodeUnauthorized, "the link's signature is wrong")
	}
	expires, err := strconv.ParseInt(until, 10, 64)
	if err != nil || now.Unix() >= expires {
		return openseat.Errorf(openseat.CodeUnauthorized, "the link has expired")
	}
	return nil
}

// mac covers the key and the time. The line break cannot be in a key, so no two pairs look alike.
func (s *Signer) mac(key, until string) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("openseat blob link\n" + until + "\n" + key))
	return h.Sum(nil)
}
