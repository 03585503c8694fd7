package acd

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// The priorities an agent can have in a group.
const (
	highestPriority = 1
	usualPriority   = 3
	lowestPriority  = 5
)

// configured replaces groups and agents. Queues and states of those that stay go on.
func (b *Board) configured(e Configured) {
	b.rules = rules{
		OnlineStatus: cmp.Or(e.OnlineStatus, StatusFree),
		PresenceWait: cmp.Or(e.PresenceWait, presenceWait),
		OfferWait:    cmp.Or(e.OfferWait, offerWait),
	}
	b.closeGroups(b.openGroups(e.Groups))
	b.placeAgents(e.Agents)
}

// openGroups makes and changes groups, and returns those that are not in the plan.
func (b *Board) openGroups(plans []GroupPlan) (closed []*group) {
	keep := make(map[int64]bool, len(plans))
	for _, p := range plans {
		keep[p.ID] = true
		if b.groups[p.ID] == nil {
			b.groups[p.ID] = &group{}
		}
		g := b.groups[p.ID]
		g.GroupPlan = p
	}
	b.byID = b.byID[:0]
	for _, id := range slices.Sorted(maps.Keys(b.groups)) {
		if keep[id] {
			b.byID = append(b.byID, b.groups[id])
		} else {
			closed = append(closed, b.groups[id])
		}
	}
	return closed
}

// closeGroups sends the groups' work away, also what is just being offered.
func (b *Board) closeGroups(closed []*group) {
	if len(closed) == 0 {
		return
	}
	gone := make(map[int64]bool, len(closed))
	for _, g := range closed {
		gone[g.ID] = true
		b.sendAway(g)
	}
	for _, a := range b.roster {
		if !a.ringing() {
			continue
		}
		if w := b.works[a.Offer]; gone[w.Group] {
			for _, user := range w.Offers {
				b.tell(w.Ref, OfferRevoked{User: user, Reason: revokedGone})
			}
			b.withdraw(w)
			b.tell(w.Ref, NobodyOnline{Group: w.Group})
		}
	}
	for _, g := range closed {
		delete(b.groups, g.ID)
	}
}

// placeAgents gives every agent of the plan his groups; who is not in it leaves.
func (b *Board) placeAgents(plans []AgentPlan) {
	listed := make(map[string]bool, len(plans))
	for _, p := range plans {
		listed[p.User] = true
		a := b.enroll(p.User)
		a.listed = true
		if a.Leaving == reasonRemoved {
			a.Leaving = reasonSignedOut // he is back in the plan, but not at his page
		}
		a.Seat, a.Mobile = p.Seat, p.Mobile
		b.rank(a)
		b.place(a, p.Groups)
	}
	slices.SortFunc(b.roster, func(x, y *agent) int { return strings.Compare(x.User, y.User) })
	for _, a := range slices.Clone(b.roster) {
		if listed[a.User] {
			continue
		}
		a.listed = false
		b.place(a, nil)
		b.leave(a, reasonRemoved)
		if a.Status == StatusOffline {
			b.dismiss(a)
		}
	}
}

// enroll returns the user's agent, who is new at the roster's end if need be.
func (b *Board) enroll(user string) *agent {
	a := b.agents[user]
	if a == nil {
		a = newAgent(user)
		b.agents[user] = a
		b.roster = append(b.roster, a)
	}
	return a
}

// rank gives an agent who was never idle his place among those who are: no two have the same.
func (b *Board) rank(a *agent) {
	if a.Idle == 0 {
		a.Idle = b.next()
	}
}

// place makes the agent a member of these groups and no others.
func (b *Board) place(a *agent, groups map[int64]int) {
	var members []*member
	for _, id := range slices.Sorted(maps.Keys(groups)) {
		if g := b.groups[id]; g != nil {
			members = append(members, &member{agent: a, group: g, priority: priority(groups[id])})
		}
	}
	if slices.EqualFunc(a.members, members, sameMember) {
		b.touch(a)
		return
	}
	for _, m := range a.members {
		if a.ready {
			m.group.free.remove(m)
		}
		if a.onDuty {
			m.group.staff--
			b.mark(m.group)
		}
	}
	a.members, a.ready, a.onDuty = members, false, false
	b.touch(a)
}

func sameMember(x, y *member) bool {
	return x.agent == y.agent && x.group == y.group && x.priority == y.priority
}

func priority(p int) int {
	if p == 0 {
		return usualPriority
	}
	return min(max(p, highestPriority), lowestPriority)
}
