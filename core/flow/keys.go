package flow

import "strings"

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

// dialed takes one digit of several: # ends them, so does the last one that fits.
func (r *Run) dialed(n Node, k string) {
	if r.phase != listening { // he knows what he will be asked
		r.emit(Hush{})
		r.phase = listening
	}
	if k != "#" {
		r.typed += k
	}
	if k != "#" && len(r.typed) < most(n) {
		r.emit(Wait{For: seconds(n.Timeout, 5)})
		return
	}
	r.collected(n)
}

// most is how many digits a Digits node takes.
func most(n Node) int {
	if n.Max > 0 {
		return n.Max
	}
	return max(n.Min, 20)
}

func (r *Run) collected(n Node) {
	if len(r.typed) < max(n.Min, 1) || strings.Contains(r.typed, "*") {
		r.wrong(n)
		return
	}
	r.emit(Wait{})
	r.set(n.Var, r.typed)
	r.emit(Pressed{Key: r.typed, Node: r.label(n)})
	r.enter(n.Next)
}

func (r *Run) wrong(n Node) {
	r.emit(Wait{})
	r.tries++
	r.typed = ""
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
	r.say(n.WrongPrompts, false)
}

// silence ends the wait for a key: digits that are there count, as long as they are enough.
func (r *Run) silence(n Node) {
	if n.Type == Digits && r.typed != "" {
		r.collected(n)
		return
	}
	r.tries++
	if r.tries <= n.Retries {
		r.ask(n)
		return
	}
	r.giveUp(n, n.NoInput)
}

// giveUp leaves a node without an answer.
func (r *Run) giveUp(n Node, next string) {
	if n.Type == Satisfaction {
		r.noInput(n)
	}
	r.enter(next)
}

func (r *Run) noInput(n Node) { r.emit(Pressed{Key: "noInput", Node: r.label(n), After: true}) }

// Heard says what the customer said; empty when nothing was understood, or nothing can be.
func (r *Run) Heard(words string) []Step {
	return r.do(func() {
		if r.phase != hearing {
			return
		}
		n := r.at()
		words = strings.TrimSpace(words)
		if words == "" {
			r.silence(n)
			return
		}
		r.set(n.Var, words)
		r.emit(Pressed{Key: words, Node: r.label(n)})
		r.enter(n.Next)
	})
}
