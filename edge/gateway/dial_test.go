package gateway

import (
	"context"
	"strings"
	"testing"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
)

func TestCallOut(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		got := asked[call.CallResponse](page, "call.start", map[string]any{"phoneNumber": "138 0013 8000", "phoneDesc": "Ms Wang", "uui": "order 7"})
		if got.Callee != "008613800138000" || got.Caller != "00864008001000" || got.ServerType != "staffSeat" || got.SessionID == "" {
			t.Errorf("CallResponse %+v", got)
		}
		ref := openseat.CallRef(app, got.SessionID)
		asked[accepted](page, "media.offer", map[string]any{"sessionId": got.SessionID, "sdp": "v=0"})
		w.tell(ref, call.LegAnswered{Leg: "a1"})
		w.tell(ref, call.LegAnswered{Leg: call.CustomerLeg})
		page.event("calloutAccepted")
		busy := page.ask("call.start", map[string]any{"phoneNumber": "13800138001"})
		if busy.Error == nil || busy.Error.Code != openseat.CodeSeatBusy {
			t.Errorf("a second call-out: %+v", busy)
		}
		w.tell(ref, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
		if e := page.event("sessionEnded"); e.Data["closeBy"] != "client" {
			t.Errorf("sessionEnded %v", e.Data)
		}
	})
}

// rules forbid one number.
type rules string

func (r rules) MayDial(_ context.Context, _ *org.View, _, callee string) error {
	if callee == string(r) {
		return openseat.Errorf(openseat.CodeCallOutFailed, "%s is on the list of numbers that are not called", callee)
	}
	return nil
}

func TestWhoMayNotBeCalled(t *testing.T) {
	desk(t, func(w *world) {
		w.g.Rules = rules("008613800138000")
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		theCall := w.obeys("s1", call.Member{ID: "p1"})
		for _, c := range []struct {
			method, field string
			params        map[string]any
		}{
			{"call.start", "phoneNumber", map[string]any{"phoneNumber": "138 0013 8000"}},
			{"call.invite", "callee.phone", map[string]any{"sessionId": "s1", "callee": map[string]any{"phone": "13800138000"}}},
		} {
			h := page.ask(c.method, c.params)
			if h.Error == nil || h.Error.Code != openseat.CodeCallOutFailed || !strings.HasPrefix(h.Error.Message, c.field+": ") {
				t.Errorf("%s: %+v", c.method, h.Error)
			}
		}
		if len(theCall.asked) != 0 {
			t.Errorf("the call was told %+v", theCall.asked)
		}
		asked[invited](page, "call.invite", map[string]any{"sessionId": "s1", "callee": map[string]any{"phone": "13800138001"}})
	})
}

func TestDialing(t *testing.T) {
	view := setUp()
	view.Numbers["00864008002000"] = &org.Number{
		App: app, Number: "00864008002000", Trunk: "demo", CallOut: true, State: org.NumberNormal, CallOutGroups: []int64{1},
	}
	for _, c := range []struct {
		name string
		want startParams
		code string
		call.CallOut
	}{
		{name: "the group's number first", want: startParams{PhoneNumber: "13800138000"},
			CallOut: call.CallOut{Caller: "00864008002000", Callee: "008613800138000", Group: 1}},
		{name: "the number that is asked for", want: startParams{PhoneNumber: "+8613800138000", CallerPhoneNumber: "4008001000"},
			CallOut: call.CallOut{Caller: "00864008001000", Callee: "008613800138000", Group: 1}},
		{name: "one of the numbers that are asked for", want: startParams{PhoneNumber: "010-85551234", ServingNumberGroupIDs: []string{"00864008001000"}},
			CallOut: call.CallOut{Caller: "00864008001000", Callee: "00861085551234", Group: 1}},
		{name: "nobody to call", want: startParams{}, code: openseat.CodeMissingParameter},
		{name: "not a number", want: startParams{PhoneNumber: "call me"}, code: org.CodeInvalidPhoneNumber},
		{name: "no such group", want: startParams{PhoneNumber: "10086", SkillGroupID: "9"}, code: openseat.CodeSkillGroupError},
		{name: "a group by name", want: startParams{PhoneNumber: "10086", SkillGroupID: "Support"}, code: openseat.CodeSkillGroupError},
		{name: "no number of the chosen", want: startParams{PhoneNumber: "10086", ServingNumberGroupIDs: []string{"95588"}}, code: openseat.CodeNoCallOutNumber},
		{name: "too much user data", want: startParams{PhoneNumber: "10086", UUI: strings.Repeat("x", maxUUI+1)}, code: openseat.CodeInvalidValue},
		{name: "too long a remark", want: startParams{PhoneNumber: "10086", PhoneDesc: strings.Repeat("x", maxRemark+1)}, code: openseat.CodeInvalidValue},
		{name: "too many numbers", want: startParams{PhoneNumber: "10086", ServingNumberGroupIDs: make([]string, maxAmong+1)}, code: openseat.CodeInvalidValue},
		{name: "an encoding of its own", want: startParams{PhoneNumber: "10086", PhoneEncodeType: "secret"}, code: openseat.CodeInvalidValue},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := dialing(view, alice, c.want)
			if c.code != "" {
				if err == nil || openseat.AsError(err).Code != c.code {
					t.Fatalf("%+v, %v; want %s", got, err, c.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Caller != c.Caller || got.Callee != c.Callee || got.Group != c.Group || got.Trunk != "demo" || got.User != alice {
				t.Errorf("%+v", got)
			}
		})
	}
}
