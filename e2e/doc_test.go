// Package e2e holds the end-to-end tests: they start the real binary, and meet it only as the outside world does: as a
// carrier (SIP, RTP), as agents' pages (a browser with the SDK, or the SDK's protocol), as a company's server (the official
// SDK of the cloud API, the data push), and by killing the process.
//
//	center_test.go    the program under test: start, stop, kill, read its log
//	ports_test.go     free ports for it
//	world_test.go     a center with a carrier and a company around it
//	seat_test.go      an agent without a browser: the protocol of docs/protocol/agent.md and WebRTC
//	browser_test.go   an agent with one: Chromium, driven by browser.mjs
//	floor_test.go     several agents with a browser each, for many stories; ears.js notes what happens in their pages
//	hearing_test.go   who sings and who is heard: everybody has a tone of his own
//	phone_test.go     an agent's SIP phone: baresip, told what to do
//	wire_test.go      a network that can be cut, and lose packets
//	backend_test.go   the company's web application on the official SDK: backend.mjs, agent.html
//	records_test.go   CDRs, recordings and pushes, and what must be true of them
//
// The stories are in the other files. Every wait is for something that happens, and has a deadline. In short mode nothing
// is done that takes more than a few seconds; one browser is started, for a few reloads. What is not installed is skipped, but in CI.
package e2e
