package console

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"openseat"
	"openseat/core/org"
)

const (
	linkLife = 5 * time.Minute
	maxLinks = 10_000
)

// links are the one-time sign-in links that the cloud API made (CreateAdminURL). They live in memory: a link that a restart
// forgot is asked for again.
type links struct {
	now func() time.Time

	mu    sync.Mutex
	known map[string]link // by digest of the ticket
}

type link struct {
	app   openseat.AppID
	user  string
	until time.Time
}

func newLinks(now func() time.Time) *links { return &links{now: now, known: map[string]link{}} }

func (l *links) make(app openseat.AppID, user string) (ticket string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.known) >= maxLinks {
		for t, x := range l.known {
			if !now.Before(x.until) {
				delete(l.known, t)
			}
		}
	}
	if len(l.known) >= maxLinks {
		return "", openseat.Errorf(openseat.CodeRequestLimitExceeded, "more than %d links wait to be used", maxLinks)
	}
	ticket = rand.Text()
	l.known[digest(ticket)] = link{app: app, user: user, until: now.Add(linkLife)}
	return ticket, nil
}

func (l *links) use(ticket string) (link, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x, ok := l.known[digest(ticket)]
	delete(l.known, digest(ticket))
	return x, ok && l.now().Before(x.until)
}

// Link makes a link that lets an administrator in, once, within five minutes.
func (k *Console) Link(app openseat.AppID, user string) (string, error) {
	ticket, err := k.links.make(app, user)
	if err != nil {
		return "", err
	}
	return k.Base + "/console/#/link/" + ticket, nil // behind #: it is in no server's log
}

func (k *Console) follow(r *http.Request, w http.ResponseWriter) (any, error) {
	var want struct {
		Ticket string `json:"ticket"`
	}
	if err := read(r, &want); err != nil {
		return nil, err
	}
	try, err := k.guard.may("link of "+source(r), source(r))
	if err != nil {
		return nil, err
	}
	x, ok := k.links.use(want.Ticket)
	v := k.Views.View(x.app)
	if !ok || v == nil || v.Staff[x.user] == nil {
		return nil, openseat.Errorf(openseat.CodeUnauthorized, "the link was used already, or is too old")
	}
	k.guard.passed(try)
	return k.enter(r, w, org.Staff{App: x.app, UserID: x.user}, "SignInByLink")
}
