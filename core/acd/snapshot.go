package acd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"openseat"
)

// saved is a board in a snapshot. Rows and counters are not in it: they follow from the rest.
type saved struct {
	App       openseat.AppID `json:"app"`
	Seq       uint64         `json:"seq"`
	Rules     rules          `json:"rules"`
	ConfirmBy time.Time      `json:"confirmBy,omitzero"`
	Groups    []GroupPlan    `json:"groups"`
	Agents    []savedAgent   `json:"agents"`
	Works     []workState    `json:"works"` // in the order they came
}

type savedAgent struct {
	agentState
	Listed bool          `json:"listed"`
	Groups map[int64]int `json:"groups,omitempty"`
}

// Snapshot implements openseat.Snapshotter.
func (b *Board) Snapshot() ([]byte, error) {
	s := saved{App: b.app, Seq: b.seq, Rules: b.rules, ConfirmBy: b.confirmBy, Works: make([]workState, 0, len(b.works))}
	for _, g := range b.byID {
		s.Groups = append(s.Groups, g.GroupPlan)
	}
	for _, a := range b.roster {
		groups := make(map[int64]int, len(a.members))
		for _, m := range a.members {
			groups[m.group.ID] = m.priority
		}
		s.Agents = append(s.Agents, savedAgent{agentState: a.agentState, Listed: a.listed, Groups: groups})
	}
	for _, w := range b.works {
		s.Works = append(s.Works, w.workState)
	}
	slices.SortFunc(s.Works, func(x, y workState) int {
		if x.Seq < y.Seq {
			return -1
		}
		return 1
	})
	return json.Marshal(s)
}

// Restore implements openseat.Snapshotter: the board becomes the one that was saved, and goes on exactly as that one
// would have. A snapshot that contradicts itself or is another instance's is an error, and changes nothing.
func (b *Board) Restore(snapshot []byte) error {
	var s saved
	if err := json.Unmarshal(snapshot, &s); err != nil {
		return fmt.Errorf("restore queue board: %w", err)
	}
	if s.App != b.app {
		return fmt.Errorf("restore queue board of %s: the snapshot is of %s", b.app, s.App)
	}
	fresh := New(s.App)
	fresh.seq, fresh.rules, fresh.confirmBy = s.Seq, s.Rules, s.ConfirmBy
	fresh.openGroups(s.Groups)
	if err := fresh.restoreWorks(s.Works); err != nil {
		return fmt.Errorf("restore queue board of %s: %w", b.app, err)
	}
	if err := fresh.restoreAgents(s.Agents); err != nil {
		return fmt.Errorf("restore queue board of %s: %w", b.app, err)
	}
	for _, g := range fresh.dirty {
		g.dirty = false
	}
	fresh.dirty = nil // a board is at rest between two events
	*b = *fresh
	return nil
}

func (b *Board) restoreWorks(works []workState) error {
	for _, s := range works {
		w := &work{workState: s, age: s.Since.UnixNano()}
		g := b.groups[w.Group]
		switch {
		case g == nil:
			return fmt.Errorf("work %s waits in group %d, which is not there", w.Ref, w.Group)
		case len(w.Offers) == 0:
			g.waiting.insert(w)
		case w.RingAll:
			g.ringing.insert(w)
		}
		b.works[w.Ref] = w
	}
	return nil
}

func (b *Board) restoreAgents(agents []savedAgent) error {
	offers := 0
	for _, s := range agents {
		a := b.enroll(s.User)
		a.agentState, a.listed = s.agentState, s.Listed
		if a.ringing() == a.Deadlines[offerDeadline].IsZero() || !a.ringing() && !a.Deadlines[reloadDeadline].IsZero() {
			return fmt.Errorf("agent %q has an offer or a deadline without the other", a.User)
		}
		if a.ringing() {
			w := b.works[a.Offer]
			if w == nil || !slices.Contains(w.Offers, a.User) {
				return fmt.Errorf("agent %q is rung by work %s, which is not there", a.User, a.Offer)
			}
			offers++
		}
		b.place(a, s.Groups)
	}
	for _, w := range b.works {
		offers -= len(w.Offers)
	}
	if offers != 0 {
		return fmt.Errorf("%d offers are to agents who do not know of them", -offers)
	}
	slices.SortFunc(b.roster, func(x, y *agent) int { return strings.Compare(x.User, y.User) })
	return nil
}
