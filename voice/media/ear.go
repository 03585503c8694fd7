package media

import (
	"slices"
	"sync"
	"time"
)

// Ear remembers the newest sound a port heard, so that tests and simulated people can say what it was. Its Hear is made for
// PortOptions.Hear.
type Ear struct {
	mu     sync.Mutex
	keep   int
	pcm    []int16
	nextTS uint32
	frame  []int16
}

// NewEar remembers the last d of sound.
func NewEar(d time.Duration) *Ear { return &Ear{keep: int(samples(d))} }

// Hear takes in one packet's sound. Sound that is missing between two packets is silence; a broken timeline is not.
func (e *Ear) Hear(ts uint32, c Codec, sound []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if gap := int32(ts - e.nextTS); gap > 0 && int(gap) <= e.keep && len(e.pcm) > 0 {
		e.append(make([]int16, gap))
	}
	e.nextTS = ts + uint32(len(sound))
	e.frame = c.Decode(e.frame[:0], sound)
	e.append(e.frame)
}

func (e *Ear) append(pcm []int16) {
	e.pcm = append(e.pcm, pcm...)
	if extra := len(e.pcm) - e.keep; extra > 0 {
		e.pcm = slices.Delete(e.pcm, 0, extra)
	}
}

// PCM is what was heard, oldest first.
func (e *Ear) PCM() []int16 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.pcm)
}

// Forget empties the ear, before something new is to be heard.
func (e *Ear) Forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pcm = e.pcm[:0]
}

// Hears is the dominant tone of what was heard, rounded to 10 Hz, if it was a clear tone; else 0.
func (e *Ear) Hears() float64 {
	hz, purity := Detect(e.PCM())
	if purity < clearTone {
		return 0
	}
	return float64(int(hz/10+0.5)) * 10
}

// clearTone is the purity from which on something is a tone and not a mixture.
const clearTone = 0.9
