package phone_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"openseat/sim/carrier"
	"openseat/sim/phone"
	"openseat/voice/media"
)

// world is a booth on one carrier, with another in OpenSeat's place.
type world struct {
	server   *httptest.Server
	openseat *carrier.Carrier
	arrived  chan *carrier.Call // at OpenSeat
	tel      *carrier.Carrier
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{arrived: make(chan *carrier.Call, 1)}
	open := func(o carrier.Options) *carrier.Carrier {
		o.Addr, o.Voice, o.Greeting = "127.0.0.1:0", media.ToneSource(440), media.ToneSource(660)
		c, err := carrier.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	w.openseat = open(carrier.Options{Pick: func(string) carrier.Script {
		return func(c *carrier.Call) { w.arrived <- c }
	}})
	booth := phone.New(func(ctx context.Context, from, to string) (*carrier.Call, error) { return w.tel.Call(ctx, from, to) }, nil)
	w.tel = open(carrier.Options{Peer: w.openseat.Addr().String(), Pick: booth.Pick})
	w.server = httptest.NewServer(booth)
	t.Cleanup(w.server.Close)
	return w
}

func (w *world) calls(t *testing.T, to string) *carrier.Call {
	t.Helper()
	call, err := w.openseat.Call(t.Context(), "008640080010", to, carrier.ToPeer(w.tel.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	return call
}

// page is a browser with the demo page open.
type page struct {
	t      *testing.T
	ctx    context.Context
	ws     *websocket.Conn
	number string
	port   *media.Port
	ear    *media.Ear
}

type message map[string]any

func (w *world) open(t *testing.T) *page {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	ws, _, err := websocket.Dial(ctx, w.server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{t: t, ctx: ctx, ws: ws, ear: media.NewEar(300 * time.Millisecond)}
	t.Cleanup(p.close)
	p.number = p.hears("hello")["number"].(string)
	return p
}

func (p *page) close() { p.ws.CloseNow() }

func (p *page) says(m message) {
	p.t.Helper()
	if err := wsjson.Write(p.ctx, p.ws, m); err != nil {
		p.t.Fatal(err)
	}
}

// hears waits for the next message, which must be of this type.
func (p *page) hears(kind string) message {
	p.t.Helper()
	var m message
	if err := wsjson.Read(p.ctx, p.ws, &m); err != nil {
		p.t.Fatalf("awaiting %s: %v", kind, err)
	}
	if m["type"] != kind {
		p.t.Fatalf("told %v, want %s", m, kind)
	}
	return m
}

func (p *page) state(want string) message {
	p.t.Helper()
	m := p.hears("state")
	if m["state"] != want {
		p.t.Fatalf("told %v, want %s", m, want)
	}
	return m
}

// speaks connects the page's sound; without a microphone it only listens.
func (p *page) speaks(hz float64) {
	p.t.Helper()
	pc, line := browser(p.t, hz != 0)
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	p.says(message{"type": "offer", "sdp": pc.LocalDescription().SDP})
	answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: p.hears("answer")["sdp"].(string)}
	if err := pc.SetRemoteDescription(answer); err != nil {
		p.t.Fatal(err)
	}
	p.port = media.NewPort(line, media.Format{Codec: media.PCMA}, media.PortOptions{Hear: p.ear.Hear})
	p.t.Cleanup(p.port.Close)
	if hz != 0 {
		p.port.Play(media.ToneSource(hz), true, nil)
	}
}

// awaitTone waits until the page's loudspeaker gives a tone.
func (p *page) awaitTone(hz float64) {
	p.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for p.ear.Hears() != hz {
		select {
		case <-tick.C:
		case <-p.ctx.Done():
			p.t.Fatalf("heard %g Hz, want %g", p.ear.Hears(), hz)
		}
	}
}

// browser makes what RTCPeerConnection is to a page.
func browser(t *testing.T, microphone bool) (*webrtc.PeerConnection, *line) {
	t.Helper()
	engine := &webrtc.MediaEngine{}
	capability := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}
	if err := engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: capability, PayloadType: 8}, webrtc.RTPCodecTypeAudio); err != nil {
		t.Fatal(err)
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	l := &line{pc: pc, heard: make(chan *webrtc.TrackRemote, 1), closed: make(chan struct{})}
	t.Cleanup(func() { l.Close() })
	pc.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { l.heard <- remote })
	if !microphone {
		if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
		return pc, l
	}
	if l.mic, err = webrtc.NewTrackLocalStaticRTP(capability, "audio", "mic"); err != nil {
		t.Fatal(err)
	}
	if _, err := pc.AddTrack(l.mic); err != nil {
		t.Fatal(err)
	}
	return pc, l
}

// line is a browser's connection as a media.Transport.
type line struct {
	pc     *webrtc.PeerConnection
	mic    *webrtc.TrackLocalStaticRTP
	heard  chan *webrtc.TrackRemote
	remote *webrtc.TrackRemote
	closed chan struct{}
}

func (l *line) ReadRTP(b []byte) (int, error) {
	if l.remote == nil {
		select {
		case l.remote = <-l.heard:
		case <-l.closed:
			return 0, context.Canceled
		}
	}
	n, _, err := l.remote.Read(b)
	return n, err
}

func (l *line) WriteRTP(b []byte) (int, error) {
	if l.mic == nil {
		return len(b), nil
	}
	return l.mic.Write(b)
}

func (l *line) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return l.pc.Close()
}

func TestThePageCallsAndTalks(t *testing.T) {
	w := newWorld(t)
	p := w.open(t)
	p.speaks(880)
	p.says(message{"type": "call", "to": "00864008001000"})
	if m := p.state("calling"); m["from"] != p.number || m["to"] != "00864008001000" {
		t.Errorf("calling %v", m)
	}
	desk := <-w.arrived
	if desk.From != p.number || desk.To != "00864008001000" {
		t.Errorf("a call from %s to %s arrived", desk.From, desk.To)
	}
	desk.Ring()
	p.state("ringing")
	desk.Answer()
	p.state("talking")
	desk.Say(media.ToneSource(600), true)
	p.awaitTone(600)
	if err := desk.AwaitTone(p.ctx, 880); err != nil {
		t.Fatal(err)
	}
	p.says(message{"type": "keys", "keys": "12#"})
	if err := desk.AwaitDigits(p.ctx, "12#"); err != nil {
		t.Fatal(err)
	}
	p.says(message{"type": "call", "to": "1"})
	p.hears("error")
	p.says(message{"type": "hangUp"})
	if m := p.state("ended"); m["sip"] != 200.0 || m["byUs"] != true {
		t.Errorf("ended %v", m)
	}
	<-desk.Done()
}

func TestARefusalIsTold(t *testing.T) {
	w := newWorld(t)
	p := w.open(t)
	p.says(message{"type": "call", "to": "00864008001000"})
	p.state("calling")
	carrier.Busy(<-w.arrived)
	if m := p.state("ended"); m["sip"] != 486.0 || m["reason"] != "Busy Here" {
		t.Errorf("ended %v", m)
	}
}

func TestThePageIsCalled(t *testing.T) {
	w := newWorld(t)
	first, p := w.open(t), w.open(t)
	if first.number == p.number {
		t.Fatal("two pages have one number")
	}
	p.speaks(0)                                                // no microphone
	for _, to := range []string{p.number, "008613900009999"} { // its own number, and nobody's: the newest page rings
		desk := w.calls(t, to)
		if m := p.state("incoming"); m["from"] != "008640080010" {
			t.Errorf("incoming %v", m)
		}
		p.says(message{"type": "accept"})
		p.state("talking")
		desk.Say(media.ToneSource(600), true)
		p.awaitTone(600)
		busy := w.calls(t, p.number)
		<-busy.Done()
		if end := busy.End(); end.SIP != 486 {
			t.Errorf("a second call ended %+v", end)
		}
		desk.HangUp()
		if m := p.state("ended"); m["byUs"] == true {
			t.Errorf("ended %v", m)
		}
	}
}

func TestThePageDeclines(t *testing.T) {
	w := newWorld(t)
	p := w.open(t)
	desk := w.calls(t, p.number)
	p.state("incoming")
	p.says(message{"type": "hangUp"})
	p.state("ended")
	<-desk.Done()
	if end := desk.End(); end.SIP != 603 || end.Q850 != 21 {
		t.Errorf("the caller's end: %+v", end)
	}
}

func TestClosingThePageHangsUp(t *testing.T) {
	w := newWorld(t)
	p := w.open(t)
	p.says(message{"type": "call", "to": "00864008001000"})
	p.state("calling")
	desk := <-w.arrived
	desk.Answer()
	p.state("talking")
	p.close()
	<-desk.Done()
	if end := desk.End(); end.SIP != 200 {
		t.Errorf("end: %+v", end)
	}
}

func TestWithoutAPageTheDigitDecides(t *testing.T) {
	w := newWorld(t)
	desk := w.calls(t, "008613900001007")
	<-desk.Done()
	if end := desk.End(); end.SIP != 404 {
		t.Errorf("end: %+v", end)
	}
}

func TestNonsenseIsAnswered(t *testing.T) {
	w := newWorld(t)
	p := w.open(t)
	for _, m := range []message{{"type": "offer", "sdp": "v=1"}, {"type": "keys", "keys": "1"}, {"type": "accept"}, {"type": "call"}, {"type": "sing"}} {
		p.says(m)
		p.hears("error")
	}
}
