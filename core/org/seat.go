package org

import (
	"context"

	"openseat"
)

// The values of Staff.Seat, and of its UseMobileAccept: acd.Seat and acd.MobileAccept say what they mean.
const (
	seatWeb       = "staffSeat"
	seatExtension = "staffExtensionSeat"

	mobileAlways = 2
)

// SeatChange says what to change of where a member of staff is rung and calls out; nil leaves as it is.
type SeatChange struct {
	Seat             *string // "staffSeat" or "staffExtensionSeat"
	UseMobileAccept  *int    // 0 never, 1 while he is offline, 2 always
	UseMobileCallOut *bool
}

func (c SeatChange) apply(s *Staff) {
	set(&s.Seat, c.Seat)
	set(&s.UseMobileAccept, c.UseMobileAccept)
	set(&s.UseMobileCallOut, c.UseMobileCallOut)
}

// ModifySeat changes where a member of staff is rung and calls out. A mobile phone needs a number; a SIP phone may come later.
func (o *Office) ModifySeat(ctx context.Context, app openseat.AppID, mail string, c SeatChange) error {
	return o.ModifyStaff(ctx, app, StaffChange{Mail: mail, Seat: c})
}

func checkSeat(s *Staff) error {
	if s.Seat == seatWeb {
		s.Seat = ""
	}
	if s.Seat != "" && s.Seat != seatExtension {
		return invalid("ServerType", "must be %q or %q", seatWeb, seatExtension)
	}
	if err := checkRange("UseMobileAccept", s.UseMobileAccept, 0, mobileAlways); err != nil {
		return err
	}
	if s.Phone == "" && (s.UseMobileAccept != 0 || s.UseMobileCallOut) {
		return openseat.Errorf(openseat.CodeMissingParameter, "Phone is missing: the account has no mobile phone to ring")
	}
	return nil
}
