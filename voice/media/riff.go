package media

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The format tags of a WAV file that are understood.
const (
	wavPCM        = 1
	wavALaw       = 6
	wavMuLaw      = 7
	wavExtensible = 0xFFFE
)

// ErrWAV says that a sound file is not one this package can play.
var ErrWAV = errors.New("media: not a WAV file of PCM 16 bit, A-law or mu-law")

// The longest sound file that is read.
const (
	MaxWAVSeconds = 15 * 60
	MaxWAVBytes   = 64 << 20
)

// wavFile is a WAV file taken apart.
type wavFile struct {
	tag      uint16
	channels int
	rate     int
	bits     int
	data     []byte
}

// parseWAV finds format and data of a RIFF file. A data chunk that is shorter than it says is taken as it is: that is what
// programs that write to a pipe produce.
func parseWAV(b []byte) (w wavFile, err error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return w, ErrWAV
	}
	for b = b[12:]; len(b) >= 8; {
		name, size := string(b[:4]), uint64(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		body := b[:min(size, uint64(len(b)))]
		switch name {
		case "fmt ":
			if err := w.parseFormat(body); err != nil {
				return w, err
			}
		case "data":
			w.data = body
			return w, w.check()
		}
		b = b[min(size+size%2, uint64(len(b))):] // chunks begin at even places
	}
	return w, fmt.Errorf("%w: no data", ErrWAV)
}

func (w *wavFile) parseFormat(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("%w: short format", ErrWAV)
	}
	w.tag = binary.LittleEndian.Uint16(b)
	w.channels = int(binary.LittleEndian.Uint16(b[2:]))
	w.rate = int(binary.LittleEndian.Uint32(b[4:]))
	w.bits = int(binary.LittleEndian.Uint16(b[14:]))
	if w.tag == wavExtensible && len(b) >= 26 {
		w.tag = binary.LittleEndian.Uint16(b[24:]) // a GUID that begins with the real tag
	}
	return nil
}

func (w *wavFile) check() error {
	sampleBits := map[uint16]int{wavPCM: 16, wavALaw: 8, wavMuLaw: 8}
	switch {
	case sampleBits[w.tag] == 0 || sampleBits[w.tag] != w.bits:
		return fmt.Errorf("%w: format %d with %d bits", ErrWAV, w.tag, w.bits)
	case w.channels < 1 || w.channels > 8:
		return fmt.Errorf("%w: %d channels", ErrWAV, w.channels)
	case w.rate < 4000 || w.rate > 192000:
		return fmt.Errorf("%w: %d samples a second", ErrWAV, w.rate)
	case len(w.data)/(w.channels*w.bits/8) > MaxWAVSeconds*w.rate:
		return fmt.Errorf("%w: longer than %d minutes", ErrWAV, MaxWAVSeconds/60)
	}
	return nil
}

// mono is the file's sound, all channels mixed to one.
func (w *wavFile) mono() []int16 {
	var all []int16
	switch w.tag {
	case wavALaw:
		all = PCMA.Decode(nil, w.data)
	case wavMuLaw:
		all = PCMU.Decode(nil, w.data)
	default:
		all = make([]int16, len(w.data)/2)
		for i := range all {
			all[i] = int16(binary.LittleEndian.Uint16(w.data[2*i:]))
		}
	}
	if w.channels == 1 {
		return all
	}
	mixed := make([]int16, len(all)/w.channels)
	for i := range mixed {
		sum := 0
		for _, s := range all[i*w.channels : (i+1)*w.channels] {
			sum += int(s)
		}
		mixed[i] = int16(sum / w.channels)
	}
	return mixed
}

// ReadWAV reads a WAV file (PCM 16 bit, A-law or mu-law; 4 to 192 kHz; up to 8 channels) as 8 kHz samples.
func ReadWAV(file []byte) (pcm []int16, err error) {
	if len(file) > MaxWAVBytes {
		return nil, fmt.Errorf("%w: more than %d MB", ErrWAV, MaxWAVBytes>>20)
	}
	w, err := parseWAV(file)
	if err != nil {
		return nil, err
	}
	return resample(w.mono(), w.rate), nil
}
