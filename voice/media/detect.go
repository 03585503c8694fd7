package media

import (
	"math"
	"math/cmplx"
)

// detectWindow is how many samples are transformed at once: 128 ms, a spacing of 7.8 Hz.
const detectWindow = 1024

// Detect finds the dominant tone of pcm, and how pure it is: the tone's share of all the sound's power, 0 to 1. A clean tone
// has more than 0.95, two equal tones about 0.5, noise and silence next to nothing.
func Detect(pcm []int16) (hz, purity float64) {
	spectrum := powerSpectrum(pcm)
	peak, total := 0, 0.0
	for i, p := range spectrum {
		total += p
		if p > spectrum[peak] {
			peak = i
		}
	}
	if total == 0 {
		return 0, 0
	}
	share, moment := 0.0, 0.0
	for i := max(peak-2, 0); i <= min(peak+2, len(spectrum)-1); i++ { // a Hann window spreads a tone over five bins
		share += spectrum[i]
		moment += spectrum[i] * float64(i)
	}
	return moment / share * SampleRate / detectWindow, share / total
}

// audible is the mean square below which a window counts as silence (about -50 dBm0).
const audible = 1000

// powerSpectrum adds up the spectra of half-overlapping windows, leaving out silence.
func powerSpectrum(pcm []int16) []float64 {
	sum := make([]float64, detectWindow/2)
	buf := make([]complex128, detectWindow)
	for from := 0; from < len(pcm); from += detectWindow / 2 {
		part := pcm[from:min(from+detectWindow, len(pcm))]
		if from > 0 && len(part) < detectWindow {
			break
		}
		if !windowed(buf, part) {
			continue
		}
		fft(buf)
		for i := 3; i < len(sum); i++ { // below 24 Hz there is only offset
			sum[i] += real(buf[i])*real(buf[i]) + imag(buf[i])*imag(buf[i])
		}
	}
	return sum
}

func windowed(dst []complex128, pcm []int16) (audibly bool) {
	clear(dst)
	power := 0.0
	for i, s := range pcm {
		hann := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(pcm)))
		dst[i] = complex(float64(s)*hann, 0)
		power += float64(s) * float64(s)
	}
	return power > audible*float64(len(pcm))
}

// fft transforms a in place; its length is a power of two.
func fft(a []complex128) {
	n := len(a)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		if i < j {
			a[i], a[j] = a[j], a[i]
		}
	}
	for size := 2; size <= n; size <<= 1 {
		step := cmplx.Rect(1, -2*math.Pi/float64(size))
		for from := 0; from < n; from += size {
			w := complex(1, 0)
			for k := from; k < from+size/2; k++ {
				even, odd := a[k], a[k+size/2]*w
				a[k], a[k+size/2] = even+odd, even-odd
				w *= step
			}
		}
	}
}
