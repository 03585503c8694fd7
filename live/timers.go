package live

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// timers are one thing's named deadlines. A heap with lazy deletion: setting and stopping only touch the map, and what is
// out of date is thrown away when it surfaces.
type timers struct {
	set   map[string]alarm
	queue alarmHeap
	order uint64
}

type alarm struct {
	name  string
	at    time.Time
	order uint64 // of setting; decides between equal times, and tells a timer from its predecessors
}

// slack is how many outdated alarms may lie in the heap beside as many as are valid.
const slack = 64

func (t *timers) start(name string, at time.Time) {
	if t.set == nil {
		t.set = make(map[string]alarm)
	}
	t.order++
	a := alarm{name, at, t.order}
	t.set[name] = a
	heap.Push(&t.queue, a)
	if len(t.queue) > 2*len(t.set)+slack {
		t.queue = slices.DeleteFunc(t.queue, func(a alarm) bool { return t.set[a.name].order != a.order })
		heap.Init(&t.queue)
	}
}

func (t *timers) stop(name string) { delete(t.set, name) }

// next is the earliest deadline.
func (t *timers) next() (time.Time, bool) {
	for len(t.queue) > 0 {
		if first := t.queue[0]; t.set[first.name].order == first.order {
			return first.at, true
		}
		heap.Pop(&t.queue)
	}
	return time.Time{}, false
}

// due takes out the earliest timer that has run out.
func (t *timers) due(now time.Time) (string, bool) {
	at, ok := t.next()
	if !ok || at.After(now) {
		return "", false
	}
	name := heap.Pop(&t.queue).(alarm).name //nolint:forcetypeassert // the heap holds nothing else
	delete(t.set, name)
	return name, true
}

// list returns the timers that are set, in the order in which they run out.
func (t *timers) list() []Timer {
	alarms := make(alarmHeap, 0, len(t.set))
	for _, a := range t.set {
		alarms = append(alarms, a)
	}
	slices.SortFunc(alarms, func(a, b alarm) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return cmp.Compare(a.order, b.order)
	})
	out := make([]Timer, len(alarms))
	for i, a := range alarms {
		out[i] = Timer{a.name, a.at.UTC().Round(0)}
	}
	return out
}

type alarmHeap []alarm

func (h alarmHeap) Len() int { return len(h) }
func (h alarmHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].order < h[j].order
}
func (h alarmHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *alarmHeap) Push(x any)   { *h = append(*h, x.(alarm)) } //nolint:forcetypeassert // the heap holds nothing else
func (h *alarmHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = alarm{}
	*h = old[:len(old)-1]
	return last
}
