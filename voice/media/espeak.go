package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of one utterance.
const (
	maxSpeechText  = 4000 // bytes
	maxSpeechBytes = 32 << 20
	maxSpeechTime  = 20 * time.Second
)

// Espeak speaks through Debian's espeak-ng, run as a process for each utterance: no shell, the text on its standard input,
// nothing of our environment.
type Espeak struct {
	path string
}

// NewEspeak finds espeak-ng; without it, Say answers ErrNoSpeech.
func NewEspeak() *Espeak {
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		path = ""
	}
	return &Espeak{path: path}
}

// voice is espeak-ng's name for a language: what we are asked for is mostly a locale of the web.
func voice(lang string) (name string, ok bool) {
	lang = strings.ToLower(strings.ReplaceAll(lang, "_", "-"))
	switch lang {
	case "zh", "zh-cn", "zh-tw", "zh-hans", "zh-hant", "cmn":
		return "cmn", true
	case "zh-hk", "yue":
		return "yue", true
	case "", "en", "en-us":
		return "en-us", true
	}
	for part := range strings.SplitSeq(lang, "-") {
		if len(part) < 2 || len(part) > 8 || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return "", false
		}
	}
	return lang, true
}

// Say implements Speech.
func (e *Espeak) Say(ctx context.Context, text, lang string) ([]int16, error) {
	name, ok := voice(lang)
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	switch {
	case e.path == "":
		return nil, ErrNoSpeech
	case !ok:
		return nil, fmt.Errorf("%w: %q", ErrSpeechVoices, lang)
	case text == "" || len(text) > maxSpeechText || !utf8.ValidString(text):
		return nil, ErrSpeechText
	}
	text = strings.ReplaceAll(text, "[[", "[ [") // what stands between these is phonemes to espeak-ng
	wav, err := e.run(ctx, text, name)
	if err != nil {
		return nil, err
	}
	pcm, err := ReadWAV(wav)
	if err != nil {
		return nil, fmt.Errorf("media: espeak-ng: %w", err)
	}
	return pcm, nil
}

func (e *Espeak) run(ctx context.Context, text, name string) (wav []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxSpeechTime)
	defer cancel()
	//nolint:gosec // G204: no shell, and voice lets only letters, digits and "-" through
	cmd := exec.CommandContext(ctx, e.path, "-b", "1", "-v", name, "--stdin", "--stdout")
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.Stdin = strings.NewReader(text)
	cmd.WaitDelay = time.Second
	out, complaint := &boundedBuffer{room: maxSpeechBytes}, &boundedBuffer{room: 1000}
	cmd.Stdout, cmd.Stderr = out, complaint
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && strings.Contains(complaint.buf.String(), "voice"):
		return nil, fmt.Errorf("%w: %q", ErrSpeechVoices, name)
	case err != nil:
		return nil, fmt.Errorf("media: espeak-ng: %w: %s", err, complaint.buf.String())
	}
	return out.buf.Bytes(), nil
}

// boundedBuffer takes only so much; more is an error, which ends the process that writes it.
type boundedBuffer struct {
	buf  bytes.Buffer
	room int
}

var errTooMuch = errors.New("media: a process said more than it may")

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.room {
		return 0, errTooMuch
	}
	return b.buf.Write(p)
}
