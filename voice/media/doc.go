// Package media is the sound of a contact center: G.711 legs, who hears whom, prompts and music, keys, and recordings.
//
// # Layout
//
//	Transport ──ReadRTP──▶ Port ──┬─▶ Port ──WriteRTP──▶ Transport           audience.go: forwarded, not decoded
//	                              ├─▶ inlet ─▶ mixer ──20 ms──▶ Ports        inlet.go, mixer.go: for who hears several
//	                              ├─▶ Recording ──▶ Spool ──▶ MP3            recording.go, spool.go, encoder.go
//	                              └─▶ Events (digits, media lost)            dtmf.go, watch.go
//	Metronome ──20 ms──▶ Clip, digits ──▶ Port ──WriteRTP──▶ Transport       metronome.go, play.go
//
//	talk.go bridge.go      who hears whom: of all ports of a call, or of just two
//	port.go listen.go      a port's life; one packet from beginning to end
//	ingress.go egress.go   the two RTP streams of a port: counting one, continuing the other; rtcp.go reports on both
//	transport.go udp.go    Transport, Pipe, the UDP transport; ports.go hands out port pairs
//	g711.go laws.go        A-law, mu-law, and the tables between them
//	dtmf.go inband.go      keys as telephone-events (RFC 4733) and as tones
//	clip.go tone.go        what can be played; echo.go (oneself), music.go, riff.go and resample.go (WAV files), speech.go and espeak.go (text)
//	recording.go spool.go  recorders; recfile.go is the file's form, recover.go what a crash leaves, mp3.go the file's length
//	detect.go ear.go       who hears whom, for tests and simulated people
//
// A Port is one participant's sound. It reads packets from its Transport (a UDP socket of a trunk, a browser's track, an
// in-memory Pipe in tests) and everything it sends is one continuous RTP stream of its own: one SSRC, one sequence, one
// timeline, whoever speaks through it and however often its transport is replaced. Ports know nothing of calls.
//
// # Concurrency contract
//
//   - Every Port has one goroutine that reads its transport; it is the only one that touches the incoming state. A packet is
//     handled there from beginning to end, including the write to the peer's transport: no queue, no copy, no allocation.
//   - The outgoing side of a Port has a mutex, held while one packet is written. Transport.WriteRTP must not block.
//   - All methods may be called from any goroutine. A port belongs to one Talk at a time, or is one of two that Connect joined;
//     several who arrange the same port cannot corrupt anything, but who wins is not said.
//   - Callbacks are called with no lock held: Events.Digit and Hear on the reading goroutine (they must not block), MediaLost
//     and MediaBack in order on a timer's goroutine, the done functions of Play and SendDigits on a goroutine of their own.
//   - A Metronome's shard is one goroutine that lives only while somebody plays, or hears a mix. A Talk has at most one mixer, which
//     beats on one of them; reading goroutines hand it sound through inlets and never wait for it. A Spool has one writing goroutine that
//     lives only while something is recorded. A recording tap copies one packet under an uncontended mutex; it never waits
//     for the disk.
package media
