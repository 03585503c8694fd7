package org

import (
	"slices"
	"strings"

	"openseat"
)

// CallerNumber chooses the number an agent's outbound call shows: the wanted one if he may show it; else one bound to the
// wanted skill group, when he serves there; else one bound to any of his groups, in their order; else one that is free for
// all. among, when not empty, narrows the choice to these numbers and groups of numbers (by ID). The lowest number wins, so
// the choice is always the same.
func (v *View) CallerNumber(user, wanted string, skillGroupID int64, among []string) (Number, error) {
	pool := v.shownBy(user, among)
	if wanted != "" {
		wanted = v.normal(wanted)
		if at := slices.IndexFunc(pool, func(n *Number) bool { return n.Number == wanted }); at >= 0 {
			return *pool[at], nil
		}
	}
	for _, group := range append([]int64{skillGroupID}, v.phoneGroups(user)...) {
		if at := slices.IndexFunc(pool, func(n *Number) bool { return slices.Contains(n.CallOutGroups, group) }); at >= 0 {
			return *pool[at], nil
		}
	}
	if at := slices.IndexFunc(pool, func(n *Number) bool { return len(n.CallOutGroups) == 0 }); at >= 0 {
		return *pool[at], nil
	}
	return Number{}, openseat.Errorf(openseat.CodeNoCallOutNumber, "no number that %s may call out with", user)
}

// CallerNumbers lists the numbers that a member of staff may show when he calls out, lowest first.
func (v *View) CallerNumbers(user string) []*Number { return v.shownBy(user, nil) }

// shownBy lists the numbers the user may show, lowest first.
func (v *View) shownBy(user string, among []string) []*Number {
	mine := v.phoneGroups(user)
	allowed := make(map[string]bool, len(among))
	for _, n := range among {
		allowed[v.normal(n)] = true
		if g := v.NumberGroups[n]; g != nil {
			for _, number := range g.Numbers {
				allowed[number] = true
			}
		}
	}
	var pool []*Number
	for _, n := range v.Numbers {
		if !n.CallOut || n.State != NumberNormal || v.Trunks[n.Trunk] == nil || len(allowed) > 0 && !allowed[n.Number] {
			continue
		}
		bound := slices.ContainsFunc(n.CallOutGroups, func(g int64) bool { return slices.Contains(mine, g) })
		if bound || len(n.CallOutGroups) == 0 {
			pool = append(pool, n)
		}
	}
	slices.SortFunc(pool, func(a, b *Number) int { return strings.Compare(a.Number, b.Number) })
	return pool
}

func (v *View) normal(number string) string {
	if n, err := Normalize(number, v.Instance.Settings.Region); err == nil {
		return n
	}
	return number
}

// CallOutGroup answers which skill group an agent's outbound call with this number counts for (QueuedSkillGroupId): his only
// phone group; of several, the first that the number is bound to; else his first phone group; 0 when he has none.
func (v *View) CallOutGroup(user, number string) int64 {
	mine := v.phoneGroups(user)
	if len(mine) == 0 {
		return 0
	}
	if n := v.Numbers[v.normal(number)]; n != nil && len(mine) > 1 {
		for _, g := range n.CallOutGroups {
			if slices.Contains(mine, g) {
				return g
			}
		}
	}
	return mine[0]
}

// phoneGroups lists the phone groups a member of staff serves, by ID.
func (v *View) phoneGroups(user string) []int64 {
	s := v.Staff[user]
	if s == nil {
		return nil
	}
	var ids []int64
	for _, m := range s.Groups {
		if g := v.Groups[m.GroupID]; g != nil && g.Type == GroupPhone {
			ids = append(ids, m.GroupID)
		}
	}
	return ids
}

// ByExtension finds the member of staff who has this SIP phone; nil when nobody has.
func (v *View) ByExtension(extension string) *Staff {
	if phone := v.Phones[extension]; phone != nil {
		return v.Staff[phone.User]
	}
	return nil
}
