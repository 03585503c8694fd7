// Package live keeps things alive: calls, conversations, queue boards, campaigns.
//
//	Tell ─▶ mailbox ─▶ Handle ─▶ journal ─▶ commands
//	          ▲                               ├─ Tell ──▶ another thing's mailbox, here or on another node
//	        timers ◀──────────────────────────┼─ SetTimer, StopTimer
//	                                          ├─ Reply ─▶ whoever asked
//	                                          └─ the rest ─▶ Executor
//
// Every live thing has one goroutine that owns its state, a bounded mailbox, timers, and exactly one owning node. What a
// thing wants is written to the journal before it is done; who finds, when writing, that somebody else wrote in between has
// lost the thing and stops without doing anything more. So two nodes may believe that they own a thing, but only one can act.
//
// What is asked and changes nothing (Question) is answered without being written.
//
// After a crash a thing is made again from its snapshot (if it is an openseat.Snapshotter) and the journal after it: every
// entry goes through Handle once more at its old time, and its commands are not done again, except that timers are set and
// that the Tells of the last entry are repeated (it is the only one whose commands may have been missed). Then the thing is
// told openseat.OwnerLost and goes on.
//
// # Concurrency
//
// All methods of Runtime are safe for concurrent use. A Thing, once made, is touched by its own goroutine only. Executor is
// called from there, in the journal's order, and must not block; it may call Tell, whose mailbox never waits.
//
// A thing that tells another never waits either: what a full mailbox or another node cannot take at once goes to the
// courier, which keeps the order per receiver and tries until it is taken or the receiver is known to be gone.
package live
