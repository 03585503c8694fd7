package bus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"openseat"
)

// longestToken is the longest life of what PutOnce keeps.
const longestToken = 24 * time.Hour

// once is a value that serves once, until a time.
type once struct {
	Until time.Time `json:"until"`
	Value []byte    `json:"value"`
}

// onceKey hides the key, which is a secret more often than not.
func onceKey(bucket, key string) string {
	sum := sha256.Sum256([]byte(bucket + "\x00" + key))
	return hex.EncodeToString(sum[:])
}

// PutOnce keeps a value that TakeOnce gives out once, within ttl (24 h at most). bucket only keeps keys of different uses
// apart. CodeInUse when there is such a key already.
func (b *Bus) PutOnce(ctx context.Context, bucket, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 || ttl > longestToken {
		return openseat.Errorf(openseat.CodeInvalidValue, "a life of %v is not between 0 and %v", ttl, longestToken)
	}
	v, err := json.Marshal(once{time.Now().Add(ttl).UTC(), value})
	if err != nil {
		return err
	}
	if _, err := b.tokens.Create(ctx, onceKey(bucket, key), v); errors.Is(err, jetstream.ErrKeyExists) {
		return openseat.Errorf(openseat.CodeInUse, "exists already")
	} else if err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	return nil
}

// TakeOnce returns the value to exactly one caller; CodeNotFound to all others, and when its time is over.
func (b *Bus) TakeOnce(ctx context.Context, bucket, key string) ([]byte, error) {
	gone := openseat.Errorf(openseat.CodeNotFound, "unknown, used or expired")
	e, err := b.tokens.Get(ctx, onceKey(bucket, key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, gone
	}
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	var o once
	if err := json.Unmarshal(e.Value(), &o); err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	// The marker that this leaves is the proof that it was taken; it expires with the bucket's time.
	err = b.tokens.Delete(ctx, onceKey(bucket, key), jetstream.LastRevision(e.Revision()))
	switch {
	case conflict(err):
		return nil, gone
	case err != nil:
		return nil, fmt.Errorf("tokens: %w", err)
	case !time.Now().Before(o.Until):
		return nil, gone
	}
	return o.Value, nil
}
