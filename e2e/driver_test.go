package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// driver is a Node program that takes requests as JSON lines on its stdin.
type driver struct {
	t    *testing.T
	name string
	in   io.WriteCloser

	mu      sync.Mutex
	id      uint64
	waiting map[uint64]chan driven
	said    []string // by pages, and by the program on stderr
}

// driven is the answer to a request.
type driven struct {
	ID    uint64          `json:"id"`
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
	Page  string          `json:"page"`
	Said  string          `json:"said"`
}

// startNode starts a Node program with options and answers it and its stdout. It ends with the test.
func startNode(t *testing.T, program string, options any) (*driver, io.Reader) {
	t.Helper()
	need(t, "node")
	arg, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", program, string(arg))
	d := &driver{t: t, name: program, waiting: map[uint64]chan driven{}}
	if d.in, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = d
	running, err := spawn(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.in.Close() // it ends by itself then
		if !wait(running.over, 10*time.Second) {
			running.kill()
			t.Errorf("%s did not end", program)
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", program, strings.Join(d.diary(), "\n"))
		}
	})
	return d, out
}

// Write notes what the program says on stderr.
func (d *driver) Write(b []byte) (int, error) {
	d.note(strings.TrimSpace(string(b)))
	return len(b), nil
}

const maxSaid = 500

func (d *driver) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.said) < maxSaid {
		d.said = append(d.said, time.Now().Format("15:04:05.000 ")+what)
	}
}

func (d *driver) diary() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.said
}

// read takes the program's answers until it ends.
func (d *driver) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 32<<20)
	for lines.Scan() {
		var a driven
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			d.note(lines.Text())
			continue
		}
		if a.Said != "" {
			d.note(a.Page + " " + a.Said)
			continue
		}
		d.mu.Lock()
		ch := d.waiting[a.ID]
		delete(d.waiting, a.ID)
		d.mu.Unlock()
		if ch != nil {
			ch <- a
		}
	}
}

// expect makes room for the answer to a request.
func (d *driver) expect(id uint64) chan driven {
	ch := make(chan driven, 1)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting[id] = ch
	return ch
}

// ask makes a request, and puts its answer into out unless that is nil.
func (d *driver) ask(do string, with map[string]any, out any) error {
	d.mu.Lock()
	d.id++
	id := d.id
	d.mu.Unlock()
	answer := d.expect(id)
	request := map[string]any{"id": id, "do": do}
	maps.Copy(request, with)
	line, err := json.Marshal(request)
	if err != nil {
		return err
	}
	if _, err := d.in.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("%s %s: %w", d.name, do, err)
	}
	return d.take(answer, do, out)
}

func (d *driver) take(answer chan driven, what string, out any) error {
	timer := time.NewTimer(driverWait)
	defer timer.Stop()
	select {
	case a := <-answer:
		if a.Error != "" {
			return errors.New(what + ": " + a.Error)
		}
		if out == nil || len(a.Value) == 0 {
			return nil
		}
		return json.Unmarshal(a.Value, out)
	case <-timer.C:
		return fmt.Errorf("%s %s: no answer within %v", d.name, what, driverWait)
	}
}

const driverWait = 45 * time.Second
