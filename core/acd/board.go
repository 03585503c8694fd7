package acd

import (
	"strings"
	"time"

	"openseat"
)

const (
	presenceWait = 10 * time.Second  // from a lost page to offline
	offerWait    = 120 * time.Second // safety deadline of an offer
	reloadWait   = 3 * time.Second   // a ringing agent's page may be gone so long
	arrangeWait  = 10 * time.Minute  // after-call work that the agent asked for himself
	returnWithin = 5 * time.Minute   // who was lost and is back by then gets his old status
	mobilePause  = time.Minute       // a mobile phone that was not answered is left alone so long
)

// Board is an instance's queue board. It is a Thing: one goroutine at a time, no clock, no I/O.
type Board struct {
	app    openseat.AppID
	rules  rules
	groups map[int64]*group
	byID   []*group // groups, ordered by ID
	agents map[string]*agent
	roster []*agent // agents, ordered by user
	works  map[openseat.Ref]*work
	// confirmBy is when works that did not confirm themselves are given up; zero when none has to.
	confirmBy time.Time
	seq       uint64 // grows with everything that joins a row; settles every tie

	// The rest lives only while Handle runs.
	now    time.Time
	out    []openseat.Command
	dirty  []*group // groups whose agents or queue changed so that something may have to be done
	queued []*work  // work that entered a queue, to be told its place if it stays there
}

// rules are the board's times and defaults.
type rules struct {
	OnlineStatus Status
	PresenceWait time.Duration
	OfferWait    time.Duration
}

// New makes an empty board: it knows no groups and no agents until it is told Configured.
func New(app openseat.AppID) *Board {
	return &Board{
		app:    app,
		rules:  rules{OnlineStatus: StatusFree, PresenceWait: presenceWait, OfferWait: offerWait},
		groups: map[int64]*group{},
		agents: map[string]*agent{},
		works:  map[openseat.Ref]*work{},
	}
}

// Handle implements openseat.Thing. What is unknown or known already changes nothing; when Asked, it is answered with an
// error that says so.
func (b *Board) Handle(now time.Time, e openseat.Event) []openseat.Command {
	b.now, b.out = clean(now), nil
	if asked, ok := e.(openseat.Asked); ok {
		value, err := b.handle(asked.Event)
		b.settle()
		b.do(openseat.Reply{Ask: asked.Ask, Error: err, Value: value})
	} else {
		_, _ = b.handle(e) // nobody waits for the answer
		b.settle()
	}
	out := b.out
	b.out = nil
	return out
}

// handle does the event and returns what an asker is told.
func (b *Board) handle(e openseat.Event) (any, *openseat.Error) {
	switch e := e.(type) {
	case Configured:
		b.configured(e)
		return nil, nil
	case SignedIn:
		return nil, b.signedIn(e)
	case SignedOut:
		return nil, b.signedOut(e)
	case ConnLost:
		return nil, b.connLost(e)
	case PhoneUp:
		return nil, b.phoneUp(e)
	case PhoneDown:
		return nil, b.phoneDown(e)
	case StatusSet:
		return b.statusSet(e)
	case Enqueued:
		return nil, b.enqueued(e)
	case Withdrawn:
		return nil, b.withdrawn(e)
	case OfferTaken:
		return nil, b.offerTaken(e)
	case OfferMissed:
		return nil, b.offerMissed(e)
	case Occupied:
		return b.occupied(e)
	case Released:
		return nil, b.released(e)
	case PositionWanted:
		return b.positionWanted(e)
	case Held:
		return nil, b.held(e)
	case Overview:
		return b.overview(e), nil
	case openseat.TimerFired:
		return nil, b.timerFired(e)
	case openseat.OwnerLost:
		b.ownerLost()
		return nil, nil
	default:
		return nil, openseat.Errorf(openseat.CodeUnsupported, "the queue board does not know event %T", e)
	}
}

func (b *Board) do(c openseat.Command) { b.out = append(b.out, c) }

func (b *Board) tell(to openseat.Ref, e openseat.Event) { b.do(openseat.Tell{To: to, Event: e}) }

func (b *Board) next() uint64 {
	b.seq++
	return b.seq
}

// deadline names the timers of an agent: one of each kind at most.
type deadline int

const (
	offerDeadline    deadline = iota // the call settles the offer
	wrapUpDeadline                   // end of after-call work
	presenceDeadline                 // from a lost page to offline
	reloadDeadline                   // from a lost page to the end of a ringing offer
	pauseDeadline                    // the agent's mobile phone is not rung meanwhile
	deadlines
)

// deadlineName is the first part of the timer's name; "<name>:<user>" is the whole.
func deadlineName(d deadline) string {
	return [deadlines]string{"offer", "wrapup", "presence", "reload", "pause"}[d]
}

func (b *Board) setTimer(a *agent, d deadline, after time.Duration) {
	a.Deadlines[d] = b.now.Add(after)
	b.do(openseat.SetTimer{Name: a.timers[d], After: after})
}

func (b *Board) stopTimer(a *agent, d deadline) {
	if a.Deadlines[d].IsZero() {
		return
	}
	a.Deadlines[d] = time.Time{}
	b.do(openseat.StopTimer{Name: a.timers[d]})
}

// timerFired finds the timer's agent. A timer that was taken back or set anew while its firing was under way is known by
// its deadline.
func (b *Board) timerFired(e openseat.TimerFired) *openseat.Error {
	if e.Name == confirmTimer {
		return b.confirmRanOut()
	}
	kind, user, _ := strings.Cut(e.Name, ":")
	a := b.agents[user]
	for d := range deadlines {
		if a == nil || deadlineName(d) != kind || a.Deadlines[d].IsZero() {
			continue
		}
		if left := a.Deadlines[d].Sub(b.now); left > 0 {
			b.setTimer(a, d, left)
			return nil
		}
		a.Deadlines[d] = time.Time{}
		b.ranOut(a, d)
		return nil
	}
	return openseat.Errorf(openseat.CodeNotFound, "no timer %q is set", e.Name)
}

func (b *Board) ranOut(a *agent, d deadline) {
	switch d {
	case offerDeadline:
		b.offerRanOut(a)
	case wrapUpDeadline:
		b.resume(a)
	case presenceDeadline:
		b.lostForGood(a)
	case reloadDeadline:
		b.takeBack(a)
		b.touch(a)
	case pauseDeadline:
		b.touch(a)
	case deadlines: // their number, not one of them
	}
}

// clean makes times comparable by value, across a snapshot too.
func clean(t time.Time) time.Time { return t.Round(0).UTC() }
