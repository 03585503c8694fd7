package cloudapi

import (
	"sync"
	"time"

	"openseat"
)

// maxBuckets bounds the limiter's memory; full buckets are forgotten first, and forgetting a full one changes nothing.
const maxBuckets = 100_000

// limiter holds one token bucket for each action of each instance. The node counts for itself.
type limiter struct {
	perSecond float64 // tokens a second, and the most a bucket holds; 0 = no limit
	mu        sync.Mutex
	buckets   map[bucketKey]bucket
}

type bucketKey struct {
	app    openseat.AppID
	action string
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter(perSecond int) *limiter {
	return &limiter{perSecond: float64(perSecond), buckets: map[bucketKey]bucket{}}
}

// allow takes a token and says whether there was one.
func (l *limiter) allow(app openseat.AppID, action string, now time.Time) bool {
	if l.perSecond <= 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := bucketKey{app, action}
	b, known := l.buckets[key]
	if !known {
		l.makeRoom(now)
		b = bucket{tokens: l.perSecond, at: now}
	}
	b.tokens, b.at = l.filled(b, now), now
	allowed := b.tokens >= 1
	if allowed {
		b.tokens--
	}
	l.buckets[key] = b
	return allowed
}

func (l *limiter) filled(b bucket, now time.Time) float64 {
	return min(l.perSecond, b.tokens+max(0, now.Sub(b.at).Seconds())*l.perSecond)
}

func (l *limiter) makeRoom(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for key, b := range l.buckets {
		if l.filled(b, now) >= l.perSecond {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets { // all of them in use: forget any, rather than grow
		if len(l.buckets) < maxBuckets {
			return
		}
		delete(l.buckets, key)
	}
}
