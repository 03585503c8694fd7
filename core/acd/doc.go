// Package acd is the queue board of one instance: it knows who is present and what state he is in, what work waits where,
// and decides who gets whom. It does not know what a call is: work is an openseat.Ref that is told (openseat.Tell) what
// was decided, and tells the board what became of it. words.go holds all that is said to and by a board.
//
// # An agent's states
//
//	            SignedIn                                        SignedOut, removed from the plan,
//	 offline ─────────────▶ free or notReady (OnlineStatus),    page lost for PresenceWait:
//	    ▲                   or what he was when he got lost     every state ──▶ offline; busy ones once Released
//	    │
//	    │        ┌───────────┐ StatusSet ┌──────────┐ StatusSet ┌──────┐
//	    │        │   free    │◀─────────▶│ notReady │◀─────────▶│ rest │   (and free ◀─▶ rest)
//	    │        └───────────┘           └──────────┘           └──────┘
//	    │  Offered │  ▲ rejected,           ▲ │                    │
//	    │          ▼  │ revoked,            │ │                    │
//	    │        ┌──────────┐ withdrawn     │ │                    │
//	    │        │ (ringing)│───────────────┘ │ Occupied           │ Occupied
//	    │        └──────────┘  time-out,      │ (also from free    │
//	    │ OfferTaken │         unreachable,   │  and arrange)      │
//	    │            ▼         offer deadline ▼                    │
//	    │        ┌────────────────────────────────┐                │
//	    └────────│              busy              │◀───────────────┘
//	Released,    └────────────────────────────────┘
//	when he left     │ Released, WrapUp > 0     │ Released
//	                 ▼                          │
//	             ┌─────────┐ timer,             ▼
//	             │ arrange │ StatusSet    the status he reserved,
//	             └─────────┘────────────▶ else the one before the work
//	                ▲   │ StatusSet arrange: the countdown begins anew
//	                └───┘
//
// Ringing is not a status: who is being rung is free, but is not offered anything else. A status asked for while ringing
// or busy is reserved. A work that is offered, taken or through tells so; an offer that hears nothing ends at OfferWait,
// a page that is gone is waited for until PresenceWait (and a ringing one for 3 s), after-call work ends by its timer: no
// state but the agent's own choice lasts without a live cause.
//
// # Who gets whom
//
// Of the work that waits where somebody is free, smaller Priority goes first, then who waits longest, then who came first.
// It gets, in this order: the agent who served this customer last (UseLastSeat), the agent whose priority in the group is
// highest (1), the one who is free for longest. Agents who missed this work are its last choice, and yet a choice: when
// Handle returns there is never both a free agent and waiting work in a group. A ring-all group rings all its free agents
// (100 at most), who become free meanwhile join in, and the first to answer wins.
//
// # Seats
//
// An agent is rung on his page, on his SIP phone when he prefers it or has no page, on his mobile phone always or while he is
// offline, as he has chosen. Who is only reached on his mobile phone counts as staff of his groups, stays offline until he
// answers, is offline again after the work, and comes after everybody who is online.
//
// Several agents may be busy with one work (a transfer, a consultation): each is granted, released and confirmed by himself.
//
// # Concurrency and cost
//
// A Board belongs to one goroutine. Same events at same times give same commands, in the same order. Everything that
// stands in order stands in a row (row.go), so a decision costs logarithms of agents and of waiting work; Configured,
// OwnerLost, Overview and snapshots cost their size.
//
// # After a crash
//
// The first event in a new life is OwnerLost. Pages must be signed in again within PresenceWait; every work is asked
// HoldWanted, and what does not confirm itself within 15 s is given up, so that a word lost in the crash leaves no agent
// busy and no place in a queue taken.
//
// Timers are named "offer:<user>", "wrapup:<user>", "presence:<user>", "reload:<user>" and "pause:<user>", and
// "confirm".
package acd
