// Package cloudapi is the cloud API: POST / and GET / for the official Tencent Cloud SDKs as they are, service "ccc".
//
// One request goes down one road, told by serve in handler.go: who asks (tc3.go: TC3-HMAC-SHA256), what is asked (actions.go,
// a table), is it too much (limit.go), what are the parameters (decode.go, decode_json.go, decode_flat.go), then the handler
// of the action (staff.go, skillgroup.go, …). Handlers know nothing of HTTP, signatures or JSON: they take a typed request
// that is complete, and speak to the rest of the house through the small interfaces of ports.go.
//
// Answers have HTTP status 200 always, errors too: official SDKs take every other status for a transport failure.
//
// Tenants: a key speaks for one instance. A request for any other SdkAppId, existing or not, gets UnauthorizedOperation.
//
// Concurrency: the handler is used by many goroutines; the only state shared between requests is the rate limiter's map.
package cloudapi
