package voice_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

var ref = openseat.CallRef(1400000001, "s1")

// line is a leg whose far end is in the test's hand.
type line struct {
	port *media.Port
	far  *media.Port // the person at the other end
	ear  *media.Ear
	said []string // what the exchange did to it
	mu   sync.Mutex
}

func newLine(t *testing.T) *line {
	near, far := media.Pipe()
	l := &line{ear: media.NewEar(time.Minute)}
	f := media.Format{Codec: media.PCMA, DTMF: 101}
	l.port = media.NewPort(near, f, media.PortOptions{Name: "near"})
	l.far = media.NewPort(far, f, media.PortOptions{Name: "far", Hear: l.ear.Hear})
	t.Cleanup(func() { l.port.Close(); l.far.Close() })
	return l
}

func (l *line) did(what string) { l.mu.Lock(); l.said = append(l.said, what); l.mu.Unlock() }

func (l *line) done() []string { l.mu.Lock(); defer l.mu.Unlock(); return slices.Clone(l.said) }

func (l *line) Port() *media.Port   { return l.port }
func (l *line) Ring()               { l.did("ring") }
func (l *line) Answer()             { l.did("answer") }
func (l *line) HangUp(int, int)     { l.did("hangup") }
func (l *line) SendDigits(d string) { l.did("digits " + d) }

// world is everything around an exchange: the call it talks to, lines, sounds and the shelf.
type world struct {
	*voice.Exchange
	t        *testing.T
	recorder *voice.Recorder
	spool    *media.Spool

	mu     sync.Mutex
	told   []openseat.Event
	asked  []openseat.Event
	gone   bool // the call does not exist any more
	alarms []string
	shelf  map[string]int64
	stored map[string][]byte
	full   bool // the shelf takes nothing

	unmounted bool // the shelf is not there
	busy      bool // the call does not answer

	next   *line // the next leg dialed or opened
	ears   map[*line]voice.Listener
	view   *org.View
	dialed []string
}

func open(t *testing.T, dir string) *world {
	w := &world{t: t, shelf: map[string]int64{}, stored: map[string][]byte{}, ears: map[*line]voice.Listener{}, view: office()}
	var err error
	if w.spool, err = media.OpenSpool(dir, media.SpoolOptions{}); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if w.recorder, err = voice.NewRecorder(w.spool, w, w, func(kind string, err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.alarms = append(w.alarms, kind+": "+err.Error())
	}, log); err != nil {
		t.Fatal(err)
	}
	w.Exchange = voice.NewExchange(voice.Config{Teller: w, Views: w, Sounds: sounds{}, Recorder: w.recorder, Log: log})
	w.Use(voice.Lines{Dialer: w, Desks: w, Phones: w})
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { w.recorder.Run(ctx); close(over) }()
	t.Cleanup(func() { cancel(); <-over; w.spool.Close() })
	return w
}

func (w *world) Tell(_ openseat.Ref, e openseat.Event) {
	w.mu.Lock()
	w.told = append(w.told, e)
	w.mu.Unlock()
}

func (w *world) Ask(_ context.Context, _ openseat.Ref, e openseat.Event) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy {
		return nil, openseat.Errorf(openseat.CodeUnavailable, "the journal is slow")
	}
	if w.gone {
		return nil, openseat.Errorf(openseat.CodeNotFound, "gone")
	}
	w.asked = append(w.asked, e)
	return nil, nil
}

func (w *world) View(openseat.AppID) *org.View { return w.view }

func (w *world) Dial(t *org.Trunk, caller, callee string, _ time.Duration, l voice.Listener) voice.Leg {
	w.dialed = append(w.dialed, t.Name+" "+caller+" "+callee)
	l.Ringing()
	return w.up(l)
}

func (w *world) Ring(_ openseat.AppID, extension, caller, name string, _ time.Duration, l voice.Listener) voice.Leg {
	w.dialed = append(w.dialed, "phone "+extension+" "+caller+" "+name)
	l.Ringing()
	return w.up(l)
}

func (w *world) Open(_ openseat.AppID, _, _ string, l voice.Listener) voice.Leg { return w.up(l) }

func (w *world) up(l voice.Listener) voice.Leg {
	w.ears[w.next] = l
	l.Answered(false)
	return w.next
}

func (w *world) Put(_ context.Context, key string, f io.Reader, size int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.full {
		return errors.New("no space left on device")
	}
	if w.unmounted {
		return os.ErrNotExist
	}
	b, err := io.ReadAll(f)
	if int64(len(b)) != size {
		w.t.Errorf("%s has %d bytes, said to be %d", key, len(b), size)
	}
	w.shelf[key], w.stored[key] = size, b
	return err
}

func (w *world) Has(_ context.Context, key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.shelf[key]
	return ok
}

// sounds knows tones by their name; "slow" takes a second to make, "none" cannot be made.
type sounds struct{}

func (sounds) Find(_ openseat.AppID, p call.Prompt) (media.Source, bool) {
	if p.Audio == "440" {
		return media.Tone(440, time.Second), true
	}
	return nil, false
}

func (sounds) Make(ctx context.Context, _ openseat.AppID, p call.Prompt) (media.Source, error) {
	if p.Text == "none" {
		return nil, media.ErrNoSpeech
	}
	wait := time.Second
	if p.Text == "for ever" {
		wait = time.Hour
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return media.Tone(1000, time.Second), nil
}

func (w *world) do(cmds ...openseat.Command) { w.Execute(ref, time.Now(), cmds) }

// events is what the call was told, by name and play.
func (w *world) events() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, e := range append(slices.Clone(w.told), w.asked...) {
		name := strings.TrimPrefix(e.EventName(), "call.")
		switch e := e.(type) {
		case call.PlayEnded:
			name += " " + e.Play
		case call.PlayFailed:
			name += " " + e.Play
		}
		out = append(out, name)
	}
	return out
}

// story runs in virtual time with a customer's leg at the door.
func story(t *testing.T, tell func(t *testing.T, w *world, customer *line)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, customer := open(t, t.TempDir()), newLine(t)
		w.Seat(ref, call.CustomerLeg, customer)
		tell(t, w, customer)
	})
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func wantEvents(t *testing.T, w *world, want ...string) {
	t.Helper()
	if got := w.events(); !slices.Equal(got, want) {
		t.Errorf("the call was told %q, want %q", got, want)
	}
}

func TestPromptsFollowEachOther(t *testing.T) {
	story(t, func(t *testing.T, w *world, customer *line) {
		w.do(call.Play{Leg: "c", Play: "p1", Prompts: []call.Prompt{{Audio: "440"}, {Text: "slow"}}})
		pass(2500 * time.Millisecond)
		wantEvents(t, w)
		pass(2 * time.Second)
		wantEvents(t, w, "PlayEnded p1")
		if hz, _ := media.Detect(customer.ear.PCM()); hz < 400 || hz > 1100 {
			t.Errorf("the customer heard %v Hz", hz)
		}
	})
}

func TestAPromptThatCannotBeMadeIsLeftOut(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.do(call.Play{Leg: "c", Play: "p1", Prompts: []call.Prompt{{Text: "none"}, {Text: "slow"}}})
		pass(5 * time.Second)
		w.do(call.Play{Leg: "c", Play: "p2", Prompts: []call.Prompt{{Text: "none"}}})
		pass(5 * time.Second)
		wantEvents(t, w, "PlayEnded p1", "PlayFailed p2")
	})
}

func TestALoopGoesOnUntilItIsStopped(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.do(call.Play{Leg: "c", Play: "p1", Prompts: []call.Prompt{{Audio: "440"}, {Audio: "440"}}, Loop: true})
		pass(10 * time.Second)
		w.do(call.StopPlay{Leg: "c", Play: "p0"}, call.StopPlay{Leg: "c", Play: "p1"})
		pass(10 * time.Second)
		wantEvents(t, w)
	})
}

func TestAPlayThatIsReplacedTellsNothing(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.do(call.Play{Leg: "c", Play: "p1", Prompts: []call.Prompt{{Text: "slow"}}})
		w.do(call.Play{Leg: "c", Play: "p2", Prompts: []call.Prompt{{Audio: "440"}}})
		pass(5 * time.Second)
		wantEvents(t, w, "PlayEnded p2")
	})
}

func TestATalkIsHeardAndRecordedOnBothSides(t *testing.T) {
	story(t, func(t *testing.T, w *world, customer *line) {
		agent := newLine(t)
		w.next = agent
		w.do(call.AnswerLeg{Leg: "c"}, call.OpenAgent{Leg: "a1", User: "alice"})
		customer.far.Play(media.ToneSource(440), true, nil)
		agent.far.Play(media.ToneSource(880), true, nil)
		w.do(call.Hear{Legs: map[string][]string{"c": {"a1"}, "a1": {"c"}}}, call.Record{Leg: "c", Record: "r1"}, call.Record{Leg: "a1", Record: "r2"})
		pass(5 * time.Second)
		w.do(call.StopRecord{Leg: "c", Record: "r1"}, call.StopRecord{Leg: "a1", Record: "r2"}, call.HangUpLeg{Leg: "a1"}, call.Closed{})
		pass(10 * time.Second)
		wantEvents(t, w, "LegAnswered", "RecordingReady", "RecordingReady")
		for _, e := range w.asked {
			if r := e.(call.RecordingReady); r.Duration < 4900*time.Millisecond || r.Duration > 5100*time.Millisecond || r.Size == 0 {
				t.Errorf("recording %+v of a talk of 5 s", r)
			}
		}
		if hz, purity := media.Detect(agent.ear.PCM()); hz < 430 || hz > 450 || purity < 0.8 {
			t.Errorf("the agent heard %v Hz (%v)", hz, purity)
		}
		if hz, purity := media.Detect(customer.ear.PCM()); hz < 870 || hz > 890 || purity < 0.8 {
			t.Errorf("the customer heard %v Hz (%v)", hz, purity)
		}
		if got := customer.done(); !slices.Equal(got, []string{"answer", "hangup"}) {
			t.Errorf("the customer's leg was done %q", got)
		}
		if w.Rooms() != 0 {
			t.Error("the room is still there")
		}
	})
}

func TestALegOverATrunkThatIsGone(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.do(call.DialTrunk{Leg: "c", Trunk: "gone"})
		wantEvents(t, w, "LegEnded")
	})
}

func TestCommandsForNobodyAreHarmless(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.do(call.RingLeg{Leg: "a7"}, call.Hear{Legs: map[string][]string{"c": {"a7"}, "a7": {"c", "a8"}}}, call.Play{Leg: "a7", Play: "p"}, call.Record{Leg: "a7", Record: "r"},
			call.StopRecord{Record: "r"}, call.SendDigits{Leg: "a7", Digits: "1"}, call.MuteLeg{Leg: "a7"})
		w.Execute(openseat.CallRef(1, "other"), time.Now(), []openseat.Command{call.HangUpLeg{Leg: "c"}, call.Closed{}})
		w.Execute(openseat.BoardRef(1), time.Now(), []openseat.Command{call.HangUpLeg{Leg: "c"}})
		pass(time.Second)
		w.Execute(openseat.CallRef(1, "other"), time.Now(), []openseat.Command{call.Record{Leg: "c", Record: "r"}})
		wantEvents(t, w, "RecordingFailed", "RecordingFailed") // or the call would wait for them
	})
}

func TestAShelfThatIsFullIsTriedAgain(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.full = true
		w.do(call.Record{Leg: "c", Record: "r1"})
		pass(3 * time.Second)
		w.do(call.StopRecord{Leg: "c", Record: "r1"})
		pass(time.Minute)
		w.mu.Lock()
		if len(w.alarms) < 3 || len(w.asked) != 0 {
			t.Errorf("alarms %q, told %v", w.alarms, w.asked)
		}
		w.full = false
		w.mu.Unlock()
		pass(time.Hour)
		wantEvents(t, w, "RecordingReady")
	})
}

// A caller hangs up on the beep: his message is thrown away, and nothing is left of it anywhere.
func TestAMessageThatIsTooShortLeavesNothing(t *testing.T) {
	for said, want := range map[time.Duration]string{900 * time.Millisecond: "RecordingFailed", 1100 * time.Millisecond: "RecordingReady"} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			w := open(t, dir)
			w.Seat(ref, call.CustomerLeg, newLine(t))
			w.do(call.Record{Leg: "c", Record: "r1", Least: time.Second})
			pass(said)
			w.do(call.StopRecord{Leg: "c", Record: "r1"})
			pass(time.Minute)
			wantEvents(t, w, want)
			left, _ := os.ReadDir(dir)
			if kept := len(w.stored) == 2; len(left) != 0 || kept != (want == "RecordingReady") {
				t.Errorf("a message of %v left %v in the spool and %v on the shelf", said, left, w.shelf)
			}
		})
	}
}

func TestWhatACrashLeftIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		before, customer := open(t, dir), newLine(t)
		before.Seat(ref, call.CustomerLeg, customer)
		customer.far.Play(media.ToneSource(440), true, nil)
		before.do(call.Record{Leg: "c", Record: "r1"})
		pass(3 * time.Second)
		copied := t.TempDir() // the process dies here: its files are as they are
		if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		after := open(t, copied)
		after.do(call.RecoverRecord{Record: "r1"}, call.RecoverRecord{Record: "never-begun"})
		after.recorder.Sweep(t.Context())
		pass(time.Minute)
		wantEvents(t, after, "RecordingReady", "RecordingFailed")
		if left, _ := os.ReadDir(copied); len(left) != 0 {
			t.Errorf("the spool still holds %v", left)
		}
		before.do(call.StopRecord{Leg: "c", Record: "r1"}, call.Closed{})
		pass(time.Minute)
	})
}

func TestARecordingOfACallThatGaveUpStaysOnTheShelf(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.gone = true
		w.do(call.Record{Leg: "c", Record: "r1"})
		pass(time.Second)
		w.do(call.StopRecord{Leg: "c", Record: "r1"})
		pass(time.Minute)
		if !w.Has(t.Context(), voice.Key(ref.App, "r1", ".wav")) || w.recorder.Backlog() != 0 {
			t.Errorf("shelf %v, backlog %d", w.shelf, w.recorder.Backlog())
		}
	})
}

func TestARecordingAskedForTwiceIsStoredOnce(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.busy = true // or it may be stored before it is asked for again
		w.do(call.Record{Leg: "c", Record: "r1"})
		pass(time.Second)
		w.Lost(ref)
		w.do(call.RecoverRecord{Record: "r1"})
		pass(time.Minute)
		w.mu.Lock()
		w.busy = false
		w.mu.Unlock()
		pass(time.Hour)
		wantEvents(t, w, "RecordingReady")
	})
}

func TestACallThatCannotBeToldIsToldLater(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.busy = true
		w.do(call.RecoverRecord{Record: "never-begun"})
		pass(time.Minute)
		wantEvents(t, w)
		w.mu.Lock()
		w.busy = false
		w.mu.Unlock()
		pass(time.Hour)
		wantEvents(t, w, "RecordingFailed")
	})
}

func TestAShelfThatIsNotThereLosesNothing(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.unmounted = true
		w.do(call.Record{Leg: "c", Record: "r1"})
		pass(time.Second)
		w.do(call.StopRecord{Leg: "c", Record: "r1"})
		pass(time.Minute)
		wantEvents(t, w)
		if w.recorder.Backlog() != 1 {
			t.Errorf("%d recordings wait", w.recorder.Backlog())
		}
		w.mu.Lock()
		w.unmounted = false
		w.mu.Unlock()
		pass(time.Hour)
		wantEvents(t, w, "RecordingReady")
	})
}

func TestWhatNoCallAsksForIsStoredAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		before := open(t, dir)
		before.Seat(ref, call.CustomerLeg, newLine(t))
		before.do(call.Record{Leg: "c", Record: "r1"})
		pass(3 * time.Second)
		copied := t.TempDir()
		if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		after := open(t, copied)
		after.recorder.Sweep(t.Context())
		pass(time.Minute)
		wantEvents(t, after)
		if left, _ := os.ReadDir(copied); len(left) != 0 || !after.Has(t.Context(), voice.Key(ref.App, "r1", ".wav")) {
			t.Errorf("the spool holds %v, the shelf %v", left, after.shelf)
		}
		before.Lost(ref)
		pass(time.Minute)
	})
}

func TestPromptsThatTakeTooLongAreLeftOut(t *testing.T) {
	story(t, func(t *testing.T, w *world, _ *line) {
		w.do(call.Play{Leg: "c", Play: "p1", Prompts: []call.Prompt{{Audio: "440"}, {Text: "for ever"}}})
		pass(15 * time.Second)
		wantEvents(t, w, "PlayEnded p1")
	})
}
