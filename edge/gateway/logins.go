package gateway

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"openseat"
)

const (
	loginTTL    = 10 * time.Minute // the SDK's manual: an SdkURL is good for 10 minutes, once
	resumeTTL   = 10 * time.Minute
	resumeEvery = 4 * time.Minute // a page always holds a credential that is good for some minutes more
)

// CodeTokenExpired is the code of a login token or a resume credential that is not, or no longer, good.
const CodeTokenExpired = "AuthFailure.TokenFailure" //nolint:gosec // the name of an error

// CodeElsewhere is the code of a page that comes back after another page of the agent has taken its place.
const CodeElsewhere = "FailedOperation.SignedInElsewhere"

// Login is a one-time way into an agent's page.
type Login struct {
	Token   string // 32 hex digits; secret
	SdkURL  string
	Expires time.Time
}

// Issue makes a one-time login for an agent's page.
func (g *Gateway) Issue(ctx context.Context, app openseat.AppID, user string) (Login, error) {
	view := g.Org.View(app)
	if view == nil {
		return Login{}, openseat.Errorf(openseat.CodeInstanceNotExist, "instance %s does not exist", app)
	}
	if view.Staff[user] == nil {
		return Login{}, openseat.Errorf(openseat.CodeAccountNotExist, "account %s does not exist", user)
	}
	token, err := g.logins.issue(ctx, app, user)
	if err != nil {
		return Login{}, err
	}
	q := url.Values{"token": {token}, "sdkAppId": {app.String()}, "userId": {user}}
	g.Log.Info("agent login issued", "app", app, "user", user)
	return Login{Token: token, SdkURL: g.Base + "/sdk/agent.js?" + q.Encode(), Expires: time.Now().Add(loginTTL)}, nil
}

// logins keeps who may come in. Only hashes of secrets are kept.
type logins struct{ vault Vault }

// identity is whom a token speaks for.
type identity struct {
	App  openseat.AppID `json:"app"`
	User string         `json:"user"`
}

// pass is what a page is known by: its name, the login that it belongs to, and its connection.
type pass struct {
	tab   string
	owner string
	conn  string
}

// resumption is what is kept of a page's credential. Two secrets are good: the newest, and the one before, in case the newest
// never reached the page.
type resumption struct {
	Owner    string `json:"owner"` // the login that the page belongs to
	Conn     string `json:"conn"`  // its newest connection
	Current  string `json:"current"`
	Previous string `json:"previous,omitempty"`
}

// ownerOf names a login: that of one page, or the one that all pages of a browser share.
func ownerOf(tab, shared string) string {
	if shared != "" {
		return "b-" + hash(shared)
	}
	return "t-" + hash(tab)
}

func (l logins) issue(ctx context.Context, app openseat.AppID, user string) (string, error) {
	token := secret()
	value, err := json.Marshal(identity{App: app, User: user})
	if err != nil {
		return "", err
	}
	return token, l.vault.Put(ctx, loginKey(token), value, loginTTL)
}

// take spends a login token.
func (l logins) take(ctx context.Context, token string) (identity, error) {
	var who identity
	value, err := l.vault.Take(ctx, loginKey(token))
	if err != nil {
		return who, refusal(err)
	}
	return who, json.Unmarshal(value, &who)
}

// resume checks a page's credential, and that no other login has taken its place. It does not spend it: renew does, once the
// page holds a newer one.
func (l logins) resume(ctx context.Context, who identity, p pass, credential string) error {
	r, err := l.page(ctx, who, p.tab)
	if err != nil {
		return refusal(err)
	}
	owner, err := l.vault.Get(ctx, ownerKey(who))
	if err != nil {
		return refusal(err)
	}
	got := hash(credential)
	if string(owner) != p.owner || r.Owner != p.owner || !same(got, r.Current) && !same(got, r.Previous) {
		return replaced()
	}
	return nil
}

// own makes a login the agent's only one.
func (l logins) own(ctx context.Context, who identity, p pass) error {
	return l.vault.Put(ctx, ownerKey(who), []byte(p.owner), resumeTTL)
}

// renew gives the page a new credential, unless another login has taken its place; only that and the one it came with (if any)
// are good from now on.
func (l logins) renew(ctx context.Context, who identity, p pass, previous string) (string, error) {
	owner, err := l.vault.Get(ctx, ownerKey(who))
	switch {
	case err == nil && string(owner) != p.owner:
		return "", replaced()
	case err != nil && !isNotFound(err):
		return "", err
	}
	if err := l.own(ctx, who, p); err != nil {
		return "", err
	}
	credential := secret()
	r := resumption{Owner: p.owner, Conn: p.conn, Current: hash(credential)}
	if previous != "" {
		r.Previous = hash(previous)
	}
	value, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	return credential, l.vault.Put(ctx, pageKey(who, p.tab), value, resumeTTL)
}

// gone notes that a connection has ended. It touches nothing else: the page may be coming back by a newer one just now.
func (l logins) gone(ctx context.Context, who identity, p pass) error {
	return l.vault.Put(ctx, goneKey(who, p.tab), []byte(p.conn), resumeTTL)
}

// isGone tells whether a page of this login is connected to no node.
func (l logins) isGone(ctx context.Context, who identity, tab, owner string) bool {
	r, err := l.page(ctx, who, tab)
	if err != nil || r.Owner != owner {
		return false
	}
	conn, err := l.vault.Get(ctx, goneKey(who, tab))
	return err == nil && string(conn) == r.Conn
}

// drop forgets a page that has another name now.
func (l logins) drop(ctx context.Context, who identity, tab string) error {
	_, err := l.vault.Take(ctx, pageKey(who, tab))
	return err
}

func (l logins) page(ctx context.Context, who identity, tab string) (resumption, error) {
	var r resumption
	value, err := l.vault.Get(ctx, pageKey(who, tab))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(value, &r)
}

func replaced() error {
	return openseat.Errorf(CodeElsewhere, "this page has been replaced by a newer one")
}

func isNotFound(err error) bool { return errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) }

func refusal(err error) error {
	if isNotFound(err) {
		return openseat.Errorf(CodeTokenExpired, "the login token has expired or was used before; get a new SdkURL")
	}
	return err
}

func loginKey(token string) string            { return "login." + hash(token) }
func ownerKey(who identity) string            { return "resume." + who.App.String() + "." + hash(who.User) }
func pageKey(who identity, tab string) string { return ownerKey(who) + "." + hash(tab) }
func goneKey(who identity, tab string) string { return pageKey(who, tab) + ".gone" }
func same(a, b string) bool                   { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
func hash(s string) string                    { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:16]) }

// secret is 128 random bits in 32 hex digits.
func secret() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
