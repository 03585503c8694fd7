package live_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/live"
)

// In a bubble the clock begins at midnight of 2000-01-01.

func TestAThingIsToldWritesAndThenDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello", lift{"x"}, openseat.SetTimer{Name: "tea", After: time.Minute}, lift{"y"})))
		must(t, r.Tell(t.Context(), ref("1"), note("more", lift{"z"})))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 x", "1 y", "1 z", "1 timer tea")
		wantLines(t, "book", book(t, r, "1"), "00:00:00.000 hello", "00:00:00.000 more", "00:01:00.000 timer tea")
		if n := len(o.journal.Entries(ref("1"))); n != 4 {
			t.Errorf("%d entries, want 4", n)
		}
		if r.Count(openseat.KindCall) != 1 || len(r.Running(openseat.KindCall)) != 1 {
			t.Error("one call should be running")
		}
	})
}

func TestNothingIsDoneBeforeItIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		release := o.journal.Hold()
		must(t, r.Tell(t.Context(), ref("1"), note("more", lift{"x"})))
		synctest.Wait()
		wantLines(t, "done while the journal hangs", p.done())
		release()
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 x")
	})
}

// A question is answered in its turn, though nothing can be written, and leaves no trace.
func TestQuestionsAreNotWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		must(t, r.Tell(t.Context(), ref("1"), note("more")))
		for _, q := range []glance{{}, {More: true}} {
			if n, err := live.As[int](r.Ask(t.Context(), ref("1"), q)); err != nil || n != 2 {
				t.Errorf("%d, %v", n, err)
			}
		}
		synctest.Wait()
		if n := len(o.journal.Entries(ref("1"))); n != 2 {
			t.Errorf("%d entries, want 2", n)
		}
		wantLines(t, "done", p.done())
		release := o.journal.Hold()
		defer release()
		if n, err := live.As[int](r.Ask(t.Context(), ref("1"), glance{})); err != nil || n != 2 {
			t.Errorf("while the journal hangs: %d, %v", n, err)
		}
	})
}

func TestTimersAreReplacedAndStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, p := newOffice(t).node("a")
		must(t, r.Start(t.Context(), ref("1"), note("set",
			openseat.SetTimer{Name: "a", After: time.Second}, openseat.SetTimer{Name: "b", After: 2 * time.Second},
			openseat.SetTimer{Name: "c", After: 2 * time.Second}, openseat.SetTimer{Name: "d", After: 3 * time.Second},
			openseat.SetTimer{Name: "a", After: 4 * time.Second}, openseat.StopTimer{Name: "d"}, openseat.StopTimer{Name: "never"})))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 timer b", "1 timer c", "1 timer a")
	})
}

func TestAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := newOffice(t).node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		_, err := r.Ask(t.Context(), ref("1"), note("refuse"))
		wantCode(t, err, openseat.CodeSeatBusy)

		began := time.Now()
		_, err = r.Ask(t.Context(), ref("1"), note("say nothing"))
		wantCode(t, err, openseat.CodeFailed)
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("waited %v, want 5s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		_, err = r.Ask(ctx, ref("1"), note("say nothing"))
		wantCode(t, err, openseat.CodeFailed)

		_, err = r.Ask(t.Context(), ref("1"), note("panic"))
		wantCode(t, err, openseat.CodeInternal)
		_, err = r.Ask(t.Context(), ref("nobody"), note("book"))
		wantCode(t, err, openseat.CodeNotFound)

		bye, err := live.As[string](r.Ask(t.Context(), ref("1"), note("end")))
		if must(t, err); bye != "bye" {
			t.Errorf("got %q", bye)
		}
		synctest.Wait()
		_, err = r.Ask(t.Context(), ref("1"), note("book"))
		wantCode(t, err, openseat.CodeNotFound)
	})
}

func TestStartingByAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := newOffice(t).node("a")
		lines, err := live.As[[]string](r.StartAsk(t.Context(), ref("1"), note("book")))
		must(t, err)
		wantLines(t, "book", lines)
		_, err = r.StartAsk(t.Context(), ref("1"), note("book"))
		wantCode(t, err, openseat.CodeInUse)
		_, err = r.StartAsk(t.Context(), ref("2"), note("say nothing"))
		wantCode(t, err, openseat.CodeFailed)
	})
}

func TestAThingThatEndsIsForgottenButNeverBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		wantCode(t, r.Start(t.Context(), ref("1"), note("again")), openseat.CodeInUse)
		must(t, r.Tell(t.Context(), ref("1"), note("bye", lift{"last"}, openseat.Done{})))
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 last")
		wantCode(t, r.Tell(t.Context(), ref("1"), note("more")), openseat.CodeNotFound)
		wantCode(t, r.Start(t.Context(), ref("1"), note("again")), openseat.CodeInUse)
		synctest.Wait()
		if n := o.cluster.Held(); n != 0 {
			t.Errorf("%d leases are held", n)
		}
		if r.Count(openseat.KindCall) != 0 {
			t.Error("a call is still running")
		}
	})
}

func TestAPanicCostsOneEventOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		must(t, r.Tell(t.Context(), ref("1"), order{Note: "oops", Wants: []openseat.Command{lift{"never"}}, Panic: true}))
		must(t, r.Tell(t.Context(), ref("1"), note("on", lift{"x"})))
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 x")
		if s := r.Stats(); s.Panics != 1 || s.Events != 3 {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestAFullMailboxRefusesOutsidersFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, _ := o.node("a", func(c *live.Config) { c.Mailbox = 10 })
		must(t, r.Start(t.Context(), ref("slow"), note("hello")))
		must(t, r.Start(t.Context(), ref("friend"), note("hello")))
		var tells []openseat.Command
		for range 200 {
			tells = append(tells, openseat.Tell{To: ref("slow"), Event: note("psst")})
		}
		hung := make(chan struct{})
		o.journal.Before(func(e openseat.Entry) error {
			if e.Ref == ref("slow") {
				select {
				case <-hung:
				default:
					return errors.New("this page sticks")
				}
			}
			return nil
		})
		for range 11 { // one is in hand
			must(t, r.Tell(t.Context(), ref("slow"), note("one")))
			synctest.Wait()
		}
		wantCode(t, r.Tell(t.Context(), ref("slow"), note("one too many")), openseat.CodeUnavailable)
		must(t, r.Tell(t.Context(), ref("friend"), note("go", tells...)))
		synctest.Wait()
		if s := r.Stats(); s.Undone == 0 || s.Busy == 0 {
			t.Errorf("the courier should hold what does not fit: %+v", s)
		}
		close(hung)
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(o.journal.Entries(ref("slow"))); n != 1+11+200 {
			t.Errorf("%d entries, want 212: things lose nothing", n)
		}
		if s := r.Stats(); s.Undone != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestTwoThingsThatFloodEachOtherDoNotDeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, _ := o.node("a", func(c *live.Config) { c.Mailbox = 2 })
		flood := func(to string) (tells []openseat.Command) {
			for range 100 {
				tells = append(tells, openseat.Tell{To: ref(to), Event: note("psst")})
			}
			return tells
		}
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		must(t, r.Start(t.Context(), ref("2"), note("hello")))
		release := o.journal.Hold() // neither floods the other before both have been told
		must(t, r.Tell(t.Context(), ref("1"), note("go", flood("2")...)))
		must(t, r.Tell(t.Context(), ref("2"), note("go", flood("1")...)))
		release()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(o.journal.All()); n != 4+200 {
			t.Errorf("%d entries, want 204", n)
		}
	})
}

func TestASickJournalRefusesNewThingsAndKeepsTheOrderOfOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		o.journal.Before(func(openseat.Entry) error { return errors.New("no disk") })
		for _, box := range []string{"x", "y", "z"} {
			must(t, r.Tell(t.Context(), ref("1"), note("go", lift{box})))
		}
		time.Sleep(3 * time.Second)
		began := time.Now()
		wantCode(t, r.Start(t.Context(), ref("2"), note("hello")), openseat.CodeUnavailable)
		if time.Since(began) != 0 {
			t.Error("refusing should not take time")
		}
		o.journal.Before(nil)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 x", "1 y", "1 z")
		must(t, r.Start(t.Context(), ref("2"), note("hello")))
	})
}

func TestAStartThatWasGivenUpIsNotHalfDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		release := o.journal.Hold()
		wantCode(t, r.Start(t.Context(), ref("1"), note("hello", lift{"x"})), openseat.CodeUnavailable)
		release()
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 lost")
	})
}

func TestAnAnswerThatGotLostIsNotAConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r, p := o.node("a")
		must(t, r.Start(t.Context(), ref("1"), note("hello")))
		once := true
		o.journal.After(func(openseat.Entry) error {
			if once {
				once = false
				return errors.New("written, but the line went dead")
			}
			return nil
		})
		must(t, r.Tell(t.Context(), ref("1"), note("go", lift{"x"})))
		must(t, r.Tell(t.Context(), ref("1"), note("go", lift{"y"})))
		time.Sleep(time.Second)
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 x", "1 y")
	})
}

func TestDrainWaitsForThoseThatEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := newOffice(t).node("a")
		board := openseat.BoardRef(1400000001)
		must(t, r.Open(t.Context(), board))
		must(t, r.Start(t.Context(), ref("1"), note("hello", openseat.SetTimer{Name: "x", After: time.Second})))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		wantCode(t, r.Start(t.Context(), ref("2"), note("hello")), openseat.CodeUnavailable)
		time.AfterFunc(time.Second, func() { _ = r.Tell(t.Context(), ref("1"), note("bye", openseat.Done{})) })
		must(t, r.Drain(t.Context()))
		if r.Count(openseat.KindBoard) != 1 {
			t.Error("the board should run until the end")
		}
	})
}
