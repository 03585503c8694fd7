// Command bench measures OpenSeat against its targets and prints one table; `make bench` runs it.
//
//	bench (this process)                         what it starts, each on a processor core of its own where taskset is there
//	  sections ── run ──▶ roles: the same program again, told by OPENSEAT_BENCH_ROLE what to be: the bare forwarder,
//	     │                ports, pages, the board, …; it answers with lines of JSON
//	     └──── start ───▶ bin/openseat: the real server, watched through /proc
//
// Every figure is taken several times and given as its median. What is a ratio is one of the same run: the bare forwarder
// and what is compared with it take turns.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the command line's.
type options struct {
	only    string
	rounds  int
	server  string
	doc     string
	profile string
}

// section measures some figures.
type section struct {
	name string
	run  func(ctx context.Context, b *bench) error
}

// sections in the order of the table.
func sections() []section {
	return []section{
		{"relay", measureRelay},
		{"browser", measureBrowser},
		{"setup", measureSetup},
		{"whole", measureWhole},
		{"board", measureBoard},
		{"api", measureAPI},
		{"next", measureNext},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if role := os.Getenv(roleVariable); role != "" {
		exit(play(ctx, role))
	}
	var o options
	flag.StringVar(&o.only, "only", "", "only these sections, separated by commas: "+strings.Join(sectionNames(), ", "))
	flag.IntVar(&o.rounds, "rounds", 3, "how often each figure is taken")
	flag.StringVar(&o.server, "server", "bin/openseat", "the server that is measured")
	flag.StringVar(&o.doc, "write", "", "put the table into this document, between its markers")
	flag.StringVar(&o.profile, "profile", "", "folder for CPU profiles of what is measured (they cost some CPU themselves)")
	flag.Parse()
	exit(run(ctx, o, os.Stdout))
}

func exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func sectionNames() (names []string) {
	for _, s := range sections() {
		names = append(names, s.name)
	}
	return names
}

// bench is one run of everything.
type bench struct {
	options
	figures []figure
	notes   []string
	log     io.Writer
}

func run(ctx context.Context, o options, out io.Writer) error {
	b := &bench{options: o, log: os.Stderr}
	if o.rounds < 1 {
		return errors.New("-rounds must be at least 1")
	}
	began := time.Now()
	for _, s := range sections() {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), s.name) {
			continue
		}
		fmt.Fprintf(b.log, "measuring %s …\n", s.name)
		if err := s.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	report := b.report(ctx, time.Since(began))
	fmt.Fprint(out, report)
	if o.doc == "" {
		return nil
	}
	return writeInto(o.doc, report)
}

// sayf adds a sentence below the table.
func (b *bench) sayf(format string, v ...any) { b.notes = append(b.notes, fmt.Sprintf(format, v...)) }

// median of what was measured.
func median[T cmp.Ordered](runs []T) T {
	sorted := slices.Sorted(slices.Values(runs))
	return sorted[len(sorted)/2]
}
