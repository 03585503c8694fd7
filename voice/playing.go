package voice

import (
	"context"
	"errors"
	"time"

	"openseat/core/call"
	"openseat/voice/media"
)

// soundWait is how long a prompt may take to be made before the call goes on without it.
const soundWait = 10 * time.Second

// playing is one Play command under way on a leg.
type playing struct {
	name   string
	leg    string
	stop   func() // of the prompt that sounds now
	cancel context.CancelFunc
}

// hush ends what a leg is being played; r.mu is held.
func (r *room) hush(leg string) {
	p := r.plays[leg]
	if p == nil {
		return
	}
	delete(r.plays, leg)
	p.cancel()
	if p.stop != nil {
		p.stop()
	}
}

// play begins a Play command; r.mu is held. Sounds that are at hand begin at once, others when they have been made.
func (r *room) play(c call.Play) {
	leg := r.legs[c.Leg]
	if leg == nil {
		return
	}
	r.hush(c.Leg)
	ctx, cancel := context.WithTimeout(context.Background(), soundWait)
	p := &playing{name: c.Play, leg: c.Leg, cancel: cancel}
	r.plays[c.Leg] = p
	if srcs, ok := r.atHand(c.Prompts); ok {
		r.sound(p, leg, srcs, 0, c.Loop)
		return
	}
	go r.makeAndPlay(ctx, p, leg, c)
}

func (r *room) atHand(prompts []call.Prompt) ([]media.Source, bool) {
	srcs := make([]media.Source, 0, len(prompts))
	for _, q := range prompts {
		src, ok := r.x.Sounds.Find(r.ref.App, q)
		if !ok {
			return nil, false
		}
		srcs = append(srcs, src)
	}
	return srcs, true
}

func (r *room) makeAndPlay(ctx context.Context, p *playing, leg Leg, c call.Play) {
	srcs, err := r.makeSounds(ctx, c.Prompts)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.plays[p.leg] != p {
		return
	}
	if len(srcs) == 0 {
		r.hush(p.leg)
		r.x.Teller.Tell(r.ref, call.PlayFailed{Leg: p.leg, Play: p.name, Reason: err.Error()})
		return
	}
	r.sound(p, leg, srcs, 0, c.Loop)
}

// makeSounds makes what can be made of prompts in time; the error is the last prompt's that could not.
func (r *room) makeSounds(ctx context.Context, prompts []call.Prompt) (srcs []media.Source, err error) {
	for _, q := range prompts {
		src, e := r.x.Sounds.Make(ctx, r.ref.App, q)
		if e != nil {
			err = e
			if errors.Is(ctx.Err(), context.Canceled) { // nobody waits for it any more
				return nil, err
			}
			r.x.Log.Warn("a prompt cannot be played", "session", r.ref.ID, "audio", q.Audio, "error", e)
			continue
		}
		srcs = append(srcs, src)
	}
	return srcs, err
}

// sound plays the i-th source, and the next when it ends; r.mu is held.
func (r *room) sound(p *playing, leg Leg, srcs []media.Source, i int, loop bool) {
	if i == len(srcs) {
		if !loop {
			delete(r.plays, p.leg)
			p.cancel()
			r.x.Teller.Tell(r.ref, call.PlayEnded{Leg: p.leg, Play: p.name})
			return
		}
		i = 0
	}
	if len(srcs) == 0 {
		return
	}
	p.stop = leg.Port().Play(srcs[i], loop && len(srcs) == 1, func(finished bool) {
		if finished {
			r.next(p, leg, srcs, i+1, loop)
		}
	})
}

// next goes on when a source has ended.
func (r *room) next(p *playing, leg Leg, srcs []media.Source, i int, loop bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.plays[p.leg] == p {
		r.sound(p, leg, srcs, i, loop)
	}
}
