package gateway

import (
	"context"
	"slices"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

const (
	// takeOverWait is how long a page that was asked to take a call's sound has, until the next one is asked.
	takeOverWait = time.Second
	// returnWait is how long the sound of a page whose connection broke waits for it to come back.
	returnWait = time.Second
	// maxSearch bounds the pages that are asked in one search.
	maxSearch = 16
)

// callView is a running call in a page's picture.
type callView struct {
	call.AgentView
	// Elsewhere says that the sound is, or was, with a page that is not this browser's: the page asks the agent before it
	// takes it.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// placed says of each call whether its sound is elsewhere.
func (p *page) placed(ctx context.Context, views []call.AgentView) []callView {
	out := make([]callView, 0, len(views))
	for _, v := range views {
		if v.TabUUID != "" && v.State != "ringing" {
			p.g.hub.carries(openseat.CallRef(p.who.App, v.SessionID), p.who.User, v.TabUUID)
		}
		out = append(out, callView{v, p.isElsewhere(ctx, v)})
	}
	return out
}

// isElsewhere tells whether a call's sound belongs to a page that is not of this login. Who shares a login shares its sound.
func (p *page) isElsewhere(ctx context.Context, v call.AgentView) bool {
	if v.State == "ringing" || !onPage(v.ServerType) || slices.Contains([]string{"", p.tab, p.before}, v.TabUUID) {
		return false
	}
	if p.shared == "" {
		return true
	}
	r, err := p.g.logins.page(ctx, p.who, v.TabUUID)
	return err != nil || r.Owner != p.pass().owner
}

// onPage tells whether an agent talks with his page, and not on a telephone.
func onPage(serverType string) bool { return serverType == "" || serverType == string(acd.SeatWeb) }

// adopt looks for a page that takes the calls whose page is gone: this one shall be asked too. What it carried itself before it
// was loaded anew it brings unasked.
func (p *page) adopt(views []callView) {
	if p.shared == "" {
		return
	}
	for _, v := range views {
		if v.State != "ringing" && onPage(v.ServerType) && !v.Elsewhere && v.TabUUID != p.before {
			p.g.orphan(p, v.SessionID)
		}
	}
}

// orphan looks for a page for a call's sound, if the page that had it is gone for certain: that may be connected to
// another node, which says so in the vault.
func (g *Gateway) orphan(p *page, session string) {
	p.step.run("", func() {
		ctx, cancel := context.WithTimeout(context.Background(), requestWait)
		defer cancel()
		tab := g.hub.carrier(p.who, session)
		if tab == "" || tab == p.tab {
			return
		}
		if g.logins.isGone(ctx, p.who, tab, p.pass().owner) {
			g.search(p, session, 0)
		}
	})
}

// bereave looks for other pages for the sound that a page which is gone has carried: at once when it was closed, else after it
// has had its chance to come back.
func (g *Gateway) bereave(p *page) {
	wait := returnWait
	if p.closed {
		wait = 0
	}
	for _, session := range g.hub.carriedBy(p) {
		g.search(p, session, wait)
	}
}

// search asks the pages of an agent, the last used first, to take a call's sound, until one does. One search runs for a call.
// Only pages of the login that had it are asked: an agent who signs in with another browser decides himself.
type search struct {
	login string
	asked []string
}

func (g *Gateway) search(of *page, session string, after time.Duration) {
	who := of.who
	s := g.hub.search(who, session, of.login)
	if s == nil {
		return
	}
	if after == 0 {
		g.askNext(who, session, s)
		return
	}
	time.AfterFunc(after, func() { g.askNext(who, session, s) })
}

func (g *Gateway) askNext(who identity, session string, s *search) {
	p := g.hub.heir(who, session, s)
	if p == nil {
		return
	}
	g.meter.takeOvers.Inc()
	g.Log.Info("agent page takes a call over", "app", who.App, "user", who.User, "conn", p.id, "session", session)
	p.push(eventTakeOver, map[string]any{"sessionId": session}, time.Time{})
	time.AfterFunc(takeOverWait, func() { g.askNext(who, session, s) })
}

// stillHere signs a login in again that another node has reported lost with its last page there: it has pages here. They may
// be asked to take the sound of the one that is gone.
func (g *Gateway) stillHere(who identity, conn string) {
	p := g.hub.pageOf(who, conn)
	if p == nil {
		return
	}
	p.step.run("", func() {
		ctx, cancel := context.WithTimeout(context.Background(), requestWait)
		defer cancel()
		if _, err := p.askBoard(ctx, acd.SignedIn{User: who.User, Conn: conn}); err != nil {
			g.Log.Error("login not signed in again", "app", who.App, "user", who.User, "err", err)
		}
	})
	for _, session := range g.hub.sessions(who) {
		g.orphan(p, session)
	}
}

// search begins one, unless one runs.
func (h *hub) search(who identity, session, login string) *search {
	h.mu.Lock()
	defer h.mu.Unlock()
	part := h.partOf(who, session)
	if part == nil || part.seeking != nil {
		return nil
	}
	part.seeking = &search{login: login}
	return part.seeking
}

// heir chooses the next page to be asked. There is none, and the search is over, when the call has ended, when its sound is
// with a page again, and when all have been asked.
func (h *hub) heir(who identity, session string, s *search) *page {
	h.mu.Lock()
	defer h.mu.Unlock()
	part := h.partOf(who, session)
	if part == nil || part.seeking != s {
		return nil
	}
	var heir *page
	if !h.connected(who, part.tab) && len(s.asked) < maxSearch {
		for _, p := range h.agents[who].pages {
			if p.login == s.login && !slices.Contains(s.asked, p.tab) && (heir == nil || p.active.After(heir.active)) {
				heir = p
			}
		}
	}
	if heir == nil {
		part.seeking = nil
		return nil
	}
	s.asked = append(s.asked, heir.tab)
	return heir
}

// carriedBy lists the calls whose sound p carried, when it has no newer connection.
func (h *hub) carriedBy(p *page) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.agents[p.who]
	if a == nil || h.connected(p.who, p.tab) {
		return nil
	}
	var ids []string
	for id, part := range a.sessions {
		if part.tab == p.tab {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// carrier is the page that has, or had, the sound of the agent's part in a call.
func (h *hub) carrier(who identity, session string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if part := h.partOf(who, session); part != nil {
		return part.tab
	}
	return ""
}

func (h *hub) partOf(who identity, session string) *part {
	if a := h.agents[who]; a != nil {
		return a.sessions[session]
	}
	return nil
}

func (h *hub) connected(who identity, tab string) bool {
	a := h.agents[who]
	return a != nil && slices.ContainsFunc(a.pages, func(p *page) bool { return p.tab == tab })
}
