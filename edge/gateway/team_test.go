package gateway

import (
	"reflect"
	"testing"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
)

// obedient is a call that does whatever it is asked, and remembers it.
type obedient struct {
	asked []openseat.Event
	value any             // what it answers
	err   *openseat.Error // or how it refuses
}

func (o *obedient) Handle(_ time.Time, e openseat.Event) []openseat.Command {
	a, ok := e.(openseat.Asked)
	if !ok {
		return nil
	}
	o.asked = append(o.asked, a.Event)
	return []openseat.Command{openseat.Reply{Ask: a.Ask, Value: o.value, Error: o.err}}
}

// obeys makes session id an obedient call.
func (w *world) obeys(id string, value any) *obedient {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := &obedient{value: value}
	w.things[openseat.CallRef(app, id)] = o
	return o
}

// What a page asks for becomes the event that the call is told.
func TestTeamMethods(t *testing.T) {
	member := call.Member{ID: "a2", Type: "agent", User: bob, State: "ringing"}
	for _, c := range []struct {
		name   string
		who    string
		method string
		params map[string]any
		value  any
		want   openseat.Event
		code   string
	}{
		{name: "to a colleague", method: "call.transfer", params: map[string]any{"userId": bob}, want: call.Transferred{User: alice, ToUser: bob}},
		{name: "to a group", method: "call.transfer", params: map[string]any{"skillGroupId": "1"},
			want: call.Transferred{User: alice, ToGroup: 1, Groups: map[int64]*org.SkillGroup{1: setUp().Groups[1]}}},
		{name: "to nobody", method: "call.transfer", code: openseat.CodeMissingParameter},
		{name: "to both", method: "call.transfer", params: map[string]any{"userId": bob, "skillGroupId": "1"}, code: openseat.CodeInvalidParameter},
		{name: "to oneself", method: "call.transfer", params: map[string]any{"userId": alice}, code: openseat.CodeInvalidValue},
		{name: "to a stranger", method: "call.transfer", params: map[string]any{"userId": "eve"}, code: openseat.CodeAccountNotExist},
		{name: "to no group", method: "call.transfer", params: map[string]any{"skillGroupId": "9"}, code: openseat.CodeSkillGroupError},
		{name: "a group is a string", method: "call.transfer", params: map[string]any{"skillGroupId": 1}, code: openseat.CodeInvalidParameter},
		{name: "not after all", method: "call.transferCancel", want: call.TransferCancelled{User: alice}},
		{name: "consult a colleague", method: "call.invite", params: map[string]any{"callee": map[string]any{"userId": bob}}, value: member,
			want: call.Invited{User: alice, ToUser: bob}},
		{name: "consult a group and wait", method: "call.invite", value: member,
			params: map[string]any{"callee": map[string]any{"skillGroupId": "1"}, "allowQueue": true},
			want:   call.Invited{User: alice, ToGroup: 1, Wait: true, Groups: map[int64]*org.SkillGroup{1: setUp().Groups[1]}}},
		{name: "consult an expert outside", method: "call.invite", params: map[string]any{"callee": map[string]any{"phone": "010-85551234"}}, value: member,
			want: call.Invited{User: alice, Phone: "00861085551234", Trunk: "demo", Caller: "00864008001000"}},
		{name: "consult nobody", method: "call.invite", code: openseat.CodeMissingParameter},
		{name: "consult two", method: "call.invite", code: openseat.CodeInvalidParameter,
			params: map[string]any{"callee": map[string]any{"phone": "10086", "userId": bob}}},
		{name: "consult no number", method: "call.invite", params: map[string]any{"callee": map[string]any{"phone": "home"}}, code: org.CodeInvalidPhoneNumber},
		{name: "take the customer back", method: "call.reconnect", want: call.Reconnected{User: alice}},
		{name: "take the expert back", method: "call.reconnect", params: map[string]any{"memberId": "a2"}, want: call.Reconnected{User: alice, Member: "a2"}},
		{name: "take nonsense back", method: "call.reconnect", params: map[string]any{"memberId": "a.2"}, code: openseat.CodeInvalidParameter},
		{name: "put the expert out", method: "call.kick", params: map[string]any{"memberId": "a2"}, want: call.Kicked{User: alice, Member: "a2"}},
		{name: "put nobody out", method: "call.kick", code: openseat.CodeInvalidParameter},
		{name: "agents do not listen", method: "call.monitor", params: map[string]any{"mode": "listen"}, code: openseat.CodeUnauthorized},
		{name: "agents do not intercept", method: "call.intercept", code: openseat.CodeUnauthorized},
		{name: "whisper", who: carol, method: "call.monitor", params: map[string]any{"mode": "whisper"}, value: call.AgentView{SessionID: "s1"},
			want: call.Monitored{User: carol, TabUUID: "tab-1", Mode: call.Whisper}},
		{name: "listening is what is meant", who: carol, method: "call.monitor", value: call.AgentView{SessionID: "s1"},
			want: call.Monitored{User: carol, TabUUID: "tab-1", Mode: call.Listen}},
		{name: "shout", who: carol, method: "call.monitor", params: map[string]any{"mode": "shout"}, code: openseat.CodeInvalidValue},
		{name: "take over", who: carol, method: "call.intercept", want: call.Intercepted{User: carol}},
	} {
		t.Run(c.name, func(t *testing.T) {
			desk(t, func(w *world) {
				who := c.who
				if who == "" {
					who = alice
				}
				page, s := w.login(who, "tab-1")
				defer page.close()
				theCall := w.obeys("s1", c.value)
				if c.params == nil {
					c.params = map[string]any{}
				}
				c.params["sessionId"] = "s1"
				h := page.ask(c.method, c.params)
				if c.code != "" {
					if h.Error == nil || h.Error.Code != c.code {
						t.Errorf("%+v, want %s", h.Error, c.code)
					}
					return
				}
				if m, ok := c.want.(call.Monitored); ok {
					m.Conn = s.Conn
					c.want = m
				}
				if h.Error != nil || len(theCall.asked) != 1 || !reflect.DeepEqual(theCall.asked[0], c.want) {
					t.Errorf("%+v: the call was told %+v, want %+v", h.Error, theCall.asked, c.want)
				}
			})
		})
	}
}

// A supervisor has one pair of ears, but may read several calls.
func TestOneMonitorAtATime(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(carol, "tab-1")
		defer page.close()
		monitor := func(session, mode string) string {
			h := page.ask("call.monitor", map[string]any{"sessionId": session, "mode": mode})
			if h.Error != nil {
				return h.Error.Code
			}
			return "ok"
		}
		for _, id := range []string{"s1", "s2", "s3"} {
			w.obeys(id, call.AgentView{SessionID: id})
		}
		for _, step := range []struct{ session, mode, want string }{
			{"s1", "listen", "ok"},
			{"s1", "whisper", "ok"},
			{"s2", "listen", openseat.CodeStateNotAllowed},
			{"s2", "text", "ok"},
			{"s3", "text", "ok"},
			{"s3", "barge", openseat.CodeStateNotAllowed},
		} {
			if got := monitor(step.session, step.mode); got != step.want {
				t.Errorf("%s %s: %s, want %s", step.session, step.mode, got, step.want)
			}
		}
		w.entry(openseat.CallRef(app, "s1"), call.Notify{User: carol, Event: "sessionEnded", Data: map[string]any{"sessionId": "s1"}})
		if got := monitor("s3", "barge"); got != "ok" {
			t.Errorf("after the first has ended: %s", got)
		}
	})
}

func TestInternalCall(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		for _, c := range []struct {
			params map[string]any
			code   string
		}{
			{map[string]any{}, openseat.CodeMissingParameter},
			{map[string]any{"calleeUserId": alice}, openseat.CodeInvalidValue},
			{map[string]any{"calleeUserId": "eve"}, openseat.CodeAccountNotExist},
			{map[string]any{"calleeUserId": bob, "useMobile": true}, openseat.CodeInvalidValue}, // he has none
			{map[string]any{"calleeUserId": bob, "useMobile": "yes"}, openseat.CodeInvalidParameter},
		} {
			if h := page.ask("call.internal", c.params); h.Error == nil || h.Error.Code != c.code {
				t.Errorf("%v: %+v, want %s", c.params, h.Error, c.code)
			}
		}
	})
}

func TestGroupsList(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		got := asked[[]groupInfo](page, "groups.list", nil)
		if want := []groupInfo{{ID: 1, Name: "Support"}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v", got)
		}
	})
}

func TestSessionCompleted(t *testing.T) {
	desk(t, func(w *world) {
		page, _ := w.login(alice, "tab-1")
		defer page.close()
		page.send("call.complete", map[string]any{"sessionId": "s1"})
		if e := page.event("sessionCompleted"); e.Data["sessionId"] != "s1" {
			t.Errorf("%v", e.Data)
		}
	})
}
