// Package api is everything that goes over the wire: the requests and responses of the cloud API, the payloads of the data
// push, the catalogue of errors, and a Go client.
//
// Names are those of the Tencent Cloud CCC API to the letter (SdkAppId, SessionID beside SessionId, Uui beside UUI), because
// they are the compatibility surface; Go's spelling habits give way. Actions of version 2020-02-10 are those of the official
// SDKs; their types in ccc.go are generated. Version 2026-01-01 holds OpenSeat's own actions, for what the original offers on
// its console only; their types are written by hand in own.go.
//
// In a request a member that may be left out is a pointer or a slice, and one that may not has the tag `api:"required"`.
package api

import "openseat"

//go:generate go run ./internal/gen -models ../e2e/node_modules/tencentcloud-sdk-nodejs/tencentcloud/services/ccc/v20200210/ccc_models.d.ts -out ccc.go
//go:generate go run ./internal/ts -out ../web/console/src/api/types.ts

// The versions of the cloud API (header X-TC-Version) and the service name in signatures.
const (
	Version    = "2020-02-10" // the actions of the official SDKs
	OwnVersion = "2026-01-01" // OpenSeat's own actions
	Service    = "ccc"
)

// Request is what an action is asked: every action speaks to one instance.
type Request interface {
	// Instance is the request's SdkAppId.
	Instance() openseat.AppID
}

// Response is what an action answers.
type Response interface {
	// SetRequestID stamps the answer with the id of its request.
	SetRequestID(id string)
}

// Result is the part that all responses share.
type Result struct {
	RequestId string `json:"RequestId"`
}

// SetRequestID implements Response.
func (r *Result) SetRequestID(id string) { r.RequestId = id }
