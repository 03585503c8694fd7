package gateway

import (
	"context"
	"sync"
	"time"

	"openseat"
)

// Vault keeps small secrets for a while. Keys are of letters, digits, dots and dashes. What is not there, or no longer,
// answers CodeNotFound. Several nodes share one, so that a page may come back to any of them.
type Vault interface {
	Put(ctx context.Context, key string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, key string) ([]byte, error)
	// Take gets a value and removes it; of several takers at once, one gets it.
	Take(ctx context.Context, key string) ([]byte, error)
}

// maxKept bounds a MemoryVault: 100,000 logins within ten minutes is an attack or a mistake.
const maxKept = 100_000

// MemoryVault is a Vault for one node that forgets all when it stops.
type MemoryVault struct {
	mu    sync.Mutex
	kept  map[string]kept
	sweep time.Time // when to look for what has expired
}

type kept struct {
	value []byte
	until time.Time
}

// NewMemoryVault makes an empty vault.
func NewMemoryVault() *MemoryVault { return &MemoryVault{kept: map[string]kept{}} }

// Put implements Vault. A full vault answers CodeLimitExceeded.
func (v *MemoryVault) Put(_ context.Context, key string, value []byte, ttl time.Duration) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := time.Now()
	v.expire(now)
	if _, known := v.kept[key]; !known && len(v.kept) >= maxKept {
		return openseat.Errorf(openseat.CodeLimitExceeded, "too many logins")
	}
	v.kept[key] = kept{value: value, until: now.Add(ttl)}
	return nil
}

// Get implements Vault.
func (v *MemoryVault) Get(_ context.Context, key string) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.get(key)
}

// Take implements Vault.
func (v *MemoryVault) Take(_ context.Context, key string) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	value, err := v.get(key)
	delete(v.kept, key)
	return value, err
}

func (v *MemoryVault) get(key string) ([]byte, error) {
	k, ok := v.kept[key]
	if !ok || !time.Now().Before(k.until) {
		return nil, openseat.Errorf(openseat.CodeNotFound, "no such secret")
	}
	return k.value, nil
}

func (v *MemoryVault) expire(now time.Time) {
	if now.Before(v.sweep) {
		return
	}
	v.sweep = now.Add(time.Minute)
	for key, k := range v.kept {
		if !now.Before(k.until) {
			delete(v.kept, key)
		}
	}
}
