package voice_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"testing"

	"openseat"
	"openseat/core/call"
	"openseat/voice"
	"openseat/voice/media"
)

// uploads is a shelf with two instances' sounds on it.
type uploads map[string][]byte

func (u uploads) Open(_ context.Context, key string) (io.ReadCloser, error) {
	b, ok := u[key]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

type mute struct{}

func (mute) Say(context.Context, string, string) ([]int16, error) { return nil, media.ErrNoSpeech }

// wav is 100 ms of silence: 8 kHz, 16 bits, one channel.
func wav() []byte {
	const data = 1600
	head := "RIFF\x64\x06\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x40\x06\x00\x00"
	return append([]byte(head), make([]byte, data)...)
}

func TestAnInstancePlaysItsOwnSoundsOnly(t *testing.T) {
	l := voice.NewLibrary(uploads{
		"sounds/1400000001/hello.wav": wav(), "sounds/1400000002/secret.wav": wav(), "recordings/1400000001/r.wav": wav(),
	}, mute{})
	const mine openseat.AppID = 1400000001
	for range 2 { // from the shelf, then from memory
		for _, other := range []string{"sounds/1400000002/secret.wav", "recordings/1400000001/r.wav", "sounds/14000000011/x.wav", "builtin:nothing"} {
			_, err := l.Make(t.Context(), mine, call.Prompt{Audio: other})
			if !errors.Is(err, &openseat.Error{Code: openseat.CodeNotFound}) {
				t.Errorf("%s: %v", other, err)
			}
		}
		for _, own := range []string{"sounds/1400000001/hello.wav", "builtin:beep", "builtin:ringback"} {
			if _, err := l.Make(t.Context(), mine, call.Prompt{Audio: own}); err != nil {
				t.Errorf("%s: %v", own, err)
			}
		}
		if _, err := l.Make(t.Context(), 1400000002, call.Prompt{Audio: "sounds/1400000002/secret.wav"}); err != nil {
			t.Error(err)
		}
	}
	if _, ok := l.Find(mine, call.Prompt{Audio: "sounds/1400000002/secret.wav"}); ok {
		t.Error("what is in memory is everybody's")
	}
}
