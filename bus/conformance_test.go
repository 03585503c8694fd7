package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"openseat"
	"openseat/live"
)

func TestJournalKeepsAThingsEntriesInOrder(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b := e.node(t, "a")
		var last uint64
		for i := range 20 {
			entry := line1(strconv.Itoa(i), shout{"x"}, openseat.Tell{To: ref("2"), Event: said{What: "psst"}})
			seq, err := b.Append(t.Context(), ref("1"), last, entry)
			must(t, err)
			_, err = b.Append(t.Context(), ref("2"), 0, line1("other"))
			if i > 0 && !errors.Is(err, live.ErrConflict) {
				t.Fatalf("a second beginning: %v", err)
			}
			if seq <= last {
				t.Fatalf("seq %d after %d", seq, last)
			}
			last = seq
		}
		_, err := b.Append(t.Context(), ref("1"), last-1, line1("late"))
		if !errors.Is(err, live.ErrConflict) {
			t.Fatalf("got %v, want a conflict", err)
		}
		_, err = b.Append(t.Context(), openseat.CallRef(1, "a.b"), 0, line1("x"))
		if !errors.Is(err, live.ErrUnwritable) {
			t.Fatalf("got %v, want unwritable", err)
		}
		entries, err := b.Read(t.Context(), ref("1"), 0)
		must(t, err)
		if len(entries) != 20 {
			t.Fatalf("%d entries, want 20", len(entries))
		}
		third := entries[3]
		if third.Event != (said{What: "3"}) || len(third.Commands) != 2 || third.Commands[0] != (shout{"x"}) ||
			third.Ref != ref("1") || time.Since(third.At) > time.Minute {
			t.Errorf("read back as %+v", third)
		}
		if tell, _ := third.Commands[1].(openseat.Tell); tell.Event != (said{What: "psst"}) {
			t.Errorf("tell read back as %+v", third.Commands[1])
		}
		rest, err := b.Read(t.Context(), ref("1"), entries[17].Seq)
		must(t, err)
		if len(rest) != 2 || rest[0].Seq != entries[18].Seq {
			t.Errorf("after the 18th: %+v", rest)
		}
	})
}

func TestManyAppendAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b := e.node(t, "a")
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				var last uint64
				for n := range 20 {
					seq, err := b.Append(t.Context(), ref(strconv.Itoa(i)), last, openseat.Entry{At: time.Now(), Event: said{N: n}})
					if err != nil {
						t.Error(err)
						return
					}
					last = seq
				}
			})
		}
		wg.Wait()
		for i := range 50 {
			entries, err := b.Read(t.Context(), ref(strconv.Itoa(i)), 0)
			must(t, err)
			for n, entry := range entries {
				if entry.Event != (said{N: n}) {
					t.Fatalf("entry %d of %d is %+v", n, i, entry)
				}
			}
		}
	})
}

func TestLeases(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		a, b := e.node(t, "a"), e.node(t, "b")
		ctx := t.Context()
		first, err := a.Acquire(ctx, ref("1"))
		must(t, err)
		var taken *live.TakenError
		if _, err := b.Acquire(ctx, ref("1")); !errors.As(err, &taken) || taken.Node != a.Node() {
			t.Fatalf("got %v", err)
		}
		second, err := a.Acquire(ctx, ref("1"))
		must(t, err)
		if second.Rev <= first.Rev || second.Before != nil {
			t.Fatalf("renewed as %+v", second)
		}
		must(t, a.Release(ctx, first)) // too late: the lease has been renewed
		o, err := b.Owner(ctx, ref("1"))
		must(t, err)
		if o == nil || o.Node != a.Node() || !o.Alive {
			t.Fatalf("owner %+v", o)
		}
		if refs, err := b.Running(ctx, openseat.KindCall); err != nil || len(refs) != 1 || refs[0] != ref("1") {
			t.Fatalf("running %v, %v", refs, err)
		}
		if refs, err := b.Running(ctx, openseat.KindBoard); err != nil || len(refs) != 0 {
			t.Fatalf("running boards %v, %v", refs, err)
		}
		must(t, a.Release(ctx, second))
		if o, err = b.Owner(ctx, ref("1")); err != nil || o != nil {
			t.Fatalf("owner %+v, %v", o, err)
		}
		third, err := b.Acquire(ctx, ref("1"))
		must(t, err)
		must(t, b.Release(ctx, live.Lease{Ref: third.Ref}))
		if refs, err := b.Orphans(ctx); err != nil || len(refs) != 0 {
			t.Fatalf("orphans %v, %v", refs, err)
		}
	})
}

func TestANodeThatSaysGoodbyeLeavesItsThings(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b, a := e.node(t, "b"), e.node(t, "a")
		for i := range 10 {
			_, err := a.Acquire(t.Context(), ref(strconv.Itoa(i)))
			must(t, err)
		}
		must(t, a.Close())
		var refs []openseat.Ref
		for len(refs) < 10 { // until the goodbye has arrived
			var err error
			refs, err = b.Orphans(t.Context())
			must(t, err)
		}
		if refs, err := b.Running(t.Context(), openseat.KindCall); err != nil || len(refs) != 0 {
			t.Fatalf("dead calls run: %v, %v", refs, err)
		}
		l, err := b.Acquire(t.Context(), refs[0])
		must(t, err)
		if l.Before == nil || l.Before.Node != a.Node() || time.Since(l.Before.LastAlive) > time.Minute {
			t.Fatalf("lease %+v", l)
		}
		again := e.node(t, "b") // a second life of b: the first one is dead, whatever it says
		o, err := again.Owner(t.Context(), refs[0])
		must(t, err)
		if o == nil || o.Alive {
			t.Fatalf("owner %+v", o)
		}
	})
}

func TestSnapshotsSmallAndLarge(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b := e.node(t, "a")
		ctx := t.Context()
		at := time.Now().UTC().Round(0)
		for i, size := range []int{0, 100, 3 << 20, 2 << 20, 10} {
			s := live.Snapshot{Seq: uint64(i + 1), At: at, Timers: []live.Timer{{Name: "tea", At: at}}, State: bytes.Repeat([]byte{byte(i)}, size)}
			must(t, b.Save(ctx, ref("1"), s))
			got, err := b.Load(ctx, ref("1"))
			must(t, err)
			if got.Seq != s.Seq || !got.At.Equal(at) || len(got.Timers) != 1 || !bytes.Equal(got.State, s.State) {
				t.Fatalf("size %d: seq %d, %d timers, %d bytes", size, got.Seq, len(got.Timers), len(got.State))
			}
		}
		must(t, b.Save(ctx, ref("1"), live.Snapshot{Seq: 2}))
		if got, err := b.Load(ctx, ref("1")); err != nil || got.Seq != 5 {
			t.Fatalf("an old snapshot has replaced a newer one: %+v, %v", got, err)
		}
		must(t, b.Delete(ctx, ref("1")))
		if got, err := b.Load(ctx, ref("1")); err != nil || got != nil {
			t.Fatalf("got %+v, %v", got, err)
		}
	})
}

func TestTokensServeOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		nodes := []*Bus{e.node(t, "a"), e.node(t, "b")}
		ctx := t.Context()
		must(t, nodes[0].PutOnce(ctx, "login", "secret", []byte("alice"), time.Minute))
		wantCode(t, nodes[1].PutOnce(ctx, "login", "secret", nil, time.Minute), openseat.CodeInUse)
		must(t, nodes[1].PutOnce(ctx, "other", "secret", []byte("bob"), time.Minute))
		var served atomic.Int32
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				v, err := nodes[i%2].TakeOnce(ctx, "login", "secret")
				if err == nil && string(v) == "alice" {
					served.Add(1)
				} else if !errors.Is(err, openseat.Errorf(openseat.CodeNotFound, "")) {
					t.Errorf("got %q, %v", v, err)
				}
			})
		}
		wg.Wait()
		if served.Load() != 1 {
			t.Errorf("served %d times", served.Load())
		}
		must(t, nodes[0].PutOnce(ctx, "login", "short", []byte("x"), time.Nanosecond))
		_, err := nodes[0].TakeOnce(ctx, "login", "short")
		wantCode(t, err, openseat.CodeNotFound)
		wantCode(t, nodes[0].PutOnce(ctx, "login", "long", nil, 48*time.Hour), openseat.CodeInvalidValue)
	})
}

func TestNotices(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		a, b := e.node(t, "a"), e.node(t, "b")
		heard := make(chan string, 10)
		stop, err := b.Subscribe("org.changed.*", func(subject string, payload []byte) { heard <- subject + " " + string(payload) })
		must(t, err)
		must(t, a.Publish("org.changed.1400000001", []byte("staff")))
		if got := receive(t, heard); got != "org.changed.1400000001 staff" {
			t.Errorf("got %q", got)
		}
		stop()
	})
}

func TestAConsumerHandlesEverythingAndGoesOnWhereItWas(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		a, b := e.node(t, "a"), e.node(t, "b")
		for i := range 30 {
			_, err := a.Append(t.Context(), ref(fmt.Sprint(i%3, "-", i)), 0, openseat.Entry{At: time.Now(), Event: said{N: i}, Commands: []openseat.Command{shout{"x"}}})
			must(t, err)
		}
		_, err := a.Append(t.Context(), openseat.BoardRef(1400000001), 0, line1("not a call"))
		must(t, err)
		_, err = a.Append(t.Context(), ref("quiet"), 0, line1("no command"))
		must(t, err)

		seen := make(chan int, 100)
		loud := func(names []string) bool { return slices.Contains(names, "test.shout") }
		handle := func(_ context.Context, e openseat.Entry) error { seen <- e.Event.(said).N; return nil }
		consume := func(bus *Bus) (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() {
				done <- bus.Consume(ctx, "cdr", []string{Subjects(0, openseat.KindCall), "journal.1.none.*"}, loud, handle)
			}()
			return func() { cancel(); must(t, receive(t, done)) }
		}
		stop := consume(a)
		got := map[int]int{}
		for range 30 {
			got[receive(t, seen)]++
		}
		if len(got) != 30 {
			t.Fatalf("seen %v", got)
		}
		stop()
		_, err = a.Append(t.Context(), ref("30"), 0, openseat.Entry{At: time.Now(), Event: said{N: 30}, Commands: []openseat.Command{shout{"x"}}})
		must(t, err)
		stop = consume(b) // another node goes on
		if n := receive(t, seen); n != 30 {
			t.Errorf("it begins with %d again", n)
		}
		stop()
	})
}

func TestAnEntryThatCannotBeHandledHoldsUpOnlyItsOwnThing(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b := e.node(t, "a")
		put := func(id string, last uint64, n int) uint64 {
			seq, err := b.Append(t.Context(), ref(id), last, openseat.Entry{At: time.Now(), Event: said{N: n}})
			must(t, err)
			return seq
		}
		put("bad", put("bad", 0, 1), 2)
		put("good", put("good", 0, 3), 4)
		seen := make(chan int, 100)
		tries := 0
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- b.Consume(ctx, "push", nil, nil, func(_ context.Context, e openseat.Entry) error {
				n := e.Event.(said).N
				if n == 1 {
					if tries++; tries == 1 {
						panic("a bug")
					} else if tries < 3 {
						return errors.New("their server is down")
					}
				}
				seen <- n
				return nil
			})
		}()
		if order := []int{receive(t, seen), receive(t, seen), receive(t, seen), receive(t, seen)}; !slices.Equal(order, []int{3, 4, 1, 2}) {
			t.Errorf("handled in the order %v", order)
		}
		cancel()
		must(t, receive(t, done))
	})
}

func TestWatchingFromNowOn(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		a, b := e.node(t, "a"), e.node(t, "b")
		last, err := a.Append(t.Context(), ref("1"), 0, line1("before"))
		must(t, err)
		heard := make(chan openseat.Entry, 10)
		ctx, cancel := context.WithCancel(t.Context())
		w, err := b.Watch(ctx, Subjects(1400000001, openseat.KindCall), nil, func(e openseat.Entry) { heard <- e })
		must(t, err)
		_, err = a.Append(t.Context(), openseat.CallRef(1400000002, "x"), 0, line1("another instance's"))
		must(t, err)
		_, err = a.Append(t.Context(), ref("1"), last, line1("now", shout{"x"}))
		must(t, err)
		if got := receive(t, heard); got.Event != (said{What: "now"}) || got.Ref != ref("1") || len(got.Commands) != 1 {
			t.Errorf("heard %+v", got)
		}
		cancel()
		receive(t, w.Done())
		must(t, w.Err())
	})
}

func TestASlowListenerIsCutOff(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b := e.node(t, "a")
		wake := make(chan struct{})
		slow, err := b.Watch(t.Context(), "journal.>", nil, func(openseat.Entry) { <-wake })
		must(t, err)
		quick := make(chan struct{}, 2*backlog)
		_, err = b.Watch(t.Context(), "journal.>", nil, func(openseat.Entry) { quick <- struct{}{} })
		must(t, err)
		for i := range backlog + 10 {
			_, err := b.Append(t.Context(), ref(strconv.Itoa(i)), 0, line1("x"))
			must(t, err)
		}
		for range backlog + 10 {
			receive(t, quick)
		}
		close(wake)
		receive(t, slow.Done())
		if !errors.Is(slow.Err(), ErrSlow) {
			t.Errorf("got %v", slow.Err())
		}
	})
}

func TestThingsOnTwoNodes(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b, a := e.node(t, "b"), e.node(t, "a")
		rb, ra := runtime(t, b), runtime(t, a)
		ctx := t.Context()
		must(t, rb.Recover(ctx))
		must(t, ra.Start(ctx, ref("1"), said{What: "hello"}))
		must(t, rb.Tell(ctx, ref("1"), said{What: "from b"}))
		if n, err := live.As[int](rb.Ask(ctx, ref("1"), said{})); err != nil || n != 2 {
			t.Fatalf("heard %d, %v", n, err)
		}
		wantCode(t, rb.Start(ctx, ref("1"), said{What: "mine"}), openseat.CodeInUse)
		wantCode(t, rb.Tell(ctx, ref("2"), said{What: "nobody"}), openseat.CodeNotFound)

		must(t, ra.Close())
		must(t, a.Close())
		for rb.Count(openseat.KindCall) == 0 { // until the goodbye has arrived
			must(t, rb.Recover(ctx))
		}
		if n, err := live.As[int](rb.Ask(ctx, ref("1"), said{})); err != nil || n != 2 {
			t.Fatalf("after the move: heard %d, %v", n, err)
		}
		must(t, rb.Tell(ctx, ref("1"), said{What: "bye"}))
		must(t, rb.Drain(ctx))
	})
}
