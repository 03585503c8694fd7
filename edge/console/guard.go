package console

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"openseat"
)

const (
	freeTries    = 5                // of one account, until it is locked
	firstLock    = time.Minute      // and doubled with every further failure
	longestLock  = 15 * time.Minute //
	sourceTries  = 30               // of one address, whatever the account
	sourceWindow = 10 * time.Minute
	maxGuarded   = 20_000 // names remembered; strangers can invent as many as they like
)

// guard makes guessing slow: by account, and by where the guesses come from. It lives in memory, each node for itself.
type guard struct {
	now func() time.Time

	mu    sync.Mutex
	names map[string]*tries
}

type tries struct {
	failed int
	until  time.Time // locked until
	last   time.Time
}

func newGuard(now func() time.Time) *guard { return &guard{now: now, names: map[string]*tries{}} }

// may tells whether this account may be tried from there now.
func (g *guard) may(account, source string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	for _, name := range []string{"a:" + account, "s:" + source} {
		if t := g.names[name]; t != nil && now.Before(t.until) {
			return openseat.Errorf(openseat.CodeRequestLimitExceeded, "too many failed attempts: try again in %d seconds",
				int(t.until.Sub(now)/time.Second)+1)
		}
	}
	return nil
}

// failed notes a wrong password or code.
func (g *guard) failed(account, source string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.forget(now)
	a := g.of("a:" + account)
	a.failed, a.last = a.failed+1, now
	if over := a.failed - freeTries; over >= 0 {
		a.until = now.Add(min(firstLock<<min(over, 10), longestLock))
	}
	s := g.of("s:" + source)
	if now.Sub(s.last) > sourceWindow {
		s.failed = 0
	}
	s.failed, s.last = s.failed+1, now
	if s.failed >= sourceTries {
		s.until = now.Add(sourceWindow)
	}
}

// passed forgets an account's failures.
func (g *guard) passed(account string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.names, "a:"+account)
}

func (g *guard) of(name string) *tries {
	if g.names[name] == nil {
		g.names[name] = &tries{}
	}
	return g.names[name]
}

// forget makes room: first what is old, then anything that is not locked.
func (g *guard) forget(now time.Time) {
	if len(g.names) < maxGuarded {
		return
	}
	for name, t := range g.names {
		if now.Sub(t.last) > longestLock && !now.Before(t.until) {
			delete(g.names, name)
		}
	}
	for name, t := range g.names {
		if len(g.names) < maxGuarded {
			return
		}
		if !now.Before(t.until) {
			delete(g.names, name)
		}
	}
	if len(g.names) >= maxGuarded { // a flood of locked names: begin anew rather than grow
		clear(g.names)
	}
}

// source is where a request comes from. A proxy on this machine may say for whom it asks.
func source(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); last != nil {
			return last.String()
		}
	}
	return host
}
