package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	xrate "golang.org/x/time/rate"

	"openseat"
)

// page is one connected page of an agent.
type page struct {
	g    *Gateway
	ws   *websocket.Conn
	who  identity
	tab  string // tabUUID: the page's name, new with every load
	id   string // Conn: the connection's name, new with every connection
	step *order
	gate *xrate.Limiter // of messages
	desk *xrate.Limiter // of requests that ask the store
	// credential is the resume credential the page holds; the writer's, and before there is one, welcome's.
	credential string

	shared string // the browser whose pages share one login; empty = this page has its own
	login  string // Conn of the login at the board: that of the page, or the same for all pages that share it
	before string // the tabUUID that this page had before it was loaded anew, if it could show that

	named    bool         // the journal has told of this login; guarded by the hub, as the next three
	welcomed bool         // the agent has been signed in
	active   time.Time    // when the agent last looked at this page, or worked with it
	seat     seatSettings // as the page knows it

	offline bool        // came in without signing the agent in
	bye     atomic.Bool // the page said that it leaves for good
	signOut atomic.Bool // the agent signed out with this page, the last one
	closed  bool        // the page itself closed the connection: it does not come back by itself; the reader's

	mu    sync.Mutex // guards what follows
	seq   uint64
	heard time.Time // last message from the page
	ended bool
	how   ending

	out  chan message
	quit chan struct{} // closed when ended
}

// message is something to be written; at is when it happened (zero: not of the journal).
type message struct {
	body []byte
	at   time.Time
}

// ending is how a connection ends.
type ending struct {
	code   websocket.StatusCode
	reason string
	flush  bool // what is queued goes first
}

// servePage is a connection's life. The page may live in any site (the SDK is embedded), so every origin may connect:
// what lets it in is the token alone, and no cookie is read.
func (g *Gateway) servePage(w http.ResponseWriter, r *http.Request) {
	if g.waiting.Add(1) > maxWaiting {
		g.waiting.Add(-1)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many connections that say nothing", http.StatusServiceUnavailable)
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil { // Accept has answered
		g.waiting.Add(-1)
		return
	}
	ws.SetReadLimit(maxMessage)
	ctx := context.WithoutCancel(r.Context())
	p, hello, err := g.enter(ctx, ws)
	g.waiting.Add(-1)
	if err != nil {
		g.refuse(ctx, ws, hello, err)
		return
	}
	p.live(ctx, hello)
}

// live runs a page that was let in until its connection ends.
func (p *page) live(ctx context.Context, hello request) {
	alone := p.g.hub.join(p)
	p.g.meter.pages.Inc()
	log := p.g.Log.With("app", p.who.App, "user", p.who.User, "conn", p.id)
	log.Info("agent page connected")
	snapshot, err := p.welcome(ctx, alone)
	if err != nil {
		p.cut(closeResync, "the queue board does not answer")
		log.Error("agent page not welcomed", "err", err)
	} else {
		p.write(ctx, message{body: p.encode(answer{ID: hello.ID, Result: snapshot})})
		p.adopt(snapshot.Calls)
	}
	written := make(chan struct{})
	go func() { defer close(written); p.writer(ctx) }()
	p.reader(ctx)
	p.cut(closeGoingAway, "the connection broke")
	<-written // each write has its own deadline
	p.g.meter.pages.Dec()
	p.g.unwatch(p)
	p.farewell(ctx, p.g.hub.leave(p))
	p.g.bereave(p)
	log.Info("agent page gone", "code", int(p.how.code), "reason", p.how.reason)
}

func newPage(g *Gateway, ws *websocket.Conn, who identity, tab, shared string) *page {
	p := &page{
		g: g, ws: ws, who: who, tab: tab, shared: shared, id: uuid.NewString(), step: newOrder(),
		gate: xrate.NewLimiter(rate, burst), desk: xrate.NewLimiter(deskRate, deskBurst), heard: time.Now(),
		out: make(chan message, maxQueue), quit: make(chan struct{}),
	}
	p.login = p.id
	if shared != "" {
		p.login = ownerOf(tab, shared)
	}
	return p
}

// push queues an event. It never blocks: a page that is too far behind is cut off, and comes back for the whole picture.
func (p *page) push(name string, data any, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.seq++
	if !p.queue(message{body: p.encode(event{Event: name, Data: data, Seq: p.seq}), at: at}) {
		return
	}
	p.g.meter.events.WithLabelValues(known(name)).Inc()
}

// reply queues the answer to a request, if one is wanted.
func (p *page) reply(a answer) {
	if a.ID == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		p.queue(message{body: p.encode(a)})
	}
}

func (p *page) queue(m message) bool {
	select {
	case p.out <- m:
		return true
	default:
		p.g.meter.slow.Inc()
		p.finish(ending{code: closeResync, reason: "too slow: come back for the whole picture"})
		return false
	}
}

// encode makes JSON of our own types, which cannot fail but for a value of a call; that is answered as our own trouble.
func (p *page) encode(v any) []byte {
	b, err := json.Marshal(v)
	if err == nil {
		return b
	}
	p.g.Log.Error("message has no JSON", "err", err)
	if a, ok := v.(answer); ok {
		return failed(a.ID, openseat.AsError(err))
	}
	return b
}

// cut ends the connection at once; the first cut decides how.
func (p *page) cut(code websocket.StatusCode, reason string) {
	p.end(ending{code: code, reason: reason})
}

// kickOut tells the page that another one took its place, and ends it.
func (p *page) kickOut() {
	p.push(eventKickedOut, map[string]any{}, time.Time{})
	p.end(ending{code: closeKickedOut, reason: "signed in elsewhere", flush: true})
}

func (p *page) end(e ending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish(e)
}

// isOver tells whether the connection has ended, or is about to. Requests may outlive it.
func (p *page) isOver() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

func (p *page) finish(e ending) {
	if p.ended {
		return
	}
	p.ended, p.how = true, e
	close(p.quit)
}

// writer writes what is queued, beats the heart, and closes the connection when it has ended.
func (p *page) writer(ctx context.Context) {
	beat, renew := time.NewTicker(pingEvery), time.NewTicker(resumeEvery)
	defer beat.Stop()
	defer renew.Stop()
	for {
		select {
		case m := <-p.out:
			p.write(ctx, m)
		case <-beat.C:
			p.beat()
		case <-renew.C:
			p.renew(ctx)
		case <-p.quit:
			p.close(ctx)
			return
		}
	}
}

func (p *page) write(ctx context.Context, m message) {
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	if err := p.ws.Write(ctx, websocket.MessageText, m.body); err != nil {
		p.cut(closeResync, "could not be written to")
		return
	}
	if !m.at.IsZero() {
		p.g.meter.delay.Observe(time.Since(m.at).Seconds())
	}
}

// beat asks for a sign of life, or ends a connection that gave none. It is a message, not a WebSocket ping: a browser's
// network process answers pings for a page that hangs.
func (p *page) beat() {
	p.mu.Lock()
	silent := time.Since(p.heard)
	p.mu.Unlock()
	if silent >= deadAfter {
		p.cut(closeDead, "nothing was heard for too long")
		return
	}
	p.push("ping", map[string]any{}, time.Time{})
}

// renew hands the page a new resume credential, if the agent still has an account.
func (p *page) renew(ctx context.Context) {
	if view := p.g.Org.View(p.who.App); view == nil || view.Staff[p.who.User] == nil {
		p.cut(closeRefused, openseat.CodeAccountNotExist)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, requestWait)
	defer cancel()
	credential, err := p.g.logins.renew(ctx, p.who, p.pass(), p.credential)
	if openseat.AsError(err) != nil && openseat.AsError(err).Code == CodeElsewhere {
		p.kickOut()
		return
	}
	if err != nil {
		p.g.Log.Error("resume credential not renewed", "app", p.who.App, "user", p.who.User, "err", err)
		return
	}
	p.credential = credential
	p.push("resume", map[string]any{"resume": credential}, time.Time{})
}

func (p *page) close(ctx context.Context) {
	if p.how.flush {
		p.flush(ctx)
	}
	_ = p.ws.Close(p.how.code, p.how.reason) // the far end may be gone
}

func (p *page) flush(ctx context.Context) {
	for {
		select {
		case m := <-p.out:
			p.write(ctx, m)
		default:
			return
		}
	}
}

// reader takes requests until the connection ends.
func (p *page) reader(ctx context.Context) {
	excess := 0
	for {
		kind, body, err := p.ws.Read(ctx)
		if err != nil {
			p.closed = websocket.CloseStatus(err) != -1
			return
		}
		p.mu.Lock()
		p.heard = time.Now()
		p.mu.Unlock()
		r, err := decodeRequest(body)
		if kind != websocket.MessageText || err != nil {
			p.cut(closeProtocol, errNotProtocol.Error())
			return
		}
		if !p.gate.Allow() {
			if excess++; excess > burst {
				p.cut(closeTooMuch, "too many messages")
				return
			}
			p.reply(answer{ID: r.ID, Error: openseat.Errorf(openseat.CodeRequestLimitExceeded, "more than %d messages a second", rate)})
			continue
		}
		p.request(ctx, r)
	}
}
