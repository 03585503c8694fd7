package cloudapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// The documented limits of DescribeTelCdr.
const (
	maxCDRPage = 100
	maxCDRAge  = 180 * 24 * time.Hour
	maxCDRSpan = 90 * 24 * time.Hour
	maxFilters = 100 // phones or sessions in one request
)

func (h *handler) describeTelCdr(ctx context.Context, who caller, r *api.DescribeTelCdrRequest) (*api.DescribeTelCdrResponse, error) {
	q, err := h.cdrQuery(r)
	if err != nil {
		return nil, err
	}
	if q.Phones, err = h.phones(who.app, r.Phones); err != nil {
		return nil, err
	}
	total, found, err := h.Records.CDRs(ctx, who.app, q)
	if err != nil {
		return nil, err
	}
	bySession, err := h.recorded(ctx, who, found)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeTelCdrResponse{TotalCount: int64(total), TelCdrList: []api.TelCdrInfo{}}
	for i := range found {
		answer.TelCdrList = append(answer.TelCdrList, h.telCDR(&found[i], bySession[found[i].SessionID]))
	}
	answer.TelCdrs = answer.TelCdrList // the old name, which old callers still read
	return answer, nil
}

func (h *handler) cdrQuery(r *api.DescribeTelCdrRequest) (CDRQuery, error) {
	from, to := time.Unix(r.StartTimeStamp, 0), time.Unix(r.EndTimeStamp, 0)
	offset, err := pageStart(r.PageNumber, r.PageSize, maxCDRPage)
	switch {
	case err != nil:
		return CDRQuery{}, err
	case to.Before(from):
		return CDRQuery{}, invalidValue("EndTimeStamp", "is before StartTimeStamp")
	case to.Sub(from) >= maxCDRSpan:
		return CDRQuery{}, invalidValue("EndTimeStamp", "is 90 days or more after StartTimeStamp")
	case h.Now().Sub(from) > maxCDRAge:
		return CDRQuery{}, invalidValue("StartTimeStamp", "is more than 180 days ago")
	case len(r.Phones) > maxFilters:
		return CDRQuery{}, invalidValue("Phones", "has more than %d elements", maxFilters)
	case len(r.SessionIds) > maxFilters:
		return CDRQuery{}, invalidValue("SessionIds", "has more than %d elements", maxFilters)
	}
	return CDRQuery{From: from, To: to, SessionIDs: r.SessionIds, Offset: int(offset), Limit: int(r.PageSize)}, nil
}

// phones brings numbers as people write them into the form of the records; what is not a number matches as it is.
func (h *handler) phones(app openseat.AppID, written []string) ([]string, error) {
	view, err := h.view(app)
	if err != nil {
		return nil, err
	}
	phones := slices.Clone(written)
	for i, p := range phones {
		if normal, err := org.Normalize(p, view.Instance.Settings.Region); err == nil {
			phones[i] = normal
		}
	}
	return phones, nil
}

// telCDR renders a record with the links to what was recorded.
func (h *handler) telCDR(c *report.CDR, recordings []call.Recording) api.TelCdrInfo {
	urls, voicemails := h.urls(recordings)
	info := api.TelCdrInfo{
		SessionId: c.SessionID, Caller: c.Caller, Callee: c.Callee, Time: report.Unix(c.StartAt), StartTimestamp: report.Unix(c.StartAt),
		Direction: int64(c.Direction), CallType: int64(c.CallType), Duration: c.Duration(), IVRDuration: c.IVRDuration(),
		QueuedTimestamp: report.Unix(c.QueuedAt), RingTimestamp: report.Unix(c.RingAt), AcceptTimestamp: report.Unix(c.AcceptAt),
		EndedTimestamp: report.Unix(c.EndAt), EndStatus: int64(c.End), EndStatusString: c.End.String(), HungUpSide: c.HungUpSide,
		RecordId: c.Record, RecordURL: urls[c.Record], VoicemailRecordURL: voicemails, VoicemailAsrURL: []string{},
		QueuedSkillGroupId: c.QueuedGroup, QueuedSkillGroupName: c.QueuedGroupName, IVRKeyPressed: []string{},
		IVRKeyPressedEx: pressed(c.Keys), PostIVRKeyPressed: pressed(c.PostKeys), PostIVRKeyPressedEx: pressed(c.PostKeys),
		CallerLocation: c.CallerLocation(), Uui: c.UUI, UUI: c.UUI, Remark: c.Remark, AsrStatus: "NotExists",
		ServeParticipants: []api.ServeParticipant{},
	}
	if c.HungUpSide == call.SideSystem && !c.AcceptAt.IsZero() {
		info.SysHangupReason, info.SysHangupReasonString = int64(c.End), c.End.String()
	}
	for _, k := range c.Keys {
		info.IVRKeyPressed = append(info.IVRKeyPressed, k.Key)
	}
	for _, p := range c.Serves {
		info.ServeParticipants = append(info.ServeParticipants, participant(c, p, urls[p.Record]))
	}
	if p := c.Seat(); p != nil {
		info.SeatUser = seatUser(c.People[p.User])
		info.SkillGroupId, info.SkillGroup = p.Group, c.GroupNames[p.Group]
	}
	return info
}

// urls makes the links: of recordings by RecordId, and of voicemails in the order they were left.
func (h *handler) urls(recordings []call.Recording) (byID map[string]string, voicemails []string) {
	byID, voicemails = map[string]string{}, []string{}
	slices.SortFunc(recordings, func(a, b call.Recording) int { return a.StartAt.Compare(b.StartAt) })
	for _, rec := range recordings {
		if rec.Kind == api.PushVoicemail {
			voicemails = append(voicemails, h.Links.Recording(rec))
			continue
		}
		byID[rec.Record] = h.Links.Recording(rec)
	}
	return byID, voicemails
}

func pressed(keys []call.Key) []api.IVRKeyPressedElement {
	elements := make([]api.IVRKeyPressedElement, len(keys))
	for i, k := range keys {
		elements[i] = api.IVRKeyPressedElement{Key: k.Key, Label: k.Label, NodeLabel: k.Node, Timestamp: k.At.UnixMilli(), OriginalContent: k.Key}
	}
	return elements
}

func participant(c *report.CDR, p call.Participant, recordURL string) api.ServeParticipant {
	person := c.People[p.User]
	return api.ServeParticipant{
		Mail: person.Mail, Phone: cmp.Or(p.Phone, person.Phone), TransferFrom: p.TransferFrom, TransferFromType: p.TransferFromType,
		TransferTo: p.TransferTo, TransferToType: p.TransferToType, Type: p.Type, Sequence: int64(p.Sequence),
		StartTimestamp: report.Unix(p.StartAt), RingTimestamp: report.Unix(p.RingAt), AcceptTimestamp: report.Unix(p.AcceptAt),
		EndedTimestamp: report.Unix(p.EndAt), EndStatusString: p.End.String(), RecordId: p.Record, RecordURL: recordURL,
		SkillGroupId: p.Group, SkillGroupName: c.GroupNames[p.Group],
	}
}

func seatUser(p report.Person) *api.SeatUserInfo {
	return &api.SeatUserInfo{
		Name: p.Name, Mail: p.Mail, StaffNumber: p.StaffNumber, Phone: &p.Phone, Nick: &p.Nick, UserId: &p.UserID, SkillGroupNameList: p.GroupNames,
	}
}
