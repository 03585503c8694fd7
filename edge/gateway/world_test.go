package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
)

const (
	app   openseat.AppID = 1400000001
	alice                = "alice@demo.openseat"
	bob                  = "bob@demo.openseat"
	carol                = "carol@demo.openseat" // an inspector
)

// world is a gateway with everything around it in memory: real boards and calls, a journal, lines without sound.
type world struct {
	t        *testing.T
	g        *Gateway
	view     *org.View
	listener *pipes
	client   *http.Client

	mu     sync.Mutex
	things map[openseat.Ref]openseat.Thing
	timers map[string]*time.Timer
	seq    uint64
	asks   int
	waits  map[string]chan openseat.Reply
	watch  func(openseat.Entry)
	offers []string // "user session sdp", in order
	opened map[string]bool
	active []report.Session
	deaf   error // what Ask and Tell answer instead of doing anything
}

// desk runs a story in a bubble of virtual time.
func desk(t *testing.T, story func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := newWorld(t)
		server := &http.Server{Handler: w.g.Handler(), ReadHeaderTimeout: time.Second}
		var running sync.WaitGroup
		running.Go(func() { _ = server.Serve(w.listener) })
		running.Go(func() { _ = w.g.Run(ctx) })
		synctest.Wait()
		defer func() { // also after a Fatal
			cancel()
			synctest.Wait()
			w.client.CloseIdleConnections()
			_ = server.Close()
			running.Wait()
			w.stopTimers()
			time.Sleep(time.Minute) // connections that nobody reads any more are given up by their deadlines
		}()
		story(w)
	})
}

func newWorld(t *testing.T) *world {
	w := &world{
		t: t, listener: newPipes(), things: map[openseat.Ref]openseat.Thing{}, timers: map[string]*time.Timer{},
		waits: map[string]chan openseat.Reply{}, opened: map[string]bool{}, view: setUp(),
	}
	w.client = &http.Client{Transport: &http.Transport{DialContext: w.listener.dial}}
	w.g = New(Config{
		Things: w, Media: w, Echo: w, Org: w, Vault: NewMemoryVault(), Watch: w.watchJournal, Active: w.running, Base: "http://desk.test",
		Log: slog.New(slog.DiscardHandler),
	})
	w.things[openseat.BoardRef(app)] = acd.New(app)
	w.tell(openseat.BoardRef(app), acd.Configured{
		Groups: []acd.GroupPlan{{ID: 1}},
		Agents: []acd.AgentPlan{{User: alice, Groups: map[int64]int{1: 3}}, {User: bob, Groups: map[int64]int{1: 3}}, {User: carol}},
	})
	return w
}

func setUp() *org.View {
	staff := func(user, name string) *org.Staff {
		return &org.Staff{App: app, UserID: user, Name: name, Role: org.RoleAgent, Groups: []org.Membership{{GroupID: 1, Priority: 3}}}
	}
	inspector := &org.Staff{App: app, UserID: carol, Name: "Carol", Role: org.RoleInspector}
	return &org.View{
		Instance: org.Instance{App: app, Settings: org.Settings{RestReasons: []string{"lunch", "meeting"}}},
		Staff:    map[string]*org.Staff{alice: staff(alice, "Alice"), bob: staff(bob, "Bob"), carol: inspector},
		Groups:   map[int64]*org.SkillGroup{1: {App: app, ID: 1, Name: "Support", RingTimeout: 20 * time.Second}},
		Numbers: map[string]*org.Number{
			"00864008001000": {App: app, Number: "00864008001000", Trunk: "demo", CallOut: true, State: org.NumberNormal},
		},
		Trunks: map[string]*org.Trunk{"demo": {App: app, Name: "demo"}},
	}
}

// View implements Org.
func (w *world) View(a openseat.AppID) *org.View {
	if a != app {
		return nil
	}
	return w.view
}

// running is Config.Active.
func (w *world) running(openseat.AppID) []report.Session {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.active
}

// runs makes these the running calls.
func (w *world) runs(now ...report.Session) {
	w.mu.Lock()
	w.active = now
	w.mu.Unlock()
	w.g.SessionsChanged(app)
}

// Offer implements Media: an offer is welcome once the call has opened the agent's leg.
func (w *world) Offer(_ context.Context, _ openseat.AppID, user, session, _, sdp string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.opened[user+" "+session] {
		return "", openseat.Errorf(openseat.CodeNotFound, "no leg")
	}
	w.offers = append(w.offers, user+" "+session+" "+sdp)
	return "answer to " + sdp, nil
}

// Echo implements Echo.
func (w *world) Echo(_ context.Context, name, sdp string, _ time.Duration) (string, error) {
	return name + " hears " + sdp, nil
}

func (w *world) watchJournal(ctx context.Context, handle func(openseat.Entry)) error {
	w.mu.Lock()
	w.watch = handle
	w.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// Ask implements Things.
func (w *world) Ask(ctx context.Context, ref openseat.Ref, e openseat.Event) (any, error) {
	w.mu.Lock()
	if w.deaf != nil {
		defer w.mu.Unlock()
		return nil, w.deaf
	}
	if w.things[ref] == nil {
		defer w.mu.Unlock()
		return nil, openseat.Errorf(openseat.CodeNotFound, "%s is not alive", ref)
	}
	w.asks++
	id := strconv.Itoa(w.asks)
	answer := make(chan openseat.Reply, 1)
	w.waits[id] = answer
	w.handle(ref, openseat.Asked{Ask: id, Event: e})
	w.mu.Unlock()
	select {
	case r := <-answer:
		if r.Error != nil {
			return nil, r.Error
		}
		return r.Value, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Tell implements Things.
func (w *world) Tell(_ context.Context, ref openseat.Ref, e openseat.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.deaf != nil {
		return w.deaf
	}
	w.handle(ref, e)
	return nil
}

// Start implements Things.
func (w *world) Start(ctx context.Context, ref openseat.Ref, first openseat.Event) (any, error) {
	w.mu.Lock()
	w.things[ref] = call.New(ref)
	w.mu.Unlock()
	return w.Ask(ctx, ref, first)
}

func (w *world) tell(ref openseat.Ref, e openseat.Event) {
	w.t.Helper()
	if err := w.Tell(w.t.Context(), ref, e); err != nil {
		w.t.Fatal(err)
	}
}

// handle is the runtime: event in, entry into the journal, commands done.
func (w *world) handle(ref openseat.Ref, e openseat.Event) {
	thing := w.things[ref]
	if thing == nil {
		return
	}
	commands := thing.Handle(time.Now(), e)
	w.seq++
	if w.watch != nil {
		w.watch(openseat.Entry{Ref: ref, Seq: w.seq, At: time.Now(), Event: e, Commands: commands})
	}
	for _, c := range commands {
		w.do(ref, c)
	}
}

// entry writes into the journal what a call of its own accord wants.
func (w *world) entry(ref openseat.Ref, commands ...openseat.Command) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seq++
	w.watch(openseat.Entry{Ref: ref, Seq: w.seq, At: time.Now(), Event: openseat.TimerFired{Name: "some"}, Commands: commands})
}

func (w *world) do(ref openseat.Ref, c openseat.Command) {
	switch c := c.(type) {
	case openseat.Tell:
		w.handle(c.To, c.Event)
	case openseat.Reply:
		w.waits[c.Ask] <- c
		delete(w.waits, c.Ask)
	case openseat.SetTimer:
		w.setTimer(ref, c)
	case openseat.StopTimer:
		if t := w.timers[ref.String()+c.Name]; t != nil {
			t.Stop()
		}
	case openseat.Done:
		delete(w.things, ref)
	case call.OpenAgent:
		w.opened[c.User+" "+ref.ID] = true
	}
}

func (w *world) setTimer(ref openseat.Ref, c openseat.SetTimer) {
	name := ref.String() + c.Name
	if t := w.timers[name]; t != nil {
		t.Stop()
	}
	w.timers[name] = time.AfterFunc(c.After, func() { _ = w.Tell(context.Background(), ref, openseat.TimerFired{Name: c.Name}) })
}

func (w *world) stopTimers() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.timers {
		t.Stop()
	}
}

// customerCalls lets a customer call and wait in the queue of group 1; it answers the session.
func (w *world) customerCalls(id string) openseat.Ref {
	w.t.Helper()
	flow := json.RawMessage(`{"name":"direct","start":"q","nodes":{"q":{"type":"queue","group":1}}}`)
	ref := openseat.CallRef(app, id)
	w.mu.Lock()
	w.things[ref] = call.New(ref)
	w.mu.Unlock()
	w.tell(ref, call.Arrived{
		Plan:  call.Plan{App: app, Flow: flow, Groups: w.view.Groups},
		Trunk: "demo", Caller: "008613800138000", Callee: "00864008001000",
	})
	w.tell(ref, call.LegAnswered{Leg: call.CustomerLeg})
	return ref
}

func (w *world) customerHangsUp(ref openseat.Ref) {
	w.t.Helper()
	w.tell(ref, call.LegEnded{Leg: call.CustomerLeg, Cause: call.Cause{SIP: 200, ByPeer: true}})
}

// status is what the board says of an agent.
func (w *world) status(user string) acd.Status {
	w.t.Helper()
	return w.agent(user).Status
}

func (w *world) agent(user string) acd.AgentView {
	w.t.Helper()
	value, err := w.Ask(w.t.Context(), openseat.BoardRef(app), acd.Overview{Users: []string{user}})
	if err != nil {
		w.t.Fatal(err)
	}
	board, _ := into[acd.Wallboard](value)
	return board.Agents[0]
}

// tab is a browser's page, speaking only the protocol.
type tab struct {
	w    *world
	ws   *websocket.Conn
	name string
	id   uint64
	got  []json.RawMessage // every message but pings, in order
}

// heard is one message, as a page reads it.
type heard struct {
	ID     uint64          `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *openseat.Error `json:"error"`
	Event  string          `json:"event"`
	Data   map[string]any  `json:"data"`
	Seq    uint64          `json:"seq"`
}

func (w *world) connect(name string) *tab {
	w.t.Helper()
	p, err := w.dial("ws://desk.test/sdk/agent", name)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) dial(url, name string) (*tab, error) {
	ws, resp, err := websocket.Dial(w.t.Context(), url, &websocket.DialOptions{
		HTTPClient: w.client, HTTPHeader: http.Header{"Origin": {"https://crm.example.com"}},
	})
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(1 << 20)
	return &tab{w: w, ws: ws, name: name}, nil
}

// login is a page after its load: a new tabUUID, a new token.
func (w *world) login(user, name string) (*tab, snapshot) {
	w.t.Helper()
	login, err := w.g.Issue(w.t.Context(), app, user)
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.connect(name)
	return p, p.hello(map[string]any{"token": login.Token})
}

// share is a page that shares its login with the others of its browser.
func (w *world) share(user, browser, name string) (*tab, snapshot) {
	w.t.Helper()
	login, err := w.g.Issue(w.t.Context(), app, user)
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.connect(name)
	return p, p.hello(map[string]any{"token": login.Token, "shared": browser})
}

func (p *tab) hello(params map[string]any) snapshot {
	p.w.t.Helper()
	params["version"], params["tabUUID"] = Version, p.name
	return asked[snapshot](p, "hello", params)
}

func (p *tab) send(method string, params any) uint64 {
	p.w.t.Helper()
	p.id++
	body, err := json.Marshal(map[string]any{"id": p.id, "method": method, "params": params})
	if err != nil {
		p.w.t.Fatal(err)
	}
	if err := p.ws.Write(p.w.t.Context(), websocket.MessageText, body); err != nil {
		p.w.t.Fatal(err)
	}
	return p.id
}

// read takes the next message, giving signs of life as a page does.
func (p *tab) read() (heard, error) {
	for {
		_, body, err := p.ws.Read(p.w.t.Context())
		if err != nil {
			return heard{}, err
		}
		var h heard
		if err := json.Unmarshal(body, &h); err != nil {
			return h, err
		}
		if h.Event != "ping" {
			p.got = append(p.got, body)
			return h, nil
		}
		if err := p.ws.Write(p.w.t.Context(), websocket.MessageText, []byte(`{"method":"pong"}`)); err != nil {
			return h, err
		}
	}
}

// ask sends a request and returns its answer; events meanwhile are passed over.
func (p *tab) ask(method string, params any) heard {
	p.w.t.Helper()
	id := p.send(method, params)
	for {
		h, err := p.read()
		if err != nil {
			p.w.t.Fatalf("%s: %v", method, err)
		}
		if h.Event == "" && h.ID == id {
			return h
		}
	}
}

func asked[T any](p *tab, method string, params any) T {
	p.w.t.Helper()
	h := p.ask(method, params)
	if h.Error != nil {
		p.w.t.Fatalf("%s: %v", method, h.Error)
	}
	var v T
	if err := json.Unmarshal(h.Result, &v); err != nil {
		p.w.t.Fatal(err)
	}
	return v
}

// event waits for an event of this name.
func (p *tab) event(name string) heard {
	p.w.t.Helper()
	for {
		h, err := p.read()
		if err != nil {
			p.w.t.Fatalf("waiting for %s: %v", name, err)
		}
		if h.Event == name {
			return h
		}
	}
}

// ends reads until the connection is closed, and answers how, and the events before.
func (p *tab) ends() (websocket.StatusCode, string) {
	var events []string
	for {
		h, err := p.read()
		if err != nil {
			return websocket.CloseStatus(err), strings.Join(events, " ")
		}
		events = append(events, h.Event)
	}
}

func (p *tab) close() { _ = p.ws.Close(websocket.StatusGoingAway, "") }

// pipes is a network in memory.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	down  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), down: make(chan struct{})} }

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.down:
		return nil, errors.New("no route to host")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.down:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { l.once.Do(func() { close(l.down) }); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
