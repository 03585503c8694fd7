package cloudapi

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"openseat"
	"openseat/api"
	"openseat/core/org"
	"openseat/core/report"
)

// maxActivePage is the documented limit of DescribePSTNActiveSessionList.
const maxActivePage = 25

func (h *handler) hangUpCall(ctx context.Context, who caller, r *api.HangUpCallRequest) (*api.HangUpCallResponse, error) {
	err := h.Calls.HangUp(ctx, who.app, r.SessionId, who.name())
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
		return nil, noSession(r.SessionId)
	}
	return &api.HangUpCallResponse{}, err
}

func (h *handler) describePSTNActiveSessionList(
	ctx context.Context, who caller, r *api.DescribePSTNActiveSessionListRequest,
) (*api.DescribePSTNActiveSessionListResponse, error) {
	if err := within("Limit", r.Limit, 1, maxActivePage); err != nil {
		return nil, err
	}
	if err := within("Offset", r.Offset, 0, maxOffset); err != nil {
		return nil, err
	}
	active, err := h.Calls.Active(ctx, who.app)
	if err != nil {
		return nil, err
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribePSTNActiveSessionListResponse{Total: int64(len(active)), Sessions: []api.PSTNSessionInfo{}}
	for _, s := range cut(active, r.Offset, r.Limit) {
		mail, number := seat(view, s.User)
		answer.Sessions = append(answer.Sessions, api.PSTNSessionInfo{
			SessionID: s.SessionID, RoomID: s.RoomID, Caller: s.Caller, Callee: s.Callee,
			StartTimestamp:  strconv.FormatInt(report.Unix(s.StartAt), 10),
			RingTimestamp:   report.Unix(s.RingAt),
			AcceptTimestamp: strconv.FormatInt(report.Unix(s.AcceptAt), 10),
			StaffEmail:      mail, StaffNumber: number, SessionStatus: s.Status, Direction: int64(s.Direction),
		})
	}
	return answer, nil
}

// describeTelSession knows running calls from the calls themselves and finished ones from their records.
func (h *handler) describeTelSession(ctx context.Context, who caller, r *api.DescribeTelSessionRequest) (*api.DescribeTelSessionResponse, error) {
	active, err := h.Calls.Active(ctx, who.app)
	if err != nil {
		return nil, err
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(active, func(s ActiveSession) bool { return s.SessionID == r.SessionId })
	if i >= 0 {
		return &api.DescribeTelSessionResponse{Session: session(active[i], view)}, nil
	}
	_, found, err := h.Records.CDRs(ctx, who.app, CDRQuery{SessionIDs: []string{r.SessionId}, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, noSession(r.SessionId)
	}
	return &api.DescribeTelSessionResponse{Session: finished(&found[0])}, nil
}

func session(s ActiveSession, view *org.View) *api.PSTNSession {
	mail, number := seat(view, s.User)
	return &api.PSTNSession{
		SessionID: s.SessionID, RoomID: s.RoomID, Caller: s.Caller, Callee: s.Callee, Direction: int64(s.Direction),
		StartTimestamp: report.Unix(s.StartAt), RingTimestamp: report.Unix(s.RingAt), AcceptTimestamp: report.Unix(s.AcceptAt),
		StaffEmail: mail, StaffNumber: number, SessionStatus: s.Status,
	}
}

func finished(c *report.CDR) *api.PSTNSession {
	s := &api.PSTNSession{
		SessionID: c.SessionID, RoomID: c.SessionID, Caller: c.Caller, Callee: c.Callee, Direction: int64(c.Direction),
		StartTimestamp: report.Unix(c.StartAt), RingTimestamp: report.Unix(c.RingAt), AcceptTimestamp: report.Unix(c.AcceptAt),
		SessionStatus: SessionFinished,
	}
	if p := c.Seat(); p != nil {
		s.StaffEmail, s.StaffNumber = c.People[p.User].Mail, c.People[p.User].StaffNumber
	}
	return s
}

func seat(view *org.View, user string) (mail, number string) {
	if s := view.Staff[user]; s != nil {
		return s.UserID, s.StaffNumber
	}
	return user, ""
}

func noSession(id string) error {
	return openseat.Errorf(openseat.CodeRecordNotExist, "The session `%.100s` does not exist or is over.", id)
}
