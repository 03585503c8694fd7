package bus

import (
	"context"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// pulled is how many messages are on the way to a reader.
const pulled = 512

// tail calls f with every message of the journal from seq on, in order and each once, until ctx ends or f fails. It outlives
// the engine's restarts.
func (b *Bus) tail(ctx context.Context, from uint64, f func(seq uint64, m jetstream.Msg) error) error {
	var stop error
	for try := 0; ctx.Err() == nil; try++ {
		err := b.tailOnce(ctx, from, func(seq uint64, m jetstream.Msg) error {
			try, from = 0, seq+1
			stop = f(seq, m)
			return stop
		})
		if stop != nil {
			return stop
		}
		if ctx.Err() == nil {
			b.log.Warn("reading the journal broke off, going on", "from", from, "err", err)
			pause(ctx, try)
		}
	}
	return ctx.Err()
}

func (b *Bus) tailOnce(ctx context.Context, from uint64, f func(seq uint64, m jetstream.Msg) error) error {
	c, err := b.journal.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(from, 1), InactiveThreshold: time.Minute,
	})
	if err != nil {
		return err
	}
	messages, err := c.Messages(jetstream.PullMaxMessages(pulled))
	if err != nil {
		return err
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err != nil {
			return err
		}
		if err := f(meta.Sequence.Stream, m); err != nil {
			return err
		}
	}
}

// matches reports whether a subject matches a pattern with the wildcards "*" (one word) and ">" (the rest).
func matches(pattern, subject string) bool {
	for {
		p, morePattern, pDot := strings.Cut(pattern, ".")
		s, moreSubject, sDot := strings.Cut(subject, ".")
		switch {
		case p == ">":
			return true
		case p != "*" && p != s:
			return false
		case !pDot || !sDot:
			return pDot == sDot
		}
		pattern, subject = morePattern, moreSubject
	}
}

// pause waits a little longer each time, up to half a minute, unless ctx ends.
func pause(ctx context.Context, try int) {
	wait := time.NewTimer(min(100*time.Millisecond<<min(try, 9), 30*time.Second))
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}
