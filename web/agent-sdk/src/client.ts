import { AgentState } from './agent'
import { Buttons } from './buttons'
import { Connection, reasons } from './connection'
import type { ConnectionState, Socket } from './connection'
import { Emitter } from './emitter'
import { asError, codes, isMicrophone, TcccError } from './errors'
import { checkLink, filesOf } from './files'
import { Hearing } from './hearing'
import { Media } from './media'
import type { Rtc } from './media'
import type { Microphone } from './microphone'
import type { Options } from './options'
import { Phone } from './phone'
import type { Prefs } from './prefs'
import { publicFace, soundOf } from './publicFace'
import { Ring } from './ring'
import type { RingConfig } from './ring'
import { RosterWatch } from './roster'
import { Sessions } from './sessions'
import type { Session } from './sessions'
import type { Speaker } from './speaker'
import type { Former, Tab } from './tab'
import { Teamwork } from './teamwork'
import type { ButtonType, EventMap, SeatSettings, ServerType, Tccc, UiApi } from './types'
import type { Files, Office, Roster, Sound } from './ui/office'
import { Watch } from './watch'
import type { Accepted, Snapshot, StatusView } from './wire'

/** What the client needs of the browser, so that it runs in tests without one. */
export interface Environment {
  open: (url: string) => Socket
  everySecond: (f: () => void) => () => void
  rtc: Rtc
  microphone: Microphone
  speaker: Speaker
  prefs: Prefs
  tab: (tabUUID: string) => Tab
  /** How calls are heard and seen to ring; the client says when. */
  ring: (words: Face['words'], accept: (sessionId: string) => void) => Omit<RingConfig, 'name'>
  meter: Sound['meter']
  visible: () => boolean
  now: () => number
  random: () => number
  uuid: () => string
}

/** The face is told of everything that can be seen. */
export interface Face {
  readonly api: Omit<UiApi, 'updateUserCustomSettings'>
  /** What the system's notification of a ringing call says. */
  readonly words: { incoming: string; who(session: Session): string }
  show(client: Office): void
  session(session: Session): void
  refresh(): void
  remove(): void
}

/** Client is one agent signed in on one page: the managers, and what they tell each other. */
export class Client implements Office {
  readonly tabUUID: string
  readonly agent: AgentState
  readonly sessions: Sessions
  readonly tccc: Tccc
  readonly files: Files
  readonly sound: Sound
  user: Snapshot['user'] | undefined
  settings: Snapshot['settings'] | undefined
  state: ConnectionState = 'disconnected'
  trouble: TcccError | undefined
  kickedOut = false
  private readonly connection: Connection
  private readonly media: Media
  private readonly hearing: Hearing
  private readonly ring: Ring
  private readonly watch: Watch
  private readonly rosterWatch: RosterWatch
  private readonly tab: Tab
  private readonly emitter = new Emitter()
  private seat: Partial<SeatSettings> = {}
  private brokenAt = 0
  private stopTicking: (() => void) | undefined
  private readonly buttonsWanted: Buttons

  constructor(
    readonly options: Options,
    private readonly env: Environment,
    private readonly face: Face,
  ) {
    this.tabUUID = env.uuid()
    this.tab = env.tab(this.tabUUID)
    this.agent = new AgentState((status) => this.emitter.emit('statusChanged', status))
    this.sessions = new Sessions(
      (name, data) => this.emitter.emit(name, data),
      (session) => this.changed(session),
    )
    this.connection = this.connectionOf(options, env)
    this.media = new Media({
      rtc: env.rtc,
      microphone: env.microphone,
      offer: (sessionId, sdp) => this.offer(sessionId, sdp),
      trouble: (_, error) => this.soundTroubled(error),
    })
    this.hearing = new Hearing({
      connection: this.connection,
      sessions: this.sessions,
      media: this.media,
      tabUUID: this.tabUUID,
      wasHere: (tabUUID) => this.tab.wasHere(tabUUID),
      visible: () => !options.shared || env.visible(),
      seat: () => this.seatOut(),
      microphone: (error) => this.soundTroubled(error),
    })
    this.rosterWatch = new RosterWatch(this.connection, () => this.face.refresh())
    this.watch = new Watch({ sessions: this.sessions, media: this.media, now: env.now, emit: (name, data) => this.emitter.emit(name, data) })
    this.buttonsWanted = new Buttons(() => face.refresh())
    this.tccc = this.publicFace()
    this.files = filesOf(this.connection, this.tccc.Call)
    this.sound = soundOf(this.tccc.Devices, env.meter)
    const ring = env.ring(face.words, (sessionId) => this.acceptFromAway(sessionId))
    this.ring = new Ring({ ...ring, locks: options.shared ? ring.locks : undefined, name: `openseat.ring.${options.sdkAppId}.${options.userId}` })
    this.listenToDevices()
  }

  get prefs(): Prefs {
    return this.env.prefs
  }

  get roster(): Roster | undefined {
    return this.rosterWatch.current
  }

  watchRoster(on: boolean): void {
    this.rosterWatch.watch(on)
  }

  /** The buttons of a talk that the page wants, of those there are. */
  buttons(all: ButtonType[]): ButtonType[] {
    return this.buttonsWanted.of(all)
  }

  start(): void {
    this.face.show(this)
    this.stopTicking = this.env.everySecond(() => void this.second())
    void this.tab.former((former) => this.isOurs(former)).then((former) => {
      const { tabUUID: resumeTab, resume, sdkAppId, userId } = former ?? {}
      this.connection.connect(resume ? { resume, resumeTab, sdkAppId, userId } : undefined)
    })
  }

  /** The network is there again. */
  wake(): void {
    this.connection.wake()
  }

  /** The page goes. */
  leave(): void {
    this.tab.leave(true)
  }

  /** The page is there again as it was, out of the browser's cache. */
  comeBack(): void {
    this.tab.leave(false)
    this.connection.wake()
  }

  /** Devices have come or gone. */
  devicesChanged(): void {
    void this.env.microphone.look()
    void this.env.speaker.look()
    void this.media.retry()
  }

  /** The agent has turned to the page, or away from it. */
  seen(): void {
    this.ring.refresh()
    if (!this.options.shared || !this.env.visible()) return
    this.connection.request('page.active').catch(() => undefined) // of several tabs, the last used is asked first to take a call over
  }

  /** Another account, or another login of this one, takes the page. */
  stop(signOut: boolean): void {
    this.emitter.clear()
    if (signOut) this.tab.forget()
    else this.tab.leave(true)
    this.stopTicking?.()
    this.connection.close(signOut)
    this.media.releaseAll()
    this.ring.stop()
    this.face.remove()
  }

  /** Shows the agent what went wrong, until something goes right. */
  troubled(error: TcccError | undefined): void {
    this.trouble = error
    this.face.refresh()
  }

  /** Whether the page before was the same agent's; older pages do not say who theirs is. */
  private isOurs(former: Former): boolean {
    const { sdkAppId, userId } = this.options
    return (!sdkAppId || String(former.sdkAppId) === sdkAppId) && (!userId || former.userId === userId)
  }

  private connectionOf({ url, token, shared }: Options, { open, everySecond, random, prefs, uuid }: Environment): Connection {
    const browser = shared ? prefs.browser(uuid) : undefined
    return new Connection(
      { url, token, tabUUID: this.tabUUID, shared: browser, open, everySecond, random },
      {
        state: (state, reason, message) => this.became(state, reason, message),
        snapshot: (snapshot) => this.restore(snapshot),
        event: (name, data) => this.hear(name, data),
        renewed: () => this.remember(),
      },
    )
  }

  private publicFace(): Tccc {
    const { emitter, connection, agent, sessions, hearing, buttonsWanted, face } = this
    const { microphone, speaker, prefs } = this.env
    const phone = new Phone(connection, sessions, hearing)
    const team = new Teamwork(connection, sessions, hearing)
    const settled = () => {
      this.ring.refresh()
      face.refresh()
    }
    return publicFace({ emitter, connection, agent, phone, team, buttons: buttonsWanted, microphone, speaker, prefs, ui: face.api, settled })
  }

  private listenToDevices(): void {
    const { microphone, speaker } = this.env
    microphone.listener = {
      swapped: (stream) => this.media.swap(stream),
      changed: (change) => this.deviceChanged(change),
      failed: (error) => this.soundTroubled(error),
    }
    speaker.changed = (change) => this.deviceChanged(change)
  }

  private deviceChanged(change: EventMap['deviceChanged']): void {
    if (change.kind === 'microphone' && change.deviceId) this.troubled(undefined)
    this.emitter.emit('deviceChanged', change)
    this.face.refresh()
  }

  private async offer(sessionId: string, sdp: string): Promise<string> {
    const { sdp: answer } = await this.connection.request<Accepted>('media.offer', { sessionId, sdp })
    return answer ?? ''
  }

  private acceptFromAway(sessionId: string): void {
    this.tccc.Call.accept({ sessionId }).then(
      () => this.troubled(undefined),
      (e: unknown) => this.troubled(asError(e)),
    )
  }

  /** A telephone is dialed from the agent's telephone; only calls from the page need its microphone. */
  private seatOut(): ServerType {
    if (this.seat.useMobileCallOut) return 'staffPhoneSeat'
    return this.seat.serverType ?? 'staffSeat'
  }

  private async second(): Promise<void> {
    await this.watch.tick()
    if (this.sessions.running().some((s) => s.here)) this.face.refresh()
  }

  private restore(snapshot: Snapshot): void {
    const first = this.user === undefined
    this.user = snapshot.user
    this.settings = snapshot.settings
    this.seat = { ...this.seat, ...seatOf(snapshot) }
    this.remember()
    if (first) this.emitter.emit('ready', { tabUUID: this.tabUUID })
    this.agent.apply(snapshot.status)
    this.sessions.restore(snapshot.calls, snapshot.now)
    this.hearing.restored(snapshot.calls)
    this.rosterWatch.restored()
    if (this.brokenAt > 0) this.emitter.emit('reconnected', { downtime: this.env.now() - this.brokenAt })
    this.brokenAt = 0
    this.face.refresh()
  }

  /** What lets a page in that is loaded in place of this one. */
  private remember(): void {
    const { resume, sdkAppId, userId } = this.connection.resume ?? {}
    if (resume && sdkAppId !== undefined && userId !== undefined) this.tab.remember({ resume, sdkAppId, userId })
  }

  private hear(name: string, data: Record<string, unknown>): void {
    const sessionId = String(data['sessionId'] ?? '')
    if (name === 'statusChanged') this.agent.apply(data as unknown as StatusView)
    else if (name === 'takeOver') this.hearing.takeOver(sessionId)
    else if (name === 'roster') this.rosterWatch.apply(data)
    else if (name === 'callChanged') this.sessions.apply(name, this.hearing.heard(data))
    else if (!this.sessions.apply(name, data)) this.pass(name, data)
    this.face.refresh()
  }

  private pass(name: string, data: Record<string, unknown>): void {
    if (name === 'settingsChanged') this.seat = { ...this.seat, ...data }
    this.emitter.emit(name, data)
  }

  private changed(session: Session): void {
    this.hearing.changed(session)
    this.ring.update(this.sessions.running())
    this.face.session(session)
  }

  private became(state: ConnectionState, reason: number, message: string): void {
    const before = this.state
    this.state = state
    if (state === 'disconnected') this.ended(reason, message)
    else if (before === 'connected' && state === 'connecting') this.broken(message)
    this.face.refresh()
  }

  private broken(reason: string): void {
    this.brokenAt = this.env.now()
    this.emitter.emit('reconnecting', { reason })
  }

  private ended(reason: number, message: string): void {
    this.agent.gone()
    this.ring.stop()
    if (reason === reasons.disconnected.called) return
    this.tab.forget()
    this.kickedOut = reason === reasons.disconnected.kickedOut
    this.hearing.out(this.kickedOut)
    if (this.kickedOut) this.emitter.emit('kickedOut', {})
    else this.emitter.emit('tokenExpired', { message })
  }

  /** Tells the agent about lost sound: that his microphone is the trouble, or that it is being seen to. */
  private soundTroubled(error: TcccError | undefined): void {
    if (!error) this.troubled(undefined)
    else if (!isMicrophone(error)) this.troubled(new TcccError(codes.mediaFailed, error.message))
    else {
      this.troubled(error)
      void this.deviceError(error)
    }
  }

  /** Tells the page of a microphone that cannot be had, with a link to where the agent can find out why. */
  private async deviceError({ code, message }: TcccError): Promise<void> {
    const link = await checkLink(this.connection).catch(() => undefined)
    this.emitter.emit('deviceError', { kind: 'microphone', code, message, ...(link && { link: link.url }) })
  }
}

function seatOf({ settings: { serverType, useMobileCallOut } }: Snapshot): Partial<SeatSettings> {
  return { ...(serverType && { serverType }), ...(useMobileCallOut !== undefined && { useMobileCallOut }) }
}
