package e2e

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"openseat/sim/carrier"
	"openseat/voice/media"
)

// Everybody sings a tone of his own: who hears it hears him. The pitches lie between the notes of a piano, where there is none
// of the music that callers hear. ears.js knows the same.
const (
	customerTone = 570
	agentTone    = 854 // Alice, and whoever is the only agent
	bobTone      = 1282
	carolTone    = 1614
	daveTone     = 2034
	outsideTone  = 718 // a third party outside
	mobileTone   = 2154
	deskTone     = 1522 // a SIP phone on an agent's desk
)

// chord is who is heard, as pitches from low to high; other sounds are "?", silence is empty.
type chord string

const (
	silence chord = ""
	others  chord = "?" // music, ringing, prompts
)

// voices is a chord of these people.
func voices(hz ...int) chord {
	slices.Sort(hz)
	var names []string
	for _, p := range hz {
		names = append(names, strconv.Itoa(p))
	}
	return chord(strings.Join(names, "+"))
}

// The spectrum is looked at in steps of resolution, from and up to what a telephone line carries.
const (
	resolution = 4
	lowest     = 200
	highest    = 3600
	audible    = 40       // a tone's least amplitude
	faintest   = 1.0 / 18 // of the loudest tone: 25 dB below
)

// listen tells who is heard in pcm: the peaks of its spectrum, as pitches.
func listen(pcm []int16) chord {
	spectrum := amplitudes(pcm)
	loudest := slices.Max(spectrum)
	heard := map[string]bool{}
	for i := 1; i+1 < len(spectrum); i++ {
		a, b, c := spectrum[i-1], spectrum[i], spectrum[i+1]
		if b < audible || b < loudest*faintest || b < a || b <= c {
			continue
		}
		hz := lowest + resolution*(float64(i)+(a-c)/(2*(a-2*b+c)))
		heard[nameOf(hz)] = true
	}
	var names []string
	for name := range heard {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return chord(strings.Join(names, "+"))
}

func nameOf(hz float64) string {
	for _, p := range []int{customerTone, agentTone, bobTone, carolTone, daveTone, outsideTone, mobileTone, deskTone} {
		if math.Abs(hz-float64(p)) < 6 {
			return strconv.Itoa(p)
		}
	}
	return string(others)
}

// amplitudes is the spectrum of pcm under a Hann window.
func amplitudes(pcm []int16) []float64 {
	n := len(pcm)
	window := make([]float64, n)
	for i, s := range pcm {
		window[i] = float64(s) * (1 - math.Cos(2*math.Pi*float64(i)/float64(n)))
	}
	var all []float64
	for hz := lowest; hz <= highest; hz += resolution {
		all = append(all, goertzel(window, float64(hz))*2/float64(max(n, 1)))
	}
	return all
}

// goertzel is how much of a frequency there is.
func goertzel(x []float64, hz float64) float64 {
	w := 2 * math.Pi * hz / media.SampleRate
	k := 2 * math.Cos(w)
	var a, b float64
	for _, v := range x {
		a, b = v+k*a-b, a
	}
	return math.Sqrt(max(a*a+b*b-k*a*b, 0))
}

// TestListen hears who sings, alone and together, and is not deceived by music.
func TestListen(t *testing.T) {
	t.Parallel()
	sum := func(parts ...[]int16) []int16 {
		all := make([]int16, 2400)
		for _, p := range parts {
			for i := range all {
				all[i] += p[i%len(p)] / 2
			}
		}
		return media.PCMA.Decode(nil, media.PCMA.Encode(nil, all))
	}
	tone := func(hz float64) []int16 { return media.ToneSource(hz).PCM() }
	for _, story := range []struct {
		what string
		pcm  []int16
		want chord
	}{
		{"nobody", make([]int16, 2400), silence},
		{"the customer", sum(tone(customerTone)), voices(customerTone)},
		{"two agents", sum(tone(agentTone), tone(bobTone)), voices(agentTone, bobTone)},
		{"three of them", sum(tone(customerTone), tone(carolTone), tone(agentTone)), voices(customerTone, agentTone, carolTone)},
		{"a stranger", sum(tone(1000)), others},
		{"Bob and a stranger", sum(tone(1000), tone(bobTone)), others + "+" + voices(bobTone)},
	} {
		if got := listen(story.pcm); got != story.want {
			t.Errorf("%s: heard %q, wanted %q", story.what, got, story.want)
		}
	}
	music := media.Music().PCM()
	for from := 0; from+2400 <= len(music); from += 2400 {
		if got := listen(music[from : from+2400]); got != others && got != silence {
			t.Errorf("in the music at %d: %q", from, got)
		}
	}
}

// ear is whatever hears: a SIP leg, a telephone, an agent's page.
type ear interface {
	// awaitChord waits until exactly this has been heard for a moment.
	awaitChord(ctx context.Context, want chord) error
}

// sipEar is a leg at the carrier.
type sipEar struct{ *carrier.Call }

func (e sipEar) awaitChord(ctx context.Context, want chord) error {
	e.Forget()
	return awaitChord(ctx, want, e.Heard)
}

// awaitChord waits until the newest moment of what is heard is a chord. Who is sent nothing hears silence.
func awaitChord(ctx context.Context, want chord, heard func() []int16) error {
	var last chord
	grown, length := time.Now(), 0
	err := await(ctx, stepTime, func() bool {
		pcm := heard()
		if len(pcm) != length {
			grown, length = time.Now(), len(pcm)
		}
		const enough = media.SampleRate * 3 / 10
		switch {
		case time.Since(grown) > moment:
			last = silence
		case len(pcm) < enough:
			return false
		default:
			last = listen(pcm[len(pcm)-enough:])
		}
		return last == want
	})
	if err != nil {
		return fmt.Errorf("hears %q instead of %q", last, want)
	}
	return nil
}

// pageEar is what an agent's page plays.
type pageEar struct{ *desk }

func (e pageEar) awaitChord(ctx context.Context, want chord) error {
	code := fmt.Sprintf(`(() => {
		const s = window.sounds.at(-1)
		if (%q === "") return !s || s.heard === "" && s.to - s.from >= 300 || Date.now() - s.to > 400
		return s && s.heard === %[1]q && s.to - s.from >= 300 && Date.now() - s.to < 400
	})()`, string(want))
	if err := e.tryWait(ctx, code); err != nil {
		var last any
		e.eval(`window.sounds.slice(-5)`, &last)
		return fmt.Errorf("hears not %q; the last of it: %v", want, last)
	}
	return nil
}

// tryWait waits as long as ctx until a JavaScript expression is true.
func (p *tab) tryWait(ctx context.Context, code string) error {
	left := stepTime
	if end, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(end))
	}
	return p.b.ask("wait", map[string]any{"page": p.name, "code": code, "timeout": max(left.Milliseconds(), 1)}, nil)
}
