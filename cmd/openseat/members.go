package main

import (
	"context"

	"openseat"
	"openseat/core/acd"
	"openseat/edge/gateway"
	"openseat/live"
)

// roster sends agents home and brings them back, as the cloud API wants it.
type roster struct {
	runtime *live.Runtime
	gateway *gateway.Gateway
}

// ForceOffline implements cloudapi.Members.
func (r roster) ForceOffline(ctx context.Context, app openseat.AppID, user string) error {
	_, err := r.runtime.Ask(ctx, openseat.BoardRef(app), acd.SignedOut{User: user})
	return err
}

// RestoreOnline implements cloudapi.Members.
func (r roster) RestoreOnline(ctx context.Context, app openseat.AppID, user string) error {
	return r.gateway.Restore(ctx, app, user)
}
