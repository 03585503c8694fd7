package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/blob"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/store"
	"openseat/voice"
)

// What is older than its instance wants goes, and nothing else.
func TestOldRecordingsAreDeleted(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	db, err := store.Open(ctx, "", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	blobs, err := blob.Open(ctx, "", filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	const app openseat.AppID = 1400000001
	for age := range 5 {
		r := call.Recording{App: app, Record: fmt.Sprint("r-", age), SessionID: "s", Kind: "record", StartAt: now.AddDate(0, 0, -age*30)}
		r.Blob = voice.Key(app, r.Record, ".mp3")
		for _, key := range []string{r.Blob, voice.Key(app, r.Record, voice.PeaksKind)} {
			if err := blobs.Put(ctx, key, strings.NewReader("x"), 1); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.PutRecording(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	c := &cleaner{db: db, blobs: blobs, log: slog.New(slog.DiscardHandler), now: func() time.Time { return now }}
	if err := c.clean(ctx, app, org.Retention{Recordings: 90}); err != nil {
		t.Fatal(err)
	}
	for age, want := range []bool{true, true, true, true, false} { // 90 days old is not older than 90 days
		id := fmt.Sprint("r-", age)
		_, known := db.Recording(ctx, app, id)
		_, there := blobs.Stat(ctx, voice.Key(app, id, ".mp3"))
		peaks, err := kept{db, blobs}.Peaks(ctx, call.Recording{App: app, Record: id})
		if (known == nil) != want || (there == nil) != want || (len(peaks) == 1) != want || err != nil {
			t.Errorf("%s: known %v, there %v, %d peaks, %v; want it kept: %v", id, known, there, len(peaks), err, want)
		}
	}
	if err := c.clean(ctx, app, org.Retention{}); err != nil {
		t.Fatal(err)
	}
	if left, _ := db.OldRecordings(ctx, app, now.AddDate(1, 0, 0), 10); len(left) != 4 {
		t.Errorf("%d recordings are left by who keeps everything", len(left))
	}
}
