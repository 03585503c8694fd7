package cloudapi

import (
	"context"
	"strings"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

// Search finds call records for people who look for one.
type Search interface {
	// SearchCDRs answers one page, newest first, and how many there are on all pages.
	SearchCDRs(ctx context.Context, app openseat.AppID, q report.Search) (total int, page []report.CDR, err error)
}

// The limits of SearchRecords.
const (
	maxSearchSpan = 366 * 24 * time.Hour
	minDigits     = 3 // of a part of a number
	highestEnd    = 999
)

// searchTable lists how people look for records.
func (h *handler) searchTable() []action {
	return []action{on(api.OwnVersion, "SearchRecords", h.searchRecords).needs(org.AreaRecords, org.Read)}
}

func (h *handler) searchRecords(ctx context.Context, who caller, r *api.SearchRecordsRequest) (*api.SearchRecordsResponse, error) {
	offset, err := pageStart(r.PageNumber, r.PageSize, maxCDRPage)
	if err != nil {
		return nil, err
	}
	view, err := h.view(who.app)
	if err != nil {
		return nil, err
	}
	q, err := search(r.Query, view.Instance.Settings.Region)
	if err != nil {
		return nil, err
	}
	q.Offset, q.Limit = int(offset), int(r.PageSize)
	total, found, err := h.Search.SearchCDRs(ctx, who.app, q)
	if err != nil {
		return nil, err
	}
	bySession, err := h.recorded(ctx, who, found)
	if err != nil {
		return nil, err
	}
	answer := &api.SearchRecordsResponse{TotalCount: int64(total), Records: []api.TelCdrInfo{}}
	for i := range found {
		answer.Records = append(answer.Records, h.telCDR(&found[i], bySession[found[i].SessionID]))
	}
	return answer, nil
}

// recorded finds the recordings of these records, for who may hear them.
func (h *handler) recorded(ctx context.Context, who caller, records []report.CDR) (map[string][]call.Recording, error) {
	if !who.may(org.AreaRecordings, org.Read) {
		return nil, nil
	}
	ids := make([]string, len(records))
	for i, c := range records {
		ids[i] = c.SessionID
	}
	recordings, err := h.Records.Recordings(ctx, who.app, ids)
	if err != nil {
		return nil, err
	}
	bySession := map[string][]call.Recording{}
	for _, rec := range recordings {
		bySession[rec.SessionID] = append(bySession[rec.SessionID], rec)
	}
	return bySession, nil
}

// search reads what somebody looks for.
func search(r *api.RecordQuery, region string) (report.Search, error) {
	q := report.Search{
		From: time.Unix(r.StartTime, 0), To: time.Unix(r.EndTime, 0), Direction: small(r.Direction), CallType: int(given(r.CallType)),
		Group: given(r.SkillGroupId), Staff: strings.ToLower(strings.TrimSpace(given(r.Staff))), Survey: given(r.Satisfaction),
		Remark: given(r.Remark), Recorded: r.HasRecording, MinTalk: time.Duration(given(r.MinDuration)) * time.Second,
	}
	switch {
	case q.To.Before(q.From):
		return q, invalidValue("Query.EndTime", "is before StartTime")
	case q.To.Sub(q.From) > maxSearchSpan:
		return q, invalidValue("Query.EndTime", "is more than 366 days after StartTime")
	}
	if r.MaxDuration != nil {
		q.MaxTalk = new(time.Duration(*r.MaxDuration)*time.Second + time.Second - 1)
	}
	return q, errFirst(searchPhone(&q, given(r.Phone)), searchNumber(&q, given(r.Number), region), searchEnd(&q, given(r.EndStatus)))
}

func errFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// searchPhone takes the digits of a number, or of a part of it: people write what they remember.
func searchPhone(q *report.Search, written string) error {
	if written == "" {
		return nil
	}
	q.Phone = strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, written)
	if len(q.Phone) < minDigits {
		return invalidValue("Query.Phone", "has fewer than %d digits", minDigits)
	}
	return nil
}

func searchNumber(q *report.Search, written, region string) (err error) {
	if written == "" {
		return nil
	}
	if q.Number, err = org.Normalize(written, region); err != nil {
		return invalidValue("Query.Number", "is not a telephone number")
	}
	return nil
}

func searchEnd(q *report.Search, name string) error {
	if name == "" {
		return nil
	}
	for code := range highestEnd {
		if call.EndStatus(code).String() == name {
			q.End = &code
			return nil
		}
	}
	return invalidValue("Query.EndStatus", "is not an end status")
}
