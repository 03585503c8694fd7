package media

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxPacket holds the longest packet worth reading: 100 ms of G.711 with a generous header.
const maxPacket = 1200

// Events is what a port tells its owner. Any of them may be nil.
type Events struct {
	Digit     func(d byte) // a key was pressed: 0-9 * # A-D
	MediaLost func()       // nothing came for LossAfter while something was expected
	MediaBack func()       // and then it came again
}

// PortOptions are the choices of a port; the zero value is a working one.
type PortOptions struct {
	Name      string                                   // for String and logs
	Events    Events                                   //
	Hear      func(ts uint32, c Codec, payload []byte) // every sound packet that came in; payload is valid during the call only
	Metronome *Metronome                               // shared by the process; nil gives the port one of its own
	Inband    bool                                     // find keys in the sound while no telephone-event is agreed
	LossAfter time.Duration                            // 0 means 2.4 s: told within 3 s
}

// Port is one participant's sound.
type Port struct {
	opts   PortOptions
	epoch  time.Time     // what the port's times count from
	format atomic.Uint32 // Format, packed
	muted  atomic.Bool
	secret atomic.Bool // keys are for us alone
	tap    atomic.Pointer[tap]
	in     ingress
	out    egress

	audience atomic.Pointer[audience] // nil while nobody hears the port
	keys     keyReader
	watch    watch
	jobs     jobs
	remote   remoteView
	report   reportState

	mu      sync.Mutex // guards line, changed and closed
	changed *sync.Cond
	line    Transport
	closed  bool
}

// NewPort starts a port on t and reads it until Close. The port owns t. A nil t is allowed: SetTransport brings one later.
func NewPort(t Transport, f Format, opts PortOptions) *Port {
	if opts.Metronome == nil {
		opts.Metronome = NewMetronome()
	}
	if opts.LossAfter <= 0 {
		opts.LossAfter = 2400 * time.Millisecond
	}
	p := &Port{opts: opts, epoch: time.Now(), line: t}
	p.changed = sync.NewCond(&p.mu)
	p.format.Store(f.pack())
	p.out.ssrc, p.out.seq, p.out.pos = rand.Uint32(), uint16(rand.Uint32()), rand.Uint32() //nolint:gosec // G404: told to everybody anyway
	p.out.line = t
	p.jobs.port = p
	p.attach(t)
	p.startWatch()
	go p.run()
	return p
}

// now is the time on the port's clock.
func (p *Port) now() time.Duration { return time.Since(p.epoch) }

// Format is what the port sends now.
func (p *Port) Format() Format { return unpackFormat(p.format.Load()) }

// SetFormat changes what the port sends, and which payload type it takes for keys. Sound is understood in both laws always.
func (p *Port) SetFormat(f Format) { p.format.Store(f.pack()) }

// SetTransport replaces the transport in the middle of the call: a page was reloaded, a re-INVITE moved the media. The old
// one is closed; bridge, recording and the outgoing stream's SSRC, sequence and timeline go on.
func (p *Port) SetTransport(t Transport) {
	old, ok := p.swapLine(t)
	if old != nil && old != t {
		_ = old.Close() // it is being thrown away
	}
	if ok {
		p.attach(t)
	}
}

// swapLine returns the transport that is not needed any more; on a closed port that is the new one.
func (p *Port) swapLine(t Transport) (unneeded Transport, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return t, false
	}
	unneeded, p.line = p.line, t
	p.out.setLine(t)
	p.changed.Broadcast()
	return unneeded, true
}

// Close ends the port: its transport is closed, its peer hears nothing more, what it played is over (done(false)). A
// recording is not stopped, it just hears nothing more.
func (p *Port) Close() {
	line, first := p.shut()
	if !first {
		return
	}
	p.out.setLine(nil)
	p.setAudience(nil)
	p.tap.Store(nil)
	p.stopWatch()
	p.jobs.stop()
	if line != nil {
		_ = line.Close() // nothing is left to be done about it
	}
}

func (p *Port) shut() (line Transport, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line, first = p.line, !p.closed
	p.line, p.closed = nil, true
	p.changed.Broadcast()
	return line, first
}

func (p *Port) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// Mute lets nobody hear this port: silence takes the place of its sound, for who hears it and in its recording.
func (p *Port) Mute(on bool) { p.muted.Store(on) }

// KeepKeys lets the port's keys be told only, and not be passed on to who hears it.
func (p *Port) KeepKeys(on bool) { p.secret.Store(on) }

// Record lets w hear the port's own voice from now on, in place of an earlier recording.
func (p *Port) Record(w *Recording) {
	p.tap.Store(&tap{recording: w, shift: p.epoch.Sub(w.start)})
}

// StopRecord ends that. The recording itself goes on, with silence, until its own Stop.
func (p *Port) StopRecord() { p.tap.Store(nil) }

// tap ties a recording to a port: shift takes the port's clock to the recording's.
type tap struct {
	recording *Recording
	shift     time.Duration
}

// String tells the pipeline around the port on one line.
func (p *Port) String() string {
	p.mu.Lock()
	line := p.line
	p.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", p.name(), describe(line), p.Format())
	b.WriteString(p.out.describe())
	b.WriteString(p.audience.Load().describe())
	if p.muted.Load() {
		b.WriteString(" muted")
	}
	b.WriteString(p.jobs.describe())
	if t := p.tap.Load(); t != nil {
		fmt.Fprintf(&b, " recording %s", t.recording.id)
	}
	return b.String()
}

func (p *Port) name() string {
	if p.opts.Name == "" {
		return "port"
	}
	return p.opts.Name
}

func describe(t Transport) string {
	switch t := t.(type) {
	case nil:
		return "no transport"
	case fmt.Stringer:
		return t.String()
	default:
		return fmt.Sprintf("%T", t)
	}
}
