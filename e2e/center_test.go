package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"openseat/api"
)

// binaryEnv names the program under test; without it TestMain builds one.
const binaryEnv = "OPENSEAT_BIN"

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	if os.Getenv(binaryEnv) != "" {
		return m.Run(), nil
	}
	if err := lookAtSources(); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "openseat-e2e-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "openseat")
	args := []string{"build", "-o", bin}
	if raced {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "openseat/cmd/openseat")...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building the program under test: %w\n%s", err, out)
	}
	if err := os.Setenv(binaryEnv, bin); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// lookAtSources reads the folders that the program is built from. The go command remembers which files a test looked at: when
// one of them has changed, it does not take an earlier result for this one's.
func lookAtSources() error {
	return filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && slices.Contains([]string{"node_modules", ".git", "bin", "docs"}, d.Name()) {
			return fs.SkipDir
		}
		return err
	})
}

// demoFile is demo.json, as design.md promises it.
type demoFile struct {
	HTTP      string `json:"http"`
	SIP       string `json:"sip"`
	SdkAppID  int64  `json:"sdkAppId"`
	SecretID  string `json:"secretId"`
	SecretKey string `json:"secretKey"`
	Agents    []struct {
		UserID            string `json:"userId"`
		Name              string `json:"name"`
		Extension         string `json:"extension"`
		ExtensionPassword string `json:"extensionPassword"`
	} `json:"agents"`
	SkillGroups []struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"skillGroups"`
	Numbers []struct {
		Number string `json:"number"`
		Flow   string `json:"flow"`
	} `json:"numbers"`
	Carrier string `json:"carrier"`
}

// center is an OpenSeat that is started, stopped and killed.
type center struct {
	t     *testing.T
	ports ports
	data  string
	args  []string

	*process // nil before the first start

	demo demoFile
	api  *api.Client
	log  string // path of all that it said
}

// newCenter prepares a center with an empty data folder. More arguments may be given.
func newCenter(t *testing.T, p ports, args ...string) *center {
	t.Helper()
	dir := t.TempDir()
	c := &center{t: t, ports: p, data: filepath.Join(dir, "data"), log: filepath.Join(dir, "log")}
	c.args = append([]string{
		"demo", "--data", c.data, "--api-limit", "0", "--drain-seconds", "4",
		"--http", addr(p.http), "--sip", addr(p.sip), "--rtc-port", strconv.Itoa(p.rtc),
		"--rtp-ports", fmt.Sprintf("%d-%d", p.rtpLow, p.rtpTop),
	}, args...)
	t.Cleanup(func() {
		c.stop()
		c.autopsy()
	})
	return c
}

// startWait is how long a start may take; on a busy machine it takes some seconds.
const startWait = 60 * time.Second

// start starts the program and waits until it is ready.
func (c *center) start() {
	c.t.Helper()
	log, err := os.OpenFile(c.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(os.Getenv(binaryEnv), c.args...)
	cmd.Stdout, cmd.Stderr = log, log
	if c.process, err = spawn(cmd); err != nil {
		c.t.Fatal(err)
	}
	eventually(c.t, startWait, "the center is ready", func() bool {
		if c.isOver() {
			c.t.Fatalf("the program ended: %v", c.end)
		}
		return c.get("/readyz") == http.StatusOK
	})
	c.readDemo()
}

func (c *center) readDemo() {
	c.t.Helper()
	body, err := os.ReadFile(filepath.Join(c.data, "demo.json"))
	if err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal(body, &c.demo); err != nil {
		c.t.Fatal(err)
	}
	c.api = &api.Client{Endpoint: c.demo.HTTP, SecretID: c.demo.SecretID, SecretKey: c.demo.SecretKey}
}

// get is the status that a path answers with, 0 for none.
func (c *center) get(path string) int {
	res, err := http.Get("http://" + addr(c.ports.http) + path)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body) // so that the connection is used again
	return res.StatusCode
}

// terminate asks the program to end; over is closed when it has.
func (c *center) terminate() {
	c.t.Helper()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
}

// stop ends a process that still runs. Calls that go on are no reason for it to stay.
func (c *center) stop() {
	if c.process == nil || c.isOver() {
		return
	}
	_ = c.Process.Signal(syscall.SIGTERM)
	if wait(c.over, 10*time.Second) {
		if c.end != nil {
			c.t.Errorf("the program ended badly: %v", c.end)
		}
		return
	}
	c.t.Error("the program did not end by SIGTERM")
	_ = c.Process.Signal(syscall.SIGQUIT) // shows what it waits for
	if !wait(c.over, 5*time.Second) {
		c.kill()
	}
}

// autopsy looks for what must never be in the log, and shows the log of a test that failed.
func (c *center) autopsy() {
	log, err := os.ReadFile(c.log)
	if err != nil {
		return // never started
	}
	for _, never := range []string{"DATA RACE", "panic:", "fatal error:"} {
		if bytes.Contains(log, []byte(never)) {
			c.t.Errorf("the log has %q", never)
		}
	}
	if c.t.Failed() {
		c.t.Logf("the center's log:\n%s", lastLines(string(log), logLines))
	}
}

const logLines = 400

func lastLines(s string, n int) string {
	lines := strings.SplitAfter(s, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "")
}

// eventually asks again and again until met says so.
func eventually(t *testing.T, within time.Duration, what string, met func() bool) {
	t.Helper()
	if err := await(t.Context(), within, met); err != nil {
		t.Fatalf("%s: not within %v", what, within)
	}
}

var errNotMet = errors.New("not in time")

func await(ctx context.Context, within time.Duration, met func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !met() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errNotMet
		}
	}
	return nil
}

// need skips a test for which a program is missing, but not in CI.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing(t, p)
		}
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing; in CI it must not be", what)
	}
	t.Skipf("%s is missing; make setup installs it", what)
}
