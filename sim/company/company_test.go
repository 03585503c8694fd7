package company_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"openseat/api"
	"openseat/sim/company"
)

const cdr = `{"SdkAppId":1400000001,"SessionId":"s1"}`

func push(t *testing.T, h http.Handler, query, body string, change func(*http.Request)) (int, api.PushReply) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/push?"+query, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json; charset=utf8")
	r.Header.Set(api.PushUUIDHeader, "u1")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var reply api.PushReply
	_ = json.Unmarshal(w.Body.Bytes(), &reply) // a bad answer is part of some tests
	return w.Code, reply
}

func TestPushIsCheckedToTheLetter(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	tests := []struct {
		name, query, body string
		change            func(*http.Request)
		want              int
	}{
		{"a CDR", "action=cdr&version=1", cdr, nil, 200},
		{"a recording", "action=record&version=1", cdr, header("Content-Type", "application/json; charset=utf-8"), 200},
		{"a voicemail, which has no version", "action=voicemail", cdr, nil, 200},
		{"a voicemail with a version", "action=voicemail&version=1", cdr, nil, 400},
		{"a CDR without version", "action=cdr", cdr, nil, 400},
		{"an unknown action", "action=news&version=1", cdr, nil, 400},
		{"no UUID", "action=cdr&version=1", cdr, header(api.PushUUIDHeader, ""), 400},
		{"no charset", "action=cdr&version=1", cdr, header("Content-Type", "application/json"), 400},
		{"not JSON", "action=cdr&version=1", "SdkAppId=1", nil, 400},
		{"nobody's session", "action=cdr&version=1", `{"SdkAppId":1400000001}`, nil, 400},
		{"too long", "action=cdr&version=1", `{"x":"` + strings.Repeat("x", 2<<20) + `"}`, nil, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := company.New(company.Options{})
			got, reply := push(t, c, tt.query, tt.body, tt.change)
			if got != tt.want || (got == 200) != (reply.ErrCode == 0) {
				t.Errorf("answered %d %+v, want %d", got, reply, tt.want)
			}
			if n := len(c.Pushes("")); (n == 1) != (tt.want == 200) {
				t.Errorf("%d pushes kept", n)
			}
		})
	}
}

func TestRetriesAreOnePush(t *testing.T) {
	c := company.New(company.Options{})
	c.Next(company.Manner{Status: 503}, company.Manner{Code: 7}, company.Manner{Body: "<html>"})
	for range 3 {
		push(t, c, "action=cdr&version=1", cdr, nil)
		if p := c.Pushes("s1")[0]; p.Taken {
			t.Fatalf("taken after a refusal: %+v", p)
		}
	}
	if status, reply := push(t, c, "action=cdr&version=1", cdr, nil); status != 200 || reply.ErrCode != 0 {
		t.Fatalf("answered %d %+v", status, reply)
	}
	pushes := c.Pushes("")
	if len(pushes) != 1 || pushes[0].Attempts != 4 || !pushes[0].Taken {
		t.Errorf("kept %+v, want one push, taken at the fourth attempt", pushes)
	}
}

func TestOnlyTheLastThousandAreKept(t *testing.T) {
	c := company.New(company.Options{})
	for i := range 1005 {
		push(t, c, "action=cdr&version=1", cdr, func(r *http.Request) { r.Header.Set(api.PushUUIDHeader, fmt.Sprint("u", i)) })
	}
	if all := c.Pushes(""); len(all) != 1000 || all[0].UUID != "u5" {
		t.Errorf("kept %d, from %s on", len(all), all[0].UUID)
	}
}

func TestAHangingReceiverLetsGoWhenThePusherDoes(t *testing.T) {
	c := company.New(company.Options{})
	c.Next(company.Manner{Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	hung := make(chan struct{})
	go func() {
		defer close(hung)
		push(t, c, "action=cdr&version=1", cdr, func(r *http.Request) { *r = *r.WithContext(ctx) })
	}()
	cancel()
	<-hung
}

func TestAwait(t *testing.T) {
	c := company.New(company.Options{})
	found := make(chan company.Push)
	go func() {
		p, err := c.Await(t.Context(), func(p company.Push) bool { return p.Action == api.PushCDR })
		if err != nil {
			t.Error(err)
		}
		found <- p
	}()
	push(t, c, "action=record&version=1", cdr, func(r *http.Request) { r.Header.Set(api.PushUUIDHeader, "u2") })
	push(t, c, "action=cdr&version=1", cdr, nil)
	if p := <-found; p.UUID != "u1" {
		t.Errorf("found %+v", p)
	}

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := c.Await(ctx, func(company.Push) bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("gave up with %v", err)
	}
}

func TestBasicAuth(t *testing.T) {
	c := company.New(company.Options{Auth: "basic", Username: "openseat", Password: "secret"})
	if status, _ := push(t, c, "action=cdr&version=1", cdr, nil); status != 401 {
		t.Errorf("a stranger was answered %d", status)
	}
	if status, _ := push(t, c, "action=cdr&version=1", cdr, func(r *http.Request) { r.SetBasicAuth("openseat", "secret") }); status != 200 {
		t.Errorf("the right password was answered %d", status)
	}
}

func TestOAuth2ClientCredentials(t *testing.T) {
	c := company.New(company.Options{Auth: "oauth2", ClientID: "id", Secret: "secret"})
	ask := func(form url.Values, basic bool) (int, string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/token", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if basic {
			r.SetBasicAuth("id", "secret")
		}
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		var token struct {
			AccessToken string `json:"access_token"`
		}
		_ = json.Unmarshal(w.Body.Bytes(), &token) // an empty token says it
		return w.Code, token.AccessToken
	}
	grant := url.Values{"grant_type": {"client_credentials"}}
	if status, _ := ask(grant, false); status != 401 {
		t.Errorf("no credentials were answered %d", status)
	}
	if status, _ := ask(url.Values{"grant_type": {"password"}}, true); status != 400 {
		t.Errorf("another grant was answered %d", status)
	}
	_, inHeader := ask(grant, true)
	grant.Set("client_id", "id")
	grant.Set("client_secret", "secret")
	_, inForm := ask(grant, false)
	for _, token := range []string{inHeader, inForm} {
		bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
		if status, _ := push(t, c, "action=cdr&version=1", cdr, bearer); token == "" || status != 200 {
			t.Errorf("token %q was answered %d", token, status)
		}
	}
	if n := c.TokensIssued(); n != 2 {
		t.Errorf("%d tokens issued", n)
	}
	c.RevokeTokens()
	if status, _ := push(t, c, "action=cdr&version=1", cdr, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+inForm) }); status != 401 {
		t.Errorf("a revoked token was answered %d", status)
	}
}

func TestThePageSeesThePushes(t *testing.T) {
	c := company.New(company.Options{})
	push(t, c, "action=cdr&version=1", cdr, nil)
	push(t, c, "action=record&version=1", `{"SdkAppId":1400000001,"SessionId":"s2"}`, func(r *http.Request) { r.Header.Set(api.PushUUIDHeader, "u2") })
	for query, want := range map[string][]string{"": {"u2", "u1"}, "?SessionId=s1": {"u1"}, "?SessionId=s3": {}} {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/pushes"+query, nil))
		var list struct{ Pushes []company.Push }
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, p := range list.Pushes {
			got = append(got, p.UUID)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("pushes%s: %v, want %v", query, got, want)
		}
	}
}

func TestSdkURL(t *testing.T) {
	cloud := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked api.CreateSDKLoginTokenRequest
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.SdkAppId != 1400000001 || asked.SeatUserId != "alice@demo.openseat" {
			t.Errorf("asked %+v (%v)", asked, err)
		}
		_, _ = io.WriteString(w, `{"Response":{"Token":"t","ExpiredTime":5,"SdkURL":"http://x/sdk.js","RequestId":"r"}}`)
	}))
	defer cloud.Close()

	ask := func(c *company.Company) (int, string) {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sdk-url?SeatUserId=alice@demo.openseat", nil))
		return w.Code, w.Body.String()
	}
	c := company.New(company.Options{App: 1400000001, API: &api.Client{Endpoint: cloud.URL, SecretID: "id", SecretKey: "key"}})
	if status, body := ask(c); status != 200 || !strings.Contains(body, `"SdkURL":"http://x/sdk.js"`) {
		t.Errorf("answered %d %s", status, body)
	}
	if status, _ := ask(company.New(company.Options{})); status != 503 {
		t.Errorf("without an API: %d", status)
	}
}
