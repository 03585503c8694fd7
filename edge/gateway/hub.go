package gateway

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// hub knows which page is whose, and what the journal has told of each agent.
type hub struct {
	meter  *meter
	mu     sync.Mutex
	agents map[identity]*agent
	calls  map[openseat.Ref]map[string]bool // the agents who have, or had, a part in a running call
}

type agent struct {
	page     *page
	changed  acd.AgentChanged
	known    uint64           // Seq of changed
	sessions map[string]*part // running calls, by SessionId
}

// part is an agent's part in a running call.
type part struct {
	tab     string           // tabUUID of the page that carries the sound, if one does
	monitor call.MonitorMode // how he listens, if he is not one of those who talk
}

func newHub(m *meter) *hub {
	return &hub{meter: m, agents: map[identity]*agent{}, calls: map[openseat.Ref]map[string]bool{}}
}

func (h *hub) agent(who identity) *agent {
	a := h.agents[who]
	if a == nil {
		a = &agent{sessions: map[string]*part{}}
		h.agents[who] = a
	}
	return a
}

// forget drops an agent of whom there is nothing left to know.
func (h *hub) forget(who identity, a *agent) {
	if a.page == nil && len(a.sessions) == 0 && (a.known == 0 || a.changed.Status == acd.StatusOffline) {
		delete(h.agents, who)
	}
}

// join makes p the agent's page; the one before is put out.
func (h *hub) join(p *page) {
	h.mu.Lock()
	a := h.agent(p.who)
	before := a.page
	a.page = p
	h.mu.Unlock()
	if before == nil {
		return
	}
	if before.tab == p.tab {
		before.cut(closeReplaced, "this page has another connection")
		return
	}
	before.kickOut()
}

// leave forgets p, unless another page has taken its place.
func (h *hub) leave(p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.agents[p.who]; a != nil && a.page == p {
		a.page = nil
		h.forget(p.who, a)
	}
}

// sessions lists the running calls that the agent is known to have a part in.
func (h *hub) sessions(who identity) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.agents[who]
	if a == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(a.sessions))
}

// tell brings an event to the agent's page, if he has one here.
func (h *hub) tell(who identity, name string, data any, at time.Time) {
	body, err := json.Marshal(data)
	if err != nil { // a call's data came out of JSON or is about to go there
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.agents[who]; a != nil && a.page != nil {
		a.page.push(name, json.RawMessage(body), at)
	}
}

// takesPart and partEnds keep the agents' lists of running calls.
func (h *hub) takesPart(ref openseat.Ref, user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.part(ref, user)
}

// part is the agent's part in a call, a new one if need be.
func (h *hub) part(ref openseat.Ref, user string) *part {
	a := h.agent(identity{ref.App, user})
	if a.sessions[ref.ID] == nil {
		a.sessions[ref.ID] = &part{}
	}
	if h.calls[ref] == nil {
		h.calls[ref] = map[string]bool{}
	}
	h.calls[ref][user] = true
	return a.sessions[ref.ID]
}

// carries notes which page has the sound of the agent's part in a call.
func (h *hub) carries(ref openseat.Ref, user, tab string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.part(ref, user).tab = tab
}

// monitoring notes how a supervisor takes part in a call; no mode is one who talks.
func (h *hub) monitoring(ref openseat.Ref, user string, mode call.MonitorMode) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.part(ref, user).monitor = mode
}

// monitors finds a call, other than this one, that the person listens to.
func (h *hub) monitors(who identity, session string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.agents[who]
	if a == nil {
		return ""
	}
	for id, p := range a.sessions {
		if id != session && p.monitor != "" && p.monitor != call.Read {
			return id
		}
	}
	return ""
}

func (h *hub) partEnds(ref openseat.Ref, user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(ref, user)
}

// callEnds drops a call from every list.
func (h *hub) callEnds(ref openseat.Ref) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for user := range h.calls[ref] {
		h.drop(ref, user)
	}
}

func (h *hub) drop(ref openseat.Ref, user string) {
	delete(h.calls[ref], user)
	if len(h.calls[ref]) == 0 {
		delete(h.calls, ref)
	}
	who := identity{ref.App, user}
	if a := h.agents[who]; a != nil {
		delete(a.sessions, ref.ID)
		h.forget(who, a)
	}
}

// changed notes an agent's status; false when it is not news.
func (h *hub) changed(who identity, c acd.AgentChanged, seq uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.agent(who)
	if seq != 0 && seq <= a.known {
		return false
	}
	a.changed, a.known = c, seq
	h.forget(who, a)
	return true
}

// signedIn is the journal's word that the agent's page is conn. A page here that the journal has named before is older,
// and goes; one that it has not named yet is newer, and stays.
func (h *hub) signedIn(who identity, conn string) {
	h.mu.Lock()
	a := h.agents[who]
	var out *page
	if a != nil && a.page != nil {
		if a.page.id == conn {
			a.page.named = true
		} else if a.page.named {
			out = a.page
		}
	}
	h.mu.Unlock()
	if out != nil {
		out.kickOut()
	}
}

// closeAll cuts off every page.
func (h *hub) closeAll(code websocket.StatusCode) {
	h.mu.Lock()
	var pages []*page
	for _, a := range h.agents {
		if a.page != nil {
			pages = append(pages, a.page)
		}
	}
	h.mu.Unlock()
	for _, p := range pages {
		p.cut(code, "come back")
	}
}
