package media

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// Speech turns text into sound.
type Speech interface {
	// Say speaks text in a language ("zh", "en", ...) and returns 8 kHz samples, which must not be changed.
	Say(ctx context.Context, text, lang string) (pcm []int16, err error)
}

// What Say may fail with, besides trouble of its own.
var (
	ErrNoSpeech     = errors.New("media: no speech engine is installed")
	ErrSpeechText   = errors.New("media: text is empty or too long to be spoken")
	ErrSpeechVoices = errors.New("media: nobody speaks this language")
)

// CacheSpeech remembers what s said last, at most maxSeconds of it. What several ask for at once is said once.
func CacheSpeech(s Speech, maxSeconds int) Speech {
	return &speechCache{speech: s, room: maxSeconds * SampleRate, said: map[utterance]*saying{}}
}

type utterance struct{ lang, text string }

// saying is an utterance being said, or said.
type saying struct {
	utterance
	ready chan struct{} // closed when it is said
	pcm   []int16
	err   error
}

type speechCache struct {
	speech Speech
	mu     sync.Mutex
	room   int // samples
	size   int
	said   map[utterance]*saying // being said, or in order
	order  []*saying             // said, the one asked for longest ago first
}

// Say implements Speech.
func (c *speechCache) Say(ctx context.Context, text, lang string) ([]int16, error) {
	s, mine := c.find(utterance{lang, text})
	if mine {
		s.pcm, s.err = c.speech.Say(ctx, text, lang)
		c.keep(s)
		close(s.ready)
		return s.pcm, s.err
	}
	select {
	case <-s.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.err != nil { // the other one's failure may have been its deadline
		return c.speech.Say(ctx, text, lang)
	}
	return s.pcm, nil
}

// find returns the saying of u, and whether the caller is the one to say it.
func (c *speechCache) find(u utterance) (s *saying, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s = c.said[u]; s == nil {
		s = &saying{utterance: u, ready: make(chan struct{})}
		c.said[u] = s
		return s, true
	}
	if i := slices.Index(c.order, s); i >= 0 {
		c.order = append(slices.Delete(c.order, i, i+1), s)
	}
	return s, false
}

// keep counts what was said and makes room; failures are not kept.
func (c *speechCache) keep(s *saying) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.err != nil {
		delete(c.said, s.utterance)
		return
	}
	c.size += len(s.pcm)
	c.order = append(c.order, s)
	for c.size > c.room {
		oldest := c.order[0]
		c.size -= len(oldest.pcm)
		delete(c.said, oldest.utterance)
		c.order = slices.Delete(c.order, 0, 1)
	}
}
