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

// hub knows which pages are whose, and what the journal has told of each agent.
type hub struct {
	meter  *meter
	mu     sync.Mutex
	agents map[identity]*agent
	calls  map[openseat.Ref]map[string]bool // the agents who have, or had, a part in a running call
}

type agent struct {
	pages    []*page // of one login: one, or those of one browser that share it
	on       bool    // the journal says that the login is signed in at the board
	changed  acd.AgentChanged
	known    uint64           // Seq of changed
	sessions map[string]*part // running calls, by SessionId
}

// part is an agent's part in a running call.
type part struct {
	tab     string           // tabUUID of the page that carries the sound, if one does
	monitor call.MonitorMode // how he listens, if he is not one of those who talk
	seeking *search          // for a page that takes the sound
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
	if len(a.pages) == 0 && len(a.sessions) == 0 && (a.known == 0 || a.changed.Status == acd.StatusOffline) {
		delete(h.agents, who)
	}
}

// join makes p one of the agent's pages. Those of another login are put out, and an older connection of the same page.
// alone tells whether the login has no other page here that has come in.
func (h *hub) join(p *page) (alone bool) {
	h.mu.Lock()
	a := h.agent(p.who)
	if len(a.pages) == 0 {
		h.meter.agents.Inc()
	}
	before := a.pages
	a.pages, alone = []*page{p}, true
	p.active = time.Now()
	for _, b := range before {
		if b.login == p.login && b.tab != p.tab {
			a.pages = append(a.pages, b)
			alone = alone && !b.welcomed
		}
	}
	h.mu.Unlock()
	for _, b := range before {
		switch {
		case b.tab == p.tab:
			b.cut(closeReplaced, "this page has another connection")
		case b.login != p.login:
			b.kickOut()
		}
	}
	return alone
}

// welcomed notes that p's agent has been signed in, and which seat p is about to be told of.
func (h *hub) welcomed(p *page, seat seatSettings) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.welcomed, p.seat = true, seat
}

// leave forgets p, unless a newer connection has taken its place; last tells whether its login has no page here any more.
func (h *hub) leave(p *page) (last bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.agents[p.who]
	if a == nil {
		return true
	}
	if at := slices.Index(a.pages, p); at >= 0 {
		a.pages = slices.Delete(a.pages, at, at+1)
		if len(a.pages) == 0 {
			h.meter.agents.Dec()
		}
	}
	last = !slices.ContainsFunc(a.pages, func(other *page) bool { return other.login == p.login })
	h.forget(p.who, a)
	return last
}

// others counts the other pages of p's login here.
func (h *hub) others(p *page) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	if a := h.agents[p.who]; a != nil {
		for _, other := range a.pages {
			if other != p {
				n++
			}
		}
	}
	return n
}

// lastUsed is the page that an agent used last; nil when he has none here.
func (h *hub) lastUsed(who identity) *page {
	h.mu.Lock()
	defer h.mu.Unlock()
	var last *page
	if a := h.agents[who]; a != nil {
		for _, p := range a.pages {
			if last == nil || p.active.After(last.active) {
				last = p
			}
		}
	}
	return last
}

// touch notes that the agent looks at p, or works with it.
func (h *hub) touch(p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.active = time.Now()
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

// tell brings an event to the agent's pages here.
func (h *hub) tell(who identity, name string, data any, at time.Time) {
	body, err := json.Marshal(data)
	if err != nil { // a call's data came out of JSON or is about to go there
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.agents[who]; a != nil {
		for _, p := range a.pages {
			p.push(name, json.RawMessage(body), at)
		}
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
	h.setMonitor(h.part(ref, user), mode)
}

func (h *hub) setMonitor(p *part, mode call.MonitorMode) {
	switch {
	case p.monitor == "" && mode != "":
		h.meter.monitors.Inc()
	case p.monitor != "" && mode == "":
		h.meter.monitors.Dec()
	}
	p.monitor = mode
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
	a := h.agents[who]
	if a == nil || a.sessions[ref.ID] == nil {
		return
	}
	h.setMonitor(a.sessions[ref.ID], "")
	delete(a.sessions, ref.ID)
	h.forget(who, a)
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

// signedIn is the journal's word that the agent's login is conn. A page here of a login that the journal has named before is
// older, and goes; one of a login that it has not named yet is newer, and stays.
func (h *hub) signedIn(who identity, conn string) {
	h.mu.Lock()
	a := h.agents[who]
	var out []*page
	if a != nil {
		a.on = true
		for _, p := range a.pages {
			switch {
			case p.login == conn:
				p.named = true
			case p.named:
				out = append(out, p)
			}
		}
	}
	h.mu.Unlock()
	for _, p := range out {
		p.kickOut()
	}
}

// signedOut is the journal's word that the agent has gone home.
func (h *hub) signedOut(who identity) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.agents[who]; a != nil {
		a.on = false
	}
}

// pageOf finds a page of a login that should be signed in; nil when there is none here.
func (h *hub) pageOf(who identity, conn string) *page {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.agents[who]
	if a == nil || !a.on {
		return nil
	}
	for _, p := range a.pages {
		if p.login == conn && p.welcomed {
			return p
		}
	}
	return nil
}

// closeAll cuts off every page.
func (h *hub) closeAll(code websocket.StatusCode) {
	h.mu.Lock()
	var pages []*page
	for _, a := range h.agents {
		pages = append(pages, a.pages...)
	}
	h.mu.Unlock()
	for _, p := range pages {
		p.cut(code, "come back")
	}
}
