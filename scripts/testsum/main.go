// Testsum reads `go test -json` and prints what a person wants of it: each package's closing line, everything a failed
// test said, which tests were skipped and why, and one closing line of counts. It fails when a test failed, and, when
// CI=true, when one was skipped: there every peer is installed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	sum, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
	sum.print(os.Stdout)
	if sum.failed > 0 || os.Getenv("CI") == "true" && len(sum.skipped) > 0 {
		os.Exit(1)
	}
}

// event is a line of `go test -json` (see `go doc test2json`).
type event struct {
	Action      string
	Package     string
	ImportPath  string // instead of Package, in build output
	Test        string
	Output      string
	FailedBuild string
}

// summary is what has been seen so far.
type summary struct {
	passed, failed int
	skipped        map[string]string      // test -> its reason
	said           map[[2]string][]string // package, test -> output not shown yet
	out            io.Writer              // where package lines and failures go
}

// read takes in the whole run; lines that are no JSON (a build error of an old toolchain) are passed on as they are.
func read(r io.Reader, w io.Writer) (*summary, error) {
	s := &summary{skipped: map[string]string{}, said: map[[2]string][]string{}, out: w}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for in.Scan() {
		var e event
		if err := json.Unmarshal(in.Bytes(), &e); err != nil {
			fmt.Fprintln(w, in.Text())
			continue
		}
		s.take(e)
	}
	return s, in.Err()
}

func (s *summary) take(e event) {
	key := [2]string{e.Package, e.Test}
	switch e.Action {
	case "output":
		s.said[key] = append(s.said[key], e.Output)
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e, key)
		} else {
			s.endTest(e, key)
		}
		delete(s.said, key)
	}
}

func (s *summary) endTest(e event, key [2]string) {
	switch e.Action {
	case "pass":
		s.passed++
	case "skip":
		s.skipped[e.Package+" "+e.Test] = reason(s.said[key])
	case "fail":
		s.failed++
		s.show(s.said[key])
	}
}

// endPackage prints a package's closing line; of a failed one, also what no test of it owns and what its unfinished tests
// said (a panic, a time-out).
func (s *summary) endPackage(e event, key [2]string) {
	lines := s.said[key]
	if e.Action != "fail" {
		if n := len(lines); n > 0 && !strings.Contains(lines[n-1], "[no test files]") {
			s.show(lines[n-1:])
		}
		return
	}
	for unfinished, said := range s.said {
		if unfinished[0] == e.Package && unfinished[1] != "" {
			s.failed++
			s.show(said)
			delete(s.said, unfinished)
		}
	}
	if e.FailedBuild != "" {
		s.failed++
	}
	s.show(lines)
}

func (s *summary) show(lines []string) {
	for _, l := range lines {
		fmt.Fprint(s.out, l)
	}
}

// reason finds what t.Skip was told: the output line that the testing package put a file name before.
func reason(said []string) string {
	for _, l := range said {
		if _, why, ok := strings.Cut(l, "_test.go:"); ok {
			if _, text, ok := strings.Cut(why, ": "); ok { // after the line number
				why = text
			}
			return strings.TrimSpace(why)
		}
	}
	return ""
}

func (s *summary) print(w io.Writer) {
	for _, test := range slices.Sorted(maps.Keys(s.skipped)) {
		fmt.Fprintf(w, "skipped: %s (%s)\n", test, s.skipped[test])
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", s.passed, s.failed, len(s.skipped))
}
