package media

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pitches are what the people of a Talk sing, each his own.
var pitches = map[string]float64{"c": 440, "a1": 620, "a2": 900, "m": 1240}

// room is a Talk and the people in it.
type room struct {
	Talk

	t     *testing.T
	ports map[string]*Port
	far   map[string]*person
}

// newRoom lets c, a1, a2 and m in; every other of them speaks the other law.
func newRoom(t *testing.T, singing ...string) *room {
	t.Helper()
	r := &room{t: t, ports: map[string]*Port{}, far: map[string]*person{}}
	m := NewMetronome()
	for i, name := range slices.Sorted(maps.Keys(pitches)) {
		f, hz := muLaw, 0.0
		if i%2 == 1 {
			f = aLaw
		}
		if len(singing) == 0 || slices.Contains(singing, name) {
			hz = pitches[name]
		}
		r.ports[name], r.far[name] = newLine(t, m, f, hz)
	}
	t.Cleanup(r.Close)
	return r
}

// table reads "a1: c m, c: a1" as who hears whom.
func table(who string) map[string][]string {
	hears := map[string][]string{}
	for line := range strings.SplitSeq(who, ",") {
		listener, speakers, _ := strings.Cut(line, ":")
		if listener = strings.TrimSpace(listener); listener != "" {
			hears[listener] = strings.Fields(speakers)
		}
	}
	return hears
}

func (r *room) arrange(who string) {
	hears := map[*Port][]*Port{}
	for listener, speakers := range table(who) {
		for _, s := range speakers {
			hears[r.ports[listener]] = append(hears[r.ports[listener]], r.ports[s])
		}
	}
	r.Arrange(hears)
}

// expect says that everybody has heard exactly these people since his ear forgot.
func (r *room) expect(who string) {
	r.t.Helper()
	hears := table(who)
	for name, p := range r.far {
		want := slices.Sorted(slices.Values(hears[name]))
		if got := p.voices(); !slices.Equal(got, want) {
			r.t.Errorf("%s hears %v, want %v", name, got, want)
		}
	}
}

func (r *room) forget() {
	for _, p := range r.far {
		p.ear.Forget()
	}
}

// voices names those whose pitch is in what a person heard.
func (p *person) voices() []string {
	var heard []string
	pcm := p.ear.PCM()
	for name, hz := range pitches {
		if len(pcm) > 0 && goertzel(pcm, hz) > 0.2*toneLevel*toneLevel/2 {
			heard = append(heard, name)
		}
	}
	slices.Sort(heard)
	return heard
}

// The shapes a call goes through: who hears whom 40 ms after each change, and that nobody's stream shows a break.
func TestWhoHearsWhom(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []string
	}{
		{"talk, then silence, then talk", []string{"c: a1, a1: c", "", "c: a1, a1: c"}},
		{"hold and consultation, three together, back to two", []string{"c: a1, a1: c", "a1: a2, a2: a1", "c: a1 a2, a1: c a2, a2: c a1", "c: a1, a1: c"}},
		{"listened to, whispered to, barged in, alone again", []string{
			"c: a1, a1: c", "c: a1, a1: c, m: c a1", "c: a1, a1: c m, m: c a1", "c: a1 m, a1: c m, m: c a1", "c: a1, a1: c",
		}},
		{"a monitor of one", []string{"m: a1", "m: c, a2: c, a1: c", "m: c a1"}},
		{"transferred", []string{"c: a1, a1: c", "a1: ", "c: a2, a2: c", "c: a2, a2: c, m: c a2"}},
		{"everybody", []string{"c: a1 a2 m, a1: c a2 m, a2: c a1 m, m: c a1 a2", "c: a1 a2, a1: c a2, a2: c a1", "a1: a2"}},
		{"an echo", []string{"c: c", "c: c, a1: c", ""}},
		{"one hears, nobody is heard back", []string{"a1: c", "a1: c a2", "a1: a2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				time.Sleep(100 * time.Millisecond)
				for _, step := range c.steps {
					r.arrange(step)
					time.Sleep(41 * time.Millisecond)
					r.forget()
					time.Sleep(200 * time.Millisecond)
					r.expect(step)
				}
				for name, p := range r.far {
					s := p.Stats()
					if s.In.Lost != 0 || s.In.Jitter > 8*time.Millisecond {
						t.Errorf("%s's stream: %+v", name, s.In)
					}
				}
			})
		})
	}
}

// One stream to each far end, whatever is heard through it: one SSRC, no number left out or used twice, time never back.
func TestAStreamGoesOnThroughAllChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		w := &tapWire{}
		near, far := Pipe()
		w.Transport = near
		r.ports["a1"].SetTransport(w)
		page := NewPort(far, muLaw, PortOptions{})
		defer page.Close()
		for i, step := range []string{"a1: c", "a1: c a2", "a1: c a2 m", "", "a1: m", "a1: c m", "a1: c"} {
			r.arrange(step)
			if i == 2 {
				if err := r.ports["a1"].SendDigits("5", nil); err != nil {
					t.Fatal(err)
				}
			}
			if step == "" {
				r.ports["a1"].Play(Tone(500, 300*time.Millisecond), false, nil)
			}
			time.Sleep(500*time.Millisecond + 7*time.Millisecond)
		}
		synctest.Wait()
		last := w.sent[0]
		for _, h := range w.sent[1:] {
			ahead := int32(h.ts - last.ts)
			if h.ssrc != last.ssrc || h.seq != last.seq+1 || ahead < 0 || ahead > 20*FrameSamples || ahead == 0 && h.pt != last.pt {
				t.Errorf("after %+v came %+v", last, h)
			}
			last = h
		}
		if n := len(w.sent); n < 160 {
			t.Errorf("%d packets in 3.5 s", n)
		}
	})
}

// tapWire remembers what is sent through a transport.
type tapWire struct {
	Transport

	wire
}

func (w *tapWire) ReadRTP(b []byte) (int, error) { return w.Transport.ReadRTP(b) }
func (w *tapWire) Close() error                  { return w.Transport.Close() }
func (w *tapWire) WriteRTP(b []byte) (int, error) {
	_, _ = w.wire.WriteRTP(b)
	return w.Transport.WriteRTP(b)
}

// Somebody joins two voices and leaves again: no step in the sound is greater than the voices' own.
func TestVoicesComeAndGoWithoutAClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.arrange("m: c a1, c: a2")
		time.Sleep(time.Second)
		r.forget()
		for range 5 {
			r.arrange("m: c a1 a2, c: a2")
			time.Sleep(133 * time.Millisecond)
			r.arrange("m: c a1, c: a2")
			time.Sleep(59 * time.Millisecond)
		}
		limit := 0.0
		for _, name := range []string{"c", "a1", "a2"} {
			limit += toneLevel * 2 * 3.1416 * pitches[name] / SampleRate
		}
		pcm := r.far["m"].ear.PCM()
		for i := 1; i < len(pcm); i++ {
			if step := int(pcm[i]) - int(pcm[i-1]); float64(max(step, -step)) > limit*1.15 {
				t.Errorf("a step of %d at sample %d, the voices make %.0f at most", step, i, limit)
			}
		}
	})
}

func TestLoudVoicesAreCutOffNotWrapped(t *testing.T) {
	for _, c := range []Codec{PCMU, PCMA} {
		var sum [FrameSamples]int32
		var b [FrameSamples]byte
		for i := range sum {
			sum[i] = 3 * 32000
			if i%2 == 1 {
				sum[i] = -3 * 32000
			}
		}
		c.encodeSum(&b, &sum)
		for i, s := range c.Decode(nil, b[:]) {
			if i%2 == 0 && s < 31000 || i%2 == 1 && s > -31000 {
				t.Fatalf("%v: sample %d became %d", c, i, s)
			}
		}
	}
}

func TestMutedPersonIsNotInTheMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.arrange("m: c a1 a2")
		r.ports["a1"].Mute(true)
		time.Sleep(100 * time.Millisecond)
		r.forget()
		time.Sleep(300 * time.Millisecond)
		r.expect("m: c a2")
		r.ports["a1"].Mute(false)
		time.Sleep(100 * time.Millisecond)
		r.forget()
		time.Sleep(300 * time.Millisecond)
		r.expect("m: c a1 a2")
	})
}

// A key of an agent's telephone reaches the customer in a three-way call; the customer's own stay with us.
func TestKeysInAMix(t *testing.T) {
	for _, shape := range []string{"c: a1 a2, a1: c a2, a2: c a1", "c: a1, a1: c"} {
		t.Run(shape, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				r.ports["c"].KeepKeys(true)
				r.arrange(shape)
				time.Sleep(500 * time.Millisecond)
				for name, keys := range map[string]string{"a1": "15#", "c": "99"} {
					if err := r.far[name].SendDigits(keys, nil); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(3 * time.Second)
				for name, want := range map[string]string{"c": "15#", "a1": ""} {
					if got, _, _ := r.far[name].told(); got != want {
						t.Errorf("%s got %q, want %q", name, got, want)
					}
				}
				r.expect(shape)
			})
		})
	}
}

// What one hears of a mix is recorded from who speaks, and changes nothing there.
func TestRecordingHearsOneVoiceOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		spool, _ := openSpool(t, SpoolOptions{})
		rec, err := spool.Start("a1", PCMA)
		if err != nil {
			t.Fatal(err)
		}
		r.ports["a1"].Record(rec)
		for _, shape := range []string{"c: a1, a1: c", "c: a1 a2, a1: c a2, a2: c a1", "", "m: a1 c"} {
			r.arrange(shape)
			time.Sleep(time.Second)
		}
		rec.Stop()
		pcm := recorded(t, spool, rec)
		if hz, purity := Detect(pcm); hz < 615 || hz > 625 || purity < 0.95 || len(pcm) != 4*SampleRate {
			t.Errorf("recorded %v of %.0f Hz, purity %.2f", duration(int64(len(pcm))), hz, purity)
		}
	})
}

// When nobody sends, a mix is not sent for long either; then it goes on as if time had just passed.
func TestAMixOfNobodyRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, "c")
		r.arrange("m: c a1")
		time.Sleep(time.Second)
		stop := r.far["c"].Play(ToneSource(440), true, nil)
		time.Sleep(time.Second)
		stop()
		time.Sleep(2 * time.Second)
		before := r.far["m"].Stats().In.Packets
		time.Sleep(10 * time.Second)
		if after := r.far["m"].Stats().In.Packets; after != before {
			t.Errorf("%d packets of nobody", after-before)
		}
		defer r.far["c"].Play(ToneSource(440), true, nil)()
		time.Sleep(100 * time.Millisecond)
		r.forget()
		time.Sleep(time.Second)
		r.expect("m: c")
		if s := r.far["m"].Stats().In; s.Lost != 0 || s.Jitter > 8*time.Millisecond {
			t.Errorf("%+v", s)
		}
	})
}

func TestPlayingHidesAMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.arrange("m: c a1")
		time.Sleep(time.Second)
		stop := r.ports["m"].Play(ToneSource(1800), true, nil)
		time.Sleep(1100 * time.Millisecond)
		r.far["m"].hears(t, 1800)
		stop()
		time.Sleep(100 * time.Millisecond)
		r.forget()
		time.Sleep(time.Second)
		r.expect("m: c a1")
		r.arrange("")
		r.ports["m"].Play(ToneSource(1800), true, nil)
		time.Sleep(1100 * time.Millisecond)
		r.far["m"].hears(t, 1800)
		if lost := r.far["m"].Stats().In.Lost; lost != 0 {
			t.Errorf("%d lost where mix and music meet", lost)
		}
	})
}

// A mixer works only while somebody hears several, and its goroutine is the metronome's.
func TestAMixerEndsWithItsListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, "c")
		r.arrange("m: c a1, a2: c a1")
		if r.mixer == nil || len(r.mixer.taken) != 2 || len(r.mixer.mixes) != 2 {
			t.Fatalf("mixer %+v", r.mixer)
		}
		r.arrange("m: c a1, a2: c")
		if len(r.mixer.mixes) != 1 {
			t.Errorf("%d mixes for one listener", len(r.mixer.mixes))
		}
		mixer := r.mixer
		r.arrange("m: c, a2: c")
		time.Sleep(time.Second)
		if r.mixer != nil || mixer.shard != nil || len(mixer.mixes) != 0 {
			t.Errorf("mixer %+v", mixer)
		}
		r.ports["c"].Close()
		r.arrange("m: c a1, a2: c")
		time.Sleep(time.Second)
		r.forget()
		time.Sleep(100 * time.Millisecond)
		r.expect("")
	})
}

func TestMixPrintsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.arrange("c: a1, a1: c a2, m: a1, a2: a1 c")
		got := r.ports["a1"].String()
		for _, want := range []string{"<- mix of 2", "-> near", "-> mix of near"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q lacks %q", got, want)
			}
		}
	})
}

// The network mistreats a voice on its way into a mix.
func TestInlet(t *testing.T) {
	const frames = 100
	for _, c := range []struct {
		name string
		put  func(i int) []int // which packets come just before the i-th beat
		made int               // frames made up, at most
		late int               // frames it is behind at the end, at most
	}{
		{"in order", func(i int) []int { return []int{i} }, 0, 0},
		{"two at a time", func(i int) []int {
			if i%2 == 0 {
				return []int{i, i + 1}
			}
			return nil
		}, 0, 0},
		{"out of order", func(i int) []int { return []int{i ^ 1} }, 4, 2},
		{"doubled, the second time too late", func(i int) []int { return []int{i, max(i-3, 0)} }, 0, 0},
		{"every tenth lost", func(i int) []int {
			if i%10 == 9 {
				return nil
			}
			return []int{i}
		}, 11, 1},
		{"late by up to 60 ms", func(i int) []int {
			if i%4 == 3 {
				return []int{i, i - 1, i - 2, i - 3}
			}
			return nil
		}, 8, 4},
		{"a second of nothing, then all at once", func(i int) []int {
			switch {
			case i < 25:
				return []int{i}
			case i < 75:
				return nil
			case i == 75:
				burst := make([]int, 51)
				for k := range burst {
					burst[k] = 25 + k
				}
				return burst
			}
			return []int{i}
		}, 5, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, tone := newInlet(), PCMU.Encode(nil, ToneSource(400).PCM())
			var frame [FrameSamples]int16
			made, before := 0, 0
			for i := range frames {
				for _, n := range c.put(i) {
					at := n * FrameSamples
					in.put(1, uint32(at)-5000, PCMU, tone[at%4000:][:FrameSamples])
				}
				in.take(&frame)
				in.check(t)
				if in.made > before {
					made += in.made - before
				}
				before = in.made
			}
			if made > c.made {
				t.Errorf("%d frames were made up, want at most %d", made, c.made)
			}
			if waiting := int(in.tail-in.head) / FrameSamples; waiting > c.late {
				t.Errorf("%d frames wait at the end, want at most %d", waiting, c.late)
			}
		})
	}
}

// Delay that is not needed any more goes away, and a tone stays the tone it is.
func TestInletCatchesUp(t *testing.T) {
	in, tone := newInlet(), PCMA.Encode(nil, ToneSource(400).PCM())
	var frame [FrameSamples]int16
	var pcm []int16
	n := 0
	put := func() {
		at := n * FrameSamples % 4000
		in.put(1, uint32(n*FrameSamples), PCMA, tone[at:at+FrameSamples])
		n++
	}
	for range 4 {
		put()
	}
	for range 4 * inletWindow {
		put()
		in.take(&frame)
		pcm = append(pcm, frame[:]...)
	}
	if waiting := in.tail - in.head; waiting >= 2*FrameSamples {
		t.Errorf("%d samples still wait", waiting)
	}
	if hz, purity := Detect(pcm); hz < 395 || hz > 405 || purity < 0.97 {
		t.Errorf("%.0f Hz, purity %.3f", hz, purity)
	}
}
