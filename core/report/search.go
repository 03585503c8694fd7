package report

import "time"

// Search chooses call records for people who look for one. What is left out does not filter.
type Search struct {
	From, To      time.Time // of the session's start, in whole seconds, ends included
	Phone         string    // digits of either side
	Number        string    // one of the instance's own, on either side
	Direction     *int
	CallType      int
	Group         int64 // queued for, or served by somebody of it
	Staff         string
	End           *int
	MinTalk       time.Duration
	MaxTalk       *time.Duration
	Survey        string // the key pressed after the call
	Remark        string // a part of it
	Recorded      *bool
	Offset, Limit int
}
