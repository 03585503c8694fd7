package rtc

import (
	"context"
	"time"

	"openseat/core/call"
	"openseat/voice/media"
)

// Echo lets a page hear itself, half a second later and for so long at most: it finds out whether its microphone, its speaker and
// the way to us are in order. name is whose test it is; a later one of the same name takes the earlier one's place.
func (s *Server) Echo(ctx context.Context, name, sdp string, atMost time.Duration) (answer string, err error) {
	if _, err := readOffer(sdp); err != nil {
		return "", err
	}
	echo := media.NewEcho()
	l := s.openLeg(legKey{session: name}, nobody{}, echo.Hear) // no instance has number 0
	l.port.Play(echo, true, nil)
	answer, err = s.Offer(ctx, 0, "", name, "echo", sdp)
	if err != nil {
		l.HangUp(0, 0)
		return "", err
	}
	time.AfterFunc(atMost, func() { l.HangUp(0, 0) })
	return answer, nil
}

// nobody listens to an echo.
type nobody struct{}

func (nobody) Ringing()         {}
func (nobody) Progress()        {}
func (nobody) Answered(bool)    {}
func (nobody) Ended(call.Cause) {}
func (nobody) Digit(byte)       {}
func (nobody) Held(bool)        {}
func (nobody) MediaLost()       {}
func (nobody) MediaBack()       {}
