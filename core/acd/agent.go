package acd

import (
	"slices"
	"strings"
	"time"

	"openseat"
)

// presence says whether an agent's page is there.
type presence int

const (
	away presence = iota // signed out, or lost for good
	here
	lost // gone a moment ago; may come back
)

// Reasons an agent goes offline, as told by AgentChanged.
const (
	reasonSignedOut = "signedOut"
	reasonLost      = "connectionLost"
	reasonRemoved   = "removed"
)

// choice is a status somebody asked for.
type choice struct {
	Status Status
	Reason string
	By     string
}

// agentState is all of an agent that a snapshot keeps.
type agentState struct {
	User      string
	Conn      string
	Presence  presence
	Status    Status
	Reason    string
	By        string
	Since     time.Time
	Idle      uint64 // Board.seq when he became free: smaller is idle for longer
	Home      choice // what he is when he is not at work
	Reserved  choice // what he asked to be after the work
	Leaving   string // why he is offline once the work ends
	Phone     bool   // his SIP phone is registered
	ByPhone   bool   // it keeps him online without a page, or (offline until BackUntil) brings him back
	Seat      Seat   // from the plan: where he wants to be rung
	Mobile    MobileAccept
	On        Seat   // the device he is rung or talks on; empty = SeatWeb
	Back      choice // what he is again when he comes back by BackUntil
	BackUntil time.Time
	Work      openseat.Ref
	Offer     openseat.Ref
	Unsure    bool          // the work must confirm that it has him
	WrapUp    time.Duration // length of the after-call work, for its extension
	Deadlines [deadlines]time.Time
}

// agent is an agentState with its places in the groups, which follow from it.
type agent struct {
	agentState
	listed  bool      // in the plan; who is not is forgotten once his work ends
	members []*member // ordered by group
	timers  [deadlines]string
	ready   bool // stands in the free rows of his groups
	onDuty  bool // counted in his groups' staff
}

// member is an agent in one of his groups.
type member struct {
	agent    *agent
	group    *group
	priority int // 1 (highest) … 5
	rank     int // the priority, behind everybody who is online while he is not; set when he joins the row
}

// offlineRank is added to the priority of who is only reached on his mobile phone.
const offlineRank = 10

// before orders who may be offered work: who is only reached on his mobile phone comes last, then by the agent's priority in
// the group, then longest idle.
func (m *member) before(o *member) bool {
	if m.rank != o.rank {
		return m.rank < o.rank
	}
	return m.agent.Idle < o.agent.Idle
}

func newAgent(user string) *agent {
	a := &agent{agentState: agentState{User: user, Status: StatusOffline}}
	for d := range deadlines {
		a.timers[d] = deadlineName(d) + ":" + user
	}
	return a
}

func (a *agent) ringing() bool { return a.Offer != openseat.Ref{} }

// canTake reports whether the agent may be offered work now.
func (a *agent) canTake() bool {
	if !a.listed || a.ringing() {
		return false
	}
	switch a.Status {
	case StatusFree:
		return a.Presence == here || a.Phone || a.Mobile == MobileAlways
	case StatusOffline:
		return a.Mobile != MobileOff && a.Deadlines[pauseDeadline].IsZero()
	case StatusBusy, StatusArrange, StatusNotReady, StatusRest:
	}
	return false
}

// in returns the agent's membership of a group, or nil.
func (a *agent) in(group int64) *member {
	for _, m := range a.members {
		if m.group.ID == group {
			return m
		}
	}
	return nil
}

// reserved is the status that follows the work, as it is shown.
func (a *agent) reserved() Status {
	if a.Leaving != "" {
		return StatusOffline
	}
	return a.Reserved.Status
}

// refs lists the work the agent is busy with.
func (a *agent) refs() []openseat.Ref {
	if (a.Work == openseat.Ref{}) {
		return nil
	}
	return []openseat.Ref{a.Work}
}

// known returns the agent, if the plan names him.
func (b *Board) known(user string) (*agent, *openseat.Error) {
	a := b.agents[user]
	if a == nil || !a.listed {
		return nil, openseat.Errorf(openseat.CodeAccountNotExist, "agent %q does not exist", user)
	}
	return a, nil
}

// become gives the agent another status and tells the world.
func (b *Board) become(a *agent, s Status, reason, by string) {
	before := a.Status
	b.stand(a, false) // a row is ordered by what changes here
	a.Status, a.Reason, a.By, a.Since = s, reason, by, b.now
	if s == StatusFree || s == StatusOffline {
		a.Idle = b.next()
	}
	if s != StatusArrange {
		b.stopTimer(a, wrapUpDeadline)
	}
	b.report(a, before)
	b.touch(a)
}

func (b *Board) report(a *agent, before Status) {
	b.do(AgentChanged{
		User: a.User, Status: a.Status, Reason: a.Reason, Reserved: a.reserved(), Since: a.Since,
		Until: a.Deadlines[wrapUpDeadline], Work: a.refs(), Before: before, By: a.By,
	})
}

// onDutyNow reports whether the agent is one whom waiting work may hope for.
func (a *agent) onDutyNow() bool {
	if a.Status == StatusOffline {
		return a.Mobile != MobileOff
	}
	return a.Status != StatusRest
}

// stand puts the agent into the free rows of his groups, or takes him out.
func (b *Board) stand(a *agent, ready bool) {
	if ready == a.ready {
		return
	}
	a.ready = ready
	behind := 0
	if a.Status == StatusOffline {
		behind = offlineRank
	}
	for _, m := range a.members {
		if ready {
			m.rank = m.priority + behind
			m.group.free.insert(m)
			b.mark(m.group)
		} else {
			m.group.free.remove(m)
		}
	}
}

// touch puts the agent into the free rows and the staff of his groups, or takes him out, as his state now demands. Every
// change of his state ends here.
func (b *Board) touch(a *agent) {
	b.stand(a, a.canTake())
	if onDuty := a.onDutyNow(); onDuty != a.onDuty {
		a.onDuty = onDuty
		for _, m := range a.members {
			if onDuty {
				m.group.staff++
			} else {
				m.group.staff--
				b.mark(m.group)
			}
		}
	}
}

// resume gives the agent the status that follows his work: the one he reserved, else the one he had before.
func (b *Board) resume(a *agent) {
	if a.Reserved.Status == StatusArrange {
		b.wrapUp(a, arrangeWait)
		return
	}
	if a.Reserved.Status != "" {
		a.Home, a.Reserved = a.Reserved, choice{}
	}
	b.become(a, a.Home.Status, a.Home.Reason, a.Home.By)
}

// wrapUp starts after-call work.
func (b *Board) wrapUp(a *agent, length time.Duration) {
	by := ""
	if a.Reserved.Status == StatusArrange {
		by = a.Reserved.By
		a.Reserved = choice{}
	}
	a.WrapUp = length
	b.setTimer(a, wrapUpDeadline, length)
	b.become(a, StatusArrange, "", by)
}

// released ends the agent's work.
func (b *Board) released(e Released) *openseat.Error {
	a := b.agents[e.User]
	if a == nil || a.Work != e.Work || a.Status != StatusBusy {
		return openseat.Errorf(openseat.CodeNotFound, "agent %q does not have work %s", e.User, e.Work)
	}
	b.release(a, e.WrapUp)
	return nil
}

// release takes the work from the agent. After-call work follows if it is to, then what he reserved or was.
func (b *Board) release(a *agent, wrapUp time.Duration) {
	a.Work, a.Unsure, a.On = openseat.Ref{}, false, ""
	switch {
	case a.Leaving != "":
		b.goOffline(a, a.Leaving)
	case wrapUp > 0:
		b.wrapUp(a, wrapUp)
	default:
		b.resume(a)
	}
}

// dismiss takes the agent from the roster.
func (b *Board) dismiss(a *agent) {
	b.stopTimer(a, pauseDeadline)
	delete(b.agents, a.User)
	if at, found := b.find(a.User); found {
		b.roster = slices.Delete(b.roster, at, at+1)
	}
}

// find returns where the user stands in the roster, or would.
func (b *Board) find(user string) (int, bool) {
	return slices.BinarySearchFunc(b.roster, user, func(a *agent, user string) int { return strings.Compare(a.User, user) })
}
