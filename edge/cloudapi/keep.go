package cloudapi

import (
	"context"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// maxVoicemailPage bounds a page of messages.
const maxVoicemailPage = 100

// Keeping is what is kept of what was said.
type Keeping interface {
	// Peaks is a recording's picture: 0 to 100 for each part of it. None when there is none.
	Peaks(ctx context.Context, rec call.Recording) ([]byte, error)
	// Voicemails answers one page of the messages that q chooses, newest first, how many there are on all pages, and how many of
	// the instance's nobody has heard.
	Voicemails(ctx context.Context, app openseat.AppID, q report.VoicemailQuery) (total, unheard int, page []report.Voicemail, err error)
	// MarkVoicemail notes who heard a message, and with a zero time that nobody did; openseat.CodeNotFound.
	MarkVoicemail(ctx context.Context, app openseat.AppID, recordID, by string, when time.Time) error
}

// keepTable lists what is done with recordings and messages.
func (h *handler) keepTable() []action {
	return []action{
		on(api.OwnVersion, "DescribeRecordingParts", h.describeRecordingParts).needs(org.AreaRecordings, org.Read),
		on(api.OwnVersion, "DescribeVoicemails", h.describeVoicemails).needs(org.AreaRecordings, org.Read),
		on(api.OwnVersion, "MarkVoicemail", h.markVoicemail).needs(org.AreaRecordings, org.Write),
	}
}

func (h *handler) describeRecordingParts(
	ctx context.Context, who caller, r *api.DescribeRecordingPartsRequest,
) (*api.DescribeRecordingPartsResponse, error) {
	session := []string{r.SessionId}
	_, found, err := h.Records.CDRs(ctx, who.app, CDRQuery{SessionIDs: session, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, openseat.Errorf(openseat.CodeRecordNotExist, "Session %s has no record.", r.SessionId)
	}
	recordings, err := h.Records.Recordings(ctx, who.app, session)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeRecordingPartsResponse{Parts: []api.RecordingPart{}}
	for _, rec := range recordings {
		part, err := h.recordingPart(ctx, &found[0], rec)
		if err != nil {
			return nil, err
		}
		answer.Parts = append(answer.Parts, part)
	}
	return answer, nil
}

func (h *handler) recordingPart(ctx context.Context, c *report.CDR, rec call.Recording) (api.RecordingPart, error) {
	part := api.RecordingPart{
		RecordId: rec.Record, Who: rec.EndpointUser, URL: h.Links.Recording(rec),
		StartMs: max(0, rec.StartAt.Sub(c.StartAt).Milliseconds()), DurationMs: rec.Duration.Milliseconds(),
	}
	if person, ok := c.People[rec.EndpointUser]; ok {
		part.Who, part.Name = person.Mail, person.Name
	}
	peaks, err := h.peaks(ctx, rec)
	part.Peaks = peaks
	return part, err
}

func (h *handler) peaks(ctx context.Context, rec call.Recording) ([]int64, error) {
	drawn, err := h.Keeping.Peaks(ctx, rec)
	peaks := make([]int64, len(drawn))
	for i, p := range drawn {
		peaks[i] = int64(p)
	}
	return peaks, err
}

func (h *handler) describeVoicemails(ctx context.Context, who caller, r *api.DescribeVoicemailsRequest) (*api.DescribeVoicemailsResponse, error) {
	offset, err := pageStart(r.PageNumber, r.PageSize, maxVoicemailPage)
	if err != nil {
		return nil, err
	}
	q := report.VoicemailQuery{Unheard: given(r.Unheard), Phone: given(r.Phone), Offset: int(offset), Limit: int(r.PageSize)}
	if r.StartTime != nil {
		q.From = time.Unix(*r.StartTime, 0)
	}
	if r.EndTime != nil {
		q.To = time.Unix(*r.EndTime, 0)
	}
	total, unheard, page, err := h.Keeping.Voicemails(ctx, who.app, q)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeVoicemailsResponse{TotalCount: int64(total), Unheard: int64(unheard), Voicemails: []api.Voicemail{}}
	for i := range page {
		v, err := h.voicemail(ctx, &page[i])
		if err != nil {
			return nil, err
		}
		answer.Voicemails = append(answer.Voicemails, v)
	}
	return answer, nil
}

func (h *handler) voicemail(ctx context.Context, v *report.Voicemail) (api.Voicemail, error) {
	peaks, err := h.peaks(ctx, v.Recording)
	return api.Voicemail{
		RecordId: v.Record, SessionId: v.SessionID, Caller: v.Call.Caller, Callee: v.Call.Callee, Location: v.Call.CallerLocation(),
		Timestamp: report.Unix(v.StartAt), DurationMs: v.Duration.Milliseconds(), URL: h.Links.Recording(v.Recording), Peaks: peaks,
		Heard: !v.HeardAt.IsZero(), HeardBy: v.HeardBy,
	}, err
}

func (h *handler) markVoicemail(ctx context.Context, who caller, r *api.MarkVoicemailRequest) (*api.MarkVoicemailResponse, error) {
	by, when := "", time.Time{}
	if r.Heard {
		by, when = who.name(), h.Now()
	}
	return &api.MarkVoicemailResponse{}, h.Keeping.MarkVoicemail(ctx, who.app, r.RecordId, by, when)
}
