package cloudapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/api"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/cloudapi"
)

const (
	home      = openseat.AppID(1400000001)
	stranger  = openseat.AppID(1400000002)
	secretID  = "AKIDhome"
	secretKey = "homesecret"
)

// house is everything behind the cloud API, in memory, on a Tuesday morning.
type house struct {
	*shelf
	now        time.Time
	office     *org.Office
	handler    http.Handler
	log        bytes.Buffer
	seen       []cloudapi.Observation
	active     []cloudapi.ActiveSession
	hungUp     []string
	agents     map[string]acd.AgentView
	days       map[string]cloudapi.StatusDay
	cdrs       []report.CDR
	asked      cloudapi.CDRQuery
	recordings []call.Recording
	entries    []openseat.Entry
	deliveries []api.PushDelivery
	replayed   []string
	registered map[string]bool // SIP phones
	calledOut  []call.CallOut
	flowCalls  []call.CallOutFlow
	handedOn   []call.SentToGroup
	person     cloudapi.Person // inside the console
	history    []report.StatusChange
	usage      report.Usage
	audit      []org.AuditEntry
	sent       []string
	looked     report.Search
	trunks     []api.TrunkStatus
	tried      []tried
	board      acd.Wallboard
	sessions   []report.Session
	trouble    error // what Records answers with
	panics     bool  // what Alarms does
}

func newHouse(tb testing.TB, perSecond int) *house {
	tb.Helper()
	h := &house{shelf: newShelf(), now: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC), agents: map[string]acd.AgentView{}}
	ctx := tb.Context()
	h.office = org.NewOffice(h.shelf, func() time.Time { return h.now }, rand.NewChaCha8([32]byte{1}), nil)
	for _, app := range []openseat.AppID{home, stranger} {
		if _, err := h.office.CreateInstance(ctx, org.NewInstance{App: app, Name: "Desk " + app.String()}); err != nil {
			tb.Fatal(err)
		}
	}
	_ = h.PutKey(ctx, org.Key{App: home, SecretID: secretID, SecretKey: secretKey})
	_ = h.PutKey(ctx, org.Key{App: home, SecretID: "AKIDoff", SecretKey: secretKey, Disabled: true})
	_ = h.PutKey(ctx, org.Key{App: stranger, SecretID: "AKIDstranger", SecretKey: "strangersecret"})
	h.handler = cloudapi.New(cloudapi.Config{
		Views: h, Office: h.office, Calls: h, Presence: h, Records: h, Links: h, Tokens: h, Pushes: pushTrials{h}, Alarms: h, Phones: h, Dialer: h, People: h, History: h, Console: h, Audit: h, Members: h, Search: h, Lines: h, Figures: h, Live: h, Sounds: drawer{}, Keeping: &messages{},
		PerSecond: perSecond, MaxBody: 1 << 20, Now: func() time.Time { return h.now },
		Log:     slog.New(slog.NewTextHandler(&h.log, nil)),
		Observe: func(o cloudapi.Observation) { h.seen = append(h.seen, o) },
	})
	return h
}

func (h *house) Key(secretID string) (org.Key, bool) {
	k, err := h.FindKey(context.Background(), secretID)
	return k, err == nil && !k.Disabled
}

func (h *house) Get(app openseat.AppID) *org.View {
	v, _ := h.View(context.Background(), app)
	return v
}

func (h *house) HangUp(_ context.Context, _ openseat.AppID, sessionID, by string) error {
	if !slices.ContainsFunc(h.active, func(s cloudapi.ActiveSession) bool { return s.SessionID == sessionID }) {
		return openseat.Errorf(openseat.CodeNotFound, "not running")
	}
	h.hungUp = append(h.hungUp, sessionID+" by "+by)
	return nil
}

func (h *house) SendToGroup(_ context.Context, _ openseat.AppID, sessionID string, to call.SentToGroup) error {
	if !slices.ContainsFunc(h.active, func(s cloudapi.ActiveSession) bool { return s.SessionID == sessionID }) {
		return openseat.Errorf(openseat.CodeNotFound, "not running")
	}
	h.handedOn = append(h.handedOn, to)
	return nil
}

func (h *house) Active(context.Context, openseat.AppID) ([]cloudapi.ActiveSession, error) {
	return h.active, nil
}

func (h *house) CallOut(_ context.Context, _ openseat.AppID, first call.CallOut) (string, error) {
	if a := h.agents[first.User]; a.Status == acd.StatusBusy {
		return "", openseat.Errorf(openseat.CodeSeatBusy, "agent %q is busy", first.User)
	}
	h.calledOut = append(h.calledOut, first)
	return fmt.Sprint("session-", len(h.calledOut)), nil
}

func (h *house) CallFlow(_ context.Context, _ openseat.AppID, first call.CallOutFlow) (string, error) {
	h.flowCalls = append(h.flowCalls, first)
	return fmt.Sprint("flow-", len(h.flowCalls)), nil
}

func (h *house) Registrar(app openseat.AppID) cloudapi.Registrar {
	return cloudapi.Registrar{Domain: app.String() + ".desk.example", Proxy: "desk.example:5060", Transport: "tcp"}
}

func (h *house) Registered(openseat.AppID) map[string]bool { return h.registered }

func (h *house) StatusHistory(
	_ context.Context, _ openseat.AppID, user string, from, to time.Time, after int64, limit int,
) ([]report.StatusChange, error) {
	var found []report.StatusChange
	for _, c := range h.history {
		if c.User == user && c.N > after && !c.Since.Before(from) && c.Since.Before(to) && len(found) < limit {
			found = append(found, c)
		}
	}
	return found, nil
}

func (h *house) Usage(context.Context, openseat.AppID, time.Time, time.Time) (report.Usage, error) {
	return h.usage, nil
}

func (h *house) Link(app openseat.AppID, user string) (string, error) {
	return "https://desk/console/#/link/" + app.String() + "/" + user, nil
}

func (h *house) Who(r *http.Request) (cloudapi.Person, error) {
	if c, err := r.Cookie("stay"); err != nil || c.Value != "secret" {
		return cloudapi.Person{}, openseat.Errorf("AuthFailure.SignedOut", "nobody is inside")
	}
	return h.person, nil
}

func (h *house) SetStatus(_ context.Context, _ openseat.AppID, set acd.StatusSet) (acd.Status, error) {
	a, ok := h.agents[set.User]
	if !ok {
		return "", openseat.Errorf(openseat.CodeStateNotAllowed, "agent %q is offline", set.User)
	}
	before := a.Status
	if before == acd.StatusBusy {
		a.Reserved = set.Status
	} else {
		a.Status, a.Reason = set.Status, set.Reason
	}
	h.agents[set.User] = a
	return before, nil
}

func (h *house) Agents(context.Context, openseat.AppID) (map[string]acd.AgentView, error) {
	return maps.Clone(h.agents), nil
}

func (h *house) CDRs(_ context.Context, _ openseat.AppID, q cloudapi.CDRQuery) (int, []report.CDR, error) {
	h.asked = q
	var found []report.CDR
	for _, c := range h.cdrs {
		if len(q.SessionIDs) == 0 || slices.Contains(q.SessionIDs, c.SessionID) {
			found = append(found, c)
		}
	}
	from := min(q.Offset, len(found))
	return len(found), found[from:min(from+q.Limit, len(found))], h.trouble
}

func (h *house) Recordings(context.Context, openseat.AppID, []string) ([]call.Recording, error) {
	return h.recordings, nil
}

func (h *house) Timeline(_ context.Context, _ openseat.AppID, sessionID string) ([]openseat.Entry, error) {
	if len(h.entries) == 0 || h.entries[0].Ref.ID != sessionID {
		return nil, openseat.Errorf(openseat.CodeNotFound, "no journal")
	}
	return h.entries, nil
}

func (h *house) StatusMetrics(context.Context, openseat.AppID) (map[string]cloudapi.StatusDay, error) {
	return h.days, nil
}

func (h *house) Recording(rec call.Recording) string { return "https://desk/rec/" + rec.Record }

func (h *house) Issue(_ context.Context, app openseat.AppID, user string, onlyOnce bool) (cloudapi.Login, error) {
	token := "token-of-" + user
	return cloudapi.Login{Token: token, ExpiresAt: h.now.Add(10 * time.Minute), SDKURL: "https://desk/sdk/tccc.js?token=" + token + "&once=" + strconv.FormatBool(onlyOnce) + "&app=" + app.String()}, nil
}

func (h *house) Deliveries(_ context.Context, _ openseat.AppID, q cloudapi.DeliveryQuery) (int, []api.PushDelivery, error) {
	var found []api.PushDelivery
	for _, d := range h.deliveries {
		if q.Status == "" || d.Status == q.Status {
			found = append(found, d)
		}
	}
	return len(found), found, nil
}

func (h *house) Replay(_ context.Context, _ openseat.AppID, uuid string) error {
	h.replayed = append(h.replayed, uuid)
	return nil
}

func (h *house) Alarms(context.Context, openseat.AppID) ([]api.Alarm, error) {
	if h.panics {
		panic("a bug of ours")
	}
	return []api.Alarm{{Name: "disk-full", Count: 2}}, nil
}

// request is one signed request, before it is spoilt.
type request struct {
	method, query, contentType, body string
	action, version                  string
	host, signedHost                 string
	id, key, service                 string
	at                               time.Time
	headers                          []string // signed ones
	spoil                            func(*http.Request)
}

// ask is an unspoilt POST of an action.
func (h *house) ask(action, version, body string) request {
	return request{
		method: http.MethodPost, contentType: "application/json", body: body, action: action, version: version, host: "ccc.example.com",
		id: secretID, key: secretKey, service: "ccc", at: h.now, headers: []string{"content-type", "host"},
	}
}

func (q request) signed() *http.Request {
	target := "/"
	if q.query != "" {
		target += "?" + q.query
	}
	r := httptest.NewRequest(q.method, target, strings.NewReader(q.body))
	r.Host = q.host
	r.Header.Set("Content-Type", q.contentType)
	r.Header.Set(api.ActionHeader, q.action)
	r.Header.Set(api.VersionHeader, q.version)
	r.Header.Set(api.TimestampHeader, strconv.FormatInt(q.at.Unix(), 10))
	signed := api.TC3Request{Method: q.method, Path: "/", Query: q.query, Payload: api.HashPayload([]byte(q.body))}
	for _, name := range q.headers {
		value := r.Header.Get(name)
		if name == "host" {
			value = q.host
			if q.signedHost != "" {
				value = q.signedHost
			}
		}
		if strings.HasPrefix(name, "x-") {
			value = strings.ToLower(value)
		}
		signed.Headers = append(signed.Headers, api.TC3Header{Name: name, Value: value})
	}
	r.Header.Set("Authorization", signed.Authorization(q.id, q.key, q.at, q.service))
	if q.spoil != nil {
		q.spoil(r)
	}
	return r
}

// answer is what came back.
type answer struct {
	Response struct {
		Error     *struct{ Code, Message string }
		RequestId string
	}
	raw    string
	status int
}

func (a answer) code() string {
	if a.Response.Error == nil {
		return ""
	}
	return a.Response.Error.Code
}

func (h *house) send(tb testing.TB, r *http.Request) answer {
	tb.Helper()
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	if err != nil {
		tb.Fatal(err)
	}
	a := answer{raw: string(body), status: w.Code}
	if err := json.Unmarshal(body, &a); err != nil {
		tb.Fatalf("%v in %s", err, body)
	}
	return a
}

// do asks and decodes a good answer into an R.
func do[R any](t *testing.T, h *house, action, version, body string) R {
	t.Helper()
	a := h.send(t, h.ask(action, version, body).signed())
	if a.code() != "" {
		t.Fatalf("%s: %s", action, a.raw)
	}
	var out struct{ Response R }
	if err := json.Unmarshal([]byte(a.raw), &out); err != nil {
		t.Fatal(err)
	}
	return out.Response
}

// mustOwn gives the home instance a number to call out with.
func (h *house) mustOwn(tb testing.TB, number string) {
	tb.Helper()
	if err := h.office.PutTrunk(tb.Context(), org.Trunk{App: home, Name: "line", Peer: "carrier.example:5060"}); err != nil {
		tb.Fatal(err)
	}
	if err := h.office.PutNumber(tb.Context(), org.Number{App: home, Number: number, Trunk: "line", CallOut: true}); err != nil {
		tb.Fatal(err)
	}
}
