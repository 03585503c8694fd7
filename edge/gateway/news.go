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
)

// Wants tells whether an entry whose event and commands have these names is news to pages, so that others need not be read.
func Wants(names []string) bool {
	for _, n := range names {
		switch n {
		case "call.Notify", "call.Closed", "openseat.Done", "acd.AgentChanged", "acd.SignedIn", "openseat.Asked":
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
	for _, c := range e.Commands {
		switch c := c.(type) {
		case call.Notify:
			g.notify(e, c)
		case call.Closed, openseat.Done:
			g.hub.callEnds(e.Ref)
		}
	}
}

func (g *Gateway) notify(e openseat.Entry, n call.Notify) {
	switch n.Event {
	case eventSessionEnded, eventAutoTransfer:
		g.hub.partEnds(e.Ref, n.User)
	default:
		g.hub.takesPart(e.Ref, n.User)
	}
	g.hub.tell(identity{e.Ref.App, n.User}, n.Event, n.Data, e.At)
}

func (g *Gateway) boardNews(e openseat.Entry) {
	told := e.Event
	if asked, ok := told.(openseat.Asked); ok {
		told = asked.Event
	}
	if in, ok := told.(acd.SignedIn); ok {
		g.hub.signedIn(identity{e.Ref.App, in.User}, in.Conn)
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
