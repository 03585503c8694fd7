package bus

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"openseat"
	"openseat/live"
)

// shipped is an entry of about 300 bytes of JSON, as most are.
func shipped() openseat.Entry {
	return openseat.Entry{At: time.Now().UTC(), Event: said{What: "a digit from the customer's leg, and how long ago it was"}, Commands: []openseat.Command{
		shout{"play the next prompt to the customer"}, openseat.SetTimer{Name: "no-input", After: 5 * time.Second},
	}}
}

func benchBus(b *testing.B) *Bus {
	b.Helper()
	bus, err := Open(b.Context(), Options{Dir: b.TempDir(), Node: "a", Codec: codec()})
	must(b, err)
	b.Cleanup(func() { _ = bus.Close() })
	return bus
}

// cpu is the time this process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// median and 99th percentile of what a benchmark measured itself.
func report(b *testing.B, took []time.Duration, computed time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
	if computed > 0 {
		b.ReportMetric(float64(computed.Nanoseconds())/1e3/float64(len(took)), "cpu-µs/op")
	}
}

// Appends that wait for the journal, one at a time and from many things at once.
func BenchmarkAppend(b *testing.B) {
	for _, things := range []int{1, 100} {
		b.Run(strconv.Itoa(things), func(b *testing.B) {
			bus := benchBus(b)
			took := make([]time.Duration, b.N)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			before := cpu()
			for i := range things {
				wg.Go(func() {
					var last uint64
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						began := time.Now()
						seq, err := bus.Append(b.Context(), ref(fmt.Sprint("t", i)), last, shipped())
						if err != nil {
							b.Error(err)
							return
						}
						took[n-1] = time.Since(began)
						last = seq
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			report(b, took, cpu()-before)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
		})
	}
}

// From Append's call to a listener's hearing of it.
func BenchmarkWatchLatency(b *testing.B) {
	bus := benchBus(b)
	heard := make(chan struct{})
	_, err := bus.Watch(b.Context(), Subjects(1400000001, openseat.KindCall), nil, func(openseat.Entry) { heard <- struct{}{} })
	must(b, err)
	took := make([]time.Duration, b.N)
	var last uint64
	b.ResetTimer()
	for n := range b.N {
		began := time.Now()
		seq, err := bus.Append(b.Context(), ref("1"), last, shipped())
		must(b, err)
		<-heard
		took[n], last = time.Since(began), seq
	}
	b.StopTimer()
	report(b, took, 0)
}

// A thing from its beginning to its end: lease, two entries, lease given back.
func BenchmarkThing(b *testing.B) {
	bus := benchBus(b)
	r := live.New(live.Config{
		Node: bus.Node(), Journal: bus, Leases: bus, Snapshots: bus, Executor: nobody{},
		Make: func(openseat.Ref) openseat.Thing { return &talker{} },
	})
	defer func() { _ = r.Close() }()
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	before := cpu()
	for n := range b.N {
		began := time.Now()
		must(b, r.Start(b.Context(), ref(fmt.Sprint("t", n)), said{What: "hello"}))
		took[n] = time.Since(began)
		must(b, r.Tell(b.Context(), ref(fmt.Sprint("t", n)), said{What: "bye"}))
	}
	must(b, r.Drain(b.Context()))
	b.StopTimer()
	report(b, took, cpu()-before)
}
