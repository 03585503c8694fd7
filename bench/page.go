package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"openseat"
)

// page is an agent's page as the server sees it (docs/protocol/agent.md).
type page struct {
	user string
	ws   *websocket.Conn
	news chan news

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]chan message
}

// message is whatever the server says.
type message struct {
	ID     uint64          `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *openseat.Error `json:"error"`
	Event  string          `json:"event"`
	Data   json.RawMessage `json:"data"`
}

// news is an event of the page's calls.
type news struct {
	event string
	at    time.Time
	data  struct {
		SessionID string `json:"sessionId"`
		Caller    string `json:"callerPhoneNumber"`
		Status    string `json:"status"`
	}
}

const pageNews = 256

// openPage signs an agent in.
func openPage(ctx context.Context, base, user, token string) (*page, error) {
	ws, _, err := websocket.Dial(ctx, strings.Replace(base, "http", "ws", 1)+"/sdk/agent", nil) //nolint:bodyclose // the library closes it
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(1 << 20)
	p := &page{user: user, ws: ws, news: make(chan news, pageNews), waiting: map[uint64]chan message{}}
	go p.read(ctx)
	return p, p.ask(ctx, "hello", map[string]any{"version": 1, "tabUUID": uuid.NewString(), "token": token}, nil)
}

func (p *page) read(ctx context.Context) {
	defer close(p.news)
	for {
		_, body, err := p.ws.Read(ctx)
		if err != nil {
			return
		}
		at := time.Now()
		var m message
		if json.Unmarshal(body, &m) != nil {
			return
		}
		switch {
		case m.ID != 0:
			p.answered(m)
		case m.Event == "ping":
			_ = p.ws.Write(ctx, websocket.MessageText, []byte(`{"method":"pong"}`)) // a dead connection is noticed by Read
		default:
			n := news{event: m.Event, at: at}
			_ = json.Unmarshal(m.Data, &n.data) // other events have other members
			p.news <- n
		}
	}
}

func (p *page) answered(m message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.waiting[m.ID]; w != nil {
		w <- m
		delete(p.waiting, m.ID)
	}
}

// ask sends a request and waits for its answer.
func (p *page) ask(ctx context.Context, method string, params, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answer, err := p.send(ctx, method, params)
	if err != nil {
		return err
	}
	select {
	case m := <-answer:
		if m.Error != nil {
			return fmt.Errorf("%s: %w", method, m.Error)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(m.Result, out)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (p *page) send(ctx context.Context, method string, params any) (<-chan message, error) {
	p.mu.Lock()
	p.next++
	id, answer := p.next, make(chan message, 1)
	p.waiting[id] = answer
	p.mu.Unlock()
	body, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	return answer, p.ws.Write(ctx, websocket.MessageText, body)
}

// expect waits for an event; others are passed by.
func (p *page) expect(ctx context.Context, event string) (news, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		select {
		case n, ok := <-p.news:
			if !ok {
				return n, fmt.Errorf("%s: the page's connection broke", p.user)
			}
			if n.event == event {
				return n, nil
			}
		case <-ctx.Done():
			return news{}, fmt.Errorf("%s: no %s: %w", p.user, event, ctx.Err())
		}
	}
}

func (p *page) setStatus(ctx context.Context, status string) error {
	return p.ask(ctx, "agent.setStatus", map[string]any{"status": status}, nil)
}

func about(session string) map[string]any { return map[string]any{"sessionId": session} }
