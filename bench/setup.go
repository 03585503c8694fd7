package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"openseat/api"
)

// How many queued calls make one measurement, after how many that warm up.
const (
	setupCalls    = 600
	setupWarmUp   = 150
	setupAtOnce   = 40 // with far fewer agents, so that callers really wait
	setupStarters = 10 // calls that begin in the same moment
	setupAgents   = 5
)

// setupParams says what the role measures.
type setupParams struct {
	PushURL string // empty: no data push
	Profile string // file for a CPU profile, empty: none
}

// setupCost is what a call cost.
type setupCost struct {
	CPU     float64 // ms a call
	Rate    float64 // calls a second
	Entries float64 // of the journal, a call
	Bytes   float64 // of those
	Waited  float64 // part of the callers that found nobody free
}

func measureSetup(ctx context.Context, b *bench) error {
	receiver := httptest.NewServer(http.HandlerFunc(takePush))
	defer receiver.Close()
	var alone, pushed, rate []float64
	var last setupCost
	for n := range b.rounds {
		var withPush setupCost
		if err := playRole(ctx, "setup", setupParams{Profile: b.profileOf("setup", n)}, &last); err != nil {
			return err
		}
		if err := playRole(ctx, "setup", setupParams{PushURL: receiver.URL, Profile: b.profileOf("push", n)}, &withPush); err != nil {
			return err
		}
		alone, pushed, rate = append(alone, last.CPU), append(pushed, withPush.CPU), append(rate, last.Rate)
	}
	b.add(figure{what: "a queued call's whole set-up, CPU (flow, board, journal, CDR, rows of 2 recordings)", unit: "ms", runs: alone, most: 2})
	b.add(figure{what: "the same and its three data pushes, posted and settled", unit: "ms", runs: pushed})
	b.add(figure{what: "queued calls a second on one core, without lines", unit: "/s", runs: rate})
	b.sayf("A queued call writes %.0f journal entries, %.1f KB; %.0f %% of the callers had to wait for an agent.",
		last.Entries, last.Bytes/1024, 100*last.Waited)
	return nil
}

// takePush is the company's server that takes every push.
func takePush(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(api.PushReply{}) //nolint:errchkjson // a number and a string
}

// playSetup runs calls through everything but the lines and the pages' sockets: runtime, boards, embedded journal and
// leases, the gateway's and the lists' reading of the journal, the keeper of records, SQLite, and (when asked) data push.
func playSetup(ctx context.Context, s *stage) error {
	var params setupParams
	if err := s.in.Decode(&params); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "openseat-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := openDesk(ctx, dir, params.PushURL)
	if err != nil {
		return err
	}
	defer d.close()
	if err := d.calls(ctx, setupWarmUp, setupAtOnce); err != nil {
		return fmt.Errorf("warming up: %w", err)
	}
	stop, err := profileInto(params.Profile)
	if err != nil {
		return err
	}
	d.count.reset()
	size := folderSize(journalFolder(dir))
	cpu, began := ownCPU(), time.Now()
	err = d.calls(ctx, setupCalls, setupAtOnce)
	cpu, took := ownCPU()-cpu, time.Since(began)
	stop()
	if err != nil {
		return err
	}
	size = folderSize(journalFolder(dir)) - size
	return s.out.Encode(setupCost{
		CPU: cpu.Seconds() * 1000 / setupCalls, Rate: setupCalls / took.Seconds(),
		Entries: float64(d.count.entries.Load()) / setupCalls, Bytes: float64(size) / setupCalls, Waited: float64(d.count.waited.Load()) / setupCalls,
	})
}

// ownCPU is the CPU time this process has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails only for another argument
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// profileOf is where the CPU profile of the last round goes.
func (b *bench) profileOf(what string, round int) string {
	if b.profile == "" || round != b.rounds-1 {
		return ""
	}
	return b.profile + "/" + what + ".pprof"
}

// profileInto profiles this process until stop.
func profileInto(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path) //nolint:gosec // G304: the caller's own file
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); _ = f.Close() }, nil
}

// journalFolder is where the embedded engine keeps the journal's messages.
func journalFolder(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "nats", "jetstream", "*", "streams", "JOURNAL", "msgs")) // the pattern is good
	return strings.Join(found, "")
}

func folderSize(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, f fs.DirEntry, err error) error { // what cannot be read does not count
		if err != nil || f.IsDir() {
			return err
		}
		if info, err := f.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
