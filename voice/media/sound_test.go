package media

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// wav builds a WAV file of 16 bit samples.
func wav(rate, channels int, pcm []int16) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt "), 16, 0, 0, 0)
	b = le.AppendUint16(b, wavPCM)
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*channels*2))
	b = le.AppendUint16(b, uint16(channels*2))
	b = le.AppendUint16(b, 16)
	b = le.AppendUint32(append(b, "data"...), uint32(len(pcm)*2))
	for _, s := range pcm {
		b = le.AppendUint16(b, uint16(s))
	}
	return b
}

// sine is a second of a tone at any rate.
func sine(rate int, hz float64) []int16 {
	pcm := make([]int16, rate)
	for i := range pcm {
		pcm[i] = int16(10000 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return pcm
}

func TestReadWAVAtEveryRate(t *testing.T) {
	for _, rate := range []int{6000, 8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000} {
		pcm, err := ReadWAV(wav(rate, 1, sine(rate, 1000)))
		if err != nil {
			t.Fatal(err)
		}
		if len(pcm) != SampleRate {
			t.Errorf("%d: %d samples of a second", rate, len(pcm))
		}
		middle := pcm[500:7500]
		sounds(t, strconv.Itoa(rate), middle, 1000)
		if level := rms(middle); math.Abs(level-10000/math.Sqrt2) > 100 {
			t.Errorf("%d: as loud as %.0f", rate, level)
		}
	}
}

// What 8 kHz cannot carry must go, not come back as another tone.
func TestResamplingDoesNotAlias(t *testing.T) {
	for _, hz := range []float64{4400, 5000, 7000, 12000, 20000} {
		pcm := resample(sine(44100, hz), 44100)
		if level := rms(pcm[500:7500]); level > 10 {
			t.Errorf("%v Hz left a level of %.1f", hz, level)
		}
	}
	if level := rms(resample(sine(44100, 3400), 44100)[500:7500]); level < 6900 {
		t.Errorf("3400 Hz lost: %.0f", level)
	}
}

func TestReadWAVStereo(t *testing.T) {
	left := sine(16000, 600)
	both := make([]int16, 0, 2*len(left))
	for _, s := range left {
		both = append(both, s, s)
	}
	pcm, err := ReadWAV(wav(16000, 2, both))
	if err != nil {
		t.Fatal(err)
	}
	sounds(t, "stereo", pcm, 600)
}

func TestReadWAVOfTheLaws(t *testing.T) {
	for c, tag := range map[Codec]uint16{PCMU: wavMuLaw, PCMA: wavALaw} {
		file, err := recHeader(recMeta{ID: "x"}, c, 8000)
		if err != nil {
			t.Fatal(err)
		}
		if got := binary.LittleEndian.Uint16(file[20:]); got != tag {
			t.Errorf("%v has tag %d", c, got)
		}
		pcm, err := ReadWAV(c.Encode(file, Tone(700, time.Second).PCM()))
		if err != nil {
			t.Fatal(err)
		}
		sounds(t, c.String(), pcm, 700)
	}
}

func TestReadWAVRefuses(t *testing.T) {
	change := func(at int, v ...byte) []byte {
		b := wav(8000, 1, make([]int16, 100))
		copy(b[at:], v)
		return b
	}
	const format = 32 // where wav puts it
	for name, b := range map[string][]byte{
		"nothing":        nil,
		"an MP3":         []byte("ID3\x03 and so on and on"),
		"no data":        wav(8000, 1, nil)[:50],
		"float":          change(format, 3),
		"24 bit":         change(format+14, 24),
		"no channels":    change(format+2, 0),
		"nine channels":  change(format+2, 9),
		"1 Hz":           change(format+4, 1, 0, 0, 0),
		"4 GHz":          change(format+4, 255, 255, 255, 255),
		"cut in mid fmt": wav(8000, 1, nil)[:40],
	} {
		if _, err := ReadWAV(b); !errors.Is(err, ErrWAV) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMusicIsPleasantEnough(t *testing.T) {
	m := Music()
	if d := m.Duration(); d != 24*time.Second {
		t.Errorf("lasts %v", d)
	}
	pcm := m.PCM()
	peak := int16(0)
	for _, s := range pcm {
		peak = max(peak, s, -s)
	}
	if level := rms(pcm); level < 1200 || level > 6000 || peak > 14000 {
		t.Errorf("level %.0f, peak %d", level, peak)
	}
	for from := 0; from+SampleRate <= len(pcm); from += SampleRate {
		if rms(pcm[from:from+SampleRate]) < 500 {
			t.Errorf("a hole at %d s", from/SampleRate)
		}
	}
	if step := int(pcm[0]) - int(pcm[len(pcm)-1]); step > 1500 || step < -1500 {
		t.Errorf("the loop clicks: a step of %d", step)
	}
}

func TestDetect(t *testing.T) {
	noise := make([]int16, SampleRate)
	state := uint32(1)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = int16(state>>16) / 4
	}
	both := make([]int16, SampleRate)
	addSine(both, 440, 5000)
	addSine(both, 880, 5000)
	for _, c := range []struct {
		name     string
		pcm      []int16
		hz       float64
		from, to float64 // purity
	}{
		{"tone", Tone(440, time.Second).PCM(), 440, 0.99, 1},
		{"tone through A-law", PCMA.Decode(nil, PCMA.Encode(nil, Tone(880, time.Second).PCM())), 880, 0.98, 1},
		{"short tone", Tone(1234, 100*time.Millisecond).PCM(), 1234, 0.9, 1},
		{"two tones", both, 0, 0.4, 0.6},
		{"noise", noise, 0, 0, 0.1},
		{"silence", make([]int16, SampleRate), 0, 0, 0},
		{"nothing", nil, 0, 0, 0},
	} {
		hz, purity := Detect(c.pcm)
		if c.hz != 0 && math.Abs(hz-c.hz) > 3 || purity < c.from || purity > c.to {
			t.Errorf("%s: %.1f Hz, purity %.3f", c.name, hz, purity)
		}
	}
}

func TestEspeakSpeaks(t *testing.T) {
	e := NewEspeak()
	if e.path == "" {
		t.Skip("espeak-ng is not installed")
	}
	for lang, text := range map[string]string{"en": "Welcome. Press one for support.", "zh": "欢迎致电，请按一。", "": "-v 5 --help"} {
		pcm, err := e.Say(t.Context(), text, lang)
		if err != nil {
			t.Errorf("%s: %v", lang, err)
			continue
		}
		if d := duration(int64(len(pcm))); d < 500*time.Millisecond || d > 15*time.Second || rms(pcm) < 300 {
			t.Errorf("%s: %v, level %.0f", lang, d, rms(pcm))
		}
	}
	for _, c := range []struct {
		text, lang string
		want       error
	}{
		{"", "en", ErrSpeechText}, {" \n", "en", ErrSpeechText}, {strings.Repeat("a", 5000), "en", ErrSpeechText},
		{"hi", "../../etc", ErrSpeechVoices}, {"hi", "--help", ErrSpeechVoices}, {"hi", "qq", ErrSpeechVoices},
	} {
		if _, err := e.Say(t.Context(), c.text, c.lang); !errors.Is(err, c.want) {
			t.Errorf("%q in %q: %v", c.text, c.lang, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Say(ended, "hello", "en"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNoEspeak(t *testing.T) {
	if _, err := new(Espeak).Say(t.Context(), "hello", "en"); !errors.Is(err, ErrNoSpeech) {
		t.Errorf("got %v", err)
	}
}

// parrot counts how often it had to speak.
type parrot struct {
	mu   sync.Mutex
	said []string
	fail error
}

func (p *parrot) Say(_ context.Context, text, _ string) ([]int16, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, text)
	return make([]int16, SampleRate), p.fail
}

func TestSpeechIsRememberedWithinBounds(t *testing.T) {
	bird := &parrot{}
	s := CacheSpeech(bird, 3)
	for _, text := range []string{"a", "b", "a", "c", "a", "d", "a", "b"} { // b was the oldest when d came
		if _, err := s.Say(t.Context(), text, "en"); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(bird.said, ""); got != "abcdb" {
		t.Errorf("said %s", got)
	}
}

func TestFailedSpeechIsNotRemembered(t *testing.T) {
	bird := &parrot{fail: ErrNoSpeech}
	s := CacheSpeech(bird, 3)
	if _, err := s.Say(t.Context(), "a", "en"); !errors.Is(err, ErrNoSpeech) {
		t.Error(err)
	}
	bird.fail = nil
	if _, err := s.Say(t.Context(), "a", "en"); err != nil {
		t.Error(err)
	}
}

func TestReadSound(t *testing.T) {
	tone := Tone(440, time.Second).PCM()
	mp3, err := os.ReadFile(filepath.Join("testdata", "tone.mp3")) // 44.1 kHz, two channels
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"WAV": WAV(tone), "MP3": mp3} {
		pcm, err := ReadSound(file)
		if err != nil || len(pcm) < SampleRate-SampleRate/10 || len(pcm) > SampleRate+SampleRate/4 {
			t.Errorf("%s: %d samples, %v", name, len(pcm), err)
			continue
		}
		if hz, purity := Detect(pcm); hz < 435 || hz > 445 || purity < 0.9 {
			t.Errorf("%s: %.0f Hz, purity %.2f", name, hz, purity)
		}
	}
	for _, no := range []string{"", "hello", "RIFF", "\xff\xfb\x90\x64"} {
		if _, err := ReadSound([]byte(no)); err == nil {
			t.Errorf("%q is taken for a sound", no)
		}
	}
}
