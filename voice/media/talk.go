package media

import (
	"slices"
	"sync"
)

// Talk is the ports of one call: it says who hears whom. Who hears one port alone gets that one's packets, forwarded and not
// decoded; who hears several gets a mix of them every 20 ms. The zero value is ready.
//
// Whatever changes, each port's outgoing stream goes on: one SSRC, one sequence, one timeline. A change is heard with the next
// packet, in a mix some 20 ms later, and voices come into a mix and leave it in 5 ms rather than with a click.
type Talk struct {
	mu        sync.Mutex
	listeners map[*Port]bool // who hear somebody
	speakers  map[*Port]bool // who are heard
	mixer     *mixer         // while somebody hears several
}

// Arrange lets each listener hear exactly the ports named for it from now on. A port that is not named as a listener hears
// nobody, and may be played to. A port that hears itself is its own echo. While something is played to a port, it hears
// nobody else.
func (t *Talk) Arrange(hears map[*Port][]*Port) {
	t.mu.Lock()
	defer t.mu.Unlock()
	alone, mixed := sortListeners(hears)
	inlets := t.mix(mixed)
	t.seat(alone, mixed)
	t.speak(alone, mixed, inlets)
}

// Close lets nobody hear anybody any more.
func (t *Talk) Close() { t.Arrange(nil) }

// sortListeners parts those who hear one port alone from those who hear several.
func sortListeners(hears map[*Port][]*Port) (alone map[*Port]*Port, mixed map[*Port][]*Port) {
	alone, mixed = map[*Port]*Port{}, map[*Port][]*Port{}
	for listener, named := range hears {
		speakers := make([]*Port, 0, len(named))
		for _, s := range named {
			if s != nil && !slices.Contains(speakers, s) {
				speakers = append(speakers, s)
			}
		}
		switch {
		case listener == nil || len(speakers) == 0:
		case len(speakers) == 1:
			alone[listener] = speakers[0]
		default:
			mixed[listener] = speakers
		}
	}
	return alone, mixed
}

// mix gives the mixer its listeners; there is one only while it has any. The inlets are those of the speakers it needs.
func (t *Talk) mix(mixed map[*Port][]*Port) map[*Port]*inlet {
	if len(mixed) == 0 {
		if t.mixer != nil {
			t.mixer.stop()
			t.mixer = nil
		}
		return nil
	}
	if t.mixer == nil {
		t.mixer = newMixer()
	}
	return t.mixer.arrange(mixed)
}

// seat tells each listener whom it takes sound from.
func (t *Talk) seat(alone map[*Port]*Port, mixed map[*Port][]*Port) {
	before := t.listeners
	t.listeners = make(map[*Port]bool, len(alone)+len(mixed))
	for listener, speaker := range alone {
		listener.out.setSpeaker(speaker, 0)
		t.listeners[listener] = true
	}
	for listener, speakers := range mixed {
		listener.out.setSpeaker(nil, len(speakers))
		t.listeners[listener] = true
	}
	for listener := range before {
		if !t.listeners[listener] {
			listener.out.setSpeaker(nil, 0)
		}
	}
}

// speak tells each speaker who hears it.
func (t *Talk) speak(alone map[*Port]*Port, mixed map[*Port][]*Port, inlets map[*Port]*inlet) {
	audiences := map[*Port]*audience{}
	of := func(speaker *Port) *audience {
		if audiences[speaker] == nil {
			audiences[speaker] = &audience{inlet: inlets[speaker]}
		}
		return audiences[speaker]
	}
	for listener, speaker := range alone {
		of(speaker).add(listener)
	}
	for listener, speakers := range mixed {
		for _, s := range speakers {
			of(s).mixed = append(of(s).mixed, listener)
		}
	}
	before := t.speakers
	t.speakers = make(map[*Port]bool, len(audiences))
	for speaker, a := range audiences {
		speaker.setAudience(a)
		t.speakers[speaker] = true
	}
	for speaker := range before {
		if !t.speakers[speaker] {
			speaker.setAudience(nil)
		}
	}
}
