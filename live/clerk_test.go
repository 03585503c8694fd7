package live_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"openseat"
	"openseat/live"
	"openseat/live/livetest"
)

// clerk is a thing that writes down everything it is told, and wants whatever an order tells it to want.
type clerk struct{ Book []string }

// order is an event that carries what the clerk answers it with.
type order struct {
	Note  string
	Wants []openseat.Command `json:"-"`
	Panic bool
}

// lift is a command for the executor.
type lift struct{ Box string }

func (order) EventName() string  { return "clerk.order" }
func (lift) CommandName() string { return "clerk.lift" }

func (c *clerk) Handle(now time.Time, e openseat.Event) []openseat.Command {
	line := now.Format("15:04:05.000 ")
	switch e := e.(type) {
	case order:
		c.Book = append(c.Book, line+e.Note)
		if e.Panic {
			panic("the clerk has dropped the book")
		}
		return e.Wants
	case openseat.TimerFired:
		c.Book = append(c.Book, line+"timer "+e.Name)
		return []openseat.Command{lift{"timer " + e.Name}}
	case openseat.OwnerLost:
		c.Book = append(c.Book, line+"owner "+e.Node+" lost at "+e.LastAlive.Format("15:04:05.000"))
		return []openseat.Command{lift{"lost"}}
	case openseat.Asked:
		return c.answer(e)
	}
	return nil
}

// glance is a question.
type glance struct{ More bool }

func (glance) EventName() string { return "clerk.glance" }
func (glance) Question()         {}

func (c *clerk) answer(a openseat.Asked) []openseat.Command {
	if g, ok := a.Event.(glance); ok {
		out := []openseat.Command{openseat.Reply{Ask: a.Ask, Value: len(c.Book)}}
		if g.More {
			out = append(out, lift{"contraband"})
		}
		return out
	}
	o, _ := a.Event.(order)
	switch o.Note {
	case "book":
		return []openseat.Command{openseat.Reply{Ask: a.Ask, Value: append([]string(nil), c.Book...)}}
	case "refuse":
		return []openseat.Command{openseat.Reply{Ask: a.Ask, Error: openseat.Errorf(openseat.CodeSeatBusy, "busy")}}
	case "end":
		return []openseat.Command{openseat.Reply{Ask: a.Ask, Value: "bye"}, openseat.Done{}}
	case "panic":
		panic("no idea")
	}
	return nil
}

func (c *clerk) Snapshot() ([]byte, error) { return json.Marshal(c.Book) }
func (c *clerk) Restore(b []byte) error    { return json.Unmarshal(b, &c.Book) }

// porter is the executor: it notes what it was asked to lift.
type porter struct {
	mu     sync.Mutex
	lifted []string
	lost   []openseat.Ref
}

func (p *porter) Execute(ref openseat.Ref, _ time.Time, commands []openseat.Command) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range commands {
		l, _ := c.(lift)
		p.lifted = append(p.lifted, ref.ID+" "+l.Box)
	}
}

func (p *porter) Lost(ref openseat.Ref) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lost = append(p.lost, ref)
}

func (p *porter) done() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.lifted...)
}

// office is a cluster of nodes over one journal.
type office struct {
	t       *testing.T
	journal *livetest.Journal
	cluster *livetest.Cluster
	shelf   *livetest.Snapshots
	silent  bool // snapshots are not kept
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return &office{t: t, journal: livetest.NewJournal(nil), cluster: livetest.NewCluster(), shelf: livetest.NewSnapshots()}
}

// node starts a node, and sees to it that it is closed.
func (o *office) node(name string, change ...func(*live.Config)) (*live.Runtime, *porter) {
	o.t.Helper()
	p := &porter{}
	n := o.cluster.Node(name)
	c := live.Config{
		Node: name, Journal: o.journal, Leases: n, Remote: n, Snapshots: o.shelf, Executor: p,
		Make:   func(openseat.Ref) openseat.Thing { return &clerk{} },
		Logger: slog.New(slog.NewTextHandler(o.t.Output(), nil)),
	}
	if o.silent {
		c.Snapshots = nil
	}
	for _, f := range change {
		f(&c)
	}
	r := live.New(c)
	o.cluster.Join(name, r)
	o.t.Cleanup(func() { _ = r.Close() })
	return r, p
}

func ref(id string) openseat.Ref { return openseat.CallRef(1400000001, id) }

func note(s string, wants ...openseat.Command) order { return order{Note: s, Wants: wants} }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e *openseat.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// book asks the clerk for what it has written.
func book(t *testing.T, r *live.Runtime, id string) []string {
	t.Helper()
	lines, err := live.As[[]string](r.Ask(t.Context(), ref(id), note("book")))
	must(t, err)
	return lines
}
