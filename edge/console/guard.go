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

// try is one attempt that was let through, and what was known before it.
type try struct {
	account, source string
	a, s            tries // before it
	nowA, nowS      tries // with it
}

// may lets an attempt through, and counts it as failed until it is known better: so of a thousand at once no more pass than
// of a thousand in a row.
func (g *guard) may(account, source string) (try, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	for _, name := range []string{"a:" + account, "s:" + source} {
		if t := g.names[name]; t != nil && now.Before(t.until) {
			return try{}, openseat.Errorf(openseat.CodeRequestLimitExceeded, "too many failed attempts: try again in %d seconds",
				int(t.until.Sub(now)/time.Second)+1)
		}
	}
	g.forget(now)
	a, s := g.of("a:"+account), g.of("s:"+source)
	was := try{account: account, source: source, a: *a, s: *s}
	a.failed, a.last = a.failed+1, now
	if over := a.failed - freeTries; over >= 0 {
		a.until = now.Add(min(firstLock<<min(over, 10), longestLock))
	}
	if now.Sub(s.last) > sourceWindow {
		s.failed = 0
	}
	s.failed, s.last = s.failed+1, now
	if s.failed >= sourceTries {
		s.until = now.Add(sourceWindow)
	}
	was.nowA, was.nowS = *a, *s
	return was, nil
}

// passed forgets an account's failures: the attempt was none.
func (g *guard) passed(t try) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.names, "a:"+t.account)
	g.names["s:"+t.source].back(t.s, t.nowS, sourceTries)
}

// undo takes an attempt back that tells neither way.
func (g *guard) undo(t try) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.names["a:"+t.account].back(t.a, t.nowA, freeTries)
	g.names["s:"+t.source].back(t.s, t.nowS, sourceTries)
}

// back takes one attempt out, and the lock that it brought about; nil = it is forgotten already.
func (t *tries) back(before, with tries, free int) {
	if t == nil {
		return
	}
	t.failed = max(t.failed-1, 0)
	if t.failed < free {
		t.until = time.Time{}
	} else if t.until.Equal(with.until) { // nobody else locked it since
		t.until = before.until
	}
	if t.last.Equal(with.last) {
		t.last = before.last
	}
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
