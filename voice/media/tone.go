package media

import (
	"fmt"
	"math"
	"time"
)

// toneLevel is the peak of one generated tone: -12 dB below full scale, comfortable in an ear.
const toneLevel = 8192

// fade is how softly generated tones begin and end, so that they do not click.
const fade = 5 * time.Millisecond

// Tone is a sine of d.
func Tone(hz float64, d time.Duration) *Clip {
	pcm := make([]int16, samples(d))
	addSine(pcm, hz, toneLevel)
	soften(pcm)
	return NewClip(fmt.Sprintf("tone %g Hz", hz), pcm)
}

// ToneSource is a sine that can be looped without a seam: what a simulated person says. hz is rounded to a multiple of 2.
func ToneSource(hz float64) *Clip {
	pcm := make([]int16, SampleRate/2)
	addSine(pcm, math.Round(hz/2)*2, toneLevel)
	return NewClip(fmt.Sprintf("tone %g Hz", hz), pcm)
}

// Beep is the short tone after which a voicemail is spoken.
func Beep() *Clip {
	c := Tone(1000, 400*time.Millisecond)
	c.name = "beep"
	return c
}

// Quiet is silence of d.
func Quiet(d time.Duration) *Clip { return NewClip("silence", make([]int16, samples(d))) }

// keyClip is a key as its two tones (ITU-T Q.23): 100 ms of sound, 60 ms of silence.
func keyClip(key byte) *Clip {
	low, high := keyTones(eventOf(key))
	pcm := make([]int16, keyFrames*FrameSamples)
	tone := pcm[:keyToneFrames*FrameSamples]
	addSine(tone, low, toneLevel)
	addSine(tone, high, toneLevel)
	soften(tone)
	return NewClip("key "+string(key), pcm)
}

func addSine(pcm []int16, hz, level float64) {
	for i := range pcm {
		pcm[i] += int16(level * math.Sin(2*math.Pi*hz*float64(i)/SampleRate))
	}
}

func soften(pcm []int16) {
	n := min(int(samples(fade)), len(pcm)/2)
	for i := range n {
		gain := float64(i) / float64(n)
		pcm[i] = int16(float64(pcm[i]) * gain)
		last := len(pcm) - 1 - i
		pcm[last] = int16(float64(pcm[last]) * gain)
	}
}
