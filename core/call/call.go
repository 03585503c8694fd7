package call

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"openseat"
	"openseat/core/acd"
	"openseat/core/flow"
	"openseat/core/org"
)

// How long things may take when the plan does not say.
const (
	defaultRing      = 20 * time.Second
	defaultPatience  = 10 * time.Minute // in a queue
	defaultGrace     = 20 * time.Second
	defaultMax       = 4 * time.Hour
	mediaWait        = 10 * time.Second // from an agent's acceptance to his sound
	boardWait        = 5 * time.Second  // for the board's word on a call-out
	leastWait        = 30 * time.Second // in the queue for a customer who comes back to it
	dialWait         = 60 * time.Second // of ringing on a call-out
	recordingsWait   = 48 * time.Hour   // for the last recording to be stored: longer than its storing is tried
	maxDigits        = 32
	maxDigitsPressed = 200 // of a customer in the flow
)

// Names of timers. Those of one seat carry its leg.
const (
	timerFlow      = "flow"
	timerQueue     = "queue"
	timerVoicemail = "voicemail"
	timerMax       = "max"
	timerBoard     = "board"
	timerRecords   = "records"
	timerRing      = "ring:"
	timerMedia     = "media:"
	timerLost      = "lost:"
)

type phase int

const (
	unborn phase = iota
	door
	inFlow
	queued
	asking
	dialing
	talking
	surveying
	closed
)

// Call is one call. It is not safe for concurrent use; its runtime gives it a goroutine of its own.
type Call struct {
	ref   openseat.Ref
	plan  Plan
	facts Facts
	phase phase

	run    *flow.Run
	play   string // the customer's Play under way
	plays  int
	nobody bool // the last queue had nobody online

	group      int64 // of the queue under way
	priority   int
	since      time.Time // waiting since, in the queue under way
	until      time.Time // when the queue under way gives up
	customerUp bool      // the customer's leg can talk
	early      bool      // the customer's leg sends early media
	voicemail  bool      // a mailbox answered our call
	seats      []*seat
	ask        string // the CallOut that waits for its Reply
	tab        string
	records    map[string]*recording
	pressed    int
	timers     map[string]bool // that run

	before time.Time // of the event before this one
	now    time.Time
	cmds   []openseat.Command
}

// seat is one agent's place in the call.
type seat struct {
	Participant
	conn  string
	tab   string
	state seatState
	muted bool
	held  bool
	lost  bool
}

type seatState int

const (
	seatRinging seatState = iota
	seatConnecting
	seatTalking
	seatGone
)

// recording is what a call knows of a recording it asked for.
type recording struct {
	Recording
	leg  string
	open bool // not stopped yet
	done bool // stored, or lost
	// ready says that it was stored, and that nobody has been told yet.
	ready bool
}

// New makes the call with this name, as yet unborn.
func New(ref openseat.Ref) *Call {
	return &Call{ref: ref, records: map[string]*recording{}, timers: map[string]bool{}}
}

// Handle implements openseat.Thing. What makes no sense in the present state changes nothing.
func (c *Call) Handle(now time.Time, e openseat.Event) []openseat.Command {
	c.before, c.now, c.cmds = c.now, now, nil
	if asked, ok := e.(openseat.Asked); ok {
		c.asked(asked)
	} else {
		c.told(e)
	}
	return c.cmds
}

func (c *Call) told(e openseat.Event) {
	switch e := e.(type) {
	case Arrived:
		c.arrived(e)
	case LegRinging:
		c.legRinging(e.Leg)
	case LegProgress:
		c.legProgress(e.Leg)
	case LegAnswered:
		c.legAnswered(e)
	case LegEnded:
		c.legEnded(e)
	case Digit:
		c.digit(e)
	case PlayEnded:
		c.played(e.Leg, e.Play)
	case PlayFailed:
		c.played(e.Leg, e.Play)
	case MediaLost:
		c.mediaLost(e.Leg)
	case MediaBack:
		c.mediaBack(e.Leg)
	case RecordingReady:
		c.recordingReady(e)
	case RecordingFailed:
		c.recordingDone(e.Record)
	case acd.Offered:
		c.offered(e)
	case acd.OfferRevoked:
		c.offerRevoked(e)
	case acd.NobodyOnline:
		c.nobodyOnline(e.Group)
	case acd.Granted:
		c.granted(e)
	case acd.Refused:
		c.refused(e)
	case acd.AgentGone:
		c.agentGone(e.User)
	case acd.HoldWanted:
		c.holdWanted(e.User)
	case openseat.TimerFired:
		c.timer(e.Name)
	case openseat.OwnerLost:
		c.ownerLost(e)
	}
}

func (c *Call) do(x openseat.Command) { c.cmds = append(c.cmds, x) }

func (c *Call) tellBoard(e openseat.Event) {
	c.do(openseat.Tell{To: openseat.BoardRef(c.ref.App), Event: e})
}

func (c *Call) notify(user, event string, data map[string]any) {
	data["sessionId"] = c.ref.ID
	c.do(Notify{User: user, Event: event, Data: data})
}

func (c *Call) setTimer(name string, after time.Duration) {
	c.timers[name] = true
	c.do(openseat.SetTimer{Name: name, After: after})
}

// stopTimer takes a timer back, if it runs: the journal is spared what changes nothing.
func (c *Call) stopTimer(name string) {
	if c.timers[name] {
		delete(c.timers, name)
		c.do(openseat.StopTimer{Name: name})
	}
}

// begin notes what both directions have in common.
func (c *Call) begin(plan Plan, d Direction, typ int, caller, callee, trunk string) {
	c.plan = plan
	c.facts = Facts{
		App: c.ref.App, SessionID: c.ref.ID, Direction: d, CallType: typ,
		Caller: caller, Callee: callee, Trunk: trunk, StartAt: c.now,
	}
	c.setTimer(timerMax, orDuration(plan.MaxDuration, defaultMax))
}

// customer is the far party's number.
func (c *Call) customer() string {
	if c.facts.Direction == Outbound {
		return c.facts.Callee
	}
	return c.facts.Caller
}

func (c *Call) groupPlan(id int64) *org.SkillGroup {
	if g := c.plan.Groups[id]; g != nil {
		return g
	}
	return &org.SkillGroup{ID: id}
}

// playTo plays to a leg and returns the Play's name.
func (c *Call) playTo(leg string, prompts []Prompt, loop bool) string {
	c.plays++
	name := "p" + strconv.Itoa(c.plays)
	c.do(Play{Leg: leg, Play: name, Prompts: prompts, Loop: loop})
	return name
}

// hush ends what the customer is being played.
func (c *Call) hush() {
	if c.play != "" {
		c.do(StopPlay{Leg: CustomerLeg, Play: c.play})
		c.play = ""
	}
}

func (c *Call) seatOf(user string, states ...seatState) *seat {
	for _, s := range c.seats {
		if s.User == user && slices.Contains(states, s.state) {
			return s
		}
	}
	return nil
}

func (c *Call) seatAt(leg string) *seat {
	for _, s := range c.seats {
		if s.Leg == leg {
			return s
		}
	}
	return nil
}

// present lists the seats in one of these states.
func (c *Call) present(states ...seatState) []*seat {
	var out []*seat
	for _, s := range c.seats {
		if slices.Contains(states, s.state) {
			out = append(out, s)
		}
	}
	return out
}

// id names something of this call for good: the same call asked again gives the same UUID, so that a retry after a crash
// doubles nothing.
func (c *Call) id(what string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(c.ref.String()+"/"+what)).String()
}

func orDuration(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
