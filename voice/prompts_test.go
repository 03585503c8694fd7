package voice_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

// drawer is a shelf and a store of prompts.
type drawer struct {
	files  map[string][]byte
	sounds map[string]org.Sound
}

func (d *drawer) Put(_ context.Context, key string, r io.Reader, _ int64) error {
	b, err := io.ReadAll(r)
	d.files[key] = b
	return err
}

func (d *drawer) Open(_ context.Context, key string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(d.files[key])), nil
}

func (d *drawer) Delete(_ context.Context, key string) error { delete(d.files, key); return nil }

func (d *drawer) PutSound(_ context.Context, s org.Sound) error { d.sounds[s.Name] = s; return nil }

func (d *drawer) DeleteSound(_ context.Context, _ openseat.AppID, name string) error {
	delete(d.sounds, name)
	return nil
}

func (d *drawer) Sounds(context.Context, openseat.AppID) ([]org.Sound, error) {
	return slices.Collect(maps.Values(d.sounds)), nil
}

// speaker says everything as a tone, if it is not too much.
type speaker struct{}

func (speaker) Say(_ context.Context, text, lang string) ([]int16, error) {
	switch {
	case text == "":
		return nil, media.ErrSpeechText
	case lang == "zh":
		return nil, media.ErrSpeechVoices
	}
	return media.Tone(440, time.Second).PCM(), nil
}

func prompts() (*voice.Prompts, *drawer) {
	d := &drawer{map[string][]byte{}, map[string]org.Sound{}}
	return &voice.Prompts{Shelf: d, Store: d, Speech: speaker{}, Now: time.Now}, d
}

func TestPrompts(t *testing.T) {
	p, d := prompts()
	wav := media.WAV(media.Tone(440, 1500*time.Millisecond).PCM())
	for name, key := range map[string]string{
		"hello": "sounds/1400000001/hello.wav", "欢迎 致电": "sounds/1400000001/x-", "Hello": "sounds/1400000001/x-", "../etc": "sounds/1400000001/x-",
	} {
		s, err := p.Put(t.Context(), ref.App, " "+name, wav)
		if err != nil || !strings.HasPrefix(s.Key, key) || s.Name != name || s.Duration != 1500*time.Millisecond || len(d.files[s.Key]) != int(s.Size) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	s, err := p.Speak(t.Context(), ref.App, "hello", "good morning", "")
	if err != nil || s.Text != "good morning" || s.Duration != time.Second || len(d.sounds) != 4 {
		t.Errorf("spoken %+v, %v; %d sounds", s, err, len(d.sounds))
	}
	if err := p.Delete(t.Context(), ref.App, "hello"); err != nil || d.files[s.Key] != nil || len(d.sounds) != 3 {
		t.Errorf("deleted: %v, %d sounds", err, len(d.sounds))
	}
}

func TestPromptsThatAreRefused(t *testing.T) {
	p, d := prompts()
	wav := media.WAV(make([]int16, 100))
	for what, c := range map[string]struct {
		do   func() error
		code string
	}{
		"no name":      {func() error { _, err := p.Put(t.Context(), ref.App, " ", wav); return err }, openseat.CodeInvalidValue},
		"a long name":  {func() error { _, err := p.Put(t.Context(), ref.App, strings.Repeat("长", 65), wav); return err }, openseat.CodeInvalidValue},
		"no sound":     {func() error { _, err := p.Put(t.Context(), ref.App, "x", []byte("hello")); return err }, openseat.CodeInvalidValue},
		"a great file": {func() error { _, err := p.Put(t.Context(), ref.App, "x", make([]byte, 6<<20)); return err }, openseat.CodeInvalidValue},
		"no text":      {func() error { _, err := p.Speak(t.Context(), ref.App, "x", "", "en"); return err }, openseat.CodeInvalidValue},
		"no language":  {func() error { _, err := p.Speak(t.Context(), ref.App, "x", "hi", "tlh"); return err }, openseat.CodeInvalidValue},
		"no voice":     {func() error { _, err := p.Speak(t.Context(), ref.App, "x", "你好", ""); return err }, openseat.CodeUnavailable},
		"not there":    {func() error { return p.Delete(t.Context(), ref.App, "x") }, openseat.CodeNotFound},
	} {
		if err := c.do(); !errors.Is(err, &openseat.Error{Code: c.code}) {
			t.Errorf("%s: %v, want %s", what, err, c.code)
		}
	}
	if len(d.files) != 0 || len(d.sounds) != 0 {
		t.Errorf("%d files, %d sounds", len(d.files), len(d.sounds))
	}
}

// A prompt that another has taken the place of is heard within a minute.
func TestAPromptIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, d := prompts()
		library := voice.NewLibrary(d, mute{})
		hears := func() time.Duration {
			src, err := library.Make(t.Context(), ref.App, call.Prompt{Audio: "sounds/1400000001/hello.wav"})
			if err != nil {
				t.Fatal(err)
			}
			return src.(*media.Clip).Duration()
		}
		for _, d := range []time.Duration{time.Second, 2 * time.Second} {
			if _, err := p.Put(t.Context(), ref.App, "hello", media.WAV(media.Quiet(d).PCM())); err != nil {
				t.Fatal(err)
			}
			time.Sleep(61 * time.Second)
			if got := hears(); got != d {
				t.Errorf("heard %v, want %v", got, d)
			}
		}
	})
}
