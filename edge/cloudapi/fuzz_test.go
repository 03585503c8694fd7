package cloudapi

import (
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"openseat"
	"openseat/api"
)

// everything is a request with a member of every kind.
type everything struct {
	SdkAppId int64              `json:"SdkAppId" api:"required"`
	Text     *string            `json:"Text,omitempty"`
	Flag     *bool              `json:"Flag,omitempty"`
	Share    *float64           `json:"Share,omitempty"`
	Numbers  []int64            `json:"Numbers,omitempty"`
	Words    []string           `json:"Words,omitempty"`
	Inner    *api.StaffInfo     `json:"Inner,omitempty"`
	List     []api.SeatUserInfo `json:"List,omitempty"`
	Raw      json.RawMessage    `json:"Raw,omitempty"`
}

func FuzzAuthorization(f *testing.F) {
	good := "TC3-HMAC-SHA256 Credential=AKID/2026-03-03/ccc/tc3_request, SignedHeaders=content-type;host, Signature=" + strings.Repeat("0a", 32)
	for _, seed := range []string{good, "SKIP", "", strings.ReplaceAll(good, ", ", ","), strings.Replace(good, "host", "host;x-tc-action", 1), good + ",", "TC3-HMAC-SHA256 ,,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		a, err := parseAuthorization(header)
		if err != nil {
			if !errors.Is(err, &openseat.Error{Code: codeInvalidAuthorization}) {
				t.Fatalf("%q: %v", header, err)
			}
			return
		}
		if !slices.IsSorted(a.headers) || !slices.Contains(a.headers, "host") || !isHex64(a.signature) || a.secretID == "" || strings.Contains(a.secretID, "/") {
			t.Fatalf("%q gives %+v", header, a)
		}
		again := api.TC3Algorithm + " Credential=" + a.secretID + "/" + a.date + "/" + a.service + "/tc3_request, SignedHeaders=" +
			strings.Join(a.headers, ";") + ", Signature=" + a.signature
		if b, err := parseAuthorization(again); err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%q gives %+v, %q gives %+v (%v)", header, a, again, b, err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{"SdkAppId":1,"Text":"a","Flag":true,"Share":0.5,"Numbers":[1,2],"Words":["a"],"Raw":{"a":[1]}}`,
		`{"SdkAppId":1,"List":[{"Name":"a","Mail":"b","StaffNumber":"c","Role":1}],"Inner":{"Name":"x"}}`,
		`{"SdkAppId":1e3}`, `{"SdkAppId":null}`, `[]`, `{`, `{"SdkAppId":1}{}`, `{"SdkAppId":1,"List":[{}]}`, `{"SdkAppId":1,"Raw":null}`, ``,
	} {
		f.Add([]byte(seed))
	}
	known := shapes{}
	known.learn(reflect.TypeFor[everything]())
	f.Fuzz(func(t *testing.T, body []byte) {
		var got everything
		if err := known.decodeJSON(body, &got); err != nil {
			refusedByName(t, err)
			return
		}
		// What is taken is valid JSON, and taken the same way by the standard library.
		var want everything
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%q was taken, but: %v", body, err)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var twice everything
		if err := known.decodeJSON(again, &twice); err != nil {
			t.Fatalf("%q became %s, which is refused: %v", body, again, err)
		}
		if got.SdkAppId != want.SdkAppId || !reflect.DeepEqual(got.Numbers, want.Numbers) || !reflect.DeepEqual(got.List, want.List) {
			t.Fatalf("%q gives %+v, the standard library %+v", body, got, want)
		}
	})
}

func FuzzFlat(f *testing.F) {
	for _, seed := range []string{
		"SdkAppId=1&Text=a&Flag=true&Share=0.5&Numbers.0=1&Numbers.1=2", "SdkAppId=1&List.0.Name=a&List.0.Mail=b&List.0.StaffNumber=c",
		"SdkAppId=1&Raw={}", "SdkAppId=1&Words.1=a", "SdkAppId=1&Words=a&Words.0=b", "A.B.C.D.E.F=1", "SdkAppId=&Flag=", "=", ".=1", "SdkAppId=1&Numbers.00=1",
	} {
		f.Add(seed)
	}
	known := shapes{}
	known.learn(reflect.TypeFor[everything]())
	f.Fuzz(func(t *testing.T, query string) {
		values, err := parseQuery(query)
		if err != nil {
			return
		}
		var got everything
		if err := known.decodeFlat(values, &got); err != nil {
			refusedByName(t, err)
			return
		}
		var again everything
		if err := known.decodeFlat(flatten(t, got), &again); err != nil {
			t.Fatalf("%q gives %+v, which is refused: %v", query, got, err)
		}
	})
}

// refusedByName wants a refusal that is the caller's fault.
func refusedByName(t *testing.T, err error) {
	t.Helper()
	ours := openseat.AsError(err)
	codes := []string{openseat.CodeInvalidParameter, openseat.CodeInvalidValue, openseat.CodeMissingParameter, openseat.CodeUnknownParameter}
	if !slices.Contains(codes, ours.Code) {
		t.Fatalf("refused with %v", err)
	}
}

// flatten writes a request as SDKs write a GET.
func flatten(t *testing.T, request any) url.Values {
	t.Helper()
	b, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for name, raw := range members {
		var text string
		switch {
		case name == "Raw":
			values.Set(name, string(raw))
		case json.Unmarshal(raw, &text) == nil:
			values.Set(name, text)
		case raw[0] != '[' && raw[0] != '{':
			values.Set(name, string(raw))
		}
	}
	return values
}
