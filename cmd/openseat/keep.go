package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"time"

	"openseat"
	"openseat/blob"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/store"
	"openseat/voice"
	"openseat/voice/media"
)

// prompts are the sounds of flows as the cloud API wants them.
type prompts struct {
	*voice.Prompts

	links *links
}

func (n *Node) prompts() prompts {
	return prompts{&voice.Prompts{Shelf: n.blobs, Store: n.db, Speech: media.NewEspeak(), Now: time.Now}, n.links}
}

// Link implements cloudapi.Sounds.
func (p prompts) Link(s org.Sound) string { return p.links.link(s.Key, linkLife) }

// kept is what is kept of what was said, as the cloud API wants it.
type kept struct {
	*store.DB

	blobs blob.Store
}

// maxPeaks bounds a recording's picture.
const maxPeaks = 4000

// Peaks implements cloudapi.Keeping. Recordings of earlier releases have none.
func (k kept) Peaks(ctx context.Context, rec call.Recording) ([]byte, error) {
	f, _, err := k.blobs.Open(ctx, voice.Key(rec.App, rec.Record, voice.PeaksKind))
	if errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPeaks))
}

// cleaner deletes what has been kept for longer than its instance wants.
type cleaner struct {
	db     *store.DB
	blobs  blob.Store
	views  func() []*org.View
	turn   func() bool // one node of a cluster cleans
	alarms *alarms
	log    *slog.Logger
	now    func() time.Time
}

func (n *Node) cleaner() *cleaner {
	return &cleaner{db: n.db, blobs: n.blobs, views: n.views.All, turn: n.first, alarms: n.alarms, log: n.log, now: time.Now}
}

// first says whether this node does what one of a cluster has to.
func (n *Node) first() bool { return slices.Min(n.bus.Nodes()) == n.bus.Node() }

// How often, and how much at a time, so that calls hardly notice.
const (
	cleanAfter = time.Minute
	cleanEvery = time.Hour
	cleanSome  = 200
	cleanPause = 50 * time.Millisecond
)

// Run cleans until ctx ends.
func (c *cleaner) Run(ctx context.Context) {
	for sleep(ctx, cleanAfter); ctx.Err() == nil; sleep(ctx, cleanEvery) {
		if !c.turn() {
			continue
		}
		for _, v := range c.views() {
			if err := c.clean(ctx, v.Instance.App, v.Instance.Settings.Keep()); err != nil && ctx.Err() == nil {
				c.alarms.Raise("retention", err)
			}
		}
	}
}

func (c *cleaner) clean(ctx context.Context, app openseat.AppID, keep org.Retention) error {
	if err := c.recordings(ctx, app, c.limit(keep.Recordings)); err != nil {
		return err
	}
	for more := true; more; sleep(ctx, cleanPause) {
		var err error
		more, err = c.db.DeleteOld(ctx, app, c.limit(keep.Records), c.limit(keep.Transcripts), c.limit(keep.Audit), c.limit(keep.Deliveries))
		if err != nil {
			return err
		}
	}
	return nil
}

// limit is when something must have begun to be kept still; zero keeps everything.
func (c *cleaner) limit(days int) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return c.now().AddDate(0, 0, -days)
}

// recordings deletes old recordings: first what they say, then that there were any, so that none is left that nobody knows of.
func (c *cleaner) recordings(ctx context.Context, app openseat.AppID, before time.Time) error {
	if before.IsZero() {
		return nil
	}
	deleted := 0
	for {
		old, err := c.db.OldRecordings(ctx, app, before, cleanSome)
		if err != nil {
			return err
		}
		for _, r := range old {
			if err := c.delete(ctx, r); err != nil {
				return err
			}
		}
		if deleted += len(old); len(old) < cleanSome {
			break
		}
		sleep(ctx, cleanPause)
	}
	if deleted > 0 {
		c.log.Info("old recordings are deleted", "app", app, "recordings", deleted)
	}
	return nil
}

func (c *cleaner) delete(ctx context.Context, r call.Recording) error {
	for _, key := range []string{r.Blob, voice.Key(r.App, r.Record, voice.PeaksKind)} {
		if err := c.blobs.Delete(ctx, key); err != nil {
			return err
		}
	}
	return c.db.DeleteRecording(ctx, r.App, r.Record)
}
