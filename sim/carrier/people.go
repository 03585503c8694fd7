package carrier

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"

	"openseat/voice/media"
)

// VoicemailHeader marks a 200 that a mailbox gave, with the value "voicemail".
const VoicemailHeader = "X-OpenSeat-Answered-By"

// Causes of ITU-T Q.850.
const (
	causeNoSuchNumber = 1
	causeBusy         = 17
	causeNoAnswer     = 19
	causeAbsent       = 20
	causeRejected     = 21
	causeOutOfOrder   = 38
)

// Script is how a called person behaves.
type Script func(*Call)

// ByLastDigit picks the script of a number by its last digit, as the package comment tells. Other numbers do not exist.
func ByLastDigit(to string) Script {
	if to == "" {
		return NoSuchNumber
	}
	switch to[len(to)-1] {
	case '0':
		return Busy
	case '1':
		return Speaks
	case '2':
		return HangsUpSoon
	case '3':
		return RingsLong
	case '4':
		return Rejects
	case '5':
		return NeverAnswers
	case '6':
		return PoweredOff
	case '8':
		return Voicemail
	case '9':
		return Fault
	default:
		return NoSuchNumber
	}
}

// Busy is on the phone.
func Busy(c *Call) { c.Refuse(sip.StatusBusyHere, "Busy Here", causeBusy) }

// PoweredOff cannot be reached.
func PoweredOff(c *Call) {
	c.Refuse(sip.StatusTemporarilyUnavailable, "Temporarily Unavailable", causeAbsent)
}

// NoSuchNumber is nobody.
func NoSuchNumber(c *Call) { c.Refuse(sip.StatusNotFound, "Not Found", causeNoSuchNumber) }

// Fault is trouble inside the carrier.
func Fault(c *Call) {
	c.Refuse(sip.StatusServiceUnavailable, "Service Unavailable", causeOutOfOrder)
}

// Speaks answers and speaks until somebody hangs up.
func Speaks(c *Call) {
	if c.ringFor(c.carrier.opts.Pace.Ring) {
		c.Answer()
		c.Say(c.carrier.opts.Voice, true)
	}
}

// HangsUpSoon answers, listens for a moment and hangs up.
func HangsUpSoon(c *Call) {
	if !c.ringFor(c.carrier.opts.Pace.Ring) {
		return
	}
	c.Answer()
	if c.pause(c.carrier.opts.Pace.Short) {
		c.HangUp()
	}
}

// RingsLong takes long to find the phone.
func RingsLong(c *Call) {
	if c.ringFor(c.carrier.opts.Pace.LongRing) {
		c.Answer()
		c.Say(c.carrier.opts.Voice, true)
	}
}

// Rejects looks who calls, and does not want to.
func Rejects(c *Call) {
	if c.ringFor(c.carrier.opts.Pace.Ring) {
		Declines(c)
	}
}

// Declines does not even look.
func Declines(c *Call) { c.Refuse(sip.StatusGlobalDecline, "Decline", causeRejected) }

// NeverAnswers is not at home; at last the carrier gives up.
func NeverAnswers(c *Call) {
	if c.ringFor(c.carrier.opts.Pace.GiveUp) {
		c.Refuse(sip.StatusTemporarilyUnavailable, "No Answer", causeNoAnswer)
	}
}

// Voicemail is a mailbox that says so, greets, beeps and listens for as long as the carrier gives up after.
func Voicemail(c *Call) {
	if !c.ringFor(c.carrier.opts.Pace.Ring) {
		return
	}
	c.Answer(VoicemailHeader, "voicemail")
	if c.hearOut(c.carrier.opts.Greeting) && c.hearOut(media.Beep()) && c.pause(c.carrier.opts.Pace.GiveUp) {
		c.HangUp()
	}
}

// hearOut plays src to its end and tells whether the call is still there.
func (c *Call) hearOut(src media.Source) bool {
	played := make(chan bool, 1)
	c.port.Play(src, false, func(finished bool) { played <- finished })
	return <-played
}

// ringFor rings and tells whether the caller is still there.
func (c *Call) ringFor(d time.Duration) bool {
	c.Ring()
	return c.pause(d)
}

// pause lets time pass and tells whether the call is still there.
func (c *Call) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.done:
		return false
	}
}

// speak says text and then is quiet for a moment. Without a speech engine the hum takes the text's place.
func speak(text string, hum *media.Clip) media.Source {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	pcm, err := media.NewEspeak().Say(ctx, text, "en")
	if err != nil {
		pcm = hum.PCM()
	}
	return media.NewClip("voice", append(pcm[:len(pcm):len(pcm)], media.Quiet(time.Second).PCM()...))
}
