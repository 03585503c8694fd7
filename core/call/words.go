package call

import (
	"encoding/json"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/flow"
	"openseat/core/org"
)

// CustomerLeg is the leg ID of the customer; agents' legs are "a1", "a2", … in the order they were rung.
const CustomerLeg = "c"

// Cause says why a leg ended, in the terms of the line.
type Cause struct {
	// SIP is the final status of RFC 3261 (486, 603 …); 200 for a normal BYE, 487 for a CANCEL, 0 when nothing was said.
	SIP int `json:"sip,omitempty"`
	// Q850 is the cause of a Reason header (RFC 3326), 0 when absent.
	Q850 int    `json:"q850,omitempty"`
	Text string `json:"text,omitempty"`
	// ByPeer tells the far end's doing from ours.
	ByPeer bool `json:"byPeer,omitempty"`
	// Voicemail says the callee's line announced that a mailbox answered.
	Voicemail bool `json:"voicemail,omitempty"`
}

// Plan is what a call needs to know of its instance; it travels in the first event, so that the call never looks anything up
// and a change of set-up never disturbs a running call.
type Plan struct {
	App    openseat.AppID            `json:"app"`
	Flow   json.RawMessage           `json:"flow,omitempty"` // core/flow definition; inbound only
	Groups map[int64]*org.SkillGroup `json:"groups,omitempty"`
	// Vars are values that the flow begins with; Schedules and Flows (sub-flows) what it refers to by name.
	Vars      map[string]string           `json:"vars,omitempty"`
	Schedules map[string]*flow.Schedule   `json:"schedules,omitempty"`
	Flows     map[string]*flow.Definition `json:"flows,omitempty"`
	// Helpers says which of the flow's far steps somebody does: who is not there fails at once.
	Helpers Helpers `json:"helpers,omitzero"`
	// MediaLossGrace is how long a call waits for an agent's page that went away.
	MediaLossGrace time.Duration `json:"mediaLossGrace,omitempty"`
	MaxDuration    time.Duration `json:"maxDuration,omitempty"` // zero = 4 h
}

// What the lines tell a call.
type (
	// Arrived begins an inbound call; its customer leg is CustomerLeg and nothing has been answered yet.
	Arrived struct {
		Plan   Plan   `json:"plan"`
		Trunk  string `json:"trunk"`
		Caller string `json:"caller"` // 0086… form
		Callee string `json:"callee"` // 0086… form, one of the instance's numbers
		// Location is where the caller's number belongs, Remark what the company's people noted of it.
		Location org.Location `json:"location,omitzero"`
		Remark   string       `json:"remark,omitempty"`
		// Interface is the address of the company's server that is asked, while it rings, who answers; empty = the plan's flow.
		Interface string `json:"interface,omitempty"`
		// IVRID is the number of the plan's flow (FlowID).
		IVRID int64 `json:"ivrId,omitempty"`
		// LastAgent is who talked with this caller last; groups that want it try him first.
		LastAgent string `json:"lastAgent,omitempty"`
	}
	// LegRinging says a leg we dialed rings (180).
	LegRinging struct {
		Leg string `json:"leg"`
	}
	// LegProgress says a leg we dialed sends early media (183).
	LegProgress struct {
		Leg string `json:"leg"`
	}
	// LegAnswered says the leg can talk: our 200 was acknowledged, the far end answered, or an agent's media is up.
	LegAnswered struct {
		Leg       string `json:"leg"`
		Voicemail bool   `json:"voicemail,omitempty"`
	}
	// LegEnded says the leg is gone, whoever ended it.
	LegEnded struct {
		Leg   string `json:"leg"`
		Cause Cause  `json:"cause"`
	}
	// LegHeld says the far end put us on hold, or took us back, by re-INVITE.
	LegHeld struct {
		Leg string `json:"leg"`
		On  bool   `json:"on"`
	}
	// Digit is one DTMF digit from a leg: 0-9, *, #, A-D.
	Digit struct {
		Leg   string `json:"leg"`
		Digit string `json:"digit"`
	}
	// PlayEnded says a Play came to its end by itself.
	PlayEnded struct {
		Leg  string `json:"leg"`
		Play string `json:"play"`
	}
	// PlayFailed says a Play could not be played (no such audio, no speech engine); the call goes on without.
	PlayFailed struct {
		Leg    string `json:"leg"`
		Play   string `json:"play"`
		Reason string `json:"reason"`
	}
	// MediaLost says nothing has been heard from the leg for some seconds though it should talk; MediaBack, that it is back.
	MediaLost struct {
		Leg string `json:"leg"`
	}
	// MediaBack is the opposite of MediaLost, and of an agent page's reload.
	MediaBack struct {
		Leg string `json:"leg"`
	}
	// RecordingReady says a recording is in the blob store.
	RecordingReady struct {
		Record   string        `json:"record"`
		Blob     string        `json:"blob"`
		Duration time.Duration `json:"duration"`
		Size     int64         `json:"size"`
	}
	// RecordingFailed says a recording is lost for good.
	RecordingFailed struct {
		Record string `json:"record"`
		Reason string `json:"reason"`
	}
)

// What agents, administrators and programs tell a call. All may come Asked.
type (
	// CallOut begins an outbound call of an agent.
	CallOut struct {
		Plan    Plan   `json:"plan"`
		User    string `json:"user"`
		Conn    string `json:"conn"`
		TabUUID string `json:"tabUUID,omitempty"`
		Trunk   string `json:"trunk"`
		Caller  string `json:"caller"`
		Callee  string `json:"callee"`
		Group   int64  `json:"group,omitempty"` // the seed's QueuedSkillGroupId of outbound calls
		UUI     string `json:"uui,omitempty"`
		Remark  string `json:"remark,omitempty"`
		// Location is where the callee's number belongs.
		Location org.Location `json:"location,omitzero"`
		// Seat is the line the agent calls out from; empty = where he is reached. A telephone is rung first, and the customer
		// dialed once it is answered, unless it is AtDoor: the agent dialed on his SIP phone, and its leg "a1" waits.
		Seat   acd.Seat `json:"seat,omitempty"`
		AtDoor bool     `json:"atDoor,omitempty"`
	}
	// CallOutFlow begins a call without an agent: Callee is dialed, and walks the plan's flow once he answers.
	CallOutFlow struct {
		Plan     Plan          `json:"plan"`
		Trunk    string        `json:"trunk"`
		Caller   string        `json:"caller"`
		Callee   string        `json:"callee"`
		UUI      string        `json:"uui,omitempty"`
		Remark   string        `json:"remark,omitempty"`
		Location org.Location  `json:"location,omitzero"` // of Callee
		Ring     time.Duration `json:"ring,omitempty"`    // at most; zero = 60 s
	}
	// Accepted is an agent's answer to a ringing call. Conn must be the page that will carry the sound.
	Accepted struct {
		User    string `json:"user"`
		Conn    string `json:"conn"`
		TabUUID string `json:"tabUUID,omitempty"`
	}
	// Declined sends a ringing call on to the next agent.
	Declined struct {
		User string `json:"user"`
	}
	// HungUp is an agent's hang-up: of a talk, of a call-out that still rings, or of a ringing call (then it is Declined).
	HungUp struct {
		User string `json:"user"`
	}
	// Muted tells that the agent's microphone is off or on (a service event; the page itself stops sending).
	Muted struct {
		User string `json:"user"`
		On   bool   `json:"on"`
	}
	// HeldByAgent puts the customer on hold with music, or takes him back.
	HeldByAgent struct {
		User string `json:"user"`
		On   bool   `json:"on"`
	}
	// DigitsSent is digits the agent sends to the far end.
	DigitsSent struct {
		User   string `json:"user"`
		Digits string `json:"digits"`
	}
	// EndedByAPI is the server API's hang-up; By names the key or the administrator.
	EndedByAPI struct {
		By string `json:"by"`
	}
	// ViewWanted asks for the call as its agent's page shows it (AgentView) after a reload.
	ViewWanted struct {
		User string `json:"user"`
	}
)

// What a call wants from the lines.
type (
	// RingLeg sends 180 to an inbound leg; AnswerLeg 200.
	RingLeg struct {
		Leg string `json:"leg"`
	}
	// AnswerLeg answers an inbound leg; LegAnswered follows.
	AnswerLeg struct {
		Leg string `json:"leg"`
	}
	// HangUpLeg ends a leg in any state: BYE, CANCEL or a final answer with the SIP status (0 = the usual one).
	HangUpLeg struct {
		Leg  string `json:"leg"`
		SIP  int    `json:"sip,omitempty"`
		Q850 int    `json:"q850,omitempty"`
	}
	// DialTrunk calls out; LegRinging, LegProgress, LegAnswered or LegEnded follow.
	DialTrunk struct {
		Leg     string        `json:"leg"`
		Trunk   string        `json:"trunk"`
		Caller  string        `json:"caller"`
		Callee  string        `json:"callee"`
		Timeout time.Duration `json:"timeout"`
	}
	// OpenAgent makes ready for the sound of an agent's page: its media offer for this session is now welcome, and again
	// after a reload. LegAnswered follows when the media is up, MediaLost and MediaBack later.
	OpenAgent struct {
		Leg  string `json:"leg"`
		User string `json:"user"`
	}
	// Play plays prompts one after the other to a leg; PlayEnded follows unless it loops or is stopped.
	Play struct {
		Leg     string   `json:"leg"`
		Play    string   `json:"play"` // names it, unique in the call
		Prompts []Prompt `json:"prompts"`
		Loop    bool     `json:"loop,omitempty"`
	}
	// StopPlay ends a Play, if it still plays.
	StopPlay struct {
		Leg  string `json:"leg"`
		Play string `json:"play"`
	}
	// Record starts the recording of what a leg says; StopRecord ends it, RecordingReady or RecordingFailed follow.
	Record struct {
		Leg    string `json:"leg"`
		Record string `json:"record"`
		// Least is how long it must be to be kept: less is RecordingFailed.
		Least time.Duration `json:"least,omitempty"`
	}
	// StopRecord ends a recording.
	StopRecord struct {
		Leg    string `json:"leg"`
		Record string `json:"record"`
	}
	// RecoverRecord asks for what a dead node left of a recording. RecordingReady or RecordingFailed follow.
	RecoverRecord struct {
		Record string        `json:"record"`
		Least  time.Duration `json:"least,omitempty"` // as in Record
	}
	// SendDigits sends DTMF to a leg.
	SendDigits struct {
		Leg    string `json:"leg"`
		Digits string `json:"digits"`
	}
	// MuteLeg keeps a leg's voice from everyone.
	MuteLeg struct {
		Leg string `json:"leg"`
		On  bool   `json:"on"`
	}
)

// Prompt is one thing to play: exactly one of its fields is set.
type Prompt struct {
	// Audio is a built-in sound ("builtin:music", "builtin:ringback", "builtin:beep") or an uploaded one ("sounds/<SdkAppId>/<name>").
	Audio string `json:"audio,omitempty"`
	Text  string `json:"text,omitempty"` // spoken by the speech engine
	Lang  string `json:"lang,omitempty"` // of Text: "zh", "en"; empty = zh when it holds Han, else en
}

// What a call wants everybody to know. Nobody does these; screens, records and data push read them in the journal.
type (
	// Notify is an event for an agent's page: Event is a name of tccc.events, Data its documented fields.
	Notify struct {
		User  string         `json:"user"`
		Event string         `json:"event"`
		Data  map[string]any `json:"data"`
	}
	// Closed ends the call's story: the whole record, from which the CDR is made. Exactly one per call.
	Closed struct {
		Record Facts `json:"record"`
	}
	// Recorded says a recording can be fetched. Never before Closed.
	Recorded struct {
		Recording Recording `json:"recording"`
	}
)
