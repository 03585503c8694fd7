package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tolerance is how far a recording's length may be from the talk time, whoever measures it.
const tolerance = 100 * time.Millisecond

func TestMP3PlanIsRightForEveryLength(t *testing.T) {
	for n := int64(400); n < 20*mp3FrameSamples; n++ {
		p := planMP3(n)
		counted := duration(p.frames*mp3FrameSamples - n)
		heard := duration(p.frames*mp3FrameSamples - p.startPad - decoderDelay - n) // what decoders give out
		told := p.frames*mp3FrameSamples - p.startPad - p.endPad
		if counted.Abs() > tolerance || heard.Abs() > tolerance || told != n || p.skip+p.startPad != encoderDelay && p.skip != n {
			t.Fatalf("%d samples: %+v: frames %v off, decoded %v off", n, p, counted, heard)
		}
	}
}

func newEncoder(tb testing.TB) *Encoder {
	tb.Helper()
	e, err := NewEncoder("")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = e.Close(context.Background()) }) //nolint:usetesting // the test's context has ended by then
	return e
}

// encodeClip makes an MP3 of a clip.
func encodeClip(t *testing.T, e *Encoder, c Codec, clip *Clip) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "tone.mp3")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	g711 := c.Encode(nil, clip.PCM())
	for range 2 { // an instance is used again
		if _, err := f.Seek(0, 0); err != nil {
			t.Fatal(err)
		}
		if err := e.Encode(t.Context(), f, bytes.NewReader(g711), c, int64(len(g711))); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFFmpegPlaysOurMP3(t *testing.T) {
	for _, tool := range []string{"ffmpeg", "ffprobe"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	e := newEncoder(t)
	for _, length := range []time.Duration{100 * time.Millisecond, 3 * time.Second, 10*time.Second + 37*time.Millisecond} {
		for _, c := range []Codec{PCMU, PCMA} {
			path := encodeClip(t, e, c, Tone(440, length))
			out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path).Output()
			if err != nil {
				t.Fatal(err)
			}
			told, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if off := time.Duration(told*1e9) - length; err != nil || off.Abs() > tolerance {
				t.Errorf("%v: ffprobe says %v s", length, told)
			}
			pcm := decodeMP3(t, path)
			if off := duration(int64(len(pcm))) - length; off.Abs() > tolerance {
				t.Errorf("%v: decoded %v", length, duration(int64(len(pcm))))
			}
			if length > time.Second {
				sounds(t, path, pcm[800:len(pcm)-800], 440)
				if level := rms(pcm[800 : len(pcm)-800]); math.Abs(level-toneLevel/math.Sqrt2) > 400 {
					t.Errorf("as loud as %.0f, want %.0f", level, toneLevel/math.Sqrt2)
				}
			}
		}
	}
}

// What is heard must be where it was in the call.
func TestMP3KeepsItsPlaceInTime(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	pcm := make([]int16, 5*SampleRate+123)
	at := 3 * SampleRate
	copy(pcm[at:], Beep().PCM())
	decoded := decodeMP3(t, encodeClip(t, newEncoder(t), PCMA, NewClip("beep", pcm)))
	for i, s := range decoded {
		if s > 2000 {
			if off := duration(int64(i - at)); off.Abs() > 10*time.Millisecond {
				t.Errorf("the beep is off by %v", off)
			}
			return
		}
	}
	t.Error("no beep")
}

func decodeMP3(t *testing.T, path string) []int16 {
	t.Helper()
	var trouble bytes.Buffer
	cmd := exec.Command("ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ac", "1", "-ar", "8000", "-")
	cmd.Stderr = &trouble
	raw, err := cmd.Output()
	if err != nil || trouble.Len() > 0 {
		t.Fatalf("ffmpeg: %v %s", err, trouble.String())
	}
	pcm := make([]int16, len(raw)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return pcm
}

func rms(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return math.Sqrt(sum / float64(len(pcm)))
}

// A whole recording's life, with the encoder that works and one that does not.
func TestEncodeARecording(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.wasm")
	if err := os.WriteFile(broken, []byte("\x00asm\x01\x00\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, wasm, wantExt, wantAlarm string }{
		{"works", "", ".mp3", ""},
		{"encoder trouble", broken, ".wav", AlarmEncoder},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := NewEncoder(c.wasm)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = e.Close(t.Context()) }()
			var rung alarms
			s, _ := openSpool(t, SpoolOptions{Encoder: e, Alarm: rung.ring})
			r, err := s.Start("r", PCMU)
			if err != nil {
				t.Fatal(err)
			}
			tone := PCMU.Encode(nil, Tone(440, time.Second).PCM())
			r.hear(time.Since(r.start)+time.Second, 1, 0, PCMU, tone)
			r.Stop()
			out, err := s.Encode(t.Context(), "r")
			if (err != nil) != (c.wantAlarm != "") || filepath.Ext(out.Path) != c.wantExt || rung.String() != c.wantAlarm || out.Duration != r.Duration() {
				t.Errorf("%+v %v, alarms %q", out, err, rung.String())
			}
			if again, _ := s.Encode(t.Context(), "r"); c.wantAlarm == "" && again != out {
				t.Errorf("encoded again: %+v", again)
			}
			if _, err := os.Stat(out.Path); err != nil {
				t.Error(err)
			}
			if err := s.Remove("r"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNotAnEncoder(t *testing.T) {
	if _, err := NewEncoder("/does/not/exist.wasm"); err == nil {
		t.Error("no such file, and no error")
	}
}
