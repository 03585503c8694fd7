package voice

import (
	"openseat"
	"openseat/voice/media"
)

// Quality is how the sound of a call's legs is faring, by leg; nil when the call has no lines here. What the far end reports of
// our sound comes by RTCP, so it is a few seconds old.
func (x *Exchange) Quality(ref openseat.Ref) map[string]media.Stats {
	r := x.room(ref, false)
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	legs := make(map[string]media.Stats, len(r.legs))
	for name, l := range r.legs {
		if !r.left[name] {
			legs[name] = l.Port().Stats()
		}
	}
	return legs
}
