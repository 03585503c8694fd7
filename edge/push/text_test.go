package push_test

import (
	"testing"
	"testing/synctest"

	"openseat"
	"openseat/core/call/calltest"
	"openseat/core/org"
)

func TestATextMessageIsTheCompanysToSend(t *testing.T) {
	for _, c := range []struct {
		name   string
		set    func(*org.Push)
		answer string
		sent   bool
	}{
		{"taken", nil, `200 {"ErrCode":0}`, true},
		{"refused", nil, `200 {"ErrCode":7,"ErrMsg":"no credit"}`, false},
		{"down", nil, `503 no`, false},
		{"nobody is there", func(p *org.Push) { p.URL = "" }, `200 {"ErrCode":0}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t, c.set, c.answer)
				err := o.Text(t.Context(), openseat.CallRef(calltest.App, "s1"), "h1", "008613800138000", "hello")
				if (err == nil) != c.sent {
					t.Errorf("answered %v", err)
				}
				for _, a := range o.rx.got {
					if a.url != "http://company.test/in?action=sms&k=1&version=1" || a.session != "s1" || a.uuid == "" {
						t.Errorf("asked %+v", a)
					}
				}
				if tries := len(o.rx.got); tries > 1 {
					t.Errorf("tried %d times", tries)
				}
			})
		})
	}
}
