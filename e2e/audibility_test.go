package e2e

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"openseat/sim/carrier"
)

// matrix is docs/audibility.md: of each state, what each party hears.
type matrix struct {
	t      *testing.T
	rows   map[string]map[string]chord
	proven map[string]bool
}

// readMatrix reads the table.
func readMatrix(t *testing.T) *matrix {
	t.Helper()
	page, err := os.ReadFile("../docs/audibility.md")
	if err != nil {
		t.Fatal(err)
	}
	m := &matrix{t: t, rows: map[string]map[string]chord{}, proven: map[string]bool{}}
	var parties []string
	for line := range strings.Lines(string(page)) {
		cells, isRow := strings.CutPrefix(strings.TrimSpace(line), "| ")
		if !isRow {
			continue
		}
		row := strings.Split(strings.TrimSuffix(cells, " |"), " | ")
		if row[0] == "state" {
			parties = row[1:]
			continue
		}
		m.rows[row[0]] = map[string]chord{}
		for i, cell := range row[1:] {
			if cell != "-" {
				m.rows[row[0]][parties[i]] = heardIn(t, cell)
			}
		}
	}
	return m
}

// heardIn is a cell of the table.
func heardIn(t *testing.T, cell string) chord {
	t.Helper()
	switch cell {
	case "nothing":
		return silence
	case "music", "ringing":
		return others
	}
	var all []int
	for name := range strings.SplitSeq(cell, ", ") {
		tone, known := map[string]int{
			"customer": customerTone, "agent": agentTone, "colleague": bobTone, "supervisor": carolTone, "outsider": outsideTone,
		}[name]
		if !known {
			t.Fatalf("docs/audibility.md: nobody is called %q", name)
		}
		all = append(all, tone)
	}
	return voices(all...)
}

// party is who listens, by the names of the table.
type party map[string]ear

// prove listens to all who hear something or nothing in a state, and to nobody else.
func (m *matrix) prove(f *floor, state string, who party) {
	f.t.Helper()
	row, known := m.rows[state]
	if !known {
		f.t.Fatalf("docs/audibility.md has no state %q", state)
	}
	all := hearing{}
	for name, want := range row {
		if who[name] == nil {
			f.t.Fatalf("%s: nobody is the %s", state, name)
		}
		all[name] = listener{who[name], want}
	}
	f.check(state, all)
	m.proven[state] = true
}

// complete checks that nothing in the table was left out.
func (m *matrix) complete() {
	m.t.Helper()
	if m.t.Failed() {
		return
	}
	for state := range m.rows {
		if !m.proven[state] {
			m.t.Errorf("docs/audibility.md: %q was not proven", state)
		}
	}
}

// TestAudibility proves who hears whom in every state of a call, as docs/audibility.md says it: with browsers, and telephones
// on SIP legs, each of whom sings a tone of his own.
func TestAudibility(t *testing.T) {
	if testing.Short() {
		t.Skip("starts browsers")
	}
	t.Parallel()
	m := readMatrix(t)
	f := openFloor(t, alice, bob, carol)
	f.story(t, "two", m.two)
	f.story(t, "consultation", m.consultation)
	f.story(t, "handover", m.handover)
	f.story(t, "outsider", m.outsider)
	f.story(t, "transfer", m.transfer)
	f.story(t, "group transfer", m.groupTransfer)
	f.story(t, "supervision", m.supervision)
	f.story(t, "internal", m.internal)
	m.complete()
}

// everybody are the ears of a call from outside.
func (f *floor) everybody(customer *carrier.Call) party {
	return party{
		"customer": sipEar{customer}, "agent": pageEar{f.desks[alice]}, "colleague": pageEar{f.desks[bob]}, "supervisor": pageEar{f.desks[carol]},
	}
}

func (m *matrix) two(f *floor) {
	agent := f.desks[alice]
	customer, session := f.comesIn(alice)
	all, it := f.everybody(customer), of(session)
	m.prove(f, "talking", all)
	agent.call("muteMic", it)
	m.prove(f, "muted", all)
	agent.call("hold", it)
	m.prove(f, "held and muted", all)
	agent.call("unmuteMic", it)
	m.prove(f, "held", all)
	agent.call("unHold", it)
	m.prove(f, "talking", all)
	customer.HangUp()
	agent.mustHear("sessionEnded", session)

	agent.setStatus("notReady") // nobody is free
	f.desks[bob].setStatus("notReady")
	waits := f.call(direct)
	f.follow(waits, customerTone)
	m.prove(f, "waiting in the queue", f.everybody(waits))
	waits.HangUp()

	session = sessionIn(f.t, agent.call("startOutboundCall", map[string]any{"phoneNumber": "13900000001"}))
	rings := f.rings()
	m.prove(f, "calling out, it rings", all)
	rings.Answer()
	f.follow(rings, customerTone)
	m.prove(f, "talking", f.everybody(rings))
	agent.call("hungUp", of(session))
}

func (m *matrix) consultation(f *floor) {
	agent, colleague := f.desks[alice], f.desks[bob]
	customer, session := f.comesIn(alice)
	all, it := f.everybody(customer), of(session)
	member := agent.invite(session, map[string]any{"userId": bob})
	colleague.mustHear("callIn", session)
	m.prove(f, "calling a colleague to consult", all)
	colleague.call("accept", it)
	m.prove(f, "consulting a colleague", all)
	agent.call("muteMic", it)
	m.prove(f, "consulting, muted", all)
	agent.call("unmuteMic", it)
	agent.call("reconnect", it)
	m.prove(f, "three-way", all)
	agent.call("muteMic", it)
	m.prove(f, "three-way, agent muted", all)
	agent.call("unmuteMic", it)
	agent.call("hold", it)
	m.prove(f, "three-way, held", all)
	agent.call("unHold", it)
	m.prove(f, "three-way", all)
	agent.invite(session, map[string]any{"phone": "13700000001"})
	all["outsider"] = sipEar{f.pickUp(outsideTone)}
	agent.call("reconnect", it)
	m.prove(f, "four parties", all)
	agent.call("kick", map[string]any{"sessionId": session, "memberId": member})
	colleague.mustHear("sessionEnded", session)
	m.prove(f, "three-way with an outsider", all)
	agent.call("hungUp", it)
	agent.mustHear("sessionEnded", session)
	m.prove(f, "the agent has left, outsider", all)
}

// handover is a group that is consulted, and then given the customer by leaving.
func (m *matrix) handover(f *floor) {
	agent, colleague := f.desks[alice], f.desks[bob]
	customer, session := f.comesIn(alice)
	all, it := f.everybody(customer), of(session)
	colleague.setStatus("notReady")
	agent.call("invite", map[string]any{"sessionId": session, "callee": map[string]any{"skillGroupId": strconv.Itoa(sales)}, "allowQueue": true})
	m.prove(f, "consulting a group, nobody is free", all)
	colleague.setStatus("free")
	colleague.mustHear("callIn", session)
	colleague.call("accept", it)
	m.prove(f, "consulting a colleague", all)
	agent.call("hungUp", it)
	agent.mustHear("sessionEnded", session)
	m.prove(f, "the agent has left, colleague", all)
}

func (m *matrix) outsider(f *floor) {
	agent := f.desks[alice]
	customer, session := f.comesIn(alice)
	all := f.everybody(customer)
	member := agent.invite(session, map[string]any{"phone": "13700000001"})
	rings := f.rings()
	m.prove(f, "calling an outsider to consult", all)
	rings.Answer()
	f.follow(rings, outsideTone)
	all["outsider"] = sipEar{rings}
	m.prove(f, "consulting an outsider", all)
	agent.call("reconnect", of(session))
	m.prove(f, "three-way with an outsider", all)
	agent.call("kick", map[string]any{"sessionId": session, "memberId": member})
	f.must(over(f.within(stepTime), rings))
	m.prove(f, "talking", all)
}

func (m *matrix) transfer(f *floor) {
	agent, colleague := f.desks[alice], f.desks[bob]
	customer, session := f.comesIn(alice)
	all, it := f.everybody(customer), of(session)
	to := map[string]any{"sessionId": session, "userId": bob}
	agent.call("transfer", to)
	colleague.mustHear("callIn", session)
	m.prove(f, "transferring to a colleague", all)
	colleague.call("end", it)
	agent.mustHear("transferFailed", session)
	m.prove(f, "returned to the agent", all)
	colleague.setStatus("free")
	colleague.forget()
	agent.call("transfer", to)
	colleague.mustHear("callIn", session)
	colleague.call("accept", it)
	m.prove(f, "transferred", all)
	agent.mustHear("sessionEnded", session)
}

func (m *matrix) groupTransfer(f *floor) {
	agent, colleague := f.desks[alice], f.desks[bob]
	customer, session := f.comesIn(alice)
	all := f.everybody(customer)
	agent.call("transfer", map[string]any{"sessionId": session, "skillGroupId": strconv.Itoa(sales)})
	colleague.mustHear("callIn", session)
	m.prove(f, "transferring to a group", all)
	agent.mustHear("sessionEnded", session)
	colleague.call("accept", of(session))
	m.prove(f, "transferred", all)
}

func (m *matrix) supervision(f *floor) {
	agent, colleague, supervisor := f.desks[alice], f.desks[bob], f.desks[carol]
	customer, session := f.comesIn(alice)
	all, it := f.everybody(customer), of(session)
	mode := func(mode string) { supervisor.call("monitor", map[string]any{"sessionId": session, "mode": mode}) }

	supervisor.call("monitor", it)
	m.prove(f, "monitored", all)
	agent.call("muteMic", it)
	m.prove(f, "monitored, agent muted", all)
	agent.call("unmuteMic", it)
	agent.call("hold", it)
	m.prove(f, "monitored, held", all)
	mode("whisper")
	m.prove(f, "whispered, held", all)
	mode("barge")
	m.prove(f, "barged, held", all)
	agent.call("unHold", it)
	m.prove(f, "barged", all)
	supervisor.call("muteMic", it)
	m.prove(f, "barged, supervisor muted", all)
	supervisor.call("unmuteMic", it)
	mode("whisper")
	m.prove(f, "whispered", all)
	mode("text")
	m.prove(f, "read (text only)", all)
	mode("listen")
	m.prove(f, "monitored", all)

	member := agent.invite(session, map[string]any{"userId": bob})
	colleague.mustHear("callIn", session)
	colleague.call("accept", it)
	m.prove(f, "monitored while consulting", all)
	mode("whisper")
	m.prove(f, "whispered while consulting", all)
	mode("barge")
	m.prove(f, "barged while consulting", all)
	mode("listen")
	agent.call("reconnect", it)
	m.prove(f, "monitored, three-way", all)
	agent.call("kick", map[string]any{"sessionId": session, "memberId": member})
	m.prove(f, "monitored", all)
	colleague.setStatus("free")
	colleague.forget()
	agent.call("transfer", map[string]any{"sessionId": session, "userId": bob})
	colleague.mustHear("callIn", session)
	m.prove(f, "monitored while transferring", all)
	agent.call("transferCancel", it)
	m.prove(f, "monitored", all)
	supervisor.call("intercept", it)
	m.prove(f, "intercepted", all)
	agent.mustHear("sessionEnded", session)
}

func (m *matrix) internal(f *floor) {
	agent, colleague := f.desks[alice], f.desks[bob]
	started := agent.call("startInternalCall", map[string]any{"calleeUserId": bob})
	session := sessionIn(f.t, started)
	all, it := f.everybody(nil), of(session)
	if in := colleague.mustHear("callIn", session); in.get("type") != "internal" || in.get("peerUserId") != alice {
		f.t.Errorf("callIn of an internal call: %s", in.Data)
	}
	m.prove(f, "internal, it rings", all)
	colleague.call("accept", it)
	m.prove(f, "internal", all)
	agent.call("muteMic", it)
	m.prove(f, "internal, muted", all)
	agent.call("unmuteMic", it)
	agent.call("hold", it)
	m.prove(f, "internal, held", all)
	agent.call("unHold", it)
	m.prove(f, "internal", all)
	f.desks[carol].call("monitor", it)
	m.prove(f, "internal, monitored", all)
	agent.call("hungUp", it)
	colleague.mustHear("sessionEnded", session)
}
