package call

import "slices"

// Unheard lists the legs that nobody may hear now: a customer or colleague who is held or handed on, agents whose transfer is
// pending, and who only listens. ToAgents lists those whom only agents may hear.
func Unheard(c *Call) (unheard, toAgents []string) {
	if c.holder != nil || c.consult || c.phase != talking && c.phase != dialing {
		unheard = append(unheard, CustomerLeg)
	}
	for _, s := range c.seats {
		switch {
		case s.state == seatGone, s.mode == Listen, s.mode == Read, s.state == seatConnecting:
			unheard = append(unheard, s.Leg)
		case s.mode == Whisper:
			toAgents = append(toAgents, s.Leg)
		}
	}
	return unheard, toAgents
}

// AgentLegs lists the legs of agents and supervisors.
func AgentLegs(c *Call) []string {
	var legs []string
	for _, s := range c.seats {
		if s.role != phone {
			legs = append(legs, s.Leg)
		}
	}
	return slices.Clip(legs)
}

// IsClosed tells whether the call has given its record: its lines are hung up.
func IsClosed(c *Call) bool { return c.phase == closed }

// Talkers lists the users in the call: agents in talk, and supervisors.
func Talkers(c *Call) []string {
	var users []string
	for _, s := range c.present(seatTalking) {
		users = append(users, s.User)
	}
	return users
}
