package carrier

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"

	"openseat/voice/media"
)

// End is how a call ended.
type End struct {
	SIP    int    // the final status of an unanswered call; 200 after a BYE; 487 after a CANCEL; 408 when nobody said anything
	Q850   int    // of the Reason header, 0 without one
	ByUs   bool   // we hung up, cancelled or refused
	Reason string // the reason phrase, or what went wrong
}

// Call is one call between the carrier and OpenSeat, whoever placed it.
type Call struct {
	From, To string // user parts, as dialed

	carrier *Carrier
	id      string // Call-ID
	port    *media.Port
	line    *line
	ear     *media.Ear // the last minute
	recent  *media.Ear // the last moment
	sdpID   uint64

	ringing, answered, done chan struct{} // closed once each
	settled                 chan struct{} // an ACK came for our 200

	mu         sync.Mutex
	dialog     dialog
	invite     *sip.Request // the one that placed the call
	tx         sip.ServerTransaction
	cancelling bool // HangUp came before any answer
	early      bool // a provisional answer came: now a CANCEL may go
	sdpVersion int
	answer     *sip.Response // the final one to our INVITE
	remote     session
	end        End
	digits     []byte
	listeners  []chan struct{} // told of sound and digits, without waiting
}

// line is the call's RTP, which is shut while we must not send (on hold).
type line struct {
	*media.UDP
	shut atomic.Bool
}

// WriteRTP implements media.Transport.
func (l *line) WriteRTP(b []byte) (int, error) {
	if l.shut.Load() {
		return len(b), nil
	}
	return l.UDP.WriteRTP(b)
}

const (
	memory    = time.Minute            // how much sound a call remembers
	moment    = 300 * time.Millisecond // how much of it tells a tone
	maxDigits = 1000                   // keys remembered
)

func (c *Carrier) newCall(id, from, to string) (*Call, error) {
	udp, err := media.ListenUDP(c.addr.Addr(), c.opts.Ports)
	if err != nil {
		return nil, err
	}
	call := &Call{
		From: from, To: to,
		carrier: c, id: id, sdpID: rand.Uint64() >> 2, line: &line{UDP: udp},
		ear: media.NewEar(memory), recent: media.NewEar(moment),
		ringing: make(chan struct{}), answered: make(chan struct{}), done: make(chan struct{}), settled: make(chan struct{}),
	}
	call.port = media.NewPort(call.line, media.Format{Codec: c.opts.Codecs[0], DTMF: keysPT}, media.PortOptions{
		Name:      "carrier " + to,
		Metronome: c.metronome,
		Hear:      call.hear,
		Events:    media.Events{Digit: call.digit},
	})
	if err := c.add(id, call); err != nil {
		call.port.Close()
		return nil, err
	}
	return call, nil
}

// Ringing is closed when the called side rings (180, or 183 with sound).
func (c *Call) Ringing() <-chan struct{} { return c.ringing }

// Answered is closed when the call is answered.
func (c *Call) Answered() <-chan struct{} { return c.answered }

// Done is closed when the call is over; then End says how.
func (c *Call) Done() <-chan struct{} { return c.done }

// End says how the call ended; it is empty before.
func (c *Call) End() End {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end
}

// WaitAnswered waits until the call is answered. A call that ends instead is an error.
func (c *Call) WaitAnswered(ctx context.Context) error {
	select {
	case <-c.answered:
		return nil
	case <-c.done:
		return fmt.Errorf("call to %s ended: %+v", c.To, c.End())
	case <-ctx.Done():
		return fmt.Errorf("call to %s is not answered: %w", c.To, ctx.Err())
	}
}

// Header is a header of the INVITE, empty if absent.
func (c *Call) Header(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return value(c.invite.GetHeader(name))
}

// AnswerHeader is a header of the 200 that answered our call, or of what refused it; empty if absent.
func (c *Call) AnswerHeader(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answer == nil {
		return ""
	}
	return value(c.answer.GetHeader(name))
}

func value(h sip.Header) string {
	if h == nil {
		return ""
	}
	return h.Value()
}

// Port is the call's sound.
func (c *Call) Port() *media.Port { return c.port }

// Say plays src into the call, over and over if loop, in place of what was said before; stop ends it.
func (c *Call) Say(src media.Source, loop bool) (stop func()) { return c.port.Play(src, loop, nil) }

// Press presses keys (RFC 4733 if agreed, else tones) and waits until they are sent.
func (c *Call) Press(ctx context.Context, keys string) error {
	sent := make(chan struct{})
	if err := c.port.SendDigits(keys, func() { close(sent) }); err != nil {
		return err
	}
	select {
	case <-sent:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("pressing %s: %w", keys, ctx.Err())
	}
}

// Heard is the sound of the last minute, at 8 kHz.
func (c *Call) Heard() []int16 { return c.ear.PCM() }

// Digits are the keys the other side pressed so far.
func (c *Call) Digits() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.digits)
}

// Codec is the law in use.
func (c *Call) Codec() media.Codec { return c.port.Format().Codec }

// AwaitDigits waits until the other side pressed exactly these keys.
func (c *Call) AwaitDigits(ctx context.Context, keys string) error {
	return c.await(ctx, "keys "+keys, func() bool { return c.Digits() == keys })
}

// AwaitTone waits until the last 300 ms of sound are a clear tone of hz.
func (c *Call) AwaitTone(ctx context.Context, hz float64) error {
	return c.await(ctx, fmt.Sprintf("a tone of %g Hz", hz), func() bool {
		pcm := c.recent.PCM()
		found, purity := media.Detect(pcm)
		return time.Duration(len(pcm))*time.Second/media.SampleRate >= moment && math.Abs(found-hz) < 15 && purity > 0.9
	})
}

// Forget empties the call's memory of sound, before something new is to be heard.
func (c *Call) Forget() {
	c.ear.Forget()
	c.recent.Forget()
}

var errEnded = errors.New("the call ended")

func (c *Call) await(ctx context.Context, what string, met func() bool) error {
	news := make(chan struct{}, 1)
	c.listen(news)
	defer c.unlisten(news)
	for !met() {
		select {
		case <-news:
		case <-c.done:
			return fmt.Errorf("awaiting %s: %w", what, errEnded)
		case <-ctx.Done():
			return fmt.Errorf("awaiting %s: %w", what, ctx.Err())
		}
	}
	return nil
}

func (c *Call) listen(news chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listeners = append(c.listeners, news)
}

func (c *Call) unlisten(news chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listeners = slices.DeleteFunc(c.listeners, func(l chan struct{}) bool { return l == news })
}

func (c *Call) hear(ts uint32, codec media.Codec, sound []byte) {
	c.ear.Hear(ts, codec, sound)
	c.recent.Hear(ts, codec, sound)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell()
}

func (c *Call) digit(key byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.digits) < maxDigits {
		c.digits = append(c.digits, key)
	}
	c.tell()
}

// tell wakes those who await something. c.mu is held.
func (c *Call) tell() {
	for _, l := range c.listeners {
		select {
		case l <- struct{}{}:
		default:
		}
	}
}

// informed takes keys that came as SIP INFO (application/dtmf-relay: "Signal=5").
func (c *Call) informed(r *sip.Request, tx sip.ServerTransaction) {
	c.carrier.reply(r, tx, sip.StatusOK, "OK")
	for line := range strings.Lines(string(r.Body())) {
		if key, ok := strings.CutPrefix(strings.TrimSpace(line), "Signal="); ok && len(key) == 1 {
			c.digit(key[0])
		}
	}
}

// refreshed answers a session refresh without a body (RFC 4028).
func (c *Call) refreshed(r *sip.Request, tx sip.ServerTransaction) {
	c.carrier.reply(r, tx, sip.StatusOK, "OK")
}

func (c *Call) hungUpByPeer(r *sip.Request, tx sip.ServerTransaction) {
	c.carrier.reply(r, tx, sip.StatusOK, "OK")
	c.finish(End{SIP: sip.StatusOK, Q850: q850(r.GetHeader("Reason")), Reason: "BYE"})
}

// finish ends the call, once; the first end is the one that counts.
func (c *Call) finish(e End) (first bool) {
	c.mu.Lock()
	first = !closed(c.done)
	if first {
		c.end = e
		close(c.done)
	}
	c.mu.Unlock()
	if first {
		c.carrier.remove(c.id)
		c.port.Close()
	}
	return first
}

// once closes a channel that may be closed already. c.mu is held.
func once(ch chan struct{}) {
	if !closed(ch) {
		close(ch)
	}
}

func closed(ch chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// q850 reads the cause of a Reason header (RFC 3326), 0 if there is none.
func q850(h sip.Header) int {
	if h == nil {
		return 0
	}
	var cause int
	protocol, params, _ := strings.Cut(h.Value(), ";")
	if strings.TrimSpace(protocol) != "Q.850" {
		return 0
	}
	for p := range strings.SplitSeq(params, ";") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(p), "cause="); ok {
			if _, err := fmt.Sscanf(v, "%d", &cause); err != nil {
				return 0
			}
		}
	}
	return cause
}
