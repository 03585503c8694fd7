package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"openseat/api"
	"openseat/sim/carrier"
	"openseat/sim/company"
	"openseat/voice/media"
)

// awaitSound waits until something is heard in a call.
func awaitSound(ctx context.Context, c *carrier.Call) error {
	if await(ctx, stepTime, func() bool { return loud(c.Heard()) }) != nil {
		return fmt.Errorf("the call to %s is silent", c.To)
	}
	return nil
}

// whisper is the loudest sample that counts as silence.
const whisper = 500

// loud tells whether there is sound in pcm: 50 ms of more than a whisper.
func loud(pcm []int16) bool {
	const enough = media.SampleRate / 20
	n := 0
	for _, s := range pcm {
		if s > whisper || s < -whisper {
			n++
		}
	}
	return n > enough
}

// pushed waits for a session's push of an action; n counts those of the action from 1.
func (w *world) pushed(action, session string, n int) company.Push {
	w.t.Helper()
	var last company.Push
	seen := map[string]bool{}
	_, err := w.company.Await(w.within(stepTime), func(p company.Push) bool {
		if p.Action == action && p.SessionID == session && !seen[p.UUID] {
			seen[p.UUID], last = true, p
		}
		return len(seen) >= n
	})
	if err != nil {
		w.t.Fatalf("push %d of %s: %v", n, action, err)
	}
	return last
}

// cdr waits for the push of a session's CDR.
func (w *world) cdr(session string) api.CDRPush {
	w.t.Helper()
	var cdr api.CDRPush
	w.must(json.Unmarshal(w.pushed(api.PushCDR, session, 1).Body, &cdr))
	return cdr
}

// recording is a recording as it was pushed and downloaded.
type recording struct {
	url string
	pcm []int16
}

func (r recording) duration() time.Duration {
	return time.Duration(len(r.pcm)) * time.Second / media.SampleRate
}

// recordings waits for the pushes of a session's n recordings and downloads them; they are told apart by their EndpointUser.
func (w *world) recordings(session string, n int) map[string]recording {
	w.t.Helper()
	found := map[string]recording{}
	for i := range n {
		var r api.RecordPush
		w.must(json.Unmarshal(w.pushed(api.PushRecord, session, i+1).Body, &r))
		found[r.EndpointUser] = recording{r.RecordURL, w.download(r.RecordURL)}
	}
	if len(found) != n {
		w.t.Fatalf("%d recordings are of %d people", n, len(found))
	}
	return found
}

// download fetches an MP3 file and decodes it.
func (w *world) download(url string) []int16 {
	w.t.Helper()
	status, body := fetch(w.ctx, url)
	if status != http.StatusOK {
		w.t.Fatalf("GET %s: %d %s", url, status, body)
	}
	return w.decode(body)
}

func fetch(ctx context.Context, url string) (int, []byte) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, []byte(err.Error())
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, []byte(err.Error())
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, []byte(err.Error())
	}
	return res.StatusCode, body
}

// decode makes sound of an MP3 file, by a program that is not ours.
func (w *world) decode(mp3 []byte) []int16 {
	w.t.Helper()
	need(w.t, "ffmpeg")
	file := filepath.Join(w.t.TempDir(), "recording.mp3")
	w.must(os.WriteFile(file, mp3, 0o600))
	cmd := exec.CommandContext(w.ctx, "ffmpeg", "-v", "error", "-i", file, "-f", "s16le", "-ac", "1", "-ar", strconv.Itoa(media.SampleRate), "-")
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	raw, err := cmd.Output()
	if err != nil || trouble.Len() > 0 {
		w.t.Fatalf("ffmpeg: %v: %s", err, trouble.String())
	}
	return samples(raw)
}

// samples reads 16-bit samples, the low byte first.
func samples(raw []byte) []int16 {
	pcm := make([]int16, len(raw)/2)
	for i := range pcm {
		pcm[i] = int16(uint16(raw[2*i]) | uint16(raw[2*i+1])<<8)
	}
	return pcm
}

// holds tells what is wrong when pcm is not a tone of hz for the most part.
func holds(pcm []int16, hz float64) error {
	found, purity := media.Detect(pcm)
	if math.Abs(found-hz) > 15 || purity < 0.9 {
		return fmt.Errorf("the recording of %v holds %.0f Hz (%.2f of it), not %.0f", time.Duration(len(pcm))*time.Second/media.SampleRate, found, purity, hz)
	}
	return nil
}

// checkSides checks both recordings of a talk: each holds its own side's tone, is as long as the talk, and can be had by
// whoever has the link, and by nobody else.
func (w *world) checkSides(session, user string, talk time.Duration) {
	w.t.Helper()
	sides := w.recordings(session, 2)
	for endpoint, hz := range map[string]float64{"0086" + customer: customerTone, user: agentTone} {
		side, ok := sides[endpoint]
		if !ok {
			w.t.Errorf("no recording of %s", endpoint)
			continue
		}
		if err := holds(side.pcm, hz); err != nil {
			w.t.Errorf("%s: %v", endpoint, err)
		}
		if off := (side.duration() - talk).Abs(); off > 100*time.Millisecond {
			w.t.Errorf("the recording of %s takes %v, the talk took %v", endpoint, side.duration(), talk)
		}
		w.checkLink(side.url)
	}
	w.checkOrder(session)
}

// checkLink tampers with a recording's link.
func (w *world) checkLink(url string) {
	w.t.Helper()
	path, query, _ := strings.Cut(url, "?")
	swapped := strings.NewReplacer("0", "1", "1", "0").Replace(query) // the day it expires, at least
	for _, tampered := range []string{path, path + "?" + swapped, strings.Replace(path, ".mp3", "0.mp3", 1) + "?" + query} {
		if status, _ := fetch(w.ctx, tampered); status != http.StatusForbidden {
			w.t.Errorf("GET %s: %d, wanted %d", tampered, status, http.StatusForbidden)
		}
	}
}

// checkOrder checks that a session's CDR was pushed before its recordings, and nothing twice.
func (w *world) checkOrder(session string) {
	w.t.Helper()
	pushes := w.company.Pushes(session)
	for i, p := range pushes {
		if (p.Action == api.PushCDR) != (i == 0) {
			w.t.Errorf("push %d of the session is %s", i, p.Action)
		}
		if p.Attempts != 1 {
			w.t.Errorf("%s was pushed %d times", p.Action, p.Attempts)
		}
	}
}

// checkCDR checks that DescribeTelCdr, asked by the official SDK, tells what was pushed, and answers it.
func (w *world) checkCDR(back *backend, session string) map[string]any {
	w.t.Helper()
	var pushed map[string]any
	w.must(json.Unmarshal(w.pushed(api.PushCDR, session, 1).Body, &pushed))
	var asked struct {
		TotalCount int
		TelCdrs    []map[string]any
	}
	now := time.Now().Unix()
	back.ask("DescribeTelCdr", map[string]any{
		"SdkAppId": w.demo.SdkAppID, "StartTimeStamp": now - 3600, "EndTimeStamp": now + 60,
		"PageSize": 10, "PageNumber": 0, "SessionIds": []string{session},
	}, &asked)
	if asked.TotalCount != 1 || len(asked.TelCdrs) != 1 {
		w.t.Fatalf("DescribeTelCdr has %d records of one session", asked.TotalCount)
	}
	for _, difference := range differences("", pushed, asked.TelCdrs[0]) {
		w.t.Errorf("pushed and asked CDR: %s", difference)
	}
	return pushed
}

// differences lists where two JSON values differ, of what they share: members that only one has are passed over. Nothing,
// an empty list and null are the same.
func differences(at string, a, b any) []string {
	if empty(a) && empty(b) {
		return nil
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: %v, %v", at, a, b)}
		}
		var all []string
		for name, value := range a {
			if other, both := b[name]; both {
				all = append(all, differences(at+"."+name, value, other)...)
			}
		}
		slices.Sort(all)
		return all
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return []string{fmt.Sprintf("%s: %v, %v", at, a, b)}
		}
		var all []string
		for i := range a {
			all = append(all, differences(fmt.Sprintf("%s[%d]", at, i), a[i], b[i])...)
		}
		return all
	default:
		if !reflect.DeepEqual(a, b) {
			return []string{fmt.Sprintf("%s: %v, %v", at, a, b)}
		}
		return nil
	}
}

func empty(v any) bool {
	list, ok := v.([]any)
	return v == nil || ok && len(list) == 0
}

// step is a line of a session's journal.
type step struct {
	event string
	at    time.Time
	api.TimelineStep
}

// timeline is everything that happened in a session.
func (w *world) timeline(session string) []step {
	w.t.Helper()
	t, err := w.api.DescribeSessionTimeline(w.ctx, &api.DescribeSessionTimelineRequest{SdkAppId: w.demo.SdkAppID, SessionId: session})
	w.must(err)
	var steps []step
	for _, s := range t.Steps {
		steps = append(steps, step{s.Event, time.UnixMilli(s.TimestampMs), s})
	}
	return steps
}

// talkTime is how long customer and agent were connected, as the session's journal has it.
func (w *world) talkTime(session string) time.Duration {
	w.t.Helper()
	var from, to time.Time
	for _, s := range w.timeline(session) {
		for _, c := range s.Commands {
			switch {
			case strings.HasPrefix(c, "call.Record ") || c == "call.Record":
				from = s.at
			case strings.HasPrefix(c, "call.StopRecord"):
				to = s.at
			}
		}
	}
	return to.Sub(from)
}
