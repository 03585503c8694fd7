package carrier

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

const (
	realm          = "carrier"
	registeredFor  = 60   // seconds granted at most
	maxNonces      = 1000 // challenges that may be open
	contactExpires = "expires"
)

// registrar knows who of the carrier's accounts is where (RFC 3261 section 10), and that they are who they say (section 22).
type registrar struct {
	accounts map[string]string // user -> password; empty means everybody is trusted

	mu       sync.Mutex
	nonces   map[string]int // -> the highest count used with it (RFC 7616 section 3.4)
	bindings map[string]binding
	changed  chan struct{} // closed and replaced with bindings
}

type binding struct {
	contact sip.Uri
	until   time.Time
}

func newRegistrar(accounts map[string]string) *registrar {
	return &registrar{accounts: accounts, nonces: map[string]int{}, bindings: map[string]binding{}, changed: make(chan struct{})}
}

// ToAccount calls where the account has registered from.
func (c *Carrier) ToAccount(user string) CallOption {
	return func(p *placing) {
		at, ok := c.registrar.find(user)
		if !ok {
			p.peer = "" // which Call refuses
			return
		}
		p.peer = net.JoinHostPort(at.Host, strconv.Itoa(at.Port))
		kind, _ := at.UriParams.Get("transport")
		p.tcp = kind == "tcp"
	}
}

// AwaitRegistered waits until an account is registered.
func (c *Carrier) AwaitRegistered(ctx context.Context, user string) error {
	return c.registrar.await(ctx, user, true)
}

// AwaitUnregistered waits until it is not any more.
func (c *Carrier) AwaitUnregistered(ctx context.Context, user string) error {
	return c.registrar.await(ctx, user, false)
}

func (r *registrar) await(ctx context.Context, user string, registered bool) error {
	for {
		r.mu.Lock()
		changed := r.changed
		r.mu.Unlock()
		if _, ok := r.find(user); ok == registered {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("awaiting that %s is registered: %v: %w", user, registered, ctx.Err())
		}
	}
}

func (r *registrar) find(user string) (sip.Uri, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.bindings[user]
	return b.contact, ok && time.Now().Before(b.until)
}

// onRegister takes a registration, its refresh or its end.
func (c *Carrier) onRegister(r *sip.Request, tx sip.ServerTransaction) {
	user, ok := c.registrar.authentic(r, "Authorization")
	if !ok {
		c.challenge(r, tx, sip.StatusUnauthorized, "WWW-Authenticate")
		return
	}
	contact := r.Contact()
	if contact == nil || user == "" {
		c.reply(r, tx, sip.StatusBadRequest, "Bad Request")
		return
	}
	seconds := min(expires(r, contact), registeredFor)
	c.registrar.bind(user, contact.Address, time.Duration(seconds)*time.Second)
	res := sip.NewResponseFromRequest(r, sip.StatusOK, "OK", nil)
	granted := &sip.ContactHeader{Address: contact.Address, Params: sip.NewParams()}
	granted.Params.Add(contactExpires, strconv.Itoa(seconds))
	res.AppendHeader(granted)
	c.send(tx, res)
}

// expires is how long the registration is asked for, 0 to end it.
func expires(r *sip.Request, contact *sip.ContactHeader) int {
	asked, ok := contact.Params.Get(contactExpires)
	if !ok {
		asked = value(r.GetHeader("Expires"))
	}
	seconds, err := strconv.Atoi(asked)
	if err != nil || seconds < 0 {
		return registeredFor
	}
	return seconds
}

func (r *registrar) bind(user string, contact sip.Uri, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d == 0 {
		delete(r.bindings, user)
	} else {
		r.bindings[user] = binding{contact: contact, until: time.Now().Add(d)}
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// challenge asks for credentials.
func (c *Carrier) challenge(r *sip.Request, tx sip.ServerTransaction, status int, header string) {
	ch := digest.Challenge{Realm: realm, Nonce: c.registrar.nonce(), Algorithm: "MD5", QOP: []string{"auth"}}
	res := sip.NewResponseFromRequest(r, status, "Who Are You", nil)
	res.AppendHeader(sip.NewHeader(header, ch.String()))
	c.send(tx, res)
}

func (r *registrar) nonce() string {
	n := rand.Text()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.nonces) >= maxNonces {
		clear(r.nonces) // who used one is challenged again
	}
	r.nonces[n] = 0
	return n
}

// authentic tells whether a request is signed by an account, and by which.
func (r *registrar) authentic(req *sip.Request, header string) (user string, ok bool) {
	if len(r.accounts) == 0 {
		if to := req.To(); to != nil {
			user = to.Address.User
		}
		return user, true
	}
	cred, err := digest.ParseCredentials(value(req.GetHeader(header)))
	if err != nil {
		return "", false
	}
	password, known := r.accounts[cred.Username]
	want, err := digest.Digest(
		&digest.Challenge{Realm: realm, Nonce: cred.Nonce, Algorithm: "MD5", QOP: []string{"auth"}},
		digest.Options{
			Method: req.Method.String(), URI: cred.URI, Username: cred.Username, Password: password,
			Count: cred.Nc, Cnonce: cred.Cnonce,
		})
	if err != nil || !known || subtle.ConstantTimeCompare([]byte(want.Response), []byte(cred.Response)) != 1 {
		return "", false
	}
	return cred.Username, r.fresh(cred.Nonce, cred.Nc)
}

// fresh tells whether a nonce is ours and its count was not used before.
func (r *registrar) fresh(nonce string, count int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	used, ours := r.nonces[nonce]
	if !ours || count <= used {
		return false
	}
	r.nonces[nonce] = count
	return true
}
