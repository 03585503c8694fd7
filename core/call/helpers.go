package call

import (
	"encoding/json"
	"strconv"
	"time"

	"openseat"
	"openseat/core/flow"
)

// Helpers are those beside the lines who do what a flow wants.
type Helpers struct {
	Fetch  bool `json:"fetch,omitempty"`  // asks the company's servers
	Text   bool `json:"text,omitempty"`   // sends text messages
	Listen bool `json:"listen,omitempty"` // recognises speech
	Route  bool `json:"route,omitempty"`  // asks the company's server who answers a number
}

// What helpers tell a call. ID is that of the command; an answer that nobody waits for any more changes nothing.
type (
	// Fetched answers Fetch.
	Fetched struct {
		ID       string        `json:"id"`
		Response flow.Response `json:"response"`
	}
	// Routed answers AskRoute. Error says why there is no answer: the number's own flow goes on. Reject refuses the call. Flow is
	// empty when the number's own is meant; Vars are values that it begins with.
	Routed struct {
		ID     string                      `json:"id"`
		Error  string                      `json:"error,omitempty"`
		Reject bool                        `json:"reject,omitempty"`
		Flow   json.RawMessage             `json:"flow,omitempty"`
		Flows  map[string]*flow.Definition `json:"flows,omitempty"` // its sub-flows
		Vars   map[string]string           `json:"vars,omitempty"`
	}
	// TextSent answers SendText.
	TextSent struct {
		ID string `json:"id"`
		OK bool   `json:"ok"`
	}
	// Heard answers Recognise; no words = nothing was understood.
	Heard struct {
		ID    string `json:"id"`
		Words string `json:"words"`
	}
)

// What a call wants from helpers, one thing at a time.
type (
	// Fetch asks a server of the company.
	Fetch struct {
		ID      string       `json:"id"`
		Request flow.Request `json:"request"`
	}
	// AskRoute asks the company's server which flow answers a call.
	AskRoute struct {
		ID     string `json:"id"`
		URL    string `json:"url"`
		IVRID  int64  `json:"ivrId"` // of the flow that answers otherwise
		Caller string `json:"caller"`
		Callee string `json:"callee"`
	}
	// SendText sends a text message.
	SendText struct {
		ID   string `json:"id"`
		To   string `json:"to"`
		Body string `json:"body"`
	}
	// Recognise makes words of what a leg says, until it is silent for a while, at most so long.
	Recognise struct {
		ID      string        `json:"id"`
		Leg     string        `json:"leg"`
		Silence time.Duration `json:"silence"`
		Max     time.Duration `json:"max"`
	}
)

// How much longer than it should take a helper's answer is waited for.
const (
	helperGrace = 3 * time.Second
	textWait    = 10 * time.Second
	routeWait   = 15 * time.Second // three times five
)

// helpWith has a helper do a step. Where there is none, the step has failed.
func (c *Call) helpWith(s flow.Step) {
	switch s := s.(type) {
	case flow.Fetch:
		if !c.plan.Helpers.Fetch {
			c.steps(c.run.Fetched(flow.Response{Error: "there is nobody to ask"}))
			return
		}
		c.do(Fetch{ID: c.waitForHelp(Fetched{Response: flow.Response{Error: "no answer in time"}}, s.Request.Timeout), Request: s.Request})
	case flow.Text:
		if !c.plan.Helpers.Text {
			c.steps(c.run.Sent(false))
			return
		}
		c.do(SendText{ID: c.waitForHelp(TextSent{}, textWait), To: s.To, Body: s.Body})
	case flow.Listen:
		if !c.plan.Helpers.Listen {
			c.steps(c.run.Heard(""))
			return
		}
		c.do(Recognise{ID: c.waitForHelp(Heard{}, s.Silence+s.Max), Leg: CustomerLeg, Silence: s.Silence, Max: s.Max})
	}
}

// waitForHelp names what a helper is to do. If he says nothing in time, he has said otherwise.
func (c *Call) waitForHelp(otherwise openseat.Event, atMost time.Duration) string {
	c.helps++
	id := "h" + strconv.Itoa(c.helps)
	switch e := otherwise.(type) {
	case Fetched:
		e.ID = id
		c.unhelped = e
	case Routed:
		e.ID = id
		c.unhelped = e
	case TextSent:
		e.ID = id
		c.unhelped = e
	case Heard:
		e.ID = id
		c.unhelped = e
	}
	c.setTimer(timerHelp, atMost+helperGrace)
	return id
}

// helped tells whether an answer is the one that is waited for.
func (c *Call) helped(e openseat.Event, id string) bool {
	if c.unhelped == nil || c.unhelped.EventName() != e.EventName() || id != "h"+strconv.Itoa(c.helps) || c.phase == closed {
		return false
	}
	c.unhelped = nil
	c.stopTimer(timerHelp)
	return true
}

// helperAnswers goes on in the flow with what a helper found, and tells whether this was a helper's word.
func (c *Call) helperAnswers(e openseat.Event) bool {
	switch e := e.(type) {
	case Fetched:
		if c.helped(e, e.ID) {
			c.steps(c.run.Fetched(e.Response))
		}
	case Routed:
		if c.helped(e, e.ID) {
			c.routed(e)
		}
	case TextSent:
		if c.helped(e, e.ID) {
			c.steps(c.run.Sent(e.OK))
		}
	case Heard:
		if c.helped(e, e.ID) {
			c.steps(c.run.Heard(e.Words))
		}
	default:
		return false
	}
	return true
}

// EventName implements openseat.Event.
func (Fetched) EventName() string { return "call.Fetched" }

// EventName implements openseat.Event.
func (Routed) EventName() string { return "call.Routed" }

// EventName implements openseat.Event.
func (TextSent) EventName() string { return "call.TextSent" }

// EventName implements openseat.Event.
func (Heard) EventName() string { return "call.Heard" }

// CommandName implements openseat.Command.
func (Fetch) CommandName() string { return "call.Fetch" }

// CommandName implements openseat.Command.
func (AskRoute) CommandName() string { return "call.AskRoute" }

// CommandName implements openseat.Command.
func (SendText) CommandName() string { return "call.SendText" }

// CommandName implements openseat.Command.
func (Recognise) CommandName() string { return "call.Recognise" }

// helperWords are this file's share of Words.
func helperWords() ([]openseat.Event, []openseat.Command) {
	return []openseat.Event{Fetched{}, Routed{}, TextSent{}, Heard{}}, []openseat.Command{Fetch{}, AskRoute{}, SendText{}, Recognise{}}
}
