package console

import (
	"crypto/subtle"
	"net/http"

	"openseat"
	"openseat/core/org"
)

func (k *Console) empty() bool { return len(k.Views.All()) == 0 }

// setUp makes the first instance and who owns it. It works while there is none, for who has the code that the terminal showed.
func (k *Console) setUp(r *http.Request, w http.ResponseWriter) (any, error) {
	var want struct {
		Code     string `json:"code"`
		Company  string `json:"company"`
		Mail     string `json:"mail"`
		Name     string `json:"name"`
		Password string `json:"password"`
		Region   string `json:"region"` // ISO 3166 of the company's telephone numbers; empty = CN
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	k.settingUp.Lock() // or two at once would make two instances
	defer k.settingUp.Unlock()
	if !k.empty() || k.SetupCode == "" {
		return nil, openseat.Errorf(openseat.CodeStateNotAllowed, "this server is set up already")
	}
	try, err := k.guard.may("setup", source(r))
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(want.Code), []byte(k.SetupCode)) != 1 {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "code: is not the one that the terminal shows")
	}
	k.guard.passed(try)
	if err := org.CheckPassword("password", want.Password); err != nil { // before anything is made
		return nil, err
	}
	if err := org.CheckPerson("mail", want.Mail, "name", want.Name); err != nil {
		return nil, err
	}
	in, err := k.Office.CreateInstance(r.Context(), org.NewInstance{Name: want.Company, Settings: org.Settings{Region: want.Region}})
	if err != nil {
		return nil, err
	}
	if err := k.Office.CreateSuper(r.Context(), in.App, want.Mail, want.Name, want.Password); err != nil {
		return nil, err
	}
	who, err := k.Office.SignIn(r.Context(), in.App, want.Mail, want.Password)
	if err != nil {
		return nil, err
	}
	return k.enter(r, w, who, "SetUp")
}
