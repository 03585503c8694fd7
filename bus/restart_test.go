package bus

import (
	"context"
	"strings"
	"testing"

	"openseat"
	"openseat/live"
)

// The engine is killed and comes back: things, readers and leases go on, and nothing is lost or out of order.
func TestTheEngineIsKilledAndComesBack(t *testing.T) {
	dir := t.TempDir()
	server := startServer(t, dir, "-1")
	b := (&engine{options: Options{URL: server.url}}).node(t, "a")
	r := runtime(t, b)
	ctx := t.Context()
	must(t, r.Start(ctx, ref("1"), said{What: "hello"}))

	watched, consumed := make(chan string, 100), make(chan string, 100)
	hear := func(c chan string) func(openseat.Entry) {
		return func(e openseat.Entry) {
			if s, ok := e.Event.(said); ok {
				c <- s.What
			}
		}
	}
	_, err := b.Watch(ctx, "journal.>", nil, hear(watched))
	must(t, err)
	consuming, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- b.Consume(consuming, "cdr", nil, nil, func(_ context.Context, e openseat.Entry) error { hear(consumed)(e); return nil })
	}()
	if got := receive(t, consumed); got != "hello" {
		t.Fatalf("consumed %q", got)
	}

	server.kill()
	for _, what := range []string{"one", "two", "three"} {
		must(t, r.Tell(ctx, ref("1"), said{What: what})) // the mailbox takes it; the journal has to wait
	}
	startServer(t, dir, server.url[strings.LastIndex(server.url, ":")+1:])
	for _, want := range []string{"one", "two", "three"} {
		if got := receive(t, watched); got != want {
			t.Errorf("watched %q, want %q", got, want)
		}
		if got := receive(t, consumed); got != want {
			t.Errorf("consumed %q, want %q", got, want)
		}
	}
	if n, err := live.As[int](r.Ask(ctx, ref("1"), said{})); err != nil || n != 4 {
		t.Errorf("heard %d, %v", n, err)
	}
	must(t, r.Start(ctx, ref("2"), said{What: "bye"}))
	stop()
	must(t, receive(t, done))
}

func TestOneProcessPerDirectory(t *testing.T) {
	o := Options{Dir: t.TempDir(), Codec: codec()}
	b, err := Open(t.Context(), o)
	must(t, err)
	if _, err := Open(t.Context(), o); err == nil {
		t.Fatal("two engines on one directory")
	}
	must(t, b.Close())
	b, err = Open(t.Context(), o)
	must(t, err)
	must(t, b.Close())
}

func TestOptionsAreChecked(t *testing.T) {
	for what, o := range map[string]Options{
		"no codec":     {Dir: t.TempDir()},
		"no directory": {Codec: codec()},
		"bad name":     {Dir: t.TempDir(), Codec: codec(), Node: "a-b"},
		"no such NATS": {URL: "nats://127.0.0.1:1", Codec: codec()},
	} {
		if b, err := Open(t.Context(), o); err == nil {
			t.Errorf("%s: opened", what)
			_ = b.Close()
		}
	}
}
