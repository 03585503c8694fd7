import { asError, codes, isMicrophone, TcccError } from './errors'
import type { Microphone } from './microphone'

/** What media needs of the browser. */
export interface Rtc {
  peer(): RTCPeerConnection
  /** The codecs this browser can receive, undefined when it cannot say. */
  codecs(): readonly RTCRtpCodec[] | undefined
  /** Plays a remote stream until stopped. */
  play(stream: MediaStream): { stop(): void }
}

export interface MediaConfig {
  rtc: Rtc
  microphone: Microphone
  /** Brings an offer to the server and returns its answer. */
  offer: (sessionId: string, sdp: string) => Promise<string>
  /** Told when a session's sound (or with a microphone's code, only its microphone) cannot be had for now, and (undefined) when it is. */
  trouble: (sessionId: string, error: TcccError | undefined) => void
}

/** A peer connection that carries one session's sound, or is ready to. */
interface Line {
  pc: RTCPeerConnection
  sdp: string
  sender: RTCRtpSender | undefined
  track: MediaStreamTrack | undefined
  sound: { stop(): void } | undefined
  closed: boolean
  /** Why it has no microphone. */
  lack: TcccError | undefined
}

const pauses = [200, 500, 1000, 2000]
/** A line that is interrupted may heal by itself for so long. */
const patience = 2_000

/**
 * Media gives sessions their sound: one peer connection each, G.711 only, a single offer and answer. The server has one
 * address and answers checks (ICE-lite, RFC 8445 section 2.5), so the offer goes out at once, without candidates.
 */
export class Media {
  private readonly lines = new Map<string, Line>()
  private readonly preparing = new Map<string, Promise<Line>>()
  private readonly wanted = new Set<string>()
  private readonly attaching = new Set<string>()
  private readonly muted = new Set<string>()
  private readonly left = new Set<Line>()

  constructor(private readonly config: MediaConfig) {}

  /** Another microphone takes the place of the one before, in all lines, without renegotiation. Undefined = there is none. */
  swap(stream: MediaStream | undefined): void {
    for (const [sessionId, line] of this.lines) this.feed(line, stream, this.muted.has(sessionId))
  }

  /** There may be a microphone now: lines that began without get it. */
  async retry(): Promise<void> {
    for (const [sessionId, line] of this.lines) {
      if (!line.lack) continue
      const stream = await this.config.microphone.open().catch(() => undefined)
      if (!stream) return
      if (line.closed) this.config.microphone.close()
      else {
        line.lack = undefined
        this.feed(line, stream, this.muted.has(sessionId))
        this.config.trouble(sessionId, undefined)
      }
    }
  }

  /** What the browser measures of a session's sound. */
  async stats(sessionId: string): Promise<RTCStatsReport | undefined> {
    const pc = this.lines.get(sessionId)?.pc
    return pc?.connectionState === 'connected' ? pc.getStats() : undefined
  }

  /** Makes an offer ready while the call rings, if the agent need not be asked for the microphone. */
  async prepare(sessionId: string): Promise<void> {
    if (!(await this.config.microphone.isAllowed())) return
    await this.ready(sessionId).catch(() => undefined) // accept will say what is wrong
  }

  /** The offer of a session, or of one that is to come (any name). */
  async offer(sessionId: string): Promise<string> {
    return (await this.ready(sessionId)).sdp
  }

  /** Gives a line that was made for a call to come to its session. */
  rename(before: string, sessionId: string): void {
    const line = this.lines.get(before)
    this.lines.delete(before)
    if (line) this.lines.set(sessionId, line)
  }

  /** Takes the server's answer to the offer; from here on the sound is kept up until release. */
  async answer(sessionId: string, sdp: string): Promise<void> {
    const line = this.lines.get(sessionId)
    if (!line) throw new TcccError(codes.closed, 'the call has ended')
    this.wanted.add(sessionId)
    this.watch(sessionId, line)
    await line.pc.setRemoteDescription({ type: 'answer', sdp })
  }

  /** Brings a session its sound, again and again until it has it or is released. */
  async attach(sessionId: string): Promise<void> {
    this.wanted.add(sessionId)
    if (this.attaching.has(sessionId)) return
    this.attaching.add(sessionId)
    for (let attempt = 0; this.wanted.has(sessionId); attempt++) {
      try {
        await this.attachOnce(sessionId)
        this.config.trouble(sessionId, this.lines.get(sessionId)?.lack)
        break
      } catch (e) {
        this.config.trouble(sessionId, asError(e))
        this.dropLine(sessionId)
        await sleep(pauses[Math.min(attempt, pauses.length - 1)] ?? 0)
      }
    }
    this.attaching.delete(sessionId)
  }

  /** Brings a session its sound anew: another page has taken it meanwhile, which is gone. */
  renew(sessionId: string): Promise<void> {
    this.dropLine(sessionId)
    return this.attach(sessionId)
  }

  /** Whether the session's sound is up, or on its way. */
  has(sessionId: string): boolean {
    const state = this.lines.get(sessionId)?.pc.connectionState
    return this.wanted.has(sessionId) && state !== undefined && state !== 'failed' && state !== 'closed'
  }

  mute(sessionId: string, on: boolean): void {
    if (on) this.muted.add(sessionId)
    else this.muted.delete(sessionId)
    const line = this.lines.get(sessionId)
    if (line?.track) line.track.enabled = !on
  }

  isMuted(sessionId: string): boolean {
    return this.muted.has(sessionId)
  }

  release(sessionId: string): void {
    this.wanted.delete(sessionId)
    this.muted.delete(sessionId)
    this.dropLine(sessionId)
  }

  /** Leaves what sounds as it is, until the server ends it or gives it to another page: nothing is begun or mended any more. */
  leave(): void {
    for (const [sessionId, line] of [...this.lines]) {
      if (!this.wanted.has(sessionId)) continue
      this.lines.delete(sessionId)
      this.left.add(line)
      this.untilItEnds(line)
    }
    for (const id of [...this.lines.keys(), ...this.wanted, ...this.preparing.keys()]) this.release(id)
  }

  releaseAll(): void {
    for (const line of this.left) this.hangUp(line)
    for (const id of new Set([...this.lines.keys(), ...this.wanted, ...this.preparing.keys()])) this.release(id)
  }

  private async attachOnce(sessionId: string): Promise<void> {
    const fresh = this.lines.get(sessionId)?.pc.signalingState === 'have-local-offer'
    if (!fresh) this.dropLine(sessionId)
    const line = await this.readyWithout(sessionId)
    const answer = await this.config.offer(sessionId, line.sdp)
    if (this.wanted.has(sessionId)) await this.answer(sessionId, answer)
    else this.dropLine(sessionId)
  }

  private ready(sessionId: string): Promise<Line> {
    const known = this.lines.get(sessionId)
    if (known) return Promise.resolve(known)
    const under = this.preparing.get(sessionId)
    if (under) return under
    const making: Promise<Line> = this.make().then(
      (line) => this.install(sessionId, line, making),
      (e: unknown) => {
        if (this.preparing.get(sessionId) === making) this.preparing.delete(sessionId)
        throw asError(e)
      },
    )
    this.preparing.set(sessionId, making)
    return making
  }

  private install(sessionId: string, line: Line, making: Promise<Line>): Line {
    if (this.preparing.get(sessionId) !== making) {
      this.hangUp(line)
      throw new TcccError(codes.closed, 'the call has ended')
    }
    this.preparing.delete(sessionId)
    this.lines.set(sessionId, line)
    return line
  }

  /** A line for a call that runs already: who has no microphone shall at least hear. */
  private async readyWithout(sessionId: string): Promise<Line> {
    try {
      return await this.ready(sessionId)
    } catch (e) {
      const lack = asError(e)
      if (!isMicrophone(lack) || !this.wanted.has(sessionId)) throw e
      const line = await this.connect(undefined, lack)
      this.lines.set(sessionId, line)
      return line
    }
  }

  private async make(): Promise<Line> {
    return this.connect(await this.config.microphone.open())
  }

  private async connect(stream: MediaStream | undefined, lack?: TcccError): Promise<Line> {
    const pc = this.config.rtc.peer()
    const line: Line = { pc, sdp: '', sender: undefined, track: undefined, sound: undefined, closed: false, lack }
    try {
      line.sender = pc.addTransceiver('audio', { direction: 'sendrecv', streams: stream ? [stream] : [] }).sender
      this.feed(line, stream, false)
      pc.ontrack = (e) => {
        line.sound?.stop()
        line.sound = this.config.rtc.play(e.streams[0] ?? new MediaStream([e.track]))
      }
      this.preferG711(pc)
      const offer = await pc.createOffer()
      await pc.setLocalDescription(offer)
      line.sdp = offer.sdp ?? ''
      return line
    } catch (e) {
      this.hangUp(line)
      throw new TcccError(codes.mediaFailed, `no sound: ${asError(e).message}`)
    }
  }

  /** Puts a microphone into a line: a track of its own, since muting one session must not mute another. */
  private feed(line: Line, stream: MediaStream | undefined, muted: boolean): void {
    const before = line.track
    line.track = stream?.getAudioTracks()[0]?.clone()
    if (line.track) line.track.enabled = !muted
    line.sender?.replaceTrack(line.track ?? null).catch(() => undefined) // the line is closed
    before?.stop()
  }

  /** Offers what telephone lines speak, so that nothing has to be transcoded. Browsers that cannot choose offer all. */
  private preferG711(pc: RTCPeerConnection): void {
    const wanted = ['audio/pcma', 'audio/pcmu', 'audio/telephone-event']
    const codecs = (this.config.rtc.codecs() ?? []).filter((c) => wanted.includes(c.mimeType.toLowerCase()) && c.clockRate === 8000)
    if (codecs.length === 0) return
    for (const t of pc.getTransceivers()) t.setCodecPreferences(codecs)
  }

  private watch(sessionId: string, line: Line): void {
    if (line.track) line.track.enabled = !this.muted.has(sessionId)
    line.pc.onconnectionstatechange = () => {
      const state = line.pc.connectionState
      if (state === 'failed') this.broken(sessionId, line)
      if (state !== 'disconnected') return
      setTimeout(() => {
        if (line.pc.connectionState === 'disconnected') this.broken(sessionId, line)
      }, patience)
    }
  }

  /** The server ends a line by closing its DTLS (Chromium's connectionState does not show that). */
  private untilItEnds(line: Line): void {
    const transport = line.sender?.transport
    const look = () => {
      const over = [line.pc.connectionState, transport?.state].some((state) => state === 'failed' || state === 'closed')
      if (over) this.hangUp(line)
    }
    line.pc.onconnectionstatechange = look
    if (transport) transport.onstatechange = look
  }

  private broken(sessionId: string, line: Line): void {
    if (this.lines.get(sessionId) === line && this.wanted.has(sessionId)) void this.attach(sessionId)
  }

  private dropLine(sessionId: string): void {
    this.preparing.delete(sessionId) // a line being made is hung up when it is ready
    const line = this.lines.get(sessionId)
    this.lines.delete(sessionId)
    if (line) this.hangUp(line)
  }

  private hangUp(line: Line): void {
    if (line.closed) return
    line.closed = true
    this.left.delete(line)
    line.pc.onconnectionstatechange = line.pc.ontrack = null
    line.track?.stop()
    line.sound?.stop()
    line.pc.close()
    if (!line.lack) this.config.microphone.close()
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
