package gateway

import (
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

func TestAgentSignsIn(t *testing.T) {
	desk(t, func(w *world) {
		page, s := w.login(alice, "tab-1")
		defer page.close()
		if s.Status.Status != acd.StatusFree || s.User.Name != "Alice" || s.SdkAppID != app || s.Resume == "" || s.Conn == "" {
			t.Errorf("snapshot %+v", s)
		}
		if len(s.User.Groups) != 1 || s.User.Groups[0].Name != "Support" || len(s.Calls) != 0 {
			t.Errorf("snapshot %+v", s)
		}
		if got := w.status(alice); got != acd.StatusFree {
			t.Errorf("the board says %s", got)
		}
	})
}

// A customer waits, is offered to Alice, she answers, they talk, she hangs up.
func TestInboundCall(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		ref := w.customerCalls("s1")
		in := page.event("callIn")
		if in.Data["sessionId"] != "s1" || in.Data["callerPhoneNumber"] != "008613800138000" || in.Data["type"] != "phone" {
			t.Errorf("callIn %v", in.Data)
		}
		got := asked[accepted](page, "call.accept", map[string]any{"sessionId": "s1", "sdp": "v=0"})
		if got.SDP != "answer to v=0" || got.MediaError != nil {
			t.Errorf("accept: %+v", got)
		}
		w.tell(ref, call.LegAnswered{Leg: "a1"})
		if e := page.event("userAccessed"); e.Data["tabUUID"] != "tab-1" {
			t.Errorf("userAccessed %v", e.Data)
		}
		asked[any](page, "call.mute", map[string]any{"sessionId": "s1", "on": true})
		asked[any](page, "call.hold", map[string]any{"sessionId": "s1", "on": true})
		asked[any](page, "call.digits", map[string]any{"sessionId": "s1", "digits": "12#"})
		page.send("call.hungUp", map[string]any{"sessionId": "s1"})
		if e := page.event("sessionEnded"); e.Data["closeBy"] != "seat" {
			t.Errorf("sessionEnded %v", e.Data)
		}
		if e := page.event("statusChanged"); e.Data["status"] != "free" {
			t.Errorf("statusChanged %v", e.Data)
		}
	})
}

// callIn is on the wire in the same instant in which the journal has it: no timer is between.
func TestCallInLeavesAtOnce(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		synctest.Wait()
		before := time.Now()
		w.customerCalls("s1")
		page.event("callIn")
		if waited := time.Since(before); waited != 0 {
			t.Errorf("callIn took %v of virtual time", waited)
		}
	})
}

func TestLoginToken(t *testing.T) {
	refused := func(t *testing.T, p *tab, params map[string]any, code string) {
		t.Helper()
		params["version"], params["tabUUID"] = Version, p.name
		h := p.ask("hello", params)
		if h.Error == nil || h.Error.Code != code {
			t.Errorf("hello: %+v, want %s", h, code)
		}
		if got, _ := p.ends(); got != closeRefused {
			t.Errorf("closed with %d", got)
		}
	}
	desk(t, func(w *world) {
		login, err := w.g.Issue(w.t.Context(), app, alice)
		if err != nil {
			t.Fatal(err)
		}
		if want := "http://desk.test/sdk/agent.js?sdkAppId=1400000001&token=" + login.Token + "&userId=alice%40demo.openseat"; login.SdkURL != want {
			t.Errorf("SdkURL %s, want %s", login.SdkURL, want)
		}
		first := w.connect("tab-1")
		defer first.close()
		first.hello(map[string]any{"token": login.Token})
		refused(t, w.connect("tab-2"), map[string]any{"token": login.Token}, CodeTokenExpired)
		refused(t, w.connect("tab-3"), map[string]any{"token": ""}, CodeTokenExpired)
		refused(t, w.connect("bad tab"), map[string]any{"token": ""}, openseat.CodeInvalidParameter)

		late, err := w.g.Issue(w.t.Context(), app, bob)
		if err != nil {
			t.Fatal(err)
		}
		go func() { first.ends() }() // stays alive
		time.Sleep(loginTTL)
		refused(t, w.connect("tab-4"), map[string]any{"token": late.Token}, CodeTokenExpired)
		if _, err := w.g.Issue(w.t.Context(), app, "nobody@demo.openseat"); openseat.AsError(err).Code != openseat.CodeAccountNotExist {
			t.Errorf("Issue for nobody: %v", err)
		}
	})
}
