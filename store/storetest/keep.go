package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/store"
)

func sounds(t *testing.T, db *store.DB) {
	ctx := t.Context()
	hello := org.Sound{
		App: Here, Name: "hello", Key: "sounds/1/hello.wav", Duration: 1500 * time.Millisecond, Size: 24044, Text: "你好", CreatedAt: noon,
	}
	beep := org.Sound{App: Here, Name: "beep", Key: "sounds/1/beep.wav", Duration: time.Second, Size: 16044, CreatedAt: noon}
	must(t, db.PutSound(ctx, hello))
	must(t, db.PutSound(ctx, beep))
	beep.Size = 20000
	must(t, db.PutSound(ctx, beep))
	got, err := db.Sounds(ctx, Here)
	must(t, err)
	same(t, "sounds", got, []org.Sound{beep, hello})
	got, err = db.Sounds(ctx, There)
	must(t, err)
	same(t, "another instance's", got, []org.Sound(nil))
	must(t, db.DeleteSound(ctx, Here, "beep"))
	wantCode(t, db.DeleteSound(ctx, Here, "beep"), openseat.CodeNotFound)
}

// message puts a call in which its caller left a voicemail.
func message(t *testing.T, db *store.DB, id, caller string, start time.Time) call.Recording {
	t.Helper()
	c := session(Here, id, start)
	c.Caller = caller
	must(t, db.PutCDR(t.Context(), c))
	r := call.Recording{
		App: Here, SessionID: id, Record: "r-" + id, Kind: "voicemail", EndpointUser: caller, Blob: "recordings/" + id + ".mp3",
		StartAt: start, Duration: 3 * time.Second, Size: 6000,
	}
	must(t, db.PutRecording(t.Context(), r))
	return r
}

func voicemails(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for i := range 5 {
		message(t, db, fmt.Sprint("s-", i), fmt.Sprintf("00861380013800%d", i), noon.Add(time.Duration(i)*time.Hour))
	}
	talk := message(t, db, "s-9", "008613900000000", noon)
	talk.Record, talk.Kind = "r-talk", "record"
	must(t, db.PutRecording(ctx, talk))
	must(t, db.MarkVoicemail(ctx, Here, "r-s-3", "alice@x.cn", noon.Add(time.Minute)))
	wantCode(t, db.MarkVoicemail(ctx, Here, "r-talk", "alice@x.cn", noon), openseat.CodeNotFound)
	for _, c := range []struct {
		name string
		q    report.VoicemailQuery
		want string
	}{
		{"newest first", report.VoicemailQuery{Limit: 2}, "6: s-4 s-3"},
		{"the next page", report.VoicemailQuery{Limit: 2, Offset: 2}, "6: s-2 s-1"},
		{"unheard", report.VoicemailQuery{Limit: 9, Unheard: true}, "5: s-4 s-2 s-1 s-0 s-9"},
		{"a window", report.VoicemailQuery{Limit: 9, From: noon.Add(time.Hour), To: noon.Add(2 * time.Hour)}, "2: s-2 s-1"},
		{"part of a number", report.VoicemailQuery{Limit: 9, Phone: "139000"}, "1: s-9"},
	} {
		total, unheard, page, err := db.Voicemails(ctx, Here, c.q)
		must(t, err)
		found := []string{fmt.Sprint(total, ":")}
		for _, v := range page {
			found = append(found, v.SessionID)
		}
		if got := strings.Join(found, " "); got != c.want || unheard != 5 {
			t.Errorf("%s: %s with %d unheard, want %s", c.name, got, unheard, c.want)
		}
	}
	_, _, page, err := db.Voicemails(ctx, Here, report.VoicemailQuery{Limit: 1, Offset: 1})
	must(t, err)
	if v := page[0]; v.HeardBy != "alice@x.cn" || !v.HeardAt.Equal(noon.Add(time.Minute)) || v.Call.Caller != "008613800138003" || v.Size != 6000 {
		t.Errorf("voicemail %+v", v)
	}
	must(t, db.MarkVoicemail(ctx, Here, "r-s-3", "", time.Time{}))
	_, unheard, _, err := db.Voicemails(ctx, Here, report.VoicemailQuery{Limit: 1})
	must(t, err)
	if unheard != 6 {
		t.Errorf("%d unheard once more", unheard)
	}
}

func retention(t *testing.T, db *store.DB) {
	ctx := t.Context()
	old := noon.Add(-100 * 24 * time.Hour)
	for id, start := range map[string]time.Time{"old": old, "new": noon} {
		message(t, db, id, "008613800138000", start)
		must(t, db.PutTranscript(ctx, Here, id, []byte("[]"), start))
	}
	limit := noon.Add(-90 * 24 * time.Hour)
	found, err := db.OldRecordings(ctx, Here, limit, 10)
	must(t, err)
	if len(found) != 1 || found[0].SessionID != "old" {
		t.Fatalf("old recordings %+v", found)
	}
	must(t, db.DeleteRecording(ctx, Here, found[0].Record))
	must(t, db.DeleteRecording(ctx, Here, found[0].Record))
	more, err := db.DeleteOld(ctx, Here, time.Time{}, limit, limit, limit)
	must(t, err)
	if more {
		t.Error("there is said to be more")
	}
	_, err = db.Transcript(ctx, Here, "old")
	wantCode(t, err, openseat.CodeNotFound)
	_, err = db.CDR(ctx, Here, "old")
	must(t, err) // records are kept for ever
	_, err = db.DeleteOld(ctx, Here, limit, time.Time{}, time.Time{}, time.Time{})
	must(t, err)
	_, err = db.CDR(ctx, Here, "old")
	wantCode(t, err, openseat.CodeRecordNotExist)
	_, err = db.CDR(ctx, Here, "new")
	must(t, err)
	_, err = db.Transcript(ctx, Here, "new")
	must(t, err)
	_, err = db.Recording(ctx, Here, "r-new")
	must(t, err)
}
