package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"openseat"
)

// Vault keeps small secrets for a while, for all nodes: what PutOnce keeps, but values may be read and replaced.
type Vault struct{ bus *Bus }

// Vault is the bus's vault.
func (b *Bus) Vault() *Vault { return &Vault{bus: b} }

const vaultBucket = "vault"

// Put keeps a value for ttl (24 h at most), replacing what was there.
func (v *Vault) Put(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 || ttl > longestToken {
		return openseat.Errorf(openseat.CodeInvalidValue, "a life of %v is not between 0 and %v", ttl, longestToken)
	}
	j, err := json.Marshal(once{time.Now().Add(ttl).UTC(), value})
	if err != nil {
		return err
	}
	if _, err := v.bus.tokens.Put(ctx, onceKey(vaultBucket, key), j); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return nil
}

// Get reads a value; CodeNotFound when there is none, or no longer.
func (v *Vault) Get(ctx context.Context, key string) ([]byte, error) {
	e, err := v.bus.tokens.Get(ctx, onceKey(vaultBucket, key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, openseat.Errorf(openseat.CodeNotFound, "unknown, used or expired")
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	var o once
	if err := json.Unmarshal(e.Value(), &o); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if !time.Now().Before(o.Until) {
		return nil, openseat.Errorf(openseat.CodeNotFound, "unknown, used or expired")
	}
	return o.Value, nil
}

// Take reads a value and removes it: of several takers at once, one gets it.
func (v *Vault) Take(ctx context.Context, key string) ([]byte, error) {
	return v.bus.TakeOnce(ctx, vaultBucket, key)
}
