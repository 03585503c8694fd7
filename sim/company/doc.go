// Package company is the customer's own server, as OpenSeat meets it: it takes in the data push, gives out OAuth 2.0 tokens
// for it, and asks the cloud API for the address an agent's page is loaded from. It knows only what an outsider is told.
//
//	POST /push?action=cdr|record|voicemail   the data push, checked to the letter
//	POST /token                              OAuth 2.0 client credentials (RFC 6749 section 4.4)
//	GET  /pushes[?SessionId=…]               what arrived, newest first, as JSON
//	POST /sdk-url?SeatUserId=…               a fresh SdkURL for that agent
//
// A test makes it misbehave with Next: the next pushes are then answered as told, in order.
//
// All methods may be called from any goroutine.
package company
