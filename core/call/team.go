package call

import (
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/org"
)

// What agents and programs tell a call that more than one of them takes part in. All may come Asked; a refusal changes
// nothing.
type (
	// Transferred hands the customer on, to exactly one of a colleague (ToUser) and a group (ToGroup). The customer hears
	// music until somebody answers. To a colleague, the agent stays, in silence, until it is taken: if it is not, he and the
	// customer hear each other again. To a group, his part ends as soon as the group has somebody; if nobody takes the
	// customer, the agent is rung again, then his group.
	Transferred struct {
		User    string                    `json:"user"`
		ToUser  string                    `json:"toUser,omitempty"`
		ToGroup int64                     `json:"toGroup,omitempty"`
		Groups  map[int64]*org.SkillGroup `json:"groups,omitempty"` // ToGroup, when the call's plan may not know it
	}
	// TransferCancelled takes a transfer back that nobody has taken yet.
	TransferCancelled struct {
		User string `json:"user"`
	}
	// Invited brings a third party in, exactly one of a colleague, a group and an outside number. The customer is held
	// meanwhile, so the agent consults him first.
	Invited struct {
		User    string                    `json:"user"`
		ToUser  string                    `json:"toUser,omitempty"`
		ToGroup int64                     `json:"toGroup,omitempty"`
		Groups  map[int64]*org.SkillGroup `json:"groups,omitempty"`
		Wait    bool                      `json:"wait,omitempty"` // the SDK's allowQueue: wait in the group's queue
		// Phone in 0086… form; Trunk and Caller as in CallOut.
		Phone  string `json:"phone,omitempty"`
		Trunk  string `json:"trunk,omitempty"`
		Caller string `json:"caller,omitempty"`
	}
	// Reconnected takes a held member back: after a consultation all three talk. Empty Member is the customer.
	Reconnected struct {
		User   string `json:"user"`
		Member string `json:"member,omitempty"`
	}
	// Kicked removes a member from the call: a consulted colleague, an outside party, or one that still rings.
	Kicked struct {
		User   string `json:"user"`
		Member string `json:"member"`
	}
	// Monitored lets an administrator or inspector listen, or changes how he does. That he may is checked before.
	Monitored struct {
		User    string      `json:"user"`
		Conn    string      `json:"conn"`
		TabUUID string      `json:"tabUUID,omitempty"`
		Mode    MonitorMode `json:"mode"`
	}
	// Intercepted puts the monitoring User in the place of the monitored agents.
	Intercepted struct {
		User string `json:"user"`
	}
	// CallIn begins an internal call, from one agent to another.
	CallIn struct {
		Plan    Plan     `json:"plan"`
		User    string   `json:"user"`
		Conn    string   `json:"conn,omitempty"`
		TabUUID string   `json:"tabUUID,omitempty"`
		Seat    acd.Seat `json:"seat,omitempty"` // the caller's; empty = where he is reached
		AtDoor  bool     `json:"atDoor,omitempty"`
		ToUser  string   `json:"toUser"`
		Mobile  bool     `json:"mobile,omitempty"` // ring the colleague's mobile phone
		// Caller is a number of the instance's, shown on a mobile phone that is rung; empty = any.
		Caller string `json:"caller,omitempty"`
	}
	// SeatMoved says that another page of the agent carries his sound now.
	SeatMoved struct {
		User    string `json:"user"`
		Conn    string `json:"conn"`
		TabUUID string `json:"tabUUID,omitempty"`
	}
)

// What a call wants from the lines.
type (
	// Hear says who hears whom, of all legs: each listener with those he hears, in order. Who is not named hears nobody. A leg
	// that begins to hear somebody is not played to any more; one that stops may be.
	Hear struct {
		Legs map[string][]string `json:"legs"`
	}
	// RingSeat rings an agent's SIP phone (acd.SeatExtension) or mobile phone (acd.SeatMobile). LegRinging, LegAnswered or
	// LegEnded follow. Caller is the number to show, Name what a telephone's screen may show beside it.
	RingSeat struct {
		Leg     string        `json:"leg"`
		User    string        `json:"user"`
		Seat    acd.Seat      `json:"seat"`
		Caller  string        `json:"caller"`
		Name    string        `json:"name,omitempty"`
		Timeout time.Duration `json:"timeout"`
	}
)

// MonitorMode is how a supervisor takes part.
type MonitorMode string

// The modes. Nobody hears who listens; only the agents hear who whispers; everybody hears who barges in. Who reads only sees
// the text and has no sound.
const (
	Listen  MonitorMode = "listen"
	Whisper MonitorMode = "whisper"
	Barge   MonitorMode = "barge"
	Read    MonitorMode = "text"
)

// Member is one party of a call as the others' screens show it.
type Member struct {
	ID    string `json:"memberId"` // its leg
	Type  string `json:"type"`     // customer, agent, phone, monitor
	User  string `json:"userId,omitempty"`
	Phone string `json:"phoneNumber,omitempty"`
	// State is queued (a group is asked), ringing, talking, held or left.
	State string      `json:"state"`
	Mode  MonitorMode `json:"mode,omitempty"`
	Group int64       `json:"skillGroupId,omitempty"`
}

// EventName implements openseat.Event.
func (Transferred) EventName() string { return "call.Transferred" }

// EventName implements openseat.Event.
func (TransferCancelled) EventName() string { return "call.TransferCancelled" }

// EventName implements openseat.Event.
func (Invited) EventName() string { return "call.Invited" }

// EventName implements openseat.Event.
func (Reconnected) EventName() string { return "call.Reconnected" }

// EventName implements openseat.Event.
func (Kicked) EventName() string { return "call.Kicked" }

// EventName implements openseat.Event.
func (Monitored) EventName() string { return "call.Monitored" }

// EventName implements openseat.Event.
func (Intercepted) EventName() string { return "call.Intercepted" }

// EventName implements openseat.Event.
func (CallIn) EventName() string { return "call.CallIn" }

// EventName implements openseat.Event.
func (SeatMoved) EventName() string { return "call.SeatMoved" }

// CommandName implements openseat.Command.
func (Hear) CommandName() string { return "call.Hear" }

// CommandName implements openseat.Command.
func (RingSeat) CommandName() string { return "call.RingSeat" }

// teamWords are this file's share of Words.
func teamWords() ([]openseat.Event, []openseat.Command) {
	return []openseat.Event{
		Transferred{}, TransferCancelled{}, Invited{}, Reconnected{}, Kicked{}, Monitored{}, Intercepted{}, CallIn{}, SeatMoved{},
	}, []openseat.Command{Hear{}, RingSeat{}}
}
