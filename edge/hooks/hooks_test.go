package hooks_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/flow"
	"openseat/edge/hooks"
)

func TestWhomTheGuardPermits(t *testing.T) {
	g := hooks.Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("10.7.0.0/16")}}
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "10.7.3.4": true, "::ffff:10.7.3.4": true,
		"127.0.0.1": false, "::1": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "172.16.9.9": false, "192.168.1.1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fd00::1": false, "224.0.0.1": false, "ff02::1": false,
		"100.100.100.200": false, "198.18.0.1": false, "255.255.255.255": false, "::ffff:127.0.0.1": false, "::ffff:192.168.1.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001::1": false,
	} {
		if got := g.Permits(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is permitted: %v", address, got)
		}
	}
}

// loopback lets tests ask servers on this machine.
func loopback() hooks.Guard {
	return hooks.Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
}

func company(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, strings.Join([]string{r.Method, r.URL.RawQuery, r.Header.Get("X-Key"), r.Header.Get("Content-Type"), string(body)}, "|"))
	})
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1<<20)) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/echo", http.StatusFound) })
	mux.HandleFunc("/bad", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestFetch(t *testing.T) {
	s := company(t)
	c := hooks.NewClient(loopback())
	defer c.Close()
	for _, x := range []struct {
		name string
		ask  flow.Request
		want flow.Response
	}{
		{"a JSON object is posted", flow.Request{URL: s.URL + "/echo", Method: "POST", Params: map[string]string{"a": "1"}, Headers: map[string]string{"X-Key": "k\r\nX: y", "Host": "evil"}},
			flow.Response{Status: 200, Body: `POST||kX: y|application/json|{"a":"1"}`}},
		{"nothing to post", flow.Request{URL: s.URL + "/echo", Method: "POST"}, flow.Response{Status: 200, Body: `POST|||application/json|{}`}},
		{"a query", flow.Request{URL: s.URL + "/echo?b=2", Method: "GET", Params: map[string]string{"a": "1 2"}}, flow.Response{Status: 200, Body: `GET|a=1+2&b=2|||`}},
		{"another status", flow.Request{URL: s.URL + "/bad", Method: "GET"}, flow.Response{Status: 418}},
		{"a redirect is not followed", flow.Request{URL: s.URL + "/away", Method: "POST"}, flow.Response{Status: 302}},
		{"too slow", flow.Request{URL: s.URL + "/slow", Method: "GET", Timeout: 50 * time.Millisecond}, flow.Response{Error: "no answer in time"}},
		{"too long", flow.Request{URL: s.URL + "/long", Method: "GET"}, flow.Response{Error: "the answer is longer than 65536 bytes"}},
		{"no address", flow.Request{URL: "ftp://company.test/x", Method: "GET"}, flow.Response{Error: "the address is no http or https URL"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got := c.Fetch(t.Context(), x.ask); got != x.want {
				t.Errorf("%+v, want %+v", got, x.want)
			}
		})
	}
}

func TestThisMachineIsNotAsked(t *testing.T) {
	s := company(t)
	c := hooks.NewClient(hooks.Guard{})
	defer c.Close()
	for _, url := range []string{s.URL + "/echo", strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/echo", strings.Replace(s.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1)} {
		if got := c.Fetch(t.Context(), flow.Request{URL: url, Method: "GET"}); !strings.Contains(got.Error, "is not public") {
			t.Errorf("%s: %+v", url, got)
		}
	}
}

func TestHelper(t *testing.T) {
	s := company(t)
	told := make(chan openseat.Event, 4)
	h := hooks.New(hooks.Config{
		Tell:  func(_ openseat.Ref, e openseat.Event) { told <- e },
		Guard: loopback(), Log: slog.New(slog.DiscardHandler),
		Text: func(_ context.Context, _ openseat.Ref, _, to, _ string) error {
			if to == "" {
				return errors.New("to nobody")
			}
			return nil
		},
	})
	defer h.Close()
	ref := openseat.CallRef(1400000001, "s1")
	for _, x := range []struct {
		does openseat.Command
		want openseat.Event
	}{
		{call.Fetch{ID: "h1", Request: flow.Request{URL: s.URL + "/bad", Method: "GET"}}, call.Fetched{ID: "h1", Response: flow.Response{Status: 418}}},
		{call.SendText{ID: "h2", To: "008613800138000", Body: "hello"}, call.TextSent{ID: "h2", OK: true}},
		{call.SendText{ID: "h3"}, call.TextSent{ID: "h3"}},
	} {
		h.Execute(ref, time.Now(), []openseat.Command{call.Hear{}, x.does})
		if got := <-told; got != x.want {
			t.Errorf("told %+v, want %+v", got, x.want)
		}
	}
}

func TestTooMuchAtOnceFailsAtOnce(t *testing.T) {
	s := company(t)
	told := make(chan openseat.Event, 300)
	h := hooks.New(hooks.Config{
		Tell:  func(_ openseat.Ref, e openseat.Event) { told <- e },
		Guard: loopback(), Log: slog.New(slog.DiscardHandler),
	})
	for range 257 {
		h.Execute(openseat.CallRef(1400000001, "s1"), time.Now(), []openseat.Command{
			call.Fetch{ID: "h1", Request: flow.Request{URL: s.URL + "/slow", Method: "GET"}},
		})
	}
	if e, _ := (<-told).(call.Fetched); e.Response.Error != "too much is asked at once" {
		t.Errorf("told %+v", e)
	}
	h.Close()
	if len(told) > 0 {
		t.Errorf("a closed helper told %+v", <-told)
	}
}
