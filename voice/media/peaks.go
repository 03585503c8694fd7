package media

import (
	"bufio"
	"io"
	"os"
)

// peaksASecond is how finely a picture of a sound is drawn, and maxPeaks how long it may be.
const (
	peaksASecond = 20
	maxPeaks     = 4000
)

// peakStep is how many samples make one peak.
func peakStep(samples int64) int64 {
	return max(SampleRate/peaksASecond, (samples+maxPeaks-1)/maxPeaks)
}

// Peaks draws a finished recording's loudness: 0 to 100, 20 a second, or fewer for one so long that they would be more than 4000.
func (s *Spool) Peaks(id string) ([]byte, error) {
	f, err := os.Open(s.path(id, recWAV))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, codec, length, err := readRecording(f)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(recHeaderLen, io.SeekStart); err != nil {
		return nil, err
	}
	return drawPeaks(bufio.NewReader(io.LimitReader(f, length)), codec, length)
}

func drawPeaks(r io.Reader, c Codec, length int64) ([]byte, error) {
	part := make([]byte, peakStep(length))
	pcm := make([]int16, 0, len(part))
	peaks := make([]byte, 0, length/int64(len(part))+1)
	for {
		n, err := io.ReadFull(r, part)
		if n == 0 {
			if err == io.EOF {
				err = nil
			}
			return peaks, err
		}
		pcm = c.Decode(pcm[:0], part[:n])
		peaks = append(peaks, peakOf(pcm))
	}
}

// peakOf is the loudest sample, 0 to 100.
func peakOf(pcm []int16) byte {
	loudest := 0
	for _, s := range pcm {
		loudest = max(loudest, int(s), -int(s))
	}
	return byte(min(loudest*100/32768, 100))
}
