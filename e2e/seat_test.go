package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/google/uuid"

	"openseat/api"
)

// news is an event of an agent's page, and when it came.
type news struct {
	Event string
	Data  json.RawMessage
	At    time.Time
}

// session is the session that the news is about.
func (n news) session() string {
	var d struct {
		SessionID string `json:"sessionId"`
	}
	_ = json.Unmarshal(n.Data, &d) // none, then
	return d.SessionID
}

// get is a member of the event as text, empty if there is none.
func (n news) get(name string) string {
	var d map[string]any
	_ = json.Unmarshal(n.Data, &d) // none, then
	if d[name] == nil {
		return ""
	}
	return fmt.Sprint(d[name])
}

// seat is an agent without a browser: it speaks the protocol of docs/protocol/agent.md as the SDK does, and has a WebRTC
// connection per call (line) in which it sings.
type seat struct {
	w    *world
	user string
	ws   *websocket.Conn

	mu      sync.Mutex
	id      uint64
	heard   []news
	status  string
	answers map[uint64]chan reply
	lines   map[string]*line // by session
	changed chan struct{}    // closed and replaced at every change
	closed  error
}

// reply is the answer to a request.
type reply struct {
	Result json.RawMessage `json:"result"`
	Error  *seatError      `json:"error"`
}

type seatError struct{ Code, Message string }

func (e *seatError) Error() string { return e.Code + ": " + e.Message }

// message is anything the center says.
type message struct {
	ID uint64 `json:"id"`
	reply
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

// sit signs an agent in; he is free then.
func (w *world) sit(user string) *seat {
	w.t.Helper()
	s := w.seat(user)
	s.must(s.awaitStatus("free"))
	return s
}

// seat signs an agent in.
func (w *world) seat(user string) *seat {
	w.t.Helper()
	s := &seat{w: w, user: user, answers: map[uint64]chan reply{}, lines: map[string]*line{}, changed: make(chan struct{})}
	login, err := w.api.CreateSDKLoginToken(w.ctx, &api.CreateSDKLoginTokenRequest{SdkAppId: w.demo.SdkAppID, SeatUserId: user})
	w.must(err)
	u, err := url.Parse(login.SdkURL)
	w.must(err)
	token := u.Query().Get("token")
	u.Scheme, u.Path, u.RawQuery = "ws", "/sdk/agent", ""
	s.ws, _, err = websocket.Dial(w.ctx, u.String(), nil)
	w.must(err)
	s.ws.SetReadLimit(1 << 20)
	w.t.Cleanup(s.leave)
	ready := make(chan reply, 1)
	s.answers[0] = ready
	go s.read()
	w.must(s.say(map[string]any{
		"id": 0, "method": "hello", "params": map[string]any{"version": 1, "tabUUID": uuid.NewString(), "token": token},
	}))
	r, err := s.await(ready)
	w.must(err)
	var picture struct{ Status struct{ Status string } }
	w.must(json.Unmarshal(r.Result, &picture))
	s.note(picture.Status.Status)
	return s
}

func (s *seat) must(err error) {
	s.w.t.Helper()
	if err != nil {
		s.w.t.Fatalf("%s: %v", s.user, err)
	}
}

// leave closes the page and its lines.
func (s *seat) leave() {
	_ = s.ws.CloseNow()
	s.mu.Lock()
	lines := s.lines
	s.lines = map[string]*line{}
	s.mu.Unlock()
	for _, l := range lines {
		l.close()
	}
}

func (s *seat) say(v any) error {
	ctx, cancel := context.WithTimeout(s.w.ctx, 5*time.Second)
	defer cancel()
	return wsjson.Write(ctx, s.ws, v)
}

func (s *seat) read() {
	for {
		var m message
		if err := wsjson.Read(s.w.t.Context(), s.ws, &m); err != nil {
			s.mu.Lock()
			s.closed = fmt.Errorf("%s's page: %w", s.user, err)
			s.tell()
			s.mu.Unlock()
			return
		}
		switch m.Event {
		case "":
			s.answered(m)
		case "ping":
			_ = s.say(map[string]any{"method": "pong"}) // Read will tell that it is gone
		default:
			s.hear(m)
		}
	}
}

func (s *seat) answered(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.answers[m.ID]; ch != nil {
		ch <- m.reply
		delete(s.answers, m.ID)
	}
}

func (s *seat) hear(m message) {
	n := news{Event: m.Event, Data: m.Data, At: time.Now()}
	if n.Event == "sessionEnded" || n.Event == "autoTransfer" {
		s.drop(n.session())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, n)
	if n.Event == "statusChanged" {
		s.status = n.get("status")
	}
	s.tell()
}

func (s *seat) note(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
	s.tell()
}

// tell wakes those who wait. s.mu is held.
func (s *seat) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// until waits until found says so; it is called with s.mu held.
func (s *seat) until(within time.Duration, what string, found func() bool) error {
	ctx, cancel := context.WithTimeout(s.w.ctx, within)
	defer cancel()
	for {
		s.mu.Lock()
		met, changed, gone := found(), s.changed, s.closed
		s.mu.Unlock()
		switch {
		case met:
			return nil
		case gone != nil:
			return fmt.Errorf("%s: %w", what, gone)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%s: not within %v; %s is %s and heard %s", what, within, s.user, s.state(), s.diary())
		}
	}
}

// state is the agent's status as his page knows it.
func (s *seat) state() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// diary is what the page heard, in a line.
func (s *seat) diary() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, n := range s.heard {
		all = append(all, n.Event+string(n.Data))
	}
	return strings.Join(all, " ")
}

func (s *seat) awaitStatus(status string) error {
	return s.until(stepTime, "status "+status, func() bool { return s.status == status })
}

// stepTime is how long one step of a story may take at most; what must be quicker is measured.
const stepTime = 15 * time.Second

// hears waits for an event; with a session, for that session's.
func (s *seat) hears(event, session string) (news, error) {
	var found news
	err := s.until(stepTime, event, func() bool {
		i := slices.IndexFunc(s.heard, func(n news) bool { return n.Event == event && (session == "" || n.session() == session) })
		if i >= 0 {
			found = s.heard[i]
		}
		return i >= 0
	})
	return found, err
}

// mustHear is hears that ends the test when the event does not come.
func (s *seat) mustHear(event, session string) news {
	s.w.t.Helper()
	n, err := s.hears(event, session)
	s.must(err)
	return n
}

// heardOf answers the newest event of a name.
func (s *seat) heardOf(event string) (news, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range slices.Backward(s.heard) {
		if n.Event == event {
			return n, true
		}
	}
	return news{}, false
}

// lineOf is the sound of a call that was accepted.
func (s *seat) lineOf(session string) *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines[session]
}

// forget drops the events heard so far.
func (s *seat) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = nil
}

// ask makes a request, as the SDK's methods do.
func (s *seat) ask(method string, params map[string]any) (json.RawMessage, error) {
	answer := make(chan reply, 1)
	s.mu.Lock()
	s.id++
	id := s.id
	s.answers[id] = answer
	s.mu.Unlock()
	if err := s.say(map[string]any{"id": id, "method": method, "params": params}); err != nil {
		return nil, err
	}
	r, err := s.await(answer)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return r.Result, nil
}

func (s *seat) await(answer chan reply) (reply, error) {
	timer := time.NewTimer(stepTime)
	defer timer.Stop()
	select {
	case r := <-answer:
		if r.Error != nil {
			return r, r.Error
		}
		return r, nil
	case <-timer.C:
		return reply{}, errors.New("no answer")
	}
}

// accept answers a ringing call with sound.
func (s *seat) accept(session string) *line {
	s.w.t.Helper()
	l, err := s.tryAccept(session)
	s.must(err)
	return l
}

func (s *seat) tryAccept(session string) (*line, error) {
	l, offer, err := newLine(agentTone)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.lines[session] = l
	s.mu.Unlock()
	result, err := s.ask("call.accept", map[string]any{"sessionId": session, "sdp": offer})
	if err != nil {
		s.drop(session)
		return nil, err
	}
	return l, l.answered(result)
}

// dial calls out, with sound, and answers the session's ID.
func (s *seat) dial(to string) (string, *line) {
	s.w.t.Helper()
	result, err := s.ask("call.start", map[string]any{"phoneNumber": to})
	s.must(err)
	var started struct{ SessionID string }
	s.must(json.Unmarshal(result, &started))
	l, offer, err := newLine(agentTone)
	s.must(err)
	s.mu.Lock()
	s.lines[started.SessionID] = l
	s.mu.Unlock()
	if result, err = s.ask("media.offer", map[string]any{"sessionId": started.SessionID, "sdp": offer}); err != nil {
		return started.SessionID, l // the call was over at once
	}
	if err := l.answered(result); err != nil && s.lineOf(started.SessionID) != nil {
		s.must(err)
	}
	return started.SessionID, l
}

// hangUp ends a call.
func (s *seat) hangUp(session string) {
	s.w.t.Helper()
	_, err := s.ask("call.hungUp", map[string]any{"sessionId": session})
	s.must(err)
}

func (s *seat) drop(session string) {
	s.mu.Lock()
	l := s.lines[session]
	delete(s.lines, session)
	s.mu.Unlock()
	if l != nil {
		l.close()
	}
}
