package sip

import (
	"maps"
	"net/netip"
	"time"
)

// How many wrong passwords are listened to. What is above it is refused without a look, a right password too: whoever guesses
// learns nothing, and goes on learning nothing until the pause is over.
const (
	wrongFromSource    = 20 // in wrongPause, from one address, for whatever phones
	wrongForPhone      = 5  // in wrongPause, from one address, for one phone
	wrongFromAnywhere  = 60 // in wrongPause, for one phone from all addresses that never knew better
	wrongPause         = 5 * time.Minute
	knownGood          = 24 * time.Hour // how long an address is known to know better
	maxWrongRemembered = 8192
	maxExtension       = 32 // letters of a name that are told apart
)

// guess names who guessed whose password; either may be left out.
type guess struct {
	source    netip.Prefix
	extension string
}

// block is whose one address is: behind IPv6, a whole /64 is one household.
func block(ip netip.Addr) netip.Prefix {
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// guesses are what one guess counts for.
func guesses(extension string, source netip.Addr) (fromSource, forPhone, fromAnywhere guess) {
	extension = extension[:min(len(extension), maxExtension)]
	b := block(source)
	return guess{source: b}, guess{b, extension}, guess{extension: extension}
}

// wrongs counts wrong passwords. Only who has got a nonce of ours at his address is counted, so nobody can have somebody else
// locked out by forging his address.
type wrongs struct {
	counts map[guess]tally
	good   map[guess]time.Time // who proved himself lately: he is not locked out by what others guess
}

type tally struct {
	n     int
	until time.Time
}

func (w *wrongs) tooMany(extension string, source netip.Addr, now time.Time) bool {
	exceeds := func(g guess, limit int) bool {
		t := w.counts[g]
		return now.Before(t.until) && t.n >= limit
	}
	fromSource, forPhone, fromAnywhere := guesses(extension, source)
	return exceeds(fromSource, wrongFromSource) || exceeds(forPhone, wrongForPhone) ||
		exceeds(fromAnywhere, wrongFromAnywhere) && now.After(w.good[forPhone])
}

func (w *wrongs) note(extension string, source netip.Addr, now time.Time) {
	if w.counts == nil {
		w.counts = map[guess]tally{}
	}
	if len(w.counts) > maxWrongRemembered {
		w.sweep(now)
	}
	fromSource, forPhone, fromAnywhere := guesses(extension, source)
	for _, g := range []guess{fromSource, forPhone, fromAnywhere} {
		t, known := w.counts[g]
		if !known && len(w.counts) > maxWrongRemembered {
			continue // a storm of new ones: those we know are counted on
		}
		if !now.Before(t.until) {
			t.n = 0
		}
		w.counts[g] = tally{t.n + 1, now.Add(wrongPause)}
	}
}

// right remembers that this address knows the password.
func (w *wrongs) right(extension string, source netip.Addr, now time.Time) {
	if w.good == nil || len(w.good) > maxWrongRemembered {
		w.good = map[guess]time.Time{}
	}
	_, forPhone, _ := guesses(extension, source)
	w.good[forPhone] = now.Add(knownGood)
	delete(w.counts, forPhone)
}

func (w *wrongs) sweep(now time.Time) {
	maps.DeleteFunc(w.counts, func(_ guess, t tally) bool { return !now.Before(t.until) })
	maps.DeleteFunc(w.good, func(_ guess, until time.Time) bool { return !now.Before(until) })
}
