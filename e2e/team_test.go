package e2e

import (
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"testing"

	"openseat/api"
	"openseat/sim/carrier"
)

// codeOf is why the center refused something, empty if it did not.
func codeOf(err error) string {
	var refused *seatError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

// do makes a request that must be granted.
func (s *seat) do(method string, params map[string]any) json.RawMessage {
	s.w.t.Helper()
	result, err := s.ask(method, params)
	s.must(err)
	return result
}

// refuses makes a request that must be refused with a code.
func (s *seat) refuses(code, method string, params map[string]any) {
	s.w.t.Helper()
	if _, err := s.ask(method, params); codeOf(err) != code {
		s.w.t.Errorf("%s %v: %v, wanted %s", method, params, err, code)
	}
}

// talks lets a customer call whom this agent answers; his colleagues do not.
func (f *floor) talks(agent *seat) (*carrier.Call, string) {
	f.t.Helper()
	agent.do("agent.setStatus", map[string]any{"status": "free"})
	agent.forget()
	call := f.call(direct)
	f.follow(call, customerTone)
	session := agent.mustHear("callIn", "").session()
	agent.accept(session)
	f.must(call.AwaitTone(f.within(stepTime), agentTone))
	return call, session
}

// TestTeam has several agents in a call, without browsers: what is told and what is on record, when it goes well and when it
// does not.
func TestTeam(t *testing.T) {
	if testing.Short() {
		t.Skip("makes many calls")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		called, want := outsiders()
		want.servers = servers
		f := &floor{world: newWorld(t, want), called: called, calls: &placed{}}
		f.back = f.openBackend()
		agent, colleague, inspector := f.sit(alice), f.seat(bob), f.seat(carol)
		colleague.do("agent.setStatus", map[string]any{"status": "notReady"})
		f.story(t, "the customer hangs up in a transfer", func(f *floor) { f.cancelledTransfer(agent, colleague) })
		f.story(t, "nobody takes a transfer", func(f *floor) { f.failedTransfer(agent, colleague) })
		f.story(t, "a transfer on record", func(f *floor) { f.recordedTransfer(agent, colleague) })
		f.story(t, "a consultation on record", func(f *floor) { f.recordedConsultation(agent, colleague) })
		f.story(t, "a consultation that fails", func(f *floor) { f.failedConsultation(agent, colleague) })
		f.story(t, "roles", func(f *floor) { f.roles(agent, colleague, inspector) })
		f.story(t, "a take-over on record", func(f *floor) { f.recordedTakeOver(agent, inspector) })
		f.story(t, "to a colleague's mobile", func(f *floor) { f.internalToMobile(agent) })
		f.story(t, "the caller's number", func(f *floor) { f.callerNumbers(agent) })
	})
}

// cancelledTransfer has the customer hang up while the colleague rings.
func (f *floor) cancelledTransfer(agent, colleague *seat) {
	call, session := f.talks(agent)
	colleague.forget()
	agent.do("call.transfer", map[string]any{"sessionId": session, "userId": bob})
	agent.mustHear("transfer", session)
	colleague.mustHear("callIn", session)
	call.HangUp()
	colleague.mustHear("sessionEnded", session)
	if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "client" {
		f.t.Errorf("sessionEnded: %s", ended.Data)
	}
	checkEnd(f.t, f.cdr(session), "ok", "user")
}

// failedTransfer has transfers fail: they are refused, declined, and, to a group, come back to the agent.
func (f *floor) failedTransfer(agent, colleague *seat) {
	call, session := f.talks(agent)
	agent.refuses("ResourceUnavailable", "call.transfer", map[string]any{"sessionId": session, "userId": dave})
	agent.refuses("MissingParameter", "call.transfer", of(session))
	colleague.forget()
	agent.do("call.transfer", map[string]any{"sessionId": session, "userId": bob})
	colleague.mustHear("callIn", session)
	colleague.do("call.decline", of(session))
	failed := agent.mustHear("transferFailed", session)
	if failed.get("userId") != bob || failed.get("reason") != "rejected" {
		f.t.Errorf("transferFailed: %s", failed.Data)
	}
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	agent.hangUp(session)
	agent.mustHear("sessionEnded", session)
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "seat")
	colleague.do("agent.setStatus", map[string]any{"status": "notReady"})
}

// recordedTransfer hands a customer on to a group, and looks at the record.
func (f *floor) recordedTransfer(agent, colleague *seat) {
	call, session := f.talks(agent)
	colleague.do("agent.setStatus", map[string]any{"status": "free"})
	colleague.forget()
	agent.do("call.transfer", map[string]any{"sessionId": session, "skillGroupId": strconv.Itoa(sales)})
	in := colleague.mustHear("callIn", session)
	if in.get("transferFrom") != alice {
		f.t.Errorf("callIn of a transfer: %s", in.Data)
	}
	line := colleague.accept(session)
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	agent.mustHear("sessionEnded", session)
	call.HangUp()
	colleague.mustHear("sessionEnded", session)
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "user")
	f.checkServed(cdr, alice, bob)
	if len(cdr.ServeParticipants) == 2 && (cdr.ServeParticipants[0].TransferTo != bob || cdr.ServeParticipants[1].TransferFrom != alice) {
		f.t.Errorf("transfer on record: %+v", cdr.ServeParticipants)
	}
	f.checkRecordings(session, "0086"+customer, alice, bob)
	colleague.do("agent.setStatus", map[string]any{"status": "notReady"})
}

// checkServed checks who served, in order.
func (f *floor) checkServed(cdr api.CDRPush, users ...string) {
	f.t.Helper()
	var got []string
	for _, p := range cdr.ServeParticipants {
		got = append(got, p.Mail)
	}
	if len(got) != len(users) {
		f.t.Errorf("served by %v, wanted %v", got, users)
		return
	}
	for i, user := range users {
		if got[i] != user {
			f.t.Errorf("served by %v, wanted %v", got, users)
		}
	}
}

// checkRecordings checks that there is a recording of each, with his own voice.
func (f *floor) checkRecordings(session string, of ...string) {
	f.t.Helper()
	found := f.recordings(session, len(of))
	for _, who := range of {
		hz := float64(agentTone) // agents without a browser all sing the same
		if who == "0086"+customer {
			hz = customerTone
		}
		if err := holds(found[who].pcm, hz); err != nil {
			f.t.Errorf("%s: %v", who, err)
		}
	}
}

// recordedConsultation asks a colleague, talks with three, and leaves.
func (f *floor) recordedConsultation(agent, colleague *seat) {
	call, session := f.talks(agent)
	colleague.forget()
	agent.do("call.invite", map[string]any{"sessionId": session, "callee": map[string]any{"userId": bob}})
	if in := colleague.mustHear("callIn", session); in.get("inviteFrom") != alice {
		f.t.Errorf("callIn of an invitation: %s", in.Data)
	}
	line := colleague.accept(session)
	f.must(line.awaitTone(f.within(stepTime), agentTone)) // the agent's
	agent.do("call.reconnect", of(session))
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	agent.hangUp(session)
	agent.mustHear("sessionEnded", session)
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	colleague.hangUp(session)
	f.must(over(f.within(stepTime), call))
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "seat")
	f.checkServed(cdr, alice, bob)
	f.checkRecordings(session, "0086"+customer, alice, bob)
}

// failedConsultation asks a colleague who declines, and takes the customer back.
func (f *floor) failedConsultation(agent, colleague *seat) {
	call, session := f.talks(agent)
	colleague.do("agent.setStatus", map[string]any{"status": "notReady"})
	colleague.forget()
	agent.refuses("ResourceUnavailable", "call.invite", map[string]any{"sessionId": session, "callee": map[string]any{"userId": dave}})
	agent.do("call.invite", map[string]any{"sessionId": session, "callee": map[string]any{"userId": bob}})
	colleague.mustHear("callIn", session)
	colleague.do("call.decline", of(session))
	f.must(agent.until(stepTime, "the member left", func() bool {
		for _, n := range agent.heard {
			if n.Event == "memberStateChanged" && n.get("userId") == bob && n.get("state") == "left" {
				return true
			}
		}
		return false
	}))
	agent.do("call.reconnect", of(session))
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	call.HangUp()
	agent.mustHear("sessionEnded", session)
	colleague.do("agent.setStatus", map[string]any{"status": "notReady"})
}

// roles lets those monitor who may, and nobody else.
func (f *floor) roles(agent, colleague, inspector *seat) {
	call, session := f.talks(agent)
	listen := map[string]any{"sessionId": session, "mode": "listen"}
	colleague.refuses("UnauthorizedOperation", "call.monitor", listen)
	colleague.refuses("UnauthorizedOperation", "call.intercept", of(session))
	colleague.refuses("UnauthorizedOperation", "sessions.active", nil)
	inspector.refuses("FailedOperation.CurStateNotAllowModify", "call.intercept", of(session)) // does not listen
	var running struct {
		Sessions []struct{ SessionID, UserID, CallerPhoneNumber string }
	}
	f.must(json.Unmarshal(inspector.do("sessions.active", nil), &running))
	if len(running.Sessions) != 1 || running.Sessions[0].SessionID != session || running.Sessions[0].UserID != alice {
		f.t.Errorf("sessions.active: %+v", running)
	}
	inspector.do("call.monitor", listen)
	if n, told := agent.heardOf("memberStateChanged"); told && n.get("type") == "monitor" {
		f.t.Errorf("the agent is told of who listens: %s", n.Data)
	}
	inspector.hangUp(session)
	inspector.mustHear("sessionEnded", session)
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	call.HangUp()
	agent.mustHear("sessionEnded", session)
	f.checkServed(f.cdr(session), alice)
}

// recordedTakeOver has the inspector take a call over.
func (f *floor) recordedTakeOver(agent, inspector *seat) {
	call, session := f.talks(agent)
	inspector.forget()
	inspector.do("call.monitor", map[string]any{"sessionId": session, "mode": "listen"})
	line := inspector.bring(session)
	f.must(line.awaitSound(f.within(stepTime)))
	inspector.do("call.intercept", of(session))
	if ended := agent.mustHear("sessionEnded", session); ended.get("closeBy") != "admin" {
		f.t.Errorf("the agent of a taken call: %s", ended.Data)
	}
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	inspector.hangUp(session)
	f.must(over(f.within(stepTime), call))
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "seat")
	f.checkServed(cdr, alice, carol)
}

// bring brings the sound of a call that runs.
func (s *seat) bring(session string) *line {
	s.w.t.Helper()
	l, offer, err := newLine(agentTone)
	s.must(err)
	s.mu.Lock()
	s.lines[session] = l
	s.mu.Unlock()
	s.must(l.answered(s.do("media.offer", map[string]any{"sessionId": session, "sdp": offer})))
	return l
}

// internalToMobile calls a colleague who is not there, on his mobile phone.
func (f *floor) internalToMobile(agent *seat) {
	agent.do("agent.setStatus", map[string]any{"status": "free"})
	agent.forget()
	f.giveMobile(dave, 0, false)
	agent.refuses("ResourceUnavailable", "call.internal", map[string]any{"calleeUserId": dave})
	var begun struct{ SessionID string }
	f.must(json.Unmarshal(agent.do("call.internal", map[string]any{"calleeUserId": dave, "useMobile": true}), &begun))
	line := agent.bring(begun.SessionID)
	phone := f.pickUp(mobileTone)
	agent.mustHear("calloutAccepted", begun.SessionID)
	f.must(line.awaitTone(f.within(stepTime), mobileTone))
	f.must(sipEar{phone}.awaitChord(f.ctx, voices(agentTone)))
	phone.HangUp()
	agent.mustHear("sessionEnded", begun.SessionID)
	if cdr := f.cdr(begun.SessionID); cdr.CallType != 6 {
		f.t.Errorf("CDR of an internal call: %+v", cdr)
	}
}

// callerNumbers chooses what the customer sees: a number, one of a group's, one by its ID.
func (f *floor) callerNumbers(agent *seat) {
	f.back.ask("BindNumberCallOutSkillGroup", map[string]any{"SdkAppId": f.demo.SdkAppID, "Number": direct, "SkillGroupIds": []int{support}}, &struct{}{})
	for what, choice := range map[string]struct {
		options map[string]any
		want    string
	}{
		"a number":           {map[string]any{"callerPhoneNumber": direct}, direct},
		"another number":     {map[string]any{"callerPhoneNumber": welcome}, welcome},
		"a group's number":   {map[string]any{"skillGroupId": strconv.Itoa(support)}, direct},
		"one of some by IDs": {map[string]any{"servingNumberGroupIds": []string{direct}}, direct},
	} {
		agent.do("agent.setStatus", map[string]any{"status": "free"})
		options := map[string]any{"phoneNumber": "13900000001"}
		maps.Copy(options, choice.options)
		var begun struct{ SessionID, CallerPhoneNumber string }
		f.must(json.Unmarshal(agent.do("call.start", options), &begun))
		agent.bring(begun.SessionID)
		call := f.rings()
		if begun.CallerPhoneNumber != choice.want || call.From != choice.want {
			f.t.Errorf("%s: told %s, shown %s, wanted %s", what, begun.CallerPhoneNumber, call.From, choice.want)
		}
		agent.hangUp(begun.SessionID)
		f.must(over(f.within(stepTime), call))
		agent.mustHear("sessionEnded", begun.SessionID)
	}
}
