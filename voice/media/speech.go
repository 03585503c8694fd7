package media

import (
	"container/list"
	"context"
	"errors"
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
	return &speechCache{speech: s, room: maxSeconds * SampleRate, said: map[utterance]*list.Element{}, order: list.New()}
}

type utterance struct{ lang, text string }

// saying is an utterance being said, or said.
type saying struct {
	utterance
	ready chan struct{}
	pcm   []int16
	err   error
}

type speechCache struct {
	speech Speech
	mu     sync.Mutex
	room   int // samples
	size   int
	said   map[utterance]*list.Element // of *saying
	order  *list.List                  // newest first
}

// Say implements Speech.
func (c *speechCache) Say(ctx context.Context, text, lang string) ([]int16, error) {
	s, mine := c.find(utterance{lang, text})
	if mine {
		s.pcm, s.err = c.speech.Say(ctx, text, lang)
		c.keep(s)
		close(s.ready)
	}
	select {
	case <-s.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if !mine && s.err != nil { // the other one's failure may have been its deadline
		return c.speech.Say(ctx, text, lang)
	}
	return s.pcm, s.err
}

// find returns the saying of u, and whether the caller is the one to say it.
func (c *speechCache) find(u utterance) (s *saying, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.said[u]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*saying), false
	}
	s = &saying{utterance: u, ready: make(chan struct{})}
	c.said[u] = c.order.PushFront(s)
	return s, true
}

// keep counts what was said and makes room; failures are not kept.
func (c *speechCache) keep(s *saying) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.err != nil {
		c.drop(c.said[s.utterance])
		return
	}
	c.size += len(s.pcm)
	for e := c.order.Back(); e != nil && c.size > c.room; {
		previous := e.Prev()
		if e.Value.(*saying).finished() || e.Value.(*saying) == s {
			c.size -= len(e.Value.(*saying).pcm)
			c.drop(e)
		}
		e = previous
	}
}

func (s *saying) finished() bool {
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}

func (c *speechCache) drop(e *list.Element) {
	delete(c.said, e.Value.(*saying).utterance)
	c.order.Remove(e)
}
