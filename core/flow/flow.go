// Package flow interprets flows: the programs that greet a customer, ask for keys, and hand him to a queue. A flow is data
// (Definition, JSON with schema.json); a Run is one walk through it. What a step means on a channel (playing a prompt on a
// line, sending it as a message) is the business of whoever owns the Run:
//
//	          Begin                        Play, Wait, Enqueue, Leave, Pressed, End
//	owner ──▶ Played, Key, Elapsed   ──▶ Run ──────────────────────────────────────▶ owner
//	          QueueFailed, MessageLeft
//
// A Run is pure: no clock, no I/O, the same inputs give the same steps.
package flow

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"openseat"
)

// Schema is the JSON schema of a Definition, for editors and for the documentation.
//
//go:embed schema.json
var Schema []byte

// Limits of a definition.
const (
	maxNodes   = 500
	maxPrompts = 20
	maxText    = 2000 // runes of one spoken prompt
	// maxHops bounds the nodes walked without waiting for anything, so that a circle of silent nodes ends.
	maxHops = 100
	// maxWalk bounds the nodes of a whole walk, so that a circle whose prompts cannot be played ends, too.
	maxWalk = 10_000
)

// The node types.
const (
	Play         = "play"         // plays Prompts, goes to Next
	Keys         = "keys"         // plays Prompts, waits for one of Choices
	Queue        = "queue"        // waits in the queue of Group, hearing Prompts once and then Music
	Voicemail    = "voicemail"    // plays Prompts and a beep, records a message, goes to Next
	Satisfaction = "satisfaction" // keys after the call: like Keys, its answer is PostIVRKeyPressed
	HangUp       = "hangup"       // plays Prompts, hangs up
)

// Definition is a flow.
type Definition struct {
	Name  string          `json:"name"`
	Start string          `json:"start"` // node ID
	Nodes map[string]Node `json:"nodes"`
	// AfterCall is the node where the customer goes when the agent has hung up; empty = nowhere, the call ends.
	AfterCall string `json:"afterCall,omitempty"`
}

// Prompt is one thing to say: exactly one of Audio and Text.
type Prompt struct {
	Audio string `json:"audio,omitempty"` // "builtin:…" or the key of an uploaded sound
	Text  string `json:"text,omitempty"`
	Lang  string `json:"lang,omitempty"` // of Text: zh or en; empty = by its letters
}

// Choice is one key of a Keys or Satisfaction node.
type Choice struct {
	Label string `json:"label"`
	Next  string `json:"next,omitempty"` // node ID; empty only in Satisfaction (then: the node's Next, or the end)
}

// Node is one step. Which fields matter depends on Type; seconds and counts of zero mean the default in the comment.
type Node struct {
	Type    string   `json:"type"`
	Label   string   `json:"label,omitempty"`
	Prompts []Prompt `json:"prompts,omitempty"`
	Next    string   `json:"next,omitempty"`

	Choices      map[string]Choice `json:"choices,omitempty"`      // keys, satisfaction: by key 0-9 * #
	Timeout      int               `json:"timeout,omitempty"`      // keys: seconds of silence (5); queue: of waiting (the group's, else 600)
	Retries      int               `json:"retries,omitempty"`      // keys: how often the prompt is repeated (0)
	WrongPrompts []Prompt          `json:"wrongPrompts,omitempty"` // keys: after a key that is no choice
	NoInput      string            `json:"noInput,omitempty"`      // keys: where silence leads; empty = hang up
	Invalid      string            `json:"invalid,omitempty"`      // keys: where wrong keys lead; empty = NoInput

	Group    int64    `json:"group,omitempty"`    // queue: skill group ID
	Priority int      `json:"priority,omitempty"` // queue: smaller goes first (0)
	Music    []Prompt `json:"music,omitempty"`    // queue: empty = builtin:music
	Nobody   string   `json:"nobody,omitempty"`   // queue: nobody online; empty = hang up
	Overflow string   `json:"overflow,omitempty"` // queue: waited too long; empty = hang up

	MaxSeconds int `json:"maxSeconds,omitempty"` // voicemail: longest message (120)
}

// Parse reads and checks a definition. The error names the node and the field.
func Parse(b []byte) (*Definition, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var d Definition
	if err := dec.Decode(&d); err != nil {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "Definition: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "Definition: something follows the definition")
	}
	if err := d.check(); err != nil {
		return nil, openseat.Errorf(openseat.CodeInvalidValue, "Definition: %v", err)
	}
	return &d, nil
}

func (d *Definition) check() error {
	if d.Name == "" || len(d.Name) > 64 {
		return errors.New("name: must have 1 to 64 bytes")
	}
	if len(d.Nodes) == 0 || len(d.Nodes) > maxNodes {
		return fmt.Errorf("nodes: must be 1 to %d", maxNodes)
	}
	if err := d.refers("start", d.Start, true); err != nil {
		return err
	}
	if err := d.refers("afterCall", d.AfterCall, false); err != nil {
		return err
	}
	for _, id := range sortedKeys(d.Nodes) {
		n := d.Nodes[id]
		if err := d.checkNode(&n); err != nil {
			return fmt.Errorf("nodes.%s.%w", id, err)
		}
	}
	return nil
}

func (d *Definition) refers(field, to string, must bool) error {
	if to == "" {
		if must {
			return fmt.Errorf("%s: is missing", field)
		}
		return nil
	}
	if _, ok := d.Nodes[to]; !ok {
		return fmt.Errorf("%s: there is no node %q", field, to)
	}
	return nil
}

func (d *Definition) checkNode(n *Node) error {
	for _, f := range []struct{ name, to string }{
		{"next", n.Next}, {"noInput", n.NoInput}, {"invalid", n.Invalid}, {"nobody", n.Nobody}, {"overflow", n.Overflow},
	} {
		if err := d.refers(f.name, f.to, false); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		name string
		ps   []Prompt
	}{{"prompts", n.Prompts}, {"wrongPrompts", n.WrongPrompts}, {"music", n.Music}} {
		if err := checkPrompts(p.ps); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	for _, s := range []struct {
		name   string
		v, max int
	}{{"timeout", n.Timeout, 86400}, {"retries", n.Retries, 10}, {"maxSeconds", n.MaxSeconds, 600}, {"priority", n.Priority, 1000}} {
		if s.v < 0 || s.v > s.max {
			return fmt.Errorf("%s: must be 0 to %d", s.name, s.max)
		}
	}
	return d.checkType(n)
}

func (d *Definition) checkType(n *Node) error {
	switch n.Type {
	case Play:
		if len(n.Prompts) == 0 {
			return errors.New("prompts: is missing")
		}
	case Keys, Satisfaction:
		return d.checkChoices(n)
	case Queue:
		if n.Group <= 0 {
			return errors.New("group: is missing")
		}
	case Voicemail, HangUp:
	default:
		return fmt.Errorf("type: %q is not one of play, keys, queue, voicemail, satisfaction, hangup", n.Type)
	}
	return nil
}

func (d *Definition) checkChoices(n *Node) error {
	if len(n.Choices) == 0 {
		return errors.New("choices: is missing")
	}
	for _, k := range sortedKeys(n.Choices) {
		if len(k) != 1 || !strings.ContainsAny(k, "0123456789*#") {
			return fmt.Errorf("choices.%s: must be one of 0-9, *, #", k)
		}
		if err := d.refers("choices."+k+".next", n.Choices[k].Next, n.Type == Keys); err != nil {
			return err
		}
	}
	return nil
}

func checkPrompts(ps []Prompt) error {
	if len(ps) > maxPrompts {
		return fmt.Errorf("must be at most %d", maxPrompts)
	}
	for i, p := range ps {
		if (p.Audio == "") == (p.Text == "") {
			return fmt.Errorf("%d: must have either audio or text", i)
		}
		if len([]rune(p.Text)) > maxText {
			return fmt.Errorf("%d: text must have at most %d characters", i, maxText)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}
