// Package sip makes legs of telephone lines: calls from and to the carriers' trunks, and from and to the SIP phones that
// register here, over UDP, TCP and TLS (RFC 3261).
//
// # Layout
//
//	socket ─▶ guard ─▶ sipgo's transports ─▶ sipgo's transactions ─▶ Server ─▶ leg's mailbox ─▶ voice.Listener
//	guard.go    strangers, floods and garbage end here             server.go, dispatch.go
//	trunks.go   which trunk an address belongs to; peers' names    register.go, health.go: trunks we register with or watch
//	registrar.go  which phones are where; ping.go, memory.go       challenge.go, wrong.go: who they are; directory.go: who may be
//	leg.go      what both kinds of legs have in common             inbound.go, outbound.go: the INVITE, from either side
//	try.go      one INVITE of an outbound leg, of several          ring.go: all devices of a phone at once; refer.go: its transfer key
//	dialog.go   tags, routes, sequence numbers, next hop           reinvite.go: hold, media changes; refresh.go: session timers
//	sdp.go, sound.go  offer and answer                             dtmf.go, reason.go, digest.go: small grammars
//
// # Phones
//
// A phone proves who it is by digest, when it registers and when it calls. It is reached by the way its registration came, and
// followed when that changes, in a call, too. Strangers who may be phones cost a look-up, some hashing and a packet: a REGISTER
// is answered before there is a transaction, its nonce is not kept but sealed, and who guesses passwords is soon not listened to.
// A phone that came by UDP outlives our restart if there is a Memory, otherwise, and by a connection, it is back as soon as it
// registers again, which is at most ten minutes.
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
