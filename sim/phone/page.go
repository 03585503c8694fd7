package phone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"openseat/sim/carrier"
	"openseat/voice/media"
)

// message is what goes over the WebSocket, both ways.
type message struct {
	Type    string `json:"type"`
	SDP     string `json:"sdp,omitempty"`
	Number  string `json:"number,omitempty"`
	State   string `json:"state,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Keys    string `json:"keys,omitempty"`
	SIP     int    `json:"sip,omitempty"`
	Reason  string `json:"reason,omitempty"`
	ByUs    bool   `json:"byUs,omitempty"`
	Message string `json:"message,omitempty"`
}

// page is one open demo page's telephone. Its run goroutine owns everything but the channels.
type page struct {
	booth  *Booth
	number string
	ws     *websocket.Conn
	sound  *media.Port

	said     chan message       // by the page; closed when it is gone
	incoming chan *carrier.Call // rings here
	gone     chan struct{}      // closed by leave

	call *carrier.Call // nil between calls
	// What the call has still to tell; nil when it told it.
	ringing, answered, ended <-chan struct{}
}

func newPage(b *Booth, number string) *page {
	return &page{booth: b, number: number, sound: newSound(), said: make(chan message), incoming: make(chan *carrier.Call), gone: make(chan struct{})}
}

// ring is the script of a call to this page.
func (p *page) ring(c *carrier.Call) {
	select {
	case p.incoming <- c:
	case <-p.gone:
		carrier.PoweredOff(c)
	case <-c.Done():
	}
}

// leave ends what is left when the page is gone.
func (p *page) leave() {
	close(p.gone)
	p.sound.Close()
	if p.call != nil {
		go p.call.HangUp() // takes as long as the other side does
	}
}

// run serves the page until it is gone.
func (p *page) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go p.listen(ctx)
	p.tell(ctx, message{Type: "hello", Number: p.number})
	for {
		select {
		case m, ok := <-p.said:
			if !ok {
				return
			}
			if err := p.obey(ctx, m); err != nil {
				p.tell(ctx, message{Type: "error", Message: err.Error()})
			}
		case c := <-p.incoming:
			p.comesIn(ctx, c)
		case <-p.ringing:
			p.ringing = nil
			p.listenIn(ctx, "ringing")
		case <-p.answered:
			p.answered, p.ringing = nil, nil
			p.listenIn(ctx, "talking")
		case <-p.ended:
			p.over(ctx)
		}
	}
}

// listen reads the socket until it closes.
func (p *page) listen(ctx context.Context) {
	defer close(p.said)
	for {
		var m message
		if err := wsjson.Read(ctx, p.ws, &m); err != nil {
			return
		}
		select {
		case p.said <- m:
		case <-ctx.Done():
			return
		}
	}
}

// tell sends a message. A page that cannot be told is gone, which listen finds out.
func (p *page) tell(ctx context.Context, m message) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := wsjson.Write(ctx, p.ws, m); err != nil {
		p.booth.log.Debug("phone: page not told", "number", p.number, "err", err)
	}
}

// obey does what the page said.
func (p *page) obey(ctx context.Context, m message) error {
	switch m.Type {
	case "offer":
		sdp, err := answer(ctx, p.sound, m.SDP)
		if err == nil {
			p.tell(ctx, message{Type: "answer", SDP: sdp})
		}
		return err
	case "call":
		return p.dial(ctx, m.To)
	case "keys":
		return p.press(ctx, m.Keys)
	case "accept":
		return p.accept()
	case "hangUp":
		p.hangUp()
		return nil
	default:
		return fmt.Errorf("message type %q is not known", m.Type)
	}
}

func (p *page) dial(ctx context.Context, to string) error {
	if p.call != nil {
		return errors.New("there is a call already")
	}
	if to == "" {
		return errors.New("no number to call")
	}
	call, err := p.booth.place(ctx, p.number, to)
	if err != nil {
		return err
	}
	p.follow(call)
	p.state(ctx, "calling")
	return nil
}

func (p *page) press(ctx context.Context, keys string) error {
	if p.call == nil {
		return errors.New("there is no call")
	}
	return p.call.Press(ctx, keys)
}

func (p *page) accept() error {
	if p.call == nil {
		return errors.New("there is no call")
	}
	p.call.Answer() // does nothing to a call the page placed
	return nil
}

// hangUp ends the call, or declines it. The page is told when it is over.
func (p *page) hangUp() {
	if p.call == nil {
		return
	}
	if p.call.From != p.number {
		carrier.Declines(p.call) // does nothing to an answered call
	}
	go p.call.HangUp() // takes as long as the other side does
}

// comesIn lets a call ring, or tells it that somebody is talking already.
func (p *page) comesIn(ctx context.Context, c *carrier.Call) {
	if p.call != nil {
		carrier.Busy(c)
		return
	}
	c.Ring()
	p.follow(c)
	p.ringing = nil // the page is told "incoming" instead
	p.state(ctx, "incoming")
}

func (p *page) follow(c *carrier.Call) {
	p.call, p.ringing, p.answered, p.ended = c, c.Ringing(), c.Answered(), c.Done()
}

// listenIn joins the sounds: from ringing on, since the other side may speak before it answers.
func (p *page) listenIn(ctx context.Context, state string) {
	media.Connect(p.call.Port(), p.sound)
	p.state(ctx, state)
}

func (p *page) state(ctx context.Context, state string) {
	p.tell(ctx, message{Type: "state", State: state, From: p.call.From, To: p.call.To})
}

// over takes leave of a call.
func (p *page) over(ctx context.Context) {
	media.Disconnect(p.sound)
	end := p.call.End()
	p.call, p.ringing, p.answered, p.ended = nil, nil, nil, nil
	p.tell(ctx, message{Type: "state", State: "ended", SIP: end.SIP, Reason: end.Reason, ByUs: end.ByUs})
}
