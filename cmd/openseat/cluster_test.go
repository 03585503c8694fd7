package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"openseat/store/storetest"
)

// agentPage is a page that speaks the agent protocol with one node.
type agentPage struct {
	t     *testing.T
	ws    *websocket.Conn
	id    int
	hello said // the answer to hello
}

// said is a message of the server.
type said struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  any             `json:"error"`
	Event  string          `json:"event"`
	Data   map[string]any  `json:"data"`
}

// signIn opens a page of an agent at a node; pages of one browser share their login.
func signIn(t *testing.T, n *Node, at, user, browser, tab string) *agentPage {
	t.Helper()
	login, err := n.gateway.Issue(t.Context(), demoApp, user)
	if err != nil {
		t.Fatal(err)
	}
	p := dial(t, at)
	p.hello = p.ask("hello", map[string]any{"version": 1, "tabUUID": tab, "token": login.Token, "shared": browser})
	return p
}

func dial(t *testing.T, at string) *agentPage {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), strings.Replace(at, "http", "ws", 1)+"/sdk/agent", nil)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	return &agentPage{t: t, ws: ws}
}

// comesBack is a page whose node has gone: it tries another one until that lets it in.
func (p *agentPage) comesBack(at, user, tab string) said {
	p.t.Helper()
	var known struct {
		Resume string `json:"resume"`
	}
	if err := json.Unmarshal(p.hello.Result, &known); err != nil {
		p.t.Fatal(err)
	}
	const patience = 20 * time.Second
	pause := time.NewTicker(patience / 100) // as pages pause
	defer pause.Stop()
	var last error
	for began := time.Now(); time.Since(began) < patience; <-pause.C {
		again := dial(p.t, at)
		again.send("hello", map[string]any{"version": 1, "tabUUID": tab, "resume": known.Resume, "sdkAppId": demoApp, "userId": user})
		_, b, err := again.ws.Read(p.t.Context())
		var s said
		if err == nil && json.Unmarshal(b, &s) == nil && s.Error == nil {
			return s
		}
		last = err
		if s.Error != nil {
			p.t.Fatalf("refused: %s", b)
		}
	}
	p.t.Fatal("the other node lets nobody in: ", last)
	return said{}
}

// ask sends a request and waits for its answer; events meanwhile are passed over.
func (p *agentPage) ask(method string, params any) said {
	p.t.Helper()
	p.send(method, params)
	s := p.await(func(s said) bool { return s.ID == p.id })
	if s.Error != nil {
		p.t.Fatalf("%s: %v", method, s.Error)
	}
	return s
}

func (p *agentPage) send(method string, params any) {
	p.t.Helper()
	p.id++
	b, err := json.Marshal(map[string]any{"id": p.id, "method": method, "params": params})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.ws.Write(p.t.Context(), websocket.MessageText, b); err != nil {
		p.t.Fatal(err)
	}
}

func (p *agentPage) event(name string) said {
	p.t.Helper()
	return p.await(func(s said) bool { return s.Event == name })
}

// await reads until something is said, and gives signs of life meanwhile.
func (p *agentPage) await(is func(said) bool) said {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, b, err := p.ws.Read(ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		var s said
		if err := json.Unmarshal(b, &s); err != nil {
			p.t.Fatal(err)
		}
		if s.Event == "ping" {
			_ = p.ws.Write(ctx, websocket.MessageText, []byte(`{"method":"pong"}`))
		}
		if is(s) {
			return s
		}
	}
}

// The tabs of one browser are connected to two nodes: they see the same calls, one takes the sound when the other is closed,
// and another browser puts all of them out.
func TestTabsOnTwoNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("two nodes and a database take their time")
	}
	nats, database := theNATS(t), storetest.StartPostgres(t)
	defer nats.Shutdown()
	var nodes []*Node
	var at []string
	for range 2 {
		opts := nodeOptions(t, nats.ClientURL())
		opts.Database = database
		n, stop, ended := runNode(t, opts)
		server := httptest.NewServer(n.mux)
		defer func() { server.CloseClientConnections(); stop(); <-ended }()
		nodes, at = append(nodes, n), append(at, server.URL)
	}
	const alice, bob = "alice@demo.openseat", "bob@demo.openseat"
	first := signIn(t, nodes[0], at[0], alice, "chrome", "tab-1")
	second := signIn(t, nodes[1], at[1], alice, "chrome", "tab-2")
	colleague := signIn(t, nodes[1], at[1], bob, "", "tab-9")
	out := first.ask("call.internal", map[string]any{"calleeUserId": bob})
	var response struct {
		SessionID string `json:"sessionId"`
	}
	if err := json.Unmarshal(out.Result, &response); err != nil {
		t.Fatal(err)
	}
	if e := second.event("callOuted"); e.Data["sessionId"] != response.SessionID || e.Data["tabUUID"] != "tab-1" {
		t.Errorf("the other tab heard %v", e.Data)
	}
	colleague.event("callIn")
	began := time.Now()
	_ = first.ws.Close(websocket.StatusGoingAway, "")
	if e := second.event("takeOver"); e.Data["sessionId"] != response.SessionID || time.Since(began) > 2*time.Second {
		t.Errorf("asked for %v after %v", e.Data, time.Since(began))
	}
	picture := second.ask("resync", nil)
	if !strings.Contains(string(picture.Result), `"status":"busy"`) {
		t.Errorf("the agent was held for lost: %s", picture.Result)
	}
	third := signIn(t, nodes[0], at[0], alice, "firefox", "tab-3")
	second.event("kickedOut")
	third.send("call.hungUp", map[string]any{"sessionId": response.SessionID})
	third.event("sessionEnded")
}

// A node stops: its pages come in at the other one, which runs the board from then on.
func TestPagesMoveToAnotherNode(t *testing.T) {
	if testing.Short() {
		t.Skip("two nodes and a database take their time")
	}
	nats, database := theNATS(t), storetest.StartPostgres(t)
	defer nats.Shutdown()
	start := func() (n *Node, at string, stop func()) {
		opts := nodeOptions(t, nats.ClientURL())
		opts.Database = database
		n, cancel, ended := runNode(t, opts)
		server := httptest.NewServer(n.mux)
		return n, server.URL, sync.OnceFunc(func() { server.CloseClientConnections(); cancel(); <-ended })
	}
	const alice = "alice@demo.openseat"
	n, at, stop := start()
	defer stop()
	_, other, stopOther := start()
	defer stopOther()
	page := signIn(t, n, at, alice, "", "tab-1")
	page.ask("agent.setStatus", map[string]any{"status": "notReady"})
	stop()
	back := page.comesBack(other, alice, "tab-1")
	if !strings.Contains(string(back.Result), `"status":"notReady"`) {
		t.Errorf("the other node shows %s", back.Result)
	}
}
