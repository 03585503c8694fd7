package cloudapi

import (
	"context"

	"openseat"
	"openseat/api"
	"openseat/core/report"
)

// createKey is for who may everything, as a key may.
func (h *handler) createKey(ctx context.Context, who caller, _ *api.CreateKeyRequest) (*api.CreateKeyResponse, error) {
	if !who.has(allRights()) {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "SecretId: a key has all rights; who makes one must have them himself.")
	}
	k, err := h.Office.CreateKey(ctx, who.app)
	if err != nil {
		return nil, err
	}
	return &api.CreateKeyResponse{SecretId: k.SecretID, SecretKey: k.SecretKey}, nil
}

func (h *handler) describeKeys(ctx context.Context, who caller, _ *api.DescribeKeysRequest) (*api.DescribeKeysResponse, error) {
	keys, err := h.Office.Keys(ctx, who.app)
	if err != nil {
		return nil, err
	}
	answer := &api.DescribeKeysResponse{Keys: []api.KeyInfo{}}
	for _, k := range keys {
		answer.Keys = append(answer.Keys, api.KeyInfo{SecretId: k.SecretID, Disabled: k.Disabled, CreateTimestamp: report.Unix(k.CreatedAt)})
	}
	return answer, nil
}

// disableKey refuses the key it is asked with, so that nobody locks himself out.
func (h *handler) disableKey(ctx context.Context, who caller, r *api.DisableKeyRequest) (*api.DisableKeyResponse, error) {
	if r.SecretId == who.secretID {
		return nil, openseat.Errorf("OperationDenied", "The key that signs this request cannot be disabled by it.")
	}
	return &api.DisableKeyResponse{}, h.Office.DisableKey(ctx, who.app, r.SecretId, true)
}

func (h *handler) describeAlarms(ctx context.Context, who caller, _ *api.DescribeAlarmsRequest) (*api.DescribeAlarmsResponse, error) {
	alarms, err := h.Alarms.Alarms(ctx, who.app)
	if err != nil {
		return nil, err
	}
	return &api.DescribeAlarmsResponse{Alarms: append([]api.Alarm{}, alarms...)}, nil
}
