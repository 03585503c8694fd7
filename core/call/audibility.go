package call

import "slices"

// Who hears whom. A call's sound is a function of its parties, nothing else: whenever something has changed, the whole map is
// made anew (Call.settle). docs/audibility.md shows it for every state; audibility_test.go holds it there.

// voice is one party whose line can talk, as far as sound goes.
type voice struct {
	leg  string
	role role
	// away is who is held, or waits for the outcome of a transfer: he hears nobody of the call (but music), nobody hears him.
	away bool
	mode MonitorMode // of a monitor
}

// role is what somebody is in a call.
type role int

const (
	customer role = iota
	agent
	phone   // an outside party that an agent invited
	monitor // a supervisor
)

// audible says who hears whom, in the order of the parties. Who hears nobody is not in it.
//
// Who is on the floor hears all others there: customer, agents and outside parties that are not away, and who barges in. The
// agents hear who whispers, and he hears them. Listeners (and whisperers) hear all whom anybody hears, and nobody hears them.
func audible(parties []voice) map[string][]string {
	hears := map[string][]string{}
	for _, v := range parties {
		for _, w := range parties {
			if v.leg != w.leg && (v.onFloor() && w.onFloor() || v.coachedBy(w) || w.coachedBy(v)) {
				hears[v.leg] = append(hears[v.leg], w.leg)
			}
		}
	}
	heard := map[string]bool{}
	for _, legs := range hears {
		for _, leg := range legs {
			heard[leg] = true
		}
	}
	for _, v := range parties {
		if v.role == monitor && v.mode != Barge {
			hears[v.leg] = others(parties, v.leg, heard)
		}
		if len(hears[v.leg]) == 0 {
			delete(hears, v.leg)
		}
	}
	return hears
}

func (v voice) onFloor() bool {
	return !v.away && (v.role != monitor || v.mode == Barge)
}

// coachedBy tells whether v is an agent to whom w whispers.
func (v voice) coachedBy(w voice) bool {
	return v.role == agent && !v.away && w.role == monitor && w.mode == Whisper
}

// others lists the parties that are heard, in order, but for one.
func others(parties []voice, but string, heard map[string]bool) []string {
	var legs []string
	for _, v := range parties {
		if v.leg != but && heard[v.leg] {
			legs = append(legs, v.leg)
		}
	}
	return slices.Clip(legs)
}
