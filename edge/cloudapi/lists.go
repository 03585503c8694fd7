package cloudapi

import (
	"context"
	"maps"
	"slices"

	"openseat/api"
	"openseat/core/org"
	"openseat/core/report"
)

// listTable lists what is done with lists and groups of numbers.
func (h *handler) listTable() []action {
	return []action{
		on(api.OwnVersion, "PutListedNumbers", h.putListedNumbers).needs(org.AreaLists, org.Write),
		on(api.OwnVersion, "DeleteListedNumbers", h.deleteListedNumbers).needs(org.AreaLists, org.Write),
		on(api.OwnVersion, "DescribeListedNumbers", h.describeListedNumbers).needs(org.AreaLists, org.Read),
		on(api.OwnVersion, "PutNumberGroup", h.putNumberGroup).needs(org.AreaNumbers, org.Write),
		on(api.OwnVersion, "DeleteNumberGroup", h.deleteNumberGroup).needs(org.AreaNumbers, org.Write),
		on(api.OwnVersion, "DescribeNumberGroups", h.describeNumberGroups).needs(org.AreaNumbers, org.Read),
		on(api.Version, "BindNumberCallInInterface", h.bindNumberCallInInterface).needs(org.AreaNumbers, org.Write),
	}
}

// putListedNumbers refuses calls from these numbers, unless told otherwise.
func (h *handler) putListedNumbers(ctx context.Context, who caller, r *api.PutListedNumbersRequest) (*api.PutListedNumbersResponse, error) {
	wish := org.ListedNumber{App: who.app, Inbound: true, Outbound: given(r.Outbound), Reason: given(r.Reason), Until: since(r.Until)}
	if r.Inbound != nil {
		wish.Inbound = *r.Inbound
	}
	failed, err := h.Office.PutListed(ctx, wish, r.Numbers)
	if err != nil {
		return nil, err
	}
	answer := &api.PutListedNumbersResponse{Failed: []api.ListedFailure{}}
	for _, f := range failed {
		answer.Failed = append(answer.Failed, api.ListedFailure{Number: f.Number, Message: f.Err.Message})
	}
	return answer, nil
}

func (h *handler) deleteListedNumbers(ctx context.Context, who caller, r *api.DeleteListedNumbersRequest) (*api.DeleteListedNumbersResponse, error) {
	return &api.DeleteListedNumbersResponse{}, h.Office.DeleteListed(ctx, who.app, r.Numbers)
}

func (h *handler) describeListedNumbers(
	ctx context.Context, who caller, r *api.DescribeListedNumbersRequest,
) (*api.DescribeListedNumbersResponse, error) {
	if _, err := pageStart(r.PageNumber, r.PageSize, org.MaxListedPage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindListed(ctx, who.app, given(r.Number), org.Page{Number: int(r.PageNumber), Size: int(r.PageSize)})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeListedNumbersResponse{TotalCount: int64(total), Numbers: []api.ListedNumber{}}
	for _, l := range found {
		answer.Numbers = append(answer.Numbers, api.ListedNumber{
			Number: l.Number, Inbound: l.Inbound, Outbound: l.Outbound, Reason: l.Reason, CreateTimestamp: report.Unix(l.CreatedAt),
			Until: report.Unix(l.Until),
		})
	}
	return answer, nil
}

func (h *handler) putNumberGroup(ctx context.Context, who caller, r *api.PutNumberGroupRequest) (*api.PutNumberGroupResponse, error) {
	id, err := h.Office.PutNumberGroup(ctx, org.NumberGroup{App: who.app, ID: given(r.Id), Name: r.Name, Numbers: r.Numbers})
	return &api.PutNumberGroupResponse{Id: id}, err
}

func (h *handler) deleteNumberGroup(ctx context.Context, who caller, r *api.DeleteNumberGroupRequest) (*api.DeleteNumberGroupResponse, error) {
	return &api.DeleteNumberGroupResponse{}, h.Office.DeleteNumberGroup(ctx, who.app, r.Id)
}

func (h *handler) describeNumberGroups(
	_ context.Context, who caller, _ *api.DescribeNumberGroupsRequest,
) (*api.DescribeNumberGroupsResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeNumberGroupsResponse{Groups: []api.NumberGroup{}}
	for _, id := range slices.Sorted(maps.Keys(view.NumberGroups)) {
		g := view.NumberGroups[id]
		answer.Groups = append(answer.Groups, api.NumberGroup{Id: g.ID, Name: g.Name, Numbers: append([]string{}, g.Numbers...)})
	}
	return answer, nil
}

// bindNumberCallInInterface names the server that is asked how a number's calls are answered; without one it is taken away.
func (h *handler) bindNumberCallInInterface(
	ctx context.Context, who caller, r *api.BindNumberCallInInterfaceRequest,
) (*api.BindNumberCallInInterfaceResponse, error) {
	if kind := given(r.NumberType); kind != "" && kind != "inner" && kind != "number" {
		return nil, invalidValue("NumberType", "is neither inner nor number")
	}
	url := ""
	if r.CallInInterface != nil {
		url = r.CallInInterface.URL
	}
	return &api.BindNumberCallInInterfaceResponse{}, h.Office.BindInterface(ctx, who.app, r.Number, url)
}
