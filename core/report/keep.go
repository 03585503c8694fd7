package report

import (
	"time"

	"openseat/core/call"
)

// Voicemail is a message that a customer left, and the call it was left in.
type Voicemail struct {
	call.Recording

	Call    CDR
	HeardBy string // empty = nobody has heard it
	HeardAt time.Time
}

// VoicemailQuery chooses messages. Zero values do not filter; the window is by the message's start, in whole seconds, ends
// included.
type VoicemailQuery struct {
	From, To time.Time
	Unheard  bool
	Phone    string // of the caller, or a part of it
	Offset   int
	Limit    int
}
