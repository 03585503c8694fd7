package sip_test

import (
	"context"
	"testing"
	"time"

	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/sip"
)

// person is somebody behind a leg, who speaks a tone and hears.
type person struct {
	port  *media.Port
	ear   *media.Ear
	heard chan struct{}
}

func behind(t *testing.T, l voice.Leg, hz float64) *person {
	t.Helper()
	desk, head := media.Pipe()
	format := media.Format{Codec: media.PCMA, DTMF: 101}
	p := &person{ear: media.NewEar(300 * time.Millisecond), heard: make(chan struct{}, 1)}
	middle := media.NewPort(desk, format, media.PortOptions{})
	p.port = media.NewPort(head, format, media.PortOptions{Hear: p.hear})
	p.port.Play(media.ToneSource(hz), true, nil)
	media.Connect(middle, l.Port())
	t.Cleanup(middle.Close)
	t.Cleanup(p.port.Close)
	return p
}

func (p *person) hear(ts uint32, c media.Codec, sound []byte) {
	p.ear.Hear(ts, c, sound)
	select {
	case p.heard <- struct{}{}:
	default:
	}
}

func (p *person) expect(t *testing.T, hz float64) {
	t.Helper()
	for limit := time.After(patience); p.ear.Hears() != hz; {
		select {
		case <-p.heard:
		case <-limit:
			t.Fatalf("hears %v Hz, want %v", p.ear.Hears(), hz)
		}
	}
}

// keys is a listener that hands digits on.
type keys struct {
	*answered

	digits chan byte
}

func (k keys) Digit(d byte) { k.digits <- d }

// legOffice hands the legs that arrive to the test.
type legOffice struct{ legs chan voice.Call }

func (o legOffice) Arrive(_ context.Context, c voice.Call) error {
	o.legs <- c
	return nil
}

// Two of our servers call each other on real sockets: they hear each other's tones, in either law, and each other's keys.
func TestTalk(t *testing.T) {
	for _, law := range []string{"PCMA", "PCMU"} {
		t.Run(law, func(t *testing.T) {
			door := legOffice{make(chan voice.Call, 1)}
			there := openOffice(t, func(o *office, opts *sip.Options) {
				opts.Door, o.trunks[0].Codecs = door, []string{law}
			})
			here := openOffice(t, func(o *office, _ *sip.Options) { o.trunks[0].Peer = there.Addr().String() })
			caller := keys{newAnswered(), make(chan byte, 10)}
			out := here.Dial(here.trunks[0], "1", "2", patience, caller)
			in := <-door.legs
			callee := keys{newAnswered(), make(chan byte, 10)}
			in.Attach(callee)
			in.Leg.Answer()
			<-caller.up
			<-callee.up
			a, b := behind(t, out, 440), behind(t, in.Leg, 660)
			a.expect(t, 660)
			b.expect(t, 440)
			out.SendDigits("15#")
			in.Leg.SendDigits("*A")
			for _, want := range "15#" {
				if got := <-callee.digits; got != byte(want) {
					t.Errorf("callee hears %c, want %c", got, want)
				}
			}
			for _, want := range "*A" {
				if got := <-caller.digits; got != byte(want) {
					t.Errorf("caller hears %c, want %c", got, want)
				}
			}
			if got := out.Port().Format().Codec.String(); got != law {
				t.Errorf("%s agreed", got)
			}
			in.Leg.HangUp(0, 0)
			<-caller.over
		})
	}
}
