package cloudapi

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"openseat/api"
	"openseat/core/report"
)

// The limits of DescribeStaffStatusHistory; the span is the documented one.
const (
	maxHistorySpan     = 7 * 24 * time.Hour
	maxHistoryPage     = 1000
	defaultHistoryPage = 100
)

func (h *handler) describeStaffStatusHistory(
	ctx context.Context, who caller, r *api.DescribeStaffStatusHistoryRequest,
) (*api.DescribeStaffStatusHistoryResponse, error) {
	from, to := time.Unix(r.StartTimestamp, 0), time.Unix(r.EndTimestamp, 0)
	if err := h.window(from, to, maxHistorySpan); err != nil {
		return nil, err
	}
	size := cmp.Or(given(r.PageSize), defaultHistoryPage)
	if err := within("PageSize", size, 1, maxHistoryPage); err != nil {
		return nil, err
	}
	after, err := strconv.ParseInt(cmp.Or(given(r.Cursor), "0"), 10, 64)
	if err != nil || after < 0 {
		return nil, invalidValue("Cursor", "is not one that was answered")
	}
	staff, err := h.account(ctx, who.app, strings.TrimSpace(r.StaffUserId))
	if err != nil {
		return nil, err
	}
	found, err := h.History.StatusHistory(ctx, who.app, staff.UserID, from, to.Add(time.Second), after, int(size))
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeStaffStatusHistoryResponse{Data: []api.StaffStatus{}}
	for _, c := range found {
		answer.Data = append(answer.Data, api.StaffStatus{
			Cursor: strconv.FormatInt(c.N, 10), Timestamp: report.Unix(c.Since), Status: statusName(c.Status), SessionId: c.Session,
			Reason: c.Reason, StaffEmail: staff.UserID, StaffNo: staff.StaffNumber,
		})
	}
	return answer, nil
}

// The span of DescribeTelCallInfo is documented.
const maxUsageSpan = 90 * 24 * time.Hour

// describeTelCallInfo sums up minutes of talk, each call's begun minute counted as a whole one. There are no packages that
// they are taken from.
func (h *handler) describeTelCallInfo(ctx context.Context, who caller, r *api.DescribeTelCallInfoRequest) (*api.DescribeTelCallInfoResponse, error) {
	from, to := time.Unix(r.StartTimeStamp, 0), time.Unix(r.EndTimeStamp, 0)
	if err := h.window(from, to, maxUsageSpan+time.Second); err != nil {
		return nil, err
	}
	u, err := h.History.Usage(ctx, who.app, from, to)
	return &api.DescribeTelCallInfoResponse{TelCallOutCount: u.OutMinutes, TelCallInCount: u.InMinutes, SeatUsedCount: u.Agents}, err
}
