import type { Connection } from './connection'
import { asError, isMicrophone } from './errors'
import type { TcccError } from './errors'
import type { Media } from './media'
import { hasWebSound } from './session'
import type { Data } from './session'
import type { Session, Sessions } from './sessions'
import type { ServerType } from './types'
import type { CallView } from './wire'

export interface HearingConfig {
  connection: Connection
  sessions: Sessions
  media: Media
  /** This load of the page, and those it took the place of. */
  tabUUID: string
  wasHere: (tabUUID: string) => boolean
  /** Whether the agent looks at this page: of several tabs, that one gets a call's sound ready. */
  visible: () => boolean
  /** The line the agent calls out from. */
  seat: () => ServerType
  /** Told when a call cannot be begun or answered for want of a microphone, and (undefined) when one can again. */
  microphone: (error: TcccError | undefined) => void
}

/**
 * Hearing decides which calls sound on this page, and keeps them so. Of an agent's pages exactly one carries a call's sound: the
 * one that took it, until it is gone or another takes over.
 */
export class Hearing {
  private readonly mine = new Set<string>() // sessions that sound here; one may be before the list knows of it
  private readonly told = new Set<string>() // sessions whose muted microphone the server knows of
  private telling = 0
  private lacking = false
  private beginning = 0 // calls on their way that the list does not know yet

  constructor(private readonly config: HearingConfig) {}

  /** The name of this page. */
  get tabUUID(): string {
    return this.config.tabUUID
  }

  /** Makes an offer ready for a call to come, unless it will be a telephone's. */
  async ready(name: string): Promise<void> {
    this.beginning++
    if (this.config.seat() === 'staffSeat') await this.offer(name)
  }

  /** Gives a call that has begun the sound that was made ready for it. */
  bring(name: string, sessionId: string, serverType: ServerType): void {
    const { media, sessions } = this.config
    this.beginning--
    if (serverType !== 'staffSeat' || sessions.get(sessionId)?.phase === 'ended') {
      media.release(name)
      return
    }
    media.rename(name, sessionId)
    this.own(sessionId)
    void media.attach(sessionId)
  }

  async offer(name: string): Promise<string> {
    try {
      const sdp = await this.config.media.offer(name)
      if (this.lacking) this.config.microphone(undefined)
      this.lacking = false
      return sdp
    } catch (e) {
      const error = asError(e)
      this.lacking = isMicrophone(error)
      if (this.lacking) this.config.microphone(error)
      throw error
    }
  }

  /** The server has accepted an offer; without an answer, the sound is brought by itself. */
  async answered(sessionId: string, sdp: string | undefined): Promise<void> {
    this.own(sessionId)
    if (sdp) await this.config.media.answer(sessionId, sdp)
    else void this.config.media.attach(sessionId)
  }

  /** The call that it was made ready for did not come to be. */
  spoiled(name: string): void {
    this.beginning--
    this.config.media.release(name)
  }

  drop(sessionId: string): void {
    this.config.media.release(sessionId)
  }

  /** Keeps the sound in step with the list. */
  changed(session: Session): void {
    const { media } = this.config
    const { sessionId, phase } = session
    if (phase === 'ended') {
      media.release(sessionId)
      this.mine.delete(sessionId)
      this.told.delete(sessionId)
      return
    }
    session.here = this.mine.has(sessionId)
    if (phase === 'ringing') {
      if (hasWebSound(session) && this.config.visible()) void media.prepare(sessionId)
    } else if (this.isOthers(session)) {
      this.letGo(session)
    } else if (session.here) {
      if (phase === 'talking') void this.tellMuted(session)
    } else if (this.isOurs(session)) {
      void this.take(session)
    }
  }

  /** After a load or a break: calls whose sound belongs here and is not up get it again. */
  restored(views: CallView[]): void {
    for (const view of views) {
      const session = this.config.sessions.get(view.sessionId)
      if (!session || session.phase === 'ended') continue
      this.tell(view.sessionId, view.muted)
      if (view.state !== 'ringing' && hasWebSound(session)) this.restoreOne(session, view)
    }
  }

  /** The page that carried the sound is gone: this one takes its place. */
  takeOver(sessionId: string): void {
    const session = this.config.sessions.get(sessionId)
    if (session && session.phase !== 'ended' && hasWebSound(session)) void this.take(session)
  }

  /** Brings the sound of a call to this page, wherever it was; ends when it is there. */
  async take(session: Session): Promise<void> {
    const { media } = this.config
    media.mute(session.sessionId, session.muted)
    this.own(session.sessionId)
    if (!media.has(session.sessionId)) await media.attach(session.sessionId)
  }

  /** A supervised call, or one that was: sound for who hears, none for who reads. */
  supervised(sessionId: string): void {
    const session = this.config.sessions.get(sessionId)
    if (!session) return
    if (hasWebSound(session)) void this.take(session)
    else this.letGo(session)
  }

  /**
   * What the server says of a changed call: another tab may have switched the microphone. While this page tells the server of its
   * own switch it knows better, so what is said of it meanwhile is left out.
   */
  heard(change: Data): Data {
    const { sessionId, muted, tabUUID } = change
    if (this.mine.has(String(sessionId)) && this.config.wasHere(String(tabUUID))) void this.config.media.renew(String(sessionId)) // a last offer of a page that is gone
    if (typeof sessionId !== 'string' || typeof muted !== 'boolean') return change
    if (this.telling > 0) return { ...change, muted: undefined }
    this.tell(sessionId, muted)
    if (this.mine.has(sessionId)) this.config.media.mute(sessionId, muted)
    return change
  }

  /** The microphone is off at once, whatever the server says: it is told for the records, and keeps it off after a reload. */
  async mute(session: Session, on: boolean): Promise<void> {
    const { media, sessions } = this.config
    if (session.here || !session.tabUUID) media.mute(session.sessionId, on)
    session.muted = on
    const told = this.tellMuted(session)
    sessions.set(session.sessionId, { muted: on })
    await told
  }

  /** The page is out. What another page may take goes on here until it does; otherwise nothing sounds here any more. */
  out(takenOver: boolean): void {
    if (takenOver) this.config.media.leave()
    else this.config.media.releaseAll()
    for (const session of this.config.sessions.running()) this.letGo(session)
  }

  private restoreOne(session: Session, view: CallView): void {
    const { media, sessions } = this.config
    const { sessionId, muted } = view
    if (!this.belongsHere(view)) {
      sessions.set(sessionId, { muted, elsewhere: view.elsewhere === true })
    } else if (media.has(sessionId)) {
      void this.tellMuted(session) // it may have changed during the break
    } else {
      sessions.set(sessionId, { muted })
      void this.take(session)
    }
  }

  /** Whether a call found running sounds on this page: nobody carries it, this page did, or the one it was loaded in place of. */
  private belongsHere({ tabUUID, elsewhere }: CallView): boolean {
    const { config } = this
    return tabUUID ? tabUUID === config.tabUUID || config.wasHere(tabUUID) : !elsewhere
  }

  private own(sessionId: string): void {
    const { sessions, tabUUID } = this.config
    this.mine.add(sessionId)
    sessions.set(sessionId, { elsewhere: false, tabUUID })
  }

  /** The server says that this page carries the sound, though it has let go: another took it for a moment. */
  private isOurs(session: Session): boolean {
    return session.tabUUID === this.config.tabUUID && session.phase === 'talking' && this.beginning === 0 && hasWebSound(session)
  }

  private isOthers({ tabUUID }: Session): boolean {
    return tabUUID !== '' && tabUUID !== this.config.tabUUID && !this.config.wasHere(tabUUID)
  }

  private letGo(session: Session): void {
    this.mine.delete(session.sessionId)
    session.here = false
    session.quality = 0
    this.config.media.release(session.sessionId)
  }

  private async tellMuted({ sessionId, muted }: Session): Promise<void> {
    if (this.told.has(sessionId) === muted) return
    this.tell(sessionId, muted)
    this.telling++
    try {
      await this.config.connection.request('call.mute', { sessionId, on: muted })
    } catch (e) {
      this.tell(sessionId, !muted)
      console.warn('tccc: the server does not know yet that the microphone was switched', asError(e).message)
    } finally {
      this.telling--
    }
  }

  private tell(sessionId: string, on: boolean): void {
    if (on) this.told.add(sessionId)
    else this.told.delete(sessionId)
  }
}
