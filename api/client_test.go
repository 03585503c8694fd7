package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"openseat/api"
)

func TestClientTakesTheEnvelopeOff(t *testing.T) {
	tests := []struct {
		name, answer string
		status       int
		token, code  string
		fails        bool
	}{
		{name: "an answer", status: 200, answer: `{"Response":{"Token":"abc","RequestId":"r1"}}`, token: "abc"},
		{name: "a refusal", status: 200, answer: `{"Response":{"Error":{"Code":"InvalidAction","Message":"no"},"RequestId":"r1"}}`, code: "InvalidAction", fails: true},
		{name: "a broken proxy", status: 502, answer: `bad gateway`, fails: true},
		{name: "no JSON", status: 200, answer: `<html>`, fails: true},
		{name: "no envelope", status: 200, answer: `{}`, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			}))
			defer server.Close()
			client := &api.Client{Endpoint: server.URL, SecretID: "id", SecretKey: "key"}
			got, err := client.CreateSDKLoginToken(t.Context(), &api.CreateSDKLoginTokenRequest{SdkAppId: 1400000001, SeatUserId: "alice"})
			if (err != nil) != tt.fails {
				t.Fatalf("error %v, want failure: %t", err, tt.fails)
			}
			if api.ErrorCode(err) != tt.code {
				t.Errorf("error %v, want code %s", err, tt.code)
			}
			if err == nil && got.Token != tt.token {
				t.Errorf("token %q, want %q", got.Token, tt.token)
			}
		})
	}
}

func TestClientSignsWhatItSends(t *testing.T) {
	at := time.Unix(1700000000, 0)
	var got *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, `{"Response":{"RequestId":"r1"}}`)
	}))
	defer server.Close()
	client := &api.Client{Endpoint: server.URL, SecretID: "id", SecretKey: "key", Now: func() time.Time { return at }}
	if err := client.Call(t.Context(), "HangUpCall", api.Version, map[string]any{"SdkAppId": 1400000001, "SessionId": "s"}, nil); err != nil {
		t.Fatal(err)
	}
	signed := api.TC3Request{Method: "POST", Path: "/", Payload: api.HashPayload(body), Headers: []api.TC3Header{
		{Name: "content-type", Value: got.Header.Get("Content-Type")}, {Name: "host", Value: got.Host}, {Name: "x-tc-action", Value: "hangupcall"},
	}}
	if want := signed.Authorization("id", "key", at, "ccc"); got.Header.Get("Authorization") != want {
		t.Errorf("Authorization %q, want %q", got.Header.Get("Authorization"), want)
	}
}

func TestCatalogueOfErrors(t *testing.T) {
	entries, err := api.Errors()
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if e.EN == "" || e.ZH == "" {
			t.Errorf("%s lacks a sentence", e.Code)
		}
		if i > 0 && strings.Compare(entries[i-1].Code, e.Code) >= 0 {
			t.Errorf("%s is out of order", e.Code)
		}
	}
}

// The samples of the manual (shortened to one agent) come back member for member.
func TestPushesHaveTheManualsMembers(t *testing.T) {
	tests := []struct {
		name    string
		payload any
		members string
	}{
		{"cdr", api.CDRPush{}, "AcceptTimestamp CallType Callee Caller CallerLocation Direction Duration EndStatusString EndedTimestamp HungUpSide IVRDuration IVRKeyPressed IVRKeyPressedEx PostIVRKeyPressed QueuedSkillGroupId QueuedSkillGroupName QueuedTimestamp RecordId RingTimestamp SdkAppId SeatUser ServeParticipants SessionId StartTimeStamp StartTimestamp TelLocation UserRemark Uui"},
		{"seat user", api.PushSeatUser{}, "Mail Name Nick Phone SkillGroupNameList StaffNumber UserId"},
		{"participant", api.PushParticipant{}, "AcceptTimestamp EndStatusString EndedTimestamp Mail Phone RecordId RingTimestamp Sequence SkillGroupId SkillGroupName SkillGroupPriority StartTimeStamp TransferFrom TransferFromType TransferTo TransferToType Type"},
		{"location", api.PushLocation{}, "City Country Operator Province TelNumber"},
		{"record", api.RecordPush{}, "CustomRecordURL EndpointUser RecordId RecordURL SdkAppId SessionId Timestamp"},
		{"voicemail", api.VoicemailPush{}, "EndpointUser RecordURL SdkAppId SessionId Timestamp"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := members(t, tt.payload); got != tt.members {
				t.Errorf("members\n%s, want\n%s", got, tt.members)
			}
		})
	}
}

// members lists the JSON members of v, sorted.
func members(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
