package media

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// flushEvery is how often what was recorded goes to the disk, and how much a crash costs at most.
const flushEvery = 350 * time.Millisecond

// retryEvery is how many flushes a full disk is left alone.
const retryEvery = 4

// The kinds of trouble a Spool tells of.
const (
	AlarmDisk    = "recording-disk"    // something could not be written; the recording has silence there
	AlarmSlow    = "recording-slow"    // the disk is too slow; the recording has silence there
	AlarmEncoder = "recording-encoder" // no MP3 could be made; the WAV is there
)

// The names of a recording's file in its three stages.
const (
	recPart = ".part"    // being recorded
	recWAV  = ".wav"     // finished, until Remove
	recMP3  = ".mp3"     // encoded, beside it
	recTemp = ".mp3.tmp" // being encoded
)

// SpoolOptions are the choices of a Spool.
type SpoolOptions struct {
	Encoder *Encoder                     // nil leaves recordings as WAV
	Alarm   func(kind string, err error) // told once per recording and kind of trouble; must not block; nil logs

	create func(path string) (file, error) // tests put a failing disk here
}

// Spool is the folder recordings are written to while they last. One process owns it.
type Spool struct {
	dir  string
	opts SpoolOptions

	mu      sync.Mutex
	active  map[string]*Recording
	running bool
	woken   chan struct{}
}

// ErrRecordingID says that a recording's name is not fit for a file, or taken.
var ErrRecordingID = errors.New("media: recording name is taken or not 1 to 100 letters, digits, '-', '_' and '.'")

// OpenSpool opens, and makes if needed, a spool folder.
func OpenSpool(dir string, opts SpoolOptions) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("media: spool: %w", err)
	}
	if opts.Alarm == nil {
		opts.Alarm = func(kind string, err error) { slog.Error("recording trouble", "kind", kind, "err", err) }
	}
	if opts.create == nil {
		opts.create = func(path string) (file, error) {
			return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // G304: validID keeps it in the folder
		}
	}
	return &Spool{dir: dir, opts: opts, active: map[string]*Recording{}, woken: make(chan struct{}, 1)}, nil
}

func (s *Spool) path(id, stage string) string { return filepath.Join(s.dir, id+stage) }

// Start begins a recording; c is the law it is kept in, best the one its port hears. A full disk is an error, and no reason
// to end a call.
func (s *Spool) Start(id string, c Codec) (*Recording, error) {
	if !validID(id) {
		return nil, fmt.Errorf("%w: %q", ErrRecordingID, id)
	}
	start := time.Now()
	f, err := createRecording(s.opts.create, s.path(id, recPart), recMeta{ID: id, Start: start}, c)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%w: %q", ErrRecordingID, id)
	}
	if err != nil {
		s.opts.Alarm(AlarmDisk, fmt.Errorf("start recording %s: %w", id, err))
		return nil, fmt.Errorf("media: start recording %s: %w", id, err)
	}
	r := &Recording{id: id, codec: c, start: start, spool: s, file: *f, done: make(chan struct{}), buf: make([]byte, 0, pendingRoom)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active[id] = r
	if !s.running {
		s.running = true
		go s.write()
	}
	return r, nil
}

// validID keeps names to what every file system and URL takes.
func validID(id string) bool {
	if id == "" || len(id) > 100 || id[0] == '.' {
		return false
	}
	return !slices.ContainsFunc([]byte(id), func(c byte) bool {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		return !letter && c != '-' && c != '_' && c != '.'
	})
}

// wake lets the writing goroutine work at once.
func (s *Spool) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// write is the writing goroutine; it lives while anything is recorded.
func (s *Spool) write() {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	spare := make([]byte, 0, pendingRoom)
	for round := 0; s.busy(); round++ {
		select {
		case <-ticker.C:
		case <-s.woken:
		}
		for _, r := range s.recordings() {
			spare = s.flush(r, spare, round)
		}
	}
}

// busy says whether anything is recorded; when it is not, the writing goroutine must end.
func (s *Spool) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = len(s.active) > 0
	return s.running
}

func (s *Spool) recordings() []*Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.active))
}

// flush writes what is pending of r, and finishes it if it was stopped. It returns the next recording's spare buffer.
func (s *Spool) flush(r *Recording, spare []byte, round int) []byte {
	sound, from, ended, total := r.take(spare)
	if !r.file.failing || ended || round%retryEvery == 0 {
		s.note(r, r.file.write(sound, from))
	}
	if ended {
		s.finish(r, total)
	}
	if cap(sound) > pendingRoom { // grown while the disk was slow
		return make([]byte, 0, pendingRoom)
	}
	return sound
}

// note remembers that a disk fails, or does not any more; the alarm sounds once.
func (s *Spool) note(r *Recording, err error) {
	if err == nil {
		r.file.failing = false
		return
	}
	r.file.failing = true
	if !r.file.meta.Broken {
		r.file.meta.Broken = true
		s.opts.Alarm(AlarmDisk, fmt.Errorf("recording %s: %w", r.id, err))
	}
}

// finish closes a recording's file and gives it its next name.
func (s *Spool) finish(r *Recording, total int64) {
	if d := r.Dropped(); d > 0 {
		r.file.meta.Broken = true
		s.opts.Alarm(AlarmSlow, fmt.Errorf("recording %s lacks %v", r.id, d))
	}
	err := r.file.finish(total)
	err = errors.Join(err, os.Rename(s.path(r.id, recPart), s.path(r.id, recWAV)))
	if err != nil {
		s.note(r, err)
	}
	s.mu.Lock()
	delete(s.active, r.id)
	s.mu.Unlock()
	close(r.done)
}

// Close stops what is still recorded and waits until it is on disk.
func (s *Spool) Close() {
	for _, r := range s.recordings() {
		r.Stop()
		<-r.done
	}
}
