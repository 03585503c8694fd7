package voice

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"openseat"
	"openseat/core/call"
	"openseat/voice/media"
)

// Uploads reads the sounds that instances have uploaded, by their keys: "sounds/<SdkAppId>/<name>".
type Uploads interface {
	Open(ctx context.Context, key string) (io.ReadCloser, error)
}

// Library is where prompts come from: built-in sounds, uploaded WAV files, and the speech engine. It keeps what was used
// last, since the same few prompts are played all day. Safe for concurrent use.
type Library struct {
	uploads Uploads
	speech  media.Speech
	builtin map[string]media.Source

	mu    sync.Mutex
	clips map[call.Prompt]*kept
	size  time.Duration
}

type kept struct {
	clip *media.Clip
	made time.Time
	used time.Time
}

const (
	maxKept   = 2 * time.Hour // of sound: 8 kHz samples, 115 MB
	maxUpload = 20 << 20      // bytes of a WAV file

	// uploadLife is how long an uploaded sound is played from memory: another may have taken its place, here or on another node.
	uploadLife = time.Minute
)

// NewLibrary makes a library. speech may answer media.ErrNoSpeech: then spoken prompts are left out.
func NewLibrary(uploads Uploads, speech media.Speech) *Library {
	return &Library{uploads: uploads, speech: speech, clips: map[call.Prompt]*kept{}, builtin: map[string]media.Source{
		"builtin:music": media.Music(), "builtin:beep": media.Beep(), "builtin:ringback": ringback(),
	}}
}

// ringback is the ringing tone of the Chinese network: 450 Hz, one second on, four off (GB 3380).
func ringback() media.Source {
	pcm := media.Tone(450, time.Second).PCM()
	return media.NewClip("ringback", append(pcm, media.Quiet(4*time.Second).PCM()...))
}

// Find implements Sounds.
func (l *Library) Find(app openseat.AppID, p call.Prompt) (media.Source, bool) {
	if src, ok := l.builtin[p.Audio]; ok {
		return src, true
	}
	if p.Audio != "" && !owns(app, p.Audio) {
		return nil, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.clips[p]
	if k == nil {
		return nil, false
	}
	if p.Audio != "" && time.Since(k.made) > uploadLife {
		l.forget(p)
		return nil, false
	}
	k.used = time.Now()
	return k.clip, true
}

// Make implements Sounds.
func (l *Library) Make(ctx context.Context, app openseat.AppID, p call.Prompt) (media.Source, error) {
	if src, ok := l.Find(app, p); ok {
		return src, nil
	}
	pcm, err := l.pcm(ctx, app, p)
	if err != nil {
		return nil, err
	}
	clip := media.NewClip(p.Audio+p.Text, pcm)
	l.keep(p, clip)
	return clip, nil
}

func (l *Library) pcm(ctx context.Context, app openseat.AppID, p call.Prompt) ([]int16, error) {
	if p.Text != "" {
		return l.speech.Say(ctx, p.Text, language(p))
	}
	if strings.HasPrefix(p.Audio, "builtin:") {
		return nil, openseat.Errorf(openseat.CodeNotFound, "there is no built-in sound %q", p.Audio)
	}
	if !owns(app, p.Audio) {
		return nil, openseat.Errorf(openseat.CodeNotFound, "instance %s has no sound %q", app, p.Audio)
	}
	f, err := l.uploads.Open(ctx, p.Audio)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxUpload))
	if err != nil {
		return nil, fmt.Errorf("sound %q: %w", p.Audio, err)
	}
	return media.ReadWAV(b)
}

// owns tells an instance's own sounds from others', and from recordings.
func owns(app openseat.AppID, audio string) bool {
	return strings.HasPrefix(audio, "sounds/"+app.String()+"/")
}

// language is the prompt's, or the one its letters tell.
func language(p call.Prompt) string {
	if p.Lang != "" {
		return p.Lang
	}
	for _, r := range p.Text {
		if unicode.Is(unicode.Han, r) {
			return "zh"
		}
	}
	return "en"
}

func (l *Library) keep(p call.Prompt, c *media.Clip) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clips[p] != nil {
		return
	}
	now := time.Now()
	l.clips[p] = &kept{clip: c, made: now, used: now}
	l.size += c.Duration()
	for l.size > maxKept && len(l.clips) > 1 {
		l.dropOldest()
	}
}

func (l *Library) dropOldest() {
	var oldest call.Prompt
	var when time.Time
	for p, k := range l.clips {
		if when.IsZero() || k.used.Before(when) {
			oldest, when = p, k.used
		}
	}
	l.forget(oldest)
}

func (l *Library) forget(p call.Prompt) {
	l.size -= l.clips[p].clip.Duration()
	delete(l.clips, p)
}
