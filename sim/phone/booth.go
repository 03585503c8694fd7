package phone

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/coder/websocket"

	"openseat/sim/carrier"
)

const (
	maxPages   = 50        // open phones
	maxMessage = 64 << 10  // what a page may say at once
	prefix     = "1390000" // of all page phones, inside China
)

// Place puts a call from a page's number on the carrier's line.
type Place func(ctx context.Context, from, to string) (*carrier.Call, error)

// Booth holds the pages that are open. It is an http.Handler for their WebSockets.
type Booth struct {
	place Place
	log   *slog.Logger

	mu    sync.Mutex
	pages []*page // in order of opening
	next  int     // number of the next page
}

// New makes an empty booth.
func New(place Place, log *slog.Logger) *Booth {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Booth{place: place, log: log, next: 1001}
}

// Pick lets an open page ring for a call to its number; if no page has the number, the page opened last rings for any number
// of a page phone. It is meant for carrier.Options.Pick; without an open page it leaves the choice to the carrier.
func (b *Booth) Pick(to string) carrier.Script {
	if !strings.HasPrefix(national(to), prefix) {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var found *page
	for _, p := range b.pages {
		if found == nil || national(p.number) == national(to) || national(found.number) != national(to) {
			found = p
		}
	}
	if found == nil {
		return nil
	}
	return found.ring
}

// national is a Chinese number without its international prefix, however that is written.
func national(number string) string {
	for _, intl := range []string{"0086", "+86", "86"} {
		if rest, ok := strings.CutPrefix(number, intl); ok {
			return rest
		}
	}
	return strings.TrimPrefix(number, "0")
}

// ServeHTTP implements http.Handler: a page opens its WebSocket.
func (b *Booth) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p, err := b.open()
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer b.close(p)
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow() //nolint:errcheck // it is gone, one way or the other
	ws.SetReadLimit(maxMessage)
	p.ws = ws
	p.run(r.Context())
}

// open adds a page with a number of its own.
func (b *Booth) open() (*page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.pages) >= maxPages {
		return nil, fmt.Errorf("%d phones are open already", maxPages)
	}
	number := fmt.Sprintf("0086%s%04d", prefix, b.next)
	if b.next++; b.next > 9999 {
		b.next = 1001
	}
	p := newPage(b, number)
	b.pages = append(b.pages, p)
	return p, nil
}

func (b *Booth) close(p *page) {
	p.leave()
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, other := range b.pages {
		if other == p {
			b.pages = append(b.pages[:i:i], b.pages[i+1:]...)
			return
		}
	}
}
