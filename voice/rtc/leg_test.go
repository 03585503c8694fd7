package rtc_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"openseat"
	"openseat/voice"
	"openseat/voice/media"
	"openseat/voice/rtc"
)

// talk is an agent's page that has been connected.
func talk(t *testing.T, s *rtc.Server, hz float64) (*page, *diary, voice.Leg) {
	t.Helper()
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	p := browse(t, hz)
	p.join(s)
	told.expect(t, "answered")
	return p, told, leg
}

func TestRecordingGoesOnWhenThePageIsReloaded(t *testing.T) {
	s := open(t, nil)
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	dir := t.TempDir()
	spool, err := media.OpenSpool(dir, media.SpoolOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(spool.Close)
	first := browse(t, 880)
	first.join(s)
	told.expect(t, "answered")
	recording, err := spool.Start("alice", media.PCMA)
	if err != nil {
		t.Fatal(err)
	}
	leg.Port().Record(recording)
	c := meet(t, leg, 440)
	c.expect(t, 880)
	second := browse(t, 660)
	second.join(s)
	told.expect(t, "media back")
	c.expect(t, 660)
	recording.Stop()
	<-recording.Done()
	wav, err := os.ReadFile(filepath.Join(dir, "alice.wav"))
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := media.ReadWAV(wav)
	if err != nil {
		t.Fatal(err)
	}
	const part = 2000
	for _, at := range []struct {
		what string
		pcm  []int16
		want float64
	}{{"beginning", pcm[400 : 400+part], 880}, {"end", pcm[len(pcm)-part-400 : len(pcm)-400], 660}} {
		if hz, _ := media.Detect(at.pcm); hz < at.want-10 || hz > at.want+10 {
			t.Errorf("%s: %.0f Hz, want %.0f", at.what, hz, at.want)
		}
	}
}

// A page that is closed says farewell: its sound is lost at once. With a new one, it is back.
func TestPageLeavesAndComesBack(t *testing.T) {
	s := open(t, func(o *rtc.Options) { o.LossAfter = time.Hour })
	p, told, leg := talk(t, s, 880)
	meet(t, leg, 440)
	p.expect(t, 440)
	p.close()
	told.expect(t, "media lost")
	again := browse(t, 660)
	again.join(s)
	told.expect(t, "media back")
	leg.HangUp(0, 0)
	told.expect(t, "ended")
	told.silent(t)
}

// The network is gone for a while, or the microphone: the connection stays.
func TestSilence(t *testing.T) {
	s := open(t, func(o *rtc.Options) { o.LossAfter = 300 * time.Millisecond })
	p, told, _ := talk(t, s, 880)
	p.hush()
	told.expect(t, "media lost")
	p.port.Play(media.ToneSource(880), true, nil)
	told.expect(t, "media back")
}

// A page without a microphone only hears, and nobody waits for its sound.
func TestPageWithoutMicrophone(t *testing.T) {
	s := open(t, func(o *rtc.Options) { o.LossAfter = 50 * time.Millisecond })
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	p := browse(t, 880)
	offer := strings.ReplaceAll(p.offer(), "a=sendrecv", "a=recvonly")
	answer, err := s.Offer(t.Context(), app, alice, session, "page", offer)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answer, "a=sendonly") {
		t.Errorf("answer: %s", answer)
	}
	p.hush()
	p.take(strings.ReplaceAll(answer, "a=sendonly", "a=sendrecv"))
	told.expect(t, "answered")
	meet(t, leg, 440)
	p.expect(t, 440) // takes longer than LossAfter
	told.silent(t)
}

// The page's offer and the call's word that it is welcome travel side by side.
func TestOfferThatComesFirst(t *testing.T) {
	s := open(t, nil)
	told, p := newDiary(), browse(t, 880)
	offer, answered := p.offer(), make(chan string, 1)
	go func() {
		answer, err := s.Offer(t.Context(), app, alice, session, "page", offer)
		if err != nil {
			t.Error(err)
		}
		answered <- answer
	}()
	s.Open(app, "bob@demo.openseat", session, newDiary())
	s.Open(app, alice, session, told)
	p.take(<-answered)
	told.expect(t, "answered")
}

func TestOfferForNobody(t *testing.T) {
	s := open(t, nil)
	s.Open(app, alice, session, newDiary())
	ended := s.Open(app, alice, "ended", newDiary())
	ended.HangUp(0, 0)
	offer := browse(t, 880).offer()
	for _, c := range []struct {
		name          string
		app           openseat.AppID
		user, session string
	}{
		{"another instance", app + 1, alice, session},
		{"another agent", app, "bob@demo.openseat", session},
		{"another session", app, alice, "session-2"},
		{"a session that ended", app, alice, "ended"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		answer, err := s.Offer(ctx, c.app, c.user, c.session, "page", offer)
		cancel()
		if answer != "" || !errors.Is(err, openseat.Errorf(openseat.CodeNotFound, "")) {
			t.Errorf("%s: %q, %v", c.name, answer, err)
		}
	}
	if n := s.Stats().Connections; n != 0 {
		t.Errorf("%d connections for nobody", n)
	}
}

// A page offers again and again, and connects with its last offer only.
func TestOffersInARow(t *testing.T) {
	s := open(t, nil)
	told := newDiary()
	leg := s.Open(app, alice, session, told)
	for range 5 {
		if _, err := s.Offer(t.Context(), app, alice, session, "page", browse(t, 660).offer()); err != nil {
			t.Fatal(err)
		}
	}
	p := browse(t, 880)
	p.join(s)
	told.expect(t, "answered")
	until(t, "one connection", func() bool { return s.Stats().Connections == 1 })
	c := meet(t, leg, 440)
	c.expect(t, 880)
	told.silent(t)
}

func TestBounds(t *testing.T) {
	s := open(t, func(o *rtc.Options) { o.MaxLegs, o.MaxConnections = 2, 1 })
	s.Open(app, alice, session, newDiary())
	s.Open(app, alice, "session-2", newDiary())
	told := newDiary()
	third := s.Open(app, alice, "session-3", told)
	told.expect(t, "ended")
	third.HangUp(0, 0)
	third.SendDigits("1")
	if _, err := s.Offer(t.Context(), app, alice, session, "page", browse(t, 880).offer()); err != nil {
		t.Fatal(err)
	}
	_, err := s.Offer(t.Context(), app, alice, "session-2", "page", browse(t, 880).offer())
	if !errors.Is(err, openseat.Errorf(openseat.CodeLimitExceeded, "")) {
		t.Errorf("a connection too many: %v", err)
	}
	again := newDiary()
	s.Open(app, alice, session, again) // takes the place of the first
	if got := s.Stats().Legs; got != 2 {
		t.Errorf("%d legs", got)
	}
}

func TestHangUp(t *testing.T) {
	for _, c := range []struct {
		name string
		page func(t *testing.T, s *rtc.Server, told *diary)
	}{
		{"before an offer", func(*testing.T, *rtc.Server, *diary) {}},
		{"before the page connects", func(t *testing.T, s *rtc.Server, _ *diary) {
			t.Helper()
			if _, err := s.Offer(t.Context(), app, alice, session, "page", browse(t, 880).offer()); err != nil {
				t.Fatal(err)
			}
		}},
		{"while talking", func(t *testing.T, s *rtc.Server, told *diary) {
			t.Helper()
			browse(t, 880).join(s)
			told.expect(t, "answered")
		}},
		{"while a reloaded page connects", func(t *testing.T, s *rtc.Server, told *diary) {
			t.Helper()
			browse(t, 880).join(s)
			told.expect(t, "answered")
			if _, err := s.Offer(t.Context(), app, alice, session, "page", browse(t, 880).offer()); err != nil {
				t.Fatal(err)
			}
		}},
		{"while talking over TCP", func(t *testing.T, s *rtc.Server, told *diary) {
			t.Helper()
			browse(t, 880, webrtc.NetworkTypeTCP4).join(s)
			told.expect(t, "answered")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, told := open(t, nil), newDiary()
			leg := s.Open(app, alice, session, told)
			leg.Ring()
			leg.Answer()
			c.page(t, s, told)
			leg.HangUp(486, 17)
			leg.HangUp(0, 0)
			told.expect(t, "ended")
			until(t, "nothing is left", func() bool {
				left := s.Stats()
				return left.Legs == 0 && left.Connections == 0 && left.Streams == 0
			})
			told.silent(t)
		})
	}
}
