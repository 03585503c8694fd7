package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"

	"openseat"
	"openseat/live"
)

// pieceSize is the largest value put under one key; a default nats-server takes messages of 1 MB.
const pieceSize = 512 << 10

// A snapshot has a head that says where its state is: in the head itself, or in pieces of side "a" or "b". Sides take turns,
// so that the old snapshot is whole until the new one's head is there.
type head struct {
	live.Snapshot

	Side   string `json:"side,omitempty"`
	Pieces int    `json:"pieces,omitempty"`
	Sum    uint32 `json:"sum"`
	Here   []byte `json:"here,omitempty"`
}

func headKey(ref openseat.Ref) string { return ref.String() + ".head" }

func pieceKey(ref openseat.Ref, side string, i int) string {
	return ref.String() + "." + side + "." + strconv.Itoa(i)
}

// Load implements live.Snapshots.
func (b *Bus) Load(ctx context.Context, ref openseat.Ref) (*live.Snapshot, error) {
	h, _, err := b.head(ctx, ref)
	if err != nil || h == nil {
		return nil, err
	}
	h.State = h.Here
	for i := range h.Pieces {
		piece, err := b.snapshots.Get(ctx, pieceKey(ref, h.Side, i))
		if err != nil {
			return nil, fmt.Errorf("snapshot of %s, piece %d: %w", ref, i, err)
		}
		h.State = append(h.State, piece.Value()...)
	}
	if crc32.ChecksumIEEE(h.State) != h.Sum {
		return nil, fmt.Errorf("snapshot of %s is being replaced, or damaged", ref)
	}
	return &h.Snapshot, nil
}

func (b *Bus) head(ctx context.Context, ref openseat.Ref) (*head, uint64, error) {
	e, err := b.snapshots.Get(ctx, headKey(ref))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("snapshot of %s: %w", ref, err)
	}
	var h head
	if err := json.Unmarshal(e.Value(), &h); err != nil {
		return nil, 0, fmt.Errorf("snapshot of %s: %w", ref, err)
	}
	return &h, e.Revision(), nil
}

// Save implements live.Snapshots.
func (b *Bus) Save(ctx context.Context, ref openseat.Ref, s live.Snapshot) error {
	old, rev, err := b.head(ctx, ref)
	if err != nil {
		return err
	}
	if old != nil && old.Seq > s.Seq {
		return nil
	}
	h := head{Snapshot: s, Sum: crc32.ChecksumIEEE(s.State)}
	if len(s.State) <= pieceSize/2 { // it grows by a third in JSON
		h.Here = s.State
	} else if err := b.savePieces(ctx, ref, &h, old); err != nil {
		return err
	}
	v, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("snapshot of %s: %w", ref, err)
	}
	if _, err = b.snapshots.Update(ctx, headKey(ref), v, rev); conflict(err) {
		return nil // a new owner was quicker, and knows more
	}
	if err != nil {
		return fmt.Errorf("snapshot of %s: %w", ref, err)
	}
	return nil
}

func (b *Bus) savePieces(ctx context.Context, ref openseat.Ref, h, old *head) error {
	h.Side = "a"
	if old != nil && old.Side == "a" {
		h.Side = "b"
	}
	for rest := h.State; len(rest) > 0; h.Pieces++ {
		n := min(len(rest), pieceSize)
		if _, err := b.snapshots.Put(ctx, pieceKey(ref, h.Side, h.Pieces), rest[:n]); err != nil {
			return fmt.Errorf("snapshot of %s: %w", ref, err)
		}
		rest = rest[n:]
	}
	return nil
}

// Delete implements live.Snapshots.
func (b *Bus) Delete(ctx context.Context, ref openseat.Ref) error {
	if err := b.erase(ctx, b.snapshots, ref.String()+".>", 0); err != nil {
		return fmt.Errorf("snapshot of %s: %w", ref, err)
	}
	return nil
}
