package main

import (
	"context"
	"sync"
	"time"

	"openseat"
	"openseat/core/acd"
	"openseat/core/call"
	"openseat/core/report"
	"openseat/live"
	"openseat/store"
)

// justClosed is how many records are remembered that may not be in the store yet.
const justClosed = 2000

// figures counts the past from the store, and the day as the journal tells it. The day is read from the store once, when
// somebody first asks for it; what the journal tells meanwhile is counted once, too.
type figures struct {
	db    *store.DB
	views *store.Views

	mu     sync.Mutex
	days   map[openseat.AppID]*report.Today
	recent []report.CDR // of late, the oldest first
}

func newFigures(db *store.DB, views *store.Views) *figures {
	return &figures{db: db, views: views, days: map[openseat.AppID]*report.Today{}}
}

// apply notes a call that has closed.
func (f *figures) apply(e openseat.Entry) {
	for _, c := range e.Commands {
		closed, ok := c.(call.Closed)
		if !ok {
			continue
		}
		v := f.views.Get(e.Ref.App)
		if v == nil {
			return
		}
		f.note(report.NewCDR(closed.Record, v))
	}
}

func (f *figures) note(c report.CDR) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.recent) >= justClosed {
		f.recent = append(f.recent[:0], f.recent[justClosed/2:]...)
	}
	f.recent = append(f.recent, c)
	if day := f.days[c.App]; day != nil {
		day.Add(&c)
	}
}

// forget has the day read again: some of the journal was missed.
func (f *figures) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.days)
}

// Fill implements cloudapi.Figures.
func (f *figures) Fill(ctx context.Context, app openseat.AppID, r *report.Report) error {
	add := func(c *report.CDR) error {
		r.AddCall(c)
		return nil
	}
	if err := f.db.EachCDR(ctx, app, r.From, r.To, add); err != nil {
		return err
	}
	if now := time.Now(); r.To.After(now) { // what goes on does not last into the future
		r.To = now
	}
	return f.db.EachStatus(ctx, app, r.From, r.To, func(s report.StatusChange) error {
		r.AddStatus(s)
		return nil
	})
}

// Today implements cloudapi.Figures: the day in the server's time zone.
func (f *figures) Today(ctx context.Context, app openseat.AppID, use func(*report.Today)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	day := f.days[app]
	if day == nil || !day.Holds(now) {
		var err error
		if day, err = f.read(ctx, app, now); err != nil {
			return err
		}
		f.days[app] = day
	}
	use(day)
	return nil
}

// read counts the day from the store, and from what may not be there yet. f.mu is held.
func (f *figures) read(ctx context.Context, app openseat.AppID, now time.Time) (*report.Today, error) {
	day := report.NewToday(now)
	err := f.db.EachCDR(ctx, app, day.Since, now, func(c *report.CDR) error {
		day.Add(c)
		return nil
	})
	for i := range f.recent {
		if f.recent[i].App == app {
			day.Add(&f.recent[i])
		}
	}
	return day, err
}

// wallboard is what goes on, as the cloud API wants it.
type wallboard struct {
	runtime *live.Runtime
	running *running
}

// Running implements cloudapi.Live.
func (w wallboard) Running(app openseat.AppID) []report.Session { return w.running.list(app) }

// Board implements cloudapi.Live. A board shows so many agents at a time.
func (w wallboard) Board(ctx context.Context, app openseat.AppID) (acd.Wallboard, error) {
	var whole acd.Wallboard
	for after := ""; ; {
		page, err := live.As[acd.Wallboard](w.runtime.Ask(ctx, openseat.BoardRef(app), acd.Overview{After: after}))
		if err != nil {
			return acd.Wallboard{}, err
		}
		whole.At, whole.Queues = page.At, page.Queues
		whole.Agents = append(whole.Agents, page.Agents...)
		if !page.More || len(page.Agents) == 0 {
			return whole, nil
		}
		after = page.Agents[len(page.Agents)-1].User
	}
}
