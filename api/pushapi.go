package api

import (
	"encoding/json"

	"openseat"
)

// The states of a push delivery.
const (
	DeliveryPending   = "pending"   // not taken yet; it is tried again
	DeliveryDelivered = "delivered" // the receiver answered ErrCode 0
	DeliveryFailed    = "failed"    // given up after the last retry; can be replayed
)

type (
	// PushSettings says where an instance's data goes.
	PushSettings struct {
		Url      string  `json:"Url" api:"required"` // http or https; empty switches the push off
		AuthType *string `json:"AuthType,omitempty"` // none (default), basic, oauth2
		Username *string `json:"Username,omitempty"`
		// Password and ClientSecret are taken by PutPushSettings and never answered; left out, the old ones stay.
		Password     *string `json:"Password,omitempty"`
		TokenURL     *string `json:"TokenURL,omitempty"`
		ClientId     *string `json:"ClientId,omitempty"`
		ClientSecret *string `json:"ClientSecret,omitempty"`
		CDR          *bool   `json:"CDR,omitempty"`
		Record       *bool   `json:"Record,omitempty"`
		Voicemail    *bool   `json:"Voicemail,omitempty"`
	}
	// PutPushSettingsRequest replaces the push settings.
	PutPushSettingsRequest struct {
		SdkAppId int64         `json:"SdkAppId" api:"required"`
		Settings *PushSettings `json:"Settings" api:"required"`
	}
	// PutPushSettingsResponse answers PutPushSettings.
	PutPushSettingsResponse struct{ Result }
	// DescribePushSettingsRequest asks for the push settings.
	DescribePushSettingsRequest struct {
		SdkAppId int64 `json:"SdkAppId" api:"required"`
	}
	// DescribePushSettingsResponse answers DescribePushSettings.
	DescribePushSettingsResponse struct {
		Settings *PushSettings `json:"Settings"`
		Result
	}
	// PushDelivery is one push and what became of it.
	PushDelivery struct {
		UUID                 string          `json:"UUID"` // the X-TCCC-PUSH-UUID
		SessionId            string          `json:"SessionId"`
		Action               string          `json:"Action"` // cdr, record, voicemail
		Status               string          `json:"Status"` // pending, delivered, failed
		Attempts             int64           `json:"Attempts"`
		HTTPStatus           int64           `json:"HTTPStatus"` // of the last attempt; 0 when there was no answer
		LastError            string          `json:"LastError"`
		CreateTimestamp      int64           `json:"CreateTimestamp"`
		LastAttemptTimestamp int64           `json:"LastAttemptTimestamp"`
		Payload              json.RawMessage `json:"Payload"`
	}
	// DescribePushDeliveriesRequest asks for pushes, newest first.
	DescribePushDeliveriesRequest struct {
		SdkAppId   int64   `json:"SdkAppId" api:"required"`
		PageSize   int64   `json:"PageSize" api:"required"`   // at most 100
		PageNumber int64   `json:"PageNumber" api:"required"` // from 0
		Status     *string `json:"Status,omitempty"`
		SessionId  *string `json:"SessionId,omitempty"`
	}
	// DescribePushDeliveriesResponse answers DescribePushDeliveries.
	DescribePushDeliveriesResponse struct {
		TotalCount int64          `json:"TotalCount"`
		Deliveries []PushDelivery `json:"Deliveries"`
		Result
	}
	// ReplayPushDeliveryRequest sends a failed push again, under the same UUID.
	ReplayPushDeliveryRequest struct {
		SdkAppId int64  `json:"SdkAppId" api:"required"`
		UUID     string `json:"UUID" api:"required"`
	}
	// ReplayPushDeliveryResponse answers ReplayPushDelivery.
	ReplayPushDeliveryResponse struct{ Result }
)

// Instance implements Request.
func (r *PutPushSettingsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribePushSettingsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribePushDeliveriesRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *ReplayPushDeliveryRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }
