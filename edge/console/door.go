package console

import (
	"net/http"
	"strings"

	"openseat"
	"openseat/core/org"
)

// The codes that only the console's door knows.
const (
	// CodeCodeWanted asks for the code of the second factor: say the same again, with it.
	CodeCodeWanted = "AuthFailure.CodeWanted"
	// CodeSignedOut says that there is no stay, or no more.
	CodeSignedOut = "AuthFailure.SignedOut"
)

const (
	maxMail     = 254
	maxPassword = 256
)

func denied() error {
	return openseat.Errorf(openseat.CodeUnauthorized, "account or password is wrong")
}

// signIn lets somebody in by mail and password, and by a code where the account has a second factor.
func (k *Console) signIn(r *http.Request, w http.ResponseWriter) (any, error) {
	var want struct {
		Mail     string         `json:"mail"`
		Password string         `json:"password"`
		Code     string         `json:"code"`
		SdkAppID openseat.AppID `json:"sdkAppId"` // of several instances that know the mail; 0 = the first that the password opens
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	mail, from := strings.ToLower(strings.TrimSpace(want.Mail)), source(r)
	if len(mail) > maxMail || len(want.Password) > maxPassword {
		return nil, denied()
	}
	try, err := k.guard.may(mail, from)
	if err != nil {
		return nil, err
	}
	s, err := k.opens(r, mail, want.Password, want.SdkAppID)
	if err != nil {
		return nil, k.refuse(r, try, s.App, err)
	}
	if len(k.rights(s.App, s.UserID)) == 0 {
		k.guard.undo(try)
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "the account %s has no place in the console: its role has no rights", mail)
	}
	if err := k.checkCode(r.Context(), s, want.Code); err != nil {
		return nil, k.refuse(r, try, s.App, err)
	}
	k.guard.passed(try)
	return k.enter(r, w, s, "SignIn")
}

// opens finds the account that the password opens, and tries no more than a few.
func (k *Console) opens(r *http.Request, mail, password string, app openseat.AppID) (org.Staff, error) {
	const most = 20 // instances of an account
	found, err := k.Store.StaffByMail(r.Context(), mail)
	if err != nil {
		return org.Staff{}, err
	}
	if app != 0 || len(found) == 0 { // the office takes as long for who does not exist
		return k.Office.SignIn(r.Context(), app, mail, password)
	}
	var last error
	for _, s := range found[:min(len(found), most)] {
		in, err := k.Office.SignIn(r.Context(), s.App, mail, password)
		if err == nil {
			return in, nil
		}
		last = err
	}
	return org.Staff{App: found[0].App}, last
}

// refuse notes a failure and words it. What is no wrong password or code does not count.
func (k *Console) refuse(r *http.Request, try try, app openseat.AppID, err error) error {
	e := openseat.AsError(err)
	if e.Code != openseat.CodeUnauthorized && e.Code != openseat.CodeInstanceNotExist {
		k.guard.undo(try)
		return err
	}
	mail, from := try.account, try.source
	if app != 0 {
		k.note(r.Context(), org.AuditEntry{App: app, Actor: mail, IP: from, Action: "SignIn", Code: openseat.CodeUnauthorized})
	}
	k.Log.Warn("console: sign-in refused", "mail", mail, "from", from)
	if e.Code == openseat.CodeInstanceNotExist {
		return denied()
	}
	return err
}

// door tells a page, before anybody is in, which door to show.
func (k *Console) door(*http.Request, http.ResponseWriter) (any, error) {
	return map[string]bool{"setup": k.empty() && k.SetupCode != ""}, nil
}

func (k *Console) signOut(r *http.Request, w http.ResponseWriter, s stay) (any, error) {
	http.SetCookie(w, k.cookie(r, "", -1))
	k.note(r.Context(), org.AuditEntry{App: s.App, Actor: s.User, IP: source(r), Action: "SignOut"})
	return nil, k.Store.DeleteSession(r.Context(), s.Hash)
}

// changePassword wants the old one, and ends every other stay.
func (k *Console) changePassword(r *http.Request, _ http.ResponseWriter, s stay) (any, error) {
	var want struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	if err := k.again(r, s, want.Old); err != nil {
		return nil, err
	}
	if err := k.Office.SetPassword(r.Context(), s.Home, s.User, want.New); err != nil {
		return nil, err
	}
	k.note(r.Context(), org.AuditEntry{App: s.Home, Actor: s.User, IP: source(r), Action: "ChangePassword"})
	return nil, k.Store.DeleteSessions(r.Context(), s.Home, s.User, s.Hash, k.Now())
}

// again asks who is inside already for his password.
func (k *Console) again(r *http.Request, s stay, password string) error {
	try, err := k.guard.may(s.User, source(r))
	if err != nil {
		return err
	}
	if _, err := k.Office.SignIn(r.Context(), s.Home, s.User, password); err != nil {
		return openseat.Errorf(openseat.CodeUnauthorized, "the password is wrong")
	}
	k.guard.passed(try)
	return nil
}
