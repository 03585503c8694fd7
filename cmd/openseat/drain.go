package main

import (
	"context"
	"sync"
	"time"

	"openseat"
	"openseat/core/call"
)

// How long a node that stops waits for what should take no time.
const (
	hangUpWait = 15 * time.Second // calls that were hung up, until their recordings are stored
	settleWait = 5 * time.Second  // the last records and pushes
	blindLook  = time.Second / 4  // until the journal's health is looked at again
	answerWait = time.Second      // one answer of the journal and the store
	retryWait  = time.Second      // until what failed is tried again
)

// drain refuses new calls and lets the running ones finish, recordings and all; those that last too long are hung up. What is
// not over even then is ended at the next start, as after a crash.
func (n *Node) drain() {
	n.ready.Store(false)
	n.sip.Drain()
	n.log.Info("draining; a second signal stops at once", "calls", n.runtime.Count(openseat.KindCall))
	if !n.drained(time.Duration(n.opts.DrainAfter) * time.Second) {
		if n.bus.Healthy() == nil {
			n.hangUpAll()
		}
		if n.bus.Healthy() != nil || !n.drained(hangUpWait) {
			n.log.Warn("stopping with calls that are not over", "calls", n.runtime.Count(openseat.KindCall))
		}
	}
	n.settle()
}

// drained waits until no call is left, but not for a journal that has gone: without it no call can come to its end.
func (n *Node) drained(atMost time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	defer cancel()
	go func() {
		if n.blind(ctx) {
			n.log.Error("the journal has gone; not waiting for calls")
			cancel()
		}
	}()
	return n.runtime.Drain(ctx) == nil
}

// blind waits until the journal has not been heard of for some seconds (bus.Healthy); false when ctx ends first.
func (n *Node) blind(ctx context.Context) bool {
	for ctx.Err() == nil {
		if n.bus.Healthy() != nil {
			return true
		}
		sleep(ctx, blindLook)
	}
	return false
}

// hangUpAll ends every call that runs here.
func (n *Node) hangUpAll() {
	ctx, cancel := context.WithTimeout(context.Background(), hangUpWait)
	defer cancel()
	refs := n.runtime.Running(openseat.KindCall)
	n.log.Warn("hanging up what runs too long", "calls", len(refs))
	var crowd sync.WaitGroup
	for _, ref := range refs {
		crowd.Go(func() {
			_, _ = n.runtime.Ask(ctx, ref, call.EndedByAPI{By: "shutdown"}) // one that has ended meanwhile says so
		})
	}
	crowd.Wait()
}

// settle lets the last records reach the store and their pushes be tried. What does not make it is there at the next start.
func (n *Node) settle() {
	ctx, cancel := context.WithTimeout(context.Background(), settleWait)
	defer cancel()
	for {
		settled, err := n.settled(ctx)
		if settled || err != nil { // without journal or store there is nothing to wait for
			return
		}
		sleep(ctx, 50*time.Millisecond)
	}
}

func (n *Node) settled(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	consumers, err := n.bus.Consumers(ctx)
	if err != nil {
		return false, err
	}
	for _, c := range consumers {
		if c.Behind > 0 {
			return false, nil
		}
	}
	due, err := n.db.DueDeliveries(ctx, time.Now(), 1)
	return len(due) == 0, err
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
