// Package voice is the exchange: it does what calls want (core/call's commands) on real lines, and tells calls what the lines
// do. Lines are legs; voice/sip and voice/rtc make them. The exchange knows rooms of legs and media, never queues or agents.
package voice

import (
	"context"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice/media"
)

// Leg is one party's line, whatever it is made of. All methods return at once and are safe for concurrent use; what takes
// time is told to the leg's Listener.
type Leg interface {
	// Port is the leg's sound. It is never nil; before there is media it is deaf and dumb.
	Port() *media.Port
	// Ring sends 180 on an inbound leg.
	Ring()
	// Answer accepts an inbound leg (200); Answered or Ended follow.
	Answer()
	// HangUp ends the leg in any state: BYE, CANCEL, or a final answer with that SIP status (0 = the usual one; an inbound leg
	// that was never answered gets 480). Ended follows, once.
	HangUp(sip, q850 int)
	// SendDigits sends DTMF: RFC 4733 where negotiated, INFO or tones otherwise.
	SendDigits(digits string)
}

// Listener is told what a leg does. Its methods return at once. After Ended nothing more is told.
type Listener interface {
	Ringing()
	Progress()
	Answered(voicemail bool)
	Ended(cause call.Cause)
	Digit(digit byte)
	Held(on bool)
	MediaLost()
	MediaBack()
}

// Transfers is what an agent's Listener may also be: his telephone asks to hand the other party on (REFER). target is what was
// dialed; false means that nobody is there. What becomes of it the call decides: HangUp follows when somebody has taken over.
type Transfers interface {
	Transfer(target string) bool
}

// Call is an inbound call at the door: authenticated as coming from a trunk, 100 sent, nothing else.
type Call struct {
	App    openseat.AppID
	Trunk  string
	Caller string // as the carrier sent it (user part)
	Callee string
	// Extension is set when the call comes from a registered SIP phone of the instance instead of a trunk: Trunk is empty, and
	// Callee is what was dialed on it.
	Extension string
	Leg       Leg
	// Attach gives the leg its listener; what happened before is told at once.
	Attach func(Listener)
}

// Door decides on inbound calls. A nil error takes the call; an Error refuses it: CodeNotFound 404, CodeUnavailable 503 with
// Retry-After, CodeUnauthorized 403, anything else 500.
type Door interface {
	Arrive(ctx context.Context, c Call) error
}

// Dialer makes outbound legs over a trunk.
type Dialer interface {
	Dial(trunk *org.Trunk, caller, callee string, timeout time.Duration, l Listener) Leg
}

// Phones makes legs to registered SIP phones.
type Phones interface {
	// Ring rings an extension wherever it is registered; the first device that answers has the call. A phone that is not
	// registered ends with 480.
	Ring(app openseat.AppID, extension, caller, name string, timeout time.Duration, l Listener) Leg
}

// Desks makes the legs of agents' pages.
type Desks interface {
	// Open makes ready for the media offers of this agent's page for this session. Answered is told when media flows.
	Open(app openseat.AppID, user, session string, l Listener) Leg
}
