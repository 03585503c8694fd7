package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// serve runs a contact center for real.
func serve(ctx context.Context, opts Options, log *slog.Logger, stdout io.Writer) error {
	n, err := open(ctx, opts, log)
	if err != nil {
		return err
	}
	n.profile()
	return n.Run(ctx, func() error {
		fmt.Fprintln(stdout, "OpenSeat is at", opts.base())
		n.offerSetUp(stdout)
		return nil
	})
}

// profile serves net/http/pprof, if asked to.
func (n *Node) profile() {
	if n.opts.Pprof == "" {
		return
	}
	srv := &http.Server{Addr: n.opts.Pprof, Handler: profiles(), ReadHeaderTimeout: time.Second}
	go func() { n.log.Error("pprof", "error", srv.ListenAndServe()) }()
}
