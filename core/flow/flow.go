// Package flow interprets flows: the programs that greet a customer, ask for keys, and hand him to a queue. A flow is data
// (Definition, JSON with schema.json); a Run is one walk through it. What a step means on a channel (playing a prompt on a
// line, sending it as a message) is the business of whoever owns the Run:
//
//	          Begin                        Say, Wait, Enqueue, Forward, Fetch, Leave, Pressed, End …
//	owner ──▶ Played, Key, Elapsed   ──▶ Run ──────────────────────────────────────────────────▶ owner
//	          QueueFailed, Fetched, …
//
// A Run is pure: no clock of its own, no I/O, the same inputs give the same steps.
package flow

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"

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

	maxName       = 64
	maxDigits     = 64 // of one Digits node
	maxBranches   = 50
	maxFetch      = 10      // seconds that a customer waits for a server
	maxFetchAgain = 3       //
	maxDepth      = 8       // of sub-flows in sub-flows
	maxBundle     = 50      // sub-flows of one flow, theirs included
	maxVariables  = 200     //
	maxVariable   = 4 << 10 // bytes of one variable
	// systemPrefix begins the variables that a flow reads and cannot set.
	systemPrefix = "System"
)

// The node types.
const (
	Play         = "play"         // plays Prompts, goes to Next
	Keys         = "keys"         // plays Prompts, waits for one of Choices
	Digits       = "digits"       // plays Prompts, collects digits into Var
	Speech       = "speech"       // plays Prompts, recognises what is said into Var
	WorkTime     = "worktime"     // goes to Next while Schedule is open, to Closed otherwise
	Condition    = "condition"    // goes where the first Branch leads whose If holds, to Next when none does
	Set          = "set"          // sets variables
	HTTP         = "http"         // asks a server of the company, keeps what it answers in variables
	SMS          = "sms"          // sends a text message through the company's hook
	Blacklist    = "blacklist"    // goes to Listed when the caller is on the list, to Next otherwise
	Queue        = "queue"        // waits in the queue of Group, hearing Prompts once and then Music
	Agent        = "agent"        // waits for one agent: User, or the Last who served this customer
	External     = "external"     // connects to an outside Number
	Voicemail    = "voicemail"    // plays Prompts and a beep, records a message, goes to Next
	Satisfaction = "satisfaction" // keys after the call: like Keys, its answer is PostIVRKeyPressed
	SubFlow      = "subflow"      // walks another flow, then goes to Next
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

// Branch is one way out of a Condition node.
type Branch struct {
	If   string `json:"if"` // an expression of expr-lang over the variables; true leads to Next
	Next string `json:"next"`
}

// Assignment gives a variable a value: a text with ${variables} (Value), or the result of an expression (Expr).
type Assignment struct {
	Var   string `json:"var"`
	Value string `json:"value,omitempty"`
	Expr  string `json:"expr,omitempty"`
}

// Node is one step. Which fields matter depends on Type; seconds and counts of zero mean the default in the comment. Texts
// may name variables as ${Name}.
type Node struct {
	Type    string   `json:"type"`
	Label   string   `json:"label,omitempty"`
	Prompts []Prompt `json:"prompts,omitempty"`
	Next    string   `json:"next,omitempty"`

	Choices map[string]Choice `json:"choices,omitempty"` // keys, satisfaction: by key 0-9 * #
	// Timeout in seconds. keys, digits, speech: of silence (5); http: of waiting, at most 10 (5); queue: of waiting (the group's,
	// else 600); agent, external: of ringing (30).
	Timeout int `json:"timeout,omitempty"`
	// Retries. keys, digits, speech: how often the prompt is repeated (0); http: how often the server is asked again (0).
	Retries      int      `json:"retries,omitempty"`
	WrongPrompts []Prompt `json:"wrongPrompts,omitempty"` // keys, digits: after a wrong key, too few digits
	NoInput      string   `json:"noInput,omitempty"`      // keys, digits, speech: where silence leads; empty = hang up
	Invalid      string   `json:"invalid,omitempty"`      // keys, digits: where wrong keys lead; empty = NoInput

	Var string `json:"var,omitempty"` // digits, speech: the variable to fill
	Min int    `json:"min,omitempty"` // digits: at least so many (1)
	Max int    `json:"max,omitempty"` // digits: at most so many (20); # ends them earlier

	Schedule string `json:"schedule,omitempty"` // worktime: name of a schedule
	Closed   string `json:"closed,omitempty"`   // worktime: where it leads outside of it; empty = hang up

	Branches []Branch     `json:"branches,omitempty"` // condition
	Assign   []Assignment `json:"assign,omitempty"`   // set

	URL     string            `json:"url,omitempty"`     // http
	Method  string            `json:"method,omitempty"`  // http: POST (JSON of Params) or GET (Params in the query); empty = POST
	Headers map[string]string `json:"headers,omitempty"` // http
	Params  map[string]string `json:"params,omitempty"`  // http: by name
	Outputs map[string]string `json:"outputs,omitempty"` // http: variable = expression over status and body (the JSON that came)
	// Failed is where failure leads. http, sms: empty = Next; external: empty = hang up.
	Failed string `json:"failed,omitempty"`

	To   string `json:"to,omitempty"`   // sms: the number; empty = the caller
	Text string `json:"text,omitempty"` // sms

	Listed string `json:"listed,omitempty"` // blacklist: empty = hang up

	Group    int64    `json:"group,omitempty"`    // queue: skill group ID
	Priority int      `json:"priority,omitempty"` // queue: smaller goes first (0)
	Music    []Prompt `json:"music,omitempty"`    // queue, agent, external: empty = builtin:music
	Nobody   string   `json:"nobody,omitempty"`   // queue, agent: nobody online; empty = hang up
	Overflow string   `json:"overflow,omitempty"` // queue, agent: waited too long; empty = hang up
	Announce []Prompt `json:"announce,omitempty"` // queue: said now and then, with ${WaitNo} and ${WaitSeconds}
	Every    int      `json:"every,omitempty"`    // queue: seconds between announcements (30)
	// LeaveKey lets the customer leave the queue for Leave by pressing it.
	LeaveKey string `json:"leaveKey,omitempty"`
	Leave    string `json:"leave,omitempty"`

	User string `json:"user,omitempty"` // agent: UserID; a text with variables
	Last bool   `json:"last,omitempty"` // agent: who served this customer last

	Number string `json:"number,omitempty"` // external: whom to call; a text with variables
	Caller string `json:"caller,omitempty"` // external: the number to show, one of the instance's; empty = the called one

	Flow string `json:"flow,omitempty"` // subflow: its name

	MaxSeconds int `json:"maxSeconds,omitempty"` // voicemail: longest message (120); speech: longest answer (15)
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
	for _, p := range d.Check() {
		if !p.Warning {
			return nil, openseat.Errorf(openseat.CodeInvalidValue, "Definition: %s", p)
		}
	}
	return &d, nil
}
