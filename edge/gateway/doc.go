// Package gateway is how agents' pages reach OpenSeat: it hands out the agent SDK's script, speaks the SDK's protocol over
// WebSocket (docs/protocol/agent.md), and carries the journal's news to the page of the agent they are for.
//
//	assets.go     GET /sdk/agent.js, the built script, and the pages beside it
//	logins.go     one-time login tokens and resume credentials, kept in a Vault
//	protocol.go   what goes over the wire: requests, answers, events
//	page.go       one connected page: reader, writer, heart, bounded queue
//	hub.go        which page is whose, and what is known of each agent
//	news.go       journal entries to events
//	methods.go    the table of methods; calls.go, dial.go, agent.go do them
//
// # Who runs where
//
// Every page has a reader (the HTTP request's goroutine), a writer and a short-lived goroutine per request; requests about
// one session are done in their order. The hub is a map behind a mutex, and nothing is ever waited for while it is held:
// an event is put into the page's bounded queue, and a page whose queue is full is cut off and told to resynchronise.
// An agent has at most one page per contact center; a new one puts the old one out.
package gateway
