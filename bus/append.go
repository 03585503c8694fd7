package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"openseat"
	"openseat/live"
)

const (
	// underway is how many appends may wait for their acknowledgement; more wait for a place.
	underway = 8192
	// ackWait is how long an append waits; afterwards nobody knows whether it is written.
	ackWait = 5 * time.Second
)

// errNoAck means that an entry may or may not be written.
var errNoAck = errors.New("the journal does not acknowledge")

// appender sends entries down one connection and hands out the acknowledgements as they come. What many goroutines append at
// the same time goes out in one write and comes back in one read.
type appender struct {
	conn  *nats.Conn
	inbox string
	slots chan struct{}

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]*ticket
}

// ticket waits for one acknowledgement.
type ticket struct {
	ack   chan []byte // nothing: nobody listens on the journal's subjects, or the connection broke
	timer *time.Timer
}

func newAppender() *appender {
	return &appender{inbox: nats.NewInbox() + ".", slots: make(chan struct{}, underway), waiting: make(map[uint64]*ticket)}
}

func (a *appender) listen(c *nats.Conn) error {
	a.conn = c
	sub, err := c.Subscribe(a.inbox+"*", a.acknowledged)
	if err != nil {
		return err
	}
	// Acknowledgements are small and bounded by the slots: dropping one would cost its appender ackWait.
	return sub.SetPendingLimits(2*underway, -1)
}

// send publishes m and waits for its acknowledgement.
func (a *appender) send(ctx context.Context, m *nats.Msg) ([]byte, error) {
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	t := &ticket{ack: make(chan []byte, 1), timer: time.NewTimer(ackWait)}
	defer t.timer.Stop()
	id := a.register(t)
	defer a.forget(id)
	m.Reply = a.inbox + strconv.FormatUint(id, 36)
	if err := a.conn.PublishMsg(m); err != nil {
		return nil, err
	}
	select {
	case ack := <-t.ack:
		return ack, nil
	case <-t.timer.C:
		return nil, errNoAck
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *appender) register(t *ticket) uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next++
	a.waiting[a.next] = t
	return a.next
}

func (a *appender) forget(id uint64) {
	a.mu.Lock()
	delete(a.waiting, id)
	a.mu.Unlock()
}

// disconnected answers everybody who waits: the acknowledgements were lost with the connection.
func (a *appender) disconnected() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, t := range a.waiting {
		delete(a.waiting, id)
		t.ack <- nil
	}
}

func (a *appender) acknowledged(m *nats.Msg) {
	id, err := strconv.ParseUint(m.Subject[len(a.inbox):], 36, 64)
	if err != nil {
		return
	}
	a.mu.Lock()
	t := a.waiting[id]
	delete(a.waiting, id)
	a.mu.Unlock()
	if t != nil {
		t.ack <- m.Data
	}
}

// ack is JetStream's answer to a publish.
type ack struct {
	Seq   uint64 `json:"seq"`
	Error *struct {
		Code        int    `json:"code"`
		ErrCode     uint16 `json:"err_code"`
		Description string `json:"description"`
	} `json:"error"`
}

// goodAck begins an acknowledgement without an error.
const goodAck = `{"stream":"` + stream + `","seq":`

// JetStream's error codes (nats-server, server/errors.json) for a last sequence that is not the expected one.
const (
	wrongLastSequence         = 10071
	wrongLastSequenceConstant = 10164
)

// Append implements live.Journal.
func (b *Bus) Append(ctx context.Context, ref openseat.Ref, expectLast uint64, e openseat.Entry) (uint64, error) {
	m, err := b.message(ref, e)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", live.ErrUnwritable, err)
	}
	if limit := b.writer.MaxPayload(); limit > 0 && int64(len(m.Data)+len(m.Header.Get(namesHeader))+256) > limit {
		return 0, fmt.Errorf("%w: %d bytes, limit %d", live.ErrUnwritable, len(m.Data), limit)
	}
	seq, err := b.appendAfter(ctx, m, expectLast)
	if errors.Is(err, live.ErrConflict) && expectLast > 0 && b.tooOld(ctx, m.Subject) {
		// All its entries have grown too old for the journal: to JetStream it looks new.
		return b.appendAfter(ctx, m, 0)
	}
	return seq, err
}

func (b *Bus) appendAfter(ctx context.Context, m *nats.Msg, last uint64) (uint64, error) {
	m.Header[jetstream.ExpectedLastSubjSeqHeader] = []string{strconv.FormatUint(last, 10)}
	data, err := b.appends.send(ctx, m)
	if err != nil {
		return 0, fmt.Errorf("journal: %w", err)
	}
	return sequence(data)
}

// sequence reads an acknowledgement. A good one, as nearly all are, is {"stream":"JOURNAL","seq":42} and costs no JSON.
func sequence(data []byte) (uint64, error) {
	if rest, ok := bytes.CutPrefix(data, []byte(goodAck)); ok {
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if seq, err := strconv.ParseUint(string(rest[:n]), 10, 64); err == nil {
			return seq, nil
		}
	}
	var a ack
	if err := json.Unmarshal(data, &a); err != nil {
		return 0, fmt.Errorf("journal: %w", errNoAck)
	}
	switch {
	case a.Error == nil && a.Seq > 0:
		return a.Seq, nil
	case a.Error == nil:
		return 0, fmt.Errorf("journal: %w", errNoAck)
	case a.Error.ErrCode == wrongLastSequence, a.Error.ErrCode == wrongLastSequenceConstant:
		return 0, fmt.Errorf("%w: %s", live.ErrConflict, a.Error.Description)
	}
	return 0, fmt.Errorf("journal: %s (%d)", a.Error.Description, a.Error.ErrCode)
}

// tooOld reports whether nothing of the subject is left.
func (b *Bus) tooOld(ctx context.Context, subject string) bool {
	_, err := b.journal.GetLastMsgForSubject(ctx, subject)
	return errors.Is(err, jetstream.ErrMsgNotFound)
}

// Read implements live.Journal.
func (b *Bus) Read(ctx context.Context, ref openseat.Ref, after uint64) ([]openseat.Entry, error) {
	var out []openseat.Entry
	for {
		m, err := b.journal.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(Subject(ref)))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		e, err := b.entry(m.Subject, m.Sequence, m.Data)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
		after = m.Sequence
	}
}
