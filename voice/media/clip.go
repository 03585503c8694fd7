package media

import (
	"fmt"
	"sync"
	"time"
)

// Clip is a piece of sound kept in memory, ready to be played in either law by any number of ports. It implements Source.
type Clip struct {
	name string
	pcm  []int16
	laws [2]law
}

// law is a clip encoded in one law, the first time somebody needs it.
type law struct {
	once  sync.Once
	bytes []byte
}

// NewClip makes a clip of 8 kHz linear samples, which it keeps. name is for Port.String.
func NewClip(name string, pcm []int16) *Clip { return &Clip{name: name, pcm: pcm} }

// Frame implements Source.
func (c *Clip) Frame(codec Codec, i int) (frame []byte, ok bool) {
	l := &c.laws[min(codec, 1)] // PCMU is 0, PCMA 8
	l.once.Do(func() { l.bytes = codec.Encode(make([]byte, 0, len(c.pcm)), c.pcm) })
	from := i * FrameSamples
	if i < 0 || from >= len(l.bytes) {
		return nil, false
	}
	to := min(from+FrameSamples, len(l.bytes))
	return l.bytes[from:to:to], true
}

// PCM returns the clip's samples; they must not be changed.
func (c *Clip) PCM() []int16 { return c.pcm }

// Duration is how long the clip sounds.
func (c *Clip) Duration() time.Duration { return duration(int64(len(c.pcm))) }

func (c *Clip) String() string { return fmt.Sprintf("%s (%v)", c.name, c.Duration()) }
