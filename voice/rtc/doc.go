// Package rtc makes legs of agents' pages: WebRTC sound between a browser and us, over one UDP port and one TCP port for all.
//
// # What it speaks
//
// Only what a telephone desk needs of WebRTC (RFC 8825), and that from the answering side: ICE lite (RFC 8445 section 2.5), because
// we have a known address; DTLS (RFC 5764) as the passive side; SRTP with G.711 and telephone-event, one stream each way; RTCP
// beside it; STUN, DTLS and RTP told apart by their first byte (RFC 7983); the same over TCP in frames (RFC 4571, RFC 6544).
// DTLS, SRTP, STUN and SDP are pion's. Its PeerConnection is not used: it reads a packet through five goroutines and their
// buffers, where one is enough, and keeps some 400 KB for each browser (docs/performance.md).
//
// # Layout
//
//	UDP sockets ─┬─ STUN ─▶ answered at once, tells whose address this is      socket.go, sort.go, stun.go
//	TCP frames ──┤─ DTLS ─▶ connection's handshake ─▶ SRTP keys                tcp.go, dtls.go
//	             └─ SRTP ─▶ connection's queue ─▶ media.Port reads, decrypts   connection.go
//
//	server.go leg.go       voice.Desks and its legs; sdp.go reads a page's offer and writes the answer
//	renew.go echo.go       an offer that changes a connection; a page that tests itself
//	mailbox.go             things in order
//
// A leg is what a call knows: an agent's line for one session. A connection is what one offer of the agent's page made; when the
// page is reloaded, a new connection takes the old one's place under the leg's port, and bridge and recording go on.
//
// # Concurrency contract
//
// The UDP port has a socket for each core (SO_REUSEPORT: all packets of a page come to the same one). Each is read by one goroutine,
// which answers STUN and hands everything else to the connection it is for: to its queue, which the port's own goroutine empties,
// or to its handshake. A connection has the handshake's goroutines and a timer;
// a leg has a mailbox, so that its listener is told things in order and without a lock held.
package rtc
