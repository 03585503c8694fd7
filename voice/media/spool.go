package media

import (
	"context"
	"time"
)

// SpoolOptions are the choices of a Spool.
type SpoolOptions struct {
	Encoder *Encoder                     // nil leaves recordings as WAV
	Alarm   func(kind string, err error) // told of disk and encoder trouble; must not block
}

// Spool is the folder recordings are written to while they last.
type Spool struct {
	dir  string
	opts SpoolOptions
}

// Recording is one participant's voice being recorded.
type Recording struct {
	id    string
	start time.Time
}

// Encoded is a finished recording.
type Encoded struct {
	Path     string        // an MP3; when encoding failed, the WAV that is there
	Duration time.Duration // talk time
	Broken   bool          // parts could not be written and are silent
}

// Left is a recording found by Recover.
type Left struct {
	ID       string
	Codec    Codec
	Start    time.Time
	Duration time.Duration
}

// OpenSpool opens, and makes if needed, a spool folder.
func OpenSpool(dir string, opts SpoolOptions) (*Spool, error) {
	return &Spool{dir: dir, opts: opts}, nil
}

// Start begins a recording named id.
func (s *Spool) Start(id string, c Codec) (*Recording, error) { return &Recording{}, nil }

// Recover finishes what an earlier process left and lists it.
func (s *Spool) Recover() ([]Left, error) { return nil, nil }

// Encode makes the MP3 of a stopped recording.
func (s *Spool) Encode(ctx context.Context, id string) (Encoded, error) { return Encoded{}, nil }

// Remove deletes what is there of a recording.
func (s *Spool) Remove(id string) error { return nil }

// Close stops and finishes what is still recorded.
func (s *Spool) Close() error { return nil }

// Stop ends the recording; it does not wait for the disk.
func (r *Recording) Stop() {}

// Duration is how long the recording lasts, or lasted.
func (r *Recording) Duration() time.Duration { return 0 }

func (r *Recording) hear(at time.Duration, ssrc, ts uint32, c Codec, sound []byte) {}

// Encoder makes MP3.
type Encoder struct{}

// NewEncoder compiles LAME; wasm nil means the embedded one.
func NewEncoder(ctx context.Context, wasm []byte) (*Encoder, error) { return &Encoder{}, nil }

// Close frees it.
func (e *Encoder) Close(ctx context.Context) error { return nil }
