package media

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Source is sound that can be played: 20 ms frames in either law. Frames are shared by every port that plays the source and
// must never change.
type Source interface {
	// Frame returns the i-th frame (160 bytes; the last one may be shorter), false behind the last.
	Frame(c Codec, i int) (frame []byte, ok bool)
}

// MaxDigits is how many keys may wait to be sent to one port.
const MaxDigits = 64

// ErrDigits says that SendDigits was given something that is no key, or too many of them.
var ErrDigits = errors.New("media: not a sequence of at most 64 keys (0-9 * # A-D)")

// Play sends src to the port, over and over if loop; the port's peer is not heard meanwhile. It replaces what was played
// before. done, which may be nil, is called once: with true when src ended, with false when it was stopped or replaced or
// the port closed. stop may be called at any time.
func (p *Port) Play(src Source, loop bool, done func(finished bool)) (stop func()) {
	job := &work{job: &playing{src: src, loop: loop}, done: done}
	p.jobs.play(job)
	return func() { p.jobs.stopPlay(job) }
}

// SendDigits presses keys on the line: telephone-events (RFC 4733) where agreed, else tones in the sound. Each lasts 100 ms
// with a gap of 60 ms. Keys sent while others are being sent wait for them. done, which may be nil, is called once when they
// are sent or the port closed.
func (p *Port) SendDigits(digits string, done func()) error {
	keys := strings.ToUpper(digits)
	for i := range len(keys) {
		if eventOf(keys[i]) < 0 {
			return fmt.Errorf("%w: %q", ErrDigits, digits)
		}
	}
	over := func(bool) {
		if done != nil {
			done()
		}
	}
	return p.jobs.dial(&work{job: &dialing{digits: keys}, keys: len(keys), done: over})
}

// job does 20 ms of something that is sent to a port; false says that nothing was left to do.
type job interface {
	step(p *Port, at moment) bool
}

// moment is one beat on a port's outgoing timeline.
type moment struct {
	ts    uint32
	first bool // somebody else was sending before
	now   time.Duration
}

type work struct {
	job
	keys int // how many, if it is keys
	done func(finished bool)
}

// over tells that the work ended, without waiting for who is told.
func (w *work) over(finished bool) {
	if w != nil && w.done != nil {
		go w.done(finished)
	}
}

// jobs is what a port is played: keys before sound.
type jobs struct {
	port    *Port
	mu      sync.Mutex
	sound   *work
	dials   []*work
	waiting int             // keys in dials
	shard   *metronomeShard // while beating
	closed  bool
}

func (j *jobs) play(w *work) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		w.over(false)
		return
	}
	j.sound.over(false)
	j.sound = w
	j.start()
}

func (j *jobs) stopPlay(w *work) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.sound != w {
		return
	}
	j.sound = nil
	w.over(false)
	j.settle()
}

func (j *jobs) dial(w *work) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if w.keys == 0 || j.waiting+w.keys > MaxDigits {
		return ErrDigits
	}
	if j.closed {
		w.over(false)
		return nil
	}
	j.waiting += w.keys
	j.dials = append(j.dials, w)
	j.start()
	return nil
}

func (j *jobs) stop() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	j.sound.over(false)
	for _, w := range j.dials {
		w.over(false)
	}
	j.sound, j.dials = nil, nil
	j.settle()
}

// start takes the line from the peer and joins the beat.
func (j *jobs) start() {
	j.port.out.setJobs(true)
	if j.shard == nil {
		j.shard = j.port.opts.Metronome.join(j)
	}
}

// settle gives the line back to the peer when nothing is left to do.
func (j *jobs) settle() {
	if j.sound != nil || len(j.dials) > 0 {
		return
	}
	j.waiting = 0
	j.port.out.setJobs(false)
	if j.shard != nil {
		j.shard.leave(j)
		j.shard = nil
	}
}

// beat implements beater.
func (j *jobs) beat() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for current := j.current(); current != nil; current = j.current() {
		at := moment{now: j.port.now()}
		at.ts, at.first = j.port.out.nextJob(at.now)
		if current.step(j.port, at) {
			j.port.out.jobDone(at.ts)
			return
		}
		j.drop(current)
	}
}

func (j *jobs) current() *work {
	if len(j.dials) > 0 {
		return j.dials[0]
	}
	return j.sound
}

// drop ends the current work, which came to its end.
func (j *jobs) drop(w *work) {
	if w == j.sound {
		j.sound = nil
	} else {
		j.waiting -= w.keys
		j.dials = j.dials[1:]
	}
	w.over(true)
	j.settle()
}

func (j *jobs) describe() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b strings.Builder
	if j.sound != nil {
		fmt.Fprintf(&b, " playing %v", j.sound.job)
	}
	if len(j.dials) > 0 {
		fmt.Fprintf(&b, " sending %d digits", j.waiting)
	}
	return b.String()
}

type playing struct {
	src  Source
	loop bool
	i    int
}

func (pl *playing) step(p *Port, at moment) bool {
	codec := p.Format().Codec
	frame, ok := pl.src.Frame(codec, pl.i)
	if !ok && pl.loop && pl.i > 0 {
		pl.i = 0
		frame, ok = pl.src.Frame(codec, 0)
	}
	if !ok {
		return false
	}
	pl.i++
	p.out.sendJob(uint8(codec), at.first, at.ts, frame, at.now)
	return true
}

func (pl *playing) String() string {
	name := fmt.Sprintf("%T", pl.src)
	if s, ok := pl.src.(fmt.Stringer); ok {
		name = s.String()
	}
	if pl.loop {
		return name + " in a loop"
	}
	return name
}
