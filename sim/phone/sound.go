package phone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"openseat/voice/media"
)

// aLaw is the sound of a page's connection.
func aLaw() webrtc.RTPCodecCapability {
	return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: media.SampleRate}
}

// lawPT is what the page's browser and we agree on: A-law, which every browser has (RFC 7874 section 3).
const lawPT = webrtc.PayloadType(media.PCMA)

// newSound makes a page's microphone and loudspeaker: a port whose transport is the browser's newest WebRTC connection.
func newSound() *media.Port {
	return media.NewPort(nil, media.Format{Codec: media.PCMA}, media.PortOptions{Name: "demo phone"})
}

// answer takes a browser's offer, and its connection in place of an earlier one.
func answer(ctx context.Context, port *media.Port, offer string) (string, error) {
	pc, err := newPeer()
	if err != nil {
		return "", err
	}
	t, err := newTracks(pc)
	if err != nil {
		return "", errors.Join(err, pc.Close())
	}
	sdp, err := negotiate(ctx, pc, offer)
	if err != nil {
		return "", errors.Join(err, pc.Close())
	}
	port.SetTransport(t) // closes the earlier one
	return sdp, nil
}

// newPeer makes a connection that speaks A-law only and finds browsers on this machine.
func newPeer() (*webrtc.PeerConnection, error) {
	engine := &webrtc.MediaEngine{}
	err := engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: aLaw(),
		PayloadType:        lawPT,
	}, webrtc.RTPCodecTypeAudio)
	if err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
}

// drain reads the browser's receiver reports, which keeps pion going.
func drain(sender *webrtc.RTPSender) {
	b := make([]byte, 1500)
	for {
		if _, _, err := sender.Read(b); err != nil {
			return
		}
	}
}

func negotiate(ctx context.Context, pc *webrtc.PeerConnection, offer string) (string, error) {
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("offer: %w", err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("answer: %w", err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("answer: %w", err)
	}
	select {
	case <-gathered:
		return pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// tracks is a WebRTC connection as a media.Transport. A browser without a microphone never sends: then nothing is read.
type tracks struct {
	pc         *webrtc.PeerConnection
	speaker    *webrtc.TrackLocalStaticRTP
	microphone chan *webrtc.TrackRemote // filled once, when the first packet came
	reading    *webrtc.TrackRemote      // what ReadRTP took from it
	closed     chan struct{}
	once       sync.Once
}

func newTracks(pc *webrtc.PeerConnection) (*tracks, error) {
	speaker, err := webrtc.NewTrackLocalStaticRTP(aLaw(), "audio", "line")
	if err != nil {
		return nil, err
	}
	sender, err := pc.AddTrack(speaker)
	if err != nil {
		return nil, err
	}
	go drain(sender)
	t := &tracks{pc: pc, speaker: speaker, microphone: make(chan *webrtc.TrackRemote, 1), closed: make(chan struct{})}
	pc.OnTrack(func(microphone *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		select {
		case t.microphone <- microphone:
		default: // one is enough
		}
	})
	return t, nil
}

// ReadRTP implements media.Transport.
func (t *tracks) ReadRTP(b []byte) (int, error) {
	if t.reading == nil {
		select {
		case t.reading = <-t.microphone:
		case <-t.closed:
			return 0, net.ErrClosed
		}
	}
	n, _, err := t.reading.Read(b)
	return n, err
}

// WriteRTP implements media.Transport.
func (t *tracks) WriteRTP(b []byte) (int, error) { return t.speaker.Write(b) }

// Close implements media.Transport.
func (t *tracks) Close() (err error) {
	t.once.Do(func() {
		close(t.closed)
		err = t.pc.Close()
	})
	return err
}
