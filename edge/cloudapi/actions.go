package cloudapi

import (
	"context"
	"reflect"

	"openseat"
	"openseat/api"
)

// caller is who asks, known and verified.
type caller struct {
	app      openseat.AppID
	secretID string
}

type actionKey struct{ name, version string }

// action is one line of the table.
type action struct {
	actionKey
	request reflect.Type
	new     func() api.Request
	do      func(context.Context, caller, api.Request) (api.Response, error)
}

// table lists every action there is.
func (h *handler) table() []action {
	return []action{
		on(api.Version, "CreateSDKLoginToken", h.createSDKLoginToken),

		on(api.Version, "CreateStaff", h.createStaff),
		on(api.Version, "ModifyStaff", h.modifyStaff),
		on(api.Version, "DeleteStaff", h.deleteStaff),
		on(api.Version, "DescribeStaffInfoList", h.describeStaffInfoList),
		on(api.Version, "SetStaffStatus", h.setStaffStatus),
		on(api.Version, "DescribeStaffStatusMetrics", h.describeStaffStatusMetrics),

		on(api.Version, "CreateCCCSkillGroup", h.createSkillGroup),
		on(api.Version, "UpdateCCCSkillGroup", h.updateSkillGroup),
		on(api.Version, "DeleteCCCSkillGroup", h.deleteSkillGroup),
		on(api.Version, "DescribeSkillGroupInfoList", h.describeSkillGroupInfoList),
		on(api.Version, "BindStaffSkillGroupList", h.bindStaffSkillGroupList),
		on(api.Version, "UnbindStaffSkillGroupList", h.unbindStaffSkillGroupList),
		on(api.OwnVersion, "PutSkillGroupSettings", h.putSkillGroupSettings),
		on(api.OwnVersion, "DescribeSkillGroupSettings", h.describeSkillGroupSettings),

		on(api.Version, "DescribeNumbers", h.describeNumbers),
		on(api.OwnVersion, "PutNumber", h.putNumber),
		on(api.OwnVersion, "DescribeNumberSettings", h.describeNumberSettings),
		on(api.OwnVersion, "DeleteNumber", h.deleteNumber),
		on(api.OwnVersion, "PutTrunk", h.putTrunk),
		on(api.OwnVersion, "DescribeTrunks", h.describeTrunks),
		on(api.OwnVersion, "DeleteTrunk", h.deleteTrunk),

		on(api.Version, "DescribeTelCdr", h.describeTelCdr),
		on(api.OwnVersion, "DescribeSessionTimeline", h.describeSessionTimeline),

		on(api.Version, "DescribeTelSession", h.describeTelSession),
		on(api.Version, "DescribePSTNActiveSessionList", h.describePSTNActiveSessionList),
		on(api.Version, "HangUpCall", h.hangUpCall),

		on(api.OwnVersion, "PublishFlow", h.publishFlow),
		on(api.OwnVersion, "DescribeFlows", h.describeFlows),
		on(api.OwnVersion, "DescribeFlowVersions", h.describeFlowVersions),

		on(api.OwnVersion, "PutPushSettings", h.putPushSettings),
		on(api.OwnVersion, "DescribePushSettings", h.describePushSettings),
		on(api.OwnVersion, "DescribePushDeliveries", h.describePushDeliveries),
		on(api.OwnVersion, "ReplayPushDelivery", h.replayPushDelivery),

		on(api.OwnVersion, "CreateKey", h.createKey),
		on(api.OwnVersion, "DescribeKeys", h.describeKeys),
		on(api.OwnVersion, "DisableKey", h.disableKey),
		on(api.OwnVersion, "DescribeAlarms", h.describeAlarms),
	}
}

// on makes a line of the table from a handler; its types are the action's.
func on[Q, R any, Request interface {
	*Q
	api.Request
}, Response interface {
	*R
	api.Response
}](version, name string, do func(context.Context, caller, Request) (Response, error)) action {
	return action{
		actionKey: actionKey{name, version},
		request:   reflect.TypeFor[Q](),
		new:       func() api.Request { return Request(new(Q)) },
		do: func(ctx context.Context, who caller, r api.Request) (api.Response, error) {
			request, ok := r.(Request)
			if !ok { // only new's requests come here
				return nil, openseat.Errorf(openseat.CodeInternal, "the request is a %T", r)
			}
			answer, err := do(ctx, who, request)
			if err != nil {
				return nil, err
			}
			return answer, nil
		},
	}
}
