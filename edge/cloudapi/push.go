package cloudapi

import (
	"context"
	"encoding/json"
	"slices"

	"openseat/api"
	"openseat/core/org"
)

// maxDeliveryPage bounds a page of DescribePushDeliveries.
const maxDeliveryPage = 100

func (h *handler) putPushSettings(ctx context.Context, who caller, r *api.PutPushSettingsRequest) (*api.PutPushSettingsResponse, error) {
	s := r.Settings
	return &api.PutPushSettingsResponse{}, h.Office.PutPush(ctx, org.Push{
		App: who.app, URL: s.Url, Auth: given(s.AuthType), Username: given(s.Username), Password: given(s.Password),
		TokenURL: given(s.TokenURL), ClientID: given(s.ClientId), Secret: given(s.ClientSecret),
		CDR: given(s.CDR), Record: given(s.Record), Voicemail: given(s.Voicemail),
	})
}

func (h *handler) describePushSettings(
	ctx context.Context, who caller, _ *api.DescribePushSettingsRequest,
) (*api.DescribePushSettingsResponse, error) {
	p, err := h.Office.PushSettings(ctx, who.app)
	if err != nil {
		return nil, err
	}
	if p.Auth == "" {
		p.Auth = org.PushAuthNone
	}
	return &api.DescribePushSettingsResponse{Settings: &api.PushSettings{
		Url: p.URL, AuthType: &p.Auth, Username: &p.Username, TokenURL: &p.TokenURL, ClientId: &p.ClientID,
		CDR: &p.CDR, Record: &p.Record, Voicemail: &p.Voicemail,
	}}, nil
}

func (h *handler) describePushDeliveries(
	ctx context.Context, who caller, r *api.DescribePushDeliveriesRequest,
) (*api.DescribePushDeliveriesResponse, error) {
	offset, err := pageStart(r.PageNumber, r.PageSize, maxDeliveryPage)
	if err != nil {
		return nil, err
	}
	states := []string{"", api.DeliveryPending, api.DeliveryDelivered, api.DeliveryFailed}
	if !slices.Contains(states, given(r.Status)) {
		return nil, invalidValue("Status", "is neither pending, delivered nor failed")
	}
	total, found, err := h.Pushes.Deliveries(ctx, who.app, DeliveryQuery{
		Status: given(r.Status), SessionID: given(r.SessionId), Offset: int(offset), Limit: int(r.PageSize),
	})
	if err != nil {
		return nil, err
	}
	answer := &api.DescribePushDeliveriesResponse{TotalCount: int64(total), Deliveries: append([]api.PushDelivery{}, found...)}
	if !who.may(org.AreaRecordings, org.Read) {
		for i := range answer.Deliveries {
			answer.Deliveries[i].Payload = withoutLinks(answer.Deliveries[i].Payload)
		}
	}
	return answer, nil
}

// withoutLinks empties the addresses of recordings in what was pushed: whoever has one may listen. What cannot be read is not
// shown at all.
func withoutLinks(payload json.RawMessage) json.RawMessage {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(payload, &fields) != nil {
		return json.RawMessage("null")
	}
	for _, name := range []string{"RecordURL", "CustomRecordURL", "VoicemailRecordURL"} {
		if _, ok := fields[name]; ok {
			fields[name] = json.RawMessage("null")
		}
	}
	told, err := json.Marshal(fields)
	if err != nil {
		return json.RawMessage("null")
	}
	return told
}

func (h *handler) replayPushDelivery(ctx context.Context, who caller, r *api.ReplayPushDeliveryRequest) (*api.ReplayPushDeliveryResponse, error) {
	return &api.ReplayPushDeliveryResponse{}, h.Pushes.Replay(ctx, who.app, r.UUID)
}
