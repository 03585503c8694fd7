package flow

import "time"

// Step is something a Run wants from its owner.
type Step interface{ step() }

// The steps.
type (
	// Say plays prompts, one after the other; Played answers. A Say ends the one before it.
	Say struct {
		Prompts []Prompt
		Loop    bool
	}
	// Hush ends the Say under way.
	Hush struct{}
	// Wait asks for Elapsed after a while; it replaces the Wait before it. Zero takes it back.
	Wait struct{ For time.Duration }
	// Enqueue hands the customer to a skill group's queue. QueueFailed answers when nobody takes him.
	Enqueue struct {
		Group    int64
		Priority int
		Timeout  time.Duration // zero = the group's
	}
	// Leave records the customer's message; MessageLeft answers (time is up, # pressed).
	Leave struct{ Max time.Duration }
	// Pressed tells of a key that meant something. After says it was given in the survey after the call; Key is then
	// "noInput" when the customer heard the survey and pressed nothing.
	Pressed struct {
		Key, Label, Node string
		After            bool
	}
	// End says the flow is over: the customer is to be hung up.
	End struct{}
)

func (Say) step()     {}
func (Hush) step()    {}
func (Wait) step()    {}
func (Enqueue) step() {}
func (Leave) step()   {}
func (Pressed) step() {}
func (End) step()     {}

// Why a queue gave the customer back.
const (
	NobodyOnline = "nobody"
	WaitedOut    = "overflow"
)

// Run is one walk through a Definition.
type Run struct {
	def   *Definition
	node  string // where it stands; empty = not begun, or over
	phase phase
	tries int // of the present Keys node, or of music in the present Queue node
	steps []Step
	hops  int // nodes entered without waiting
	nodes int // entered in all
}

// phase says what a Run waits for.
type phase int

const (
	idle      phase = iota
	saying          // for Played
	listening       // for Key or Elapsed
	wronged         // for Played of the wrong-key prompts
	over            // for nothing more
	queueing        // for QueueFailed
	greeting        // for Played of a voicemail's prompts
	recording       // for MessageLeft
)

// NewRun makes a walk of d.
func NewRun(d *Definition) *Run { return &Run{def: d} }

// Begin walks from the start.
func (r *Run) Begin() []Step { return r.do(func() { r.enter(r.def.Start) }) }

// HasSurvey tells whether BeginAfter leads anywhere.
func (r *Run) HasSurvey() bool { return r.def.AfterCall != "" }

// BeginAfter walks from the node for after the call.
func (r *Run) BeginAfter() []Step { return r.do(func() { r.enter(r.def.AfterCall) }) }

// Over tells whether the Run has ended.
func (r *Run) Over() bool { return r.node == "" }

// Node is the ID of the node where the Run stands.
func (r *Run) Node() string { return r.node }

// Played says the last Say came to its end.
func (r *Run) Played() []Step {
	return r.do(func() {
		n := r.at()
		switch r.phase {
		case saying:
			r.said(n)
		case wronged:
			r.ask(n)
		case greeting:
			r.phase = recording
			r.emit(Leave{Max: seconds(n.MaxSeconds, 120)})
		case queueing:
			r.music(n)
		case idle, listening, recording, over:
		}
	})
}

// Key says the customer pressed a key.
func (r *Run) Key(k string) []Step {
	return r.do(func() {
		n := r.at()
		switch {
		case r.phase == recording && k == "#":
			r.message(n)
		case (n.Type == Keys || n.Type == Satisfaction) && (r.phase == saying || r.phase == listening || r.phase == wronged):
			r.pressed(n, k)
		}
	})
}

// Elapsed says the last Wait is over.
func (r *Run) Elapsed() []Step {
	return r.do(func() {
		if r.phase == listening {
			r.silence(r.at())
		}
	})
}

// QueueFailed says why the queue gave the customer back: NobodyOnline or WaitedOut.
func (r *Run) QueueFailed(why string) []Step {
	return r.do(func() {
		if r.phase != queueing {
			return
		}
		n, next := r.at(), r.at().Overflow
		if why == NobodyOnline {
			next = n.Nobody
		}
		r.emit(Hush{})
		r.enter(next)
	})
}

// MessageLeft says the customer's message has been recorded.
func (r *Run) MessageLeft() []Step {
	return r.do(func() {
		if r.phase == recording {
			r.message(r.at())
		}
	})
}

// HungUp says the customer is gone. Nothing is wanted any more, but a survey that he heard and did not answer tells so.
func (r *Run) HungUp() []Step {
	return r.do(func() {
		if n := r.at(); n.Type == Satisfaction {
			r.noInput(n)
		}
		r.node, r.phase = "", over
	})
}

func (r *Run) do(f func()) []Step {
	r.steps, r.hops = nil, 0
	f()
	return r.steps
}

func (r *Run) emit(s Step) { r.steps = append(r.steps, s) }

func (r *Run) at() Node { return r.def.Nodes[r.node] }

// enter stands on a node and does what it says first. An empty id ends the flow.
func (r *Run) enter(id string) {
	r.hops++
	r.nodes++
	if id == "" || r.hops > maxHops || r.nodes > maxWalk {
		r.end()
		return
	}
	r.node, r.tries = id, 0
	n := r.at()
	switch n.Type {
	case Queue:
		r.phase = queueing
		r.emit(Enqueue{Group: n.Group, Priority: n.Priority, Timeout: seconds(n.Timeout, 0)})
		if len(n.Prompts) > 0 {
			r.emit(Say{Prompts: n.Prompts})
		} else {
			r.music(n)
		}
	case Voicemail:
		r.phase = greeting
		r.emit(Say{Prompts: append(append([]Prompt{}, n.Prompts...), Prompt{Audio: "builtin:beep"})})
	default:
		r.ask(n)
	}
}

// ask says a node's prompts, if it has any.
func (r *Run) ask(n Node) {
	r.phase = saying
	if len(n.Prompts) == 0 {
		r.said(n)
		return
	}
	r.emit(Say{Prompts: n.Prompts})
}

// said goes on after a node's prompts.
func (r *Run) said(n Node) {
	switch n.Type {
	case Keys, Satisfaction:
		r.phase = listening
		r.emit(Wait{For: seconds(n.Timeout, 5)})
	case HangUp:
		r.end()
	default:
		r.enter(n.Next)
	}
}

func (r *Run) pressed(n Node, k string) {
	c, ok := n.Choices[k]
	if !ok {
		r.wrong(n)
		return
	}
	r.emit(Wait{})
	r.emit(Hush{})
	r.emit(Pressed{Key: k, Label: c.Label, Node: r.label(n), After: n.Type == Satisfaction})
	r.enter(or(c.Next, n.Next))
}

func (r *Run) wrong(n Node) {
	r.emit(Wait{})
	r.tries++
	if r.tries > n.Retries {
		r.emit(Hush{})
		r.giveUp(n, or(n.Invalid, n.NoInput))
		return
	}
	if len(n.WrongPrompts) == 0 {
		r.ask(n)
		return
	}
	r.phase = wronged
	r.emit(Say{Prompts: n.WrongPrompts})
}

func (r *Run) silence(n Node) {
	r.tries++
	if r.tries <= n.Retries {
		r.ask(n)
		return
	}
	r.giveUp(n, n.NoInput)
}

// giveUp leaves a Keys node without an answer.
func (r *Run) giveUp(n Node, next string) {
	if n.Type == Satisfaction {
		r.noInput(n)
	}
	r.enter(next)
}

func (r *Run) noInput(n Node) { r.emit(Pressed{Key: "noInput", Node: r.label(n), After: true}) }

func (r *Run) message(n Node) {
	r.emit(Wait{})
	r.enter(n.Next)
}

func (r *Run) end() {
	r.node, r.phase = "", over
	r.emit(End{})
}

func (r *Run) label(n Node) string { return or(n.Label, r.node) }

// music plays a queue's music, which never ends by itself. If it does, it cannot be played: then the built-in one is, and
// after that, silence.
func (r *Run) music(n Node) {
	r.tries++
	builtin := []Prompt{{Audio: "builtin:music"}}
	switch {
	case r.tries == 1 && len(n.Music) > 0:
		r.emit(Say{Prompts: n.Music, Loop: true})
	case r.tries == 1, r.tries == 2 && len(n.Music) > 0:
		r.emit(Say{Prompts: builtin, Loop: true})
	}
}

func seconds(s, otherwise int) time.Duration {
	if s == 0 {
		s = otherwise
	}
	return time.Duration(s) * time.Second
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
