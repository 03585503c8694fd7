package voice

import (
	"openseat"
	"openseat/core/call"
)

// listener tells the call what a leg does, as long as there is a room: a call that has closed does not want to know how its
// lines were hung up. user is the agent behind the leg, if there is one.
func (x *Exchange) listener(ref openseat.Ref, leg, user string) Listener {
	return &ear{x: x, ref: ref, leg: leg, user: user}
}

// ear is a Listener that makes events of what it is told. It implements Transfers, too.
type ear struct {
	x    *Exchange
	ref  openseat.Ref
	leg  string
	user string
}

// tell passes an event on, and returns the room it comes from; nil when there is none any more.
func (e *ear) tell(event openseat.Event) *room {
	r := e.x.room(e.ref, false)
	if r != nil {
		e.x.Teller.Tell(e.ref, event)
	}
	return r
}

func (e *ear) Ringing()                { e.tell(call.LegRinging{Leg: e.leg}) }
func (e *ear) Progress()               { e.tell(call.LegProgress{Leg: e.leg}) }
func (e *ear) Answered(voicemail bool) { e.tell(call.LegAnswered{Leg: e.leg, Voicemail: voicemail}) }
func (e *ear) Digit(d byte)            { e.tell(call.Digit{Leg: e.leg, Digit: string(d)}) }
func (e *ear) Held(on bool)            { e.tell(call.LegHeld{Leg: e.leg, On: on}) }
func (e *ear) MediaLost()              { e.tell(call.MediaLost{Leg: e.leg}) }
func (e *ear) MediaBack()              { e.tell(call.MediaBack{Leg: e.leg}) }

func (e *ear) Ended(cause call.Cause) {
	if r := e.tell(call.LegEnded{Leg: e.leg, Cause: cause}); r != nil {
		go r.leave(e.leg) // on its own: a line may end while the room is at it
	}
}

// Transfer implements Transfers.
func (e *ear) Transfer(target string) bool {
	v := e.x.Views.View(e.ref.App)
	if v == nil || e.user == "" {
		return false
	}
	to := colleague(v, target)
	if to == nil || to.UserID == e.user {
		return false
	}
	return e.tell(call.Transferred{User: e.user, ToUser: to.UserID}) != nil
}
