package api

// The actions of the data push, told by the query parameter "action"; all go with "version=1" but the voicemail, which has none.
const (
	PushCDR       = "cdr"
	PushRecord    = "record"
	PushVoicemail = "voicemail"
)

// PushUUIDHeader names one push; a retry carries the same value.
const PushUUIDHeader = "X-TCCC-PUSH-UUID"

type (
	// CDRPush is the body of the push "cdr": one call, seen from the customer. Empty lists and missing objects are null.
	CDRPush struct {
		SessionId       string        `json:"SessionId"`
		Caller          string        `json:"Caller"`
		Callee          string        `json:"Callee"`
		Direction       int64         `json:"Direction"`
		CallType        int64         `json:"CallType"`
		Duration        int64         `json:"Duration"`
		SeatUser        *PushSeatUser `json:"SeatUser"`
		CallerLocation  string        `json:"CallerLocation"`
		IVRDuration     int64         `json:"IVRDuration"`
		RingTimestamp   int64         `json:"RingTimestamp"`
		AcceptTimestamp int64         `json:"AcceptTimestamp"`
		EndedTimestamp  int64         `json:"EndedTimestamp"`
		IVRKeyPressed   []string      `json:"IVRKeyPressed"`
		IVRKeyPressedEx []PushKey     `json:"IVRKeyPressedEx"`
		HungUpSide      string        `json:"HungUpSide"`

		ServeParticipants []PushParticipant `json:"ServeParticipants"`
		EndStatusString   string            `json:"EndStatusString"`
		// StartTimestamp is the name in the manual's table, StartTimeStamp that in its sample: both are sent.
		StartTimestamp       int64         `json:"StartTimestamp"`
		StartTimeStamp       int64         `json:"StartTimeStamp"`
		QueuedTimestamp      int64         `json:"QueuedTimestamp"`
		PostIVRKeyPressed    []PushKey     `json:"PostIVRKeyPressed"`
		QueuedSkillGroupId   int64         `json:"QueuedSkillGroupId"`
		QueuedSkillGroupName string        `json:"QueuedSkillGroupName"`
		SdkAppId             int64         `json:"SdkAppId"`
		RecordId             string        `json:"RecordId"`
		UserRemark           string        `json:"UserRemark"`
		Uui                  string        `json:"Uui"`
		TelLocation          *PushLocation `json:"TelLocation"`
	}
	// PushKey is a key pressed in a flow.
	PushKey struct {
		Key   string `json:"Key"`
		Label string `json:"Label"`
	}
	// PushSeatUser is the agent of a CDR, the last one after a transfer.
	PushSeatUser struct {
		Mail               string   `json:"Mail"`
		Name               string   `json:"Name"`
		Nick               string   `json:"Nick"`
		Phone              string   `json:"Phone"`
		UserId             string   `json:"UserId"`
		StaffNumber        string   `json:"StaffNumber"`
		SkillGroupNameList []string `json:"SkillGroupNameList"`
	}
	// PushParticipant is one agent's part in a call.
	PushParticipant struct {
		Mail               string `json:"Mail"`
		Phone              string `json:"Phone"`
		RingTimestamp      int64  `json:"RingTimestamp"`
		AcceptTimestamp    int64  `json:"AcceptTimestamp"`
		EndedTimestamp     int64  `json:"EndedTimestamp"`
		RecordId           string `json:"RecordId"`
		Type               string `json:"Type"`
		TransferFrom       string `json:"TransferFrom"`
		TransferFromType   string `json:"TransferFromType"`
		TransferTo         string `json:"TransferTo"`
		TransferToType     string `json:"TransferToType"`
		SkillGroupId       int64  `json:"SkillGroupId"`
		EndStatusString    string `json:"EndStatusString"`
		Sequence           int64  `json:"Sequence"`
		StartTimeStamp     int64  `json:"StartTimeStamp"`
		SkillGroupName     string `json:"SkillGroupName"`
		SkillGroupPriority int64  `json:"SkillGroupPriority"`
	}
	// PushLocation says where the customer's number belongs.
	PushLocation struct {
		TelNumber string `json:"TelNumber"`
		Country   string `json:"Country"`
		Province  string `json:"Province"`
		City      string `json:"City"`
		Operator  string `json:"Operator"`
	}
	// RecordPush is the body of the push "record": one side's recording of a call.
	RecordPush struct {
		SdkAppId     int64  `json:"SdkAppId"`
		RecordId     string `json:"RecordId"`
		SessionId    string `json:"SessionId"`
		Timestamp    int64  `json:"Timestamp"`
		EndpointUser string `json:"EndpointUser"` // the customer's number, or the agent's mail address
		RecordURL    string `json:"RecordURL"`
		// CustomRecordURL is where the recording was copied to; null when nothing copies it.
		CustomRecordURL *string `json:"CustomRecordURL"`
	}
	// VoicemailPush is the body of the push "voicemail": a message left in the flow.
	VoicemailPush struct {
		SdkAppId     int64  `json:"SdkAppId"`
		SessionId    string `json:"SessionId"`
		Timestamp    int64  `json:"Timestamp"`
		RecordURL    string `json:"RecordURL"`
		EndpointUser string `json:"EndpointUser"`
	}
	// PushReply is what the receiver answers: taken when ErrCode is 0.
	PushReply struct {
		ErrCode int64  `json:"ErrCode"`
		ErrMsg  string `json:"ErrMsg"`
	}
)
