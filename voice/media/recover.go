package media

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Left is a recording that an earlier process left behind.
type Left struct {
	ID       string
	Codec    Codec
	Start    time.Time
	Duration time.Duration // up to the crash
}

// Recover finishes the recordings that an earlier process was killed over and lists them, together with those that were
// finished and not yet removed. Each can be encoded now. Files that are no recordings are told as alarms and left alone.
func (s *Spool) Recover() ([]Left, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("media: recover: %w", err)
	}
	var found []Left
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, recTemp) {
			_ = os.Remove(filepath.Join(s.dir, name)) // half an MP3; it is made anew
			continue
		}
		left, ok, err := s.recoverFile(name)
		if err != nil {
			s.opts.Alarm(AlarmDisk, fmt.Errorf("recover %s: %w", name, err))
		}
		if ok {
			found = append(found, left)
		}
	}
	return found, nil
}

func (s *Spool) recoverFile(name string) (left Left, ok bool, err error) {
	id, unfinished := strings.CutSuffix(name, recPart)
	if !unfinished {
		if id, ok = strings.CutSuffix(name, recWAV); !ok {
			return left, false, nil
		}
	}
	if s.recorded(id) != nil {
		return left, false, nil
	}
	f, err := os.OpenFile(filepath.Join(s.dir, name), os.O_RDWR, 0) //nolint:gosec // G304: a name the folder itself listed
	if err != nil {
		return left, false, err
	}
	meta, codec, length, err := readRecording(f)
	if err != nil {
		return left, false, errors.Join(err, f.Close())
	}
	left = Left{ID: id, Codec: codec, Start: meta.Start, Duration: duration(length)}
	if !unfinished {
		return left, true, f.Close()
	}
	rf := recordingFile{file: f, meta: meta, codec: codec, written: length}
	if err := rf.finish(length); err != nil {
		return left, false, err
	}
	return left, true, os.Rename(s.path(id, recPart), s.path(id, recWAV))
}

// readRecording reads a recording's header and how many samples the file holds.
func readRecording(f *os.File) (meta recMeta, c Codec, length int64, err error) {
	header := make([]byte, recHeaderLen)
	if _, err := io.ReadFull(f, header); err != nil {
		return meta, 0, 0, fmt.Errorf("%w: %w", errRecHeader, err)
	}
	if meta, c, err = parseRecHeader(header); err != nil {
		return meta, 0, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return meta, 0, 0, err
	}
	size := int64(binary.LittleEndian.Uint32(header[recHeaderLen-4:])) // without a padding byte, or unknown
	length = min(info.Size()-recHeaderLen, size)
	return meta, c, length, nil
}

func (s *Spool) recorded(id string) *Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active[id]
}

// Encoded is a finished recording.
type Encoded struct {
	Path     string        // the MP3; the WAV when there is no encoder, or it failed
	Duration time.Duration // talk time
	Broken   bool          // parts could not be written and are silent
}

// Encode makes the MP3 of a stopped recording, waiting for its file to be finished. When the encoder fails, the alarm sounds
// and Path is the WAV, which plays as well. Encoding what is encoded already does nothing. The WAV stays until Remove.
func (s *Spool) Encode(ctx context.Context, id string) (Encoded, error) {
	if !validID(id) {
		return Encoded{}, fmt.Errorf("%w: %q", ErrRecordingID, id)
	}
	if r := s.recorded(id); r != nil {
		select {
		case <-r.Done():
		case <-ctx.Done():
			return Encoded{}, ctx.Err()
		}
	}
	f, err := os.Open(s.path(id, recWAV))
	if err != nil {
		return Encoded{}, fmt.Errorf("media: encode %s: %w", id, err)
	}
	defer func() { _ = f.Close() }() // only read
	meta, codec, length, err := readRecording(f)
	if err != nil {
		return Encoded{}, fmt.Errorf("media: encode %s: %w", id, err)
	}
	out := Encoded{Path: s.path(id, recWAV), Duration: duration(length), Broken: meta.Broken}
	if s.opts.Encoder == nil {
		return out, nil
	}
	if _, err := os.Stat(s.path(id, recMP3)); err == nil {
		out.Path = s.path(id, recMP3)
		return out, nil
	}
	if err := s.encodeFile(ctx, id, f, codec, length); err != nil {
		s.opts.Alarm(AlarmEncoder, fmt.Errorf("recording %s: %w", id, err))
		return out, fmt.Errorf("media: encode %s: %w", id, err)
	}
	out.Path = s.path(id, recMP3)
	return out, nil
}

// encodeFile writes the MP3 under a temporary name, so that a file with the real one is always whole.
func (s *Spool) encodeFile(ctx context.Context, id string, g711 io.Reader, c Codec, length int64) error {
	temp := s.path(id, recTemp)
	out, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // G304: validID keeps it in the folder
	if err != nil {
		return err
	}
	err = s.opts.Encoder.Encode(ctx, out, g711, c, length)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		_ = os.Remove(temp) // of no use
		return err
	}
	return os.Rename(temp, s.path(id, recMP3))
}

// Remove deletes a finished recording, once it is kept elsewhere.
func (s *Spool) Remove(id string) error {
	if !validID(id) || s.recorded(id) != nil {
		return fmt.Errorf("%w: %q", ErrRecordingID, id)
	}
	var errs []error
	for _, stage := range []string{recWAV, recMP3} {
		if err := os.Remove(s.path(id, stage)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
