package call

import (
	"maps"
	"slices"

	"openseat"
)

const (
	musicOnHold = "builtin:music"
	ringingTone = "builtin:ringback"
)

// tone is what a leg is played while nobody talks to it.
type tone struct{ play, audio string }

// settle ends every Handle: what follows from the call's state is put right, if it has changed. First of all commands comes
// who hears whom, so that what is played to a leg begins after the leg has ceased to hear others.
func (c *Call) settle() {
	if c.phase == closed {
		return
	}
	hears := audible(c.voices())
	wanted := c.wantedTones(hears)
	var first []openseat.Command
	for _, leg := range slices.Sorted(maps.Keys(c.tones)) {
		t := c.tones[leg]
		if wanted[leg] == t.audio {
			continue
		}
		if len(hears[leg]) == 0 && c.lives(leg) { // else it has ended by itself
			first = append(first, openseat.Command(StopPlay{Leg: leg, Play: t.play}))
		}
		delete(c.tones, leg)
	}
	if !maps.EqualFunc(hears, c.hears, slices.Equal) {
		c.hears = hears
		first = append(first, Hear{Legs: hears})
	}
	c.cmds = append(first, c.cmds...)
	for _, leg := range slices.Sorted(maps.Keys(wanted)) {
		if _, plays := c.tones[leg]; !plays {
			c.tones[leg] = tone{audio: wanted[leg], play: c.playTo(leg, []Prompt{{Audio: wanted[leg]}}, true)}
		}
	}
	c.tellMembers()
	c.tellChanges()
}

func (c *Call) lives(leg string) bool {
	s := c.seatAt(leg)
	return s == nil || s.state != seatGone
}

// voices lists the lines that can talk, customer first.
func (c *Call) voices() []voice {
	if c.phase != talking && c.phase != dialing && c.phase != queued {
		return nil
	}
	var out []voice
	if c.phase != queued && !c.internal() && (c.customerUp || c.early) {
		out = append(out, voice{leg: CustomerLeg, away: c.customerAway()})
	}
	for _, s := range c.seats {
		if up := s.state == seatTalking || s.early && s.state == seatRinging; up && s.hasLeg() {
			out = append(out, voice{leg: s.Leg, role: s.role, mode: s.mode, away: c.away(s)})
		}
	}
	return out
}

// customerAway tells whether the customer hears music: he is held, agents consult without him, or he is handed on.
func (c *Call) customerAway() bool {
	return c.holder != nil || c.consult || c.handingOn()
}

// handingOn tells whether a transfer is under way.
func (c *Call) handingOn() bool { return c.errand != nil && c.errand.moves && c.errand.begun }

// away tells whether an agent is held by his colleague in an internal call, or waits in silence until his transfer is taken.
func (c *Call) away(s *seat) bool {
	if s.role != agent {
		return false
	}
	return c.internal() && c.holder != nil && c.holder != s || c.handingOn()
}

// wantedTones says which legs, of those that hear nobody, are to be played something.
func (c *Call) wantedTones(hears map[string][]string) map[string]string {
	want := map[string]string{}
	if c.phase == talking && !c.internal() && c.customerAway() || c.phase == queued && !c.inFlowQueue() {
		want[CustomerLeg] = musicOnHold
	}
	for _, s := range c.agents() {
		if audio := c.toneFor(s); audio != "" && len(hears[s.Leg]) == 0 {
			want[s.Leg] = audio
		}
	}
	return want
}

// toneFor is what an agent hears while nobody talks to him.
func (c *Call) toneFor(s *seat) string {
	switch {
	case c.internal() && c.holder != nil && c.holder != s:
		return musicOnHold
	case c.phase == dialing && !c.early && !c.customerUp && !c.facts.RingAt.IsZero():
		return ringingTone
	case c.errand == nil || c.errand.moves || c.errand.by != s:
		return ""
	case c.errandRings():
		return ringingTone
	case c.errand.begun && c.errand.group != 0:
		return musicOnHold
	default:
		return ""
	}
}
