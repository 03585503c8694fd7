package company

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"
)

// authorized tells whether a push shows what this company asks for.
func (c *Company) authorized(r *http.Request) bool {
	switch c.opts.Auth {
	case "", "none":
		return true
	case "basic":
		user, password, ok := r.BasicAuth()
		return ok && same(user, c.opts.Username) && same(password, c.opts.Password)
	case "oauth2":
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		return ok && c.good(token)
	default:
		return false
	}
}

func (c *Company) good(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Unix() < c.tokens[token]
}

// token gives out an access token. The client shows its credentials as Basic or in the form (RFC 6749 section 2.3.1).
func (c *Company) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.PostFormValue("grant_type") != "client_credentials" {
		answer(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if c.opts.Auth != "oauth2" || !same(id, c.opts.ClientID) || !same(secret, c.opts.Secret) {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	seconds := c.opts.TokenSeconds
	if seconds == 0 {
		seconds = 3600
	}
	answer(w, http.StatusOK, map[string]any{"access_token": c.issue(seconds), "token_type": "Bearer", "expires_in": seconds})
}

func (c *Company) issue(seconds int) string {
	token, now := rand.Text(), time.Now().Unix()
	c.mu.Lock()
	defer c.mu.Unlock()
	for t, end := range c.tokens {
		if end <= now {
			delete(c.tokens, t)
		}
	}
	c.tokens[token] = now + int64(seconds)
	c.issued++
	return token
}

// TokensIssued is how many tokens were given out so far.
func (c *Company) TokensIssued() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.issued
}

// RevokeTokens makes every token given out so far worthless, before its time.
func (c *Company) RevokeTokens() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.tokens)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
