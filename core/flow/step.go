package flow

import "time"

// Step is something a Run wants from its owner.
type Step interface{ step() }

// The steps.
type (
	// Say plays prompts, one after the other; Played answers. A Say ends the one before it.
	Say struct {
		Prompts []Prompt
		Loop    bool
	}
	// Hush ends the Say under way.
	Hush struct{}
	// Wait asks for Elapsed after a while; it replaces the Wait before it. Zero takes it back.
	Wait struct{ For time.Duration }
	// Enqueue hands the customer to a skill group's queue, or (User) lets him wait for one agent. QueueFailed answers when
	// nobody takes him.
	Enqueue struct {
		Group    int64
		User     string
		Priority int
		Timeout  time.Duration // zero = the group's
	}
	// Dequeue takes the customer out of the queue again.
	Dequeue struct{}
	// AskPlace asks for the customer's place in the queue; Placed answers.
	AskPlace struct{}
	// Forward connects the customer to an outside number. ForwardFailed answers when nobody talks there.
	Forward struct {
		Number, Caller string // Caller: the number to show; empty = the called one
		Timeout        time.Duration
	}
	// Fetch asks a server of the company; Fetched answers.
	Fetch struct{ Request Request }
	// Text sends a text message through the company's hook; Sent answers.
	Text struct{ To, Body string }
	// Listen recognises what the customer says; Heard answers.
	Listen struct{ Silence, Max time.Duration }
	// Leave records the customer's message; MessageLeft answers (time is up, # pressed).
	Leave struct{ Max time.Duration }
	// Pressed tells of a key (or digits, or words) that meant something. After says it was given in the survey after the
	// call; Key is then "noInput" when the customer heard the survey and pressed nothing.
	Pressed struct {
		Key, Label, Node string
		After            bool
	}
	// End says the flow is over: the customer is to be hung up. Reason is empty, or why: ReasonNotWorkTime, ReasonBlacklist.
	End struct{ Reason string }
)

// Why a flow ended, by TCCC's end statuses.
const (
	ReasonNotWorkTime = "notWorkTime"
	ReasonBlacklist   = "blackList"
)

// Request is what an HTTP node asks.
type Request struct {
	URL     string
	Method  string
	Headers map[string]string
	Params  map[string]string // POST: the members of a JSON object; GET: the query
	Timeout time.Duration
}

// Response is what a server answered. Error says why it could not be had; Body is then of no meaning.
type Response struct {
	Status int
	Body   string
	Error  string
}

func (Say) step()      {}
func (Hush) step()     {}
func (Wait) step()     {}
func (Enqueue) step()  {}
func (Dequeue) step()  {}
func (AskPlace) step() {}
func (Forward) step()  {}
func (Fetch) step()    {}
func (Text) step()     {}
func (Listen) step()   {}
func (Leave) step()    {}
func (Pressed) step()  {}
func (End) step()      {}
