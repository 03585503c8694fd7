package media

import (
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// keyPacket is one telephone-event packet as a peer might send it.
func keyPacket(seq uint16, ts uint32, marker bool, key byte, end bool, dur uint16) []byte {
	b := make([]byte, rtpHeaderLen+keyEventLen)
	putRTP(b, 101, marker, seq, ts, 7)
	keyEvent{key: key, end: end, duration: dur}.put(b[rtpHeaderLen:])
	return b
}

func TestKeysAreToldOnce(t *testing.T) {
	five := func(seq uint16, ts uint32, key byte) [][]byte {
		return [][]byte{
			keyPacket(seq, ts, true, key, false, 160), keyPacket(seq+1, ts, false, key, false, 320),
			keyPacket(seq+2, ts, false, key, true, 480), keyPacket(seq+3, ts, false, key, true, 480), keyPacket(seq+4, ts, false, key, true, 480),
		}
	}
	long := [][]byte{keyPacket(1, 1000, true, '#', false, 0xFFFF), keyPacket(2, 1000+0xFFFF, false, '#', false, 160)}
	for _, c := range []struct {
		name    string
		packets [][]byte
		want    string
	}{
		{"one press", five(1, 1000, '5'), "5"},
		{"the same key twice", append(five(1, 1000, '5'), five(6, 3000, '5')...), "55"},
		{"only an end packet survived", five(1, 1000, '8')[4:], "8"},
		{"no marker anywhere", five(1, 1000, '8')[1:], "8"},
		{"an earlier key was overtaken", [][]byte{keyPacket(9, 5000, true, '1', false, 160), keyPacket(3, 1000, false, '2', true, 480), keyPacket(10, 5000, false, '1', true, 320)}, "1"},
		{"held for nine seconds", long, "#"},
		{"a timestamp from the past", append(append(five(1, 1000, '*'), five(6, 3000, 'D')...), five(11, 0xFFFFFFFF, '0')...), "*D"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var k keyReader
			var got []byte
			for _, b := range c.packets {
				h, _ := parseRTP(b)
				if d, fresh := k.event(h, b[h.start:h.end]); fresh {
					got = append(got, d)
				}
			}
			if string(got) != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

func TestKeysPassThroughABridge(t *testing.T) {
	noKeys := Format{Codec: PCMA}
	for _, c := range []struct {
		name string
		far  Format
		want string
	}{
		{"another payload type", aLaw, "15#"},
		{"none agreed: left out without a gap", noKeys, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMetronome()
				a, alice := newLine(t, m, muLaw, 440)
				b, bob := newLine(t, m, c.far, 880)
				Connect(a, b)
				time.Sleep(time.Second)
				if err := alice.SendDigits("15#", nil); err != nil {
					t.Fatal(err)
				}
				time.Sleep(3 * time.Second)
				if got, _, _ := bob.told(); got != c.want {
					t.Errorf("bob got %q, want %q", got, c.want)
				}
				if lost := bob.Stats().In.Lost; lost != 0 {
					t.Errorf("bob's stream shows %d lost", lost)
				}
				bob.hears(t, 440)
			})
		})
	}
}

func TestSendDigits(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Format
	}{{"telephone-event", muLaw}, {"tones in the sound", Format{Codec: PCMA}}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMetronome()
				ours, theirs := Pipe()
				carrier := &person{}
				carrier.Port = NewPort(theirs, c.f, PortOptions{Metronome: m, Inband: true, Events: carrier.events()})
				p := NewPort(ours, c.f, PortOptions{Metronome: m})
				defer carrier.Close()
				defer p.Close()
				began, done := time.Now(), make(chan time.Duration, 2)
				over := func() { done <- time.Since(began) }
				if err := p.SendDigits("0123456789", nil); err != nil {
					t.Fatal(err)
				}
				if err := p.SendDigits("*#abcd", over); err != nil {
					t.Fatal(err)
				}
				if took := <-done; took != 16*160*time.Millisecond {
					t.Errorf("16 keys took %v", took)
				}
				time.Sleep(time.Second)
				if got, _, _ := carrier.told(); got != "0123456789*#ABCD" {
					t.Errorf("the carrier got %q", got)
				}
			})
		})
	}
}

func TestSendDigitsRefusesNonsense(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		p, _ := newLine(t, m, muLaw, 0)
		for _, digits := range []string{"", "12x", "1 2", "你好", string(make([]byte, 100))} {
			if err := p.SendDigits(digits, nil); err == nil {
				t.Errorf("%q was taken for keys", digits)
			}
		}
		for range MaxDigits {
			if err := p.SendDigits("1", nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.SendDigits("1", nil); err == nil {
			t.Error("more keys wait than may")
		}
	})
}

// The seven packets of a key: marked once, one timestamp, growing duration, three ends (RFC 4733 section 2.5.1).
func TestKeyOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMetronome()
		ours, wire := Pipe()
		p := NewPort(ours, muLaw, PortOptions{Metronome: m})
		defer p.Close()
		if err := p.SendDigits("7", nil); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, maxPacket)
		durations := []uint16{160, 320, 480, 640, 800, 800, 800}
		var first rtpHeader
		for i, want := range durations {
			n, _ := wire.ReadRTP(buf)
			h, _ := parseRTP(buf[:n])
			if i == 0 {
				first = h
			}
			e, ok := parseKeyEvent(buf[h.start:h.end])
			if !ok || e.key != '7' || e.duration != want || e.end != (i >= 4) || h.marker != (i == 0) || h.ts != first.ts || h.seq != first.seq+uint16(i) || h.pt != 101 {
				t.Errorf("packet %d: %+v %+v", i, h, e)
			}
		}
	})
}

// Speech must not be taken for keys: a single tone, both tones of one group, and a glissando are none.
func TestSoundThatIsNoKey(t *testing.T) {
	glide := make([]int16, SampleRate)
	phase := 0.0
	for i := range glide {
		phase += 2 * math.Pi * (300 + float64(i)/4) / SampleRate
		glide[i] = int16(toneLevel * math.Sin(phase))
	}
	mix := func(hz ...float64) []int16 {
		pcm := make([]int16, SampleRate/2)
		for _, f := range hz {
			addSine(pcm, f, toneLevel/2)
		}
		return pcm
	}
	for name, pcm := range map[string][]int16{
		"one tone": mix(697), "two rows": mix(697, 941), "pair among others": mix(697, 1209, 400, 2000), "glide": glide, "silence": make([]int16, 4000),
	} {
		var k keyReader
		k.listen(PCMA, PCMA.Encode(nil, pcm), func(d byte) { t.Errorf("%s was taken for key %c", name, d) })
	}
}
