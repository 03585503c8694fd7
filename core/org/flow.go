package org

import (
	"context"
	"encoding/json"

	"openseat"
)

const maxFlow = 1 << 20

// PublishFlow makes a definition the newest version of its flow, after validate found nothing wrong with it.
func (o *Office) PublishFlow(
	ctx context.Context, app openseat.AppID, name string, definition json.RawMessage, validate func(json.RawMessage) error,
) (int, error) {
	if err := checkText("Name", name, 1, maxName); err != nil {
		return 0, err
	}
	if len(definition) > maxFlow {
		return 0, invalid("Definition", "may have at most %d bytes", maxFlow)
	}
	if !json.Valid(definition) {
		return 0, invalid("Definition", "is not JSON")
	}
	if err := validate(definition); err != nil {
		return 0, asInvalid("Definition", err)
	}
	version := 0
	err := o.change(ctx, app, func() (err error) {
		version, err = o.store.PublishFlow(ctx, Flow{App: app, Name: name, Definition: definition, CreatedAt: o.now()})
		return err
	})
	return version, err
}

// FlowVersions lists the versions of a flow, newest first.
func (o *Office) FlowVersions(ctx context.Context, app openseat.AppID, name string) ([]Flow, error) {
	return o.store.FlowVersions(ctx, app, name)
}

// Flows lists the newest version of every flow, by name.
func (o *Office) Flows(ctx context.Context, app openseat.AppID) ([]Flow, error) {
	v, err := o.store.View(ctx, app)
	if err != nil {
		return nil, err
	}
	return sortedValues(v.Flows), nil
}
