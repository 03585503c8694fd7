package api

import "openseat"

type (
	// SeatSettings say where a member of staff is rung and calls out.
	SeatSettings struct {
		StaffEmail string `json:"StaffEmail" api:"required"`
		// ServerType is staffSeat (the page) or staffExtensionSeat (his SIP phone, while it is registered).
		ServerType *string `json:"ServerType,omitempty"`
		// UseMobileAccept says when his mobile phone rings instead: 0 never, 1 while he is offline, 2 always.
		UseMobileAccept  *int64 `json:"UseMobileAccept,omitempty"`
		UseMobileCallOut *bool  `json:"UseMobileCallOut,omitempty"` // his call-outs ring his mobile phone first
	}
	// PutSeatSettingsRequest changes the members that are given. A mobile phone needs the account's Phone.
	PutSeatSettingsRequest struct {
		SdkAppId int64         `json:"SdkAppId" api:"required"`
		Settings *SeatSettings `json:"Settings" api:"required"`
	}
	// PutSeatSettingsResponse answers PutSeatSettings.
	PutSeatSettingsResponse struct{ Result }
	// DescribeSeatSettingsRequest asks for the seats of these members of staff, or of all.
	DescribeSeatSettingsRequest struct {
		SdkAppId  int64    `json:"SdkAppId" api:"required"`
		StaffList []string `json:"StaffList,omitempty"`
	}
	// DescribeSeatSettingsResponse answers DescribeSeatSettings.
	DescribeSeatSettingsResponse struct {
		Settings []SeatSettings `json:"Settings"`
		Result
	}
)

type (
	// Contact is what is known of a telephone number.
	Contact struct {
		Number          string `json:"Number"` // 0086… form
		Name            string `json:"Name"`
		Remark          string `json:"Remark"`
		ModifiedBy      string `json:"ModifiedBy"`
		ModifyTimestamp int64  `json:"ModifyTimestamp"`
	}
	// PutContactRequest keeps a name and a remark for a number; without both it is forgotten.
	PutContactRequest struct {
		SdkAppId int64   `json:"SdkAppId" api:"required"`
		Number   string  `json:"Number" api:"required"`
		Name     *string `json:"Name,omitempty"`
		Remark   *string `json:"Remark,omitempty"`
	}
	// PutContactResponse answers PutContact.
	PutContactResponse struct{ Result }
	// DescribeContactsRequest asks for contacts, page by page (at most 100), whose number, name or remark holds KeyWord.
	DescribeContactsRequest struct {
		SdkAppId   int64   `json:"SdkAppId" api:"required"`
		PageSize   int64   `json:"PageSize" api:"required"`
		PageNumber int64   `json:"PageNumber" api:"required"`
		KeyWord    *string `json:"KeyWord,omitempty"`
	}
	// DescribeContactsResponse answers DescribeContacts.
	DescribeContactsResponse struct {
		TotalCount int64     `json:"TotalCount"`
		Contacts   []Contact `json:"Contacts"`
		Result
	}
)

type (
	// ServiceNote is what an agent wrote down after a call.
	ServiceNote struct {
		SessionId       string `json:"SessionId"`
		StaffEmail      string `json:"StaffEmail"`
		Category        string `json:"Category"`
		Resolved        bool   `json:"Resolved"`
		Text            string `json:"Text"`
		ModifyTimestamp int64  `json:"ModifyTimestamp"`
	}
	// DescribeServiceNotesRequest asks for service notes, newest first, page by page (at most 100). The times are of the last
	// change, ends included.
	DescribeServiceNotesRequest struct {
		SdkAppId       int64    `json:"SdkAppId" api:"required"`
		PageSize       int64    `json:"PageSize" api:"required"`
		PageNumber     int64    `json:"PageNumber" api:"required"`
		StartTimestamp *int64   `json:"StartTimestamp,omitempty"`
		EndTimestamp   *int64   `json:"EndTimestamp,omitempty"`
		SessionIds     []string `json:"SessionIds,omitempty"` // at most 100
		StaffEmail     *string  `json:"StaffEmail,omitempty"`
		Category       *string  `json:"Category,omitempty"`
	}
	// DescribeServiceNotesResponse answers DescribeServiceNotes.
	DescribeServiceNotesResponse struct {
		TotalCount int64         `json:"TotalCount"`
		Notes      []ServiceNote `json:"Notes"`
		Result
	}
)

// Instance implements Request.
func (r *PutSeatSettingsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeSeatSettingsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *PutContactRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeContactsRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }

// Instance implements Request.
func (r *DescribeServiceNotesRequest) Instance() openseat.AppID { return openseat.AppID(r.SdkAppId) }
