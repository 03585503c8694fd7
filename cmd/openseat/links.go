package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"openseat/blob"
	"openseat/core/call"
)

// How long a recording's address works: a day when it was asked for, as TCCC's; a week when it was pushed, since a push may
// be replayed days later.
const (
	linkLife     = 24 * time.Hour
	pushLinkLife = 7 * 24 * time.Hour
)

// links makes and honours signed addresses of recordings.
type links struct {
	base   string
	signer *blob.Signer
}

const linkKeyBytes = 32

// openLinks reads the node's signing key, or makes one at the first start.
func openLinks(opts Options) (*links, error) {
	path := filepath.Join(opts.Data, "link.key")
	key, err := os.ReadFile(path) //nolint:gosec // in the operator's own folder
	if errors.Is(err, os.ErrNotExist) {
		key = make([]byte, linkKeyBytes)
		if _, err = rand.Read(key); err == nil {
			err = os.WriteFile(path, key, 0o600)
		}
	}
	if err != nil {
		return nil, err
	}
	if len(key) != linkKeyBytes {
		return nil, fmt.Errorf("%s: must have %d bytes; remove it, and a new one is made", path, linkKeyBytes)
	}
	return &links{base: opts.base(), signer: blob.NewSigner(key)}, nil
}

// Recording implements cloudapi.Links.
func (l *links) Recording(r call.Recording) string { return l.link(r.Blob, linkLife) }

// ForPush is the address that a push carries.
func (l *links) ForPush(r call.Recording) string { return l.link(r.Blob, pushLinkLife) }

func (l *links) link(key string, life time.Duration) string {
	return l.base + "/" + key + "?" + l.signer.Sign(key, time.Now().Add(life)).Encode()
}

// Handler serves recordings to whoever has a link that has not expired. Ranges are served, so that players can seek.
func (l *links) Handler(blobs blob.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := strings.TrimPrefix(r.URL.Path, "/")
		if err := l.signer.Verify(key, r.URL.Query(), time.Now()); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		f, info, err := blobs.Open(r.Context(), key)
		if err != nil {
			http.Error(w, "there is no such recording", http.StatusNotFound)
			return
		}
		defer f.Close()
		w.Header().Set("Content-Type", mediaType(key))
		w.Header().Set("Cache-Control", "private, max-age=3600")
		http.ServeContent(w, r, "", info.ModTime, f)
	})
}

func mediaType(key string) string {
	if strings.HasSuffix(key, ".wav") {
		return "audio/wav"
	}
	return "audio/mpeg"
}
