package live

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"openseat"
)

// answer is what an Ask gets.
type answer struct {
	value any
	err   error
}

func answerOf(r openseat.Reply) answer {
	if r.Error != nil {
		return answer{err: r.Error}
	}
	return answer{value: r.Value}
}

// asks are those who wait for a Reply. Their names are unlike those of earlier lives of the process, since a thing may reply
// after a restart to what it was asked before.
type asks struct {
	prefix string

	mu      sync.Mutex
	n       uint64
	waiting map[string]chan answer
}

func newAsks() *asks {
	return &asks{prefix: rand.Text()[:8] + "-", waiting: make(map[string]chan answer)}
}

func (a *asks) open() (string, <-chan answer) {
	c := make(chan answer, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	id := a.prefix + strconv.FormatUint(a.n, 36)
	a.waiting[id] = c
	return id, c
}

func (a *asks) forget(id string) {
	a.mu.Lock()
	delete(a.waiting, id)
	a.mu.Unlock()
}

// settle gives the answer; nobody waits for it any more: no harm done.
func (a *asks) settle(id string, ans answer) {
	a.mu.Lock()
	c := a.waiting[id]
	delete(a.waiting, id)
	a.mu.Unlock()
	if c != nil {
		c <- ans
	}
}

// As turns what Ask returned into a T: as it is when the thing runs on this node, from JSON when it came from another.
//
//	view, err := live.As[call.View](rt.Ask(ctx, ref, call.ViewWanted{User: u}))
func As[T any](v any, err error) (T, error) {
	var out T
	if err != nil || v == nil {
		return out, err
	}
	if t, ok := v.(T); ok {
		return t, nil
	}
	raw, ok := v.(json.RawMessage)
	if !ok {
		if raw, err = json.Marshal(v); err != nil {
			return out, fmt.Errorf("reply: %w", err)
		}
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("reply: %w", err)
	}
	return out, nil
}
