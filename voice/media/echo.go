package media

import "time"

// echoDelay is how much later an echo is heard: long enough to be told from one's own voice.
const (
	echoDelay  = 500 * time.Millisecond
	echoFrames = int(echoDelay / FrameTime)
)

// Echo is what a person said, half a second ago. Its Hear is made for PortOptions.Hear; played in a loop to the same port, it
// lets him hear himself.
type Echo struct {
	in   *inlet
	said [echoFrames][FrameSamples]int16 // the latest, in a ring
	next int
	g711 []byte
}

// NewEcho returns the echo of one port.
func NewEcho() *Echo { return &Echo{in: newInlet(), g711: make([]byte, 0, FrameSamples)} }

// Hear takes in one packet's sound.
func (e *Echo) Hear(ts uint32, c Codec, sound []byte) { e.in.put(0, ts, c, sound) }

// Frame implements Source. It has no end, and is heard by one port only.
func (e *Echo) Frame(c Codec, _ int) (frame []byte, ok bool) {
	now := &e.said[e.next]
	e.g711 = c.Encode(e.g711[:0], now[:])
	if !e.in.take(now) {
		clear(now[:])
	}
	e.next = (e.next + 1) % echoFrames
	return e.g711, true
}

func (e *Echo) String() string { return "echo" }
