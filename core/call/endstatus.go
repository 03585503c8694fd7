package call

// EndStatus is TCCC's enumeration of how a call, or one agent's part in it, ended. EndStatusString of the API is String().
type EndStatus int

// The end statuses of telephone calls.
const (
	EndError                   EndStatus = 0
	EndOK                      EndStatus = 1
	EndSeatGiveUp              EndStatus = 17
	EndBlackList               EndStatus = 100
	EndIVRGiveUp               EndStatus = 102
	EndWaitingGiveUp           EndStatus = 103
	EndRingingGiveUp           EndStatus = 104
	EndNoSeatOnline            EndStatus = 105
	EndNotWorkTime             EndStatus = 106
	EndIVREnd                  EndStatus = 107
	EndRestrictedCallee        EndStatus = 108
	EndTooManyRequest          EndStatus = 109
	EndRestrictedArea          EndStatus = 110
	EndRestrictedTime          EndStatus = 111
	EndNotAnswer               EndStatus = 202
	EndUserReject              EndStatus = 203
	EndPowerOff                EndStatus = 204
	EndNumberNotExist          EndStatus = 205
	EndBusy                    EndStatus = 206
	EndOutOfCredit             EndStatus = 207
	EndOperatorError           EndStatus = 208
	EndCallerCancel            EndStatus = 209
	EndNotInService            EndStatus = 210
	EndClientError             EndStatus = 211
	EndCarrierBlocked          EndStatus = 212
	EndCallReminder            EndStatus = 213
	EndNumberInvalid           EndStatus = 215
	EndCallRestricted          EndStatus = 216
	EndCalleeRestricted        EndStatus = 217
	EndAreaRestricted          EndStatus = 218
	EndPromptCallForwarding    EndStatus = 219
	EndCallerCancelWhileRing   EndStatus = 220
	EndCallerCancelWithoutRing EndStatus = 221
	EndVoiceMailReached        EndStatus = 222
	EndCallTerminatedByAPI     EndStatus = 231
)

// String is the EndStatusString of CDRs.
func (s EndStatus) String() string {
	switch s {
	case EndOK:
		return "ok"
	case EndSeatGiveUp:
		return "seatGiveUp"
	case EndBlackList:
		return "blackList"
	case EndIVRGiveUp:
		return "ivrGiveUp"
	case EndWaitingGiveUp:
		return "waitingGiveUp"
	case EndRingingGiveUp:
		return "ringingGiveUp"
	case EndNoSeatOnline:
		return "noSeatOnline"
	case EndNotWorkTime:
		return "notWorkTime"
	case EndIVREnd:
		return "ivrEnd"
	case EndRestrictedCallee:
		return "restrictedCallee"
	case EndTooManyRequest:
		return "tooManyRequest"
	case EndRestrictedArea:
		return "restrictedArea"
	case EndRestrictedTime:
		return "restrictedTime"
	case EndNotAnswer:
		return "notAnswer"
	case EndUserReject:
		return "userReject"
	case EndPowerOff:
		return "powerOff"
	case EndNumberNotExist:
		return "numberNotExist"
	case EndBusy:
		return "busy"
	case EndOutOfCredit:
		return "outOfCredit"
	case EndOperatorError:
		return "operatorError"
	case EndCallerCancel:
		return "callerCancel"
	case EndNotInService:
		return "notInService"
	case EndClientError:
		return "clientError"
	case EndCarrierBlocked:
		return "carrierBlocked"
	case EndCallReminder:
		return "callReminder"
	case EndNumberInvalid:
		return "numberInvalid"
	case EndCallRestricted:
		return "callRestricted"
	case EndCalleeRestricted:
		return "calleeRestricted"
	case EndAreaRestricted:
		return "areaRestricted"
	case EndPromptCallForwarding:
		return "promptCallForwarding"
	case EndCallerCancelWhileRing:
		return "callerCancelWhileRing"
	case EndCallerCancelWithoutRing:
		return "callerCancelWithoutRing"
	case EndVoiceMailReached:
		return "voiceMailReached"
	case EndCallTerminatedByAPI:
		return "callTerminatedByAPI"
	default:
		return "error"
	}
}

// FromCause reads a carrier's refusal of an outbound call. The Q.850 cause says more than the SIP status (RFC 3326, ITU-T
// Q.850, mapping after RFC 3398 section 8.2.6.1), so it goes first.
func FromCause(c Cause) EndStatus {
	if s, ok := fromQ850(c.Q850); ok {
		return s
	}
	switch c.SIP {
	case 404, 410, 604:
		return EndNumberNotExist
	case 484, 414, 416:
		return EndNumberInvalid
	case 486, 600:
		return EndBusy
	case 603, 607:
		return EndUserReject
	case 608:
		return EndCarrierBlocked
	case 408, 480, 487:
		return EndNotAnswer
	case 402:
		return EndOutOfCredit
	case 403, 401, 407:
		return EndCallRestricted
	case 301, 302:
		return EndPromptCallForwarding
	default:
		return EndOperatorError
	}
}

func fromQ850(cause int) (EndStatus, bool) {
	switch cause {
	case 1, 3:
		return EndNumberNotExist, true
	case 17:
		return EndBusy, true
	case 18, 19:
		return EndNotAnswer, true
	case 20:
		return EndPowerOff, true
	case 21:
		return EndUserReject, true
	case 22:
		return EndNumberNotExist, true
	case 23:
		return EndPromptCallForwarding, true
	case 28:
		return EndNumberInvalid, true
	case 27, 31, 34, 38, 41, 42, 44, 47:
		return EndOperatorError, true
	case 50, 57, 58, 63, 69:
		return EndNotInService, true
	case 52, 54:
		return EndCallRestricted, true
	case 55, 87:
		return EndCalleeRestricted, true
	default:
		return EndError, false
	}
}
