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
	// lameDelay is how much silence LAME puts before the sound.
	lameDelay = 576
)

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
	out     io.WriteSeeker
	bytes   int64
	samples int64 // that went in
}

func (w *mp3Writer) reserveTag() error { return w.write(make([]byte, tagFrameBytes)) }

func (w *mp3Writer) write(b []byte) error {
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
	frames := (w.bytes - tagFrameBytes) / mp3FrameBytes
	padding := min(max(frames*mp3FrameSamples-lameDelay-w.samples, 0), 4095)
	be := binary.BigEndian
	b := make([]byte, tagAt, tagFrameBytes)
	be.PutUint32(b, tagHeader)
	b = append(b, "Info"...)
	b = be.AppendUint32(b, 7) // frames, bytes and table are there
	b = be.AppendUint32(b, uint32(frames))
	b = be.AppendUint32(b, uint32(w.bytes))
	for i := range 100 {
		b = append(b, byte(i*256/100)) // where each percent of the time is, in 256ths of the file
	}
	b = append(b, "LAME3.100"...)
	b = append(b, 0x01, 0x00) // constant rate; low-pass not told
	b = append(b, make([]byte, 8)...)
	b = append(b, 0x00, mp3BitRate)
	b = append(b, lameDelay>>4, byte(lameDelay&0x0F)<<4|byte(padding>>8), byte(padding))
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
