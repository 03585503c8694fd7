package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// server is a running openseat, with a fresh demo instance and no simulated world: the bench brings its own.
type server struct {
	cmd     *exec.Cmd
	dir     string
	carrier string // where the bench's carrier is to listen
	profile string // address of net/http/pprof
	demo    demoFile
}

// demoFile is what the bench needs of demo.json.
type demoFile struct {
	HTTP      string `json:"http"`
	SIP       string `json:"sip"`
	SecretID  string `json:"secretId"`
	SecretKey string `json:"secretKey"`
}

const startWait = 30 * time.Second

// startServer starts the real program, on the core where things are measured, and waits until it is ready.
func (b *bench) startServer(ctx context.Context) (s *server, err error) {
	s = &server{}
	if s.dir, err = os.MkdirTemp("", "openseat-bench-"); err != nil {
		return nil, err
	}
	var at [5]string
	for i := range at {
		if at[i], err = freeAddr(ctx); err != nil {
			return nil, err
		}
	}
	_, rtc, err := net.SplitHostPort(at[2])
	if err != nil {
		return nil, err
	}
	s.carrier = at[3]
	args := []string{
		"demo", "--data", filepath.Join(s.dir, "data"), "--http", at[0], "--sip", at[1], "--rtc-port", rtc, "--carrier", s.carrier,
		"--rtp-ports", "26000-29999", "--api-limit", "0", "--drain-seconds", "5", "--log", "warn", "--pprof", at[4],
	}
	s.profile = at[4]
	s.cmd = pinned(ctx, measuredCore, b.server, args...)
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.cmd.Stderr = log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.awaitReady(ctx, at[0]); err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("%w; it said:\n%s", err, said), s.stop())
	}
	return s, nil
}

func (s *server) awaitReady(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	for ctx.Err() == nil {
		if _, err := get(ctx, "http://"+addr+"/readyz"); err == nil {
			body, err := os.ReadFile(filepath.Join(s.dir, "data", "demo.json"))
			if err != nil {
				return err
			}
			return json.Unmarshal(body, &s.demo)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the server does not get ready")
}

// stop ends the server and removes what it kept.
func (s *server) stop() error {
	_ = s.cmd.Process.Signal(os.Interrupt) // one that is gone says so in Wait
	err := s.cmd.Wait()
	return errors.Join(err, os.RemoveAll(s.dir))
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// profileInto takes a CPU profile of the server; it does nothing without a path.
func (s *server) profileInto(ctx context.Context, path string, long time.Duration) {
	if path == "" {
		return
	}
	body, err := get(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", s.profile, int(long.Seconds())))
	if err == nil {
		err = os.WriteFile(path, body, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: no profile:", err)
	}
}

// rss is the server's memory, right after garbage was collected and once more as it is by itself, in KB.
func (s *server) rss(ctx context.Context) (collected, asIs float64, err error) {
	if asIs, err = rssOf(s.pid()); err != nil {
		return 0, 0, err
	}
	// The second collection takes what the first one's finalizers set free; then the memory goes back to the system by and by.
	for range 5 {
		if _, err := get(ctx, "http://"+s.profile+"/debug/pprof/heap?gc=1"); err != nil {
			return 0, 0, err
		}
		time.Sleep(time.Second / 2)
	}
	collected, err = rssOf(s.pid())
	return collected, asIs, err
}

func get(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, errors.New(res.Status)
	}
	return io.ReadAll(res.Body)
}

// freeAddr finds a port that is free for UDP and TCP.
func freeAddr(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	for range 20 {
		c, err := lc.ListenPacket(ctx, "udp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		addr := c.LocalAddr().String()
		l, err := lc.Listen(ctx, "tcp", addr)
		_ = c.Close()
		if err == nil {
			return addr, l.Close()
		}
	}
	return "", errors.New("no port is free for UDP and TCP")
}
