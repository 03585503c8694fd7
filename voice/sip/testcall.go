package sip

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice"
	"openseat/voice/media"
)

// The bounds of test calls.
const (
	testTimeout = 60 * time.Second // for somebody to answer
	testTalk    = 2 * time.Second
	testTone    = 440.0
	testKept    = 30 * time.Minute
	maxTests    = 100 // remembered
	maxTesting  = 5   // at a time
)

// Trial is a test call over a trunk, as far as it has come.
type Trial struct {
	App    openseat.AppID
	Trunk  string
	Done   bool
	OK     bool       // somebody answered
	Heard  bool       // … and sound came from there
	Status string     // how it ended, by the names of end statuses; empty until then
	Cause  call.Cause // as the line told it
	Steps  []TrialStep
}

// TrialStep is one thing that happened in a test call.
type TrialStep struct {
	After  time.Duration // since the call began
	What   string        // trying, ringing, early, answered, heard, ended
	Detail string
}

// trials are the test calls of late.
type trials struct {
	mu  sync.Mutex
	all map[string]*trial
}

// trial is a test call. It listens to its own leg.
type trial struct {
	began time.Time
	over  chan struct{}

	mu      sync.Mutex
	seen    Trial
	leg     voice.Leg
	mailbox bool // it was one that answered
}

// Try calls a number over a trunk, plays a tone for two seconds when somebody answers, and hangs up. What happens can be asked
// by the name that is returned; openseat.CodeLimitExceeded says that too many test calls run.
func (s *Server) Try(cfg *org.Trunk, caller, callee string) (string, error) {
	t := &trial{began: time.Now(), over: make(chan struct{}), seen: Trial{App: cfg.App, Trunk: cfg.Name}}
	id := token(8)
	if !s.trials.add(id, t) {
		return "", openseat.Errorf(openseat.CodeLimitExceeded, "%d test calls run", maxTesting)
	}
	t.step("trying", callee+" by "+cfg.Peer)
	t.mu.Lock() // what the leg tells has to wait until the leg is known
	defer t.mu.Unlock()
	t.leg = s.Dial(cfg, caller, callee, testTimeout, t)
	return id, nil
}

// Trial tells how a test call is; false says that it is not known, or not any more.
func (s *Server) Trial(app openseat.AppID, id string) (Trial, bool) {
	s.trials.mu.Lock()
	t := s.trials.all[id]
	s.trials.mu.Unlock()
	if t == nil {
		return Trial{}, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := t.seen
	seen.Steps = slices.Clone(seen.Steps)
	return seen, seen.App == app
}

// add takes a test call in, if there is room; old ones are forgotten.
func (ts *trials) add(id string, t *trial) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.all == nil {
		ts.all = map[string]*trial{}
	}
	running := 0
	oldest, when := "", time.Now()
	for other, t := range ts.all {
		switch {
		case !t.isOver():
			running++
		case time.Since(t.began) > testKept:
			delete(ts.all, other)
		case t.began.Before(when):
			oldest, when = other, t.began
		}
	}
	if running >= maxTesting {
		return false
	}
	if len(ts.all) >= maxTests {
		delete(ts.all, oldest)
	}
	ts.all[id] = t
	return true
}

func (t *trial) isOver() bool {
	select {
	case <-t.over:
		return true
	default:
		return false
	}
}

// note writes down one thing that happened. t.mu is held.
func (t *trial) note(what, detail string) {
	t.seen.Steps = append(t.seen.Steps, TrialStep{time.Since(t.began), what, detail})
}

func (t *trial) step(what, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.note(what, detail)
}

// Ringing implements voice.Listener.
func (t *trial) Ringing() { t.step("ringing", "") }

// Progress implements voice.Listener.
func (t *trial) Progress() { t.step("early", "sound before the answer") }

// Answered implements voice.Listener.
func (t *trial) Answered(voicemail bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen.OK, t.mailbox = true, voicemail
	t.note("answered", t.leg.Port().Format().String())
	t.leg.Port().Play(media.ToneSource(testTone), true, nil)
	time.AfterFunc(testTalk, t.hangUp)
}

func (t *trial) hangUp() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.seen.Done {
		t.listen()
		t.leg.HangUp(0, 16)
	}
}

// listen notes what came from the far end. t.mu is held.
func (t *trial) listen() {
	if in := t.leg.Port().Stats().In; in.Packets > 0 && !t.seen.Heard {
		t.seen.Heard = true
		t.note("heard", fmt.Sprintf("%d packets, %d lost", in.Packets, in.Lost))
	}
}

// Ended implements voice.Listener.
func (t *trial) Ended(cause call.Cause) {
	t.mu.Lock()
	defer t.mu.Unlock()
	status := call.FromCause(cause)
	switch {
	case t.mailbox:
		status = call.EndVoiceMailReached
	case t.seen.OK:
		status = call.EndOK
	}
	if t.seen.OK {
		t.listen()
	}
	t.note("ended", outcome(cause))
	t.seen.Done, t.seen.Cause, t.seen.Status = true, cause, status.String()
	close(t.over)
}

// outcome words a cause for people.
func outcome(c call.Cause) string {
	text := fmt.Sprintf("SIP %d", c.SIP)
	if c.Q850 != 0 {
		text += fmt.Sprintf(", Q.850 %d", c.Q850)
	}
	if c.Text != "" {
		text += ": " + c.Text
	}
	return text
}

// Digit implements voice.Listener.
func (t *trial) Digit(byte) {}

// Held implements voice.Listener.
func (t *trial) Held(bool) {}

// MediaLost implements voice.Listener.
func (t *trial) MediaLost() {}

// MediaBack implements voice.Listener.
func (t *trial) MediaBack() {}
