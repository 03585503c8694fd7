package gateway

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"openseat"
	"openseat/core/call"
)

var update = flag.Bool("update", false, "rewrite the fixtures that the SDK's tests replay")

// The SDK's tests replay what the server really says: each story is the list of messages one page got.
func TestFixtures(t *testing.T) {
	all := stories()
	maps.Copy(all, teamStories())
	for name, story := range all {
		t.Run(name, func(t *testing.T) {
			desk(t, func(w *world) {
				page := story(w)
				defer page.close()
				fixture(t, name, page.got)
			})
		})
	}
}

// stories are those of one agent and his customer.
func stories() map[string]func(w *world) *tab {
	return map[string]func(w *world) *tab{
		"inbound": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			ref := talking(w, page)
			asked[any](page, "call.hold", map[string]any{"sessionId": "s1", "on": true})
			w.customerHangsUp(ref)
			page.event("sessionEnded")
			page.event("statusChanged")
			return page
		},
		"declined": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			w.customerCalls("s1")
			page.event("callIn")
			page.send("call.decline", map[string]any{"sessionId": "s1"})
			page.event("autoTransfer")
			return page
		},
		"outbound": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			out := asked[call.CallResponse](page, "call.start", map[string]any{"phoneNumber": "13800138000", "phoneDesc": "Ms Wang"})
			ref := openseat.CallRef(app, out.SessionID)
			w.tell(ref, call.LegAnswered{Leg: "a1"})
			w.tell(ref, call.LegRinging{Leg: call.CustomerLeg})
			w.tell(ref, call.LegAnswered{Leg: call.CustomerLeg})
			page.event("calloutAccepted")
			w.customerHangsUp(ref)
			page.event("sessionEnded")
			page.event("statusChanged")
			return page
		},
		"reload": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			talking(w, page)
			asked[any](page, "call.mute", map[string]any{"sessionId": "s1", "on": true})
			page.close()
			again, _ := w.login(alice, "tab-2")
			return again
		},
		"kicked": func(w *world) *tab {
			page, _ := w.login(alice, "tab-1")
			second, _ := w.login(alice, "tab-2")
			defer second.close()
			page.ends()
			return page
		},
	}
}

func fixture(t *testing.T, name string, got []json.RawMessage) {
	t.Helper()
	body, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	body = append(masked(body), '\n')
	file := filepath.Join("..", "..", "web", "agent-sdk", "test", "fixtures", name+".json")
	if *update {
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, want) {
		t.Errorf("the server no longer says what %s has (go test ./edge/gateway -run TestFixtures -update):\n%s", file, body)
	}
}

// masked gives what is random a name that is always the same.
func masked(b []byte) []byte {
	random := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b`)
	names := map[string]string{}
	return random.ReplaceAllFunc(b, func(found []byte) []byte {
		if names[string(found)] == "" {
			names[string(found)] = "random-" + strconv.Itoa(len(names)+1)
		}
		return []byte(names[string(found)])
	})
}

// What stands between the journal and an agent's page: an entry is news for one of ten thousand agents.
func BenchmarkNews(b *testing.B) {
	w := &world{view: setUp()}
	g := New(Config{Things: w, Media: w, Org: w, Vault: NewMemoryVault()})
	for i := range 10_000 {
		who := identity{app, strconv.Itoa(i)}
		g.hub.join(newPage(g, nil, who, "tab", ""))
	}
	p := newPage(g, nil, identity{app, alice}, "tab", "")
	g.hub.join(p)
	entry := openseat.Entry{Ref: openseat.CallRef(app, "s1"), Commands: []openseat.Command{call.Notify{
		User: alice, Event: "callIn", Data: map[string]any{"sessionId": "s1", "callerPhoneNumber": "008613800138000", "timeout": 20},
	}}}
	for b.Loop() {
		g.news(entry)
		<-p.out
	}
}
