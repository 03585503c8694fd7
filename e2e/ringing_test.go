package e2e

import (
	"testing"
	"time"

	"openseat/api"
)

// TestCallerGivesUp hangs up while an agent is rung: his page stops ringing at once.
func TestCallerGivesUp(t *testing.T) {
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers})
		agent := w.sit(alice)
		call := w.call(direct)
		session := agent.mustHear("callIn", "").session()
		began := time.Now()
		go call.HangUp()
		ended := agent.mustHear("sessionEnded", session)
		checkSoon(t, "the ringing stops", ended.At.Sub(began), 300*time.Millisecond)
		if ended.get("closeBy") != "client" {
			t.Errorf("closeBy is %q", ended.get("closeBy"))
		}
		w.must(agent.awaitStatus("free"))
		cdr := w.cdr(session)
		checkEnd(t, cdr, "ringingGiveUp", "user")
		if len(cdr.ServeParticipants) != 1 || cdr.ServeParticipants[0].EndStatusString != "ringingGiveUp" || cdr.RecordId != "" {
			t.Errorf("CDR: %+v", cdr)
		}
	})
}

// TestRingTimeout lets one agent miss a call: it goes on to the next one, and he is not asked again before he says so.
func TestRingTimeout(t *testing.T) {
	if testing.Short() {
		t.Skip("rings for 5 s")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		w := newWorld(t, choices{servers: servers})
		const seconds = 5
		ring := int64(seconds)
		_, err := w.api.PutSkillGroupSettings(w.ctx, &api.PutSkillGroupSettingsRequest{
			SdkAppId: w.demo.SdkAppID, Settings: &api.SkillGroupSettings{SkillGroupId: support, RingTimeoutSecond: &ring},
		})
		w.must(err)
		first := w.sit(alice)
		call := w.call(direct)
		ringing := first.mustHear("callIn", "")
		session := ringing.session()
		if ringing.get("timeout") != "5" {
			t.Errorf("callIn: %s", ringing.Data)
		}
		second := w.sit(bob)
		missed := first.mustHear("autoTransfer", session)
		if took := missed.At.Sub(ringing.At); took < (seconds-1)*time.Second || took > (seconds+1)*time.Second {
			t.Errorf("it rang for %v", took)
		}
		w.must(first.awaitStatus("notReady"))
		line := second.accept(second.mustHear("callIn", session).session())
		second.mustHear("userAccessed", session)
		w.must(call.AwaitTone(w.within(stepTime), agentTone))
		second.hangUp(session)
		w.must(over(w.within(stepTime), call))
		line.close()

		cdr := w.cdr(session)
		checkEnd(t, cdr, "ok", "seat")
		if len(cdr.ServeParticipants) != 2 {
			t.Fatalf("CDR: %+v", cdr)
		}
		for i, want := range []struct{ user, end string }{{alice, "seatGiveUp"}, {bob, "ok"}} {
			p := cdr.ServeParticipants[i]
			if p.Mail != want.user || p.EndStatusString != want.end || p.Sequence != int64(i) {
				t.Errorf("participant %d: %+v", i, p)
			}
		}
		if cdr.SeatUser == nil || cdr.SeatUser.Mail != bob {
			t.Errorf("SeatUser: %+v", cdr.SeatUser)
		}
	})
}
