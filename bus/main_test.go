package bus

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server/ats"

	"openseat"
	"openseat/live"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
		return
	}
	ats.Register() // else the engine starts this clock in the first bubble, and stops it there
	os.Exit(m.Run())
}

// said is an event of these tests, shout a command.
type (
	said struct {
		What string `json:"what"`
		N    int    `json:"n,omitempty"`
	}
	shout struct {
		What string `json:"what"`
	}
)

func (said) EventName() string    { return "test.said" }
func (shout) CommandName() string { return "test.shout" }

func codec() *openseat.Codec {
	return openseat.NewCodec([]openseat.Event{said{}}, []openseat.Command{shout{}})
}

func ref(id string) openseat.Ref { return openseat.CallRef(1400000001, id) }

func line1(what string, commands ...openseat.Command) openseat.Entry {
	return openseat.Entry{At: time.Now().UTC(), Event: said{What: what}, Commands: commands}
}

// engine opens nodes in one engine.
type engine struct {
	options Options
	first   *Bus
}

// node opens a bus as one more node, and sees to it that it is closed.
func (e *engine) node(t *testing.T, name string) *Bus {
	t.Helper()
	o := e.options
	o.Node, o.Codec = name, codec()
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	if o.URL == "" {
		o.within = e.first
	}
	b, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if e.first == nil {
		e.first = b
	}
	return b
}

func embedded(t *testing.T) *engine {
	t.Helper()
	return &engine{options: Options{Dir: t.TempDir()}}
}

// external starts a nats-server of its own, killed at the end.
func external(t *testing.T) *engine {
	t.Helper()
	p := startServer(t, t.TempDir(), "-1")
	return &engine{options: Options{URL: p.url}}
}

// process is a nats-server that runs.
type process struct {
	url string
	cmd *exec.Cmd
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func startServer(t *testing.T, dir, port string) *process {
	t.Helper()
	path, err := exec.LookPath("nats-server")
	if err != nil {
		path = "/usr/sbin/nats-server"
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("nats-server is not installed")
	}
	p := &process{cmd: exec.Command(path, "-js", "-sd", dir, "-a", "127.0.0.1", "-p", port)}
	out, err := p.cmd.StderrPipe()
	must(t, err)
	must(t, p.cmd.Start())
	t.Cleanup(p.kill)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, ok := strings.Cut(lines.Text(), "Listening for client connections on "); ok {
			p.url = "nats://" + strings.TrimSpace(at)
		}
		if strings.Contains(lines.Text(), "Server is ready") {
			go func() {
				for lines.Scan() { // keep the pipe empty
				}
			}()
			return p
		}
	}
	t.Fatal("nats-server does not start")
	return nil
}

// onEveryEngine runs a test on the embedded engine and on a real nats-server.
func onEveryEngine(t *testing.T, f func(t *testing.T, e *engine)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { f(t, embedded(t)) })
	t.Run("nats-server", func(t *testing.T) { f(t, external(t)) })
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e *openseat.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

// receive waits for something that must come.
func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing comes")
		panic("unreachable")
	}
}

// talker is a thing that remembers what was said, and answers how much.
type talker struct{ heard int }

func (k *talker) Handle(_ time.Time, e openseat.Event) []openseat.Command {
	switch e := e.(type) {
	case said:
		k.heard++
		if e.What == "bye" {
			return []openseat.Command{openseat.Done{}}
		}
		return []openseat.Command{shout{e.What}}
	case openseat.Asked:
		return []openseat.Command{openseat.Reply{Ask: e.Ask, Value: k.heard}}
	case openseat.OwnerLost:
		return []openseat.Command{shout{"lost"}}
	}
	return nil
}

func (k *talker) Snapshot() ([]byte, error) { return fmt.Append(nil, k.heard), nil }
func (k *talker) Restore(b []byte) error    { _, err := fmt.Sscan(string(b), &k.heard); return err }

type nobody struct{}

func (nobody) Execute(openseat.Ref, time.Time, []openseat.Command) {}

// runtime runs talkers on a bus.
func runtime(t *testing.T, b *Bus) *live.Runtime {
	t.Helper()
	r := live.New(live.Config{
		Node: b.Node(), Journal: b, Leases: b, Snapshots: b, Remote: b, Executor: nobody{}, Logger: b.log,
		Make: func(openseat.Ref) openseat.Thing { return &talker{} },
	})
	must(t, b.Serve(r))
	t.Cleanup(func() { _ = r.Close() })
	return r
}
