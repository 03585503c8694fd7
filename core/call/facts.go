package call

import (
	"time"

	"openseat"
	"openseat/core/org"
)

// Direction of a call, by TCCC's numbers.
type Direction int

// The directions.
const (
	Inbound  Direction = 0
	Outbound Direction = 1
)

// CallType, by TCCC's numbers.
const (
	TypeOutbound = 1
	TypeInbound  = 2
	TypeInternal = 6
)

// HungUpSide values of a CDR.
const (
	SideUser   = "user"
	SideSeat   = "seat"
	SideSystem = "system"
)

// Facts is everything a finished call leaves behind; the CDR is one rendering of it. A zero time means "never happened".
type Facts struct {
	App       openseat.AppID `json:"app"`
	SessionID string         `json:"sessionId"`
	Direction Direction      `json:"direction"`
	CallType  int            `json:"callType"`
	Caller    string         `json:"caller"`
	Callee    string         `json:"callee"`
	Trunk     string         `json:"trunk"`

	StartAt  time.Time `json:"startAt"`
	QueuedAt time.Time `json:"queuedAt,omitzero"`
	RingAt   time.Time `json:"ringAt,omitzero"`
	AcceptAt time.Time `json:"acceptAt,omitzero"`
	EndAt    time.Time `json:"endAt"`

	QueuedGroup int64     `json:"queuedGroup,omitempty"`
	End         EndStatus `json:"end"`
	HungUpSide  string    `json:"hungUpSide"`
	Cause       Cause     `json:"cause"`

	Keys     []Key  `json:"keys,omitempty"`     // pressed in the flow
	PostKeys []Key  `json:"postKeys,omitempty"` // pressed in the satisfaction survey; Key "noInput" when nothing was
	Record   string `json:"record,omitempty"`   // RecordId of the customer's side
	UUI      string `json:"uui,omitempty"`
	Remark   string `json:"remark,omitempty"`
	// Location is where the customer's number belongs.
	Location org.Location  `json:"location,omitzero"`
	Serves   []Participant `json:"serves,omitempty"` // in order of Sequence
}

// Key is a key that the customer pressed in the flow.
type Key struct {
	Key   string    `json:"key"`
	Label string    `json:"label"`
	Node  string    `json:"node,omitempty"`
	At    time.Time `json:"at"`
}

// TypeOutside is the Participant.Type of an outside number that an agent brought in.
const TypeOutside = "outboundSeat"

// Participant is one agent's part in a call, or an outside party's.
type Participant struct {
	User     string    `json:"user"`
	Phone    string    `json:"phone,omitempty"` // of an outside party
	Type     string    `json:"type"`            // an acd.Seat, or TypeOutside
	Leg      string    `json:"leg"`
	Group    int64     `json:"group,omitempty"`
	Priority int       `json:"priority,omitempty"`
	Sequence int       `json:"sequence"`
	StartAt  time.Time `json:"startAt"`
	RingAt   time.Time `json:"ringAt,omitzero"`
	AcceptAt time.Time `json:"acceptAt,omitzero"`
	EndAt    time.Time `json:"endAt"`
	Record   string    `json:"record,omitempty"`
	End      EndStatus `json:"end"`
	Events   []Service `json:"events,omitempty"`
	// Consulted says that he was asked for help, and never had the customer to himself.
	Consulted bool `json:"consulted,omitempty"`
	// TransferFrom is who handed the customer over to this one, TransferTo who got him from this one: a UserID, or the number
	// of an outside party. Their types are Participant.Type.
	TransferFrom     string `json:"transferFrom,omitempty"`
	TransferFromType string `json:"transferFromType,omitempty"`
	TransferTo       string `json:"transferTo,omitempty"`
	TransferToType   string `json:"transferToType,omitempty"`
}

// Service is something an agent did in a call: StaffHold, StaffUnhold, StaffMute, StaffUnmute.
type Service struct {
	Type string    `json:"type"`
	At   time.Time `json:"at"`
}

// Recording is a finished recording.
type Recording struct {
	App       openseat.AppID `json:"app"`
	SessionID string         `json:"sessionId"`
	Record    string         `json:"record"` // RecordId
	// Kind is "record", or "voicemail" for a message left in the flow.
	Kind string `json:"kind"`
	// EndpointUser is who was recorded: the customer's number, or the agent's mail.
	EndpointUser string        `json:"endpointUser"`
	Blob         string        `json:"blob"`
	StartAt      time.Time     `json:"startAt"`
	Duration     time.Duration `json:"duration"`
	Size         int64         `json:"size"`
}
