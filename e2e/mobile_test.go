package e2e

import (
	"encoding/json"
	"testing"

	"openseat/api"
	"openseat/sim/carrier"
)

const mobile = "13600000007"

// giveMobile gives an agent a mobile phone, and says when it rings.
func (f *floor) giveMobile(user string, accept int, callOut bool) {
	f.t.Helper()
	f.back.ask("ModifyStaff", map[string]any{
		"SdkAppId": f.demo.SdkAppID, "Email": user, "Phone": mobile, "UseMobileAccept": accept, "UseMobileCallOut": callOut,
	}, &struct{}{})
}

// TestMobileSeat has an agent on his mobile phone, in each of the modes.
func TestMobileSeat(t *testing.T) {
	if testing.Short() {
		t.Skip("makes several calls")
	}
	everywhere(t, func(t *testing.T, servers bool) {
		called, want := outsiders()
		want.servers = servers
		f := &floor{world: newWorld(t, want), called: called, calls: &placed{}}
		f.back = f.openBackend()
		f.giveMobile(alice, 1, false)
		f.mobileIsRung(nil) // offline
		page := f.sit(alice)
		call := f.call(direct) // online: the page rings
		session := page.mustHear("callIn", "").session()
		if got := page.mustHear("callIn", session).get("serverType"); got != "staffSeat" {
			t.Errorf("with mode 1 a call rings %s", got)
		}
		call.HangUp()
		page.mustHear("sessionEnded", session)
		f.giveMobile(alice, 2, true)
		f.mobileIsRung(page)
		f.mobileCallsOut(page)
		page.leave()
		f.giveMobile(alice, 0, false)
		waits := f.call(direct)
		f.must(waits.WaitAnswered(f.within(stepTime))) // music, since nobody is there
		f.must(awaitSound(f.ctx, waits))
		waits.HangUp()
		select {
		case c := <-f.called:
			t.Errorf("with mode 0 a call rings %s", c.To)
		default:
		}
	})
}

// mobileIsRung is a customer's call that is answered at the mobile phone; the page, if there is one, is told.
func (f *floor) mobileIsRung(page *seat) {
	f.t.Helper()
	if page != nil {
		page.forget()
	}
	call := f.call(direct)
	f.follow(call, customerTone)
	phone := f.rings()
	if phone.To != "0086"+mobile && phone.To != mobile {
		f.t.Errorf("it rings %s", phone.To)
	}
	if page != nil {
		if in := page.mustHear("callIn", ""); in.get("serverType") != "staffPhoneSeat" {
			f.t.Errorf("callIn: %s", in.Data)
		}
	}
	phone.Answer()
	f.follow(phone, mobileTone)
	f.check("talking on the mobile", hearing{"the customer": {sipEar{call}, voices(mobileTone)}, "the mobile": {sipEar{phone}, voices(customerTone)}})
	session := f.sessionOf(call)
	phone.HangUp()
	f.must(over(f.within(stepTime), call))
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "seat")
	if len(cdr.ServeParticipants) != 1 || cdr.ServeParticipants[0].Type != "staffPhoneSeat" || cdr.ServeParticipants[0].Mail != alice {
		f.t.Errorf("served by %+v", cdr.ServeParticipants)
	}
	if page != nil {
		page.mustHear("sessionEnded", session)
		f.idle(page)
	}
}

// mobileCallsOut dials in the page: the mobile phone rings first.
func (f *floor) mobileCallsOut(page *seat) {
	f.t.Helper()
	result, err := page.ask("call.start", map[string]any{"phoneNumber": "13900000001"})
	f.must(err)
	var started struct{ SessionID, ServerType string }
	f.must(json.Unmarshal(result, &started))
	if started.ServerType != "staffPhoneSeat" {
		f.t.Errorf("call.start: %s", result)
	}
	f.doubleCall(started.SessionID, func(customer *carrier.Call) { page.hangUp(started.SessionID) }, "seat")
	f.idle(page)
}

// doubleCall answers at the mobile phone, then at the customer's.
func (f *floor) doubleCall(session string, end func(customer *carrier.Call), side string) {
	f.t.Helper()
	phone := f.pickUp(mobileTone)
	customer := f.rings()
	if customer.To != "008613900000001" && customer.To != "13900000001" {
		f.t.Errorf("after the mobile it rings %s", customer.To)
	}
	customer.Answer()
	f.follow(customer, customerTone)
	f.check("both phones", hearing{"the customer": {sipEar{customer}, voices(mobileTone)}, "the mobile": {sipEar{phone}, voices(customerTone)}})
	end(customer)
	f.must(over(f.within(stepTime), phone))
	f.must(over(f.within(stepTime), customer))
	checkEnd(f.t, f.cdr(session), "ok", side)
}

// TestDoubleCall joins two phones by CreateCallOutSession of the official SDK, without a page.
func TestDoubleCall(t *testing.T) {
	everywhere(t, func(t *testing.T, servers bool) {
		called, want := outsiders()
		want.servers = servers
		f := &floor{world: newWorld(t, want), called: called, calls: &placed{}}
		f.back = f.openBackend()
		f.giveMobile(alice, 0, false)
		ask := func() string {
			var made api.CreateCallOutSessionResponse
			f.back.ask("CreateCallOutSession", map[string]any{
				"SdkAppId": f.demo.SdkAppID, "UserId": alice, "Callee": "008613900000001", "Caller": welcome, "IsForceUseMobile": true, "Uui": "order 7",
			}, &made)
			return made.SessionId
		}
		session := ask()
		f.doubleCall(session, (*carrier.Call).HangUp, "user")
		if cdr := f.cdr(session); cdr.Uui != "order 7" || cdr.Direction != 1 || cdr.Caller != welcome {
			t.Errorf("CDR: %+v", cdr)
		}

		session = ask() // the agent does not want to
		carrier.Declines(f.rings())
		if cdr := f.cdr(session); cdr.EndStatusString == "ok" || cdr.AcceptTimestamp != 0 {
			t.Errorf("CDR of a call that the agent declined: %+v", cdr)
		}
	})
}

// sessionOf finds the session of a customer's call that runs.
func (f *floor) sessionOf(call *carrier.Call) string {
	f.t.Helper()
	var found string
	eventually(f.t, stepTime, "the call is among those that run", func() bool {
		var answer api.DescribePSTNActiveSessionListResponse
		f.back.ask("DescribePSTNActiveSessionList", map[string]any{"SdkAppId": f.demo.SdkAppID, "Offset": 0, "Limit": 25}, &answer)
		for _, s := range answer.Sessions {
			if s.Caller == "0086"+call.From {
				found = s.SessionID
			}
		}
		return found != ""
	})
	return found
}
