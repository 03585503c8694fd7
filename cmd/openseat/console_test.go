package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"openseat"
	"openseat/core/org"
)

// browser is somebody at the console, by HTTP alone.
type browser struct {
	t      *testing.T
	node   *Node
	cookie []*http.Cookie
	csrf   string
}

func (b *browser) post(path string, body any, into any) string {
	b.t.Helper()
	j, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, path, bytes.NewReader(j))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-CSRF-Token", b.csrf)
	return b.do(r, into)
}

// action asks the cloud API as the console's pages do.
func (b *browser) action(name string, body any) string {
	b.t.Helper()
	j, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, "/", bytes.NewReader(j))
	for k, v := range map[string]string{
		"Content-Type": "application/json", "X-TC-Action": name, "X-TC-Version": "2020-02-10", "X-CSRF-Token": b.csrf,
	} {
		r.Header.Set(k, v)
	}
	return b.do(r, nil)
}

func (b *browser) do(r *http.Request, into any) string {
	b.t.Helper()
	for _, c := range b.cookie {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.node.mux.ServeHTTP(w, r)
	if got := w.Result().Cookies(); len(got) > 0 {
		b.cookie = got
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			b.t.Fatalf("%s: %v", w.Body, err)
		}
	}
	return w.Body.String()
}

// A new server is set up with the code from the terminal; what is done at the console then goes through the cloud API, as a
// person with rights, and into the audit log.
func TestANewServerIsSetUp(t *testing.T) {
	opts := Options{Data: t.TempDir(), HTTP: "127.0.0.1:0", SIP: "127.0.0.1:0", RTPPorts: "42100-42199", NATSReplicas: 1}
	n, err := open(t.Context(), opts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	var terminal bytes.Buffer
	n.offerSetUp(&terminal)
	code := n.console.SetupCode
	if code == "" || !strings.Contains(terminal.String(), code) {
		t.Fatalf("the terminal says %q", &terminal)
	}
	owner := &browser{t: t, node: n}
	var me struct {
		CSRF     string         `json:"csrf"`
		SdkAppID openseat.AppID `json:"sdkAppId"`
	}
	said := owner.post("/console/api/setup", map[string]string{
		"code": code, "company": "Acme", "mail": "owner@acme.example", "name": "Owner", "password": "Correct1Horse",
	}, &me)
	if me.SdkAppID == 0 {
		t.Fatalf("set-up: %s", said)
	}
	owner.csrf = me.CSRF
	if said := owner.action("DescribeStaffInfoList", map[string]any{"SdkAppId": me.SdkAppID, "PageNumber": 0, "PageSize": 10}); !strings.Contains(said, "owner@acme.example") {
		t.Errorf("people: %s", said)
	}
	if said := owner.action("CreateCCCSkillGroup", map[string]any{"SdkAppId": me.SdkAppID, "SkillGroupName": "Support", "SkillGroupType": 0}); strings.Contains(said, `"Error"`) {
		t.Errorf("skill group: %s", said)
	}
	thief := &browser{t: t, node: n, cookie: owner.cookie} // of another site: without the token
	if said := thief.action("CreateCCCSkillGroup", map[string]any{"SdkAppId": me.SdkAppID, "SkillGroupName": "Sales", "SkillGroupType": 0}); !strings.Contains(said, `"Error"`) {
		t.Errorf("another site may write: %s", said)
	}
	_, log, err := n.db.FindAudit(t.Context(), me.SdkAppID, org.AuditQuery{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range log {
		if e.Actor == "owner@acme.example" {
			actions = append(actions, e.Action)
		}
	}
	if got := strings.Join(actions, " "); !strings.Contains(got, "CreateCCCSkillGroup") || !strings.Contains(got, "SetUp") || strings.Contains(got, "Describe") {
		t.Errorf("the audit log has %s", got)
	}
}
