package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"openseat"
	"openseat/blob"
)

func open(t *testing.T, dir string) blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), "", dir)
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	return s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if !errors.Is(err, &openseat.Error{Code: code}) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func read(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	f, info, err := s.Open(t.Context(), key)
	ok(t, err)
	b, err := io.ReadAll(f)
	ok(t, err)
	ok(t, f.Close())
	if info.Size != int64(len(b)) || info.ModTime.IsZero() {
		t.Errorf("%s: %+v of %d bytes", key, info, len(b))
	}
	return string(b)
}

// files lists what lies in the folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	ok(t, filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	}))
	return all
}

func TestPutAndOpen(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir)
	const key = "1400000001/2026/05/01/r-1.mp3"
	ok(t, s.Put(ctx, key, strings.NewReader("first"), 5))
	ok(t, s.Put(ctx, key, iotest.OneByteReader(strings.NewReader("second")), -1))
	if got := read(t, s, key); got != "second" {
		t.Errorf("read %q", got)
	}
	ok(t, s.Put(ctx, "empty", strings.NewReader(""), 0))
	if got := read(t, open(t, dir), "empty"); got != "" {
		t.Errorf("read %q", got)
	}
	info, err := s.Stat(ctx, key)
	if err != nil || info.Size != 6 {
		t.Errorf("stat: %+v, %v", info, err)
	}
	f, _, err := s.Open(ctx, key)
	ok(t, err)
	defer f.Close()
	if _, err := f.Seek(3, io.SeekStart); err != nil {
		t.Error(err)
	}
	ok(t, s.Delete(ctx, key)) // while it is open
	rest, err := io.ReadAll(f)
	if string(rest) != "ond" || err != nil {
		t.Errorf("the rest: %q, %v", rest, err)
	}
	ok(t, s.Delete(ctx, key))
	_, _, err = s.Open(ctx, key)
	wantCode(t, "open what is gone", err, openseat.CodeNotFound)
	_, err = s.Stat(ctx, "1400000001/2026")
	wantCode(t, "stat a folder", err, openseat.CodeNotFound)
	_, _, err = s.Open(ctx, "1400000001/2026")
	wantCode(t, "open a folder", err, openseat.CodeNotFound)
}

func TestPutFails(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ok(t, s.Put(t.Context(), "a", strings.NewReader("old"), 3))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for what, put := range map[string]func() error{
		"too short": func() error { return s.Put(t.Context(), "a", strings.NewReader("new"), 4) },
		"too long":  func() error { return s.Put(t.Context(), "a", strings.NewReader("new"), 2) },
		"cut off": func() error {
			return s.Put(t.Context(), "a", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("new"))), -1)
		},
		"given up":   func() error { return s.Put(ended, "a", strings.NewReader("new"), 3) },
		"in the way": func() error { return s.Put(t.Context(), "a/b", strings.NewReader("new"), 3) },
	} {
		if put() == nil {
			t.Errorf("%s: stored", what)
		}
		if got := read(t, s, "a"); got != "old" {
			t.Errorf("%s: what was there became %q", what, got)
		}
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestKeys(t *testing.T) {
	ctx, outside := t.Context(), t.TempDir()
	dir := filepath.Join(outside, "blobs")
	s := open(t, dir)
	ok(t, os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600))
	ok(t, os.Symlink(outside, filepath.Join(dir, "link")))
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../secret", "a/../../secret", "a/./b", ".tmp/x", "a/.hidden", `a\b`, "a\x00b", "a b", "a\nb",
		"C:x", "ä", "a?b", "a%2fb", "~", strings.Repeat("a", 201), strings.Repeat("a/", 300) + "a",
	} {
		wantCode(t, "put "+key, s.Put(ctx, key, strings.NewReader("x"), 1), openseat.CodeInvalidValue)
		_, _, err := s.Open(ctx, key)
		wantCode(t, "open "+key, err, openseat.CodeInvalidValue)
		_, err = s.Stat(ctx, key)
		wantCode(t, "stat "+key, err, openseat.CodeInvalidValue)
		wantCode(t, "delete "+key, s.Delete(ctx, key), openseat.CodeInvalidValue)
	}
	if _, _, err := s.Open(ctx, "link/secret"); err == nil {
		t.Error("a link led out of the folder")
	}
	if err := s.Put(ctx, "link/new", strings.NewReader("x"), 1); err == nil {
		t.Error("a link led out of the folder")
	}
	if b, err := os.ReadFile(filepath.Join(outside, "secret")); err != nil || !bytes.Equal(b, []byte("secret")) {
		t.Errorf("outside: %q, %v", b, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	s, errs := open(t, dir), make(chan error)
	const writers = 16
	for range writers {
		go func() { errs <- s.Put(t.Context(), "a/b/same", strings.NewReader("whole"), 5) }()
	}
	for range writers {
		ok(t, <-errs)
	}
	if got, left := read(t, s, "a/b/same"), files(t, dir); got != "whole" || len(left) != 1 {
		t.Errorf("read %q; %v", got, left)
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	dead, busy := filepath.Join(dir, ".tmp", "dead"), filepath.Join(dir, ".tmp", "busy")
	ok(t, os.WriteFile(dead, nil, 0o600))
	ok(t, os.WriteFile(busy, nil, 0o600))
	ok(t, os.Chtimes(dead, time.Time{}, time.Now().Add(-25*time.Hour)))
	open(t, dir)
	if left := files(t, dir); len(left) != 1 || left[0] != ".tmp/busy" {
		t.Errorf("left: %v", left)
	}
}

func TestOpen(t *testing.T) {
	other := filepath.Join(t.TempDir(), "x")
	for _, spec := range []string{other, "file://" + other} {
		s, err := blob.Open(t.Context(), spec, "")
		ok(t, err)
		ok(t, s.Close())
	}
	_, err := blob.Open(t.Context(), "gs://bucket", "")
	wantCode(t, "gs", err, openseat.CodeInvalidValue)
	file := filepath.Join(t.TempDir(), "file")
	ok(t, os.WriteFile(file, nil, 0o600))
	if _, err := blob.Open(t.Context(), file, ""); err == nil {
		t.Error("a file was taken for a folder")
	}
}
