package bus

import (
	"fmt"

	"github.com/nats-io/nats.go"
)

const notices = "notice."

// Publish tells all nodes, this one included, something that is not kept: who does not listen now never hears of it.
// Subjects are words with dots, as "org.changed.1400000001".
func (b *Bus) Publish(subject string, payload []byte) error {
	if err := b.reader.Publish(notices+subject, payload); err != nil {
		return fmt.Errorf("notice %s: %w", subject, err)
	}
	return nil
}

// Subscribe calls handle, one notice after the other, until stop is called or the bus closes. The pattern may have NATS
// wildcards ("org.changed.*"). A notice published after Subscribe has returned is heard.
func (b *Bus) Subscribe(pattern string, handle func(subject string, payload []byte)) (stop func(), err error) {
	s, err := b.reader.Subscribe(notices+pattern, func(m *nats.Msg) { handle(m.Subject[len(notices):], m.Data) })
	if err != nil {
		return nil, fmt.Errorf("notices %s: %w", pattern, err)
	}
	if err := b.flush(); err != nil {
		return nil, fmt.Errorf("notices %s: %w", pattern, err)
	}
	return func() { _ = s.Unsubscribe() }, nil
}
