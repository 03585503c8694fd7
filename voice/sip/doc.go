// Package sip makes legs of telephone lines: calls from and to the carriers' trunks, over UDP, TCP and TLS (RFC 3261).
//
// # Layout
//
//	socket ─▶ guard ─▶ sipgo's transports ─▶ sipgo's transactions ─▶ Server ─▶ leg's mailbox ─▶ voice.Listener
//	guard.go    strangers, floods and garbage end here             server.go, dispatch.go
//	trunks.go   which trunk an address belongs to; peers' names    register.go, health.go: trunks we register with or watch
//	leg.go      what both kinds of legs have in common             inbound.go, outbound.go: the INVITE, from either side
//	dialog.go   tags, routes, sequence numbers, next hop           reinvite.go: hold, media changes; refresh.go: session timers
//	sdp.go, sound.go  offer and answer                             dtmf.go, reason.go, digest.go: small grammars
//
// # A leg
//
//	inbound   fresh ──Ring──▶ ringing ──Answer──▶ answering ──ACK──▶ up ──BYE──▶ over
//	            └───────Answer────────────────────────┘
//	outbound  fresh ──180, 183──▶ ringing ──200──▶ up ──BYE──▶ over
//
// Every state can end: by CANCEL, by a final answer, by BYE, by silence of the far end. Ended is told once, and at once: what
// is left to say to the far end (a CANCEL that must wait for a provisional answer, a BYE for a 200 that crossed the CANCEL) is
// said by the leg after it is over.
//
// # Concurrency contract
//
// A leg's life is one sequence of small functions in its mailbox: requests, responses, timers, commands. No lock is held while
// a Listener is told something. The transaction layer hands every packet to a goroutine of its own, so packets of one call may
// overtake each other, except ACKs, which are delivered as they are read; a leg takes them in any order that can happen (a BYE
// before the ACK is a normal end).
package sip
