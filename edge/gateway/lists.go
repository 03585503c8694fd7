package gateway

import (
	"context"
	"slices"

	"openseat/core/call"
	"openseat/core/org"
)

// groupInfo is a skill group of the instance.
type groupInfo struct {
	ID   int64              `json:"skillGroupId"`
	Name string             `json:"skillGroupName"`
	Type org.SkillGroupType `json:"type"`
}

// doGroups lists the instance's skill groups (Admin.getSkillGroups).
func (p *page) doGroups(context.Context, request) (any, error) {
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	groups := make([]groupInfo, 0, len(view.Groups))
	for _, g := range view.Groups {
		groups = append(groups, groupInfo{g.ID, g.Name, g.Type})
	}
	slices.SortFunc(groups, func(a, b groupInfo) int { return int(a.ID - b.ID) })
	return groups, nil
}

// numberInfo is a number that the agent may show when he calls out.
type numberInfo struct {
	Number   string `json:"number"`
	Location string `json:"location"`
	Remark   string `json:"remark"`
}

func (p *page) doNumbers(context.Context, request) (any, error) {
	view, err := p.view()
	if err != nil {
		return nil, err
	}
	mine := view.CallerNumbers(p.who.User)
	numbers := make([]numberInfo, 0, len(mine))
	for _, n := range mine {
		numbers = append(numbers, numberInfo{n.Number, call.LocationText(view.Locate(n.Number)), n.Remark})
	}
	return numbers, nil
}
