package flow

import "maps"

// Input is what happens to a walk that is tried out.
type Input struct {
	Kind  string // one of the constants below
	Value string // of InputKey the key, of InputSaid the words, of InputHTTP the body of the answer (empty = it failed)
}

// The kinds of inputs.
const (
	InputKey     = "key"
	InputSilence = "silence" // nothing is pressed until the time is over
	InputSaid    = "said"
	InputHTTP    = "http"
	InputNobody  = "nobody"  // nobody is online in the group
	InputWaited  = "waited"  // the time in the queue is over
	InputPlace   = "place"   // the customer is told his place in the queue
	InputMessage = "message" // the customer has left his message
	InputAway    = "away"    // nobody talks at the outside number
	InputAfter   = "after"   // an agent answered, and has hung up
	InputHangUp  = "hangup"
)

// What a walk that is tried out waits for.
const (
	WaitsKey     = "key"
	WaitsHTTP    = "http"
	WaitsSpeech  = "speech"
	WaitsQueue   = "queue"
	WaitsMessage = "message"
	WaitsAway    = "away"
	WaitsNothing = "nothing" // it is over
)

// Place is where a step was wanted.
type Place struct{ Flow, Node string }

// TriedStep is a step with its place.
type TriedStep struct {
	Place
	Step Step
}

// maxTriedSteps bounds what one input may lead to.
const maxTriedSteps = 2000

// Try walks a flow without anybody on the line: prompts end at once, text messages are sent to nobody. It answers what the
// beginning led to, then each input, and the walk as it stands.
func Try(d *Definition, env Env, inputs []Input) ([][]TriedStep, *Run) {
	r := NewRun(d, env)
	out := make([][]TriedStep, 0, len(inputs)+1)
	out = append(out, r.tried(r.Begin))
	for _, in := range inputs {
		out = append(out, r.tried(func() []Step { return r.take(in) }))
	}
	return out, r
}

// Waits says what the walk waits for.
func (r *Run) Waits() string {
	switch r.phase {
	case saying, listening, wronged:
		return WaitsKey
	case fetching:
		return WaitsHTTP
	case hearing:
		return WaitsSpeech
	case queueing, announcing:
		return WaitsQueue
	case recording, greeting:
		return WaitsMessage
	case forwarding:
		return WaitsAway
	default:
		return WaitsNothing
	}
}

// tried does what is asked, and then what needs nobody, until somebody is needed.
func (r *Run) tried(do func() []Step) []TriedStep {
	var out []TriedStep
	for steps := do(); len(steps) > 0 && len(out) < maxTriedSteps; steps = r.byItself(steps) {
		for i, s := range steps {
			out = append(out, TriedStep{r.places[i], s})
		}
	}
	return out
}

// byItself ends what ends without the customer: a prompt, a text message.
func (r *Run) byItself(steps []Step) []Step {
	switch s := steps[len(steps)-1].(type) {
	case Say:
		if !s.Loop {
			return r.Played()
		}
	case Text:
		return r.Sent(true)
	}
	return nil
}

func (r *Run) take(in Input) []Step {
	switch in.Kind {
	case InputKey:
		return r.Key(in.Value)
	case InputSilence:
		return r.Elapsed()
	case InputSaid:
		return r.Heard(in.Value)
	case InputHTTP:
		if in.Value == "" {
			return r.Fetched(Response{Error: "failed"})
		}
		return r.Fetched(Response{Status: 200, Body: in.Value})
	case InputNobody:
		return r.QueueFailed(NobodyOnline)
	case InputWaited:
		return r.QueueFailed(WaitedOut)
	case InputPlace:
		return r.placeTold()
	case InputMessage:
		return r.MessageLeft()
	case InputAway:
		return r.ForwardFailed()
	case InputAfter:
		if r.HasSurvey() {
			return r.BeginAfter()
		}
		return r.HungUp()
	default:
		return r.HungUp()
	}
}

// placeTold asks for the place, and tells one.
func (r *Run) placeTold() []Step {
	asked := r.Elapsed()
	if len(asked) == 0 {
		return nil
	}
	return r.Placed(1, 0)
}

// KnownInput tells whether there is such a kind of input.
func KnownInput(kind string) bool {
	switch kind {
	case InputKey, InputSilence, InputSaid, InputHTTP, InputNobody, InputWaited, InputPlace, InputMessage, InputAway, InputAfter, InputHangUp:
		return true
	}
	return false
}

// Vars are the variables as they stand.
func (r *Run) Vars() map[string]string {
	return maps.Clone(r.vars)
}
