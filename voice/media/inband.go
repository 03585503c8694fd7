package media

import "math"

// The rows and columns of a keypad (ITU-T Q.23), and which key is where.
const (
	keypad     = "123A456B789C*0#D"
	toneBlock  = 160 // samples judged at once: 20 ms, so that two blocks fit into the shortest key (40 ms, ITU-T Q.24)
	toneGroups = 4
)

func rowHz(i int) float64    { return [toneGroups]float64{697, 770, 852, 941}[i] }
func columnHz(i int) float64 { return [toneGroups]float64{1209, 1336, 1477, 1633}[i] }

// keyTones are the two tones of a telephone-event.
func keyTones(event int) (low, high float64) {
	for i := range len(keypad) {
		if keypad[i] == keyNames[event] {
			return rowHz(i / toneGroups), columnHz(i % toneGroups)
		}
	}
	return 0, 0
}

// toneKeys finds keys in sound: two blocks in a row with the same pair of tones are a key, and it must go before it counts anew.
type toneKeys struct {
	block   [toneBlock]int16
	n       int
	pcm     []int16
	last    byte // heard in the newest block, 0 is none
	current byte // told, and not over yet
	absent  int
}

// listen looks for keys in a packet's sound and tells each once.
func (k *keyReader) listen(c Codec, sound []byte, tell func(byte)) {
	if k.inband == nil {
		k.inband = &toneKeys{}
	}
	t := k.inband
	t.pcm = c.Decode(t.pcm[:0], sound)
	for _, s := range t.pcm {
		t.block[t.n] = s
		if t.n++; t.n == toneBlock {
			t.n = 0
			if key := t.judge(pairOf(t.block[:])); key != 0 {
				tell(key)
			}
		}
	}
}

// judge takes what one block sounded like and returns a key when it has become certain.
func (t *toneKeys) judge(heard byte) (key byte) {
	switch {
	case heard == t.current && heard != 0:
		t.absent = 0
	case heard != 0 && heard == t.last:
		t.current, t.absent, key = heard, 0, heard
	default:
		if t.absent++; t.absent >= 2 {
			t.current = 0
		}
	}
	t.last = heard
	return key
}

// What a pair of tones must be like: loud enough, most of the sound, and not too different from each other (twist).
const (
	minTonePower = 4e4  // mean square of one tone: about -34 dBm0
	minToneShare = 0.75 // of the block's whole power
	maxTwist     = 8.0  // 9 dB
)

// pairOf is the key a block sounds like, 0 if none.
func pairOf(block []int16) byte {
	row, low := strongest(block, rowHz)
	column, high := strongest(block, columnHz)
	var total float64
	for _, s := range block {
		total += float64(s) * float64(s)
	}
	total /= float64(len(block))
	if low < minTonePower || high < minTonePower || low+high < minToneShare*total || low > maxTwist*high || high > maxTwist*low {
		return 0
	}
	return keypad[row*toneGroups+column]
}

func strongest(block []int16, hz func(int) float64) (index int, power float64) {
	for i := range toneGroups {
		if p := goertzel(block, hz(i)); p > power {
			index, power = i, p
		}
	}
	return index, power
}

// goertzel is the mean square of the part of block that sounds at hz.
func goertzel(block []int16, hz float64) float64 {
	c := 2 * math.Cos(2*math.Pi*hz/SampleRate)
	var s1, s2 float64
	for _, x := range block {
		s1, s2 = float64(x)+c*s1-s2, s1
	}
	n := float64(len(block))
	return 2 * (s1*s1 + s2*s2 - c*s1*s2) / (n * n)
}
