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

// resumption lets the same page of an agent come back. Two secrets are good: the newest, and the one before, in case the
// newest never reached the page.
type resumption struct {
	Tab      string `json:"tab"`
	Current  string `json:"current"`
	Previous string `json:"previous,omitempty"`
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

// resume checks a page's credential. It does not spend it: renew does, once the page holds a newer one.
func (l logins) resume(ctx context.Context, who identity, tab, credential string) error {
	value, err := l.vault.Get(ctx, resumeKey(who))
	if err != nil {
		return refusal(err)
	}
	var r resumption
	if err := json.Unmarshal(value, &r); err != nil {
		return err
	}
	got := hash(credential)
	if r.Tab != tab || !same(got, r.Current) && !same(got, r.Previous) {
		return openseat.Errorf(CodeElsewhere, "this page has been replaced by a newer one")
	}
	return nil
}

// renew gives the page a new credential; only that and the one it came with (if any) are good from now on.
func (l logins) renew(ctx context.Context, who identity, tab, previous string) (string, error) {
	credential := secret()
	r := resumption{Tab: tab, Current: hash(credential)}
	if previous != "" {
		r.Previous = hash(previous)
	}
	value, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	return credential, l.vault.Put(ctx, resumeKey(who), value, resumeTTL)
}

func refusal(err error) error {
	if errors.Is(err, openseat.Errorf(openseat.CodeNotFound, "")) {
		return openseat.Errorf(CodeTokenExpired, "the login token has expired or was used before; get a new SdkURL")
	}
	return err
}

func loginKey(token string) string  { return "login." + hash(token) }
func resumeKey(who identity) string { return "resume." + who.App.String() + "." + hash(who.User) }
func same(a, b string) bool         { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
func hash(s string) string          { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:16]) }

// secret is 128 random bits in 32 hex digits.
func secret() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
