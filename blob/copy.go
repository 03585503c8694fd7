package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
)

// Copy copies a blob to another store, under another key there, and reads it back: when it returns nil, what is there has
// the same SHA-256 as what is here, so that the original may go. The sum is answered.
func Copy(ctx context.Context, from Store, key string, to Store, toKey string) (sum []byte, err error) {
	r, info, err := from.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	hash := sha256.New()
	if err := to.Put(ctx, toKey, io.TeeReader(r, hash), info.Size); err != nil {
		return nil, err
	}
	sum = hash.Sum(nil)
	there, err := Sum(ctx, to, toKey)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(sum, there) {
		return nil, fmt.Errorf("copy of blob %s: what was written is not what is read back", key)
	}
	return sum, nil
}

// Sum is the SHA-256 of a blob.
func Sum(ctx context.Context, s Store, key string) ([]byte, error) {
	r, _, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, patient{ctx, r}); err != nil {
		return nil, fmt.Errorf("read blob %s: %w", key, err)
	}
	return hash.Sum(nil), nil
}
