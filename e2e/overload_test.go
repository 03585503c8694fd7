package e2e

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"testing"

	"openseat/sim/carrier"
	"openseat/voice/media"
)

// TestOverload offers ten times the calls that are allowed: the others are refused early, the running ones keep their sound,
// memory stays bounded, and when there is room calls are taken again.
func TestOverload(t *testing.T) {
	if testing.Short() {
		t.Skip("makes two hundred calls")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		const most = 20
		w := newWorld(t, choices{servers: servers, args: []string{"--max-calls", strconv.Itoa(most)}})
		agent := w.sit(alice)
		call := w.call(direct)
		session := agent.mustHear("callIn", "").session()
		line := agent.accept(session)
		call.Say(media.ToneSource(customerTone), true)
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		w.must(line.awaitTone(w.within(stepTime), customerTone))
		call.Forget()
		before := w.memory()

		var taken []*carrier.Call
		refused := 0
		for i := range 10 * most { // a hundred calls a second, by the clock of the sound
			w.must(await(w.ctx, stepTime, func() bool { return len(call.Heard()) >= i*media.SampleRate/100 }))
			other := w.call(direct)
			select {
			case <-other.Answered():
				taken = append(taken, other)
			case <-other.Done():
				refused++
				if end := other.End(); end.SIP != 503 || other.AnswerHeader("Retry-After") == "" {
					t.Errorf("call %d was refused with %+v, Retry-After %q", refused, end, other.AnswerHeader("Retry-After"))
				}
			case <-w.within(stepTime).Done():
				t.Fatal("a call is neither taken nor refused")
			}
		}
		if len(taken) == 0 || len(taken) >= most {
			t.Errorf("%d calls were taken, %d refused; %d may run", len(taken), refused, most)
		}
		if grown := w.memory() - before; grown > 64<<20 {
			t.Errorf("memory grew by %d MB", grown>>20)
		}
		w.must(line.awaitTone(w.within(stepTime), customerTone))
		checkUnbroken(t, "the running call", call.Heard(), agentTone)

		for _, other := range taken {
			other.HangUp()
		}
		eventually(t, stepTime, "calls are taken again", func() bool { return w.takes(direct) })
		call.HangUp()
		agent.mustHear("sessionEnded", session)
		w.checkSides(session, alice, w.talkTime(session))
	})
}

// takes tells whether a call is answered; then it is hung up.
func (w *world) takes(number string) bool {
	w.t.Helper()
	call := w.call(number)
	defer call.HangUp()
	select {
	case <-call.Answered():
		return true
	case <-call.Done():
		return false
	}
}

// memory is how many bytes of memory the program has.
func (w *world) memory() int64 {
	w.t.Helper()
	_, body := fetch(w.ctx, w.demo.HTTP+"/metrics")
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "process_resident_memory_bytes "); ok {
			n, err := strconv.ParseFloat(value, 64)
			w.must(err)
			return int64(n)
		}
	}
	w.t.Fatal("there is no metric of memory")
	return 0
}
