package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"openseat"
	"openseat/core/call"
)

// theNATS is an engine of its own, as an operator runs it.
func theNATS(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not come up")
	}
	return s
}

// nodeOptions are those of a node with everything of its own but NATS.
func nodeOptions(t *testing.T, nats string) Options {
	t.Helper()
	return Options{
		Data: t.TempDir(), HTTP: "127.0.0.1:0", SIP: "127.0.0.1:0", RTPPorts: "42000-42099", NATS: nats, NATSReplicas: 1, MaxCalls: 10,
		DrainAfter: 300,
	}
}

// runNode starts a node as serve does; stop asks it to end. With an empty database it gets the demo's set-up.
func runNode(t *testing.T, opts Options) (n *Node, stop func(), ended chan error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	n, err := open(ctx, opts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if n.views.Get(demoApp) == nil {
		if _, err := furnish(ctx, n.office, opts.Data, DemoFile{Carrier: "127.0.0.1:9"}, "http://127.0.0.1:9"); err != nil {
			t.Fatal(err)
		}
	}
	opened, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- n.Run(ctx, func() error { close(opened); return nil }) }()
	select {
	case <-opened:
	case err := <-ended:
		t.Fatal(err)
	}
	return n, stop, ended
}

// A node whose NATS has gone stops all the same, and soon, though a call runs: an operator who restarts both must not wait.
func TestStopsWithoutNATS(t *testing.T) {
	for name, calls := range map[string]int{"idle": 0, "with a call": 1} {
		t.Run(name, func(t *testing.T) {
			nats := theNATS(t)
			n, stop, ended := runNode(t, nodeOptions(t, nats.ClientURL()))
			for range calls {
				first := call.CallIn{Plan: call.Plan{App: demoApp}, User: "alice@demo.openseat", ToUser: "bob@demo.openseat"}
				if err := n.runtime.Start(t.Context(), openseat.CallRef(demoApp, "s1"), first); err != nil {
					t.Fatal(err)
				}
			}
			nats.Shutdown()
			nats.WaitForShutdown()
			began := time.Now()
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 12*time.Second {
				t.Errorf("stopping took %v", took)
			}
		})
	}
}
