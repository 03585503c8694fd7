package openseat

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Codec turns events and commands into JSON and back. It knows the types it was given, and nothing global.
type Codec struct {
	events   map[string]reflect.Type
	commands map[string]reflect.Type
}

// NewCodec makes a codec for these events and commands (zero values serve) and for those of this package.
func NewCodec(events []Event, commands []Command) *Codec {
	c := &Codec{events: map[string]reflect.Type{}, commands: map[string]reflect.Type{}}
	for _, e := range append([]Event{TimerFired{}, Asked{}, OwnerLost{}}, events...) {
		c.events[e.EventName()] = reflect.TypeOf(e)
	}
	for _, x := range append([]Command{Tell{}, SetTimer{}, StopTimer{}, Reply{}, Done{}}, commands...) {
		c.commands[x.CommandName()] = reflect.TypeOf(x)
	}
	return c
}

// named is the wire form of an event or a command: its name, its fields, and the event it wraps, if it wraps one.
type named struct {
	Name  string          `json:"name"`
	Body  json.RawMessage `json:"body,omitempty"`
	Inner *named          `json:"inner,omitempty"`
}

// MarshalEvent returns e's JSON, name included.
func (c *Codec) MarshalEvent(e Event) ([]byte, error) {
	var inner Event
	if asked, ok := e.(Asked); ok {
		inner = asked.Event
	}
	b, err := marshalNamed(e.EventName(), e, inner)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", e.EventName(), err)
	}
	return b, nil
}

// UnmarshalEvent is the inverse of MarshalEvent. An unknown name is an error.
func (c *Codec) UnmarshalEvent(b []byte) (Event, error) {
	var n named
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	return c.event(&n)
}

// MarshalCommand returns x's JSON, name included.
func (c *Codec) MarshalCommand(x Command) ([]byte, error) {
	var inner Event
	if tell, ok := x.(Tell); ok {
		inner = tell.Event
	}
	b, err := marshalNamed(x.CommandName(), x, inner)
	if err != nil {
		return nil, fmt.Errorf("command %s: %w", x.CommandName(), err)
	}
	return b, nil
}

// UnmarshalCommand is the inverse of MarshalCommand.
func (c *Codec) UnmarshalCommand(b []byte) (Command, error) {
	var n named
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	return c.command(&n)
}

// marshalNamed writes the JSON of a named by hand: every entry of the journal goes through here, and json.Marshal would check
// and copy the bodies that it has just written once more. Names are Go identifiers with a dot, which JSON takes as they are.
func marshalNamed(name string, body any, inner Event) ([]byte, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(b)+len(name)+len(`{"name":"","body":}`))
	out = append(append(out, `{"name":"`...), name...)
	out = append(append(out, `","body":`...), b...)
	if inner != nil {
		in, err := marshalNamed(inner.EventName(), inner, nil)
		if err != nil {
			return nil, err
		}
		out = append(append(out, `,"inner":`...), in...)
	}
	return append(out, '}'), nil
}

func (c *Codec) event(n *named) (Event, error) {
	t, ok := c.events[n.Name]
	if !ok {
		return nil, fmt.Errorf("event %q is not known", n.Name)
	}
	v, err := decode(t, n.Body)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", n.Name, err)
	}
	if asked, ok := v.(Asked); ok {
		asked.Event, err = c.inner(n)
		return asked, err
	}
	e, ok := v.(Event)
	if !ok {
		return nil, fmt.Errorf("event %q is not an event", n.Name)
	}
	return e, nil
}

func (c *Codec) command(n *named) (Command, error) {
	t, ok := c.commands[n.Name]
	if !ok {
		return nil, fmt.Errorf("command %q is not known", n.Name)
	}
	v, err := decode(t, n.Body)
	if err != nil {
		return nil, fmt.Errorf("command %s: %w", n.Name, err)
	}
	if tell, ok := v.(Tell); ok {
		tell.Event, err = c.inner(n)
		return tell, err
	}
	x, ok := v.(Command)
	if !ok {
		return nil, fmt.Errorf("command %q is not a command", n.Name)
	}
	return x, nil
}

// inner reads the event that an Asked or a Tell wraps; without one they would make no sense.
func (c *Codec) inner(n *named) (Event, error) {
	if n.Inner == nil {
		return nil, fmt.Errorf("%s wraps nothing", n.Name)
	}
	return c.event(n.Inner)
}

func decode(t reflect.Type, body json.RawMessage) (any, error) {
	p := reflect.New(t)
	if len(body) > 0 {
		if err := json.Unmarshal(body, p.Interface()); err != nil {
			return nil, err
		}
	}
	return p.Elem().Interface(), nil
}
