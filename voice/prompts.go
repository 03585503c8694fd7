package voice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice/media"
)

// PromptShelf is where prompts' files lie.
type PromptShelf interface {
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	Delete(ctx context.Context, key string) error
}

// PromptStore is where it is kept which prompts there are.
type PromptStore interface {
	PutSound(ctx context.Context, s org.Sound) error
	DeleteSound(ctx context.Context, app openseat.AppID, name string) error
	Sounds(ctx context.Context, app openseat.AppID) ([]org.Sound, error)
}

// Prompts are the sounds that an instance's flows may play. Whatever was uploaded, they are kept as 8 kHz WAV files.
type Prompts struct {
	Shelf  PromptShelf
	Store  PromptStore
	Speech media.Speech
	Now    func() time.Time
}

// The bounds of prompts.
const (
	MaxSoundBytes = 5 << 20

	maxSounds    = 500 // of an instance
	maxSoundName = 64  // letters
)

// Put keeps an uploaded WAV or MP3 file, in place of an earlier prompt of the name.
func (p *Prompts) Put(ctx context.Context, app openseat.AppID, name string, file []byte) (org.Sound, error) {
	if len(file) > MaxSoundBytes {
		return org.Sound{}, openseat.Errorf(openseat.CodeInvalidValue, "Data: the file has more than %d MB", MaxSoundBytes>>20)
	}
	pcm, err := media.ReadSound(file)
	if err != nil {
		return org.Sound{}, openseat.Errorf(openseat.CodeInvalidValue, "Data: %s", strings.TrimPrefix(err.Error(), "media: "))
	}
	return p.keep(ctx, org.Sound{App: app, Name: name}, pcm)
}

// Speak keeps a text as the speech engine speaks it. Without a language, its letters tell.
func (p *Prompts) Speak(ctx context.Context, app openseat.AppID, name, text, lang string) (org.Sound, error) {
	if lang != "" && lang != "zh" && lang != "en" {
		return org.Sound{}, openseat.Errorf(openseat.CodeInvalidValue, "Lang: must be zh or en")
	}
	pcm, err := p.Speech.Say(ctx, text, language(call.Prompt{Text: text, Lang: lang}))
	switch {
	case errors.Is(err, media.ErrSpeechText):
		return org.Sound{}, openseat.Errorf(openseat.CodeInvalidValue, "Text: is empty or too long to be spoken")
	case errors.Is(err, media.ErrNoSpeech), errors.Is(err, media.ErrSpeechVoices):
		return org.Sound{}, openseat.Errorf(openseat.CodeUnavailable, "no speech engine here speaks this language")
	case err != nil:
		return org.Sound{}, err
	}
	return p.keep(ctx, org.Sound{App: app, Name: name, Text: text}, pcm)
}

func (p *Prompts) keep(ctx context.Context, s org.Sound, pcm []int16) (org.Sound, error) {
	if s.Name = strings.TrimSpace(s.Name); !soundName(s.Name) {
		return s, openseat.Errorf(openseat.CodeInvalidValue, "Name: must have 1 to %d letters, none of them invisible", maxSoundName)
	}
	known, err := p.Store.Sounds(ctx, s.App)
	if err != nil {
		return s, err
	}
	if len(known) >= maxSounds && find(known, s.Name) == nil {
		return s, openseat.Errorf(openseat.CodeLimitExceeded, "there are %d prompts already", len(known))
	}
	file := media.WAV(pcm)
	s.Key, s.Size, s.CreatedAt = soundKey(s.App, s.Name), int64(len(file)), p.Now()
	s.Duration = time.Duration(len(pcm)) * time.Second / media.SampleRate
	if err := p.Shelf.Put(ctx, s.Key, bytes.NewReader(file), s.Size); err != nil {
		return s, err
	}
	return s, p.Store.PutSound(ctx, s)
}

// Delete removes a prompt. Who calls has seen that no flow plays it.
func (p *Prompts) Delete(ctx context.Context, app openseat.AppID, name string) error {
	known, err := p.Store.Sounds(ctx, app)
	if err != nil {
		return err
	}
	s := find(known, name)
	if s == nil {
		return openseat.Errorf(openseat.CodeNotFound, "Sound %q does not exist", name)
	}
	if err := p.Store.DeleteSound(ctx, app, name); err != nil {
		return err
	}
	return p.Shelf.Delete(ctx, s.Key)
}

// List lists an instance's prompts by name.
func (p *Prompts) List(ctx context.Context, app openseat.AppID) ([]org.Sound, error) {
	return p.Store.Sounds(ctx, app)
}

func find(sounds []org.Sound, name string) *org.Sound {
	for i := range sounds {
		if sounds[i].Name == name {
			return &sounds[i]
		}
	}
	return nil
}

func soundName(name string) bool {
	invisible := func(r rune) bool { return !unicode.IsPrint(r) }
	return name != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= maxSoundName && !strings.ContainsFunc(name, invisible)
}

// soundKey names the file: as the prompt, if that is a name which every shelf takes, else by a digest of it.
func soundKey(app openseat.AppID, name string) string {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}
	if strings.ContainsFunc(name, odd) {
		sum := sha256.Sum256([]byte(name))
		name = "x-" + hex.EncodeToString(sum[:12])
	}
	return "sounds/" + app.String() + "/" + name + ".wav"
}
