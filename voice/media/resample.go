package media

import "math"

// The low-pass of the resampler: a sinc under a Kaiser window, tabulated.
const (
	sincLobes     = 24     // on each side; the transition is about 8 % of the band
	sincSteps     = 256    // table entries a lobe
	sincBeta      = 8.0    // of the Kaiser window: about -80 dB beyond the band
	sincPassShare = 0.9375 // of the lower Nyquist frequency that is kept
)

// resample converts pcm from another sample rate to ours without aliasing.
func resample(pcm []int16, from int) []int16 {
	const to = SampleRate
	if from == to {
		return pcm
	}
	table := sincTable()
	cutoff := sincPassShare * min(1, float64(to)/float64(from)) // in input samples
	reach := sincLobes / cutoff
	out := make([]int16, int64(len(pcm))*int64(to)/int64(from))
	for i := range out {
		center := float64(i) * float64(from) / float64(to)
		sum := 0.0
		for k := max(int(math.Ceil(center-reach)), 0); k <= min(int(center+reach), len(pcm)-1); k++ {
			sum += float64(pcm[k]) * lookup(table, math.Abs(center-float64(k))*cutoff)
		}
		out[i] = clip16(sum * cutoff)
	}
	return out
}

// lookup interpolates the table at x lobes from the centre.
func lookup(table []float64, x float64) float64 {
	position := x * sincSteps
	i := int(position)
	if i >= len(table)-1 {
		return 0
	}
	return table[i] + (table[i+1]-table[i])*(position-float64(i))
}

func sincTable() []float64 {
	table, top := make([]float64, sincLobes*sincSteps+1), bessel0(sincBeta)
	for i := range table {
		x := float64(i) / sincSteps
		sinc := 1.0
		if i > 0 {
			sinc = math.Sin(math.Pi*x) / (math.Pi * x)
		}
		edge := x / sincLobes
		table[i] = sinc * bessel0(sincBeta*math.Sqrt(1-edge*edge)) / top
	}
	return table
}

// bessel0 is the modified Bessel function of the first kind and order 0.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func clip16(v float64) int16 {
	return int16(math.Round(min(max(v, math.MinInt16), math.MaxInt16)))
}
