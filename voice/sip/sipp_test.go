package sip_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/sip"
)

// patience is how long real processes may take.
const patience = 30 * time.Second

// sipp runs a scenario against an address until it is over.
func sipp(t *testing.T, scenario, remote string, args ...string) {
	t.Helper()
	out, err := sippCommand(t, scenario, append(args, remote)...).CombinedOutput()
	if err != nil {
		t.Fatalf("sipp %s: %v\n%s", scenario, err, out)
	}
}

func sippCommand(t *testing.T, scenario string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := exec.LookPath("sipp")
	if errors.Is(err, exec.ErrNotFound) {
		if os.Getenv("CI") == "true" {
			t.Fatal("sipp is not installed")
		}
		t.Skip("sipp is not installed")
	}
	file, err := filepath.Abs("testdata/" + scenario + ".xml")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, binary, append([]string{"-sf", file, "-i", "127.0.0.1", "-nostdin", "-timeout", "25s"}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Stdin = &bytes.Buffer{}
	return cmd
}

// freePort is a port for somebody who cannot choose one himself.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// office answers every call of a server on real sockets.
type office struct {
	*sip.Server

	mu      sync.Mutex
	trunks  []*org.Trunk
	answer  bool
	diaries []*notes
}

// notes is a diary that can be waited for, outside of bubbles.
type notes struct {
	diary
	over chan struct{}
}

// sofar is what was told until now.
func (n *notes) sofar() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.lines, ", ")
}

func (n *notes) Ended(c call.Cause) {
	n.diary.Ended(c)
	close(n.over)
}

func (o *office) Arrive(_ context.Context, c voice.Call) error {
	n := &notes{over: make(chan struct{})}
	o.mu.Lock()
	o.diaries = append(o.diaries, n)
	answer := o.answer
	o.mu.Unlock()
	c.Attach(n)
	c.Leg.Ring()
	if answer {
		c.Leg.Answer()
	}
	return nil
}

func (o *office) view() []*org.Trunk { return o.trunks }

func openOffice(t *testing.T, change func(*office, *sip.Options)) *office {
	t.Helper()
	ports, err := media.NewPorts(30000, 33999)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{answer: true, trunks: []*org.Trunk{{App: 1400000001, Name: "sipp", Peer: "127.0.0.1:5999", Sources: []string{"127.0.0.0/8"}, MaxCalls: 2000}}}
	opts := sip.Options{
		Addr: "127.0.0.1:0", Trunks: o.view, Door: o, Ports: ports, Health: -1, Limits: sip.Limits{NewCallsPerSecond: 2000},
	}
	if change != nil {
		change(o, &opts)
	}
	if o.Server, err = sip.Listen(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// told waits until n calls are over, and returns what was told of each.
func (o *office) told(t *testing.T, n int) []string {
	t.Helper()
	limit := time.After(patience)
	var all []string
	o.mu.Lock()
	diaries := o.diaries
	o.mu.Unlock()
	if len(diaries) != n {
		t.Fatalf("%d calls, want %d", len(diaries), n)
	}
	for _, d := range diaries {
		select {
		case <-d.over:
			all = append(all, strings.Join(d.lines, ", "))
		case <-limit:
			t.Fatal("a call does not end")
		}
	}
	return all
}

func TestSippCaller(t *testing.T) {
	for _, transport := range []string{"u1", "t1", "tn"} {
		t.Run(transport, func(t *testing.T) {
			o := openOffice(t, nil)
			sipp(t, "uac", o.Addr().String(), "-t", transport, "-m", "20", "-r", "50", "-max_socket", "500")
			for _, got := range o.told(t, 20) {
				if got != "answered false, ended 200 q850=0 byPeer=true" {
					t.Errorf("told %s", got)
				}
			}
		})
	}
}

func TestSippCancel(t *testing.T) {
	o := openOffice(t, func(o *office, _ *sip.Options) { o.answer = false })
	sipp(t, "cancel", o.Addr().String(), "-m", "10", "-r", "50")
	for _, got := range o.told(t, 10) {
		if got != "ended 487 q850=31 byPeer=true" {
			t.Errorf("told %s", got)
		}
	}
}

func TestSippHold(t *testing.T) {
	o := openOffice(t, nil)
	sipp(t, "hold", o.Addr().String(), "-m", "5", "-r", "50")
	for _, got := range o.told(t, 5) {
		if got != "answered false, held true, held false, digit 1, ended 200 q850=0 byPeer=true" {
			t.Errorf("told %s", got)
		}
	}
}

// Six hundred calls in a few seconds, and nothing left of them.
func TestSippManyCalls(t *testing.T) {
	o := openOffice(t, nil)
	sipp(t, "uac", o.Addr().String(), "-m", "600", "-r", "200", "-l", "300")
	for _, got := range o.told(t, 600) {
		if got != "answered false, ended 200 q850=0 byPeer=true" {
			t.Errorf("told %s", got)
		}
	}
	if s := o.Stats(); s.Legs != 0 || s.Inbound != 600 || s.Refused != 0 || s.Faults != 0 {
		t.Errorf("stats %+v", s)
	}
	if s := o.Status(); s[0].Calls != 0 {
		t.Errorf("status %+v", s)
	}
}

func TestSippCallee(t *testing.T) {
	for _, transport := range []string{"u1", "t1"} {
		t.Run(transport, func(t *testing.T) {
			port := freePort(t)
			cmd := sippCommand(t, "uas", "-t", transport, "-p", strconv.Itoa(port), "-m", "1")
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			o := openOffice(t, func(o *office, _ *sip.Options) {
				trunk := o.trunks[0]
				trunk.Peer, trunk.Username, trunk.Password = fmt.Sprintf("127.0.0.1:%d", port), "desk", "secret"
				if transport == "t1" {
					trunk.Transport = "tcp"
				}
			})
			awaitPort(t, transport, port)
			n := newAnswered()
			l := o.Dial(o.trunks[0], "4008001000", "13800138000", 20*time.Second, n)
			select {
			case <-n.up:
			case <-n.over:
				t.Fatalf("told %v", n.lines)
			}
			if got := l.Port().Format().String(); got != "PCMU+dtmf/96" {
				t.Errorf("format %s", got)
			}
			l.HangUp(0, 0)
			<-n.over
			if err := cmd.Wait(); err != nil {
				t.Errorf("sipp: %v\n%s", err, out.String())
			}
			if got := strings.Join(n.lines, ", "); !strings.HasSuffix(got, "answered false, ended 200 q850=0 byPeer=false") {
				t.Errorf("told %s", got)
			}
		})
	}
}

// answered is a listener that can be waited for.
type answered struct {
	*notes

	rang, up chan struct{}
}

func newAnswered() *answered {
	return &answered{notes: &notes{over: make(chan struct{})}, rang: make(chan struct{}), up: make(chan struct{})}
}

func (a *answered) Ringing() {
	a.notes.Ringing()
	close(a.rang)
}

func (a *answered) Answered(voicemail bool) {
	a.notes.Answered(voicemail)
	close(a.up)
}

// awaitPort waits until somebody listens. Over UDP there is no need to: requests are repeated.
func awaitPort(t *testing.T, transport string, port int) {
	t.Helper()
	limit := time.Now().Add(patience)
	for transport != "u1" {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(limit) {
			t.Fatal("nobody listens")
		}
		runtime.Gosched()
	}
}
