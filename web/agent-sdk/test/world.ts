import { vi } from 'vitest'
import { Client } from '../src/client'
import type { Environment, Face } from '../src/client'
import type { Socket } from '../src/connection'
import { Microphone } from '../src/microphone'
import type { Options } from '../src/options'
import { Prefs } from '../src/prefs'
import type { Drawer } from '../src/prefs'
import { Speaker } from '../src/speaker'
import { Tab } from '../src/tab'
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
  track: FakeTrack | undefined
  report: Record<string, unknown>[] = []

  constructor(readonly name: string) {}

  readonly transport = { state: 'connected', onstatechange: null as (() => void) | null }

  addTransceiver(): unknown {
    return {
      sender: {
        transport: this.transport,
        replaceTrack: (track: FakeTrack | null) => {
          this.track = track ?? undefined
          return Promise.resolve()
        },
      },
    }
  }
  getStats(): Promise<Map<string, unknown>> {
    return Promise.resolve(new Map(this.report.map((r, i) => [String(i), r])))
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
  /** The server has closed its end. */
  end(): void {
    this.transport.state = 'closed'
    this.transport.onstatechange?.()
  }
  close(): void {
    this.connectionState = 'closed'
  }
}

export class FakeTrack {
  enabled = true
  readyState = 'live'
  onended: (() => void) | null = null

  constructor(
    readonly label: string,
    readonly deviceId: string,
    private readonly stopped: () => void = () => undefined,
  ) {}

  clone(): FakeTrack {
    return new FakeTrack(this.label, this.deviceId)
  }
  getSettings(): { deviceId: string; groupId: string } {
    return { deviceId: this.deviceId, groupId: `group of ${this.deviceId}` }
  }
  stop(): void {
    if (this.readyState === 'ended') return
    this.readyState = 'ended'
    this.stopped()
  }
  /** Its device is pulled out. */
  pull(): void {
    this.stop()
    this.onended?.()
  }
}

/** A desk with devices: the first is the system's choice. */
export class FakeDevices {
  microphones = ['built-in', 'headset']
  speakers = ['loudspeaker', 'headset']
  permission = 'granted'
  denied: string | undefined
  /** How long the agent thinks about allowing the microphone. */
  thinks = 0
  readonly tracks: FakeTrack[] = []
  readonly asked: MediaTrackConstraints[] = []

  /** Microphones that are open. */
  get open(): number {
    return this.tracks.filter((t) => t.readyState === 'live').length
  }

  get last(): FakeTrack {
    const last = this.tracks.at(-1)
    if (!last) throw new Error('no microphone was opened')
    return last
  }

  list(): Promise<MediaDeviceInfo[]> {
    const all = [...this.microphones.map((id) => ['audioinput', id]), ...this.speakers.map((id) => ['audiooutput', id])]
    return Promise.resolve(all.map(([kind, deviceId]) => ({ kind, deviceId, label: `the ${deviceId}`, groupId: `group of ${deviceId}` })) as MediaDeviceInfo[])
  }

  async getUserMedia(constraints?: MediaStreamConstraints): Promise<MediaStream> {
    const audio = constraints?.audio as MediaTrackConstraints
    this.asked.push(audio)
    if (this.thinks > 0) await new Promise((resolve) => setTimeout(resolve, this.thinks))
    if (this.denied) throw Object.assign(new Error('no'), { name: this.denied })
    const wanted = (audio.deviceId as ConstrainDOMStringParameters | undefined)?.exact as string | undefined
    const id = wanted ?? this.microphones[0]
    if (!id || !this.microphones.includes(id)) throw Object.assign(new Error('none'), { name: 'NotFoundError' })
    const track = new FakeTrack(`the ${id}`, id)
    this.tracks.push(track)
    return { getAudioTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream
  }

  microphone(wanted = ''): Microphone {
    return new Microphone(
      () => ({
        mediaDevices: { getUserMedia: (c) => this.getUserMedia(c), enumerateDevices: () => this.list() },
        permissions: { query: () => Promise.resolve({ state: this.permission }) },
      }),
      wanted,
    )
  }

  speaker(wanted = ''): Speaker {
    return new Speaker(async () => (await this.list()).filter((d) => d.kind === 'audiooutput'), wanted)
  }
}

/** A Storage in memory. */
export class FakeDrawer implements Drawer {
  readonly kept = new Map<string, string>()

  getItem(name: string): string | null {
    return this.kept.get(name) ?? null
  }
  setItem(name: string, value: string): void {
    this.kept.set(name, value)
  }
  removeItem(name: string): void {
    this.kept.delete(name)
  }
}

type Waiting = { name: string; grant: () => void }

/** The browser's locks: one holder a name, the others wait. */
export class FakeLocks {
  private readonly holders = new Set<string>()
  private readonly waiting: Waiting[] = []

  request(name: string, options: unknown, work?: () => Promise<unknown>): Promise<unknown> {
    const hold = work ?? (options as () => Promise<unknown>)
    const { signal } = (work ? options : {}) as { signal?: AbortSignal }
    return new Promise((resolve, reject) => {
      const done = (value: unknown) => {
        this.free(name)
        resolve(value)
      }
      const entry = { name, grant: () => void hold().then(done) }
      signal?.addEventListener('abort', () => {
        const at = this.waiting.indexOf(entry)
        if (at >= 0) this.waiting.splice(at, 1)
        reject(new Error('aborted'))
      })
      this.waiting.push(entry)
      this.next(name)
    })
  }

  query(): Promise<LockManagerSnapshot> {
    return Promise.resolve({ held: [...this.holders].map((name) => ({ name })), pending: [] })
  }

  /** Its holder is gone: the tab was closed, or crashed. */
  free(name: string): void {
    this.holders.delete(name)
    this.next(name)
  }

  private next(name: string): void {
    if (this.holders.has(name)) return
    const at = this.waiting.findIndex((w) => w.name === name)
    const [first] = at < 0 ? [] : this.waiting.splice(at, 1)
    if (!first) return
    this.holders.add(name)
    first.grant()
  }
}

export const noFace: Face = {
  api: {} as Face['api'],
  words: { incoming: 'Incoming call', who: (s) => s.callerPhoneNumber },
  show: () => undefined,
  session: () => undefined,
  refresh: () => undefined,
  remove: () => undefined,
}

/** What of a world is not as usual. */
export interface Settings {
  face?: Face
  options?: Partial<Options>
  tabUUID?: string
  server?: FakeServer
  devices?: FakeDevices
  /** The browser's locks and what it keeps: those of one browser are shared by its tabs. */
  locks?: FakeLocks
  local?: FakeDrawer
  session?: FakeDrawer
  rank?: 0 | 1 | 2
  random?: () => number
}

export class World {
  readonly server: FakeServer
  readonly devices: FakeDevices
  readonly peers: FakePeer[] = []
  readonly heard: { event: string; payload: Record<string, unknown> }[] = []
  readonly client: Client
  rings = false
  visible = true
  notice: string | undefined
  playing = 0
  /** Answers the call that the system's notification shows. */
  click: (() => void) | undefined
  private everySecond: (() => void)[] = []

  constructor(settings: Settings = {}) {
    this.server = settings.server ?? new FakeServer()
    this.devices = settings.devices ?? new FakeDevices()
    const options: Options = {
      url: 'ws://desk.test/sdk/agent',
      token: 'token-1',
      sdkAppId: '1400000001',
      userId: 'alice@demo.openseat',
      renderDomId: '',
      lang: 'en',
      shared: false,
      ...settings.options,
    }
    this.client = new Client(options, this.environment(settings), settings.face ?? noFace)
    for (const name of Object.values(this.tccc.events)) {
      this.tccc.on(name, (payload) => this.heard.push({ event: name, payload: payload as unknown as Record<string, unknown> }))
    }
  }

  get tccc() {
    return this.client.tccc
  }

  /** The events, but for the quality that is told every second. */
  get events(): string[] {
    return this.heard.map((h) => h.event).filter((e) => e !== 'networkQuality')
  }

  get open(): number {
    return this.devices.open
  }

  payload(event: string): Record<string, unknown> {
    const found = this.heard.find((h) => h.event === event)
    if (!found) throw new Error(`${event} was not heard, only ${this.events.join(' ')}`)
    return found.payload
  }

  /** The page vanishes: its timers, sockets and locks go with it. */
  vanish(): void {
    for (const stop of this.everySecond) stop()
    for (const socket of this.server.sockets) socket.onclose = socket.onmessage = null
  }

  private environment({ tabUUID = 'tab-1', local = new FakeDrawer(), session = new FakeDrawer(), locks = new FakeLocks(), rank = 0, random = () => 0.5 }: Settings): Environment {
    const prefs = new Prefs(() => local)
    return {
      open: this.server.open,
      everySecond: (f) => {
        const timer = setInterval(f, 1000)
        const stop = () => clearInterval(timer)
        this.everySecond.push(stop)
        return stop
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
      microphone: this.devices.microphone(prefs.get().microphone),
      speaker: this.devices.speaker(prefs.get().speaker),
      prefs,
      tab: (tabUUID) => new Tab({ tabUUID, drawer: () => session, locks: locks as unknown as LockManager }),
      ring: (words, accept) => ({
        locks: locks as unknown as LockManager,
        tone: {
          start: () => {
            this.rings = prefs.get().disableRingtone !== true
          },
          stop: () => {
            this.rings = false
          },
        },
        notice: {
          show: (s) => {
            this.notice = prefs.get().disableNotification || this.visible ? undefined : `${words.incoming}: ${words.who(s)}`
            this.click = () => accept(s.sessionId)
          },
          clear: () => {
            this.notice = this.click = undefined
          },
        },
        rank: () => rank,
      }),
      meter: () => Promise.reject(new Error('there is no sound here')),
      visible: () => this.visible,
      now: Date.now,
      random,
      uuid: () => tabUUID,
    }
  }
}

/** A signed-in page; timers are virtual. */
export async function signedIn(settings: Settings = {}): Promise<World> {
  vi.useFakeTimers()
  const world = new World(settings)
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
