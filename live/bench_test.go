package live_test

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"openseat"
	"openseat/live"
	"openseat/live/livetest"
)

// nowhere is a journal that only counts.
type nowhere struct {
	mu  sync.Mutex
	seq uint64
}

func (j *nowhere) Append(context.Context, openseat.Ref, uint64, openseat.Entry) (uint64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	return j.seq, nil
}

func (*nowhere) Read(context.Context, openseat.Ref, uint64) ([]openseat.Entry, error) {
	return nil, nil
}

// echo is a thing that wants the same for whatever it is told.
type echo struct{ wants []openseat.Command }

func (e *echo) Handle(time.Time, openseat.Event) []openseat.Command { return e.wants }

// tick is an executor that lets the bench go on.
type tick chan struct{}

func (c tick) Execute(openseat.Ref, time.Time, []openseat.Command) { c <- struct{}{} }

func benchRuntime(b *testing.B, executor live.Executor) *live.Runtime {
	wants := []openseat.Command{lift{"x"}}
	r := live.New(live.Config{
		Node: "a", Journal: &nowhere{}, Leases: livetest.NewCluster().Node("a"), Executor: executor, Mailbox: 1 << 20,
		Make: func(openseat.Ref) openseat.Thing { return &echo{wants} },
	})
	b.Cleanup(func() { _ = r.Close() })
	return r
}

// One event at a time through one thing: Tell, Handle, Append, Execute.
func BenchmarkTellToExecute(b *testing.B) {
	done := make(tick)
	r := benchRuntime(b, done)
	go func() { _ = r.Start(b.Context(), ref("1"), note("hello")) }()
	<-done
	var e openseat.Event = note("go")
	b.ReportAllocs()
	for b.Loop() {
		_ = r.Tell(b.Context(), ref("1"), e)
		<-done
	}
}

// A thousand things at once.
func BenchmarkThousandThings(b *testing.B) {
	done := make(tick, 1<<16)
	r := benchRuntime(b, done)
	refs := make([]openseat.Ref, 1000)
	for i := range refs {
		refs[i] = ref(strconv.Itoa(i))
		_ = r.Start(b.Context(), refs[i], note("hello"))
		<-done
	}
	var e openseat.Event = note("go")
	b.ReportAllocs()
	b.ResetTimer()
	go func() {
		for i := range b.N {
			for r.Tell(b.Context(), refs[i%len(refs)], e) != nil {
				time.Sleep(time.Millisecond)
			}
		}
	}()
	for range b.N {
		<-done
	}
}

// What an idle thing costs in memory, its goroutine's stack included.
func BenchmarkIdleThing(b *testing.B) {
	r := benchRuntime(b, make(tick, b.N))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range b.N {
		_ = r.Start(b.Context(), ref(strconv.Itoa(i)), note("hello"))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := after.HeapInuse + after.StackInuse - before.HeapInuse - before.StackInuse
	b.ReportMetric(float64(used)/float64(b.N), "bytes/thing")
}
