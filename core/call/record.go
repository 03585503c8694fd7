package call

import (
	"slices"
	"time"
)

// leastMessage is the shortest message worth keeping: less is a caller who hung up on the beep.
const leastMessage = time.Second

// The kinds of recordings.
const (
	kindRecord    = "record"
	kindVoicemail = "voicemail"
)

// startRecording records what a leg says; what names it within the call.
func (c *Call) startRecording(leg, what, endpoint string) *recording {
	return c.startKind(kindRecord, leg, what, endpoint)
}

func (c *Call) startKind(kind, leg, what, endpoint string) *recording {
	r := &recording{leg: leg, open: true, Recording: Recording{
		App: c.ref.App, SessionID: c.ref.ID, Record: c.id(what), Kind: kind, EndpointUser: endpoint, StartAt: c.now,
	}}
	c.records[r.Record] = r
	c.do(Record{Leg: leg, Record: r.Record, Least: r.least()})
	return r
}

// least is how long a recording must be to be kept.
func (r *recording) least() time.Duration {
	if r.Kind == kindVoicemail {
		return leastMessage
	}
	return 0
}

// recordIDs lists the call's recordings in a stable order.
func (c *Call) recordIDs() []string {
	ids := make([]string, 0, len(c.records))
	for id := range c.records {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (c *Call) openRecordings(kind string) []*recording {
	var out []*recording
	for _, id := range c.recordIDs() {
		if r := c.records[id]; r.open && r.Kind == kind {
			out = append(out, r)
		}
	}
	return out
}

func (c *Call) stopRecordings(which func(*recording) bool) {
	for _, id := range c.recordIDs() {
		if r := c.records[id]; r.open && which(r) {
			r.open = false
			c.do(StopRecord{Leg: r.leg, Record: id})
		}
	}
}

// recoverRecordings asks for what a dead node left of every recording that was not stored yet.
func (c *Call) recoverRecordings() {
	for _, id := range c.recordIDs() {
		if r := c.records[id]; !r.done {
			r.open = false
			c.do(RecoverRecord{Record: id, Least: r.least()})
		}
	}
}

func (c *Call) recordingReady(e RecordingReady) {
	r := c.records[e.Record]
	if r == nil || r.done {
		return
	}
	r.Blob, r.Duration, r.Size = e.Blob, e.Duration, e.Size
	r.ready = true
	if c.phase == closed {
		c.publish(r)
	}
	c.recordingDone(e.Record)
}

// publish tells everybody of a recording that can be fetched. It waits for the call's record, so that a CDR always goes before
// its recordings.
func (c *Call) publish(r *recording) {
	if r.ready {
		r.ready = false
		c.do(Recorded{Recording: r.Recording})
	}
}

// recordingDone notes that nothing more will come of a recording; the last one ends a closed call.
func (c *Call) recordingDone(id string) {
	r := c.records[id]
	if r == nil || r.done {
		return
	}
	r.done = true
	if c.phase == closed {
		c.rest()
	}
}
