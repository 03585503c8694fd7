package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"openseat/api"
	"openseat/sim/carrier"
)

// phoneOf starts the desk phone of a demo agent, and waits until it is registered.
func (w *world) phoneOf(user, transport string) *telephone {
	w.t.Helper()
	for _, a := range w.demo.Agents {
		if a.UserID == user {
			p := w.newTelephone(account{extension: a.Extension, password: a.ExtensionPassword, transport: transport, sings: deskTone})
			p.awaits("REGISTER_OK")
			return p
		}
	}
	w.t.Fatalf("the demo has no %s", user)
	return nil
}

// sitAt signs an agent in whose calls ring elsewhere than in his browser.
func (w *world) sitAt(user string, settings map[string]any) *seat {
	w.t.Helper()
	s := w.sit(user)
	_, err := s.ask("agent.settings", settings)
	s.must(err)
	return s
}

// outsiders let the test answer who is called outside.
func outsiders() (chan *carrier.Call, choices) {
	called := make(chan *carrier.Call, 8)
	return called, choices{carrier: carrier.Options{Pick: func(string) carrier.Script {
		return func(c *carrier.Call) {
			c.Ring()
			called <- c
		}
	}}}
}

// TestPhoneSeat has an agent at a SIP phone, over UDP and over TCP: it registers, rings, talks, is transferred to, calls out
// and calls a colleague.
func TestPhoneSeat(t *testing.T) {
	if testing.Short() {
		t.Skip("starts telephones")
	}
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			called, want := outsiders()
			f := &floor{world: newWorld(t, want), called: called, calls: &placed{}}
			f.back = f.openBackend()
			phone := f.phoneOf(alice, transport)
			page := f.sitAt(alice, map[string]any{"serverType": "staffExtensionSeat"})
			f.phoneIsRung(page, phone)
			f.phoneTakesTransfer(page, phone)
			f.phoneCallsOut(page, phone)
			f.pageCallsOutByPhone(page, phone)
			f.phoneTransfers(page, phone)
		})
	}
}

// phoneIsRung is a customer's call that is answered at the phone.
func (f *floor) phoneIsRung(page *seat, phone *telephone) {
	f.t.Helper()
	call := f.call(direct)
	f.follow(call, customerTone)
	in := page.mustHear("callIn", "")
	session := in.session()
	if in.get("serverType") != "staffExtensionSeat" {
		f.t.Errorf("callIn: %s", in.Data)
	}
	if rings := phone.awaits("CALL_INCOMING"); !strings.Contains(rings.PeerURI, customer) {
		f.t.Errorf("the phone shows %+v", rings)
	}
	phone.tell("accept", "")
	page.mustHear("userAccessed", session)
	f.check("talking on the phone", hearing{"the customer": {sipEar{call}, voices(deskTone)}, "the phone": {phone, voices(customerTone)}})
	if status := f.back.extensionStatus(phone.extension); status != 200 {
		f.t.Errorf("the extension's status in a call is %d", status)
	}
	_, err := page.ask("call.hold", map[string]any{"sessionId": session, "on": true})
	f.must(err)
	f.check("held from the page", hearing{"the customer": {sipEar{call}, others}, "the phone": {phone, silence}})
	_, err = page.ask("call.hold", map[string]any{"sessionId": session, "on": false})
	f.must(err)
	f.check("taken back", hearing{"the customer": {sipEar{call}, voices(deskTone)}, "the phone": {phone, voices(customerTone)}})
	phone.tell("hangup", "")
	phone.awaits("CALL_CLOSED")
	f.must(over(f.within(stepTime), call))
	page.mustHear("sessionEnded", session)
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "seat")
	if len(cdr.ServeParticipants) != 1 || cdr.ServeParticipants[0].Type != "staffExtensionSeat" || cdr.ServeParticipants[0].Mail != alice {
		f.t.Errorf("served by %+v", cdr.ServeParticipants)
	}
	if status := f.back.extensionStatus(phone.extension); status != 100 {
		f.t.Errorf("the extension's status is %d", status)
	}
	f.idle(page)
}

// phoneTakesTransfer is a customer who is handed on to the phone by a colleague at his browser.
func (f *floor) phoneTakesTransfer(page *seat, phone *telephone) {
	f.t.Helper()
	_, err := page.ask("agent.setStatus", map[string]any{"status": "notReady"}) // the customer is to ring Bob
	f.must(err)
	colleague := f.sit(bob)
	call := f.call(direct)
	f.follow(call, customerTone)
	session := colleague.mustHear("callIn", "").session()
	line := colleague.accept(session)
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	_, err = colleague.ask("call.transfer", map[string]any{"sessionId": session, "userId": alice})
	f.must(err)
	phone.awaits("CALL_INCOMING")
	f.check("transferring", hearing{"the customer": {sipEar{call}, others}})
	phone.tell("accept", "")
	f.check("transferred", hearing{"the customer": {sipEar{call}, voices(deskTone)}, "the phone": {phone, voices(customerTone)}})
	colleague.mustHear("sessionEnded", session)
	call.HangUp()
	phone.awaits("CALL_CLOSED")
	cdr := f.cdr(session)
	checkEnd(f.t, cdr, "ok", "user")
	if len(cdr.ServeParticipants) != 2 || cdr.ServeParticipants[0].TransferTo != alice || cdr.ServeParticipants[1].TransferFrom != bob {
		f.t.Errorf("served by %+v", cdr.ServeParticipants)
	}
	colleague.leave()
	f.idle(page)
}

// phoneCallsOut dials at the phone: a customer.
func (f *floor) phoneCallsOut(page *seat, phone *telephone) {
	f.t.Helper()
	page.forget()
	phone.tell("dial", "sip:13900000001@"+addr(f.ports.sip))
	out := page.mustHear("callOuted", "")
	if out.get("serverType") != "staffExtensionSeat" || out.get("calleePhoneNumber") != "008613900000001" {
		f.t.Errorf("callOuted: %s", out.Data)
	}
	call := f.pickUp(customerTone)
	page.mustHear("calloutAccepted", out.session())
	f.check("called from the phone", hearing{"the customer": {sipEar{call}, voices(deskTone)}, "the phone": {phone, voices(customerTone)}})
	call.HangUp()
	phone.awaits("CALL_CLOSED")
	cdr := f.cdr(out.session())
	checkEnd(f.t, cdr, "ok", "user")
	if cdr.Direction != 1 || cdr.Callee != "008613900000001" {
		f.t.Errorf("CDR: %+v", cdr)
	}
	f.idle(page)
}

// pageCallsOutByPhone dials in the page: the phone rings first.
func (f *floor) pageCallsOutByPhone(page *seat, phone *telephone) {
	f.t.Helper()
	page.forget()
	result, err := page.ask("call.start", map[string]any{"phoneNumber": "13900000001"})
	f.must(err)
	var started struct{ SessionID, ServerType string }
	f.must(json.Unmarshal(result, &started))
	if started.ServerType != "staffExtensionSeat" {
		f.t.Errorf("call.start: %s", result)
	}
	phone.awaits("CALL_INCOMING")
	phone.tell("accept", "")
	call := f.pickUp(customerTone)
	page.mustHear("calloutAccepted", started.SessionID)
	f.check("called through the phone", hearing{"the customer": {sipEar{call}, voices(deskTone)}, "the phone": {phone, voices(customerTone)}})
	page.hangUp(started.SessionID)
	phone.awaits("CALL_CLOSED")
	f.must(over(f.within(stepTime), call))
	checkEnd(f.t, f.cdr(started.SessionID), "ok", "seat")
}

// phoneTransfers hands a customer on by the phone's own transfer key.
func (f *floor) phoneTransfers(page *seat, phone *telephone) {
	f.t.Helper()
	f.idle(page)
	call := f.call(direct)
	f.follow(call, customerTone)
	session := page.mustHear("callIn", "").session()
	phone.awaits("CALL_INCOMING")
	phone.tell("accept", "")
	page.mustHear("userAccessed", session)
	f.must(phone.awaitChord(f.ctx, voices(customerTone)))
	colleague := f.sit(bob)
	phone.tell("transfer", "sip:7002@"+addr(f.ports.sip))
	line := colleague.accept(colleague.mustHear("callIn", session).session())
	f.must(line.awaitTone(f.within(stepTime), customerTone))
	phone.awaits("CALL_CLOSED")
	f.must(sipEar{call}.awaitChord(f.ctx, voices(agentTone)))
	call.HangUp()
	colleague.mustHear("sessionEnded", session)
	cdr := f.cdr(session)
	if len(cdr.ServeParticipants) != 2 || cdr.ServeParticipants[0].TransferTo != bob {
		f.t.Errorf("served by %+v", cdr.ServeParticipants)
	}
	colleague.leave()
}

// idle ends after-call work.
func (f *floor) idle(s *seat) {
	f.t.Helper()
	_, err := s.ask("agent.setStatus", map[string]any{"status": "free"})
	f.must(err)
	f.must(s.awaitStatus("free"))
	s.forget()
}

func (b *backend) extensionStatus(extension string) int64 {
	b.w.t.Helper()
	var answer api.DescribeExtensionsResponse
	b.ask("DescribeExtensions", map[string]any{
		"SdkAppId": b.w.demo.SdkAppID, "PageNumber": 0, "ExtensionIds": []string{extension}, "IsNeedStatus": true,
	}, &answer)
	if len(answer.ExtensionList) != 1 {
		b.w.t.Fatalf("DescribeExtensions: %+v", answer)
	}
	return answer.ExtensionList[0].Status
}

// TestPhonesTalk is an internal call from one desk phone to another.
func TestPhonesTalk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts telephones")
	}
	t.Parallel()
	w := newWorld(t, choices{})
	caller := w.phoneOf(alice, "udp")
	callee := w.phoneOf(bob, "tcp")
	caller.tell("dial", "sip:"+callee.extension+"@"+addr(w.ports.sip))
	callee.awaits("CALL_INCOMING")
	callee.tell("accept", "")
	caller.awaits("CALL_ESTABLISHED")
	w.must(caller.awaitChord(w.ctx, voices(deskTone)))
	w.must(callee.awaitChord(w.ctx, voices(deskTone)))
	callee.tell("hangup", "")
	caller.awaits("CALL_CLOSED")
}

// TestExtensionActions makes, changes, and deletes an extension with the official SDK; a phone registers with it meanwhile.
func TestExtensionActions(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a telephone")
	}
	t.Parallel()
	w := newWorld(t, choices{})
	back := w.openBackend()
	app := w.demo.SdkAppID
	back.ask("CreateExtension", map[string]any{
		"SdkAppId": app, "ExtensionId": "7100", "ExtensionName": "Front desk", "SkillGroupIds": []int{support},
	}, &struct{}{})
	var made api.DescribeExtensionResponse
	back.ask("DescribeExtension", map[string]any{"SdkAppId": app, "ExtensionId": "7100"}, &made)
	if made.ExtensionId != "7100" || made.Password == "" || made.ExtensionDomain == "" {
		t.Fatalf("DescribeExtension: %+v", made)
	}
	if got := back.extensionStatus("7100"); got != 0 {
		t.Errorf("before a phone registers its status is %d", got)
	}
	wrong := w.newTelephone(account{extension: "7100", password: "wrong", transport: "udp", sings: deskTone})
	wrong.awaits("REGISTER_FAIL")
	right := w.newTelephone(account{extension: "7100", password: made.Password, transport: "udp", sings: deskTone})
	right.awaits("REGISTER_OK")
	if got := back.extensionStatus("7100"); got != 100 {
		t.Errorf("with a phone its status is %d", got)
	}
	const erin = "erin@demo.openseat"
	w.hire(back, erin, "Erin")
	back.ask("ModifyExtension", map[string]any{"SdkAppId": app, "ExtensionId": "7100", "ExtensionName": "Back office", "Relation": erin}, &struct{}{})
	var list api.DescribeExtensionsResponse
	back.ask("DescribeExtensions", map[string]any{"SdkAppId": app, "PageNumber": 0, "FuzzingKeyWord": "Back"}, &list)
	if list.Total != 1 || list.ExtensionList[0].ExtensionName != "Back office" || list.ExtensionList[0].Relation != erin {
		t.Errorf("DescribeExtensions: %+v", list)
	}
	var reset api.ResetExtensionPasswordResponse
	back.ask("ResetExtensionPassword", map[string]any{"SdkAppId": app, "ExtensionId": "7100"}, &reset)
	back.ask("DescribeExtension", map[string]any{"SdkAppId": app, "ExtensionId": "7100"}, &made)
	if reset.Password != "" && reset.Password != made.Password {
		t.Error("ResetExtensionPassword answers another password than DescribeExtension")
	}
	back.ask("DeleteExtension", map[string]any{"SdkAppId": app, "ExtensionId": "7100"}, &struct{}{})
	back.ask("DescribeExtensions", map[string]any{"SdkAppId": app, "PageNumber": 0, "FuzzingKeyWord": "Back"}, &list)
	if list.Total != 0 {
		t.Errorf("after DeleteExtension there is %+v", list)
	}
}
