package media

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// person is somebody on a line: it sings its own tone and remembers what it hears.
type person struct {
	*Port
	ear    *Ear
	mu     sync.Mutex
	digits string
	lost   int
	back   int
}

var (
	muLaw = Format{Codec: PCMU, DTMF: 101}
	aLaw  = Format{Codec: PCMA, DTMF: 96}
)

// newLine puts a person at the far end of a line; near is our port on it.
func newLine(t *testing.T, m *Metronome, f Format, hz float64) (near *Port, far *person) {
	t.Helper()
	a, b := Pipe()
	far = &person{ear: NewEar(time.Second)}
	far.Port = NewPort(b, f, PortOptions{Name: "far", Metronome: m, Hear: far.ear.Hear, Events: far.events()})
	near = NewPort(a, f, PortOptions{Name: "near", Metronome: m})
	if hz > 0 {
		far.Play(ToneSource(hz), true, nil)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

func (p *person) events() Events {
	return Events{
		Digit:     func(d byte) { p.mu.Lock(); p.digits += string(d); p.mu.Unlock() },
		MediaLost: func() { p.mu.Lock(); p.lost++; p.mu.Unlock() },
		MediaBack: func() { p.mu.Lock(); p.back++; p.mu.Unlock() },
	}
}

func (p *person) told() (digits string, lost, back int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.digits, p.lost, p.back
}

// hears asserts what a person heard in the last second.
func (p *person) hears(t *testing.T, hz float64) {
	t.Helper()
	if got := p.ear.Hears(); got != hz {
		t.Errorf("heard %v Hz, want %v", got, hz)
	}
}

func TestTwoPeopleHearEachOther(t *testing.T) {
	for _, laws := range [][2]Format{{muLaw, muLaw}, {aLaw, aLaw}, {muLaw, aLaw}, {aLaw, muLaw}} {
		t.Run(laws[0].String()+" "+laws[1].String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMetronome()
				a, alice := newLine(t, m, laws[0], 440)
				b, bob := newLine(t, m, laws[1], 880)
				Connect(a, b)
				time.Sleep(2 * time.Second)
				alice.hears(t, 880)
				bob.hears(t, 440)
				if s := bob.Stats(); s.In.Lost != 0 || s.In.Packets < 95 || s.In.Jitter > time.Millisecond {
					t.Errorf("bob's line: %+v", s)
				}
			})
		})
	}
}

func TestDisconnectedPeopleHearNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, alice := newLine(t, m, muLaw, 440)
		b, bob := newLine(t, m, aLaw, 880)
		Connect(a, b)
		time.Sleep(time.Second)
		Disconnect(b)
		time.Sleep(100 * time.Millisecond)
		before := alice.Stats().In.Packets + bob.Stats().In.Packets
		time.Sleep(time.Second)
		if after := alice.Stats().In.Packets + bob.Stats().In.Packets; after != before {
			t.Errorf("%d packets came after the bridge ended", after-before)
		}
	})
}

// A transfer: who was connected before must hear nothing of the new pair.
func TestConnectingElsewhereEndsTheOldBridge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, alice := newLine(t, m, muLaw, 440)
		b, bob := newLine(t, m, muLaw, 880)
		c, carol := newLine(t, m, aLaw, 1200)
		Connect(a, b)
		time.Sleep(time.Second)
		Connect(a, c)
		time.Sleep(100 * time.Millisecond)
		bob.ear.Forget()
		time.Sleep(2 * time.Second)
		alice.hears(t, 1200)
		carol.hears(t, 440)
		bob.hears(t, 0)
		if lost := alice.Stats().In.Lost; lost != 0 {
			t.Errorf("alice's stream shows %d lost after changing partners", lost)
		}
	})
}

func TestMutedPersonIsSilentButStillThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, _ := newLine(t, m, muLaw, 440)
		b, bob := newLine(t, m, aLaw, 880)
		Connect(a, b)
		a.Mute(true)
		time.Sleep(2 * time.Second)
		bob.hears(t, 0)
		if n := bob.Stats().In.Packets; n < 95 {
			t.Errorf("a muted line must keep sending: %d packets in 2 s", n)
		}
		a.Mute(false)
		time.Sleep(2 * time.Second)
		bob.hears(t, 440)
	})
}

func TestPlayingHidesThePeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, alice := newLine(t, m, muLaw, 440)
		b, bob := newLine(t, m, muLaw, 880)
		Connect(a, b)
		time.Sleep(time.Second)
		finished := make(chan bool, 1)
		a.Play(Tone(600, 3*time.Second), false, func(ok bool) { finished <- ok })
		time.Sleep(2 * time.Second)
		alice.hears(t, 600)
		bob.hears(t, 440) // alice is still heard
		if !<-finished {
			t.Error("the prompt came to its end, so it finished")
		}
		time.Sleep(1500 * time.Millisecond)
		alice.hears(t, 880)
		if lost := alice.Stats().In.Lost; lost != 0 {
			t.Errorf("%d lost where prompt and peer meet", lost)
		}
	})
}

func TestPlayTellsItsEndOnce(t *testing.T) {
	type ending struct {
		name string
		end  func(p *Port, stop func())
		want bool
	}
	for _, c := range []ending{
		{"runs out", func(*Port, func()) {}, true},
		{"stopped", func(_ *Port, stop func()) { stop(); stop() }, false},
		{"replaced", func(p *Port, _ func()) { p.Play(Beep(), false, nil) }, false},
		{"port closed", func(p *Port, _ func()) { p.Close() }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMetronome()
				p, _ := newLine(t, m, aLaw, 0)
				told := make(chan bool, 2)
				stop := p.Play(Tone(500, time.Second), false, func(ok bool) { told <- ok })
				time.Sleep(500 * time.Millisecond)
				c.end(p, stop)
				time.Sleep(2 * time.Second)
				if got := <-told; got != c.want || len(told) != 0 {
					t.Errorf("told %v and %d more, want %v once", got, len(told), c.want)
				}
			})
		})
	}
}

func TestLoopGoesOnUntilStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		p, caller := newLine(t, m, aLaw, 0)
		stop := p.Play(ToneSource(700), true, nil)
		time.Sleep(10 * time.Second)
		caller.hears(t, 700)
		stop()
		time.Sleep(100 * time.Millisecond)
		n := caller.Stats().In.Packets
		if n < 499 || n > 502 {
			t.Errorf("%d packets in 10 s", n)
		}
		time.Sleep(time.Second)
		if again := caller.Stats().In.Packets; again != n {
			t.Errorf("%d packets after stop", again-n)
		}
	})
}

// The page is reloaded in the middle of a call: another transport, the same stream.
func TestTransportIsReplacedInMidCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, alice := newLine(t, m, muLaw, 440)
		b, bob := newLine(t, m, muLaw, 880)
		Connect(a, b)
		time.Sleep(2 * time.Second)
		near, page := Pipe()
		a.SetTransport(near)
		reloaded := NewPort(page, muLaw, PortOptions{Metronome: m, Hear: alice.ear.Hear})
		defer reloaded.Close()
		reloaded.Play(ToneSource(500), true, nil)
		time.Sleep(2 * time.Second)
		bob.hears(t, 500)
		alice.hears(t, 880)
		if lost := bob.Stats().In.Lost; lost != 0 {
			t.Errorf("bob lost %d packets", lost)
		}
		if before, after := alice.in.ssrc, reloaded.in.ssrc; before != after {
			t.Errorf("the stream to the page changed its SSRC from %x to %x", before, after)
		}
	})
}

func TestMediaLostAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		ours, theirs := Pipe()
		p := &person{}
		p.Port = NewPort(ours, muLaw, PortOptions{Metronome: m, Events: p.events()})
		phone := NewPort(theirs, muLaw, PortOptions{Metronome: m})
		defer p.Close()
		defer phone.Close()
		assert := func(lost, back int, when string) {
			t.Helper()
			if _, l, b := p.told(); l != lost || b != back {
				t.Errorf("%s: lost %d back %d, want %d %d", when, l, b, lost, back)
			}
		}
		time.Sleep(20 * time.Second)
		assert(0, 0, "nothing was expected while it rang")
		stop := phone.Play(ToneSource(440), true, nil)
		time.Sleep(10 * time.Second)
		stop()
		time.Sleep(2 * time.Second)
		assert(0, 0, "2 s of silence")
		time.Sleep(time.Second)
		assert(1, 0, "3 s of silence")
		stop = phone.Play(ToneSource(440), true, nil)
		time.Sleep(300 * time.Millisecond)
		assert(1, 1, "300 ms after the return")
		p.Expect(false)
		stop()
		time.Sleep(time.Minute)
		assert(1, 1, "on hold")
		p.Expect(true)
		time.Sleep(3 * time.Second)
		assert(2, 1, "taken off hold, but nothing comes")
	})
}

func TestPortPrintsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		a, _ := newLine(t, m, muLaw, 0)
		b, _ := newLine(t, m, aLaw, 0)
		Connect(a, b)
		a.Mute(true)
		a.Play(Beep(), true, nil)
		got := a.String()
		for _, want := range []string{"near pipe PCMU+dtmf/101", "<- near", "-> near PCMA", "muted", "playing beep (400ms) in a loop"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q lacks %q", got, want)
			}
		}
	})
}

// A gateway with silence suppression sends a silence descriptor, and then nothing until somebody speaks.
func TestComfortNoiseIsNoLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := Pipe()
		p := &person{}
		p.Port = NewPort(ours, muLaw, PortOptions{Events: p.events()})
		defer p.Close()
		send := func(seq uint16, pt byte) {
			b := rtpPacket(seq, 7)
			b[1] = pt
			if _, err := theirs.WriteRTP(b); err != nil {
				t.Fatal(err)
			}
		}
		send(1, 0)
		send(2, comfortNoise)
		time.Sleep(time.Minute)
		if _, lost, _ := p.told(); lost != 0 {
			t.Errorf("%d losses while the far end was silent on purpose", lost)
		}
		send(3, 0)
		time.Sleep(3 * time.Second)
		if _, lost, _ := p.told(); lost != 1 {
			t.Errorf("%d losses after sound that stopped", lost)
		}
		if s := p.Stats(); s.Refused != 0 || s.In.Lost != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestEchoIsHeardHalfASecondLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		ours, theirs := Pipe()
		echo := NewEcho()
		p := NewPort(ours, aLaw, PortOptions{Metronome: m, Hear: echo.Hear})
		defer p.Close()
		p.Play(echo, true, nil)
		page := &person{ear: NewEar(time.Minute)}
		page.Port = NewPort(theirs, aLaw, PortOptions{Metronome: m, Hear: page.ear.Hear})
		defer page.Close()
		page.Play(Tone(440, time.Second), false, nil)
		time.Sleep(3 * time.Second)
		pcm := page.ear.PCM()
		for _, part := range []struct {
			from, to float64
			hz       float64
		}{{0, 0.48, 0}, {0.6, 1.4, 440}, {1.7, 2.9, 0}} {
			sounds(t, "echo", seconds(pcm, part.from, part.to), part.hz)
		}
	})
}
