package bus

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// payloadLimit is the largest message of the embedded engine.
const payloadLimit = 8 << 20

// embed starts the engine in this process. It listens to nobody: connections are pipes.
func (b *Bus) embed() error {
	if b.opts.Dir == "" {
		return errors.New("the embedded engine needs a directory")
	}
	if err := os.MkdirAll(b.opts.Dir, 0o700); err != nil {
		return err
	}
	var err error
	if b.lock, err = lockDir(filepath.Join(b.opts.Dir, "lock")); err != nil {
		return err
	}
	engine, err := server.NewServer(&server.Options{
		ServerName: b.self, DontListen: true, JetStream: true, StoreDir: b.opts.Dir, SyncAlways: b.opts.SyncAlways,
		JetStreamMaxMemory: 256 << 20, MaxPayload: payloadLimit, NoSigs: true, DisableJetStreamBanner: true,
	})
	if err != nil {
		return fmt.Errorf("embedded engine: %w", err)
	}
	engine.SetLoggerV2(engineLog{b.log.With("part", "nats")}, false, false, false)
	b.engine = engine
	engine.Start()
	if !engine.ReadyForConnections(30 * time.Second) {
		return errors.New("the embedded engine does not get ready")
	}
	if !engine.JetStreamEnabled() {
		return errors.New("the embedded engine cannot use its directory")
	}
	return nil
}

// engineLog gives the engine's log to ours; its everyday news are details to us.
type engineLog struct{ log *slog.Logger }

func (l engineLog) Noticef(format string, v ...any) { l.log.Debug(line(format, v)) }
func (l engineLog) Debugf(format string, v ...any)  { l.log.Debug(line(format, v)) }
func (l engineLog) Tracef(format string, v ...any)  { l.log.Debug(line(format, v)) }
func (l engineLog) Warnf(format string, v ...any)   { l.log.Warn(line(format, v)) }
func (l engineLog) Errorf(format string, v ...any)  { l.log.Error(line(format, v)) }
func (l engineLog) Fatalf(format string, v ...any)  { l.log.Error(line(format, v)) }

func line(format string, v []any) string { return strings.TrimSpace(fmt.Sprintf(format, v...)) }
