package voice

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/core/org"
	"openseat/voice/media"
)

// Teller passes what the lines do on to calls. Tell returns at once.
type Teller interface {
	Tell(ref openseat.Ref, e openseat.Event)
}

// Trunks finds a trunk of an instance; nil when there is none.
type Trunks interface {
	Trunk(app openseat.AppID, name string) *org.Trunk
}

// Sounds turns a prompt into something to play. Find answers from memory, or not at all; Make may take as long as speech
// synthesis takes.
type Sounds interface {
	Find(app openseat.AppID, p call.Prompt) (media.Source, bool)
	Make(ctx context.Context, app openseat.AppID, p call.Prompt) (media.Source, error)
}

// Config is what an Exchange works with.
type Config struct {
	Teller   Teller
	Trunks   Trunks
	Sounds   Sounds
	Recorder *Recorder
	Log      *slog.Logger
}

// Exchange does the commands of calls on lines. It is the live runtime's executor for calls: Execute is called in order per
// call, and never blocks.
type Exchange struct {
	Config
	dialer Dialer
	desks  Desks

	mu    sync.Mutex
	rooms map[openseat.Ref]*room
}

// NewExchange makes an exchange without lines; Connect gives it some before the first call.
func NewExchange(c Config) *Exchange {
	return &Exchange{Config: c, rooms: map[openseat.Ref]*room{}}
}

// UseLines gives the exchange its lines.
func (x *Exchange) UseLines(dialer Dialer, desks Desks) { x.dialer, x.desks = dialer, desks }

// room is where the legs of one call meet.
type room struct {
	x   *Exchange
	ref openseat.Ref

	mu    sync.Mutex
	legs  map[string]Leg
	plays map[string]*playing // by leg
	takes map[string]*take    // by RecordId
}

// Seat makes a room for an inbound call whose customer leg stands at the door.
func (x *Exchange) Seat(ref openseat.Ref, leg Leg) {
	r := x.room(ref, true)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.legs[call.CustomerLeg] = leg
}

// Ear is the listener through which the customer's leg talks to its call, once the call has been started.
func (x *Exchange) Ear(ref openseat.Ref) Listener {
	return x.listener(ref, call.CustomerLeg)
}

// Unseat forgets a room whose call could not be started.
func (x *Exchange) Unseat(ref openseat.Ref) {
	x.mu.Lock()
	delete(x.rooms, ref)
	x.mu.Unlock()
}

// Rooms is the number of calls with lines here.
func (x *Exchange) Rooms() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.rooms)
}

func (x *Exchange) room(ref openseat.Ref, create bool) *room {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := x.rooms[ref]
	if r == nil && create {
		r = &room{x: x, ref: ref, legs: map[string]Leg{}, plays: map[string]*playing{}, takes: map[string]*take{}}
		x.rooms[ref] = r
	}
	return r
}

// Execute does what a call wants.
func (x *Exchange) Execute(ref openseat.Ref, _ time.Time, commands []openseat.Command) {
	if ref.Kind != openseat.KindCall {
		return
	}
	for _, cmd := range commands {
		x.execute(ref, cmd)
	}
}

// Lost ends the lines of a call that another node runs now.
func (x *Exchange) Lost(ref openseat.Ref) {
	if r := x.room(ref, false); r != nil {
		x.close(r)
	}
}

func (x *Exchange) execute(ref openseat.Ref, cmd openseat.Command) {
	if rec, ok := cmd.(call.RecoverRecord); ok {
		x.Recorder.Recover(ref, rec.Record)
		return
	}
	_, dials := cmd.(call.DialTrunk)
	_, opens := cmd.(call.OpenAgent)
	r := x.room(ref, dials || opens)
	if r == nil {
		if c, records := cmd.(call.Record); records {
			x.recordNothing(ref, c)
		}
		return
	}
	if _, over := cmd.(call.Closed); over {
		x.close(r)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.do(cmd)
}

// close ends a room: whatever line is left in it is hung up.
func (x *Exchange) close(r *room) {
	x.Unseat(r.ref)
	r.mu.Lock()
	defer r.mu.Unlock()
	for leg := range r.plays {
		r.hush(leg)
	}
	for id := range r.takes {
		r.stopRecord(id)
	}
	for _, l := range r.legs {
		l.HangUp(0, 0)
	}
}

// do does one command; r.mu is held.
func (r *room) do(cmd openseat.Command) {
	switch c := cmd.(type) {
	case call.RingLeg:
		r.with(c.Leg, Leg.Ring)
	case call.AnswerLeg:
		r.with(c.Leg, Leg.Answer)
	case call.HangUpLeg:
		r.hush(c.Leg)
		r.with(c.Leg, func(l Leg) { l.HangUp(c.SIP, c.Q850) })
	case call.DialTrunk:
		r.dial(c)
	case call.OpenAgent:
		r.legs[c.Leg] = r.x.desks.Open(r.ref.App, c.User, r.ref.ID, r.x.listener(r.ref, c.Leg))
	case call.Connect:
		r.connect(c)
	case call.Disconnect:
		r.hush(c.Leg)
		r.with(c.Leg, func(l Leg) { media.Disconnect(l.Port()) })
	case call.Play:
		r.play(c)
	case call.StopPlay:
		if p := r.plays[c.Leg]; p != nil && p.name == c.Play {
			r.hush(c.Leg)
		}
	case call.Record:
		r.record(c)
	case call.StopRecord:
		r.stopRecord(c.Record)
	case call.SendDigits:
		r.with(c.Leg, func(l Leg) { l.SendDigits(c.Digits) })
	case call.MuteLeg:
		r.with(c.Leg, func(l Leg) { l.Port().Mute(c.On) })
	}
}

func (r *room) with(leg string, do func(Leg)) {
	if l := r.legs[leg]; l != nil {
		do(l)
	}
}

func (r *room) dial(c call.DialTrunk) {
	t := r.x.Trunks.Trunk(r.ref.App, c.Trunk)
	if t == nil {
		r.x.Teller.Tell(r.ref, call.LegEnded{Leg: c.Leg, Cause: call.Cause{SIP: 503, Text: "trunk " + c.Trunk + " is gone"}})
		return
	}
	r.legs[c.Leg] = r.x.dialer.Dial(t, c.Caller, c.Callee, c.Timeout, r.x.listener(r.ref, c.Leg))
}

func (r *room) connect(c call.Connect) {
	a, b := r.legs[c.A], r.legs[c.B]
	if a == nil || b == nil {
		return
	}
	r.hush(c.A)
	r.hush(c.B)
	media.Connect(a.Port(), b.Port())
}

// listener tells the call what a leg does, as long as there is a room: a call that has closed does not want to know how its
// lines were hung up.
func (x *Exchange) listener(ref openseat.Ref, leg string) Listener {
	return &ear{leg: leg, tell: func(e openseat.Event) {
		if x.room(ref, false) != nil {
			x.Teller.Tell(ref, e)
		}
	}}
}

// ear is a Listener that makes events of what it is told.
type ear struct {
	leg  string
	tell func(openseat.Event)
}

func (e *ear) Ringing()                { e.tell(call.LegRinging{Leg: e.leg}) }
func (e *ear) Progress()               { e.tell(call.LegProgress{Leg: e.leg}) }
func (e *ear) Answered(voicemail bool) { e.tell(call.LegAnswered{Leg: e.leg, Voicemail: voicemail}) }
func (e *ear) Ended(cause call.Cause)  { e.tell(call.LegEnded{Leg: e.leg, Cause: cause}) }
func (e *ear) Digit(d byte)            { e.tell(call.Digit{Leg: e.leg, Digit: string(d)}) }
func (e *ear) Held(on bool)            { e.tell(call.LegHeld{Leg: e.leg, On: on}) }
func (e *ear) MediaLost()              { e.tell(call.MediaLost{Leg: e.leg}) }
func (e *ear) MediaBack()              { e.tell(call.MediaBack{Leg: e.leg}) }
