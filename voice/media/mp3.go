package media

import (
	"encoding/binary"
	"io"
)

// What we make is MPEG-2.5 layer III, mono, constant rate.
const (
	mp3BitRate      = 16 // kbit/s
	mp3FrameSamples = 576
	mp3FrameBytes   = 72 * mp3BitRate * 1000 / SampleRate
	encoderDelay    = 576 // samples of silence LAME puts before the sound
	decoderDelay    = 529 // and every decoder once more
)

// mp3Plan makes a file's length right for every kind of player. Encoding and decoding delay the sound by 1105 samples, 138 ms,
// so a file holding all of it is that much longer than the call. Careful players read the true length from the tag; simple
// ones count frames, and would be off by up to 210 ms. So the file gets as many frames as are at most 100 ms longer than the
// sound, and the delay is made up for by leaving out the first 38 to 72 ms, when a line has just been opened, and up to
// 38 ms of the last. What is heard is where it was in the call.
type mp3Plan struct {
	skip     int64 // samples left out at the beginning
	frames   int64
	startPad int64 // samples before the sound and behind it, as the tag tells them
	endPad   int64
}

const (
	mp3Excess    = SampleRate / 10 // how many samples longer than the sound the frames may be
	mp3MinFrames = 2               // players do not recognise a file with less
)

func planMP3(n int64) mp3Plan {
	frames := max((n+mp3Excess)/mp3FrameSamples, mp3MinFrames)
	excess := frames*mp3FrameSamples - n
	startPad := min(max(excess-decoderDelay, 0), encoderDelay)
	return mp3Plan{
		skip:     min(encoderDelay-startPad, n),
		frames:   frames,
		startPad: startPad,
		endPad:   excess - startPad,
	}
}

// The first frame of the file is silent to players that do not know it and an index to those that do: how many frames there
// are and how much silence encoding put around the sound, so that the length is right to the sample. It does not fit into a
// frame of 16 kbit/s, so it has 24, as LAME itself does it.
const (
	tagFrameBytes = 72 * 24 * 1000 / SampleRate
	tagHeader     = 0xFFE338C4 // sync, MPEG-2.5, layer III, no CRC, 24 kbit/s, 8 kHz, mono, original
	tagAt         = 4 + 9      // behind header and side information of a mono frame
)

// mp3Writer writes frames behind the tag, and the tag when all is known.
type mp3Writer struct {
	out   io.WriteSeeker
	plan  mp3Plan
	bytes int64
}

func (w *mp3Writer) size() int64 { return tagFrameBytes + w.plan.frames*mp3FrameBytes }

func (w *mp3Writer) reserveTag() error { return w.write(make([]byte, tagFrameBytes)) }

// write writes frames, as far as they are in the plan.
func (w *mp3Writer) write(b []byte) error {
	b = b[:min(int64(len(b)), w.size()-w.bytes)]
	n, err := w.out.Write(b)
	w.bytes += int64(n)
	return err
}

// writeTag puts the tag into the place kept for it.
func (w *mp3Writer) writeTag() error {
	if _, err := w.out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := w.out.Write(w.tag()); err != nil {
		return err
	}
	_, err := w.out.Seek(0, io.SeekEnd)
	return err
}

// tag is the Xing ("Info" for constant rates) header with LAME's extension.
func (w *mp3Writer) tag() []byte {
	start, end := w.plan.startPad, w.plan.endPad
	be := binary.BigEndian
	b := make([]byte, tagAt, tagFrameBytes)
	be.PutUint32(b, tagHeader)
	b = append(b, "Info"...)
	b = be.AppendUint32(b, 7) // frames, bytes and table are there
	b = be.AppendUint32(b, uint32(w.plan.frames))
	b = be.AppendUint32(b, uint32(w.bytes))
	for i := range 100 {
		b = append(b, byte(i*256/100)) // where each percent of the time is, in 256ths of the file
	}
	b = append(b, "LAME3.100"...)
	b = append(b, 0x01, 0x00) // constant rate; low-pass not told
	b = append(b, make([]byte, 8)...)
	b = append(b, 0x00, mp3BitRate)
	b = append(b, byte(start>>4), byte(start&0x0F)<<4|byte(end>>8), byte(end))
	b = append(b, 0x00, 0x00, 0x00, 0x00) // misc, gain, preset
	b = be.AppendUint32(b, uint32(w.bytes))
	b = be.AppendUint16(b, 0) // no CRC of the music: players do not look
	b = be.AppendUint16(b, crc16(b))
	return b[:tagFrameBytes]
}

// crc16 is the CRC of LAME's tag: polynomial 0x8005, reflected.
func crc16(b []byte) (crc uint16) {
	for _, v := range b {
		crc ^= uint16(v)
		for range 8 {
			odd := crc & 1
			crc >>= 1
			if odd != 0 {
				crc ^= 0xA001
			}
		}
	}
	return crc
}
