package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"openseat/core/flow"
)

// Bounds of what is asked and answered.
const (
	bodyLimit   = 64 << 10
	longestWait = 30 * time.Second
	dialWait    = 5 * time.Second
	perHost     = 32 // connections
)

// Client asks the company's servers.
type Client struct{ http *http.Client }

// NewClient makes a client that asks only whom the guard permits. It follows no redirect: where a server sends us was not
// written into the flow.
func NewClient(g Guard) *Client {
	dialer := &net.Dialer{Timeout: dialWait, Control: g.control}
	return &Client{http: &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialWait, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 2,
			MaxConnsPerHost: perHost, MaxResponseHeaderBytes: bodyLimit, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close lets go of connections that are kept.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Fetch asks, and says what was answered. What went wrong is in the answer too, since a flow goes on with it.
func (c *Client) Fetch(ctx context.Context, r flow.Request) flow.Response {
	wait := r.Timeout
	if wait <= 0 || wait > longestWait {
		wait = longestWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	req, err := request(ctx, r)
	if err != nil {
		return flow.Response{Error: err.Error()}
	}
	return c.send(req)
}

// send asks, and reads the answer up to its limit.
func (c *Client) send(req *http.Request) flow.Response {
	res, err := c.http.Do(req)
	if err != nil {
		return flow.Response{Error: reason(err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyLimit+1))
	switch {
	case err != nil:
		return flow.Response{Error: reason(err)}
	case len(body) > bodyLimit:
		return flow.Response{Error: fmt.Sprintf("the answer is longer than %d bytes", bodyLimit)}
	}
	return flow.Response{Status: res.StatusCode, Body: string(body)}
}

// reason leaves the address out, which may hold secrets: this is journaled.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	return err.Error()
}

// address reads a URL that may be asked.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address is no http or https URL")
	}
	return u, nil
}

func request(ctx context.Context, r flow.Request) (*http.Request, error) {
	u, err := address(r.URL)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if r.Method == http.MethodGet {
		q := u.Query()
		for name, value := range r.Params {
			q.Set(name, value)
		}
		u.RawQuery = q.Encode()
	} else {
		params := r.Params
		if params == nil {
			params = map[string]string{}
		}
		b, err := json.Marshal(params)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "OpenSeat")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.Headers {
		if !ours(name) {
			req.Header.Set(name, strings.NewReplacer("\r", "", "\n", "").Replace(value))
		}
	}
	return req, nil
}

// ours tells headers that belong to the connection, and not to who writes a flow.
func ours(header string) bool {
	switch http.CanonicalHeaderKey(header) {
	case "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Te", "Trailer", "Keep-Alive", "Expect":
		return true
	}
	return strings.HasPrefix(http.CanonicalHeaderKey(header), "Proxy-")
}
