package console

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

// built is what web/console's build puts here.
//
//go:embed all:dist
var built embed.FS

// Built are the console's pages as they were built; empty in a tree that was not.
func Built() fs.FS {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // the folder is embedded, or this does not compile
	}
	return dist
}

// policy lets the pages load nothing but themselves. Components set styles of elements by script, which style-src sees.
const policy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
	"connect-src 'self' ws: wss:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// pages serves what was built. Whatever is no file is a page of the application, which index.html shows.
func pages(built fs.FS) http.Handler {
	files := http.FileServerFS(built)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		name := strings.TrimPrefix(r.URL.Path, "/")
		if info, err := fs.Stat(built, name); err == nil && !info.IsDir() && name != "index.html" {
			h.Set("Cache-Control", "public, max-age=31536000, immutable") // names carry a digest of what is in them
			files.ServeHTTP(w, r)
			return
		}
		h.Set("Cache-Control", "no-cache")
		index, err := fs.ReadFile(built, "index.html")
		if err != nil {
			http.Error(w, "the console's pages were not built: make build", http.StatusNotFound)
			return
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(index)
	})
}
