package voice

import (
	"slices"

	"openseat/voice/media"
)

// hear says who hears whom from now on; r.mu is held. What is played to a leg that begins to hear somebody ends.
func (r *room) hear(legs map[string][]string) {
	for leg, heard := range legs {
		if len(heard) > 0 && len(r.hears[leg]) == 0 {
			r.hush(leg)
		}
	}
	r.hears = legs
	r.arrange()
	for _, t := range r.takes {
		t.follow(r.talks(t.name))
	}
}

// arrange tells the ports what the call has said of their legs.
func (r *room) arrange() {
	ports := make(map[*media.Port][]*media.Port, len(r.hears))
	for listener, speakers := range r.hears {
		l := r.legs[listener]
		if l == nil {
			continue
		}
		for _, s := range speakers {
			if heard := r.legs[s]; heard != nil {
				ports[l.Port()] = append(ports[l.Port()], heard.Port())
			}
		}
	}
	r.talk.Arrange(ports)
}

// talks says whether somebody hears a leg who is heard himself: a supervisor who only listens is nobody to talk to.
func (r *room) talks(leg string) bool {
	for listener, speakers := range r.hears {
		if slices.Contains(speakers, leg) && r.heard(listener) {
			return true
		}
	}
	return false
}

func (r *room) heard(leg string) bool {
	for _, speakers := range r.hears {
		if slices.Contains(speakers, leg) {
			return true
		}
	}
	return false
}
