package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"openseat/voice/media"
)

// line is an agent's sound without a browser: a WebRTC connection that sings and listens.
type line struct {
	pc     *webrtc.PeerConnection
	port   *media.Port
	recent *media.Ear
	heard  chan struct{} // a packet came
	once   sync.Once
}

// newLine makes a line that will sing hz, and its offer.
func newLine(hz float64) (*line, string, error) {
	pc, err := newPeer()
	if err != nil {
		return nil, "", err
	}
	l := &line{pc: pc, recent: media.NewEar(moment), heard: make(chan struct{}, 1)}
	t, err := newTracks(pc)
	if err != nil {
		return nil, "", errors.Join(err, pc.Close())
	}
	l.port = media.NewPort(t, media.Format{Codec: media.PCMA}, media.PortOptions{Hear: l.hear})
	l.port.Play(media.ToneSource(hz), true, nil)
	offer, err := pc.CreateOffer(nil)
	if err == nil {
		err = pc.SetLocalDescription(offer)
	}
	if err != nil {
		l.close()
		return nil, "", err
	}
	return l, offer.SDP, nil
}

// moment is how much sound tells a tone.
const moment = 300 * time.Millisecond

func newPeer() (*webrtc.PeerConnection, error) {
	engine := &webrtc.MediaEngine{}
	err := engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: media.SampleRate},
		PayloadType:        webrtc.PayloadType(media.PCMA),
	}, webrtc.RTPCodecTypeAudio)
	if err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
}

// answered takes the center's answer, as call.accept or media.offer gave it.
func (l *line) answered(result json.RawMessage) error {
	var a struct {
		SDP        string     `json:"sdp"`
		MediaError *seatError `json:"mediaError"`
	}
	if err := json.Unmarshal(result, &a); err != nil {
		return err
	}
	if a.MediaError != nil {
		return a.MediaError
	}
	return l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: a.SDP})
}

func (l *line) hear(ts uint32, c media.Codec, sound []byte) {
	l.recent.Hear(ts, c, sound)
	select {
	case l.heard <- struct{}{}:
	default:
	}
}

// awaitSound waits until something is heard.
func (l *line) awaitSound(ctx context.Context) error {
	for !loud(l.recent.PCM()) {
		select {
		case <-l.heard:
		case <-ctx.Done():
			return fmt.Errorf("the line is silent: %w", ctx.Err())
		}
	}
	return nil
}

// awaitTone waits until the last moment was a clear tone of hz.
func (l *line) awaitTone(ctx context.Context, hz float64) error {
	for {
		pcm := l.recent.PCM()
		found, purity := media.Detect(pcm)
		if len(pcm) >= int(moment.Seconds()*media.SampleRate) && math.Abs(found-hz) < 15 && purity > 0.9 {
			return nil
		}
		select {
		case <-l.heard:
		case <-ctx.Done():
			return fmt.Errorf("awaiting a tone of %v Hz, heard %.0f Hz (%.2f of it): %w", hz, found, purity, ctx.Err())
		}
	}
}

func (l *line) close() { l.once.Do(l.port.Close) }

// tracks is a WebRTC connection as a media.Transport.
type tracks struct {
	pc      *webrtc.PeerConnection
	out     *webrtc.TrackLocalStaticRTP
	arrived chan *webrtc.TrackRemote // filled once, when the first packet came
	in      *webrtc.TrackRemote      // what ReadRTP took from it
	closed  chan struct{}
	once    sync.Once
}

func newTracks(pc *webrtc.PeerConnection) (*tracks, error) {
	out, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: media.SampleRate}, "audio", "agent")
	if err != nil {
		return nil, err
	}
	sender, err := pc.AddTrack(out)
	if err != nil {
		return nil, err
	}
	go func() { // reads the reports, which keeps pion going
		b := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(b); err != nil {
				return
			}
		}
	}()
	t := &tracks{pc: pc, out: out, arrived: make(chan *webrtc.TrackRemote, 1), closed: make(chan struct{})}
	pc.OnTrack(func(in *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		select {
		case t.arrived <- in:
		default: // one is enough
		}
	})
	return t, nil
}

// ReadRTP implements media.Transport.
func (t *tracks) ReadRTP(b []byte) (int, error) {
	if t.in == nil {
		select {
		case t.in = <-t.arrived:
		case <-t.closed:
			return 0, net.ErrClosed
		}
	}
	n, _, err := t.in.Read(b)
	return n, err
}

// WriteRTP implements media.Transport.
func (t *tracks) WriteRTP(b []byte) (int, error) { return t.out.Write(b) }

// Close implements media.Transport.
func (t *tracks) Close() (err error) {
	t.once.Do(func() {
		close(t.closed)
		err = t.pc.Close()
	})
	return err
}
