import { codes, TcccError } from './errors'
import { closeCodes, protocolVersion, refusals } from './wire'
import type { Hello, Incoming, Snapshot } from './wire'

export type ConnectionState = 'disconnected' | 'connecting' | 'connected'

/** Why a connection is in its state. */
export const reasons = {
  connecting: { called: 0, broken: 1, silent: 2, behind: 3 },
  disconnected: { called: 0, tokenExpired: 1, kickedOut: 2, refused: 3 },
} as const

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void
  close(code?: number, reason?: string): void
  onopen: (() => void) | null
  onmessage: ((e: { data: unknown }) => void) | null
  onclose: ((e: { code: number; reason: string }) => void) | null
}

export interface ConnectionConfig {
  url: string
  token: string
  tabUUID: string
  /** The browser's name, when its pages share one login. */
  shared?: string
  open: (url: string) => Socket
  /** Calls every second, in hidden tabs too; answers how to stop. */
  everySecond: (f: () => void) => () => void
  random: () => number
}

/** What lets a page in without a token. */
export type Credential = Pick<Hello, 'resume' | 'sdkAppId' | 'userId' | 'resumeTab'>

export interface ConnectionListener {
  state(state: ConnectionState, reason: number, message: string): void
  snapshot(snapshot: Snapshot): void
  event(name: string, data: Record<string, unknown>): void
  /** The credential is a new one. */
  renewed?(): void
}

const requestDeadline = 9_500
const openDeadline = 8_000
const firstPause = 200
const longestPause = 5_000

interface Waiting {
  resolve: (result: never) => void
  reject: (e: TcccError) => void
  timer: ReturnType<typeof setTimeout>
  text: string
}

/**
 * Connection keeps one WebSocket to the server: says hello, matches answers to requests, gives signs of life, and comes
 * back by itself after a break, until it is closed, refused or kicked out.
 */
export class Connection {
  state: ConnectionState = 'disconnected'
  private socket: Socket | undefined
  private credential: Credential | undefined
  private former: Credential | undefined
  private offline = false
  private ids = 0
  private seq = 0
  private heard = 0
  private dead = 10_000
  private attempts = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private stopTicking: (() => void) | undefined
  private readonly unsent: number[] = []
  private readonly waiting = new Map<number, Waiting>()

  constructor(
    private readonly config: ConnectionConfig,
    private readonly listener: ConnectionListener,
  ) {}

  /** What lets this page in next time; it changes every few minutes. */
  get resume(): Credential | undefined {
    return this.credential
  }

  /** With what the page before this one left: it lets us in should our token be spent, as after a reload. */
  connect(former?: Credential): void {
    if (this.state !== 'disconnected') return
    this.former = former
    this.stopTicking = this.config.everySecond(() => this.tick())
    this.become('connecting', reasons.connecting.called, 'connecting')
    this.open()
  }

  /** Comes back at once, when the network is known to be there again. */
  wake(): void {
    if (this.state !== 'connecting' || this.socket) return
    clearTimeout(this.retry)
    this.attempts = 0
    this.open()
  }

  /** Ends for good. With bye, the agent signs out. */
  close(bye = false): void {
    if (bye && this.state === 'connected') this.post({ id: ++this.ids, method: 'bye' })
    this.end(reasons.disconnected.called, codes.closed, 'closed')
  }

  /** Remembers, for later connections, whether the agent is to be signed in by them. */
  presence(online: boolean): void {
    this.offline = !online
  }

  /** Asks the server; while it cannot be reached, the request waits for it until its deadline. */
  request<T>(method: string, params: object = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.state === 'disconnected') {
        reject(new TcccError(codes.closed, 'not signed in'))
        return
      }
      const id = ++this.ids
      const timer = setTimeout(() => this.fail(id, codes.timeout, `${method}: no answer in time`), requestDeadline)
      const text = JSON.stringify({ id, method, params })
      this.waiting.set(id, { resolve, reject, timer, text })
      if (this.state === 'connected') this.socket?.send(text)
      else this.unsent.push(id)
    })
  }

  private open(): void {
    this.retry = undefined
    this.heard = Date.now()
    this.seq = 0
    const socket = this.config.open(this.config.url)
    this.socket = socket
    socket.onopen = () => this.sayHello()
    socket.onmessage = (e) => {
      if (socket === this.socket) this.hear(String(e.data))
    }
    socket.onclose = (e) => {
      if (socket === this.socket) this.broken(e.code, e.reason)
    }
  }

  private sayHello(): void {
    const credential = this.credential ?? { token: this.config.token }
    const hello: Hello = { version: protocolVersion, tabUUID: this.config.tabUUID, ...credential }
    if (this.offline) hello.offline = true
    if (this.config.shared) hello.shared = this.config.shared
    this.post({ id: 0, method: 'hello', params: hello })
  }

  private post(message: object): void {
    this.socket?.send(JSON.stringify(message))
  }

  private hear(text: string): void {
    this.heard = Date.now()
    const message = JSON.parse(text) as Incoming
    if (message.event !== undefined) this.hearEvent(message.event, message.data ?? {}, message.seq ?? 0)
    else if (this.state === 'connecting') this.hearHello(message)
    else this.hearAnswer(message)
  }

  private hearHello(message: Incoming): void {
    if (message.error) {
      if (!this.tryFormer(message.error.code)) this.refused(message.error.code, message.error.message)
      return
    }
    this.former = undefined
    const snapshot = message.result as Snapshot
    this.credential = { resume: snapshot.resume, sdkAppId: snapshot.sdkAppId, userId: snapshot.user.userId }
    this.dead = snapshot.settings.dead
    this.attempts = 0
    this.become('connected', 0, 'connected')
    for (const id of this.unsent.splice(0)) {
      const request = this.waiting.get(id)
      if (request) this.socket?.send(request.text)
    }
    this.listener.snapshot(snapshot)
  }

  /** A page that is loaded anew has its old token: the page before left something better. */
  private tryFormer(code: string): boolean {
    const { former } = this
    this.former = undefined
    if (!former || this.credential || code !== refusals.token) return false
    this.credential = former
    this.drop()
    this.open()
    return true
  }

  private hearAnswer(message: Incoming): void {
    const id = message.id ?? 0
    const request = this.forget(id)
    if (!request) return
    if (message.error) request.reject(new TcccError(message.error.code, message.error.message))
    else request.resolve(message.result as never)
  }

  private hearEvent(name: string, data: Record<string, unknown>, seq: number): void {
    const gap = this.seq !== 0 && seq !== this.seq + 1
    this.seq = seq
    if (name === 'ping') this.post({ method: 'pong' })
    else if (name === 'kickedOut') this.end(reasons.disconnected.kickedOut, refusals.elsewhere, 'signed in elsewhere')
    else if (name === 'resume') this.renewed(String(data['resume']))
    else this.listener.event(name, data)
    if (gap) this.resync()
  }

  private renewed(resume: string): void {
    this.credential = { ...this.credential, resume }
    this.listener.renewed?.()
  }

  /** Something was missed: takes the whole picture anew. */
  private resync(): void {
    this.request<Snapshot>('resync').then(
      (snapshot) => this.listener.snapshot(snapshot),
      () => this.socket?.close(),
    )
  }

  private refused(code: string, message: string): void {
    if (code === refusals.elsewhere) this.end(reasons.disconnected.kickedOut, code, message)
    else if (code === refusals.token) this.end(reasons.disconnected.tokenExpired, code, message)
    else this.end(reasons.disconnected.refused, code, message)
  }

  private broken(code: number, reason: string): void {
    this.socket = undefined
    if (code === closeCodes.kickedOut) {
      this.end(reasons.disconnected.kickedOut, refusals.elsewhere, reason)
      return
    }
    if (code === closeCodes.refused) {
      this.refused(refusals.token, reason)
      return
    }
    this.again(reasons.connecting.broken, reason || 'the connection broke')
  }

  /** Drops the socket and comes back after a pause. Requests on their way may or may not have been done: they fail. */
  private again(reason: number, message: string): void {
    this.drop()
    for (const id of [...this.waiting.keys()]) {
      if (!this.unsent.includes(id)) this.fail(id, codes.connectionLost, 'the connection broke before the answer came')
    }
    this.become('connecting', reason, message)
    const longest = Math.min(longestPause, firstPause * 2 ** this.attempts++)
    this.retry = setTimeout(() => this.open(), longest * this.config.random())
  }

  private end(reason: number, code: string, message: string): void {
    if (this.state === 'disconnected') return
    this.drop(1000)
    clearTimeout(this.retry)
    this.stopTicking?.()
    this.unsent.length = 0
    this.become('disconnected', reason, message)
    for (const id of [...this.waiting.keys()]) this.fail(id, code, message)
  }

  private drop(code?: number): void {
    const socket = this.socket
    this.socket = undefined
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close(code)
  }

  private tick(): void {
    const silent = Date.now() - this.heard
    if (this.socket && silent > (this.state === 'connected' ? this.dead : openDeadline)) {
      this.again(reasons.connecting.silent, 'nothing was heard from the server')
    }
  }

  private become(state: ConnectionState, reason: number, message: string): void {
    this.state = state
    this.listener.state(state, reason, message)
  }

  private fail(id: number, code: string, message: string): void {
    this.forget(id)?.reject(new TcccError(code, message))
  }

  private forget(id: number): Waiting | undefined {
    const request = this.waiting.get(id)
    if (request) clearTimeout(request.timer)
    this.waiting.delete(id)
    return request
  }
}
