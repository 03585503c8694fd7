package blob_test

import (
	"net/url"
	"testing"
	"time"

	"openseat"
	"openseat/blob"
)

func TestSignedLinks(t *testing.T) {
	s, now := blob.NewSigner([]byte("secret")), time.Unix(1_777_000_000, 0)
	const key = "1400000001/r-1.mp3"
	q := s.Sign(key, now.Add(time.Hour))
	// The link travels as text.
	q, err := url.ParseQuery(q.Encode())
	ok(t, err)
	ok(t, s.Verify(key, q, now))
	ok(t, s.Verify(key, q, now.Add(time.Hour-time.Second)))

	other := func(param, value string) url.Values {
		c := url.Values{"expires": q["expires"], "signature": q["signature"]}
		c.Set(param, value)
		return c
	}
	for what, refused := range map[string]error{
		"expired":            s.Verify(key, q, now.Add(time.Hour)),
		"another blob":       s.Verify("1400000002/r-1.mp3", q, now),
		"a later end":        s.Verify(key, other("expires", "1999999999"), now),
		"no end":             s.Verify(key, other("expires", ""), now),
		"no signature":       s.Verify(key, other("signature", ""), now),
		"a broken signature": s.Verify(key, other("signature", "!"), now),
		"nothing":            s.Verify(key, nil, now),
		"another secret":     blob.NewSigner([]byte("other")).Verify(key, q, now),
		"moved border":       s.Verify("7000\n"+key, other("expires", "177"), now),
		"an end in the past": s.Verify(key, s.Sign(key, now.Add(-time.Second)), now),
	} {
		wantCode(t, what, refused, openseat.CodeUnauthorized)
	}
}
