package push

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"openseat/core/org"
)

// authorizers holds one OAuth 2.0 token per receiver until it expires.
type authorizers struct {
	http    *http.Client
	mu      sync.Mutex
	sources map[org.Push]oauth2.TokenSource
}

// maxSources bounds the receivers whose tokens are held; settings changed often leave old ones behind.
const maxSources = 1000

func newAuthorizers(c *http.Client) *authorizers {
	return &authorizers{http: c, sources: map[org.Push]oauth2.TokenSource{}}
}

func (a *authorizers) authorize(_ context.Context, req *http.Request, to org.Push) error {
	switch to.Auth {
	case "", "none":
		return nil
	case "basic":
		req.SetBasicAuth(to.Username, to.Password)
		return nil
	case "oauth2":
		token, err := a.source(to).Token()
		if err != nil {
			return fmt.Errorf("no token from %s: %w", to.TokenURL, err)
		}
		token.SetAuthHeader(req)
		return nil
	default:
		return fmt.Errorf("auth %q is not known", to.Auth)
	}
}

// source gives the receiver's tokens: the same one until it expires. Its requests outlive one push, so they are bound by the
// client's time-out, not by a push's context.
func (a *authorizers) source(to org.Push) oauth2.TokenSource {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.sources[to]; s != nil {
		return s
	}
	if len(a.sources) >= maxSources {
		clear(a.sources)
	}
	cc := clientcredentials.Config{ClientID: to.ClientID, ClientSecret: to.Secret, TokenURL: to.TokenURL}
	s := cc.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, a.http))
	a.sources[to] = s
	return s
}

// forget drops a token that the receiver refused.
func (a *authorizers) forget(to org.Push) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.sources, to)
}
