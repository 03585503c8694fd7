package gateway

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// feedPause is the least time between two events of a feed: what is shown is never older, and pages are not flooded.
const feedPause = time.Second

// feed keeps one list of one instance for all pages here that watch it: it is taken anew when something has changed, at most
// once a second and only while somebody watches, and told to them as differences.
type feed[T any] struct {
	subject[T]
	turn chan struct{} // held while the list is taken and told

	mu       sync.Mutex // guards what follows
	watchers map[*page]bool
	planned  bool // a timer will take the list
	last     T
	taken    time.Time
}

// subject is what a feed is about.
type subject[T any] struct {
	event string
	take  func(ctx context.Context) (T, error)
	diff  func(before, after T) (change any, is bool)
	may   func(p *page) bool // who may not watch (any more) is told nothing
	fail  func(error)
}

func newFeed[T any](s subject[T]) *feed[T] {
	return &feed[T]{subject: s, turn: make(chan struct{}, 1), watchers: map[*page]bool{}}
}

// watch makes p a watcher, and answers the list from which the differences will be told.
func (f *feed[T]) watch(ctx context.Context, p *page) (T, error) {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	now, err := f.renew(ctx)
	if err != nil {
		return now, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !p.isOver() { // else it has been unwatched already, or is about to be
		f.watchers[p] = true
	}
	return now, nil
}

func (f *feed[T]) unwatch(p *page) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watchers, p)
}

// changed plans the list to be taken anew, if anybody watches.
func (f *feed[T]) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.planned || len(f.watchers) == 0 {
		return
	}
	f.planned = true
	time.AfterFunc(max(0, feedPause-time.Since(f.taken)), f.tell)
}

// tell takes the list and tells the watchers what is different. What could not be taken is tried again.
func (f *feed[T]) tell() {
	f.mu.Lock()
	f.planned = false // what changes from here on needs another look
	f.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), requestWait)
	defer cancel()
	f.turn <- struct{}{}
	_, err := f.renew(ctx)
	<-f.turn
	if err != nil {
		f.fail(err)
		f.changed()
	}
}

// renew takes the list and tells the watchers what is different. It is called by who has the turn.
func (f *feed[T]) renew(ctx context.Context) (T, error) {
	now, err := f.take(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.taken = time.Now()
	if err != nil {
		return now, err
	}
	before := f.last
	f.last = now
	if len(f.watchers) == 0 {
		return now, nil
	}
	change, is := f.diff(before, now)
	if !is {
		return now, nil
	}
	body, err := json.Marshal(change)
	if err != nil {
		return now, err
	}
	for p := range f.watchers {
		if !p.isOver() && f.may(p) {
			p.push(f.event, json.RawMessage(body), time.Time{})
		} else {
			delete(f.watchers, p)
		}
	}
	return now, nil
}

// differences are what is new or other in a list, and the keys of what is not there any more.
func differences[K, V comparable](before, after []V, key func(V) K) (changed []V, gone []K) {
	was := make(map[K]V, len(before))
	for _, v := range before {
		was[key(v)] = v
	}
	changed, gone = []V{}, []K{}
	for _, v := range after {
		k := key(v)
		if old, known := was[k]; !known || old != v {
			changed = append(changed, v)
		}
		delete(was, k)
	}
	for _, v := range before {
		if _, left := was[key(v)]; left {
			gone = append(gone, key(v))
		}
	}
	return changed, gone
}
