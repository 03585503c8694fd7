package calltest

import (
	"time"

	"openseat"
	"openseat/core/call"
)

// do does a command as the runtime and the exchange would.
func (w *World) do(ref openseat.Ref, c openseat.Command) {
	s := ref.ID
	switch c := c.(type) {
	case openseat.Tell:
		w.After(CourierTime, func() { w.tell(c.To, c.Event) })
	case openseat.SetTimer:
		w.setTimer(ref, c.Name, c.After)
	case openseat.StopTimer:
		delete(w.timers, ref.String()+"/"+c.Name)
	case openseat.Reply:
		w.asks[c.Ask] = c
		delete(w.open, c.Ask)
	case openseat.Done:
		w.done[ref] = true
	case call.AnswerLeg:
		w.lineDoes(s, c.Leg, AnswerTime, call.LegAnswered{Leg: c.Leg})
	case call.OpenAgent:
		w.lines[s+"/"+c.Leg] = &line{}
		if !w.NoMedia[c.User] {
			w.lineDoes(s, c.Leg, MediaTime, call.LegAnswered{Leg: c.Leg})
		}
	case call.HangUpLeg:
		w.hangUp(s, c.Leg)
	case call.Play:
		w.play(s, c)
	case call.StopPlay:
		if w.plays[s+"/"+c.Leg].Play == c.Play {
			delete(w.plays, s+"/"+c.Leg)
		}
	case call.Hear:
		for leg := range c.Legs {
			delete(w.plays, s+"/"+leg)
		}
		w.heard[s] = c.Legs
	case call.RingSeat:
		w.ringSeat(s, c)
	case call.DialTrunk:
		w.lines[s+"/"+c.Leg] = &line{}
	case call.Record:
		w.takes[c.Record], w.least[c.Record] = w.Now, c.Least
	case call.StopRecord:
		w.stored(s, c.Record, StoreTime)
	case call.RecoverRecord:
		w.stored(s, c.Record, StoreTime)
	}
}

func (w *World) setTimer(ref openseat.Ref, name string, after time.Duration) {
	key := ref.String() + "/" + name
	var id uint64
	id = w.After(max(0, after), func() {
		if w.timers[key] == id {
			delete(w.timers, key)
			w.tell(ref, openseat.TimerFired{Name: name})
		}
	})
	w.timers[key] = id
}

// Timers is the number of timers that a thing waits for.
func (w *World) Timers(ref openseat.Ref) (n int) {
	prefix := ref.String() + "/"
	for key := range w.timers {
		if len(key) > len(prefix) && key[:len(prefix)] == prefix {
			n++
		}
	}
	return n
}

// Hears is who hears whom in a call, as it was told last.
func (w *World) Hears(session string) map[string][]string { return w.heard[session] }

// Played is what a leg is being played; empty when that is nothing.
func (w *World) Played(session, leg string) string {
	if ps := w.plays[session+"/"+leg].Prompts; len(ps) > 0 {
		return ps[0].Audio + ps[0].Text
	}
	return ""
}

// ringSeat rings a telephone: it is lifted after a while, or never.
func (w *World) ringSeat(session string, c call.RingSeat) {
	w.lines[session+"/"+c.Leg] = &line{}
	w.lineDoes(session, c.Leg, AnswerTime, call.LegRinging{Leg: c.Leg})
	if w.Lifts[c.User] {
		w.lineDoes(session, c.Leg, LiftTime, call.LegAnswered{Leg: c.Leg})
	}
}

func (w *World) line(session, leg string) *line {
	l := w.lines[session+"/"+leg]
	if l == nil {
		l = &line{}
		w.lines[session+"/"+leg] = l
	}
	return l
}

// lineDoes has a line do something later, if it is still there.
func (w *World) lineDoes(session, leg string, after time.Duration, e openseat.Event) {
	l := w.line(session, leg)
	w.After(after, func() {
		if !l.gone {
			w.TellCall(session, e)
		}
	})
}

func (w *World) hangUp(session, leg string) {
	l := w.line(session, leg)
	if l.gone {
		return
	}
	l.gone = true
	w.After(HangUpTime, func() { w.TellCall(session, call.LegEnded{Leg: leg, Cause: call.Cause{SIP: 200}}) })
}

func (w *World) play(session string, c call.Play) {
	key := session + "/" + c.Leg
	w.plays[key] = c
	if c.Loop {
		return
	}
	w.After(time.Duration(len(c.Prompts))*PromptTime, func() {
		if w.plays[key].Play == c.Play {
			delete(w.plays, key)
			w.TellCall(session, call.PlayEnded{Leg: c.Leg, Play: c.Play})
		}
	})
}

func (w *World) stored(session, record string, after time.Duration) {
	began, ok := w.takes[record]
	if !ok { // it never began
		w.After(after, func() { w.TellCall(session, call.RecordingFailed{Record: record, Reason: "nothing was recorded"}) })
		return
	}
	d := w.Now.Sub(began)
	if d < w.least[record] {
		w.After(after, func() { w.TellCall(session, call.RecordingFailed{Record: record, Reason: "too short"}) })
		return
	}
	w.After(after, func() {
		w.TellCall(session, call.RecordingReady{Record: record, Blob: "recordings/" + record + ".mp3", Duration: d, Size: int64(d / time.Millisecond * 2)})
	})
}
