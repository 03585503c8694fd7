package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"openseat"
	"openseat/core/org"
)

// Views holds the newest picture of every instance in memory, so that a call, a signature or an inbound INVITE never waits
// for the store: reading is one atomic load. Refresh brings a picture up to date; while the store is down the last one stays.
type Views struct {
	store      org.Store
	refreshing sync.Mutex // a picture read earlier must not replace one read later
	now        atomic.Pointer[house]
}

// house is all instances at one moment. It is never written after it was published.
type house struct {
	views   map[openseat.AppID]*org.View
	keys    map[openseat.AppID][]org.Key
	byKey   map[string]org.Key
	numbers map[string]*org.View
}

// NewViews makes an empty cache; RefreshAll fills it.
func NewViews(store org.Store) *Views {
	vs := &Views{store: store}
	vs.now.Store(&house{})
	return vs
}

// Get answers the instance's picture, nil when there is no such instance.
func (vs *Views) Get(app openseat.AppID) *org.View { return vs.now.Load().views[app] }

// All lists every instance's picture, by AppID.
func (vs *Views) All() []*org.View {
	h := vs.now.Load()
	all := make([]*org.View, 0, len(h.views))
	for _, app := range slices.Sorted(maps.Keys(h.views)) {
		all = append(all, h.views[app])
	}
	return all
}

// Key answers the cloud API credential of this SecretId. A disabled one is not answered.
func (vs *Views) Key(secretID string) (org.Key, bool) {
	k, ok := vs.now.Load().byKey[secretID]
	return k, ok
}

// Owner answers the instance that owns a telephone number (0086… form), nil when nobody does.
func (vs *Views) Owner(number string) *org.View { return vs.now.Load().numbers[number] }

// RefreshAll reads every instance again and forgets those that are gone.
func (vs *Views) RefreshAll(ctx context.Context) error {
	vs.refreshing.Lock()
	defer vs.refreshing.Unlock()
	instances, err := vs.store.Instances(ctx)
	if err != nil {
		return fmt.Errorf("refresh the views: %w", err)
	}
	views, keys := map[openseat.AppID]*org.View{}, map[openseat.AppID][]org.Key{}
	for _, in := range instances {
		if err := vs.read(ctx, in.App, views, keys); err != nil {
			return err
		}
	}
	vs.publish(views, keys)
	return nil
}

// Refresh reads one instance again.
func (vs *Views) Refresh(ctx context.Context, app openseat.AppID) error {
	vs.refreshing.Lock()
	defer vs.refreshing.Unlock()
	h := vs.now.Load()
	views, keys := copied(h.views), copied(h.keys)
	if err := vs.read(ctx, app, views, keys); err != nil {
		return err
	}
	vs.publish(views, keys)
	return nil
}

func copied[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m)+1)
	maps.Copy(c, m)
	return c
}

func (vs *Views) read(ctx context.Context, app openseat.AppID, views map[openseat.AppID]*org.View, keys map[openseat.AppID][]org.Key) error {
	v, err := vs.store.View(ctx, app)
	if errors.Is(err, &openseat.Error{Code: openseat.CodeInstanceNotExist}) {
		delete(views, app)
		delete(keys, app)
		return nil
	}
	if err != nil {
		return fmt.Errorf("refresh the view of %d: %w", app, err)
	}
	ks, err := vs.store.Keys(ctx, app)
	if err != nil {
		return fmt.Errorf("refresh the keys of %d: %w", app, err)
	}
	views[app], keys[app] = v, ks
	return nil
}

func (vs *Views) publish(views map[openseat.AppID]*org.View, keys map[openseat.AppID][]org.Key) {
	h := &house{views: views, keys: keys, byKey: map[string]org.Key{}, numbers: map[string]*org.View{}}
	for _, ks := range keys {
		for _, k := range ks {
			if !k.Disabled {
				h.byKey[k.SecretID] = k
			}
		}
	}
	for _, v := range views {
		for number := range v.Numbers {
			h.numbers[number] = v
		}
	}
	vs.now.Store(h)
}
