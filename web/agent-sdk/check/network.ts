import { countsOf, gradeOf } from '../src/quality'
import type { Counts } from '../src/quality'

/** What the network can do, measured. Times in ms, losses in percent; -1 = not known. */
export interface Measured {
  messages: number
  rtt: number
  loss: number
  jitter: number
  /** udp, tcp or relay. */
  way: string
  grade: number
}

/** Why it could not be measured. */
export type Obstacle = 'noTicket' | 'noServer' | 'noSound'

export class Blocked extends Error {
  constructor(
    readonly obstacle: Obstacle,
    readonly detail = '',
    /** The round trip of messages, if those got through. */
    readonly messages = -1,
  ) {
    super(`${obstacle} ${detail}`)
  }
}

const pings = 10
/** How long the sound is listened to. */
const listening = 5_000
const patience = 8_000

/** Measures messages and sound to the server and back. */
export async function measure(ticket: string): Promise<Measured> {
  if (!ticket) throw new Blocked('noTicket')
  const line = await Line.open(ticket)
  try {
    const messages = await roundTrip(line)
    try {
      return { messages, ...(await echo(line)) }
    } catch (e) {
      throw e instanceof Blocked ? e : new Blocked('noSound', String(e), messages)
    }
  } finally {
    line.close()
  }
}

/** The median of some round trips: one that was slow by chance says nothing. */
async function roundTrip(line: Line): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < pings; i++) {
    const before = performance.now()
    await line.ask('echo.ping', {})
    times.push(performance.now() - before)
  }
  return Math.round(median(times))
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? -1
}

/** Sends a soft tone, since no microphone is needed for this, and looks at what the browser says of it and its echo. */
async function echo(line: Line): Promise<Omit<Measured, 'messages'>> {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const source = hum()
  try {
    for (const track of source.stream.getAudioTracks()) peer.addTrack(track, source.stream)
    await peer.setLocalDescription(await peer.createOffer())
    const { sdp } = await line.ask<{ sdp: string }>('echo.offer', { sdp: peer.localDescription?.sdp ?? '' })
    await peer.setRemoteDescription({ type: 'answer', sdp })
    await connected(peer)
    const first = countsOf(await peer.getStats(), 0)
    await sleep(listening)
    const report = await peer.getStats()
    return judge(first, countsOf(report, listening), wayOf(report))
  } finally {
    peer.close()
    source.stop()
  }
}

/** A grade of what came back, the worse of both directions. */
export function judge(first: Counts, last: Counts, way: string): Omit<Measured, 'messages'> {
  const received = (last.received ?? 0) - (first.received ?? 0)
  const lostDown = Math.max(0, (last.lostDown ?? 0) - (first.lostDown ?? 0))
  const sent = (last.sent ?? 0) - (first.sent ?? 0)
  const lostUp = Math.max(0, (last.lostUp ?? 0) - (first.lostUp ?? 0))
  const share = (lost: number, all: number) => (all > 0 ? Math.round((1000 * lost) / all) / 10 : 0)
  const loss = Math.max(share(lostDown, received + lostDown), share(lostUp, sent))
  const jitter = Math.round(Math.max(last.jitterDown ?? 0, last.jitterUp ?? 0))
  const rtt = last.rtt === undefined ? -1 : Math.round(last.rtt)
  return { rtt, loss, jitter, way, grade: received <= 0 ? 6 : gradeOf({ rtt, loss, jitter }) }
}

/** The way the sound takes, by the pair of candidates that was chosen. */
export function wayOf(report: RTCStatsReport): string {
  const entries: Record<string, unknown>[] = []
  report.forEach((entry: Record<string, unknown>) => entries.push(entry))
  const transport = entries.find((e) => e['type'] === 'transport')
  const pair = entries.find((e) => e['type'] === 'candidate-pair' && (e['id'] === transport?.['selectedCandidatePairId'] || e['selected'] === true)) ?? entries.find((e) => e['type'] === 'candidate-pair' && e['state'] === 'succeeded' && e['nominated'] === true)
  const local = entries.find((e) => e['type'] === 'local-candidate' && e['id'] === pair?.['localCandidateId'])
  if (!local) return ''
  return local['candidateType'] === 'relay' ? 'relay' : String(local['protocol']).toLowerCase()
}

/** Whether this page may make sound already; else browsers want a click first (autoplay policy), and what is sent is nothing. */
export async function mayHum(): Promise<boolean> {
  if (typeof AudioContext === 'undefined') return true // the measurement will say so
  const context = new AudioContext()
  await Promise.race([context.resume().catch(() => undefined), sleep(300)])
  const { state } = context
  void context.close().catch(() => undefined)
  return state === 'running'
}

function hum(): { stream: MediaStream; stop(): void } {
  const context = new AudioContext()
  void context.resume().catch(() => undefined)
  const tone = new OscillatorNode(context, { frequency: 330 })
  const end = new MediaStreamAudioDestinationNode(context)
  tone.connect(new GainNode(context, { gain: 0.1 })).connect(end)
  tone.start()
  return { stream: end.stream, stop: () => void context.close().catch(() => undefined) }
}

function connected(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no way for sound was found')), patience)
    const look = () => {
      if (peer.connectionState === 'failed') reject(new Error('the way for sound failed'))
      if (peer.connectionState !== 'connected') return
      clearTimeout(timer)
      resolve()
    }
    peer.onconnectionstatechange = look
    look()
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** A WebSocket of questions and answers. */
class Line {
  private id = 0
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (e: Error) => void }>()

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = (e) => this.hear(String(e.data))
    socket.onclose = () => this.drop()
  }

  static open(ticket: string): Promise<Line> {
    return new Promise((resolve, reject) => {
      const url = new URL(`check/ws?ticket=${encodeURIComponent(ticket)}`, location.href)
      url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
      const socket = new WebSocket(url)
      const timer = setTimeout(() => {
        socket.close()
        reject(new Blocked('noServer', 'no answer'))
      }, patience)
      socket.onopen = () => {
        clearTimeout(timer)
        resolve(new Line(socket))
      }
      socket.onclose = (e) => {
        clearTimeout(timer)
        reject(new Blocked('noServer', String(e.code)))
      }
    })
  }

  ask<T = unknown>(method: string, params: object): Promise<T> {
    const id = ++this.id
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => this.answer(id, (w) => w.reject(new Error(`${method}: no answer`))), patience)
      this.waiting.set(id, {
        resolve: (result) => {
          clearTimeout(timer)
          resolve(result as T)
        },
        reject: (e) => {
          clearTimeout(timer)
          reject(e)
        },
      })
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ id, method, params }))
      else this.drop()
    })
  }

  close(): void {
    this.socket.close()
  }

  private hear(text: string): void {
    const message = JSON.parse(text) as { id?: number; result?: unknown; error?: { code: string; message: string } }
    const { id, result, error } = message
    if (id === undefined) return
    this.answer(id, (w) => (error ? w.reject(refusal(error)) : w.resolve(result)))
  }

  private answer(id: number, give: (w: { resolve: (result: unknown) => void; reject: (e: Error) => void }) => void): void {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    if (waiting) give(waiting)
  }

  private drop(): void {
    for (const id of [...this.waiting.keys()]) this.answer(id, (w) => w.reject(new Blocked('noServer', 'the connection broke')))
  }
}

/** A ticket that is not good, or anything else that the server says no to. */
function refusal(error: { code: string; message: string }): Error {
  return error.code.startsWith('AuthFailure') ? new Blocked('noTicket', error.code) : new Error(`${error.code}: ${error.message}`)
}
