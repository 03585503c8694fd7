package live

import (
	"errors"

	"openseat"
)

// What callers of the runtime are told. Tests compare with errors.Is, which looks at the code.

func errNotFound(ref openseat.Ref) error {
	return openseat.Errorf(openseat.CodeNotFound, "%s %s does not exist or has ended", ref.Kind, ref.ID)
}

func errExists(ref openseat.Ref) error {
	return openseat.Errorf(openseat.CodeInUse, "%s %s exists already", ref.Kind, ref.ID)
}

func errBusy(ref openseat.Ref) error {
	return openseat.Errorf(openseat.CodeUnavailable, "%s %s has more to do than it can take; try again", ref.Kind, ref.ID)
}

func errNoReply(ref openseat.Ref) error {
	return openseat.Errorf(openseat.CodeFailed, "%s %s did not answer in time", ref.Kind, ref.ID)
}

func errUnavailable(why string) error {
	return openseat.Errorf(openseat.CodeUnavailable, "%s; try again", why)
}

func errKind(ref openseat.Ref) error {
	return openseat.Errorf(openseat.CodeUnsupported, "there are no things of kind %q", string(ref.Kind))
}

// isCode reports whether err is an openseat.Error with this code.
func isCode(err error, code string) bool {
	var e *openseat.Error
	return errors.As(err, &e) && e.Code == code
}
