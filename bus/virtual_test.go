package bus

import (
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/live"
)

// The whole engine runs in a bubble, so waiting for a silent node to be dead takes no time.
func TestASilentNodeIsDeadAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := embedded(t)
		b, a := e.node(t, "b"), e.node(t, "a")
		rb, ra := runtime(t, b), runtime(t, a)
		must(t, rb.Recover(t.Context()))
		must(t, ra.Start(t.Context(), ref("1"), said{What: "hello"}))
		time.Sleep(time.Minute)
		if o, err := b.Owner(t.Context(), ref("1")); err != nil || !o.Alive {
			t.Fatalf("owner %+v, %v", o, err)
		}
		a.reader.Close() // no more heartbeats
		time.Sleep(4 * time.Second)
		if o, err := b.Owner(t.Context(), ref("1")); err != nil || !o.Alive {
			t.Fatalf("declared dead too early: %+v, %v", o, err)
		}
		time.Sleep(6 * time.Second)
		if rb.Count(openseat.KindCall) != 1 {
			t.Fatal("b has not taken the call over")
		}
		must(t, ra.Tell(t.Context(), ref("1"), said{What: "a believes that it still runs the call"}))
		time.Sleep(time.Second)
		if n, err := live.As[int](rb.Ask(t.Context(), ref("1"), said{})); err != nil || n != 1 {
			t.Errorf("heard %d, %v: what a was told must not be written", n, err)
		}
		must(t, ra.Close())
		must(t, rb.Close())
		must(t, a.Close())
		must(t, b.Close())
	})
}

func TestANodeBuriedAliveLearnsWhatItHasLost(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, e *engine) {
		b, a := e.node(t, "b"), e.node(t, "a")
		rb, ra := runtime(t, b), runtime(t, a)
		ctx := t.Context()
		must(t, ra.Start(ctx, ref("1"), said{What: "hello"}))
		must(t, b.nodes.put(ctx, a.Node(), pulse{At: time.Now(), Gone: true}))
		for rb.Count(openseat.KindCall) == 0 { // a's next heartbeat may come first: then it is buried again
			must(t, rb.Recover(ctx))
			if rb.Count(openseat.KindCall) == 0 && b.nodes.owner(a.Node()).Alive {
				must(t, b.nodes.put(ctx, a.Node(), pulse{At: time.Now(), Gone: true}))
			}
		}
		must(t, ra.Tell(ctx, ref("1"), said{What: "this reaches b in the end"}))
		for n := 0; n < 2; {
			var err error
			n, err = live.As[int](rb.Ask(ctx, ref("1"), said{}))
			must(t, err)
		}
		if ra.Count(openseat.KindCall) != 0 {
			t.Error("a still runs the call")
		}
	})
}

func TestTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := embedded(t).node(t, "a")
		must(t, b.PutOnce(t.Context(), "login", "k", []byte("v"), 10*time.Minute))
		time.Sleep(10 * time.Minute)
		_, err := b.TakeOnce(t.Context(), "login", "k")
		wantCode(t, err, openseat.CodeNotFound)
		must(t, b.Close())
	})
}

// A board may be silent for longer than the journal is kept.
func TestAThingOutlivesItsJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := embedded(t)
		e.options.Keep = 2 * time.Minute
		b := e.node(t, "a")
		r := runtime(t, b)
		board := openseat.BoardRef(1400000001)
		must(t, r.Open(t.Context(), board))
		must(t, r.Tell(t.Context(), board, said{What: "hello"}))
		time.Sleep(10 * time.Minute)
		if entries, err := b.Read(t.Context(), board, 0); err != nil || len(entries) != 0 {
			t.Fatalf("%d entries are left, %v", len(entries), err)
		}
		must(t, r.Tell(t.Context(), board, said{What: "again"}))
		if n, err := live.As[int](r.Ask(t.Context(), board, said{})); err != nil || n != 2 {
			t.Fatalf("heard %d, %v", n, err)
		}
		must(t, r.Close())
		time.Sleep(10 * time.Minute)
		next := runtime(t, b)
		must(t, next.Open(t.Context(), board))
		if n, err := live.As[int](next.Ask(t.Context(), board, said{})); err != nil || n != 2 {
			t.Fatalf("from the snapshot: heard %d, %v", n, err)
		}
		must(t, next.Close())
		must(t, b.Close())
	})
}
