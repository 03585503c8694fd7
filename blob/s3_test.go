package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"openseat"
	"openseat/blob"
)

const accessKey, secretKey = "openseat", "openseat-secret"

// startS3 runs a real S3 server whose buckets are folders in a directory of the test, and answers its address and that
// directory.
func startS3(t *testing.T) (endpoint, dir string) {
	t.Helper()
	program, err := filepath.Abs("../bin/tools/versitygw")
	ok(t, err)
	if _, err := os.Stat(program); err != nil {
		t.Skip("no S3 server: make setup installs one")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	addr := l.Addr().String()
	ok(t, l.Close())
	dir = t.TempDir()
	ok(t, os.Mkdir(filepath.Join(dir, "desk"), 0o700))
	cmd := exec.Command(program, "--port", addr, "--access", accessKey, "--secret", secretKey, "--quiet", "posix", "--sidecar", t.TempDir(), dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ok(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	awaitHTTP(t, "http://"+addr, &out)
	return "http://" + addr, dir
}

func awaitHTTP(t *testing.T, url string, out *bytes.Buffer) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for tick := time.NewTicker(20 * time.Millisecond); time.Now().Before(deadline); <-tick.C {
		if res, err := http.Get(url); err == nil {
			_ = res.Body.Close()
			return
		}
	}
	t.Fatalf("the S3 server does not answer: %s", out)
}

func openBucket(t *testing.T, endpoint string) blob.Store {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	s, err := blob.Open(t.Context(), "s3://desk/some/where?style=path&region=us-east-1&endpoint="+endpoint, "")
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	return s
}

func TestBucket(t *testing.T) {
	endpoint, _ := startS3(t)
	s := openBucket(t, endpoint)
	const key = "1400000001/2026/05/01/r-1.mp3"
	ok(t, s.Put(t.Context(), key, strings.NewReader("first"), 5))
	ok(t, s.Put(t.Context(), key, iotest.OneByteReader(strings.NewReader("second")), -1))
	ok(t, s.Put(t.Context(), "empty", strings.NewReader(""), 0))
	for k, want := range map[string]string{key: "second", "empty": ""} {
		if got := read(t, s, k); got != want {
			t.Errorf("%s: read %q", k, got)
		}
	}
	f, _, err := s.Open(t.Context(), key)
	ok(t, err)
	_, err = f.Seek(3, io.SeekStart)
	ok(t, err)
	if rest, err := io.ReadAll(f); string(rest) != "ond" || err != nil {
		t.Errorf("the rest: %q, %v", rest, err)
	}
	ok(t, f.Close())
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MiB, in several parts
	ok(t, s.Put(t.Context(), "large", bytes.NewReader(large), -1))
	if got := read(t, s, "large"); got != string(large) {
		t.Errorf("large: %d bytes came back", len(got))
	}
	ok(t, s.Delete(t.Context(), key))
	ok(t, s.Delete(t.Context(), key))
	_, _, err = s.Open(t.Context(), key)
	wantCode(t, "open what is gone", err, openseat.CodeNotFound)
	_, err = s.Stat(t.Context(), key)
	wantCode(t, "stat what is gone", err, openseat.CodeNotFound)
	wantCode(t, "put a bad key", s.Put(t.Context(), "../a", strings.NewReader("x"), 1), openseat.CodeInvalidValue)
}

func TestBucketPutFails(t *testing.T) {
	endpoint, _ := startS3(t)
	s := openBucket(t, endpoint)
	ok(t, s.Put(t.Context(), "a", strings.NewReader("old"), 3))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for what, put := range map[string]func() error{
		"too short": func() error { return s.Put(t.Context(), "a", strings.NewReader("new"), 4) },
		"too long":  func() error { return s.Put(t.Context(), "a", strings.NewReader("new"), 2) },
		"cut off": func() error {
			return s.Put(t.Context(), "a", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("new"))), -1)
		},
		"given up": func() error { return s.Put(ended, "a", strings.NewReader("new"), 3) },
	} {
		if put() == nil {
			t.Errorf("%s: stored", what)
		}
		if got := read(t, s, "a"); got != "old" {
			t.Errorf("%s: what was there became %q", what, got)
		}
	}
}

func TestBucketIsAskedFor(t *testing.T) {
	endpoint, _ := startS3(t)
	for what, x := range map[string]blob.S3{
		"no such bucket": {Endpoint: endpoint, Bucket: "nowhere", AccessKey: accessKey, SecretKey: secretKey, Region: "us-east-1", PathStyle: true},
		"a wrong secret": {Endpoint: endpoint, Bucket: "desk", AccessKey: accessKey, SecretKey: "wrong", Region: "us-east-1", PathStyle: true},
		"no address":     {Endpoint: "localhost", Bucket: "desk", AccessKey: accessKey, SecretKey: secretKey},
	} {
		if _, err := blob.OpenS3(t.Context(), x); err == nil {
			t.Errorf("%s: opened", what)
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	_, err := blob.Open(t.Context(), "s3://desk", "")
	wantCode(t, "without keys", err, openseat.CodeInvalidValue)
}

func TestCopyIsReadBack(t *testing.T) {
	endpoint, dir := startS3(t)
	here, there := open(t, t.TempDir()), openBucket(t, endpoint)
	ok(t, here.Put(t.Context(), "rec.mp3", strings.NewReader("a recording"), -1))
	sum, err := blob.Copy(t.Context(), here, "rec.mp3", there, "2026/rec.mp3")
	ok(t, err)
	again, err := blob.Sum(t.Context(), there, "2026/rec.mp3")
	if err != nil || !bytes.Equal(sum, again) || len(sum) != 32 {
		t.Errorf("sums %x and %x, %v", sum, again, err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "desk/some/where/2026/rec.mp3")); err != nil || string(b) != "a recording" {
		t.Errorf("in the bucket: %q, %v", b, err)
	}
	_, err = blob.Copy(t.Context(), here, "gone.mp3", there, "gone.mp3")
	wantCode(t, "copy what is gone", err, openseat.CodeNotFound)
	if _, err := blob.Copy(t.Context(), here, "rec.mp3", &liar{there}, "other.mp3"); err == nil {
		t.Error("a copy that reads back as something else is taken for one")
	}
	if _, err := blob.Copy(t.Context(), here, "rec.mp3", &deaf{there}, "other.mp3"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a copy that cannot be read back: %v", err)
	}
}

// liar stores something else than it was given.
type liar struct{ blob.Store }

func (l *liar) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	return l.Store.Put(ctx, key, strings.NewReader("something el"), -1)
}

// deaf cannot be read.
type deaf struct{ blob.Store }

func (d *deaf) Open(context.Context, string) (io.ReadSeekCloser, blob.Info, error) {
	return nil, blob.Info{}, io.ErrUnexpectedEOF
}
