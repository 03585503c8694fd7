// Package media is the sound of a contact center: G.711 legs, who hears whom, prompts and music, keys, and recordings.
//
// # Layout
//
//	Transport ──ReadRTP──▶ Port ──┬─▶ peer Port ──WriteRTP──▶ Transport      bridge.go: forwarded, not decoded
//	                              ├─▶ Recording ──▶ Spool ──▶ MP3            recording.go, spool.go, encoder.go
//	                              └─▶ Events (digits, media lost)            dtmf.go, watch.go
//	Metronome ──20 ms──▶ Clip, digits ──▶ Port ──WriteRTP──▶ Transport       metronome.go, play.go
//
//	port.go listen.go      a port's life; one packet from beginning to end
//	ingress.go egress.go   the two RTP streams of a port: counting one, continuing the other; rtcp.go reports on both
//	transport.go udp.go    Transport, Pipe, the UDP transport; ports.go hands out port pairs
//	g711.go laws.go        A-law, mu-law, and the tables between them
//	dtmf.go inband.go      keys as telephone-events (RFC 4733) and as tones
//	clip.go tone.go        what can be played; music.go, riff.go and resample.go (WAV files), speech.go and espeak.go (text)
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
//   - All methods may be called from any goroutine. Connect and Disconnect of one port should come from one goroutine at a
//     time (the call it belongs to); races between them cannot corrupt anything, but who wins is not said.
//   - Callbacks are called with no lock held: Events.Digit and Hear on the reading goroutine (they must not block), MediaLost
//     and MediaBack in order on a timer's goroutine, the done functions of Play and SendDigits on a goroutine of their own.
//   - A Metronome's shard is one goroutine that lives only while somebody plays. A Spool has one writing goroutine that
//     lives only while something is recorded. A recording tap copies one packet under an uncontended mutex; it never waits
//     for the disk.
package media
