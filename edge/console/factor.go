package console

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"openseat"
	"openseat/core/org"
)

// The codes of RFC 6238 as every authenticator app makes them: six digits, new every 30 seconds. A clock may be one step off.
const (
	stepSeconds = 30
	stepsOff    = 1
)

// checkCode wants a code of who has a second factor.
func (k *Console) checkCode(ctx context.Context, s org.Staff, code string) error {
	f, err := k.Store.SecondFactor(ctx, s.App, s.UserID)
	if err != nil {
		if openseat.AsError(err).Code == openseat.CodeNotFound {
			return nil
		}
		return err
	}
	if !f.Confirmed {
		return nil
	}
	if code == "" {
		return openseat.Errorf(CodeCodeWanted, "the code of your authenticator app is wanted")
	}
	return k.take(ctx, f, code)
}

// take accepts a code once.
func (k *Console) take(ctx context.Context, f org.SecondFactor, code string) error {
	step, ok := stepOf(f.Secret, strings.ReplaceAll(code, " ", ""), k.Now())
	if ok {
		var err error
		if ok, err = k.Store.TakeStep(ctx, f, step); err != nil {
			return err
		}
	}
	if !ok {
		return openseat.Errorf(openseat.CodeUnauthorized, "the code is wrong, or was used already")
	}
	return nil
}

// stepOf finds the time step that a code belongs to.
func stepOf(secret, code string, now time.Time) (step int64, ok bool) {
	for off := -stepsOff; off <= stepsOff; off++ {
		at := now.Add(time.Duration(off) * stepSeconds * time.Second)
		want, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: stepSeconds, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = at.Unix()/stepSeconds, true
		}
	}
	return step, ok
}

// offerFactor makes a secret that counts once a code of it was given. An app reads it from the picture of uri.
func (k *Console) offerFactor(r *http.Request, _ http.ResponseWriter, s stay) (any, error) {
	var want struct {
		Password string `json:"password"`
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	if err := k.again(r, s, want.Password); err != nil {
		return nil, err
	}
	old, err := k.Store.SecondFactor(r.Context(), s.Home, s.User)
	if err != nil && openseat.AsError(err).Code != openseat.CodeNotFound { // or a confirmed one might be overwritten
		return nil, err
	}
	if old.Confirmed {
		return nil, openseat.Errorf(openseat.CodeStateNotAllowed, "there is a second factor already: remove it first")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "OpenSeat", AccountName: s.User, Period: stepSeconds, Digits: otp.DigitsSix})
	if err != nil {
		return nil, err
	}
	f := org.SecondFactor{App: s.Home, User: s.User, Secret: key.Secret()}
	if err := k.Store.PutSecondFactor(r.Context(), f); err != nil {
		return nil, err
	}
	return map[string]string{"secret": f.Secret, "uri": key.URL()}, nil
}

func (k *Console) confirmFactor(r *http.Request, _ http.ResponseWriter, s stay) (any, error) {
	var want struct {
		Code string `json:"code"`
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	f, err := k.Store.SecondFactor(r.Context(), s.Home, s.User)
	if err != nil {
		return nil, err
	}
	if f.Confirmed {
		return nil, openseat.Errorf(openseat.CodeStateNotAllowed, "the second factor is in use already")
	}
	try, err := k.guard.may(s.User, source(r))
	if err != nil {
		return nil, err
	}
	if err := k.take(r.Context(), f, want.Code); err != nil {
		return nil, err
	}
	k.guard.passed(try)
	k.note(r.Context(), org.AuditEntry{App: s.Home, Actor: s.User, IP: source(r), Action: "AddSecondFactor"})
	return nil, nil
}

func (k *Console) removeFactor(r *http.Request, _ http.ResponseWriter, s stay) (any, error) {
	var want struct {
		Password string `json:"password"`
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	if err := k.again(r, s, want.Password); err != nil {
		return nil, err
	}
	k.note(r.Context(), org.AuditEntry{App: s.Home, Actor: s.User, IP: source(r), Action: "RemoveSecondFactor"})
	return nil, k.Store.DeleteSecondFactor(r.Context(), s.Home, s.User)
}
