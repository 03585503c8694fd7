package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/hajimehoshi/go-mp3"
)

// ErrSound says that a file is neither a WAV nor an MP3 that can be played.
var ErrSound = errors.New("media: neither a WAV file of PCM 16 bit, A-law or mu-law nor an MP3 file")

// ReadSound reads a WAV or MP3 file of any sample rate as 8 kHz samples.
func ReadSound(b []byte) (pcm []int16, err error) {
	if bytes.HasPrefix(b, []byte("RIFF")) {
		return ReadWAV(b)
	}
	return readMP3(b)
}

// leastMP3Rate is that of MPEG-1: the decoder gets some files of MPEG-2's lower rates wrong.
const leastMP3Rate = 32000

// readMP3 decodes an MP3 file. What its decoder stumbles over is the file's fault.
func readMP3(b []byte) (pcm []int16, err error) {
	defer func() {
		if wrong := recover(); wrong != nil {
			pcm, err = nil, fmt.Errorf("%w: %v", ErrSound, wrong)
		}
	}()
	d, err := mp3.NewDecoder(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSound, err)
	}
	if d.SampleRate() < leastMP3Rate {
		return nil, fmt.Errorf("%w: its rate is %d Hz, MP3 files must have 32, 44.1 or 48 kHz", ErrSound, d.SampleRate())
	}
	const frame = 4 // bytes: left and right
	most := int64(MaxWAVSeconds * d.SampleRate() * frame)
	raw, err := io.ReadAll(io.LimitReader(d, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrSound, err)
	case int64(len(raw)) > most:
		return nil, fmt.Errorf("%w: longer than %d seconds", ErrSound, MaxWAVSeconds)
	case len(raw) < frame:
		return nil, fmt.Errorf("%w: no sound in it", ErrSound)
	}
	pcm = make([]int16, len(raw)/frame)
	for i := range pcm {
		left, right := int16(binary.LittleEndian.Uint16(raw[frame*i:])), int16(binary.LittleEndian.Uint16(raw[frame*i+2:]))
		pcm[i] = int16((int(left) + int(right)) / 2)
	}
	return resample(pcm, d.SampleRate()), nil
}

// WAV is a file of 8 kHz samples, 16 bits each.
func WAV(pcm []int16) []byte {
	size := 2 * len(pcm)
	le := binary.LittleEndian
	b := make([]byte, 0, 44+size)
	b = le.AppendUint32(append(b, "RIFF"...), uint32(36+size))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, wavPCM)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint32(b, SampleRate)
	b = le.AppendUint32(b, 2*SampleRate)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 16)
	b = le.AppendUint32(append(b, "data"...), uint32(size))
	for _, s := range pcm {
		b = le.AppendUint16(b, uint16(s))
	}
	return b
}
