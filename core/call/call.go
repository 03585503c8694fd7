package call

import (
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
	retryWait        = 3 * time.Second  // until a busy agent is asked for once more
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
	timerRetry     = "retry"
	timerHelp      = "help"
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

	run   *flow.Run
	play  string // the customer's Play under way
	plays int
	helps int
	// unhelped is the answer of a helper who does not answer in time.
	unhelped openseat.Event
	nobody   bool   // the last queue had nobody online
	last     string // who talked with this customer last

	queue      *queue // the one under way
	customerUp bool   // the customer's leg can talk
	early      bool   // the customer's leg sends early media
	voicemail  bool   // a mailbox answered our call
	deaf       bool   // nothing is heard of the customer
	seats      []*seat
	legs       map[role]int // named so far
	ask        string       // the CallOut or CallIn that waits for its Reply
	in         CallIn
	atDoor     bool // the caller's telephone called us, and waits
	dialed     bool // the customer's number was dialed
	records    map[string]*recording
	pressed    int
	timers     map[string]bool // that run

	// Several agents.
	errand  *errand // the transfer or invitation under way
	errands int
	holder  *seat // who holds the customer (or his colleague, in an internal call)
	consult bool  // the customer is held while agents consult
	team    bool  // the call is or was one of several parties

	hears map[string][]string // as told last
	tones map[string]tone     // that are being played, by leg

	before time.Time // of the event before this one
	now    time.Time
	cmds   []openseat.Command
}

// queue is a group's queue that the call waits in: the customer himself, or for who is wanted beside him.
type queue struct {
	group    int64
	user     string // waits for this agent instead
	priority int
	noWait   bool
	last     string   // who is its first choice, if the group wants that
	byFlow   bool     // the flow put the customer there, and entertains him
	skip     []string // who is its last choice
	since    time.Time
	until    time.Time // when it gives up
}

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
	return &Call{
		ref: ref, records: map[string]*recording{}, timers: map[string]bool{}, legs: map[role]int{},
		hears: map[string][]string{}, tones: map[string]tone{},
	}
}

// Handle implements openseat.Thing. What makes no sense in the present state changes nothing.
func (c *Call) Handle(now time.Time, e openseat.Event) []openseat.Command {
	c.before, c.now, c.cmds = c.now, now, nil
	if asked, ok := e.(openseat.Asked); ok {
		c.asked(asked)
	} else {
		c.told(e)
	}
	c.settle()
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
	case LegHeld:
		c.legHeld(e)
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
	case acd.AllBusy:
		c.allBusy(e.Group)
	case acd.Position:
		c.placed(e.Place)
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
	default:
		if !c.helperAnswers(e) {
			c.wish("", e)
		}
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

// internal tells a call between two agents, which has no customer.
func (c *Call) internal() bool { return c.facts.CallType == TypeInternal }

// handed tells whether the customer has talked with somebody, and was handed on.
func (c *Call) handed() bool { return !c.facts.AcceptAt.IsZero() }

// customer is the far party's number.
func (c *Call) customer() string {
	if c.facts.Direction == Outbound {
		return c.facts.Callee
	}
	return c.facts.Caller
}

// ours is the number of the instance's that the customer called, or is shown.
func (c *Call) ours() string {
	if c.facts.Direction == Outbound {
		return c.facts.Caller
	}
	return c.facts.Callee
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
