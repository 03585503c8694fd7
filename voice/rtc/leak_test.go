package rtc_test

import (
	"bytes"
	"runtime"
	"testing"
)

// Whatever state legs are in when the server closes, none of its goroutines is left.
func TestCloseLeavesNothing(t *testing.T) {
	before := ours()
	s := open(t, nil)
	news := []*diary{newDiary(), newDiary(), newDiary(), newDiary()}
	s.Open(app, alice, session, news[0])
	browse(t, 880).join(s)
	news[0].expect(t, "answered")
	s.Open(app, alice, "nobody offers", news[1])
	for i, id := range []string{"nobody connects", "nobody connects, twice"} {
		s.Open(app, alice, id, news[2+i])
		if _, err := s.Offer(t.Context(), app, alice, id, "page", browse(t, 880).offer()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, told := range news {
		told.expect(t, "ended")
	}
	late := newDiary()
	s.Open(app, alice, "late", late)
	late.expect(t, "ended")
	if answer, err := s.Offer(t.Context(), app, alice, "late", "page", browse(t, 880).offer()); err == nil {
		t.Errorf("a closed server answers: %s", answer)
	}
	until(t, "no goroutine of the server", func() bool { return ours() <= before })
}

// ours counts the goroutines that do something for a Server.
func ours() (n int) {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for stack := range bytes.SplitSeq(stacks, []byte("\n\n")) {
		if bytes.Contains(stack, []byte("openseat/voice/rtc.")) {
			n++
		}
	}
	return n
}
