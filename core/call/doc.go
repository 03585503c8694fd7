// Package call is one telephone call: events in, commands out (openseat.Thing), from its first INVITE to its last recording.
//
//	inbound    Arrived ─▶ door ─LegAnswered─▶ inFlow ─queue─▶ queued ◀──missed, declined, no media──┐
//	                                            ▲               │Offered                            │
//	                                   nobody, overflow         ▼   Accepted, telephone lifted      │
//	                                            └──────────── queued+seats ringing ─▶ seat connecting
//	                                                            ▲                        │LegAnswered(agent)
//	                          Transferred to a group, or the    │                        ▼
//	                          agent leaves before it is taken   └─────────────────── talking ◀─┐ Transferred to a colleague,
//	                                                                                  ▲  │  └──┘ Invited, Reconnected, held …
//	outbound   CallOut ─▶ asking ─Granted─▶ dialing ─LegAnswered(customer)────────────┤  │
//	internal   CallIn  ─▶ asking ─Granted─▶ dialing ─LegAnswered(colleague)───────────┘  │HungUp by the last agent, and the
//	                                                                                     ▼flow has a survey
//	           any state ─LegEnded(customer), HungUp, EndedByAPI, OwnerLost─▶        surveying
//	                                   │                                                 │
//	                                   ▼                                                 ▼
//	                                 closed (Closed is given, once; waits for recordings) ─▶ openseat.Done
//
// The customer is one leg (CustomerLeg); everybody else is a seat with a leg of his own: agents on a page or a telephone,
// outside parties, supervisors. Who hears whom, what is played to who hears nobody, and what pages know of the others are
// not done step by step: they follow from the seats, and are put right at the end of every Handle (settle). A transfer or
// an invitation under way is an errand; there is one at a time. Recorders, music and the survey are things done to a leg,
// never states of their own. Nothing here waits without a deadline: a timer or the customer's own line ends every state.
//
//	call.go, asked.go   the call, and its events           sound.go, audibility.go   who hears whom and what
//	inbound.go, steps.go, queue.go   flow and queue        members.go, view.go       what pages know
//	outbound.go, internal.go   calls by agents             errand.go, transfer.go, invite.go   several agents
//	ring.go, talk.go, hold.go, leave.go   an agent's part  monitor.go                supervisors
//	end.go, record.go, facts.go   what is left of it       lost.go                   sound that fails
//	plan.go, helpers.go, manual.go   what flows need, whom they ask, and the way out of them
package call
