package openseat

import (
	"errors"
	"fmt"
)

// Error is a failure with a code that programs read and a sentence that people read. Codes are those of the Tencent Cloud
// API ("InvalidParameterValue.AccountNotExist", …), so that an Error can be shown at every edge as it is.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Is reports whether target is an Error of the same code, whatever its sentence: errors.Is(err, &openseat.Error{Code: …}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Errorf makes an Error.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// AsError finds the Error in err's chain. What is not an Error is our own trouble: it becomes CodeInternal with a
// sentence that tells an outsider nothing (the caller logs the original).
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: CodeInternal, Message: "internal error"}
}

// The codes used all over; edges with codes of their own (the cloud API's signature errors) declare them there.
const (
	CodeInternal             = "InternalError"
	CodeInvalidParameter     = "InvalidParameter"
	CodeInvalidValue         = "InvalidParameterValue"
	CodeMissingParameter     = "MissingParameter"
	CodeUnknownParameter     = "UnknownParameter"
	CodeUnauthorized         = "UnauthorizedOperation"
	CodeNotFound             = "ResourceNotFound"
	CodeInUse                = "ResourceInUse"
	CodeLimitExceeded        = "LimitExceeded"
	CodeOutOfCountLimit      = "LimitExceeded.OutOfCountLimit"
	CodeRequestLimitExceeded = "RequestLimitExceeded"
	CodeUnsupported          = "UnsupportedOperation"
	CodeUnavailable          = "ResourceUnavailable"
	CodeFailed               = "FailedOperation"
	CodeStateNotAllowed      = "FailedOperation.CurStateNotAllowModify"
	CodeDuplicatedAccount    = "FailedOperation.DuplicatedAccount"
	CodeNoCallOutNumber      = "FailedOperation.NoCallOutNumber"
	CodeSeatBusy             = "FailedOperation.SeatStatusBusy"
	CodeCallOutFailed        = "FailedOperation.CallOutFailed"
	CodePermissionDenied     = "FailedOperation.PermissionDenied"
	CodeAccountNotExist      = "InvalidParameterValue.AccountNotExist"
	CodeInstanceNotExist     = "InvalidParameterValue.InstanceNotExist"
	CodeRecordNotExist       = "InvalidParameterValue.RecordNotExist"
	CodeSkillGroupError      = "InvalidParameterValue.SkillGroupError"
	CodeSkillGroupExist      = "InvalidParameterValue.SkillGroupExist"
)
