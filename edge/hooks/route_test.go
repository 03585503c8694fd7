package hooks_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/edge/hooks"
)

func TestTheInterfaceOfANumber(t *testing.T) {
	vip := json.RawMessage(`{"name":"vip","start":"a","nodes":{"a":{"type":"hangup"}}}`)
	view := &org.View{Flows: map[string]*org.Flow{"vip": {Name: "vip", Definition: vip}}}
	id := strconv.FormatInt(call.FlowID("vip"), 10)
	for _, c := range []struct {
		name    string
		answers []string // the last again and again
		want    call.Routed
		asked   int32
	}{
		{"another flow, with values", []string{`{"CallInBound":{"IvrId":` + id + `,"Variables":[{"Key":"level","Value":"gold"}]}}`},
			call.Routed{ID: "h1", Flow: vip, Vars: map[string]string{"level": "gold"}}, 1},
		{"the number's own, with values", []string{`{"CallInBound":{"IvrId":7,"Variables":[{"Key":"level","Value":"gold"}]}}`},
			call.Routed{ID: "h1", Vars: map[string]string{"level": "gold"}}, 1},
		{"refused", []string{`{"CallInBound":{}}`}, call.Routed{ID: "h1", Reject: true}, 1},
		{"down at first", []string{"", "", `{"CallInBound":{"IvrId":7}}`}, call.Routed{ID: "h1", Vars: map[string]string{}}, 3},
		{"down", []string{""}, call.Routed{ID: "h1", Error: "the server answered HTTP 503"}, 3},
		{"no answer of this kind", []string{`{}`}, call.Routed{ID: "h1", Error: "the server's answer has no CallInBound"}, 3},
		{"a flow that is not there", []string{`{"CallInBound":{"IvrId":8}}`}, call.Routed{ID: "h1", Error: "the server wants flow 8, which is not published"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if want := `{"Event":"callInBound","SessionId":"s1","SdkAppId":1400000001,"CallInBound":{"IvrId":7,"Caller":"008613800138000","Callee":"00864008001000"}}`; string(body) != want {
					t.Errorf("asked %s", body)
				}
				answer := c.answers[min(int(n.Add(1)), len(c.answers))-1]
				if answer == "" {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
				_, _ = io.WriteString(w, answer)
			}))
			defer s.Close()
			told := make(chan openseat.Event, 1)
			h := hooks.New(hooks.Config{
				Tell:  func(_ openseat.Ref, e openseat.Event) { told <- e },
				Guard: loopback(), Log: slog.New(slog.DiscardHandler), View: func(openseat.AppID) *org.View { return view },
			})
			defer h.Close()
			h.Execute(openseat.CallRef(1400000001, "s1"), time.Now(), []openseat.Command{
				call.AskRoute{ID: "h1", URL: s.URL, IVRID: 7, Caller: "008613800138000", Callee: "00864008001000"},
			})
			got, _ := json.Marshal(<-told)
			want, _ := json.Marshal(c.want)
			if string(got) != string(want) || n.Load() != c.asked {
				t.Errorf("told %s after %d questions, want %s after %d", got, n.Load(), want, c.asked)
			}
		})
	}
}

func TestAnInterfaceThatIsNowhere(t *testing.T) {
	told := make(chan openseat.Event, 1)
	h := hooks.New(hooks.Config{
		Tell: func(_ openseat.Ref, e openseat.Event) { told <- e }, Log: slog.New(slog.DiscardHandler),
		View: func(openseat.AppID) *org.View { return nil },
	})
	defer h.Close()
	h.Execute(openseat.CallRef(1400000001, "s1"), time.Now(), []openseat.Command{call.AskRoute{ID: "h1", URL: "http://127.0.0.1:1/x"}})
	if r, _ := (<-told).(call.Routed); !strings.Contains(r.Error, "not public") {
		t.Errorf("told %+v", r)
	}
}
