package voice

import (
	"sync"

	"openseat"
	"openseat/core/call"
	"openseat/voice/media"
)

// room is where the legs of one call meet.
type room struct {
	x   *Exchange
	ref openseat.Ref

	mu     sync.Mutex
	legs   map[string]Leg
	left   map[string]bool     // legs that have ended
	hears  map[string][]string // who hears whom, of legs that are there or will be
	talk   media.Talk
	plays  map[string]*playing // by leg
	takes  map[string]*take    // by RecordId
	closed bool
}

func newRoom(x *Exchange, ref openseat.Ref) *room {
	return &room{
		x: x, ref: ref, legs: map[string]Leg{}, left: map[string]bool{}, hears: map[string][]string{},
		plays: map[string]*playing{}, takes: map[string]*take{},
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
	case call.RingSeat:
		r.ringSeat(c)
	case call.OpenAgent:
		r.enter(c.Leg, r.x.lines.Desks.Open(r.ref.App, c.User, r.ref.ID, r.x.listener(r.ref, c.Leg, c.User)))
	case call.Hear:
		r.hear(c.Legs)
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

// enter takes a leg in; r.mu is held. The call may have said before whom it hears.
func (r *room) enter(name string, l Leg) {
	r.legs[name] = l
	delete(r.left, name)
	r.arrange()
}

// outsider takes in a leg of somebody who is no agent: his keys are for the call, not for those who hear him.
func (r *room) outsider(name string, l Leg) {
	l.Port().KeepKeys(true)
	r.enter(name, l)
}

// leave notes that a leg has ended. With the last one, a room that nothing is recorded in closes: its call may have ended
// without a record, because it never began.
func (r *room) leave(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.legs[name] == nil {
		return
	}
	r.left[name] = true
	if !r.closed && len(r.takes) == 0 && len(r.left) == len(r.legs) {
		r.close()
	}
}

// close ends a room; r.mu is held. Whatever line is left in it is hung up.
func (r *room) close() {
	r.closed = true
	r.x.forget(r)
	for leg := range r.plays {
		r.hush(leg)
	}
	for id := range r.takes {
		r.stopRecord(id)
	}
	r.talk.Close()
	for _, l := range r.legs {
		l.HangUp(0, 0)
	}
}
