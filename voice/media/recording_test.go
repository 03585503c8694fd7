package media

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// alarms collects what a spool complains about.
type alarms struct {
	mu    sync.Mutex
	kinds []string
}

func (a *alarms) ring(kind string, _ error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kinds = append(a.kinds, kind)
}

func (a *alarms) String() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.kinds, " ")
}

func openSpool(t *testing.T, opts SpoolOptions) (*Spool, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := OpenSpool(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// recorded reads a finished recording's WAV.
func recorded(t *testing.T, s *Spool, r *Recording) []int16 {
	t.Helper()
	<-r.Done()
	b, err := os.ReadFile(s.path(r.id, recWAV))
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := ReadWAV(b)
	if err != nil {
		t.Fatal(err)
	}
	return pcm
}

// sounds asserts that a stretch of sound is one tone, or with 0, silence.
func sounds(t *testing.T, name string, pcm []int16, hz float64) {
	t.Helper()
	got, purity := Detect(pcm)
	if hz == 0 {
		for _, s := range pcm {
			if s > 16 || s < -16 {
				t.Errorf("%s: not silent", name)
				return
			}
		}
		return
	}
	if math.Abs(got-hz) > 5 || purity < 0.95 {
		t.Errorf("%s: %.0f Hz, purity %.2f; want %.0f Hz", name, got, purity, hz)
	}
}

// seconds cuts pcm between two times, leaving out the border.
func seconds(pcm []int16, from, to float64) []int16 {
	const border = 400
	return pcm[int(from*SampleRate)+border : int(to*SampleRate)-border]
}

func TestEachSideIsRecordedByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		s, _ := openSpool(t, SpoolOptions{})
		a, _ := newLine(t, m, muLaw, 440)
		b, _ := newLine(t, m, aLaw, 880)
		Connect(a, b)
		customer, err := s.Start("call-1.customer", PCMU)
		if err != nil {
			t.Fatal(err)
		}
		agent, err := s.Start("call-1.agent", PCMU) // another law than the agent's leg
		if err != nil {
			t.Fatal(err)
		}
		a.Record(customer)
		b.Record(agent)
		time.Sleep(10 * time.Second)
		customer.Stop()
		agent.Stop()
		for r, hz := range map[*Recording]float64{customer: 440, agent: 880} {
			pcm := recorded(t, s, r)
			if len(pcm) != 10*SampleRate || r.Duration() != 10*time.Second {
				t.Errorf("%s: %d samples, %v", r.id, len(pcm), r.Duration())
			}
			sounds(t, r.id, seconds(pcm, 0.1, 10), hz)
		}
	})
}

// Talk time counts, whatever comes in: music on hold, mute, a browser that stops sending for its keys, a late start.
func TestRecordingKeepsTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		s, _ := openSpool(t, SpoolOptions{})
		p, caller := newLine(t, m, aLaw, 0)
		r, err := s.Start("r", PCMA)
		if err != nil {
			t.Fatal(err)
		}
		p.Record(r)
		time.Sleep(3 * time.Second)
		stop := caller.Play(ToneSource(440), true, nil)
		time.Sleep(3 * time.Second)
		p.Mute(true)
		time.Sleep(2 * time.Second)
		p.Mute(false)
		time.Sleep(2 * time.Second)
		stop()
		time.Sleep(10*time.Second + 37*time.Millisecond)
		r.Stop()
		pcm := recorded(t, s, r)
		if want := int(samples(20*time.Second + 37*time.Millisecond)); len(pcm) != want {
			t.Errorf("%d samples, want %d", len(pcm), want)
		}
		sounds(t, "before it spoke", seconds(pcm, 0, 3), 0)
		sounds(t, "speaking", seconds(pcm, 3, 6), 440)
		sounds(t, "muted", seconds(pcm, 6, 8), 0)
		sounds(t, "speaking again", seconds(pcm, 8, 10), 440)
		sounds(t, "gone", seconds(pcm, 10, 20), 0)
	})
}

// heard is one packet of a recording's stream: when it comes, its timestamp and its only value.
type heard struct {
	at    time.Duration
	ssrc  uint32
	ts    uint32
	value byte
}

func TestRecordingPlacesPackets(t *testing.T) {
	const ms = time.Millisecond
	packet := func(n int) heard {
		return heard{at: time.Duration(n+1) * FrameTime, ts: uint32(n * 160), value: byte('a' + n)}
	}
	late := func(p heard, by time.Duration) heard { p.at += by; return p }
	stream := func(p heard, ssrc, ts uint32) heard { p.ssrc, p.ts = ssrc, p.ts+ts; return p }
	for _, c := range []struct {
		name string
		in   []heard
		want string // one letter a frame, '.' is silence
	}{
		{"in order", []heard{packet(0), packet(1), packet(2)}, "abc"},
		{"one lost", []heard{packet(0), packet(2)}, "a.c"},
		{"two reordered", []heard{packet(0), packet(2), late(packet(1), 25*ms), packet(3)}, "abcd"},
		{"one doubled", []heard{packet(0), packet(1), packet(1), packet(2)}, "abc"},
		{"jitter", []heard{packet(0), late(packet(1), 60*ms), late(packet(2), 45*ms), packet(4)}, "abc.e"},
		{"starts late", []heard{packet(3), packet(4)}, "...de"},
		{"another stream", []heard{packet(0), packet(1), stream(packet(2), 9, 123456), stream(packet(4), 9, 123456)}, "abc.e"},
		{"the timeline jumps far ahead", []heard{packet(0), stream(packet(1), 0, 1<<30), stream(packet(2), 0, 1<<30)}, "abc"},
		{"the timeline jumps back", []heard{stream(packet(0), 0, 1<<30), packet(1), packet(2)}, "abc"},
		{"the timestamp wraps", []heard{stream(packet(0), 0, 0xFFFFFFFF-159), stream(packet(1), 0, 0xFFFFFFFF-159)}, "ab"},
		{"from before the recording", []heard{{at: -time.Second, value: 'x'}, packet(0)}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &Recording{codec: PCMU, start: time.Now()}
			for _, p := range c.in {
				sound := make([]byte, FrameSamples)
				for i := range sound {
					sound[i] = p.value
				}
				r.hear(p.at, p.ssrc, p.ts, PCMU, sound)
			}
			sound := append(make([]byte, 0), r.buf...)
			got := bytes.Repeat([]byte{'.'}, int(r.from)/FrameSamples)
			for i := 0; i < len(sound); i += FrameSamples {
				if sound[i] == PCMU.Silence() {
					got = append(got, '.')
				} else {
					got = append(got, sound[i])
				}
			}
			if string(got) != c.want {
				t.Errorf("recorded %q, want %q", got, c.want)
			}
		})
	}
}

// A disk that hangs costs memory up to a bound, then sound, never the call.
func TestSlowDiskDropsSound(t *testing.T) {
	r := &Recording{codec: PCMU, start: time.Now()}
	sound := make([]byte, FrameSamples)
	for i := range 1000 {
		r.hear(time.Duration(i+1)*FrameTime, 1, uint32(i*FrameSamples), PCMU, sound)
	}
	if len(r.buf) > maxPending || r.Dropped() < 11*time.Second {
		t.Errorf("%d bytes pending, %v dropped of 20 s", len(r.buf), r.Dropped())
	}
}

// fullDisk is a file that takes only so much until it is given room.
type fullDisk struct {
	*os.File
	mu   sync.Mutex
	full bool
}

func (f *fullDisk) WriteAt(b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.full {
		n, _ := f.File.WriteAt(b[:len(b)/2], at) // a short write, then the error
		return n, syscall.ENOSPC
	}
	return f.File.WriteAt(b, at)
}

func (f *fullDisk) fill(full bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.full = full
}

func TestFullDiskDoesNotStopTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		var disk *fullDisk
		var rung alarms
		s, _ := openSpool(t, SpoolOptions{Alarm: rung.ring, create: func(path string) (file, error) {
			f, err := os.Create(path)
			disk = &fullDisk{File: f}
			return disk, err
		}})
		a, alice := newLine(t, m, muLaw, 440)
		b, _ := newLine(t, m, muLaw, 880)
		Connect(a, b)
		r, err := s.Start("r", PCMU)
		if err != nil {
			t.Fatal(err)
		}
		a.Record(r)
		time.Sleep(4 * time.Second)
		disk.fill(true)
		time.Sleep(4 * time.Second)
		alice.hears(t, 880)
		disk.fill(false)
		time.Sleep(4 * time.Second)
		r.Stop()
		pcm := recorded(t, s, r)
		if len(pcm) != 12*SampleRate {
			t.Errorf("%d samples", len(pcm))
		}
		sounds(t, "before", seconds(pcm, 1, 3.5), 440)
		sounds(t, "full", seconds(pcm, 5, 7.5), 0)
		sounds(t, "after", seconds(pcm, 10, 12), 440)
		if got := rung.String(); got != AlarmDisk {
			t.Errorf("alarms: %q, want one %q", got, AlarmDisk)
		}
		if out, err := s.Encode(t.Context(), "r"); err != nil || !out.Broken {
			t.Errorf("%+v %v: the recording must say that it is broken", out, err)
		}
	})
}

func TestNoSpaceToBegin(t *testing.T) {
	var rung alarms
	s, _ := openSpool(t, SpoolOptions{Alarm: rung.ring, create: func(string) (file, error) { return nil, syscall.ENOSPC }})
	if _, err := s.Start("r", PCMU); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if rung.String() != AlarmDisk {
		t.Errorf("alarms: %v", rung.String())
	}
}

// A killed process leaves files without sizes; whoever comes next finishes them.
func TestRecoverAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		s, dir := openSpool(t, SpoolOptions{})
		p, _ := newLine(t, m, aLaw, 440)
		began := time.Now()
		r, err := s.Start("talking", PCMA)
		if err != nil {
			t.Fatal(err)
		}
		p.Record(r)
		if _, err := s.Start("silent", PCMU); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Second + 100*time.Millisecond)
		// The next process sees the folder as it is now.
		crashed := filepath.Join(t.TempDir(), "spool")
		if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		s.Close()
		for name, content := range map[string]string{"half.mp3.tmp": "x", "empty.part": "", "strange.wav": "RIFF?", "note.txt": "hello"} {
			if err := os.WriteFile(filepath.Join(crashed, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var rung alarms
		next, err := OpenSpool(crashed, SpoolOptions{Alarm: rung.ring})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // recovering twice finds the same
			checkRecovered(t, next, began)
		}
		if got := rung.String(); got != strings.TrimSpace(strings.Repeat(AlarmDisk+" ", 4)) {
			t.Errorf("alarms: %q", got)
		}
		b, err := os.ReadFile(next.path("talking", recWAV))
		if err != nil {
			t.Fatal(err)
		}
		pcm, err := ReadWAV(b)
		if err != nil {
			t.Fatal(err)
		}
		sounds(t, "talking", seconds(pcm, 0.1, 9.7), 440)
		if err := next.Remove("talking"); err != nil {
			t.Error(err)
		}
		if left, _ := next.Recover(); len(left) != 1 {
			t.Errorf("after removal: %v", left)
		}
	})
}

func checkRecovered(t *testing.T, s *Spool, began time.Time) {
	t.Helper()
	left, err := s.Recover()
	if err != nil || len(left) != 2 {
		t.Fatalf("%v %v", left, err)
	}
	for _, l := range left {
		least := map[string]time.Duration{"talking": 9780 * time.Millisecond, "silent": 8 * time.Second}[l.ID]
		if l.Duration < least || l.Duration > 10100*time.Millisecond || !l.Start.Equal(began) {
			t.Errorf("%+v: want at least %v, started %v", l, least, began)
		}
	}
}

func TestRecordingNames(t *testing.T) {
	s, _ := openSpool(t, SpoolOptions{})
	defer s.Close()
	for _, id := range []string{"", ".hidden", "../up", "a/b", "a b", "你", strings.Repeat("x", 101)} {
		if _, err := s.Start(id, PCMU); !errors.Is(err, ErrRecordingID) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := s.Start(strings.Repeat("x", 100), PCMU); err != nil {
		t.Error(err)
	}
	if _, err := s.Start(strings.Repeat("x", 100), PCMU); !errors.Is(err, ErrRecordingID) {
		t.Errorf("the same name twice: %v", err)
	}
}

// A recording's picture: a tone, then silence, 20 peaks a second.
func TestPeaksOfARecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		s, _ := openSpool(t, SpoolOptions{})
		p, far := newLine(t, m, aLaw, 0)
		r, err := s.Start("r", PCMA)
		if err != nil {
			t.Fatal(err)
		}
		p.Record(r)
		far.Play(ToneSource(440), true, nil)
		time.Sleep(time.Second)
		p.StopRecord()
		time.Sleep(time.Second)
		r.Stop()
		<-r.Done()
		peaks, err := s.Peaks("r")
		if err != nil || len(peaks) != 40 || peaks[10] < 24 || peaks[10] > 26 || peaks[30] != 0 {
			t.Errorf("%d peaks %v, %v", len(peaks), peaks, err)
		}
		if _, err := s.Peaks("none"); err == nil {
			t.Error("a recording that is not there has peaks")
		}
		long, err := drawPeaks(bytes.NewReader(make([]byte, 3600*SampleRate)), PCMA, 3600*SampleRate)
		if err != nil || len(long) > maxPeaks || len(long) < maxPeaks*9/10 {
			t.Errorf("%d peaks of an hour, %v", len(long), err)
		}
	})
}
