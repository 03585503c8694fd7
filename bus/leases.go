package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"openseat"
	"openseat/live"
)

// contests is how often a lease is tried for while others do the same.
const contests = 10

// Acquire implements live.Leases.
func (b *Bus) Acquire(ctx context.Context, ref openseat.Ref) (live.Lease, error) {
	l := live.Lease{Ref: ref}
	key := ref.String()
	for range contests {
		rev, err := b.leases.Create(ctx, key, []byte(b.self))
		if err == nil {
			l.Rev, l.Before = rev, nil
			return l, nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return l, fmt.Errorf("lease: %w", err)
		}
		old, err := b.leases.Get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue // given back in this moment
		}
		if err != nil {
			return l, fmt.Errorf("lease: %w", err)
		}
		owner := b.nodes.owner(string(old.Value()))
		switch {
		case owner.Node == b.self:
			l.Before = nil
		case owner.Alive:
			return l, &live.TakenError{Node: owner.Node}
		default:
			l.Before = &owner
		}
		if l.Rev, err = b.leases.Update(ctx, key, []byte(b.self), old.Revision()); err == nil {
			return l, nil
		}
		if !conflict(err) {
			return l, fmt.Errorf("lease: %w", err)
		}
	}
	return l, fmt.Errorf("lease of %s is in dispute", ref)
}

// conflict tells a lost race for a key from trouble.
func conflict(err error) bool {
	var api *jetstream.APIError
	return errors.Is(err, jetstream.ErrKeyExists) ||
		errors.As(err, &api) && (api.ErrorCode == wrongLastSequence || api.ErrorCode == wrongLastSequenceConstant)
}

// Release implements live.Leases.
func (b *Bus) Release(ctx context.Context, l live.Lease) error {
	if l.Rev == 0 {
		e, err := b.leases.Get(ctx, l.Ref.String())
		if errors.Is(err, jetstream.ErrKeyNotFound) || err == nil && string(e.Value()) != b.self {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lease: %w", err)
		}
		l.Rev = e.Revision()
	}
	// Only our own revision goes: a later one is somebody else's.
	if err := b.erase(ctx, b.leases, l.Ref.String(), l.Rev); err != nil {
		return fmt.Errorf("lease: %w", err)
	}
	return nil
}

// Owner implements live.Leases.
func (b *Bus) Owner(ctx context.Context, ref openseat.Ref) (*live.Owner, error) {
	e, err := b.leases.Get(ctx, ref.String())
	if errors.Is(err, jetstream.ErrKeyNotFound) || errors.Is(err, jetstream.ErrInvalidKey) {
		return nil, nil //nolint:nilnil // nobody owns it
	}
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	o := b.nodes.owner(string(e.Value()))
	return &o, nil
}

// Orphans implements live.Leases.
func (b *Bus) Orphans(ctx context.Context) ([]openseat.Ref, error) {
	if !b.nodes.suspects() {
		return nil, nil
	}
	var refs []openseat.Ref
	owning := make(map[string]bool)
	err := b.eachLease(ctx, func(ref openseat.Ref, owner live.Owner) {
		owning[owner.Node] = true
		if !owner.Alive {
			refs = append(refs, ref)
		}
	})
	if err != nil {
		return nil, err
	}
	b.nodes.cleared(owning)
	return refs, nil
}

// Running lists the things of a kind that nodes run which are alive.
func (b *Bus) Running(ctx context.Context, kind openseat.Kind) ([]openseat.Ref, error) {
	var refs []openseat.Ref
	err := b.eachLease(ctx, func(ref openseat.Ref, owner live.Owner) {
		if owner.Alive && ref.Kind == kind {
			refs = append(refs, ref)
		}
	})
	return refs, err
}

// eachLease shows every lease that is held now.
func (b *Bus) eachLease(ctx context.Context, show func(openseat.Ref, live.Owner)) error {
	w, err := b.leases.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return fmt.Errorf("leases: %w", err)
	}
	defer func() { _ = w.Stop() }()
	for {
		select {
		case e, ok := <-w.Updates():
			if !ok {
				return errors.New("leases: the list broke off")
			}
			if e == nil { // that was all
				return nil
			}
			if ref, ok := refOfKey(e.Key()); ok {
				show(ref, b.nodes.owner(string(e.Value())))
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func refOfKey(key string) (openseat.Ref, bool) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 {
		return openseat.Ref{}, false
	}
	app, err := strconv.ParseInt(parts[0], 10, 64)
	return openseat.Ref{App: openseat.AppID(app), Kind: openseat.Kind(parts[1]), ID: parts[2]}, err == nil
}
