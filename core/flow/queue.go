package flow

import (
	"strconv"
	"time"
)

// Why a queue gave the customer back.
const (
	NobodyOnline = "nobody"
	WaitedOut    = "overflow"
)

func (r *Run) queue(n Node) {
	e := Enqueue{Group: n.Group, Priority: n.Priority, Timeout: seconds(n.Timeout, 0)}
	if n.Type == Agent {
		e.User, e.Timeout = r.wantedAgent(n), seconds(n.Timeout, 30)
		if e.User == "" {
			r.enter(n.Nobody)
			return
		}
	}
	r.phase = queueing
	r.emit(e)
	if len(n.Announce) > 0 {
		r.emit(Wait{For: seconds(n.Every, 30)})
	}
	if len(n.Prompts) > 0 {
		r.say(n.Prompts, false)
		return
	}
	r.music(n)
}

func (r *Run) wantedAgent(n Node) string {
	if n.Last {
		return r.vars[VarLastAgent]
	}
	return r.fill(n.User)
}

// QueueFailed says why the queue gave the customer back: NobodyOnline or WaitedOut.
func (r *Run) QueueFailed(why string) []Step {
	return r.do(func() {
		if r.phase != queueing && r.phase != announcing {
			return
		}
		n, next := r.at(), r.at().Overflow
		if why == NobodyOnline {
			next = n.Nobody
		}
		r.leaveQueue(n)
		r.enter(next)
	})
}

func (r *Run) leaveQueue(n Node) {
	if len(n.Announce) > 0 {
		r.emit(Wait{})
	}
	r.emit(Hush{})
}

// queueKey lets a customer out of the queue who does not want to wait any longer.
func (r *Run) queueKey(n Node, k string) {
	if n.LeaveKey == "" || k != n.LeaveKey {
		return
	}
	r.emit(Dequeue{})
	r.leaveQueue(n)
	r.emit(Pressed{Key: k, Node: r.label(n)})
	r.enter(n.Leave)
}

func (r *Run) announce(n Node) {
	if len(n.Announce) > 0 {
		r.phase = announcing
		r.emit(AskPlace{})
	}
}

// Placed says the customer's place in the queue (1 is next) and how long the wait is likely to be; it answers AskPlace.
func (r *Run) Placed(place int, wait time.Duration) []Step {
	return r.do(func() {
		r.set(VarWaitNo, strconv.Itoa(place))
		r.set(VarWaitSeconds, strconv.Itoa(int(wait/time.Second)))
		if r.phase == announcing {
			r.say(r.at().Announce, false)
		}
	})
}

// announced goes back to the music after an announcement.
func (r *Run) announced(n Node) {
	r.phase, r.tries = queueing, 0
	r.emit(Wait{For: seconds(n.Every, 30)})
	r.music(n)
}

// music plays a queue's music, which never ends by itself. If it does, it cannot be played: then the built-in one is, and
// after that, silence.
func (r *Run) music(n Node) {
	r.tries++
	builtin := []Prompt{{Audio: "builtin:music"}}
	switch {
	case r.tries == 1 && len(n.Music) > 0:
		r.say(n.Music, true)
	case r.tries == 1, r.tries == 2 && len(n.Music) > 0:
		r.say(builtin, true)
	}
}

func (r *Run) forward(n Node) {
	r.phase = forwarding
	r.emit(Forward{Number: r.fill(n.Number), Caller: r.fill(n.Caller), Timeout: seconds(n.Timeout, 30)})
	if len(n.Prompts) > 0 {
		r.say(n.Prompts, false)
		return
	}
	r.music(n)
}

// ForwardFailed says that nobody talks at the outside number.
func (r *Run) ForwardFailed() []Step {
	return r.do(func() {
		if r.phase != forwarding {
			return
		}
		r.emit(Hush{})
		r.enter(r.at().Failed)
	})
}
