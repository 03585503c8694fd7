package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/coder/websocket"

	"openseat"
)

// Version is the protocol's; a page that speaks another one is refused.
const Version = 1

// The bounds of a page's connection.
const (
	maxMessage  = 64 << 10 // an SDP offer is some 5 KB
	maxQueue    = 256      // messages a slow page may be behind
	maxInFlight = 32       // requests of a page under way
	maxWaiting  = 4096     // connections that have not said hello
	maxMethod   = 64

	rate  = 50 // messages a second, after a first burst
	burst = 100

	deskRate  = 5 // a second, of those that ask the store
	deskBurst = 20

	helloWait     = 10 * time.Second
	requestWait   = 9 * time.Second // the SDK promises an end within 10 s
	writeWait     = 10 * time.Second
	pingEvery     = 4 * time.Second
	deadAfter     = 10 * time.Second
	goodbyeWait   = 5 * time.Second
	offerPatience = 3 * time.Second
	boardPatience = 5 * time.Second // for a board that changes its node
	boardPause    = time.Second / 5
)

// Close codes of the WebSocket, of the range for applications (RFC 6455 section 7.4.2). After 4001 and 4002 the page does
// not come back by itself, after all others it does.
const (
	closeGoingAway = websocket.StatusGoingAway     // 1001: this server stops
	closeKickedOut = websocket.StatusCode(4001)    // another page of the agent took over
	closeRefused   = websocket.StatusCode(4002)    // hello was refused
	closeResync    = websocket.StatusCode(4003)    // the page fell behind: come back for the whole picture
	closeProtocol  = websocket.StatusCode(4004)    // what came was not this protocol
	closeTooMuch   = websocket.StatusCode(4005)    // far too many messages
	closeDead      = websocket.StatusCode(4006)    // nothing was heard for too long
	closeReplaced  = websocket.StatusCode(4007)    // the same page came back by another connection
	closeBye       = websocket.StatusNormalClosure // 1000: the page said bye
)

// request is what a page sends. Without an ID it wants no answer.
type request struct {
	ID     uint64          `json:"id,omitempty"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params,omitempty"`
}

// answer is what it gets, with the same ID.
type answer struct {
	ID     uint64          `json:"id"`
	Result any             `json:"result,omitempty"`
	Error  *openseat.Error `json:"error,omitempty"`
}

// failed is the answer to a request that failed.
func failed(id uint64, e *openseat.Error) []byte {
	b, _ := json.Marshal(struct { //nolint:errchkjson // a number and two strings always have JSON
		ID    uint64          `json:"id"`
		Error *openseat.Error `json:"error"`
	}{id, e})
	return b
}

// event is what it is told unasked. Seq counts the events of one connection from 1.
type event struct {
	Event string `json:"event"`
	Data  any    `json:"data"`
	Seq   uint64 `json:"seq"`
}

var errNotProtocol = errors.New("not a message of this protocol")

// decodeRequest reads one message.
func decodeRequest(b []byte) (request, error) {
	var r request
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&r); err != nil {
		return r, errNotProtocol
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) { // one object a message
		return r, errNotProtocol
	}
	if r.Method == "" || len(r.Method) > maxMethod {
		return r, errNotProtocol
	}
	return r, nil
}

// params reads a request's parameters; unknown ones are of newer pages and ignored.
func params[T any](r request) (T, error) {
	var p T
	if len(r.Params) == 0 {
		return p, nil
	}
	if err := json.Unmarshal(r.Params, &p); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return p, openseat.Errorf(openseat.CodeInvalidParameter, "%s: must not be a %s", wrong.Field, wrong.Value)
		}
		return p, openseat.Errorf(openseat.CodeInvalidParameter, "params: not an object of this method")
	}
	return p, nil
}

// into reads a Reply's value, which is the thing's own type on its node and plain JSON from another.
func into[T any](value any) (T, bool) {
	if v, ok := value.(T); ok {
		return v, true
	}
	var v T
	if value == nil {
		return v, false
	}
	b, err := json.Marshal(value)
	if err != nil {
		return v, false
	}
	return v, json.Unmarshal(b, &v) == nil
}
