package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"
	xrate "golang.org/x/time/rate"

	"openseat"
)

// Echo lets a page hear itself.
type Echo interface {
	// Echo answers a page's SDP offer: what it says comes back half a second later, for so long at most. name is whose test it
	// is; a later one of the same name takes the earlier one's place.
	Echo(ctx context.Context, name, sdp string, atMost time.Duration) (answer string, err error)
}

// The bounds of a self-check.
const (
	checkTTL    = 10 * time.Minute // of the page's ticket
	echoTime    = 15 * time.Second // of one echo
	maxEchoes   = 10               // of one connection
	maxChecks   = 100              // connections at a time
	checkRate   = 20               // messages a second
	checkMethod = "echo."
)

// checks are the self-checks that go on. An agent has one at a time: a new one ends the one before.
type checks struct {
	mu  sync.Mutex
	now map[identity]*selfCheck
}

// selfCheck is one that goes on.
type selfCheck struct{ end context.CancelFunc }

// doCheckLink answers the address of a page on which the agent can test microphone, speaker and network. Its ticket is good for
// ten minutes and lets in nowhere else.
func (p *page) doCheckLink(ctx context.Context, _ request) (any, error) {
	ticket := secret()
	who, err := json.Marshal(p.who)
	if err != nil {
		return nil, err
	}
	if err := p.g.Vault.Put(ctx, checkKey(ticket), who, checkTTL); err != nil {
		return nil, err
	}
	return map[string]string{"url": p.g.Base + "/sdk/check?" + url.Values{"ticket": {ticket}}.Encode()}, nil
}

func checkKey(ticket string) string { return "check." + hash(ticket) }

// serveCheck is a self-check: a WebSocket with two methods. Who has no ticket gets none.
func (g *Gateway) serveCheck(w http.ResponseWriter, r *http.Request) {
	var who identity
	value, err := g.Vault.Get(r.Context(), checkKey(r.URL.Query().Get("ticket")))
	if err == nil {
		err = json.Unmarshal(value, &who)
	}
	if err != nil {
		http.Error(w, "the ticket has expired: open the page anew from the workbench", http.StatusForbidden)
		return
	}
	ctx, end := context.WithTimeout(context.WithoutCancel(r.Context()), checkTTL)
	defer end()
	mine := g.checks.begin(who, end)
	if mine == nil {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many tests at once", http.StatusServiceUnavailable)
		return
	}
	defer g.checks.end(who, mine)
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the ticket is what lets in
	if err != nil {                                                                       // Accept has answered
		return
	}
	ws.SetReadLimit(maxMessage)
	g.check(ctx, ws, who)
	_ = ws.Close(websocket.StatusNormalClosure, "") // the far end may be gone
}

// begin notes a check; nil when there are too many.
func (c *checks) begin(who identity, end context.CancelFunc) *selfCheck {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before := c.now[who]; before != nil {
		before.end()
	} else if len(c.now) >= maxChecks {
		return nil
	}
	mine := &selfCheck{end}
	c.now[who] = mine
	return mine
}

// end forgets a check, unless a newer one has taken its place.
func (c *checks) end(who identity, mine *selfCheck) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now[who] == mine {
		delete(c.now, who)
	}
}

// check answers a page until it goes, or has asked too much.
func (g *Gateway) check(ctx context.Context, ws *websocket.Conn, who identity) {
	gate, echoes := xrate.NewLimiter(checkRate, 2*checkRate), 0
	for {
		kind, body, err := ws.Read(ctx)
		if err != nil {
			return
		}
		r, err := decodeRequest(body)
		if kind != websocket.MessageText || err != nil || !gate.Allow() {
			return
		}
		var result any
		switch r.Method {
		case checkMethod + "ping":
			result = map[string]int64{"now": time.Now().UnixMilli()}
		case checkMethod + "offer":
			echoes++
			result, err = g.echo(ctx, who, r, echoes)
		default:
			err = openseat.Errorf(openseat.CodeUnsupported, "method %q is not known", r.Method)
		}
		if !g.answerCheck(ctx, ws, r.ID, result, err) {
			return
		}
	}
}

func (g *Gateway) echo(ctx context.Context, who identity, r request, nth int) (any, error) {
	s, err := params[sessionParams](r)
	switch {
	case err != nil:
		return nil, err
	case s.SDP == "":
		return nil, openseat.Errorf(openseat.CodeMissingParameter, "sdp: is missing")
	case nth > maxEchoes:
		return nil, openseat.Errorf(openseat.CodeRequestLimitExceeded, "more than %d tests of the sound", maxEchoes)
	}
	ctx, cancel := context.WithTimeout(ctx, offerPatience)
	defer cancel()
	sdp, err := g.Echo.Echo(ctx, "check."+who.App.String()+"."+hash(who.User), s.SDP, echoTime)
	return accepted{SDP: sdp}, err
}

func (g *Gateway) answerCheck(ctx context.Context, ws *websocket.Conn, id uint64, result any, err error) bool {
	a := answer{ID: id, Result: result, Error: openseat.AsError(err)}
	if a.Error != nil {
		a.Result = nil
		if a.Error.Code == openseat.CodeInternal {
			g.Log.Error("self-check failed", "err", err)
		}
	}
	body, err := json.Marshal(a)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	return ws.Write(ctx, websocket.MessageText, body) == nil
}
