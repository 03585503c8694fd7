package gateway

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io/fs"
	"maps"
	"net/http"
	"strings"
	"sync"
)

// dist is what `npm run build` in web/ makes. In a tree that was not built it is empty.
//
//go:embed all:dist
var dist embed.FS

// asset is a built file that is served as it is.
type asset struct {
	plain   []byte // nil: not built
	gzipped func() []byte
	header  map[string]string
}

// checkPolicy lets the self-check page use this server and its own microphone, and nothing else.
const checkPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; " +
	"media-src blob: mediastream:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// assets are the files that are served below /sdk/, by their names there.
func assets(files fs.FS) map[string]*asset {
	return map[string]*asset{
		// The SdkURL's query is for the script, not for us: the login token is spent by the WebSocket's hello. The URL is used
		// once, so nobody shall keep the answer, nor the URL as a referrer.
		"agent.js": newAsset(files, "agent.js", "text/javascript; charset=utf-8", map[string]string{
			"Access-Control-Allow-Origin": "*", // pages load it with crossorigin="anonymous"
			"Cache-Control":               "no-store", "Timing-Allow-Origin": "*",
		}),
		"agent.js.map": newAsset(files, "agent.js.map", "application/json", map[string]string{"Access-Control-Allow-Origin": "*"}),
		"agent.d.ts":   newAsset(files, "agent.d.ts", "text/plain; charset=utf-8", map[string]string{"Access-Control-Allow-Origin": "*"}),
		"check": newAsset(files, "check.html", "text/html; charset=utf-8", map[string]string{
			"Content-Security-Policy": checkPolicy, "Permissions-Policy": "microphone=(self), speaker-selection=(self)",
			"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
		}),
		"check.js":  newAsset(files, "check.js", "text/javascript; charset=utf-8", nil),
		"check.css": newAsset(files, "check.css", "text/css; charset=utf-8", nil),
	}
}

// newAsset reads a built file. header says what is other than usual: everybody may use it, and asks whether it is still new.
func newAsset(files fs.FS, name, mediaType string, header map[string]string) *asset {
	a := &asset{header: map[string]string{
		"Content-Type": mediaType, "Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin",
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	}}
	maps.Copy(a.header, header)
	a.plain, _ = fs.ReadFile(files, "dist/"+name) // nil: not built, and ServeHTTP says so
	a.gzipped = sync.OnceValue(func() []byte { return gzipOf(a.plain) })
	return a
}

// ServeHTTP implements http.Handler.
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for k, v := range a.header {
		h.Set(k, v)
	}
	if a.plain == nil {
		http.Error(w, "This file is not built into this server: run `make build`.", http.StatusNotFound)
		return
	}
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body = a.gzipped()
		h.Set("Content-Encoding", "gzip")
	}
	_, _ = w.Write(body) // the browser may be gone
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
