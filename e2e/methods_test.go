package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// members are what the manual and the newer documents give window.tccc, for telephone calls.
func members() []string {
	return strings.Fields(`on off events
		Call.startOutboundCall Call.accept Call.hungUp Call.end Call.deleteCall Call.muteMic Call.unmuteMic Call.isMicMuted
		Call.startInternalCall Call.transfer Call.hold Call.unHold Call.sendDigits Call.monitor Call.intercept Call.invite
		Call.reconnect Call.kick Agent.online Agent.offline Agent.setStatus Agent.getStatus Devices.isBrowserSupported
		Devices.isEnvSupported Devices.getMicrophones Devices.getSpeakers UI.hide UI.show UI.hidefloatButton
		UI.showfloatButton UI.hideWorkbench UI.showWorkbench UI.hideNotificationBar UI.showNotificationBar
		UI.updateUserCustomSettings UI.mount Admin.getSkillGroups overrideButtonConfig callOut
		events.ready events.tokenExpired events.callIn events.userAccessed events.autoTransfer events.sessionEnded
		events.callOuted events.calloutAccepted events.transfer events.statusChanged events.kickedOut events.asr
		events.sessionCompleted events.memberStateChanged`)
}

// TestMethods calls what the other tests do not, and looks at the shapes: what promises are kept and broken with, and what
// listeners are given.
func TestMethods(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	f := openFloor(t, alice)
	f.story(t, "members", func(f *floor) { allMembers(f.t, f.desks[alice]) })
	f.story(t, "a call out", func(f *floor) { shapesOut(f, f.desks[alice]) })
	f.story(t, "refusals", func(f *floor) { refusals(f, f.desks[alice]) })
	f.story(t, "statuses", func(f *floor) { statuses(f, f.desks[alice]) })
	f.story(t, "members of a call", func(f *floor) { callMembers(f, f.desks[alice]) })
	f.story(t, "buttons", func(f *floor) { buttons(f, f.desks[alice]) })
}

func allMembers(t *testing.T, agent *desk) {
	t.Helper()
	for _, name := range members() {
		var kind string
		agent.eval(`typeof window.tccc.`+name, &kind)
		if kind != "function" && kind != "string" && kind != "object" {
			t.Errorf("tccc.%s is %s", name, kind)
		}
	}
}

// shapesOut looks at a call out from beginning to end.
func shapesOut(f *floor, agent *desk) {
	type response struct {
		SessionID, CalleePhoneNumber, CallerPhoneNumber, ServerType, Status string
		Data                                                                *response
	}
	var begun response
	f.must(json.Unmarshal(agent.call("startOutboundCall", map[string]any{"phoneNumber": "13900000001"}), &begun))
	if begun.Status != "success" || begun.SessionID == "" || begun.Data == nil || begun.Data.SessionID != begun.SessionID ||
		begun.ServerType != "staffSeat" || begun.Data.CalleePhoneNumber != "008613900000001" || begun.CallerPhoneNumber == "" {
		f.t.Errorf("startOutboundCall resolved to %+v", begun)
	}
	it := of(begun.SessionID)
	call := f.pickUp(customerTone)
	agent.mustHear("calloutAccepted", begun.SessionID)
	muted := func(want bool) {
		var is struct {
			IsMicMuted bool
			Data       struct{ IsMicMuted bool }
		}
		f.must(json.Unmarshal(agent.call("isMicMuted", it), &is))
		if is.IsMicMuted != want || is.Data.IsMicMuted != want {
			f.t.Errorf("isMicMuted: %+v, wanted %v", is, want)
		}
	}
	muted(false)
	agent.call("muteMic", it)
	muted(true)
	agent.call("unmuteMic", it)
	muted(false)
	call.HangUp()
	ended := agent.mustHear("sessionEnded", begun.SessionID)
	if ended.get("closeBy") != "client" || ended.get("duration") == "" {
		f.t.Errorf("sessionEnded: %s", ended.Data)
	}
	agent.call("deleteCall", it)
	agent.mustHear("sessionCompleted", begun.SessionID)
	var doubled []string // what is flat and again under data
	agent.eval(`window.told.filter((n) => n.data.data && Object.keys(n.data).every((k) => k === "data" || n.data[k] === n.data.data[k])).map((n) => n.event)`, &doubled)
	for _, event := range []string{"callOuted", "calloutAccepted", "sessionEnded", "sessionCompleted"} {
		if !slices.Contains(doubled, event) {
			f.t.Errorf("%s does not have its fields again under data", event)
		}
	}
}

// refused is what a method of tccc rejects with.
func (d *desk) refused(call string) (code, shape string) {
	d.b.t.Helper()
	var e struct{ Status, Code, ErrorMsg, ErrMsg, Message string }
	d.eval(fmt.Sprintf(`window.tccc.%s.then(() => ({}), (e) => ({ status: e.status, code: String(e.code), errorMsg: e.errorMsg, errMsg: e.errMsg, message: e.message }))`, call), &e)
	if e.Status != "error" || e.ErrorMsg == "" || e.ErrMsg != e.ErrorMsg || e.Message != e.ErrorMsg {
		return e.Code, fmt.Sprintf("%+v", e)
	}
	return e.Code, ""
}

func refusals(f *floor, agent *desk) {
	customer, session := f.comesIn(alice)
	_ = customer
	for call, want := range map[string]string{
		`Call.accept({ sessionId: "none" })`:          "SessionNotFound",
		`Call.hungUp({})`:                             "InvalidParameter",
		`Call.startOutboundCall({})`:                  "InvalidParameter",
		`Call.startOutboundCall({ phoneNumber: {} })`: "InvalidParameter.InvalidPhoneNumber",
		`Call.invite({ sessionId: "none", callee: { userId: "bob@demo.openseat" } })`:            "-7",
		`Call.invite({ sessionId: "` + session + `", callee: { userId: "bob@demo.openseat" } })`: "-8001",
		`Call.transfer({ sessionId: "` + session + `" })`:                                        "InvalidParameter",
		`Call.transfer({ sessionId: "` + session + `", userId: "bob@demo.openseat" })`:           "ResourceUnavailable",
		`Call.monitor({ sessionId: "` + session + `" })`:                                         "UnauthorizedOperation",
		`Call.startInternalCall({ calleeUserId: "bob@demo.openseat" })`:                          "FailedOperation.SeatStatusBusy",
		`Agent.setStatus({ status: "somewhere" })`:                                               "InvalidParameterValue",
		`Call.kick({ sessionId: "` + session + `", memberId: "none" })`:                          "ResourceNotFound",
	} {
		code, shape := agent.refused(call)
		if code != want {
			f.t.Errorf("%s is refused with %q, wanted %q", call, code, want)
		}
		if shape != "" {
			f.t.Errorf("%s rejects with %s", call, shape)
		}
	}
	agent.call("hungUp", of(session))
	agent.mustHear("sessionEnded", session)
}

func statuses(f *floor, agent *desk) {
	agent.setStatus("notReady")
	agent.eval(`window.tccc.Agent.setStatus({ status: "stopNotReady" })`, nil)
	agent.wait(`window.tccc.Agent.getStatus() === "free"`, nil)
	agent.forget()
	agent.eval(`window.tccc.Agent.setStatus({ status: "rest", restReason: "Lunch" })`, nil)
	agent.wait(`window.tccc.Agent.getStatus() === "rest"`, nil)
	if changed := agent.mustHear("statusChanged", ""); changed.get("status") != "rest" || changed.get("reason") != "Lunch" {
		f.t.Errorf("statusChanged: %s", changed.Data)
	}
	agent.eval(`window.tccc.Agent.offline()`, nil)
	agent.wait(`window.tccc.Agent.getStatus() === "offline"`, nil)
	agent.eval(`window.tccc.Agent.online()`, nil)
	agent.wait(`window.tccc.Agent.getStatus() !== "offline"`, nil)
	agent.setStatus("free")

	_, session := f.comesIn(alice) // asked in a call, it comes after it
	agent.eval(`window.tccc.Agent.setStatus({ status: "notReady" })`, nil)
	agent.wait(`window.tccc.Agent.getStatus() === "busy"`, nil)
	agent.call("hungUp", of(session))
	agent.mustHear("sessionEnded", session)
	agent.call("deleteCall", of(session)) // its after-call work ends, too
	agent.wait(`window.tccc.Agent.getStatus() === "notReady"`, nil)

	var groups []struct{ SkillGroupName, SkillGroupID string }
	agent.eval(`window.tccc.Admin.getSkillGroups()`, &groups)
	if !slices.ContainsFunc(groups, func(g struct{ SkillGroupName, SkillGroupID string }) bool {
		return g.SkillGroupName == "Support" && g.SkillGroupID == "1"
	}) {
		f.t.Errorf("getSkillGroups: %v", groups)
	}
	agent.eval(`(() => { window.calls = 0; const count = () => window.calls++
		window.tccc.on("statusChanged", count); window.tccc.on(window.tccc.events.statusChanged, count); window.tccc.off("statusChanged", count) })()`, nil)
	agent.setStatus("free")
	var calls int
	agent.eval(`window.calls`, &calls)
	if calls != 0 {
		f.t.Errorf("a listener that was taken off was called %d times", calls)
	}
}

// callMembers learns who is who in a consultation, and uses it.
func callMembers(f *floor, agent *desk) {
	_, session := f.comesIn(alice)
	member := agent.invite(session, map[string]any{"phone": "13700000001"})
	outsider := f.pickUp(outsideTone)
	var told struct{ MemberID, Type, PhoneNumber, State string }
	agent.wait(fmt.Sprintf(`window.told.find((n) => n.event === "memberStateChanged" && n.data.memberId === %q && n.data.state === "talking")?.data`, member), &told)
	if told.Type != "phone" || told.PhoneNumber != "008613700000001" {
		f.t.Errorf("memberStateChanged: %+v", told)
	}
	var customer string
	agent.wait(`window.told.findLast((n) => n.event === "memberStateChanged" && n.data.type === "customer" && n.data.state === "held")?.data.memberId`, &customer)
	agent.call("reconnect", map[string]any{"sessionId": session, "memberId": customer})
	f.must(sipEar{outsider}.awaitChord(f.ctx, voices(customerTone, agentTone)))
	agent.call("kick", map[string]any{"sessionId": session, "memberId": member})
	f.must(over(f.within(stepTime), outsider))
	agent.wait(fmt.Sprintf(`window.told.findLast((n) => n.event === "memberStateChanged" && n.data.memberId === %q)?.data.state === "left"`, member), nil)
	agent.call("hungUp", of(session))
	agent.mustHear("sessionEnded", session)
}

// buttons takes buttons away.
func buttons(f *floor, agent *desk) {
	agent.eval(`(window.tccc.overrideButtonConfig((config) => ({ ...config, active: config.active.filter((b) => b.type !== "holdToggle") })), 0)`, nil)
	_, session := f.comesIn(alice)
	const labels = `[...document.querySelector("openseat-agent").shadowRoot.querySelectorAll(".bar button")].map((b) => b.getAttribute("aria-label"))`
	agent.wait(labels+`.includes("Mute")`, nil)
	var shown []string
	agent.eval(labels, &shown)
	if slices.Contains(shown, "Hold") || !slices.Contains(shown, "Keypad") {
		f.t.Errorf("the buttons are %v", shown)
	}
	agent.call("hungUp", of(session))
	agent.mustHear("sessionEnded", session)
}
