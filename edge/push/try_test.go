package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/edge/push"
)

// A receiver is tried with an example of each push; what it says is shown, and nothing is kept or tried again.
func TestReceiverIsTried(t *testing.T) {
	tests := []struct {
		name, action, answer string
		status               int64
		body, failure        string
	}{
		{"it takes a record of a call", "cdr", `200 {"ErrCode":0}`, 200, `{"ErrCode":0}`, ""},
		{"it takes a recording", "record", `200 {"ErrCode":0}`, 200, `{"ErrCode":0}`, ""},
		{"it takes a voicemail", "voicemail", `200 {"ErrCode":0}`, 200, `{"ErrCode":0}`, ""},
		{"it takes nothing", "cdr", `200 {"ErrCode":7,"ErrMsg":"no"}`, 200, `{"ErrCode":7,"ErrMsg":"no"}`, "the receiver answered ErrCode 7: no"},
		{"it is another server", "cdr", `404 not here`, 404, `not here`, "the receiver answered HTTP 404"},
		{"it hangs", "cdr", `hang`, 0, "", "context deadline exceeded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &receiver{answers: []string{tt.answer}}
				p, view := tryable(r)
				got, err := p.Try(t.Context(), view.Instance.App, tt.action)
				if err != nil {
					t.Fatal(err)
				}
				if got.HTTPStatus != tt.status || got.Body != tt.body || got.Failure != tt.failure {
					t.Errorf("%+v", got)
				}
				var payload struct {
					SdkAppId  int64
					SessionId string
				}
				if err := json.Unmarshal(got.Payload, &payload); err != nil || payload.SdkAppId != int64(view.Instance.App) || payload.SessionId == "" {
					t.Errorf("payload %s: %v", got.Payload, err)
				}
				if len(r.got) != 1 || r.got[0].uuid == "" {
					t.Errorf("arrived: %+v", r.got)
				}
				view.Push.URL = ""
				if _, err := p.Try(t.Context(), view.Instance.App, tt.action); !errors.Is(err, &openseat.Error{Code: openseat.CodeStateNotAllowed}) {
					t.Errorf("switched off: %v", err)
				}
			})
		})
	}
}

// Of a receiver in a private network nothing is shown, whatever it says; the example reaches it all the same.
func TestPrivateReceiverIsNotShown(t *testing.T) {
	for _, answer := range []string{`200 {"ErrCode":0}`, `404 secret`} {
		r := &receiver{answers: []string{answer}}
		p, view := tryable(r)
		p.Public = func(_ context.Context, host string) bool { return host != "company.example" }
		got, err := p.Try(t.Context(), view.Instance.App, "cdr")
		if err != nil {
			t.Fatal(err)
		}
		if got.HTTPStatus != 0 || got.Body != "" || got.LatencyMs != 0 || !strings.Contains(got.Failure, "private network") || len(r.got) != 1 {
			t.Errorf("%s: %+v, %d arrived", answer, got, len(r.got))
		}
	}
}

// Who gives the tokens is guarded as the receiver is.
func TestPrivateTokensAreNotShown(t *testing.T) {
	r := &receiver{answers: []string{`200 secret`}}
	p, view := tryable(r)
	view.Push.Auth, view.Push.TokenURL = org.PushAuthOAuth2, "http://10.0.0.1:8080/token"
	p.Public = func(_ context.Context, host string) bool { return host != "10.0.0.1" }
	got, err := p.Try(t.Context(), view.Instance.App, "cdr")
	if err != nil || got.HTTPStatus != 0 || got.Body != "" || !strings.Contains(got.Failure, "private network") {
		t.Errorf("%+v, %v", got, err)
	}
}

func tryable(r *receiver) (*push.Pusher, *org.View) {
	view := &org.View{Instance: org.Instance{App: 1400000001}, Push: org.Push{URL: "https://company.example/push"}}
	return push.New(push.Config{
		View: func(openseat.AppID) *org.View { return view }, HTTP: &http.Client{Transport: r},
		Link: func(r call.Recording) string { return "http://openseat.test/" + r.Record },
	}), view
}
