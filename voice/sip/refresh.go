package sip

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
)

// minSE is the shortest session interval we agree to, in seconds (RFC 4028 section 5).
const minSE = "90"

const minSession = 90 * time.Second

// session is what was agreed on giving signs of life (RFC 4028).
type session struct {
	interval time.Duration
	ours     bool // we give them
	known    bool // the far end knows of session timers
}

// readSession reads a Session-Expires header; 0 means that there is none worth the name.
func readSession(m wire.Message) (interval time.Duration, refresher string) {
	value := header(m, "Session-Expires")
	if value == "" {
		value = header(m, "x")
	}
	number, rest, _ := strings.Cut(value, ";")
	seconds, err := strconv.ParseUint(strings.TrimSpace(number), 10, 31)
	if err != nil {
		return 0, ""
	}
	for param := range strings.SplitSeq(rest, ";") {
		if key, v, _ := strings.Cut(param, "="); strings.EqualFold(strings.TrimSpace(key), "refresher") {
			refresher = strings.ToLower(strings.TrimSpace(v))
		}
	}
	return time.Duration(seconds) * time.Second, refresher
}

func knowsTimers(m wire.Message) bool {
	return lists(m, "Supported", "timer") || lists(m, "k", "timer")
}

func tooShortIn(req *wire.Request) bool {
	interval, _ := readSession(req)
	return interval > 0 && interval < minSession && knowsTimers(req)
}

// sessionIn is what we agree to when asked by an INVITE or UPDATE (RFC 4028 section 9, table 2). Who does not ask for signs of
// life is asked for them by us, so that a call whose far end vanished ends some day.
func sessionIn(req *wire.Request, usual time.Duration) session {
	interval, refresher := readSession(req)
	if interval == 0 {
		return session{interval: usual, ours: true, known: knowsTimers(req)}
	}
	return session{interval: max(interval, minSession), ours: refresher == "uas" || !knowsTimers(req), known: true}
}

// write states the agreement in a 2xx.
func (s session) write(res *wire.Response) {
	refresher := "uac"
	if s.ours {
		refresher = "uas"
	} else {
		res.AppendHeader(wire.NewHeader("Require", "timer"))
	}
	res.AppendHeader(wire.NewHeader("Supported", "timer"))
	res.AppendHeader(wire.NewHeader("Session-Expires", seconds(s.interval)+";refresher="+refresher))
}

// sessionFrom is the agreement that a 2xx to our INVITE or UPDATE states. If it states none, we give signs all the same.
func sessionFrom(res *wire.Response, usual time.Duration) session {
	interval, refresher := readSession(res)
	if interval == 0 {
		return session{interval: usual, ours: true}
	}
	return session{interval: max(interval, minSession), ours: refresher != "uas", known: true}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// refresher gives signs of life, or waits for them. It belongs to the leg's mailbox.
type refresher struct {
	timer   *time.Timer
	session session
	update  bool // the far end understands UPDATE
}

func (r *refresher) stop() {
	if r.timer != nil {
		r.timer.Stop()
	}
}

// start begins an interval.
func (r *refresher) start(l *leg, s session, update bool) {
	r.stop()
	r.session, r.update = s, update
	if s.ours {
		r.timer = l.after(s.interval/2, l.giveSign)
		return
	}
	r.timer = l.after(s.interval-min(32*time.Second, s.interval/3), func() { l.vanished("session expired") })
}

// refreshed begins the next interval.
func (l *leg) refreshed(s session) { l.refresh.start(l, s, l.refresh.update) }

// vanished ends a call whose far end gives no sign of life.
func (l *leg) vanished(why string) {
	l.bye(0)
	l.end(call.Cause{SIP: 408, Text: why})
	l.forget()
}

// giveSign shows the far end that we live, and sees whether it does: by UPDATE if it understands that, by a re-INVITE that
// changes nothing if it knows of session timers, else by asking what it can do.
func (l *leg) giveSign() {
	switch {
	case l.asking || l.final != nil: // somebody is negotiating: not now
		l.refresh.timer = l.after(10*time.Second, l.giveSign)
	case l.refresh.update:
		l.ask(l.withSession(l.request(wire.UPDATE)), l.signAnswered)
	case l.refresh.session.known:
		req := l.withSession(l.request(wire.INVITE))
		withSDP(req, l.sound.offer())
		l.askInvite(req, l.signAnswered)
	default:
		l.ask(l.request(wire.OPTIONS), l.signAnswered)
	}
}

func (l *leg) withSession(req *wire.Request) *wire.Request {
	req.AppendHeader(wire.NewHeader("Supported", "timer"))
	req.AppendHeader(wire.NewHeader("Session-Expires", seconds(l.refresh.session.interval)+";refresher=uac"))
	req.AppendHeader(wire.NewHeader("Min-SE", minSE))
	return req
}

func (l *leg) signAnswered(res *wire.Response, err error) {
	switch {
	case l.state != up:
	case lost(res, err):
		l.vanished("no sign of life")
	case res.StatusCode == 491:
		l.refresh.timer = l.after(l.glarePause(), l.giveSign)
	case res.IsSuccess() && res.CSeq().MethodName != wire.OPTIONS:
		l.dialog.retarget(res)
		l.refreshed(sessionFrom(res, l.refresh.session.interval))
	default: // it lives, and does not like the question
		l.refreshed(l.refresh.session)
	}
}

// glarePause is how long to wait after both ends asked at the same time: who made the Call-ID waits longer (RFC 3261
// section 14.1).
func (l *leg) glarePause() time.Duration {
	if l.invite == "" { // we called
		return 2100*time.Millisecond + rand.N(1900*time.Millisecond) //nolint:gosec // nobody gains by guessing it
	}
	return rand.N(2 * time.Second) //nolint:gosec // nobody gains by guessing it
}
