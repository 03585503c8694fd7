package rtc_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"openseat/core/call"
	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/rtc"
)

const (
	app     = 1400000001
	alice   = "alice@demo.openseat"
	session = "session-1"
	patient = 10 * time.Second
)

// open starts a server on loopback.
func open(t *testing.T, change func(*rtc.Options)) *rtc.Server {
	t.Helper()
	opts := rtc.Options{PublicIP: netip.MustParseAddr("127.0.0.1")}
	if change != nil {
		change(&opts)
	}
	s, err := rtc.Listen(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// diary is a voice.Listener that hands on what it is told.
type diary struct{ news chan string }

func newDiary() *diary { return &diary{make(chan string, 1000)} }

func (d *diary) Ringing()         { d.news <- "ringing" }
func (d *diary) Progress()        { d.news <- "progress" }
func (d *diary) Answered(bool)    { d.news <- "answered" }
func (d *diary) Ended(call.Cause) { d.news <- "ended" }
func (d *diary) Digit(digit byte) { d.news <- "digit " + string(digit) }
func (d *diary) Held(bool)        { d.news <- "held" }
func (d *diary) MediaLost()       { d.news <- "media lost" }
func (d *diary) MediaBack()       { d.news <- "media back" }

// silent says that nothing more was told.
func (d *diary) silent(t *testing.T) {
	t.Helper()
	select {
	case got := <-d.news:
		t.Errorf("told %q, want nothing", got)
	default:
	}
}

// until waits until something is true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	limit, tick := time.After(patient), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func (d *diary) expect(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-d.news:
		if got != want {
			t.Fatalf("told %q, want %q", got, want)
		}
	case <-time.After(patient):
		t.Fatalf("waited for %q in vain", want)
	}
}

// listener is somebody who hears, and can wait until he hears a tone.
type listener struct {
	ear   *media.Ear
	heard chan struct{}
}

func newListener() *listener {
	return &listener{media.NewEar(300 * time.Millisecond), make(chan struct{}, 1)}
}

func (l *listener) hear(ts uint32, c media.Codec, sound []byte) {
	l.ear.Hear(ts, c, sound)
	select {
	case l.heard <- struct{}{}:
	default:
	}
}

func (l *listener) expect(t *testing.T, hz float64) {
	t.Helper()
	limit := time.After(patient)
	for l.ear.Hears() != hz {
		select {
		case <-l.heard:
		case <-limit:
			t.Fatalf("hears %v Hz, want %v", l.ear.Hears(), hz)
		}
	}
}

// page is an agent's browser.
type page struct {
	*listener

	t      *testing.T
	pc     *webrtc.PeerConnection
	port   *media.Port
	digits chan byte
	hush   func() // it speaks no more
}

// track joins a browser's two tracks into a media.Transport. As a webrtc.TrackLocal it sends what it is given, payload types
// and all, which pion's own tracks do not.
type track struct {
	remote chan *webrtc.TrackRemote
	in     *webrtc.TrackRemote
	closed chan struct{}
	once   sync.Once

	mu  sync.Mutex
	out webrtc.TrackLocalContext
}

func (tr *track) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.out = c
	return c.CodecParameters()[0], nil
}

func (tr *track) Unbind(webrtc.TrackLocalContext) error { return nil }
func (tr *track) ID() string                            { return "mic" }
func (tr *track) RID() string                           { return "" }
func (tr *track) StreamID() string                      { return "page" }
func (tr *track) Kind() webrtc.RTPCodecType             { return webrtc.RTPCodecTypeAudio }

func (tr *track) ReadRTP(b []byte) (int, error) {
	if tr.in == nil {
		select {
		case tr.in = <-tr.remote:
		case <-tr.closed:
			return 0, net.ErrClosed
		}
	}
	n, _, err := tr.in.Read(b)
	return n, err
}

func (tr *track) WriteRTP(b []byte) (int, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	var p rtp.Packet
	if err := p.Unmarshal(b); err != nil || tr.out == nil {
		return 0, err
	}
	p.SSRC = uint32(tr.out.SSRC())
	return tr.out.WriteStream().WriteRTP(&p.Header, p.Payload)
}

func (tr *track) Close() error {
	tr.once.Do(func() { close(tr.closed) })
	return nil
}

// newBrowser makes a browser's connection, and the two tracks of its sound.
func newBrowser(networks ...webrtc.NetworkType) (*webrtc.PeerConnection, *track, error) {
	var engine webrtc.MediaEngine
	for pt, mime := range map[webrtc.PayloadType]string{0: webrtc.MimeTypePCMU, 8: webrtc.MimeTypePCMA, 126: "audio/telephone-event"} {
		capability := webrtc.RTPCodecCapability{MimeType: mime, ClockRate: media.SampleRate}
		codec := webrtc.RTPCodecParameters{RTPCodecCapability: capability, PayloadType: pt}
		if err := engine.RegisterCodec(codec, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, nil, err
		}
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	if networks != nil {
		settings.SetNetworkTypes(networks)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(&engine), webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, nil, err
	}
	tr := &track{remote: make(chan *webrtc.TrackRemote, 1), closed: make(chan struct{})}
	pc.OnTrack(func(r *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { tr.remote <- r })
	if _, err := pc.AddTrack(tr); err != nil {
		return nil, nil, errors.Join(err, pc.Close())
	}
	return pc, tr, nil
}

// browse opens a page that speaks a tone.
func browse(t *testing.T, hz float64, networks ...webrtc.NetworkType) *page {
	t.Helper()
	pc, tr, err := newBrowser(networks...)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{listener: newListener(), t: t, pc: pc, digits: make(chan byte, 100)}
	p.port = media.NewPort(tr, media.Format{Codec: media.PCMA, DTMF: 126}, media.PortOptions{
		Hear: p.hear, Events: media.Events{Digit: func(d byte) { p.digits <- d }},
	})
	p.hush = p.port.Play(media.ToneSource(hz), true, nil)
	t.Cleanup(p.close)
	return p
}

func (p *page) close() {
	p.port.Close()
	_ = p.pc.Close()
}

// offer is the page's SDP with all its candidates.
func (p *page) offer() string {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	<-gathered
	return p.pc.LocalDescription().SDP
}

func (p *page) take(answer string) {
	p.t.Helper()
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		p.t.Fatal(err)
	}
}

// join connects the page with the leg of its session.
func (p *page) join(s *rtc.Server) string {
	p.t.Helper()
	answer, err := s.Offer(context.Background(), app, alice, session, "page", p.offer())
	if err != nil {
		p.t.Fatal(err)
	}
	p.take(answer)
	return answer
}

// customer is the other side of the leg: he speaks a tone and hears.
type customer struct {
	*listener

	port   *media.Port
	digits chan byte
}

// meet connects a customer with a leg.
func meet(t *testing.T, l voice.Leg, hz float64) *customer {
	t.Helper()
	trunk, phone := media.Pipe()
	format := media.Format{Codec: media.PCMA, DTMF: 101}
	c := &customer{listener: newListener(), digits: make(chan byte, 100)}
	middle := media.NewPort(trunk, format, media.PortOptions{})
	c.port = media.NewPort(phone, format, media.PortOptions{Hear: c.hear, Events: media.Events{Digit: func(d byte) { c.digits <- d }}})
	c.port.Play(media.ToneSource(hz), true, nil)
	media.Connect(middle, l.Port())
	t.Cleanup(middle.Close)
	t.Cleanup(c.port.Close)
	return c
}

func expectDigits(t *testing.T, from chan byte, want string) {
	t.Helper()
	for i := range len(want) {
		select {
		case got := <-from:
			if got != want[i] {
				t.Fatalf("digit %c, want %c of %s", got, want[i], want)
			}
		case <-time.After(patient):
			t.Fatalf("digit %c of %s did not come", want[i], want)
		}
	}
}
