// Package blob keeps recordings and attachments, in a folder or in a bucket of an S3-compatible store. A blob is written
// once, whole or not at all, and read by anybody who has a signed link to it.
package blob

import (
	"context"
	"io"
	"os"
	"strings"
	"time"

	"openseat"
)

// Store keeps blobs under keys such as "1400000001/2026/05/01/x.mp3". It may be used by any number of goroutines. A key that
// is not in that form is CodeInvalidValue, one with nothing under it CodeNotFound.
type Store interface {
	// Put stores size bytes (a negative size: all there are) of r, replacing what was there. When it fails, what was there
	// stays. When it returns, the blob survives a power cut.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Open opens a blob for reading; the caller closes it.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, Info, error)
	// Stat tells about a blob without opening it.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes a blob. One that is not there is no error.
	Delete(ctx context.Context, key string) error
	// Close gives what the store holds back.
	Close() error
}

// Info is what is known of a blob.
type Info struct {
	Size    int64
	ModTime time.Time
}

// Open opens the store that spec names: empty is the folder dir, a path is that folder, and
// s3://bucket/prefix?endpoint=…&region=…&style=path is a bucket, whose keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
func Open(ctx context.Context, spec, dir string) (Store, error) {
	scheme, path, ok := strings.Cut(spec, "://")
	switch {
	case spec == "":
		return openFolder(dir)
	case ok && scheme == "file":
		return openFolder(path)
	case ok && scheme == "s3":
		where, err := parseS3(spec, os.Getenv)
		if err != nil {
			return nil, err
		}
		return OpenS3(ctx, where)
	case ok:
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "blob: %q is not known; give a folder, an s3:// bucket, or leave it out", scheme+"://")
	default:
		return openFolder(spec)
	}
}

const (
	maxKey  = 512
	maxPart = 200 // of a key, between slashes; file systems take 255 bytes
)

// checkKey allows what every file system and object store takes alike: parts of letters, digits and a few marks, none of
// them hidden or pointing elsewhere.
func checkKey(key string) error {
	const marks = "-_.=@+"
	for part := range strings.SplitSeq(key, "/") {
		odd := func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(marks, r)
		}
		if part == "" || part[0] == '.' || len(part) > maxPart || len(key) > maxKey || strings.ContainsFunc(part, odd) {
			return openseat.Errorf(openseat.CodeInvalidValue, "%.600q is not a blob's key", key)
		}
	}
	return nil
}
