package gateway

import (
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
)

// Names of the SDK's events that the gateway itself understands; all others pass through it.
const (
	eventCallIn        = "callIn"
	eventCallOuted     = "callOuted"
	eventAutoTransfer  = "autoTransfer"
	eventSessionEnded  = "sessionEnded"
	eventStatusChanged = "statusChanged"
	eventKickedOut     = "kickedOut"

	eventRoster           = "roster"
	eventSessions         = "sessions"
	eventSettingsChanged  = "settingsChanged"
	eventTakeOver         = "takeOver"
	eventSessionCompleted = "sessionCompleted"
)

// Wants tells whether an entry whose event and commands have these names is news to pages, so that others need not be read.
func Wants(names []string) bool {
	for _, n := range names {
		switch n {
		case "call.Notify", "call.Closed", "openseat.Done", "acd.AgentChanged", "acd.SignedIn", "acd.SignedOut", "acd.ConnLost",
			"acd.Enqueued", "acd.Withdrawn", "acd.OfferMissed", "acd.Configured", "openseat.Asked":
			return true
		}
	}
	return false
}

// news brings one journal entry to the pages it concerns. It runs in the journal's goroutine and waits for nothing.
func (g *Gateway) news(e openseat.Entry) {
	switch e.Ref.Kind {
	case openseat.KindCall:
		g.callNews(e)
	case openseat.KindBoard:
		g.boardNews(e)
	}
}

func (g *Gateway) callNews(e openseat.Entry) {
	if asked, ok := e.Event.(openseat.Asked); ok && granted(e, asked.Ask) {
		g.took(e.Ref, asked.Event)
	}
	for _, c := range e.Commands {
		switch c := c.(type) {
		case call.Notify:
			g.notify(e, c)
		case call.Closed, openseat.Done:
			g.hub.callEnds(e.Ref)
		}
	}
}

// granted tells whether an entry did what was asked; what is answered later may still be refused.
func granted(e openseat.Entry, ask string) bool {
	for _, c := range e.Commands {
		if r, ok := c.(openseat.Reply); ok && r.Ask == ask {
			return r.Error == nil
		}
	}
	return false
}

// took notes what an agent's request made of his part in a call.
func (g *Gateway) took(ref openseat.Ref, did openseat.Event) {
	switch did := did.(type) {
	case call.Accepted:
		g.hub.carries(ref, did.User, did.TabUUID)
	case call.SeatMoved:
		g.hub.carries(ref, did.User, did.TabUUID)
	case call.Monitored:
		g.hub.carries(ref, did.User, did.TabUUID)
		g.hub.monitoring(ref, did.User, did.Mode)
	case call.Intercepted:
		g.hub.monitoring(ref, did.User, "")
	}
}

func (g *Gateway) notify(e openseat.Entry, n call.Notify) {
	switch n.Event {
	case eventSessionEnded, eventAutoTransfer:
		g.hub.partEnds(e.Ref, n.User)
	default:
		g.hub.takesPart(e.Ref, n.User)
		seat, _ := n.Data["serverType"].(string)
		if tab, ok := n.Data["tabUUID"].(string); ok && onPage(seat) {
			g.hub.carries(e.Ref, n.User, tab)
		}
	}
	g.hub.tell(identity{e.Ref.App, n.User}, n.Event, n.Data, e.At)
}

func (g *Gateway) boardNews(e openseat.Entry) {
	told := e.Event
	if asked, ok := told.(openseat.Asked); ok {
		told = asked.Event
	}
	switch told := told.(type) {
	case acd.SignedIn:
		g.hub.signedIn(identity{e.Ref.App, told.User}, told.Conn)
	case acd.SignedOut:
		g.hub.signedOut(identity{e.Ref.App, told.User})
	case acd.ConnLost:
		g.stillHere(identity{e.Ref.App, told.User}, told.Conn)
	}
	if f := g.feedsKnown(e.Ref.App); f != nil && boardChanged(told, e.Commands) {
		f.roster.changed()
	}
	for _, c := range e.Commands {
		if changed, ok := c.(acd.AgentChanged); ok {
			g.statusChanged(e, changed)
		}
	}
}

func (g *Gateway) statusChanged(e openseat.Entry, c acd.AgentChanged) {
	who := identity{e.Ref.App, c.User}
	if g.hub.changed(who, c, e.Seq) {
		g.hub.tell(who, eventStatusChanged, statusOf(c), e.At)
	}
}

// status is an agent's status as his page knows it. Times are Unix milliseconds.
type status struct {
	Status   acd.Status `json:"status"`
	Reason   string     `json:"reason,omitempty"`
	Reserved acd.Status `json:"reserved,omitempty"` // follows once the work ends
	Since    int64      `json:"since,omitempty"`
	Until    int64      `json:"until,omitempty"` // end of after-call work
	By       string     `json:"by,omitempty"`
}

func statusOf(c acd.AgentChanged) status {
	return status{Status: c.Status, Reason: c.Reason, Reserved: c.Reserved, Since: millis(c.Since), Until: millis(c.Until), By: c.By}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
