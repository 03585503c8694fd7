package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// roleVariable tells the program which part it plays.
const roleVariable = "OPENSEAT_BENCH_ROLE"

// The cores: what is measured runs on one, who loads it on the other.
const (
	loadCore     = 0
	measuredCore = 1
)

// process is a program that was started to be measured, or to load what is.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

// startRole starts this program again in a role, with params as the first line of its input.
func startRole(ctx context.Context, core int, role string, params any) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := pinned(ctx, core, self)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	p := &process{cmd: cmd}
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(bufio.NewReader(out))
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return p, p.tell(params)
}

// pinned is a command that runs on one core, and before everything else there, where that is possible: what carries sound
// must not wait for other work of the machine, or it finds several packets at once and looks cheaper than it is.
func pinned(ctx context.Context, core int, program string, args ...string) *exec.Cmd {
	if taskset, ok := canPin(); ok {
		args = append([]string{"-c", strconv.Itoa(core), program}, args...)
		program = taskset
	}
	if chrt, ok := canHurry(ctx); ok {
		args = append([]string{"--rr", "1", program}, args...)
		program = chrt
	}
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // G204: our own program, or the one the caller names
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

func canPin() (taskset string, ok bool) {
	taskset, err := exec.LookPath("taskset")
	return taskset, err == nil && runtime.GOOS == "linux" && runtime.NumCPU() > measuredCore
}

func canHurry(ctx context.Context) (chrt string, ok bool) {
	chrt, err := exec.LookPath("chrt")
	if err != nil || runtime.GOOS != "linux" {
		return "", false
	}
	return chrt, exec.CommandContext(ctx, chrt, "--rr", "1", "true").Run() == nil
}

// method tells how things were run.
func method(ctx context.Context) string {
	how := "Nothing is pinned to a core"
	if _, ok := canPin(); ok {
		how = fmt.Sprintf("What is measured runs on core %d, what loads it on core %d", measuredCore, loadCore)
	}
	if _, ok := canHurry(ctx); ok {
		how += ", both at real-time priority"
	}
	return how
}

func (p *process) tell(v any) error { return json.NewEncoder(p.in).Encode(v) }

// hear reads the next answer.
func (p *process) hear(v any) error { return p.out.Decode(v) }

// ask tells and hears.
func (p *process) ask(question, answer any) error {
	if err := p.tell(question); err != nil {
		return err
	}
	return p.hear(answer)
}

// end lets the process finish: its input ends.
func (p *process) end() error {
	_ = p.in.Close() // a process that is gone says so in Wait
	return p.cmd.Wait()
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// playRole runs a role from its beginning to its only answer.
func playRole(ctx context.Context, role string, params, answer any) error {
	p, err := startRole(ctx, measuredCore, role, params)
	if err != nil {
		return err
	}
	heard := p.hear(answer)
	return errors.Join(p.end(), heard)
}

// stage is the other side: what a role reads and writes.
type stage struct {
	in  *json.Decoder
	out *json.Encoder
}

// play is the program in a role.
func play(ctx context.Context, role string) error {
	roles := map[string]func(context.Context, *stage) error{
		"board": playBoard,
		"api":   playAPI,
		"setup": playSetup,

		"outside": playOutside,

		"talkers":   playTalkers,
		"bare":      playRelay(openBare),
		"ports":     playRelay(openPorts(inPairs)),
		"recorded":  playRelay(openPorts(recorded)),
		"three":     playRelay(openPorts(threeWay)),
		"monitored": playRelay(openPorts(monitored)),
		"batched":   playRelay(openBatched),
		"polled":    playRelay(openPolled),
	}
	do := roles[role]
	if do == nil {
		return fmt.Errorf("no such role: %q", role)
	}
	if err := do(ctx, &stage{json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)}); err != nil {
		return fmt.Errorf("%s: %w", role, err)
	}
	return nil
}

// cpuOf is the CPU time that the threads of a process have used.
func cpuOf(pid int) (used time.Duration, err error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		return 0, fmt.Errorf("/proc: process %d is not there: %w", pid, errors.Join(err, os.ErrNotExist))
	}
	for _, path := range threads {
		b, err := os.ReadFile(path) //nolint:gosec // G304: of /proc
		if err != nil {
			return 0, err
		}
		onCPU, _, _ := strings.Cut(string(b), " ") // then waiting time, and how often
		ns, err := strconv.ParseInt(onCPU, 10, 64)
		if err != nil {
			return 0, err
		}
		used += time.Duration(ns)
	}
	return used, nil
}

// rssOf is the memory of a process that is in use, in KB, but for what it has mapped of files: the program itself and pages
// that go as they come.
func rssOf(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			return strconv.ParseFloat(strings.Fields(rest)[0], 64)
		}
	}
	return 0, errors.New("/proc: no RssAnon")
}
