package acd

import (
	"time"

	"openseat"
)

// Status is what an agent is doing, by the names of the agent SDK, plus StatusOffline.
type Status string

// The agent states. Only a free agent is offered work.
const (
	StatusOffline  Status = "offline"
	StatusFree     Status = "free"
	StatusBusy     Status = "busy"     // has work; cannot be changed until it ends
	StatusArrange  Status = "arrange"  // after-call work
	StatusNotReady Status = "notReady" // not offered work, still reachable by colleagues
	StatusRest     Status = "rest"
)

// Seat is the device an agent talks on, by the server types of the SDK.
type Seat string

// The seats.
const (
	SeatWeb       Seat = "staffSeat"
	SeatMobile    Seat = "staffPhoneSeat"
	SeatExtension Seat = "staffExtensionSeat"
)

// MobileAccept says when an agent's mobile phone rings in his place, by the numbers of UseMobileAccept.
type MobileAccept int

// The modes. MobileOffline means: when no page (and no SIP phone he signed in with) of his is there.
const (
	MobileOff     MobileAccept = 0
	MobileOffline MobileAccept = 1
	MobileAlways  MobileAccept = 2
)

// GroupPlan and AgentPlan are what the board knows of the instance's set-up.
type (
	GroupPlan struct {
		ID          int64 `json:"id"`
		RingAll     bool  `json:"ringAll,omitempty"`
		UseLastSeat bool  `json:"useLastSeat,omitempty"`
	}
	AgentPlan struct {
		User string `json:"user"`
		// Groups maps the skill groups served to the agent's priority there: 1 (highest) … 5.
		Groups map[int64]int `json:"groups"`
		// Seat is where he wants to be rung while several are there: SeatWeb (empty too) or SeatExtension.
		Seat Seat `json:"seat,omitempty"`
		// Mobile is MobileOff for who has no mobile phone.
		Mobile MobileAccept `json:"mobile,omitempty"`
	}
)

// The events a board is told.
type (
	// Configured replaces the board's knowledge of groups and agents. Agents not in it go offline once their work ends.
	Configured struct {
		Groups       []GroupPlan   `json:"groups"`
		Agents       []AgentPlan   `json:"agents"`
		OnlineStatus Status        `json:"onlineStatus,omitempty"` // after sign-in; empty = free
		PresenceWait time.Duration `json:"presenceWait,omitempty"` // from ConnLost to offline; 0 = 10 s
		OfferWait    time.Duration `json:"offerWait,omitempty"`    // safety deadline of an offer the call never settles; 0 = 120 s
	}
	// SignedIn says a page (Conn) of the agent is connected. A Conn other than the known one replaces it (the caller kicks
	// the old page out). An agent who was merely lost (ConnLost) gets the old status back.
	SignedIn struct {
		User string `json:"user"`
		Conn string `json:"conn"`
	}
	// SignedOut is a deliberate sign-out, or an administrator's. Work goes on; the agent is offline once it ends.
	SignedOut struct {
		User string `json:"user"`
	}
	// ConnLost says the page is gone. Ignored when Conn is not the agent's present one. The agent is not offered work
	// meanwhile, and is offline after PresenceWait.
	ConnLost struct {
		User string `json:"user"`
		Conn string `json:"conn"`
	}
	// PhoneUp says the agent's SIP phone is registered, PhoneDown that it is not any more. Tell PhoneUp again after Configured
	// and after the board's node died; told twice it changes nothing. A phone alone signs nobody in: its agent is offline until
	// his page connects, or StatusSet brings him to work. Then, and when he prefers the phone (AgentPlan.Seat), he stays online
	// without a page as long as it is there, and PresenceWait longer.
	PhoneUp struct {
		User string `json:"user"`
	}
	// PhoneDown is the opposite of PhoneUp.
	PhoneDown struct {
		User string `json:"user"`
	}
	// StatusSet asks for free, notReady, rest or arrange; asked while busy it is reserved and takes effect afterwards. Who is
	// offline can be set only while his SIP phone is there, and not to arrange.
	// Answered by Reply when Asked.
	StatusSet struct {
		User   string `json:"user"`
		Status Status `json:"status"`
		Reason string `json:"reason,omitempty"`
		By     string `json:"by,omitempty"` // who asked, when not the agent
	}
	// Enqueued puts work into a group's queue. Told again for work that waits already, it changes nothing.
	Enqueued struct {
		Work     openseat.Ref `json:"work"`
		Group    int64        `json:"group"`
		Priority int          `json:"priority"` // smaller goes first
		Since    time.Time    `json:"since"`    // waiting since; kept when work comes back after a ring time-out
		Last     string       `json:"last,omitempty"`
		// Skip are agents that this work is not offered to again unless there is nobody else.
		Skip []string `json:"skip,omitempty"`
		// NoWait is for who will not wait: when nobody is free now, AllBusy is told and the work does not enter the queue.
		NoWait bool `json:"noWait,omitempty"`
	}
	// Withdrawn takes work out: the customer left, or was answered. An offer under way is taken back.
	Withdrawn struct {
		Work openseat.Ref `json:"work"`
	}
	// OfferTaken says the agent answered: the agent is busy, the work leaves the queue.
	OfferTaken struct {
		Work openseat.Ref `json:"work"`
		User string       `json:"user"`
	}
	// OfferMissed says the agent did not take it. After "timeout" and "unreachable" the agent is notReady, after any other
	// reason ("rejected") what he was; but who misses the same work a second time is notReady too, so that a page that
	// rejects by itself is not rung for ever. The work is back in the queue (if it still waits) with its age, and this agent
	// is its last choice. Who is offline and did not take it on his mobile phone is left alone for a minute.
	OfferMissed struct {
		Work   openseat.Ref `json:"work"`
		User   string       `json:"user"`
		Reason string       `json:"reason"`
	}
	// Occupied asks for an agent by name: a call-out, an internal call, a transfer. The board answers the work with
	// Granted or Refused. An agent may dial himself in every status but busy and offline; somebody else (By) reaches him
	// only when he is free or notReady, and connected.
	Occupied struct {
		Work openseat.Ref `json:"work"`
		User string       `json:"user"`
		By   string       `json:"by,omitempty"` // who asks for him, when not the agent himself
		// Seat asks for him on this device; empty = where he is reached. He may be offline for a telephone: for SeatMobile,
		// for SeatExtension while it is registered or when the call is his own, and for a colleague who does not mind which.
		Seat Seat `json:"seat,omitempty"`
		// Return asks for an agent whose own transfer failed: after-call work does not keep him from it.
		Return bool `json:"return,omitempty"`
	}
	// Released says the agent is through with the work; WrapUp of after-call work follows if it is above zero.
	Released struct {
		Work   openseat.Ref  `json:"work"`
		User   string        `json:"user"`
		WrapUp time.Duration `json:"wrapUp,omitempty"`
	}
)

// The events a board tells the work's thing (by openseat.Tell).
type (
	// Offered gives the work to an agent: ring him now, and answer with OfferTaken or OfferMissed. Told again for the same
	// offer, with another Conn, when the agent's page came back (reload) while it rang: ring there instead.
	Offered struct {
		User     string `json:"user"`
		Group    int64  `json:"group"`
		Priority int    `json:"priority"` // the agent's in the group
		Conn     string `json:"conn"`
		Seat     Seat   `json:"seat,omitempty"` // the device to ring; empty = SeatWeb
	}
	// OfferRevoked takes an offer back (the agent vanished, or another agent of a ring-all offer was quicker). It is also
	// the answer to an OfferTaken that came too late: the agent is not bound to the work.
	OfferRevoked struct {
		User   string `json:"user"`
		Reason string `json:"reason"` // "gone", "taken"
	}
	// NobodyOnline says that every agent of the group is offline or on a rest, or that the group is not there (any more);
	// the work has left the queue. It is also the last word to work that left three offers in a row unsettled.
	NobodyOnline struct {
		Group int64 `json:"group"`
	}
	// AllBusy answers an Enqueued with NoWait: agents of the group are online, and none is free.
	AllBusy struct {
		Group int64 `json:"group"`
	}
	// Position is the work's place in the queue, 1 is next. Told when it waits and whenever asked by PositionWanted.
	Position struct {
		Place int `json:"place"`
	}
	// Granted answers Occupied: the agent is busy with this work.
	Granted struct {
		User string `json:"user"`
		Conn string `json:"conn"`
		Seat Seat   `json:"seat,omitempty"` // the device to use; empty = SeatWeb
	}
	// Refused answers Occupied; Code is openseat.CodeSeatBusy or openseat.CodeStateNotAllowed.
	Refused struct {
		User string `json:"user"`
		Code string `json:"code"`
	}
	// AgentGone says that the agent who has this work went offline for good (presence lost).
	AgentGone struct {
		User string `json:"user"`
	}
	// HoldWanted asks the work, after the board's node died, whether what the board remembers still is so: that it has this
	// agent or is being offered to him, or (User empty) that it waits. Answer with Held, or with what has become of it; work
	// that says nothing for 15 s is given up.
	HoldWanted struct {
		User string `json:"user,omitempty"`
	}
	// PositionWanted asks for Position. Work that is being offered is told 1. When Asked, Position is the Reply's value too.
	PositionWanted struct {
		Work openseat.Ref `json:"work"`
	}
	// Held answers HoldWanted: the work still has this agent, or is being offered to him, or (User empty) still waits.
	Held struct {
		Work openseat.Ref `json:"work"`
		User string       `json:"user,omitempty"`
	}
	// Overview asks, as an Asked event, for a Wallboard.
	Overview struct {
		Users []string `json:"users,omitempty"` // only these agents; empty = all, page by page
		After string   `json:"after,omitempty"` // only agents whose name sorts after this one
		Limit int      `json:"limit,omitempty"` // at most so many agents; 0 and what is above 1000 = 1000
	}
)

// AgentChanged is the board's only command besides Tell, timers and Reply: nobody does it, everybody reads it (screens,
// status history, metrics). It is given for every change of status, and when Reserved or Until change (Before is then
// equal to Status).
type AgentChanged struct {
	User   string `json:"user"`
	Status Status `json:"status"`
	Reason string `json:"reason,omitempty"`
	// Reserved is the status that follows once the work ends, if one was asked for.
	// StatusOffline here means that the agent has left while at work.
	Reserved Status         `json:"reserved,omitempty"`
	Since    time.Time      `json:"since"`
	Until    time.Time      `json:"until,omitzero"` // end of after-call work
	Work     []openseat.Ref `json:"work,omitempty"`
	Before   Status         `json:"before"`
	By       string         `json:"by,omitempty"`
}

// CommandName implements openseat.Command.
func (AgentChanged) CommandName() string { return "acd.AgentChanged" }

// EventName implements openseat.Event.
func (Configured) EventName() string { return "acd.Configured" }

// EventName implements openseat.Event.
func (SignedIn) EventName() string { return "acd.SignedIn" }

// EventName implements openseat.Event.
func (SignedOut) EventName() string { return "acd.SignedOut" }

// EventName implements openseat.Event.
func (ConnLost) EventName() string { return "acd.ConnLost" }

// EventName implements openseat.Event.
func (StatusSet) EventName() string { return "acd.StatusSet" }

// EventName implements openseat.Event.
func (Enqueued) EventName() string { return "acd.Enqueued" }

// EventName implements openseat.Event.
func (Withdrawn) EventName() string { return "acd.Withdrawn" }

// EventName implements openseat.Event.
func (OfferTaken) EventName() string { return "acd.OfferTaken" }

// EventName implements openseat.Event.
func (OfferMissed) EventName() string { return "acd.OfferMissed" }

// EventName implements openseat.Event.
func (Occupied) EventName() string { return "acd.Occupied" }

// EventName implements openseat.Event.
func (Released) EventName() string { return "acd.Released" }

// EventName implements openseat.Event.
func (Offered) EventName() string { return "acd.Offered" }

// EventName implements openseat.Event.
func (OfferRevoked) EventName() string { return "acd.OfferRevoked" }

// EventName implements openseat.Event.
func (NobodyOnline) EventName() string { return "acd.NobodyOnline" }

// EventName implements openseat.Event.
func (Position) EventName() string { return "acd.Position" }

// EventName implements openseat.Event.
func (Granted) EventName() string { return "acd.Granted" }

// EventName implements openseat.Event.
func (Refused) EventName() string { return "acd.Refused" }

// EventName implements openseat.Event.
func (AgentGone) EventName() string { return "acd.AgentGone" }

// EventName implements openseat.Event.
func (PositionWanted) EventName() string { return "acd.PositionWanted" }

// EventName implements openseat.Event.
func (HoldWanted) EventName() string { return "acd.HoldWanted" }

// EventName implements openseat.Event.
func (Held) EventName() string { return "acd.Held" }

// EventName implements openseat.Event.
func (Overview) EventName() string { return "acd.Overview" }

// Question implements live.Question: it changes nothing.
func (Overview) Question() {}

// EventName implements openseat.Event.
func (PhoneUp) EventName() string { return "acd.PhoneUp" }

// EventName implements openseat.Event.
func (PhoneDown) EventName() string { return "acd.PhoneDown" }

// EventName implements openseat.Event.
func (AllBusy) EventName() string { return "acd.AllBusy" }

// Words lists the package's events and commands for a codec.
func Words() ([]openseat.Event, []openseat.Command) {
	return []openseat.Event{
		Configured{}, SignedIn{}, SignedOut{}, ConnLost{}, StatusSet{}, Enqueued{}, Withdrawn{}, OfferTaken{}, OfferMissed{},
		Occupied{}, Released{}, Offered{}, OfferRevoked{}, NobodyOnline{}, Position{}, Granted{}, Refused{}, AgentGone{}, PositionWanted{},
		HoldWanted{}, Held{}, Overview{}, PhoneUp{}, PhoneDown{}, AllBusy{},
	}, []openseat.Command{AgentChanged{}}
}
