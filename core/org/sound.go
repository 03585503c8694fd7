package org

import (
	"time"

	"openseat"
)

// Sound is a prompt that was uploaded, or spoken by the speech engine.
type Sound struct {
	App       openseat.AppID
	Name      string
	Key       string // what a flow names; the blob it is kept in
	Duration  time.Duration
	Size      int64
	Text      string // what it says, when the engine spoke it
	CreatedAt time.Time
}
