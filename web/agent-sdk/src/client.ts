import { AgentState } from './agent'
import { agentApi } from './agentApi'
import { Connection, reasons } from './connection'
import type { ConnectionState, Socket } from './connection'
import { devices } from './devices'
import { Emitter, eventNames } from './emitter'
import { codes, TcccError } from './errors'
import { Media } from './media'
import type { Rtc } from './media'
import type { Microphone } from './microphone'
import { Phone } from './phone'
import { Sessions } from './sessions'
import type { Session } from './sessions'
import type { Options } from './options'
import type { Tccc, UiApi } from './types'
import type { Accepted, Snapshot, StatusView } from './wire'

/** What the client needs of the browser, so that it runs in tests without one. */
export interface Environment {
  open: (url: string) => Socket
  everySecond: (f: () => void) => () => void
  rtc: Rtc
  microphone: Microphone
  uuid: () => string
}

/** The face is told of everything that can be seen. */
export interface Face {
  readonly api: UiApi
  show(client: Client): void
  session(session: Session): void
  refresh(): void
  remove(): void
}

/** Client is one agent signed in on one page: the managers, and what they tell each other. */
export class Client {
  readonly tabUUID: string
  readonly agent: AgentState
  readonly sessions: Sessions
  readonly phone: Phone
  readonly tccc: Tccc
  user: Snapshot['user'] | undefined
  settings: Snapshot['settings'] | undefined
  state: ConnectionState = 'disconnected'
  trouble: TcccError | undefined
  kickedOut = false
  private readonly connection: Connection
  private readonly media: Media
  private readonly emitter = new Emitter()

  constructor(
    readonly options: Options,
    env: Environment,
    private readonly face: Face,
  ) {
    this.tabUUID = env.uuid()
    this.agent = new AgentState((status) => this.emitter.emit('statusChanged', status))
    this.sessions = new Sessions(
      (name, data) => this.emitter.emit(name, data),
      (session) => this.changed(session),
    )
    this.connection = new Connection(
      { url: options.url, token: options.token, tabUUID: this.tabUUID, open: env.open, everySecond: env.everySecond },
      {
        state: (state, reason, message) => this.became(state, reason, message),
        snapshot: (snapshot) => this.restore(snapshot),
        event: (name, data) => this.hear(name, data),
      },
    )
    this.media = new Media({
      rtc: env.rtc,
      microphone: env.microphone,
      offer: (sessionId, sdp) => this.offer(sessionId, sdp),
      trouble: (_, error) => this.troubled(error && soundTrouble(error)),
    })
    this.phone = new Phone(this.connection, this.sessions, this.media)
    this.tccc = {
      events: eventNames,
      on: (event, listener) => this.emitter.on(event, listener),
      off: (event, listener) => this.emitter.off(event, listener),
      Call: this.phone.api,
      Agent: agentApi(this.connection, this.agent),
      Devices: devices,
      UI: face.api,
    }
  }

  start(): void {
    this.face.show(this)
    this.connection.connect()
  }

  /** The network is there again. */
  wake(): void {
    this.connection.wake()
  }

  /** Another account, or another login of this one, takes the page. */
  stop(signOut: boolean): void {
    this.emitter.clear()
    this.connection.close(signOut)
    this.media.releaseAll()
    this.face.remove()
  }

  /** Shows the agent what went wrong, until something goes right. */
  troubled(error: TcccError | undefined): void {
    this.trouble = error
    this.face.refresh()
  }

  private async offer(sessionId: string, sdp: string): Promise<string> {
    const { sdp: answer } = await this.connection.request<Accepted>('media.offer', { sessionId, sdp })
    return answer ?? ''
  }

  private restore(snapshot: Snapshot): void {
    const first = this.user === undefined
    this.user = snapshot.user
    this.settings = snapshot.settings
    if (first) this.emitter.emit('ready', { tabUUID: this.tabUUID })
    this.agent.apply(snapshot.status)
    this.sessions.restore(snapshot.calls, snapshot.now)
    this.phone.restored(snapshot.calls)
    this.face.refresh()
  }

  private hear(name: string, data: Record<string, unknown>): void {
    if (name === 'statusChanged') this.agent.apply(data as unknown as StatusView)
    else if (!this.sessions.apply(name, data)) this.emitter.emit(name, data)
    this.face.refresh()
  }

  private changed(session: Session): void {
    this.phone.changed(session)
    this.face.session(session)
  }

  private became(state: ConnectionState, reason: number, message: string): void {
    this.state = state
    if (state === 'disconnected') this.ended(reason, message)
    this.face.refresh()
  }

  private ended(reason: number, message: string): void {
    this.agent.gone()
    if (reason === reasons.disconnected.called) return
    this.media.releaseAll()
    this.kickedOut = reason === reasons.disconnected.kickedOut
    if (this.kickedOut) this.emitter.emit('kickedOut', {})
    else this.emitter.emit('tokenExpired', { message })
  }
}

/** What the agent is told about lost sound: that his microphone is the trouble, or that it is being seen to. */
function soundTrouble(error: TcccError): TcccError {
  const own: string[] = [codes.insecure, codes.noMicrophone, codes.microphoneDenied, codes.microphoneFailed]
  return own.includes(error.code) ? error : new TcccError(codes.mediaFailed, error.message)
}
