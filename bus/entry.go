package bus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"openseat"
)

const (
	stream   = "JOURNAL"
	subjects = "journal."
	// namesHeader lists the names of an entry's event and commands, so that readers can pass it by unread.
	namesHeader = "Openseat-Names"
)

// Subject is where a thing's entries are in the journal.
func Subject(ref openseat.Ref) string { return subjects + ref.String() }

// Subjects are those of all things of a kind of an instance; an app of 0 and an empty kind stand for all.
func Subjects(app openseat.AppID, kind openseat.Kind) string {
	a, k := "*", "*"
	if app != 0 {
		a = app.String()
	}
	if kind != "" {
		k = string(kind)
	}
	return subjects + a + "." + k + ".*"
}

// refOf is the inverse of Subject.
func refOf(subject string) (openseat.Ref, error) {
	parts := strings.Split(strings.TrimPrefix(subject, subjects), ".")
	if len(parts) != 3 {
		return openseat.Ref{}, fmt.Errorf("subject %q names no thing", subject)
	}
	app, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return openseat.Ref{}, fmt.Errorf("subject %q: %w", subject, err)
	}
	return openseat.Ref{App: openseat.AppID(app), Kind: openseat.Kind(parts[1]), ID: parts[2]}, nil
}

// written is an entry's JSON.
type written struct {
	At       time.Time         `json:"at"`
	Event    json.RawMessage   `json:"event"`
	Commands []json.RawMessage `json:"commands,omitempty"`
}

// message writes an entry.
func (b *Bus) message(ref openseat.Ref, e openseat.Entry) (*nats.Msg, error) {
	if !validKey(ref.ID) || !validKey(string(ref.Kind)) {
		return nil, fmt.Errorf("%q cannot be a subject", ref)
	}
	names := make([]byte, 0, 128)
	data := make([]byte, 0, 1024)
	data = append(data, `{"at":"`...)
	data = e.At.UTC().AppendFormat(data, time.RFC3339Nano)
	event, err := b.codec.MarshalEvent(e.Event)
	if err != nil {
		return nil, err
	}
	names = append(names, e.Event.EventName()...)
	data = append(append(data, `","event":`...), event...)
	for i, c := range e.Commands {
		command, err := b.codec.MarshalCommand(c)
		if err != nil {
			return nil, err
		}
		names = append(append(names, ','), c.CommandName()...)
		if i == 0 {
			data = append(data, `,"commands":[`...)
		} else {
			data = append(data, ',')
		}
		data = append(data, command...)
	}
	if len(e.Commands) > 0 {
		data = append(data, ']')
	}
	return &nats.Msg{Subject: Subject(ref), Header: nats.Header{namesHeader: {string(names)}}, Data: append(data, '}')}, nil
}

// entry reads one.
func (b *Bus) entry(subject string, seq uint64, data []byte) (openseat.Entry, error) {
	var e openseat.Entry
	ref, err := refOf(subject)
	if err != nil {
		return e, err
	}
	var w written
	if err := json.Unmarshal(data, &w); err != nil {
		return e, fmt.Errorf("entry %d of %s: %w", seq, ref, err)
	}
	e.Ref, e.Seq, e.At = ref, seq, w.At
	if e.Event, err = b.codec.UnmarshalEvent(w.Event); err != nil {
		return e, fmt.Errorf("entry %d of %s: %w", seq, ref, err)
	}
	e.Commands = make([]openseat.Command, len(w.Commands))
	for i, c := range w.Commands {
		if e.Commands[i], err = b.codec.UnmarshalCommand(c); err != nil {
			return e, fmt.Errorf("entry %d of %s: %w", seq, ref, err)
		}
	}
	return e, nil
}

func namesOf(h nats.Header) []string { return strings.Split(h.Get(namesHeader), ",") }
