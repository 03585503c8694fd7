package cloudapi

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"openseat"
	"openseat/api"
	"openseat/core/org"
)

// Lines are the trunks as this node sees them now.
type Lines interface {
	// Trunks lists the instance's trunks by name.
	Trunks(app openseat.AppID) []api.TrunkStatus
	// Try begins a test call over a trunk and names it. openseat.CodeNotFound when there is no such trunk,
	// openseat.CodeLimitExceeded when too many test calls run.
	Try(app openseat.AppID, trunk, caller, callee string) (id string, err error)
	// Trial tells how a test call is. openseat.CodeNotFound when it is not known, or not any more.
	Trial(app openseat.AppID, id string) (*api.DescribeTrunkTestResponse, error)
}

func (h *handler) trunkTable() []action {
	return []action{
		on(api.OwnVersion, "DescribeTrunkStatus", h.describeTrunkStatus).needs(org.AreaTrunks, org.Read),
		on(api.OwnVersion, "TestTrunk", h.testTrunk).needs(org.AreaTrunks, org.Write),
		on(api.OwnVersion, "DescribeTrunkTest", h.describeTrunkTest).needs(org.AreaTrunks, org.Read),
	}
}

func (h *handler) describeTrunkStatus(
	_ context.Context, who caller, _ *api.DescribeTrunkStatusRequest,
) (*api.DescribeTrunkStatusResponse, error) {
	return &api.DescribeTrunkStatusResponse{Trunks: append([]api.TrunkStatus{}, h.Lines.Trunks(who.app)...)}, nil
}

// testTrunk shows one of the instance's own numbers, like every call.
func (h *handler) testTrunk(_ context.Context, who caller, r *api.TestTrunkRequest) (*api.TestTrunkResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	if view.Trunks[r.Name] == nil {
		return nil, openseat.Errorf(openseat.CodeNotFound, "There is no trunk `%s`.", r.Name)
	}
	callee, err := org.Normalize(r.Callee, view.Instance.Settings.Region)
	if err != nil {
		return nil, invalidValue("Callee", "is not a telephone number")
	}
	shown, err := shownIn(view, r)
	if err != nil {
		return nil, err
	}
	id, err := h.Lines.Try(who.app, r.Name, shown, callee)
	return &api.TestTrunkResponse{TestId: id}, err
}

// shownIn is the number that a test call shows: the one that was asked for, or the first that lives on the trunk.
func shownIn(view *org.View, r *api.TestTrunkRequest) (string, error) {
	if wish := given(r.Caller); wish != "" {
		number, err := org.Normalize(wish, view.Instance.Settings.Region)
		if err != nil || view.Numbers[number] == nil {
			return "", invalidValue("Caller", "is not one of the instance's numbers")
		}
		return number, nil
	}
	for _, number := range slices.Sorted(maps.Keys(view.Numbers)) {
		if view.Numbers[number].Trunk == r.Name {
			return number, nil
		}
	}
	return cmp.Or(view.Trunks[r.Name].Username, "anonymous"), nil
}

func (h *handler) describeTrunkTest(
	_ context.Context, who caller, r *api.DescribeTrunkTestRequest,
) (*api.DescribeTrunkTestResponse, error) {
	return h.Lines.Trial(who.app, r.TestId)
}
