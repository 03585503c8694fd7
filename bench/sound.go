package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"sync/atomic"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"openseat/voice/media"
)

// browser makes the sound of agents' pages, as a browser would: WebRTC with one certificate.
type browser struct {
	api         *webrtc.API
	certificate webrtc.Certificate
}

func newBrowser() (*browser, error) {
	var engine webrtc.MediaEngine
	for pt, mime := range map[webrtc.PayloadType]string{0: webrtc.MimeTypePCMU, 8: webrtc.MimeTypePCMA, 126: "audio/telephone-event"} {
		codec := webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: 8000}, PayloadType: pt}
		if err := engine.RegisterCodec(codec, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	certificate, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, err
	}
	return &browser{
		webrtc.NewAPI(webrtc.WithMediaEngine(&engine), webrtc.WithSettingEngine(settings), webrtc.WithInterceptorRegistry(&interceptor.Registry{})),
		*certificate,
	}, nil
}

// sound is one page's sound in one call.
type sound struct {
	pc          *webrtc.PeerConnection
	out         *webrtc.TrackLocalStaticRTP
	up          chan struct{} // closed when something is heard
	sent, heard atomic.Int64
}

func (b *browser) open() (*sound, error) {
	pc, err := b.api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{b.certificate}})
	if err != nil {
		return nil, err
	}
	s := &sound{pc: pc, up: make(chan struct{})}
	pc.OnTrack(func(in *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { s.listen(in) })
	s.out, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}, "mic", "page")
	if err != nil {
		return nil, err
	}
	_, err = pc.AddTrack(s.out)
	return s, err
}

func (s *sound) listen(in *webrtc.TrackRemote) {
	buf := make([]byte, maxPacket)
	for {
		if _, _, err := in.Read(buf); err != nil {
			return
		}
		if s.heard.Add(1) == 1 {
			close(s.up)
		}
	}
}

// say sends packet number n.
func (s *sound) say(n int, payload []byte) {
	s.sent.Add(1)
	_ = s.out.WriteRTP(&rtp.Packet{ // what is lost is counted at the other end
		Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: uint32(n) * media.FrameSamples}, Payload: payload,
	})
}

// answer takes a ringing call with the page's sound.
func (s *sound) answer(ctx context.Context, p *page, session string) error {
	offer, err := s.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(s.pc)
	if err := s.pc.SetLocalDescription(offer); err != nil {
		return err
	}
	<-gathered
	params := about(session)
	params["sdp"] = s.pc.LocalDescription().SDP
	var accepted struct {
		SDP string `json:"sdp"`
	}
	if err := p.ask(ctx, "call.accept", params, &accepted); err != nil {
		return err
	}
	return s.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: accepted.SDP})
}
