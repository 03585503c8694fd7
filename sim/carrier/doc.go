// Package carrier is a telephone company: a SIP peer that takes calls from OpenSeat for simulated people, and places their
// calls into it. It knows OpenSeat as a carrier would: by its SIP address, SDP and RTP.
//
// # People
//
// Who is called behaves after the last digit of the number (ByLastDigit), unless Options.Pick knows better:
//
//	0  busy                            486                    Reason: Q.850;cause=17
//	1  answers and speaks              180, 200
//	2  answers, hangs up after 3 s     180, 200, BYE
//	3  rings 35 s, then answers        180, 200
//	4  rejects                         180, 603               Reason: Q.850;cause=21
//	5  never answers                   180, after 60 s 480    Reason: Q.850;cause=19
//	6  powered off                     480                    Reason: Q.850;cause=20
//	7  no such number                  404                    Reason: Q.850;cause=1
//	8  voicemail                       180, 200               X-OpenSeat-Answered-By: voicemail
//	9  carrier fault                   503                    Reason: Q.850;cause=38
//
// SIP alone cannot tell a powered-off phone from one that does not answer, so the cause of ITU-T Q.850 goes along in a Reason
// header (RFC 3326), as gateways do. That a mailbox answered is told in a header of our own, VoicemailHeader: real
// carriers leave it to the ear.
//
// # Layout
//
//	carrier.go   the company: its socket, who is meant by a message
//	call.go      one call, as tests and scripts see it
//	uas.go       a call that OpenSeat places: ring, answer, refuse
//	uac.go       a call into OpenSeat: INVITE, CANCEL
//	dialog.go    requests inside a call: ACK, BYE, re-INVITE
//	sdp.go       offers and answers
//	accounts.go  who is registered, and who may call
//	people.go    the scripts of the table above
//
// # Concurrency contract
//
// All methods may be called from any goroutine. A Script runs on a goroutine of its own and should end when the call does.
// Nothing is told by callback; Ringing, Answered and Done are channels, everything else is waited for with a context.
package carrier
