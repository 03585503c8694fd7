package voice

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
	"openseat/voice/media"
)

// Teller passes what the lines do on to calls. Tell returns at once.
type Teller interface {
	Tell(ref openseat.Ref, e openseat.Event)
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
	Views    Views
	Sounds   Sounds
	Recorder *Recorder
	Log      *slog.Logger
}

// Lines is where an Exchange gets its legs from. Phones may be nil: then no SIP phone can be rung.
type Lines struct {
	Dialer Dialer
	Desks  Desks
	Phones Phones
}

// Exchange does the commands of calls on lines. It is the live runtime's executor for calls: Execute is called in order per
// call, and never blocks.
type Exchange struct {
	Config

	lines Lines

	mu    sync.Mutex
	rooms map[openseat.Ref]*room
}

// NewExchange makes an exchange without lines; Use gives it some before the first call.
func NewExchange(c Config) *Exchange {
	return &Exchange{Config: c, rooms: map[openseat.Ref]*room{}}
}

// Use gives the exchange its lines.
func (x *Exchange) Use(lines Lines) { x.lines = lines }

// Seat makes a room for a call whose first leg stands at the door.
func (x *Exchange) Seat(ref openseat.Ref, name string, leg Leg) {
	r := x.room(ref, true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == call.CustomerLeg {
		r.outsider(name, leg)
		return
	}
	r.enter(name, leg)
}

// Ear is the listener through which a leg that was seated talks to its call, once the call has been started. user is the agent
// behind the leg, if it is one.
func (x *Exchange) Ear(ref openseat.Ref, name, user string) Listener {
	return x.listener(ref, name, user)
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
		r = newRoom(x, ref)
		x.rooms[ref] = r
	}
	return r
}

// forget takes a room off the list, unless another one has its place.
func (x *Exchange) forget(r *room) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.rooms[r.ref] == r {
		delete(x.rooms, r.ref)
	}
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
		r.mu.Lock()
		defer r.mu.Unlock()
		r.close()
	}
}

func (x *Exchange) execute(ref openseat.Ref, cmd openseat.Command) {
	if rec, ok := cmd.(call.RecoverRecord); ok {
		x.Recorder.Recover(ref, rec.Record, rec.Least)
		return
	}
	r := x.enter(ref, cmd)
	if r == nil {
		if c, records := cmd.(call.Record); records {
			x.recordNothing(ref, c)
		}
		return
	}
	defer r.mu.Unlock()
	if _, over := cmd.(call.Closed); over {
		r.close()
		return
	}
	r.do(cmd)
}

// enter locks the room that a command is for; nil when there is none. One that was left just now makes place for another.
func (x *Exchange) enter(ref openseat.Ref, cmd openseat.Command) *room {
	for {
		r := x.room(ref, opens(cmd))
		if r == nil {
			return nil
		}
		r.mu.Lock()
		if !r.closed {
			return r
		}
		r.mu.Unlock()
	}
}

// opens says whether a command may be a call's first one here.
func opens(cmd openseat.Command) bool {
	switch c := cmd.(type) {
	case call.DialTrunk, call.OpenAgent, call.RingSeat:
		return true
	case call.Hear:
		return len(c.Legs) > 0
	}
	return false
}
