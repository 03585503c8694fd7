package cloudapi

import (
	"context"
	"slices"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// record finds one finished session's record.
func (h *handler) record(ctx context.Context, q CDRQuery, app openseat.AppID) (*report.CDR, error) {
	q.Limit = 1
	_, found, err := h.Records.CDRs(ctx, app, q)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, noSession(q.SessionIDs[0])
	}
	return &found[0], nil
}

func (h *handler) describeSessionDetail(
	ctx context.Context, who caller, r *api.DescribeSessionDetailRequest,
) (*api.DescribeSessionDetailResponse, error) {
	from, to := time.Unix(r.StartTimestamp, 0), time.Unix(r.EndTimestamp, 0)
	if err := h.window(from, to, maxCDRSpan); err != nil {
		return nil, err
	}
	c, err := h.record(ctx, CDRQuery{From: from, To: to, SessionIDs: []string{r.SessionId}}, who.app)
	if err != nil {
		return nil, err
	}
	var recordings []call.Recording
	if who.may(org.AreaRecordings, org.Read) {
		if recordings, err = h.Records.Recordings(ctx, who.app, []string{c.SessionID}); err != nil {
			return nil, err
		}
	}
	t := h.telCDR(c, recordings)
	answer := &api.DescribeSessionDetailResponse{
		Caller: t.Caller, Callee: t.Callee, CallType: t.CallType, StartTimeStamp: t.StartTimestamp, RingTimestamp: t.RingTimestamp,
		AcceptTimestamp: t.AcceptTimestamp, EndedTimestamp: t.EndedTimestamp, QueuedTimestamp: t.QueuedTimestamp, EndStatus: t.EndStatus,
		QueuedSkillGroupId: t.QueuedSkillGroupId, QueuedSkillGroupName: t.QueuedSkillGroupName, RecordURL: t.RecordURL,
		VoicemailRecordURL: t.VoicemailRecordURL, VoicemailAsrURL: t.VoicemailAsrURL, IVRKeyPressed: t.IVRKeyPressedEx,
		PostIVRKeyPressed: t.PostIVRKeyPressed, HungUpSide: t.HungUpSide, UUI: t.UUI, Events: events(c), ServeParticipants: t.ServeParticipants,
		SysHangupReason: t.SysHangupReason, SysHangupReasonString: t.SysHangupReasonString,
	}
	if p := c.Seat(); p != nil {
		answer.StaffUserId = p.User
	}
	return answer, nil
}

// window checks a stretch of time in the past: not before it begins, within 180 days, shorter than longest.
func (h *handler) window(from, to time.Time, longest time.Duration) error {
	switch {
	case to.Before(from):
		return invalidValue("EndTimestamp", "is before StartTimestamp")
	case to.Sub(from) >= longest:
		return invalidValue("EndTimestamp", "is %d days or more after StartTimestamp", int(longest/(24*time.Hour)))
	case h.Now().Sub(from) > maxCDRAge:
		return invalidValue("StartTimestamp", "is more than 180 days ago")
	}
	return nil
}

// events lists what the agents did in a call, in order.
func events(c *report.CDR) []api.SessionEvent {
	all := []api.SessionEvent{}
	for _, p := range c.Serves {
		person := c.People[p.User]
		for _, s := range p.Events {
			all = append(all, api.SessionEvent{
				Timestamp: report.Unix(s.At), EventType: s.Type,
				StaffEventDetail: &api.EventStaffDetail{Staffs: []api.EventStaffElement{{Mail: person.Mail, StaffNumber: person.StaffNumber}}},
			})
		}
	}
	slices.SortStableFunc(all, func(a, b api.SessionEvent) int { return int(a.Timestamp - b.Timestamp) })
	return all
}

// describeTelRecordAsr answers what was said as text. Nothing recognises speech yet, so a session that is there has none.
func (h *handler) describeTelRecordAsr(
	ctx context.Context, who caller, r *api.DescribeTelRecordAsrRequest,
) (*api.DescribeTelRecordAsrResponse, error) {
	if _, err := h.record(ctx, CDRQuery{SessionIDs: []string{r.SessionId}}, who.app); err != nil {
		return nil, err
	}
	return &api.DescribeTelRecordAsrResponse{AsrDataList: []api.AsrData{}}, nil
}
