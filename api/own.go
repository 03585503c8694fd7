package api

import (
	"encoding/json"

	"openseat"
)

// The actions below are OpenSeat's own (OwnVersion): what the original offers on its console only. Put actions create or
// replace; secrets go in and never come out again; times are Unix seconds unless the name says otherwise.

type (
	// Trunk is a SIP line to a carrier.
	Trunk struct {
		Name string `json:"Name" api:"required"`
		// Peer is where outbound calls go: "host:port".
		Peer      string  `json:"Peer" api:"required"`
		Transport *string `json:"Transport,omitempty"` // udp (default), tcp, tls
		// Sources are the addresses or CIDR blocks inbound calls may come from; none means Peer's address only.
		Sources  []string `json:"Sources,omitempty"`
		Register *bool    `json:"Register,omitempty"`
		Username *string  `json:"Username,omitempty"`
		// Password is taken by PutTrunk and never answered; left out, the old one stays.
		Password *string  `json:"Password,omitempty"`
		Domain   *string  `json:"Domain,omitempty"`
		Codecs   []string `json:"Codecs,omitempty"` // of PCMA and PCMU, in order of preference
		MaxCalls *int64   `json:"MaxCalls,omitempty"`
	}
	// PutTrunkRequest creates or replaces a trunk.
	PutTrunkRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Trunk    *Trunk `json:"Trunk" api:"required"`
	}
	// PutTrunkResponse answers PutTrunk.
	PutTrunkResponse struct{ Result }
	// DescribeTrunksRequest asks for all trunks.
	DescribeTrunksRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeTrunksResponse answers DescribeTrunks.
	DescribeTrunksResponse struct {
		Trunks []Trunk `json:"Trunks"`
		Result
	}
	// DeleteTrunkRequest removes a trunk that no number lives on.
	DeleteTrunkRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
	}
	// DeleteTrunkResponse answers DeleteTrunk.
	DeleteTrunkResponse struct{ Result }
)

type (
	// NumberSettings is a telephone number as the instance uses it.
	NumberSettings struct {
		Number string `json:"Number" api:"required"` // 0086… form
		Trunk  string `json:"Trunk" api:"required"`
		// Flow answers the number; without one, inbound calls are refused.
		Flow                 *string `json:"Flow,omitempty"`
		CallOut              *bool   `json:"CallOut,omitempty"`
		CallOutSkillGroupIds []int64 `json:"CallOutSkillGroupIds,omitempty"` // none means all
		Remark               *string `json:"Remark,omitempty"`
		State                *int64  `json:"State,omitempty"` // 1 normal (default), 4 disabled by the administrator
	}
	// PutNumberRequest creates or replaces a number.
	PutNumberRequest struct {
		SdkAppId int64           `json:"SdkAppId" api:"required"`
		Number   *NumberSettings `json:"Number" api:"required"`
	}
	// PutNumberResponse answers PutNumber.
	PutNumberResponse struct{ Result }
	// DescribeNumberSettingsRequest asks for all numbers with the trunks and flows that DescribeNumbers leaves out.
	DescribeNumberSettingsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeNumberSettingsResponse answers DescribeNumberSettings.
	DescribeNumberSettingsResponse struct {
		Numbers []NumberSettings `json:"Numbers"`
		Result
	}
	// DeleteNumberRequest removes a number.
	DeleteNumberRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Number   string `json:"Number" api:"required"`
	}
	// DeleteNumberResponse answers DeleteNumber.
	DeleteNumberResponse struct{ Result }
)

type (
	// SkillGroupSettings are the behaviours of a skill group that UpdateCCCSkillGroup does not know.
	SkillGroupSettings struct {
		SkillGroupId       int64  `json:"SkillGroupId" api:"required"`
		RingTimeoutSecond  *int64 `json:"RingTimeoutSecond,omitempty"`  // of one agent
		WrapUpSecond       *int64 `json:"WrapUpSecond,omitempty"`       // after-call work; 0 is none
		QueueTimeoutSecond *int64 `json:"QueueTimeoutSecond,omitempty"` // when the flow says nothing; 0 is 600
		UsingLastSeat      *bool  `json:"UsingLastSeat,omitempty"`      // last agent first
	}
	// PutSkillGroupSettingsRequest changes the members that are given.
	PutSkillGroupSettingsRequest struct {
		SdkAppId int64               `json:"SdkAppId" api:"required"`
		Settings *SkillGroupSettings `json:"Settings" api:"required"`
	}
	// PutSkillGroupSettingsResponse answers PutSkillGroupSettings.
	PutSkillGroupSettingsResponse struct{ Result }
	// DescribeSkillGroupSettingsRequest asks for the settings of all groups.
	DescribeSkillGroupSettingsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeSkillGroupSettingsResponse answers DescribeSkillGroupSettings.
	DescribeSkillGroupSettingsResponse struct {
		Settings []SkillGroupSettings `json:"Settings"`
		Result
	}
)

type (
	// PublishFlowRequest publishes the next version of a flow. Calls that run keep the version they began with.
	PublishFlowRequest struct {
		SdkAppId   int64           `json:"SdkAppId" api:"required"`
		Name       string          `json:"Name" api:"required"`
		Definition json.RawMessage `json:"Definition" api:"required"` // a JSON object
	}
	// PublishFlowResponse answers PublishFlow.
	PublishFlowResponse struct {
		Version int64 `json:"Version"`
		Result
	}
	// FlowInfo is one published version of a flow.
	FlowInfo struct {
		Name            string          `json:"Name"`
		IVRId           int64           `json:"IVRId"` // what CreateIVRSession calls it
		Version         int64           `json:"Version"`
		CreateTimestamp int64           `json:"CreateTimestamp"`
		Definition      json.RawMessage `json:"Definition"`
	}
	// DescribeFlowsRequest asks for the newest version of every flow.
	DescribeFlowsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeFlowsResponse answers DescribeFlows.
	DescribeFlowsResponse struct {
		Flows []FlowInfo `json:"Flows"`
		Result
	}
	// DescribeFlowVersionsRequest asks for the versions of one flow, newest first.
	DescribeFlowVersionsRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		Name     string `json:"Name" api:"required"`
	}
	// DescribeFlowVersionsResponse answers DescribeFlowVersions.
	DescribeFlowVersionsResponse struct {
		Versions []FlowInfo `json:"Versions"`
		Result
	}
)

type (
	// TimelineStep is one line of a session's journal, made readable.
	TimelineStep struct {
		Seq         uint64          `json:"Seq"`
		TimestampMs int64           `json:"TimestampMs"`
		Event       string          `json:"Event"`    // what the call was told, "<package>.<Name>"
		Detail      json.RawMessage `json:"Detail"`   // the event's members
		Commands    []string        `json:"Commands"` // what the call wanted done because of it
		Text        string          `json:"Text"`     // the step as a sentence
	}
	// DescribeSessionTimelineRequest asks for everything that happened in one session, in order.
	DescribeSessionTimelineRequest struct {
		SdkAppId  int64  `json:"SdkAppId" api:"required"`
		SessionId string `json:"SessionId" api:"required"`
	}
	// DescribeSessionTimelineResponse answers DescribeSessionTimeline.
	DescribeSessionTimelineResponse struct {
		Steps []TimelineStep `json:"Steps"`
		Result
	}
)

type (
	// KeyInfo is a cloud API key without its secret.
	KeyInfo struct {
		SecretId        string `json:"SecretId"`
		Disabled        bool   `json:"Disabled"`
		CreateTimestamp int64  `json:"CreateTimestamp"`
	}
	// CreateKeyRequest makes a new key for the instance.
	CreateKeyRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// CreateKeyResponse answers CreateKey: the only time the secret is shown.
	CreateKeyResponse struct {
		SecretId  string `json:"SecretId"`
		SecretKey string `json:"SecretKey"`
		Result
	}
	// DescribeKeysRequest asks for the instance's keys.
	DescribeKeysRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeKeysResponse answers DescribeKeys.
	DescribeKeysResponse struct {
		Keys []KeyInfo `json:"Keys"`
		Result
	}
	// DisableKeyRequest switches a key off for good. The key that signs the request cannot be switched off.
	DisableKeyRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		SecretId string `json:"SecretId" api:"required"`
	}
	// DisableKeyResponse answers DisableKey.
	DisableKeyResponse struct{ Result }
)

type (
	// Alarm is trouble the operator should know of, such as a full disk.
	Alarm struct {
		Name          string `json:"Name"` // stable, for programs
		Message       string `json:"Message"`
		Count         int64  `json:"Count"`
		SinceTime     int64  `json:"SinceTime"`
		LastTime      int64  `json:"LastTime"`
		StillStanding bool   `json:"StillStanding"`
	}
	// DescribeAlarmsRequest asks for the instance's alarms, newest first.
	DescribeAlarmsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribeAlarmsResponse answers DescribeAlarms.
	DescribeAlarmsResponse struct {
		Alarms []Alarm `json:"Alarms"`
		Result
	}
)

// Instance implements Request.
func (r *PutTrunkRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeTrunksRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteTrunkRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutNumberRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeNumberSettingsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DeleteNumberRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutSkillGroupSettingsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeSkillGroupSettingsRequest) Instance() openseat.AppID {
	return openseat.AppID(r.SdkAppId)
}

// Instance implements Request.
func (r *PublishFlowRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeFlowsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeFlowVersionsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeSessionTimelineRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *CreateKeyRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeKeysRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DisableKeyRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeAlarmsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }
