package acd

import (
	"time"

	"openseat"
)

// mostShown bounds the agents of one Wallboard.
const mostShown = 1000

// AgentView is an agent as screens show him.
type AgentView struct {
	User     string        `json:"user"`
	Status   Status        `json:"status"`
	Reason   string        `json:"reason,omitempty"`
	By       string        `json:"by,omitempty"`
	Since    time.Time     `json:"since,omitzero"`
	Until    time.Time     `json:"until,omitzero"`     // end of after-call work
	Reserved Status        `json:"reserved,omitempty"` // follows the work; offline: he has left
	Work     *openseat.Ref `json:"work,omitempty"`     // he is busy with
	Ringing  *openseat.Ref `json:"ringing,omitempty"`  // he is being offered
	Conn     string        `json:"conn,omitempty"`     // his page
	Lost     bool          `json:"lost,omitempty"`     // the page is gone, and may come back
	Phone    bool          `json:"phone,omitempty"`    // his SIP phone is registered
	Seat     Seat          `json:"seat,omitempty"`     // he is rung or talks on, or where work would find him; empty = SeatWeb
	Groups   []GroupView   `json:"groups,omitempty"`   // ordered by ID
}

// GroupView is a group that an agent serves.
type GroupView struct {
	ID       int64 `json:"id"`
	Priority int   `json:"priority"` // of the agent, 1 (highest) … 5
}

// QueueView is a group's queue, and its agents counted by status.
type QueueView struct {
	Group    int64     `json:"group"`
	Waiting  int       `json:"waiting"`          // work that nobody is being rung for
	Longest  time.Time `json:"longest,omitzero"` // since when the longest waiting has waited
	Agents   int       `json:"agents"`
	Online   int       `json:"online"` // in any status but offline
	Free     int       `json:"free"`   // being rung included
	Ringing  int       `json:"ringing"`
	Busy     int       `json:"busy"`
	Arrange  int       `json:"arrange"`
	NotReady int       `json:"notReady"`
	Rest     int       `json:"rest"`
}

// Wallboard answers Overview: the queues always, the agents as asked.
type Wallboard struct {
	At     time.Time   `json:"at"`
	Agents []AgentView `json:"agents"`         // ordered by user, or as named
	More   bool        `json:"more,omitempty"` // there are agents after the last one
	Queues []QueueView `json:"queues"`         // ordered by group
}

// Agents shows all agents, ordered by user. Only for the goroutine that calls Handle.
func (b *Board) Agents() []AgentView {
	views := make([]AgentView, 0, len(b.roster))
	for _, a := range b.roster {
		views = append(views, a.view())
	}
	return views
}

// Queues shows all queues, ordered by group. Only for the goroutine that calls Handle.
func (b *Board) Queues() []QueueView {
	views := make([]QueueView, len(b.byID))
	at := make(map[int64]*QueueView, len(b.byID))
	for i, g := range b.byID {
		views[i] = QueueView{Group: g.ID, Waiting: g.waiting.size, Longest: g.longest()}
		at[g.ID] = &views[i]
	}
	for _, a := range b.roster {
		for _, m := range a.members {
			at[m.group.ID].count(a)
		}
	}
	return views
}

func (q *QueueView) count(a *agent) {
	q.Agents++
	if a.Status != StatusOffline {
		q.Online++
	}
	if a.ringing() {
		q.Ringing++
	}
	switch a.Status {
	case StatusFree:
		q.Free++
	case StatusBusy:
		q.Busy++
	case StatusArrange:
		q.Arrange++
	case StatusNotReady:
		q.NotReady++
	case StatusRest:
		q.Rest++
	case StatusOffline:
	}
}

func (b *Board) overview(e Overview) Wallboard {
	w := Wallboard{At: b.now, Agents: []AgentView{}, Queues: b.Queues()}
	limit := mostShown
	if e.Limit > 0 {
		limit = min(e.Limit, mostShown)
	}
	for a := range b.asked(e) {
		if len(w.Agents) == limit {
			w.More = true
			break
		}
		w.Agents = append(w.Agents, a.view())
	}
	return w
}

// asked walks the agents that the overview is about.
func (b *Board) asked(e Overview) func(yield func(*agent) bool) {
	return func(yield func(*agent) bool) {
		if len(e.Users) > 0 {
			b.named(e.Users, yield)
			return
		}
		from, found := b.find(e.After)
		if found {
			from++
		}
		for _, a := range b.roster[from:] {
			if !yield(a) {
				return
			}
		}
	}
}

func (b *Board) named(users []string, yield func(*agent) bool) {
	for _, user := range users {
		if a := b.agents[user]; a != nil && !yield(a) {
			return
		}
	}
}

// shownSeat is the device the agent uses, or the one that would ring.
func (a *agent) shownSeat() Seat {
	if a.ringing() || a.Status == StatusBusy {
		return a.On
	}
	return a.seat()
}

func (a *agent) view() AgentView {
	v := AgentView{
		User: a.User, Status: a.Status, Reason: a.Reason, By: a.By, Since: a.Since, Until: a.Deadlines[wrapUpDeadline],
		Reserved: a.reserved(), Conn: a.Conn, Lost: a.Presence == lost,
		Phone: a.Phone, Seat: a.shownSeat(),
	}
	if work := a.Work; work != (openseat.Ref{}) {
		v.Work = &work
	}
	if offer := a.Offer; a.ringing() {
		v.Ringing = &offer
	}
	for _, m := range a.members {
		v.Groups = append(v.Groups, GroupView{ID: m.group.ID, Priority: m.priority})
	}
	return v
}
