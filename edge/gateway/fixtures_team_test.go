package gateway

import (
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// busy brings Bob in, and Alice's page into a talk with a customer: Bob is the colleague of the stories.
func busy(w *world) (mine, his *tab, ref openseat.Ref) {
	w.t.Helper()
	mine, _ = w.login(alice, "tab-1")
	ref = talking(w, mine)
	his, _ = w.login(bob, "tab-2")
	return mine, his, ref
}

// answers is Bob, who takes what rings; leg is his.
func (p *tab) answers(ref openseat.Ref, leg string) {
	p.w.t.Helper()
	p.event("callIn")
	asked[accepted](p, "call.accept", map[string]any{"sessionId": ref.ID, "sdp": "v=0 " + p.name})
	p.w.tell(ref, call.LegAnswered{Leg: leg})
	p.event("userAccessed")
}

// teamStories are those with several agents, supervisors and tabs.
func teamStories() map[string]func(w *world) *tab {
	return map[string]func(w *world) *tab{
		"transfer": func(w *world) *tab {
			mine, his, ref := busy(w)
			defer his.close()
			asked[any](mine, "call.transfer", map[string]any{"sessionId": "s1", "userId": bob})
			his.answers(ref, "a2")
			mine.event("sessionEnded")
			mine.event("statusChanged")
			return mine
		},
		"transferFailed": func(w *world) *tab {
			mine, his, _ := busy(w)
			defer his.close()
			asked[any](mine, "call.transfer", map[string]any{"sessionId": "s1", "userId": bob})
			his.event("callIn")
			asked[any](his, "call.decline", map[string]any{"sessionId": "s1"})
			mine.event("transferFailed")
			return mine
		},
		"transferred": func(w *world) *tab {
			mine, his, ref := busy(w)
			defer mine.close()
			asked[any](mine, "call.transfer", map[string]any{"sessionId": "s1", "userId": bob})
			his.answers(ref, "a2")
			mine.event("sessionEnded")
			w.customerHangsUp(ref)
			his.event("sessionEnded")
			return his
		},
		"consult": func(w *world) *tab {
			mine, his, ref := busy(w)
			defer his.close()
			member := asked[invited](mine, "call.invite", map[string]any{"sessionId": "s1", "callee": map[string]any{"userId": bob}})
			his.answers(ref, member.MemberID)
			asked[any](mine, "call.reconnect", map[string]any{"sessionId": "s1"})
			asked[any](mine, "call.kick", map[string]any{"sessionId": "s1", "memberId": member.MemberID})
			his.event("sessionEnded")
			w.customerHangsUp(ref)
			mine.event("sessionEnded")
			mine.event("statusChanged")
			return mine
		},
		"monitor": func(w *world) *tab {
			mine, his, ref := busy(w)
			defer mine.close()
			defer his.close()
			boss, _ := w.login(carol, "tab-3")
			asked[call.AgentView](boss, "call.monitor", map[string]any{"sessionId": "s1", "mode": "listen"})
			asked[accepted](boss, "media.offer", map[string]any{"sessionId": "s1", "sdp": "v=0"})
			asked[call.AgentView](boss, "call.monitor", map[string]any{"sessionId": "s1", "mode": "whisper"})
			asked[snapshot](boss, "resync", nil)
			w.customerHangsUp(ref)
			boss.event("sessionEnded")
			return boss
		},
		"intercept": func(w *world) *tab {
			mine, his, ref := busy(w)
			defer mine.close()
			defer his.close()
			boss, _ := w.login(carol, "tab-3")
			asked[call.AgentView](boss, "call.monitor", map[string]any{"sessionId": "s1", "mode": "listen"})
			asked[accepted](boss, "media.offer", map[string]any{"sessionId": "s1", "sdp": "v=0"})
			w.tell(ref, call.LegAnswered{Leg: "m1"})
			asked[any](boss, "call.intercept", map[string]any{"sessionId": "s1"})
			mine.event("sessionEnded")
			w.customerHangsUp(ref)
			boss.event("sessionEnded")
			return boss
		},
		"internal": func(w *world) *tab {
			mine, _ := w.login(alice, "tab-1")
			his, _ := w.login(bob, "tab-2")
			defer his.close()
			out := asked[call.CallResponse](mine, "call.internal", map[string]any{"calleeUserId": bob})
			ref := openseat.CallRef(app, out.SessionID)
			asked[accepted](mine, "media.offer", map[string]any{"sessionId": out.SessionID, "sdp": "v=0"})
			w.tell(ref, call.LegAnswered{Leg: "a1"})
			his.answers(ref, "a2")
			his.send("call.hungUp", map[string]any{"sessionId": out.SessionID})
			mine.event("sessionEnded")
			mine.event("statusChanged")
			return mine
		},
		"internalIn": func(w *world) *tab {
			mine, _ := w.login(alice, "tab-1")
			defer mine.close()
			his, _ := w.login(bob, "tab-2")
			out := asked[call.CallResponse](mine, "call.internal", map[string]any{"calleeUserId": bob})
			ref := openseat.CallRef(app, out.SessionID)
			w.tell(ref, call.LegAnswered{Leg: "a1"})
			his.answers(ref, "a2")
			mine.send("call.hungUp", map[string]any{"sessionId": out.SessionID})
			his.event("sessionEnded")
			return his
		},
		"tabs": func(w *world) *tab { // the second tab of a browser, while the first talks and is closed
			first, _ := w.share(alice, "chrome", "tab-1")
			second, _ := w.share(alice, "chrome", "tab-2")
			ref := talking(w, first)
			first.close()
			second.event("takeOver")
			second.brings()
			w.customerHangsUp(ref)
			second.event("sessionEnded")
			return second
		},
		"elsewhere": func(w *world) *tab { // another browser, which takes the call over when the agent says so
			first, _ := w.login(alice, "tab-1")
			ref := talking(w, first)
			second, _ := w.login(alice, "tab-2")
			second.brings()
			w.customerHangsUp(ref)
			second.event("sessionEnded")
			return second
		},
		"roster": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			asked[change](page, "roster.watch", map[string]any{"on": true})
			w.tell(openseat.BoardRef(app), acd.SignedIn{User: bob, Conn: "elsewhere"})
			page.event("roster")
			asked[any](page, "roster.watch", map[string]any{"on": false})
			asked[any](page, "groups.list", nil)
			return page
		},
		"sessions": func(w *world) *tab {
			page, _ := w.login(carol, "tab-3")
			asked[any](page, "sessions.active", map[string]any{"watch": true})
			mine, _ := w.login(alice, "tab-1")
			ref := talking(w, mine)
			w.runs(runningCall(ref))
			page.event("sessions")
			w.runs()
			time.Sleep(feedPause)
			page.event("sessions")
			return page
		},
		"completed": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			ref := talking(w, page)
			w.customerHangsUp(ref)
			page.event("sessionEnded")
			asked[any](page, "call.complete", map[string]any{"sessionId": "s1"})
			return page
		},
	}
}
