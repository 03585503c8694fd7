package gateway

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"openseat"
)

// get asks a file as a browser does.
func get(a *asset, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/sdk/agent.js?token=secret", nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func TestScript(t *testing.T) {
	built := assets(fstest.MapFS{
		"dist/agent.js":     {Data: []byte(strings.Repeat("window.tccc;", 100))},
		"dist/agent.js.map": {Data: []byte(`{"version":3}`)},
		"dist/check.html":   {Data: []byte("<!doctype html>")},
	})
	w := get(built["agent.js"], "gzip, br")
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cache-Control") != "no-store" || !strings.HasPrefix(h.Get("Content-Type"), "text/javascript") {
		t.Errorf("headers %v", h)
	}
	if h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers %v", h)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != strings.Repeat("window.tccc;", 100) {
		t.Errorf("body %q, %v", body, err)
	}
	if w := get(built["agent.js"], ""); !strings.HasPrefix(w.Body.String(), "window.tccc;") {
		t.Error("without gzip there is no script")
	}
	if w := get(built["agent.js.map"], ""); w.Body.String() != `{"version":3}` {
		t.Errorf("map %q", w.Body)
	}
	if w := get(built["check"], ""); w.Header().Get("Content-Security-Policy") != checkPolicy || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("check page: %v", w.Header())
	}
	if w := get(built["check.js"], ""); w.Code != 404 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("not built: %d %s", w.Code, w.Body)
	}
}

// An agent's page waits for the script: it stays small.
func TestScriptIsSmall(t *testing.T) {
	const most = 150 << 10
	built := assets(dist)["agent.js"]
	if built.plain == nil {
		t.Skip("the agent SDK is not built")
	}
	if n := len(built.gzipped()); n > most {
		t.Errorf("agent.js has %d bytes, gzipped; %d at most", n, most)
	}
}

func TestMemoryVault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, ctx := NewMemoryVault(), t.Context()
		gone := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, openseat.Errorf(openseat.CodeNotFound, "")) {
				t.Errorf("%s: %v", what, err)
			}
		}
		put := func(key string) {
			t.Helper()
			if err := v.Put(ctx, key, []byte(key), time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		put("a")
		if got, err := v.Get(ctx, "a"); string(got) != "a" || err != nil {
			t.Errorf("%s, %v", got, err)
		}
		if got, err := v.Take(ctx, "a"); string(got) != "a" || err != nil {
			t.Errorf("%s, %v", got, err)
		}
		_, err := v.Take(ctx, "a")
		gone("taken twice", err)
		put("b")
		time.Sleep(time.Minute)
		_, err = v.Get(ctx, "b")
		gone("expired", err)
		for i := range maxKept {
			put(strings.Repeat("x", 1+i%7) + string(rune('0'+i%10)) + time.Duration(i).String())
		}
		if err := v.Put(ctx, "one more", nil, time.Minute); openseat.AsError(err).Code != openseat.CodeLimitExceeded {
			t.Errorf("a full vault: %v", err)
		}
		time.Sleep(time.Minute)
		put("room again")
		if len(v.kept) != 1 {
			t.Errorf("%d kept", len(v.kept))
		}
	})
}

// Requests of one session are done one after the other, those of different ones side by side.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrder()
		var log []string
		slow := make(chan struct{})
		o.run("a", func() { <-slow; log = append(log, "first") })
		o.run("a", func() { log = append(log, "second") })
		done := make(chan struct{})
		o.run("b", func() { close(done) })
		<-done // not held up by lane a
		close(slow)
		o.wait.Wait()
		if strings.Join(log, " ") != "first second" {
			t.Errorf("%v", log)
		}
		if len(o.tails) != 0 || o.busy != 0 {
			t.Errorf("left behind: %+v", o)
		}
		hold := make(chan struct{})
		for range maxInFlight {
			o.run("", func() { <-hold })
		}
		if o.run("", func() {}) {
			t.Error("more than the bound was started")
		}
		close(hold)
		o.wait.Wait()
	})
}

func TestMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	g := New(Config{Metrics: registry})
	g.meter.events.WithLabelValues(known("callIn")).Inc()
	g.meter.events.WithLabelValues(known("made up")).Inc()
	families, err := registry.Gather()
	if err != nil || len(families) == 0 {
		t.Errorf("%v, %v", families, err)
	}
}

func FuzzDecodeRequest(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"method":"hello","params":{"version":1,"tabUUID":"t","token":"x"}}`, `{"method":"pong"}`, `[]`, `{}`, `{"id":-1}`,
		`{"id":1,"method":"call.accept","params":{"sessionId":7}}`, `{"method":"a"}{"method":"b"}`, "\x00", `{"params":null,"method":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRequest(b)
		if err != nil {
			return
		}
		if r.Method == "" || len(r.Method) > maxMethod {
			t.Errorf("method %q", r.Method)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%q is no message: %v", b, err)
		}
		if id := session(r); id != "" && !isName(id) {
			t.Errorf("session %q", id)
		}
		for _, err := range []error{second(params[helloParams](r)), second(params[startParams](r)), second(params[sessionParams](r))} {
			if err != nil && openseat.AsError(err).Code != openseat.CodeInvalidParameter {
				t.Errorf("%q: %v", b, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
