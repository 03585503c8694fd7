// Package call is one telephone call: events in, commands out (openseat.Thing), from its first INVITE to its last recording.
//
//	inbound    Arrived ─▶ door ─LegAnswered─▶ inFlow ─queue─▶ queued ◀──missed, declined, no media──┐
//	                                            ▲               │Offered                            │
//	                                   nobody, overflow         ▼            Accepted               │
//	                                            └──────────── queued+seats ringing ─▶ seat connecting
//	                                                                                     │LegAnswered(agent)
//	outbound   CallOut ─▶ asking ─Granted─▶ dialing ─LegAnswered(customer)─▶ talking ◀───┘
//	                                                                           │HungUp by the agent, and the flow has a survey
//	                                                                           ▼
//	           any state ─LegEnded(customer), HungUp, EndedByAPI, OwnerLost─▶ surveying
//	                                   │                                       │
//	                                   ▼                                       ▼
//	                                 closed (Closed is given, once; waits for recordings) ─▶ openseat.Done
//
// The customer is one leg (CustomerLeg); every agent who was rung is a seat with a leg of its own. Music, survey, voicemail
// and recorders are things done to a leg, never states of their own. Nothing here waits without a deadline: a timer or the
// customer's own line ends every state.
package call
