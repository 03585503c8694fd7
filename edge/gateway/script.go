package gateway

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io/fs"
	"net/http"
	"strings"
	"sync"
)

// dist is what `npm run build` in web/ makes: agent.js and agent.js.map. In a tree that was not built it is empty.
//
//go:embed all:dist
var dist embed.FS

// script is the agent SDK's script, as it was built into this binary.
type script struct {
	plain, source []byte
	gzipped       func() []byte
}

func loadScript() *script { return newScript(dist) }

func newScript(files fs.FS) *script {
	s := &script{}
	s.plain, _ = fs.ReadFile(files, "dist/agent.js") // nil: not built, and serve says so
	s.source, _ = fs.ReadFile(files, "dist/agent.js.map")
	s.gzipped = sync.OnceValue(func() []byte { return gzipOf(s.plain) })
	return s
}

// serve answers the SdkURL. Its query is for the script, not for us: the login token is spent by the WebSocket's hello. The
// URL is used once, so nobody shall keep the answer, nor the URL as a referrer.
func (s *script) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*") // pages load it with crossorigin="anonymous"
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Timing-Allow-Origin", "*")
	if s.plain == nil {
		http.Error(w, "The agent SDK is not built into this server: run `make build`.", http.StatusServiceUnavailable)
		return
	}
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	body := s.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body = s.gzipped()
		h.Set("Content-Encoding", "gzip")
	}
	_, _ = w.Write(body) // the browser may be gone
}

func (s *script) serveMap(w http.ResponseWriter, _ *http.Request) {
	if s.source == nil {
		http.Error(w, "The agent SDK is not built into this server: run `make build`.", http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(s.source)
}

func gzipOf(b []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil // only for a level that does not exist
	}
	_, _ = z.Write(b) // a Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
