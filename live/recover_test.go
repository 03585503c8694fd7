package live_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/live"
)

// crash cuts a node off: nobody hears of it any more, and it hears of nobody.
func (o *office) crash(name string) { o.cluster.Kill(name) }

func TestADeadNodesThingsGoOnElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, _ := o.node("a")
		b, p := o.node("b")
		must(t, b.Recover(t.Context()))
		must(t, a.Start(t.Context(), ref("1"), note("hello", lift{"not again"}, openseat.SetTimer{Name: "tea", After: time.Minute})))
		must(t, a.Start(t.Context(), ref("2"), note("bye", openseat.Done{})))
		time.Sleep(9 * time.Second)
		o.crash("a")
		time.Sleep(1500 * time.Millisecond) // the next sweep is at 10 s
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 lost")
		time.Sleep(time.Minute)
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 lost", "1 timer tea")
		wantLines(t, "book", book(t, b, "1"), "00:00:00.000 hello", "00:00:10.000 owner a lost at 00:00:09.000", "00:01:00.000 timer tea")
	})
}

func TestTimersThatRanOutMeanwhileFireAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, _ := o.node("a")
		must(t, a.Start(t.Context(), ref("1"), note("hello", openseat.SetTimer{Name: "tea", After: 5 * time.Second}, openseat.SetTimer{Name: "milk", After: time.Second})))
		time.Sleep(2 * time.Second)
		o.crash("a")
		must(t, a.Close())
		time.Sleep(time.Hour)
		b, p := o.node("b")
		must(t, b.Recover(t.Context()))
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 lost", "1 timer tea")
	})
}

func TestTheTellsOfTheLastEntryAreRepeated(t *testing.T) {
	for _, silent := range []bool{true, false} { // without a snapshot, and with one that covers the last entry
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			o.silent = silent
			a, _ := o.node("a")
			must(t, a.Start(t.Context(), ref("1"), note("early", openseat.Tell{To: ref("2"), Event: note("old news")})))
			must(t, a.Tell(t.Context(), ref("1"), note("late", openseat.Tell{To: ref("2"), Event: note("news", lift{"news"})})))
			synctest.Wait()
			must(t, a.Close())
			o.crash("a")
			b, p := o.node("b")
			must(t, b.Start(t.Context(), ref("2"), note("hello")))
			must(t, b.Recover(t.Context()))
			synctest.Wait()
			wantLines(t, "done", slices.Sorted(slices.Values(p.done())), "1 lost", "2 news") // two things are in no order
		})
	}
}

func TestTheTellsOfAnEndAreRepeated(t *testing.T) {
	for _, silent := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			o.silent = silent
			a, _ := o.node("a")
			must(t, a.Start(t.Context(), ref("1"), note("early")))
			synctest.Wait()
			must(t, a.Close())
			o.crash("a")
			// The end was written, and the node was gone before anything of it was done.
			end := []openseat.Command{openseat.Tell{To: ref("2"), Event: note("news", lift{"news"})}, openseat.Done{}}
			past := o.journal.Entries(ref("1"))
			_, err := o.journal.Append(t.Context(), ref("1"), past[len(past)-1].Seq, openseat.Entry{At: time.Now(), Event: note("late", end...), Commands: end})
			must(t, err)
			b, p := o.node("b")
			must(t, b.Start(t.Context(), ref("2"), note("hello")))
			must(t, b.Recover(t.Context()))
			synctest.Wait()
			wantLines(t, "done", p.done(), "2 news")
		})
	}
}

func TestANodeThatOnlySeemedDeadCannotActAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, pa := o.node("a")
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		release := o.journal.Hold() // a is stuck in the middle of writing …
		must(t, a.Tell(t.Context(), ref("1"), note("stuck", lift{"x"})))
		must(t, a.Tell(t.Context(), ref("1"), note("behind it", lift{"y"})))
		synctest.Wait()
		o.crash("a")
		b, pb := o.node("b")
		taken := false
		o.journal.Before(func(e openseat.Entry) error { // … while b is quicker
			if _, ok := e.Event.(openseat.OwnerLost); ok {
				taken = true
			}
			if !taken {
				return errors.New("later")
			}
			return nil
		})
		release()
		must(t, b.Recover(t.Context()))
		o.journal.Before(nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		wantLines(t, "done by a", pa.done())
		if len(pa.lost) != 1 {
			t.Errorf("a's executor was told of %v, want the loss of 1", pa.lost)
		}
		wantLines(t, "done by b", pb.done(), "1 lost", "1 x", "1 y") // what a had not written reaches b
		if a.Count(openseat.KindCall) != 0 || b.Count(openseat.KindCall) != 1 {
			t.Error("only b should run the call")
		}
	})
}

func TestTellAndAskReachOtherNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, pa := o.node("a")
		b, _ := o.node("b")
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		must(t, b.Tell(t.Context(), ref("1"), note("from b", lift{"x"})))
		wantLines(t, "book", book(t, b, "1"), "00:00:00.000 hello", "00:00:00.000 from b")
		must(t, b.Start(t.Context(), ref("2"), note("hello", openseat.Tell{To: ref("1"), Event: note("thing to thing", lift{"y"})})))
		synctest.Wait()
		wantLines(t, "done", pa.done(), "1 x", "1 y")
		wantCode(t, b.Start(t.Context(), ref("1"), note("mine")), openseat.CodeInUse)
		_, err := b.Ask(t.Context(), ref("1"), note("refuse"))
		wantCode(t, err, openseat.CodeSeatBusy)
	})
}

func TestThingsKeepTellingAnotherWhileItsNodeIsDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, _ := o.node("a")
		b, pb := o.node("b")
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		o.crash("a")
		must(t, b.Start(t.Context(), ref("2"), note("hello",
			openseat.Tell{To: ref("1"), Event: note("one", lift{"one"})}, openseat.Tell{To: ref("1"), Event: note("two", lift{"two"})})))
		wantCode(t, b.Tell(t.Context(), ref("1"), note("outsiders are told")), openseat.CodeUnavailable)
		time.Sleep(30 * time.Second)
		must(t, b.Recover(t.Context()))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		wantLines(t, "done", pb.done(), "1 lost", "1 one", "1 two")
	})
}

func TestOpeningABoard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		board := openseat.BoardRef(1400000001)
		a, _ := o.node("a")
		must(t, a.Open(t.Context(), board))
		must(t, a.Open(t.Context(), board))
		must(t, a.Tell(t.Context(), board, note("agent in", openseat.SetTimer{Name: "wrap-up", After: time.Hour})))
		b, _ := o.node("b")
		must(t, b.Open(t.Context(), board)) // a runs it: nothing to do
		if b.Count(openseat.KindBoard) != 0 {
			t.Fatal("two nodes run the board")
		}
		synctest.Wait()
		must(t, a.Close())
		o.crash("a")
		must(t, b.Open(t.Context(), board))
		lines, err := live.As[[]string](b.Ask(t.Context(), board, note("book")))
		must(t, err)
		wantLines(t, "book", lines, "00:00:00.000 agent in", "00:00:00.000 owner a lost at 00:00:00.000")
		time.Sleep(2 * time.Hour)
		lines, err = live.As[[]string](b.Ask(t.Context(), board, note("book")))
		must(t, err)
		if lines[len(lines)-1] != "01:00:00.000 timer wrap-up" {
			t.Errorf("the timer is lost: %q", lines)
		}
	})
}

func TestSnapshotsSpareTheReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, _ := o.node("a", func(c *live.Config) { c.SnapshotEntries = 10 })
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		for range 34 {
			must(t, a.Tell(t.Context(), ref("1"), note("go")))
			synctest.Wait()
		}
		s, err := o.shelf.Load(t.Context(), ref("1"))
		if err != nil || s == nil || s.Seq < 30 {
			t.Fatalf("snapshot %+v, %v: want one of the last ten entries", s, err)
		}
		time.Sleep(31 * time.Second)
		synctest.Wait()
		if s, _ = o.shelf.Load(t.Context(), ref("1")); s.Seq != 35 {
			t.Errorf("snapshot at %d, want 35: an idle thing is saved, too", s.Seq)
		}
		must(t, a.Tell(t.Context(), ref("1"), note("bye", openseat.Done{})))
		synctest.Wait()
		if s, _ = o.shelf.Load(t.Context(), ref("1")); s != nil {
			t.Error("the snapshot outlives the thing")
		}
	})
}

func TestCloseLeavesWhatRecoverNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, _ := o.node("a")
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		must(t, a.Close())
		wantCode(t, a.Tell(t.Context(), ref("1"), note("more")), openseat.CodeNotFound)
		wantCode(t, a.Start(t.Context(), ref("2"), note("more")), openseat.CodeUnavailable)
		o.crash("a")
		again, p := o.node("a again")
		must(t, again.Recover(t.Context()))
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 lost")
	})
}

func TestCloseDoesNotWaitForADeadJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, p := o.node("a")
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		o.journal.Hold()
		must(t, a.Tell(t.Context(), ref("1"), note("stuck", lift{"x"})))
		asked := make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() { _, err := a.Ask(ctx, ref("1"), note("book")); asked <- err }()
		synctest.Wait()
		began := time.Now()
		must(t, a.Close())
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("Close took %v", took)
		}
		wantCode(t, <-asked, openseat.CodeUnavailable)
		wantLines(t, "done", p.done())
	})
}

func TestAJournalThatForgotIsNoReasonToStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, p := o.node("a")
		must(t, a.Start(t.Context(), ref("1"), note("hello")))
		must(t, a.Tell(t.Context(), ref("1"), note("forgotten", lift{"x"})))
		synctest.Wait()
		o.journal.Truncate(ref("1"))
		must(t, a.Tell(t.Context(), ref("1"), note("more", lift{"y"})))
		time.Sleep(time.Second)
		synctest.Wait()
		wantLines(t, "done", p.done(), "1 x", "1 lost", "1 y")
	})
}

func TestABoardIsOpenedThoughItsGhostIsBeingCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		board := openseat.BoardRef(1400000001)
		a, _ := o.node("a")
		must(t, a.Open(t.Context(), board)) // nothing is ever written of it
		must(t, a.Close())
		o.crash("a")
		b, _ := o.node("b")
		opened := make(chan error, 1)
		go func() { opened <- b.Open(t.Context(), board) }()
		must(t, b.Recover(t.Context()))
		must(t, <-opened)
		synctest.Wait()
		if b.Count(openseat.KindBoard) != 1 {
			t.Error("the board does not run")
		}
	})
}
