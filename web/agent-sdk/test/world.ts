import { vi } from 'vitest'
import { Client } from '../src/client'
import type { Face } from '../src/client'
import type { Socket } from '../src/connection'
import { Microphone } from '../src/microphone'
import type { UiApi } from '../src/types'
import type { CallView, Snapshot } from '../src/wire'

/** Everything around the SDK, in memory: a server that answers as it is told, a browser without sound. */

export interface Request {
  id?: number
  method: string
  params: Record<string, unknown>
}

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((e: { data: unknown }) => void) | null = null
  onclose: ((e: { code: number; reason: string }) => void) | null = null
  closed: number | undefined
  readonly sent: Request[] = []

  constructor(readonly server: FakeServer) {}

  send(text: string): void {
    const request = JSON.parse(text) as Request
    this.sent.push(request)
    this.server.hear(this, request)
  }

  close(code = 1005): void {
    this.closed = code
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }

  break(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason })
  }
}

type Answer = (params: Record<string, unknown>) => unknown

export class Refusal {
  constructor(
    readonly code: string,
    readonly message = code,
  ) {}
}

export class FakeServer {
  readonly sockets: FakeSocket[] = []
  up = true
  seq = 0
  calls: CallView[] = []
  answers: Record<string, Answer> = {
    'media.offer': (p) => ({ sdp: `answer to ${String(p['sdp'])}` }),
    'call.accept': (p) => ({ sdp: `answer to ${String(p['sdp'])}` }),
  }

  open = (): Socket => {
    const socket = new FakeSocket(this)
    this.sockets.push(socket)
    queueMicrotask(() => (this.up ? socket.onopen?.() : socket.break()))
    return socket
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1)
    if (!last) throw new Error('nobody has connected')
    return last
  }

  /** What was asked on all connections, hello and pong aside. */
  asked(method: string): Record<string, unknown>[] {
    return this.sockets.flatMap((s) => s.sent.filter((r) => r.method === method).map((r) => r.params))
  }

  hear(socket: FakeSocket, request: Request): void {
    if (request.id === undefined) return
    const answer = this.answers[request.method] ?? (request.method === 'hello' ? () => this.snapshot() : () => ({}))
    const result = answer(request.params)
    if (result === undefined) return // no answer
    queueMicrotask(() => {
      socket.say(result instanceof Refusal ? { id: request.id, error: { code: result.code, message: result.message } } : { id: request.id, result })
    })
    if (request.method === 'hello') this.seq = 0
  }

  event(event: string, data: object = {}): void {
    this.socket.say({ event, data, seq: ++this.seq })
  }

  snapshot(): Snapshot {
    return {
      conn: 'conn-1',
      resume: `resume-${this.sockets.length}`,
      sdkAppId: 1400000001,
      user: { userId: 'alice@demo.openseat', name: 'Alice', staffNumber: '1001', role: 3, skillGroups: [] },
      status: { status: 'free', since: 1 },
      calls: this.calls,
      settings: { restReasons: ['lunch'], ping: 4000, dead: 10000 },
      now: Date.now(),
      seq: 0,
    }
  }
}

export class FakePeer {
  connectionState = 'new'
  signalingState = 'stable'
  onconnectionstatechange: (() => void) | null = null
  ontrack: unknown = null
  remote: string | undefined
  readonly tracks: FakeTrack[] = []

  constructor(readonly name: string) {}

  addTrack(track: FakeTrack): void {
    this.tracks.push(track)
  }
  getTransceivers(): { setCodecPreferences: (c: unknown) => void }[] {
    return [{ setCodecPreferences: () => undefined }]
  }
  createOffer(): Promise<{ sdp: string }> {
    return Promise.resolve({ sdp: `offer of ${this.name}` })
  }
  setLocalDescription(): Promise<void> {
    this.signalingState = 'have-local-offer'
    return Promise.resolve()
  }
  setRemoteDescription(d: { sdp: string }): Promise<void> {
    this.remote = d.sdp
    this.signalingState = 'stable'
    this.become('connected')
    return Promise.resolve()
  }
  become(state: string): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }
  close(): void {
    this.connectionState = 'closed'
  }
}

export class FakeTrack {
  enabled = true
  stopped = false
  onended: (() => void) | null = null
  clone(): FakeTrack {
    return new FakeTrack()
  }
  stop(): void {
    this.stopped = true
  }
}

const noFace: Face = {
  api: {} as UiApi,
  show: () => undefined,
  session: () => undefined,
  refresh: () => undefined,
  remove: () => undefined,
}

export class World {
  readonly server = new FakeServer()
  readonly peers: FakePeer[] = []
  readonly heard: { event: string; payload: Record<string, unknown> }[] = []
  readonly client: Client
  permission = 'granted'
  denied: string | undefined
  open = 0 // microphones

  constructor(face: Face = noFace) {
    this.client = new Client(
      { url: 'ws://desk.test/sdk/agent', token: 'token-1', sdkAppId: '1400000001', userId: 'alice', renderDomId: '', lang: 'en' },
      {
        open: this.server.open,
        everySecond: (f) => {
          const timer = setInterval(f, 1000)
          return () => clearInterval(timer)
        },
        rtc: {
          peer: () => {
            const peer = new FakePeer(`pc${this.peers.length + 1}`)
            this.peers.push(peer)
            return peer as unknown as RTCPeerConnection
          },
          codecs: () => undefined,
          play: () => ({ stop: () => undefined }),
        },
        microphone: this.microphone(),
        uuid: () => 'tab-1',
      },
      face,
    )
    for (const name of Object.values(this.tccc.events)) {
      this.tccc.on(name, (payload) => this.heard.push({ event: name, payload: payload }))
    }
  }

  get tccc() {
    return this.client.tccc
  }

  get events(): string[] {
    return this.heard.map((h) => h.event)
  }

  payload(event: string): Record<string, unknown> {
    const found = this.heard.find((h) => h.event === event)
    if (!found) throw new Error(`${event} was not heard, only ${this.events.join(' ')}`)
    return found.payload
  }

  private microphone(): Microphone {
    const getUserMedia = () => {
      if (this.denied) return Promise.reject(Object.assign(new Error('no'), { name: this.denied }))
      this.open++
      const track = { clone: () => new FakeTrack(), stop: () => this.open-- }
      return Promise.resolve({ getAudioTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream)
    }
    return new Microphone(() => ({
      mediaDevices: { getUserMedia, enumerateDevices: () => Promise.resolve([]) },
      permissions: { query: () => Promise.resolve({ state: this.permission }) },
    }))
  }
}

/** A signed-in page; timers are virtual. */
export async function signedIn(): Promise<World> {
  vi.useFakeTimers()
  const world = new World()
  world.client.start()
  await settled()
  return world
}

/** Lets everything happen that needs no time. */
export async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}

export const ringing = {
  sessionId: 's1',
  type: 'phone',
  timeout: 20,
  callerPhoneNumber: '008613800138000',
  calleePhoneNumber: '00864008001000',
  callerLocation: '',
  remark: '',
  ivrPath: [{ key: '1', label: 'Support' }],
  serverType: 'staffSeat',
}

export function view(state: CallView['state'], direction: 0 | 1 = 0): CallView {
  return {
    sessionId: 's1',
    type: 'phone',
    direction,
    state,
    callerPhoneNumber: '008613800138000',
    calleePhoneNumber: '00864008001000',
    callerLocation: '',
    remark: '',
    ivrPath: null,
    serverType: 'staffSeat',
    timeout: 20,
    ringAt: '2026-01-01T08:00:00Z',
    acceptAt: state === 'inProgress' ? '2026-01-01T08:00:05Z' : undefined,
    muted: false,
    held: false,
  }
}
