package e2e

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"openseat/voice/media"
)

// TestDrain ends the program by SIGTERM: new calls are refused, the running one goes on until it ends, then the program does.
func TestDrain(t *testing.T) {
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers, args: []string{"--drain-seconds", "60"}})
		agent := w.sit(alice)
		call := w.call(direct)
		session := agent.mustHear("callIn", "").session()
		line := agent.accept(session)
		call.Say(media.ToneSource(customerTone), true)
		w.must(call.AwaitTone(w.within(stepTime), agentTone))

		w.terminate()
		eventually(t, stepTime, "the program says that it is not ready", func() bool {
			return w.get("/readyz") == http.StatusServiceUnavailable
		})
		w.must(w.refused(direct))
		call.Forget()
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		w.must(line.awaitTone(w.within(stepTime), customerTone))
		if w.isOver() {
			t.Fatal("the program ended with a call running")
		}
		agent.hangUp(session)
		agent.mustHear("sessionEnded", session)
		checkEnd(t, w.cdr(session), "ok", "seat")
		if !wait(w.over, 30*time.Second) {
			t.Fatal("the program does not end")
		}
		if w.end != nil {
			t.Errorf("the program ended badly: %v", w.end)
		}
		w.start() // what it kept can be had again
		w.checkSides(session, alice, w.talkTime(session))
	})
}

// refused places a call that is to be refused for want of room.
func (w *world) refused(number string) error {
	call, err := w.carrier.Call(w.ctx, customer, number)
	if err != nil {
		return err
	}
	if err := over(w.within(stepTime), call); err != nil {
		return err
	}
	if call.End().SIP != http.StatusServiceUnavailable {
		return errors.New("the call was not refused with 503")
	}
	return nil
}
