package bus

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/live"
)

// victimDir tells the test binary that it is to be killed, and where its files are.
const victimDir = "OPENSEAT_BUS_VICTIM"

// things of the victim.
const crowd = 20

// victim runs things and appends until it is killed. It prints what the journal has acknowledged.
func victim(dir string) {
	b, err := Open(context.Background(), Options{Dir: dir, Node: "v", Codec: codec()})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	r := live.New(live.Config{
		Node: b.Node(), Journal: b, Leases: b, Snapshots: b, Executor: printer{}, SnapshotEntries: 50,
		Make: func(openseat.Ref) openseat.Thing { return &talker{} },
	})
	for i := range crowd {
		if err := r.Start(context.Background(), ref(strconv.Itoa(i)), said{What: "0"}); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	for n := 1; ; n++ {
		for i := range crowd {
			_, _ = r.Ask(context.Background(), ref(strconv.Itoa(i)), said{}) // keeps the mailboxes short
			_ = r.Tell(context.Background(), ref(strconv.Itoa(i)), said{What: strconv.Itoa(n)})
		}
	}
}

// printer is told what has been written: its lines are acknowledged entries.
type printer struct{}

func (printer) Execute(r openseat.Ref, _ time.Time, commands []openseat.Command) {
	for _, c := range commands {
		fmt.Println("written", r.ID, c.(shout).What)
	}
}

func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	exe, err := os.Executable()
	must(t, err)
	for _, lines := range []int{crowd, 500, 3000} {
		t.Run(fmt.Sprint("after ", lines), func(t *testing.T) {
			dir := t.TempDir()
			written := killed(t, exe, dir, lines)
			b := (&engine{options: Options{Dir: dir}}).node(t, "v")
			for id, want := range written {
				entries, err := b.Read(t.Context(), ref(id), 0)
				must(t, err)
				found := map[string]bool{}
				for _, e := range entries {
					if s, ok := e.Event.(said); ok {
						found[s.What] = true
					}
				}
				for _, what := range want {
					if !found[what] {
						t.Errorf("call %s: entry %s was acknowledged and is not there", id, what)
					}
				}
			}
			r := runtime(t, b)
			must(t, r.Recover(t.Context()))
			if n := r.Count(openseat.KindCall); n != crowd {
				t.Errorf("%d calls go on, want %d", n, crowd)
			}
			for id, want := range written {
				n, err := live.As[int](r.Ask(t.Context(), ref(id), said{}))
				must(t, err)
				if n < len(want) {
					t.Errorf("call %s has heard %d of %d", id, n, len(want))
				}
				must(t, r.Tell(t.Context(), ref(id), said{What: "bye"}))
			}
			must(t, r.Drain(t.Context()))
		})
	}
}

// killed runs the victim until it has printed so many lines, kills it, and returns what it had printed, by thing.
func killed(t *testing.T, exe, dir string, lines int) map[string][]string {
	t.Helper()
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	written := map[string][]string{}
	n := 0
	for scan := bufio.NewScanner(out); scan.Scan(); {
		word := strings.Fields(scan.Text())
		if len(word) != 3 || word[0] != "written" {
			_ = cmd.Process.Kill()
			t.Fatal(scan.Text())
		}
		written[word[1]] = append(written[word[1]], word[2])
		if n++; n == lines {
			must(t, cmd.Process.Kill()) // SIGKILL; what is still in the pipe was acknowledged, too
		}
	}
	_ = cmd.Wait()
	if n < lines {
		t.Fatalf("the victim died by itself after %d lines", n)
	}
	return written
}
