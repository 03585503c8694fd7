package live_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/live"
	"openseat/live/livetest"
)

// errand is an order that survives JSON: what it wants is drawn from its number, as the same every time.
type errand struct{ N uint64 }

func (errand) EventName() string { return "clerk.errand" }

// runner is a clerk who does errands, and does not mind whose node it runs on.
type runner struct{ clerk }

func (r *runner) Handle(now time.Time, e openseat.Event) []openseat.Command {
	switch e := e.(type) {
	case errand:
		r.Book = append(r.Book, fmt.Sprint(now.UnixMilli(), " errand ", e.N))
		return wants(e.N)
	case openseat.TimerFired:
		r.Book = append(r.Book, fmt.Sprint(now.UnixMilli(), " timer ", e.Name))
		if len(r.Book)%3 == 0 {
			return []openseat.Command{openseat.SetTimer{Name: e.Name, After: 1500 * time.Millisecond}}
		}
	case openseat.Asked:
		return r.answer(e)
	}
	return nil
}

func wants(n uint64) (out []openseat.Command) {
	dice := rand.New(rand.NewPCG(n, 1))
	for range dice.IntN(4) {
		timer := string(rune('a' + dice.IntN(5)))
		if dice.IntN(3) == 0 {
			out = append(out, openseat.StopTimer{Name: timer})
		} else {
			out = append(out, openseat.SetTimer{Name: timer, After: time.Duration(dice.IntN(4000)) * time.Millisecond})
		}
	}
	return out
}

// A restart at any moment leaves no trace in a thing that does not care for OwnerLost: same state, same timers, same times.
func TestARestartAtAnyEntryChangesNothing(t *testing.T) {
	for _, shelf := range []string{"journal only", "snapshots"} {
		for day := range uint64(5) {
			t.Run(fmt.Sprint(shelf, " day ", day), func(t *testing.T) {
				quiet := aDay(t, day, shelf == "snapshots", -1)
				for crash := range 40 {
					if got := aDay(t, day, shelf == "snapshots", crash); got != quiet {
						t.Fatalf("a crash before errand %d:\n got %s\nwant %s", crash, got, quiet)
					}
				}
			})
		}
	}
}

// aDay sends forty errands, with a crash and a restart before one of them, and returns the state at night.
func aDay(t *testing.T, day uint64, shelf bool, crash int) (night string) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.silent = !shelf
		o.journal = livetest.NewJournal(openseat.NewCodec([]openseat.Event{errand{}, order{}}, []openseat.Command{lift{}}))
		node := func(name string) *live.Runtime {
			r, _ := o.node(name, func(c *live.Config) {
				c.Make = func(openseat.Ref) openseat.Thing { return &runner{} }
				c.SnapshotEntries = 7
			})
			return r
		}
		dice := rand.New(rand.NewPCG(day, 2))
		r := node("before")
		must(t, r.Start(t.Context(), ref("1"), errand{day}))
		for n := range 40 {
			time.Sleep(time.Duration(dice.IntN(1000))*time.Millisecond + time.Microsecond)
			synctest.Wait()
			if n == crash {
				o.crash("before")
				if day%2 == 0 { // closed in an orderly way; else the old runtime is left behind, believing that it lives
					must(t, r.Close())
				}
				r = node("after")
				must(t, r.Recover(t.Context()))
			}
			must(t, r.Tell(t.Context(), ref("1"), errand{day*1000 + dice.Uint64N(1000)}))
		}
		time.Sleep(time.Minute)
		night = fmt.Sprint(book(t, r, "1"))
	})
	return night
}
