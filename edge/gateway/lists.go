package gateway

import (
	"context"
	"slices"

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
