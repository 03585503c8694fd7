package sip

import (
	"errors"
	"sync"
)

// legs finds the leg a message is for.
type legs struct {
	mu      sync.Mutex
	byTag   map[string]*leg // Call-ID and our tag
	invites map[string]bool // Call-ID, their tag and sequence number of every INVITE a leg was made of
}

func legKey(callID, ourTag string) string { return callID + "\x00" + ourTag }

// Why a leg is not taken in.
var (
	errFull   = errors.New("too many calls")
	errMerged = errors.New("the same INVITE came by two ways") // RFC 3261 section 8.2.2.2
)

// add takes a leg in, if there is room.
func (t *legs) add(l *leg, limit int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.byTag) >= limit {
		return errFull
	}
	if t.byTag == nil {
		t.byTag, t.invites = map[string]*leg{}, map[string]bool{}
	}
	if l.invite != "" {
		if t.invites[l.invite] {
			return errMerged
		}
		t.invites[l.invite] = true
	}
	t.byTag[l.key] = l
	return nil
}

// remove forgets a leg; false says that it was forgotten before.
func (t *legs) remove(l *leg) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byTag[l.key] != l {
		return false
	}
	delete(t.byTag, l.key)
	delete(t.invites, l.invite)
	return true
}

func (t *legs) find(callID, ourTag string) *leg {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byTag[legKey(callID, ourTag)]
}

func (t *legs) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.byTag)
}

func (t *legs) all() []*leg {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]*leg, 0, len(t.byTag))
	for _, l := range t.byTag {
		all = append(all, l)
	}
	return all
}
