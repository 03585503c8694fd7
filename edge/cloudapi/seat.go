package cloudapi

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"openseat/api"
	"openseat/core/acd"
	"openseat/core/org"
	"openseat/core/report"
)

func (h *handler) putSeatSettings(ctx context.Context, who caller, r *api.PutSeatSettingsRequest) (*api.PutSeatSettingsResponse, error) {
	s := r.Settings
	return &api.PutSeatSettingsResponse{}, h.Office.ModifySeat(ctx, who.app, s.StaffEmail, org.SeatChange{
		Seat: s.ServerType, UseMobileAccept: small(s.UseMobileAccept), UseMobileCallOut: s.UseMobileCallOut,
	})
}

// small is an optional number as our own code counts.
func small(n *int64) *int {
	if n == nil {
		return nil
	}
	return new(int(*n))
}

func (h *handler) describeSeatSettings(
	_ context.Context, who caller, r *api.DescribeSeatSettingsRequest,
) (*api.DescribeSeatSettingsResponse, error) {
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeSeatSettingsResponse{Settings: []api.SeatSettings{}}
	for _, user := range slices.Sorted(maps.Keys(view.Staff)) {
		s := view.Staff[user]
		if len(r.StaffList) > 0 && !slices.ContainsFunc(r.StaffList, func(mail string) bool { return strings.EqualFold(mail, user) }) {
			continue
		}
		answer.Settings = append(answer.Settings, api.SeatSettings{
			StaffEmail: user, ServerType: new(cmp.Or(s.Seat, string(acd.SeatWeb))), UseMobileAccept: new(int64(s.UseMobileAccept)),
			UseMobileCallOut: new(s.UseMobileCallOut),
		})
	}
	return answer, nil
}

func (h *handler) putContact(ctx context.Context, who caller, r *api.PutContactRequest) (*api.PutContactResponse, error) {
	return &api.PutContactResponse{}, h.Office.PutContact(ctx, org.Contact{
		App: who.app, Number: r.Number, Name: given(r.Name), Remark: given(r.Remark), By: who.name(),
	})
}

func (h *handler) describeContacts(ctx context.Context, who caller, r *api.DescribeContactsRequest) (*api.DescribeContactsResponse, error) {
	if _, err := pageStart(r.PageNumber, r.PageSize, org.MaxContactPage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindContacts(ctx, who.app, given(r.KeyWord), org.Page{Number: int(r.PageNumber), Size: int(r.PageSize)})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeContactsResponse{TotalCount: int64(total), Contacts: []api.Contact{}}
	for _, c := range found {
		answer.Contacts = append(answer.Contacts, api.Contact{
			Number: c.Number, Name: c.Name, Remark: c.Remark, ModifiedBy: c.By, ModifyTimestamp: report.Unix(c.ModifiedAt),
		})
	}
	return answer, nil
}

func (h *handler) describeServiceNotes(
	ctx context.Context, who caller, r *api.DescribeServiceNotesRequest,
) (*api.DescribeServiceNotesResponse, error) {
	if _, err := pageStart(r.PageNumber, r.PageSize, org.MaxNotePage); err != nil {
		return nil, err
	}
	total, found, err := h.Office.FindNotes(ctx, who.app, org.NoteQuery{
		From: since(r.StartTimestamp), To: since(r.EndTimestamp), SessionIDs: r.SessionIds, User: strings.ToLower(given(r.StaffEmail)),
		Category: given(r.Category),
	}, org.Page{Number: int(r.PageNumber), Size: int(r.PageSize)})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeServiceNotesResponse{TotalCount: int64(total), Notes: []api.ServiceNote{}}
	for _, n := range found {
		answer.Notes = append(answer.Notes, api.ServiceNote{
			SessionId: n.SessionID, StaffEmail: n.User, Category: n.Category, Resolved: n.Resolved, Text: n.Text,
			ModifyTimestamp: report.Unix(n.ModifiedAt),
		})
	}
	return answer, nil
}
