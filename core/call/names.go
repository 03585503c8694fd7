package call

import "openseat"

// EventName implements openseat.Event.
func (Arrived) EventName() string { return "call.Arrived" }

// EventName implements openseat.Event.
func (LegRinging) EventName() string { return "call.LegRinging" }

// EventName implements openseat.Event.
func (LegProgress) EventName() string { return "call.LegProgress" }

// EventName implements openseat.Event.
func (LegAnswered) EventName() string { return "call.LegAnswered" }

// EventName implements openseat.Event.
func (LegEnded) EventName() string { return "call.LegEnded" }

// EventName implements openseat.Event.
func (LegHeld) EventName() string { return "call.LegHeld" }

// EventName implements openseat.Event.
func (Digit) EventName() string { return "call.Digit" }

// EventName implements openseat.Event.
func (PlayEnded) EventName() string { return "call.PlayEnded" }

// EventName implements openseat.Event.
func (PlayFailed) EventName() string { return "call.PlayFailed" }

// EventName implements openseat.Event.
func (MediaLost) EventName() string { return "call.MediaLost" }

// EventName implements openseat.Event.
func (MediaBack) EventName() string { return "call.MediaBack" }

// EventName implements openseat.Event.
func (RecordingReady) EventName() string { return "call.RecordingReady" }

// EventName implements openseat.Event.
func (RecordingFailed) EventName() string { return "call.RecordingFailed" }

// EventName implements openseat.Event.
func (CallOut) EventName() string { return "call.CallOut" }

// EventName implements openseat.Event.
func (CallOutFlow) EventName() string { return "call.CallOutFlow" }

// EventName implements openseat.Event.
func (Accepted) EventName() string { return "call.Accepted" }

// EventName implements openseat.Event.
func (Declined) EventName() string { return "call.Declined" }

// EventName implements openseat.Event.
func (HungUp) EventName() string { return "call.HungUp" }

// EventName implements openseat.Event.
func (Muted) EventName() string { return "call.Muted" }

// EventName implements openseat.Event.
func (HeldByAgent) EventName() string { return "call.HeldByAgent" }

// EventName implements openseat.Event.
func (DigitsSent) EventName() string { return "call.DigitsSent" }

// EventName implements openseat.Event.
func (EndedByAPI) EventName() string { return "call.EndedByAPI" }

// EventName implements openseat.Event.
func (ViewWanted) EventName() string { return "call.ViewWanted" }

// Question implements live.Question: it changes nothing.
func (ViewWanted) Question() {}

// CommandName implements openseat.Command.
func (RingLeg) CommandName() string { return "call.RingLeg" }

// CommandName implements openseat.Command.
func (AnswerLeg) CommandName() string { return "call.AnswerLeg" }

// CommandName implements openseat.Command.
func (HangUpLeg) CommandName() string { return "call.HangUpLeg" }

// CommandName implements openseat.Command.
func (DialTrunk) CommandName() string { return "call.DialTrunk" }

// CommandName implements openseat.Command.
func (OpenAgent) CommandName() string { return "call.OpenAgent" }

// CommandName implements openseat.Command.
func (Play) CommandName() string { return "call.Play" }

// CommandName implements openseat.Command.
func (StopPlay) CommandName() string { return "call.StopPlay" }

// CommandName implements openseat.Command.
func (Record) CommandName() string { return "call.Record" }

// CommandName implements openseat.Command.
func (StopRecord) CommandName() string { return "call.StopRecord" }

// CommandName implements openseat.Command.
func (RecoverRecord) CommandName() string { return "call.RecoverRecord" }

// CommandName implements openseat.Command.
func (SendDigits) CommandName() string { return "call.SendDigits" }

// CommandName implements openseat.Command.
func (MuteLeg) CommandName() string { return "call.MuteLeg" }

// CommandName implements openseat.Command.
func (Notify) CommandName() string { return "call.Notify" }

// CommandName implements openseat.Command.
func (Closed) CommandName() string { return "call.Closed" }

// CommandName implements openseat.Command.
func (Recorded) CommandName() string { return "call.Recorded" }

// Words lists the package's events and commands for a codec.
func Words() ([]openseat.Event, []openseat.Command) {
	events, commands := teamWords()
	ofHelpers, forHelpers := helperWords()
	events, commands = append(events, ofHelpers...), append(commands, forHelpers...)
	return append(events,
			Arrived{}, LegRinging{}, LegProgress{}, LegAnswered{}, LegEnded{}, LegHeld{}, Digit{}, PlayEnded{}, PlayFailed{},
			MediaLost{}, MediaBack{}, RecordingReady{}, RecordingFailed{},
			CallOut{}, CallOutFlow{}, Accepted{}, Declined{}, HungUp{}, Muted{}, HeldByAgent{}, DigitsSent{},
			EndedByAPI{}, SentToGroup{}, ViewWanted{},
		), append(commands,
			RingLeg{}, AnswerLeg{}, HangUpLeg{}, DialTrunk{}, OpenAgent{}, Play{}, StopPlay{}, Record{},
			StopRecord{}, RecoverRecord{}, SendDigits{}, MuteLeg{}, Notify{}, Closed{}, Recorded{},
		)
}
