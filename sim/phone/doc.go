// Package phone is the customer's telephone of the demo page: a browser's microphone and loudspeaker on the simulated
// carrier's line. OpenSeat meets it only as a call from or to that carrier.
//
// A page is a WebSocket; while it is open, its phone has a number. Messages are JSON objects with a "type".
//
// The page says:
//
//	{"type":"offer","sdp":"…"}            its WebRTC offer, candidates included; again after a failure
//	{"type":"call","to":"00864008001000"}
//	{"type":"keys","keys":"1"}            press keys while talking
//	{"type":"accept"}                     an incoming call
//	{"type":"hangUp"}                     in any state: hang up, give up, decline
//
// The page is told:
//
//	{"type":"hello","number":"008613900001001"}
//	{"type":"answer","sdp":"…"}           candidates included
//	{"type":"state","state":"calling","from":"…","to":"…"}    then "ringing", "talking"
//	{"type":"state","state":"incoming","from":"…","to":"…"}   then "talking"
//	{"type":"state","state":"ended","sip":486,"reason":"Busy Here","byUs":false}
//	{"type":"error","message":"…"}        what was said just now could not be done
//
// # Concurrency contract
//
// Each page has one goroutine that owns its call and its sound, and one that reads its socket. Booth's methods may be called
// from any goroutine.
package phone
