package media

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A recording's file is a WAV all the time, so that it can be played whatever happens: G.711 as it came, and beside it a
// chunk of our own that says whose it is. Its sizes are filled in at the end; until then they say "as long as the file".
const (
	recMetaLen   = 256
	recHeaderLen = 12 + 8 + 18 + 8 + recMetaLen + 8
	recMetaChunk = "osea"
	unknownSize  = 0xFFFFFFFF
)

// recMeta is the content of our chunk, padded with spaces.
type recMeta struct {
	ID     string    `json:"id"`
	Start  time.Time `json:"start"`
	Broken bool      `json:"broken,omitempty"`
}

var errRecHeader = errors.New("media: not the header of a recording")

func recHeader(meta recMeta, c Codec, size uint32) ([]byte, error) {
	text, err := json.Marshal(meta)
	if err != nil || len(text) > recMetaLen {
		return nil, fmt.Errorf("media: header of recording %q: %w", meta.ID, err)
	}
	tag := uint16(wavMuLaw)
	if c == PCMA {
		tag = wavALaw
	}
	le := binary.LittleEndian
	riff := uint32(unknownSize)
	if size != unknownSize {
		riff = recHeaderLen - 8 + size + size%2
	}
	b := make([]byte, 0, recHeaderLen)
	b = le.AppendUint32(append(b, "RIFF"...), riff)
	b = le.AppendUint32(append(b, "WAVEfmt "...), 18)
	b = le.AppendUint16(b, tag)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint32(b, SampleRate)
	b = le.AppendUint32(b, SampleRate)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, 8)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint32(append(b, recMetaChunk...), recMetaLen)
	b = fmt.Appendf(b, "%-*s", recMetaLen, text)
	b = le.AppendUint32(append(b, "data"...), size)
	return b, nil
}

func parseRecHeader(b []byte) (meta recMeta, c Codec, err error) {
	const metaAt = 12 + 8 + 18
	if len(b) < recHeaderLen || string(b[metaAt:metaAt+4]) != recMetaChunk {
		return meta, 0, errRecHeader
	}
	if err := json.Unmarshal(b[metaAt+8:metaAt+8+recMetaLen], &meta); err != nil {
		return meta, 0, fmt.Errorf("%w: %w", errRecHeader, err)
	}
	if binary.LittleEndian.Uint16(b[20:]) == wavALaw {
		c = PCMA
	}
	return meta, c, nil
}

// file is what a recording needs of an os.File.
type file interface {
	io.Writer
	io.WriterAt
	io.Closer
	Truncate(size int64) error
}

// recordingFile is a recording on disk.
type recordingFile struct {
	file
	meta    recMeta
	codec   Codec
	written int64 // samples
	failing bool
}

// createRecording makes the file and its header.
func createRecording(create func(string) (file, error), path string, meta recMeta, c Codec) (*recordingFile, error) {
	header, err := recHeader(meta, c, unknownSize)
	if err != nil {
		return nil, err
	}
	f, err := create(path)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(header); err != nil {
		_ = f.Close() // already failing
		_ = os.Remove(path)
		return nil, err
	}
	return &recordingFile{file: f, meta: meta, codec: c}, nil
}

// write puts sound at its sample, with silence up to it.
func (f *recordingFile) write(sound []byte, from int64) error {
	if err := f.pad(from); err != nil {
		return err
	}
	if late := f.written - from; late > 0 {
		sound = sound[min(late, int64(len(sound))):]
	}
	return f.add(sound)
}

// padChunk is how much silence is written at once.
const padChunk = 8 << 10

func (f *recordingFile) pad(to int64) error {
	if f.written >= to {
		return nil
	}
	quiet := make([]byte, min(to-f.written, padChunk))
	hush(f.codec, quiet)
	for f.written < to {
		if err := f.add(quiet[:min(int64(len(quiet)), to-f.written)]); err != nil {
			return err
		}
	}
	return nil
}

// add appends sound. What a full disk did not take is forgotten: the next write pads it with silence.
func (f *recordingFile) add(sound []byte) error {
	if len(sound) == 0 {
		return nil
	}
	n, err := f.WriteAt(sound, recHeaderLen+f.written)
	f.written += int64(max(n, 0))
	return err
}

// finish makes the file total samples long, fills in its sizes and closes it.
func (f *recordingFile) finish(total int64) error {
	padded := f.pad(total)
	if padded != nil {
		f.meta.Broken = true
	}
	length := min(f.written, total)
	if length < f.written || length%2 == 1 {
		padded = errors.Join(padded, f.Truncate(recHeaderLen+length+length%2))
	}
	header, err := recHeader(f.meta, f.codec, uint32(length))
	if err == nil {
		_, err = f.WriteAt(header, 0)
	}
	return errors.Join(padded, err, f.Close())
}
