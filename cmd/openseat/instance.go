package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"openseat"
	"openseat/core/org"
	"openseat/store"
)

// createInstance makes an instance and its first cloud API key, and prints both as JSON: the only time the secrets are shown.
// A server that runs on the same database learns of it at its next start, or when it is sent SIGHUP.
func createInstance(ctx context.Context, opts InstanceOptions, stdout io.Writer) error {
	if err := os.MkdirAll(opts.Data, 0o700); err != nil {
		return err
	}
	db, err := store.Open(ctx, opts.Database, opts.Data)
	if err != nil {
		return err
	}
	defer db.Close()
	office := org.NewOffice(db, time.Now, rand.Reader, func(openseat.AppID) {})
	in, err := office.CreateInstance(ctx, org.NewInstance{App: openseat.AppID(opts.ID), Name: opts.Name})
	if err != nil {
		return err
	}
	key, err := office.CreateKey(ctx, in.App)
	if err != nil {
		return err
	}
	out := json.NewEncoder(stdout)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		SdkAppID   int64  `json:"sdkAppId"`
		SecretID   string `json:"secretId"`
		SecretKey  string `json:"secretKey"`
		UserSigKey string `json:"userSigKey"`
	}{int64(in.App), key.SecretID, key.SecretKey, in.UserSigKey})
}

// watchHangUp reads every instance's set-up anew on SIGHUP: "instance create" beside a running server ends with one.
func (n *Node) watchHangUp(ctx context.Context) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGHUP)
	defer signal.Stop(asked)
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
			n.refreshAll(ctx)
		}
	}
}

func (n *Node) refreshAll(ctx context.Context) {
	if err := n.views.RefreshAll(ctx); err != nil {
		n.alarms.Raise("setup", err)
		return
	}
	for _, v := range n.views.All() {
		if err := n.configureBoard(ctx, v); err != nil {
			n.alarms.Raise("setup", err)
		}
	}
	n.log.Info("set-up read anew", "instances", len(n.views.All()))
}
