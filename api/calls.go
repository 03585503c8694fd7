package api

import "context"

// ask calls an action whose answer is an R.
func ask[R any](ctx context.Context, c *Client, action, version string, params any) (*R, error) {
	out := new(R)
	if err := c.Call(ctx, action, version, params, out); err != nil {
		return nil, err
	}
	return out, nil
}

// CreateSDKLoginToken makes a login for an agent's page.
func (c *Client) CreateSDKLoginToken(ctx context.Context, req *CreateSDKLoginTokenRequest) (*CreateSDKLoginTokenResponse, error) {
	return ask[CreateSDKLoginTokenResponse](ctx, c, "CreateSDKLoginToken", Version, req)
}

// CreateStaff adds members of staff.
func (c *Client) CreateStaff(ctx context.Context, req *CreateStaffRequest) (*CreateStaffResponse, error) {
	return ask[CreateStaffResponse](ctx, c, "CreateStaff", Version, req)
}

// DescribeStaffInfoList lists members of staff.
func (c *Client) DescribeStaffInfoList(ctx context.Context, req *DescribeStaffInfoListRequest) (*DescribeStaffInfoListResponse, error) {
	return ask[DescribeStaffInfoListResponse](ctx, c, "DescribeStaffInfoList", Version, req)
}

// CreateCCCSkillGroup adds a skill group.
func (c *Client) CreateCCCSkillGroup(ctx context.Context, req *CreateCCCSkillGroupRequest) (*CreateCCCSkillGroupResponse, error) {
	return ask[CreateCCCSkillGroupResponse](ctx, c, "CreateCCCSkillGroup", Version, req)
}

// BindStaffSkillGroupList lets a member of staff serve groups.
func (c *Client) BindStaffSkillGroupList(ctx context.Context, req *BindStaffSkillGroupListRequest) (*BindStaffSkillGroupListResponse, error) {
	return ask[BindStaffSkillGroupListResponse](ctx, c, "BindStaffSkillGroupList", Version, req)
}

// SetStaffStatus sets what agents are doing.
func (c *Client) SetStaffStatus(ctx context.Context, req *SetStaffStatusRequest) (*SetStaffStatusResponse, error) {
	return ask[SetStaffStatusResponse](ctx, c, "SetStaffStatus", Version, req)
}

// DescribeStaffStatusMetrics asks what agents are doing, and did today.
func (c *Client) DescribeStaffStatusMetrics(
	ctx context.Context, req *DescribeStaffStatusMetricsRequest,
) (*DescribeStaffStatusMetricsResponse, error) {
	return ask[DescribeStaffStatusMetricsResponse](ctx, c, "DescribeStaffStatusMetrics", Version, req)
}

// DescribeTelCdr asks for call records.
func (c *Client) DescribeTelCdr(ctx context.Context, req *DescribeTelCdrRequest) (*DescribeTelCdrResponse, error) {
	return ask[DescribeTelCdrResponse](ctx, c, "DescribeTelCdr", Version, req)
}

// DescribeTelSession asks for one running call.
func (c *Client) DescribeTelSession(ctx context.Context, req *DescribeTelSessionRequest) (*DescribeTelSessionResponse, error) {
	return ask[DescribeTelSessionResponse](ctx, c, "DescribeTelSession", Version, req)
}

// DescribePSTNActiveSessionList lists the calls in progress.
func (c *Client) DescribePSTNActiveSessionList(
	ctx context.Context, req *DescribePSTNActiveSessionListRequest,
) (*DescribePSTNActiveSessionListResponse, error) {
	return ask[DescribePSTNActiveSessionListResponse](ctx, c, "DescribePSTNActiveSessionList", Version, req)
}

// HangUpCall ends a call.
func (c *Client) HangUpCall(ctx context.Context, req *HangUpCallRequest) (*HangUpCallResponse, error) {
	return ask[HangUpCallResponse](ctx, c, "HangUpCall", Version, req)
}

// PutTrunk creates or replaces a trunk.
func (c *Client) PutTrunk(ctx context.Context, req *PutTrunkRequest) (*PutTrunkResponse, error) {
	return ask[PutTrunkResponse](ctx, c, "PutTrunk", OwnVersion, req)
}

// PutNumber creates or replaces a number.
func (c *Client) PutNumber(ctx context.Context, req *PutNumberRequest) (*PutNumberResponse, error) {
	return ask[PutNumberResponse](ctx, c, "PutNumber", OwnVersion, req)
}

// PutSkillGroupSettings changes a group's times.
func (c *Client) PutSkillGroupSettings(ctx context.Context, req *PutSkillGroupSettingsRequest) (*PutSkillGroupSettingsResponse, error) {
	return ask[PutSkillGroupSettingsResponse](ctx, c, "PutSkillGroupSettings", OwnVersion, req)
}

// PublishFlow publishes the next version of a flow.
func (c *Client) PublishFlow(ctx context.Context, req *PublishFlowRequest) (*PublishFlowResponse, error) {
	return ask[PublishFlowResponse](ctx, c, "PublishFlow", OwnVersion, req)
}

// PutPushSettings says where the instance's data goes.
func (c *Client) PutPushSettings(ctx context.Context, req *PutPushSettingsRequest) (*PutPushSettingsResponse, error) {
	return ask[PutPushSettingsResponse](ctx, c, "PutPushSettings", OwnVersion, req)
}

// DescribePushDeliveries lists pushes and what became of them.
func (c *Client) DescribePushDeliveries(ctx context.Context, req *DescribePushDeliveriesRequest) (*DescribePushDeliveriesResponse, error) {
	return ask[DescribePushDeliveriesResponse](ctx, c, "DescribePushDeliveries", OwnVersion, req)
}

// ReplayPushDelivery sends a failed push again.
func (c *Client) ReplayPushDelivery(ctx context.Context, req *ReplayPushDeliveryRequest) (*ReplayPushDeliveryResponse, error) {
	return ask[ReplayPushDeliveryResponse](ctx, c, "ReplayPushDelivery", OwnVersion, req)
}

// DescribeSessionTimeline asks what happened in a session.
func (c *Client) DescribeSessionTimeline(ctx context.Context, req *DescribeSessionTimelineRequest) (*DescribeSessionTimelineResponse, error) {
	return ask[DescribeSessionTimelineResponse](ctx, c, "DescribeSessionTimeline", OwnVersion, req)
}

// DescribeAlarms asks for the instance's alarms.
func (c *Client) DescribeAlarms(ctx context.Context, req *DescribeAlarmsRequest) (*DescribeAlarmsResponse, error) {
	return ask[DescribeAlarmsResponse](ctx, c, "DescribeAlarms", OwnVersion, req)
}
