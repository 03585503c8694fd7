package sip

import (
	"cmp"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // RFC 7616 section 3.2: what old telephones know
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	wire "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// The bounds of proofs.
const (
	nonceLife = 5 * time.Minute
	maxProofs = 4  // Authorization headers that are looked at
	maxNonces = 32 // remembered for one phone
)

// prover finds out whether a phone is who it says (RFC 7616, RFC 8760). Strangers leave nothing behind: a nonce states its own
// age and for whom it is, under our seal; only those that a right password came with are remembered.
type prover struct {
	realm     string
	digests   []string // the ways that are offered
	directory Directory
	seal      [32]byte

	mu    sync.Mutex
	used  map[extensionKey]*nonces
	wrong wrongs
}

func newProver(o Options) *prover {
	p := &prover{realm: o.Realm, digests: o.Digests, directory: o.Phones, used: map[extensionKey]*nonces{}}
	_, _ = rand.Read(p.seal[:]) // never fails (crypto/rand)
	return p
}

// verdict is what a proof came to: a phone, or an answer that refuses it.
type verdict struct {
	phone    Phone
	repeated bool // the very proof was seen before: nothing may change because of it
	status   int  // 0, or how to refuse
	headers  []wire.Header
}

// check judges a request of somebody who says he is the phone of an address of record.
func (p *prover) check(req *wire.Request, aor *wire.Uri, source netip.Addr) verdict {
	proof := p.proofIn(req)
	now := time.Now()
	switch {
	case proof == nil:
		return p.challenge(req, source, now, false)
	case !p.isFresh(proof.Nonce, source, now):
		return p.challenge(req, source, now, true)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	extension := userOf(aor)
	if p.wrong.tooMany(extension, source, now) {
		return verdict{status: 403}
	}
	phone, known := phoneAt(p.directory, extension, aor.Host)
	right := isRight(proof, string(req.Method), phone.Password) // always: how long it takes tells nothing
	if !known || !right || proof.Username != extension || !isAbout(req, proof.URI) {
		p.wrong.note(extension, source, now)
		return verdict{status: 403}
	}
	return p.use(req, phone, proof, source, now)
}

// use takes a right proof, unless it is one that was used before.
func (p *prover) use(req *wire.Request, phone Phone, proof *digest.Credentials, source netip.Addr, now time.Time) verdict {
	p.wrong.right(phone.Extension, source, now)
	key := extensionKey{phone.App, phone.Extension}
	used := p.used[key]
	if used == nil {
		used = &nonces{}
		p.used[key] = used
	}
	switch used.take(proof, issuedAt(proof.Nonce)) {
	case proofNew:
		return verdict{phone: phone}
	case proofRepeated:
		return verdict{phone: phone, repeated: true}
	case proofReplayed:
	}
	return p.challenge(req, source, now, true)
}

// proofIn is the request's credentials for our realm; nil if there are none worth looking at.
func (p *prover) proofIn(req *wire.Request) *digest.Credentials {
	name := "Authorization"
	if req.Method != wire.REGISTER {
		name = "Proxy-Authorization"
	}
	headers := req.GetHeaders(name)
	for _, h := range headers[:min(len(headers), maxProofs)] {
		c, err := digest.ParseCredentials(h.Value())
		if err == nil && c.Realm == p.realm && c.QOP == "auth" && c.Nc > 0 && p.offers(c.Algorithm) {
			return c
		}
	}
	return nil
}

// offers says that a way to prove a password is one of those we offered; MD5 is what somebody means who names none.
func (p *prover) offers(algorithm string) bool {
	if algorithm == "" {
		algorithm = "MD5"
	}
	return slices.ContainsFunc(p.digests, func(d string) bool { return strings.EqualFold(d, algorithm) })
}

// challenge asks for a proof, in any of the ways we offer (RFC 8760 section 2.3). A registrar asks by WWW-Authenticate, who is on
// the way to somebody else by Proxy-Authenticate (RFC 3261 sections 22.2, 22.3).
func (p *prover) challenge(req *wire.Request, source netip.Addr, now time.Time, stale bool) verdict {
	status, name := 401, "WWW-Authenticate"
	if req.Method != wire.REGISTER {
		status, name = 407, "Proxy-Authenticate"
	}
	nonce := p.nonce(source, now)
	var headers []wire.Header
	for _, algorithm := range p.digests {
		value := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"`, p.realm, nonce, algorithm)
		if stale {
			value += ", stale=true"
		}
		headers = append(headers, wire.NewHeader(name, value))
	}
	return verdict{status: status, headers: headers}
}

// nonce is when it was made, something nobody can guess, and our seal on both and on whom it is for.
func (p *prover) nonce(source netip.Addr, now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixNano()))
	_, _ = rand.Read(b[8:]) // never fails (crypto/rand)
	return hex.EncodeToString(append(b[:], p.sealOf(b[:], source)...))
}

func (p *prover) sealOf(b []byte, source netip.Addr) []byte {
	mac := hmac.New(sha256.New, p.seal[:])
	mac.Write(b)
	mac.Write(source.AsSlice())
	return mac.Sum(nil)[:16]
}

// isFresh says that a nonce is ours, was made for that source, and is young enough.
func (p *prover) isFresh(nonce string, source netip.Addr, now time.Time) bool {
	b, err := hex.DecodeString(nonce)
	if err != nil || len(b) != 32 || !hmac.Equal(b[16:], p.sealOf(b[:16], source)) {
		return false
	}
	age := now.UnixNano() - issuedAt(nonce)
	return age >= 0 && age <= int64(nonceLife)
}

// issuedAt reads a nonce of ours.
func issuedAt(nonce string) int64 {
	b, err := hex.DecodeString(nonce[:16])
	if err != nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b))
}

// isRight computes the response that the password makes (RFC 7616 section 3.4.1) and compares in constant time.
func isRight(c *digest.Credentials, method, password string) bool {
	var h hash.Hash
	switch strings.ToUpper(c.Algorithm) {
	case "", "MD5":
		h = md5.New() //nolint:gosec // see above
	case "SHA-256":
		h = sha256.New()
	default:
		return false
	}
	join := func(parts ...string) string {
		h.Reset()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	a1, a2 := join(c.Username, c.Realm, password), join(method, c.URI)
	want := join(a1, c.Nonce, fmt.Sprintf("%08x", c.Nc), c.Cnonce, c.QOP, a2)
	return subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(c.Response))) == 1 && password != ""
}

// isAbout says that a proof was made for this request's target. Proxies may rewrite the host, so the user part counts.
func isAbout(req *wire.Request, uri string) bool {
	var u wire.Uri
	if err := wire.ParseUri(uri, &u); err != nil {
		return false
	}
	return userOf(&u) == userOf(&req.Recipient) || u.User == ""
}

// nonces are those that one phone has used, the oldest first.
type nonces struct {
	known []nonceUse
	floor int64 // what was issued then or before, and is not known any more, is not taken again
}

type nonceUse struct {
	nonce    string
	issued   int64
	count    int
	response string
}

type freshness int

const (
	proofNew freshness = iota
	proofRepeated
	proofReplayed
)

// take notes the use of a nonce: its count has to grow (RFC 7616 section 3.4).
func (n *nonces) take(c *digest.Credentials, issued int64) freshness {
	i := slices.IndexFunc(n.known, func(u nonceUse) bool { return u.nonce == c.Nonce })
	switch {
	case i >= 0 && c.Nc > n.known[i].count:
		n.known[i].count, n.known[i].response = c.Nc, c.Response
		return proofNew
	case i >= 0 && c.Nc == n.known[i].count && c.Response == n.known[i].response:
		return proofRepeated
	case i >= 0 || issued <= n.floor:
		return proofReplayed
	}
	if len(n.known) == maxNonces {
		n.floor = max(n.floor, n.known[0].issued)
		n.known = n.known[1:]
	}
	n.known = append(n.known, nonceUse{c.Nonce, issued, c.Nc, c.Response})
	slices.SortFunc(n.known, func(a, b nonceUse) int { return cmp.Compare(a.issued, b.issued) })
	return proofNew
}

// sweep forgets nonces that are too old to be taken anyway.
func (p *prover) sweep(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, used := range p.used {
		if len(used.known) == 0 || now.UnixNano()-used.known[len(used.known)-1].issued > int64(nonceLife) {
			delete(p.used, key)
		}
	}
	p.wrong.sweep(now)
}
