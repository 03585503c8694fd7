package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"openseat"
	"openseat/bus"
	"openseat/core/acd"
	"openseat/core/org"
	"openseat/core/report"
	"openseat/edge/gateway"
)

// orgChanged is the subject on which nodes tell each other that an instance's set-up has changed; the message is its AppID.
const orgChanged = "org.changed"

// changed is told by the office after every change of an instance's set-up.
func (n *Node) changed(app openseat.AppID) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	n.refresh(ctx, app)
	if n.bus == nil { // a change while the node is being opened
		return
	}
	if err := n.bus.Publish(orgChanged, []byte(app.String())); err != nil {
		n.alarms.Raise("setup", err)
	}
}

// refresh brings this node's picture of an instance up to date, and its board's.
func (n *Node) refresh(ctx context.Context, app openseat.AppID) {
	if err := n.views.Refresh(ctx, app); err != nil {
		n.alarms.Raise("setup", err)
		return
	}
	if n.sip != nil {
		n.sip.Refresh() // or it would see a new trunk a second later
	}
	if n.gateway != nil {
		n.gateway.SetUpChanged(app)
	}
	v := n.views.Get(app)
	if v == nil || n.runtime == nil {
		return
	}
	if err := n.configureBoard(ctx, v); err != nil {
		n.alarms.Raise("setup", err)
	}
}

// watchSetUp follows the changes that other nodes make.
func (n *Node) watchSetUp(ctx context.Context) {
	stop, err := n.bus.Subscribe(orgChanged, func(_ string, b []byte) {
		app, err := strconv.ParseInt(string(b), 10, 64)
		if err == nil {
			n.refresh(ctx, openseat.AppID(app))
		}
	})
	if err != nil {
		n.alarms.Raise("setup", err)
		return
	}
	<-ctx.Done()
	stop()
}

// configureBoard opens an instance's board, if nobody runs it, and tells it the set-up.
func (n *Node) configureBoard(ctx context.Context, v *org.View) error {
	ref := openseat.BoardRef(v.Instance.App)
	if err := n.runtime.Open(ctx, ref); err != nil {
		return err
	}
	if err := n.runtime.Tell(ctx, ref, boardPlan(v)); err != nil {
		return err
	}
	n.phones.again(v.Instance.App)
	return nil
}

// boardPlan is what a board knows of the set-up: the groups for calls, and who serves them.
func boardPlan(v *org.View) acd.Configured {
	plan := acd.Configured{OnlineStatus: acd.Status(v.Instance.Settings.OnlineStatus)}
	for _, id := range sortedKeys(v.Groups) {
		if g := v.Groups[id]; g.Type == org.GroupPhone {
			plan.Groups = append(plan.Groups, acd.GroupPlan{ID: g.ID, RingAll: g.RingAll, UseLastSeat: g.UsingLastSeat})
		}
	}
	for _, user := range sortedKeys(v.Staff) {
		a := acd.AgentPlan{User: user, Groups: map[int64]int{}}
		a.Seat, a.Mobile = seatPlan(v.Staff[user])
		for _, m := range v.Staff[user].Groups {
			if g := v.Groups[m.GroupID]; g != nil && g.Type == org.GroupPhone {
				a.Groups[m.GroupID] = m.Priority
			}
		}
		plan.Agents = append(plan.Agents, a)
	}
	return plan
}

// watch gives every journal entry that is news to pages from now on, and is over when the journal cannot be followed any more.
func (n *Node) watch(ctx context.Context, handle func(openseat.Entry)) error {
	w, err := n.bus.Watch(ctx, bus.Subjects(0, ""), gateway.Wants, handle)
	if err != nil {
		return err
	}
	<-w.Done()
	return w.Err()
}

// watchRunning follows the calls that run, from when it returns. Those that other nodes run already are read meanwhile. A watch
// that broke off has missed entries: the calls it knew of, and all that run, are read again.
func (n *Node) watchRunning(ctx, work context.Context) error {
	w := n.followRunning(ctx, work)
	if w == nil {
		return ctx.Err()
	}
	n.task(work, func(work context.Context) {
		n.readRunning(work)
		for <-w.Done(); work.Err() == nil; <-w.Done() {
			n.alarms.Raise("journal", fmt.Errorf("the watch of running calls broke off: %w", w.Err()))
			if w = n.followRunning(work, work); w == nil {
				return
			}
			n.readRunning(work)
			n.figures.forget()
		}
	})
	return nil
}

// readRunning reads the journals of all calls that run, whichever node runs them.
func (n *Node) readRunning(ctx context.Context) {
	refs, err := n.bus.Running(ctx, openseat.KindCall)
	if err != nil && ctx.Err() == nil {
		n.alarms.Raise("journal", fmt.Errorf("running calls: %w", err))
	}
	n.running.readAgain(ctx, refs, n.bus.Read)
}

// followRunning begins a watch that lasts until work ends, however often that must be tried; nil when ctx ends first.
func (n *Node) followRunning(ctx, work context.Context) *bus.Watching {
	for ctx.Err() == nil {
		w, err := n.bus.Watch(work, bus.Subjects(0, openseat.KindCall), report.RunningWants, n.running.apply)
		if err == nil {
			return w
		}
		n.alarms.Raise("journal", err)
		sleep(ctx, retryWait)
	}
	return nil
}
