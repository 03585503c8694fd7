package org

import (
	"context"

	"openseat"
)

// SetPassword gives an account a new password.
func (o *Office) SetPassword(ctx context.Context, app openseat.AppID, mail, password string) error {
	user, err := account("Email", mail)
	if err != nil {
		return err
	}
	hash, err := o.hash(ctx, "Password", password)
	if err != nil {
		return err
	}
	return o.change(ctx, app, func() error {
		s, err := o.one(ctx, app, user)
		if err != nil {
			return err
		}
		s.PasswordHash, s.ExtensionPassword, s.Groups, s.ModifiedAt = hash, "", nil, o.now()
		return o.store.UpdateStaff(ctx, s)
	})
}

// SignIn answers the account that this password opens. An account that does not exist, one without a password and a wrong
// password cannot be told apart, neither by the answer nor by the time it takes.
func (o *Office) SignIn(ctx context.Context, app openseat.AppID, mail, password string) (Staff, error) {
	denied := openseat.Errorf(openseat.CodeUnauthorized, "account or password is wrong")
	if len(password) > maxPassword {
		return Staff{}, denied
	}
	user, err := account("Email", mail)
	if err != nil {
		return Staff{}, denied
	}
	s, err := o.one(ctx, app, user)
	known := err == nil && s.PasswordHash != ""
	if err != nil && openseat.AsError(err).Code != openseat.CodeAccountNotExist {
		return Staff{}, err
	}
	hash := s.PasswordHash
	if !known {
		hash = nobodysHash
	}
	release, err := take(ctx, o.hashing)
	if err != nil {
		return Staff{}, err
	}
	defer release()
	if !VerifyPassword(hash, password) || !known {
		return Staff{}, denied
	}
	return s, nil
}

// nobodysHash costs as much as a real one and fits no account.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (o *Office) one(ctx context.Context, app openseat.AppID, user string) (Staff, error) {
	_, found, err := o.store.FindStaff(ctx, app, StaffQuery{UserID: user, Limit: 1})
	if err != nil {
		return Staff{}, err
	}
	if len(found) == 0 {
		return Staff{}, noAccount(user)
	}
	return found[0], nil
}

func (o *Office) hash(ctx context.Context, field, password string) (string, error) {
	if err := strongPassword(field, password, openseat.CodeInvalidValue); err != nil {
		return "", err
	}
	release, err := take(ctx, o.hashing)
	if err != nil {
		return "", err
	}
	defer release()
	return HashPassword(o.random, password)
}
