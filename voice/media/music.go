package media

import "math"

// The piece: eight bars of four beats, 24 s, over which a soft pad, a broken chord and a little melody lie.
const (
	musicBars    = 8
	musicBeat    = SampleRate * 3 / 4
	musicSamples = musicBars * 4 * musicBeat
)

// musicChords are the bars' chords in semitones above middle C, root first: C, Am7, F, G, Em7, Am7, Dm7, Gsus-G.
func musicChords() [musicBars][4]int {
	return [musicBars][4]int{
		{-12, 0, 4, 7}, {-15, 0, 4, 7}, {-7, 0, 5, 9}, {-5, -1, 2, 7},
		{-8, -1, 4, 7}, {-15, 0, 4, 9}, {-10, 0, 5, 9}, {-5, 0, 2, 7},
	}
}

// musicMelody has two notes a bar, in semitones above middle C.
func musicMelody() [musicBars * 2]int {
	return [musicBars * 2]int{16, 12, 11, 9, 12, 14, 14, 11, 7, 11, 12, 16, 17, 14, 14, 12}
}

// Music is what callers hear while they wait: a piece written for OpenSeat, free for everybody, that can be looped without
// a seam. It takes a moment to make: make it once.
func Music() *Clip {
	mix := make([]float64, musicSamples)
	for bar, chord := range musicChords() {
		start := bar * 4 * musicBeat
		for _, note := range chord {
			addNote(mix, start, note, 5*musicBeat, 0.05, 0.35)
		}
		for eighth, step := range [8]int{0, 2, 3, 2, 1, 2, 3, 2} { // the broken chord
			addNote(mix, start+eighth*musicBeat/2, chord[step], 2*musicBeat, 0.10, 0.005)
		}
	}
	for i, note := range musicMelody() {
		addNote(mix, i*2*musicBeat, note, 3*musicBeat, 0.12, 0.02)
	}
	pcm := make([]int16, len(mix))
	for i, v := range mix {
		pcm[i] = int16(math.Tanh(v) * 14000) // gently limited, about -10 dB at most
	}
	return NewClip("music", pcm)
}

// addNote adds a plucked note that fades over length samples; what rings beyond the end rings at the beginning, since the
// piece is a loop.
func addNote(mix []float64, start, semitone, length int, gain, attack float64) {
	hz := 261.626 * math.Pow(2, float64(semitone)/12)
	w := 2 * math.Pi * hz / SampleRate
	for i := range length {
		t := float64(i) / SampleRate
		left := 1 - float64(i)/float64(length)
		envelope := min(t/attack, 1) * left * left
		phase := w * float64(i)
		v := math.Sin(phase) + 0.28*left*math.Sin(2*phase) + 0.10*left*left*math.Sin(3*phase)
		mix[(start+i)%len(mix)] += gain * envelope * v
	}
}
