package gateway

import (
	"context"
	"testing"
)

// A page that goes while its list is taken is no watcher: nobody would take it out again.
func TestFeedForgetsPagesThatAreOver(t *testing.T) {
	p := newPage(&Gateway{}, nil, identity{app, alice}, "tab-1", "")
	f := newFeed(subject[int]{
		take: func(context.Context) (int, error) {
			p.cut(closeGoingAway, "gone meanwhile")
			return 1, nil
		},
		diff: func(before, after int) (any, bool) { return after, before != after },
		may:  func(*page) bool { return true },
	})
	if _, err := f.watch(t.Context(), p); err != nil || len(f.watchers) != 0 {
		t.Errorf("%d watchers, %v", len(f.watchers), err)
	}
	f.watchers[p], f.last = true, 0
	if _, err := f.renew(t.Context()); err != nil || len(f.watchers) != 0 {
		t.Errorf("%d watchers after a change, %v", len(f.watchers), err)
	}
}
