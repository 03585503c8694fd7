package cloudapi

import (
	"context"

	"openseat/api"
	"openseat/core/org"
)

const (
	defaultNumberPage = 20
	ownNumber         = 1 // CostType of a number that is the company's own
)

func (h *handler) describeNumbers(ctx context.Context, who caller, r *api.DescribeNumbersRequest) (*api.DescribeNumbersResponse, error) {
	size := int64(defaultNumberPage)
	if r.PageSize != nil {
		size = *r.PageSize
	}
	if _, err := pageStart(given(r.PageNumber), size, org.MaxNumberPage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindNumbers(ctx, who.app, org.Page{Number: int(given(r.PageNumber)), Size: int(size)})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeNumbersResponse{TotalCount: int64(total), Numbers: []api.NumberInfo{}}
	for _, n := range found {
		answer.Numbers = append(answer.Numbers, api.NumberInfo{
			Number: n.Number, State: int64(n.State), CostType: ownNumber, CallOutSkillGroupIds: append([]int64{}, n.CallOutGroups...),
		})
	}
	return answer, nil
}

func (h *handler) putNumber(ctx context.Context, who caller, r *api.PutNumberRequest) (*api.PutNumberResponse, error) {
	n := r.Number
	if n.State != nil {
		if err := within("Number.State", *n.State, 1, 5); err != nil {
			return nil, err
		}
	}
	return &api.PutNumberResponse{}, h.Office.PutNumber(ctx, org.Number{
		App: who.app, Number: n.Number, Trunk: n.Trunk, Flow: given(n.Flow), CallOut: given(n.CallOut),
		CallOutGroups: n.CallOutSkillGroupIds, Remark: given(n.Remark), State: int(given(n.State)),
	})
}

func (h *handler) describeNumberSettings(
	ctx context.Context, who caller, _ *api.DescribeNumberSettingsRequest,
) (*api.DescribeNumberSettingsResponse, error) {
	answer := &api.DescribeNumberSettingsResponse{Numbers: []api.NumberSettings{}}
	for number := 0; ; number++ {
		total, found, err := h.Office.FindNumbers(ctx, who.app, org.Page{Number: number, Size: org.MaxNumberPage})
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			answer.Numbers = append(answer.Numbers, api.NumberSettings{
				Number: n.Number, Trunk: n.Trunk, Flow: &n.Flow, CallOut: &n.CallOut, CallOutSkillGroupIds: n.CallOutGroups,
				Remark: &n.Remark, State: new(int64(n.State)),
			})
		}
		if (number+1)*org.MaxNumberPage >= total {
			return answer, nil
		}
	}
}

func (h *handler) deleteNumber(ctx context.Context, who caller, r *api.DeleteNumberRequest) (*api.DeleteNumberResponse, error) {
	return &api.DeleteNumberResponse{}, h.Office.DeleteNumber(ctx, who.app, r.Number)
}

func (h *handler) putTrunk(ctx context.Context, who caller, r *api.PutTrunkRequest) (*api.PutTrunkResponse, error) {
	k := r.Trunk
	if err := within("Trunk.MaxCalls", given(k.MaxCalls), 0, maxOffset); err != nil {
		return nil, err
	}
	return &api.PutTrunkResponse{}, h.Office.PutTrunk(ctx, org.Trunk{
		App: who.app, Name: k.Name, Peer: k.Peer, Transport: given(k.Transport), Sources: k.Sources, Register: given(k.Register),
		Username: given(k.Username), Password: given(k.Password), Domain: given(k.Domain), Codecs: k.Codecs, MaxCalls: int(given(k.MaxCalls)),
	})
}

func (h *handler) describeTrunks(ctx context.Context, who caller, _ *api.DescribeTrunksRequest) (*api.DescribeTrunksResponse, error) {
	trunks, err := h.Office.Trunks(ctx, who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeTrunksResponse{Trunks: []api.Trunk{}}
	for _, k := range trunks {
		answer.Trunks = append(answer.Trunks, api.Trunk{
			Name: k.Name, Peer: k.Peer, Transport: &k.Transport, Sources: k.Sources, Register: &k.Register, Username: &k.Username,
			Domain: &k.Domain, Codecs: k.Codecs, MaxCalls: new(int64(k.MaxCalls)),
		})
	}
	return answer, nil
}

func (h *handler) deleteTrunk(ctx context.Context, who caller, r *api.DeleteTrunkRequest) (*api.DeleteTrunkResponse, error) {
	return &api.DeleteTrunkResponse{}, h.Office.DeleteTrunk(ctx, who.app, r.Name)
}
