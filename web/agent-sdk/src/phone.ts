import type { Connection } from './connection'
import { asError, codes, settle, success, TcccError } from './errors'
import type { Media } from './media'
import type { Phase, Session, Sessions } from './sessions'
import type { CallApi, CallResponse, OutboundOptions, SessionOptions, Success } from './types'
import type { Accepted, CallView } from './wire'

/** Phone does what the agent does with calls: the part that knows server, list and sound at once. */
export class Phone {
  private calls = 0
  private readonly told = new Set<string>() // sessions whose muted microphone the server knows of
  private readonly accepting = new Map<string, Promise<Success>>()

  constructor(
    private readonly connection: Connection,
    private readonly sessions: Sessions,
    private readonly media: Media,
  ) {}

  /** The public face; every promise ends within ten seconds. */
  readonly api: CallApi = {
    startOutboundCall: ending((options) => this.start(options)),
    accept: ending((options) => this.acceptOnce(options)),
    hungUp: ending((options) => this.hungUp(options)),
    end: ending((options) => this.end(options)),
    deleteCall: ending((options) => this.deleteCall(options)),
    muteMic: ending((options) => this.mute(options, true)),
    unmuteMic: ending((options) => this.mute(options, false)),
    isMicMuted: ending((options) => this.isMicMuted(options)),
    hold: ending((options) => this.hold(options, true)),
    unHold: ending((options) => this.hold(options, false)),
    sendDigits: ending((options) => this.sendDigits(options)),
  }

  /** Keeps the sound in step with the list. */
  changed(session: Session): void {
    if (session.phase === 'ringing') void this.media.prepare(session.sessionId)
    if (session.phase === 'talking') void this.tellMuted(session.sessionId)
    if (session.phase !== 'ended') return
    this.media.release(session.sessionId)
    this.told.delete(session.sessionId)
  }

  /** After a load or a break: calls whose sound is not up get it again. */
  restored(views: CallView[]): void {
    for (const view of views) {
      const { sessionId, muted } = view
      this.tell(sessionId, muted)
      if (this.media.has(sessionId)) {
        void this.tellMuted(sessionId) // it may have changed during the break
      } else if (view.state !== 'ringing') {
        this.media.mute(sessionId, muted)
        this.sessions.set(sessionId, { muted })
        void this.media.attach(sessionId)
      }
    }
  }

  private async start(options: OutboundOptions): Promise<Success<CallResponse>> {
    const wish = outbound(options)
    const name = `call-${++this.calls}`
    try {
      await this.media.offer(name) // who has no microphone shall not ring anybody
      const response = await this.connection.request<CallResponse>('call.start', wish)
      this.bring(name, response.sessionId)
      return success(response)
    } catch (e) {
      this.media.release(name)
      throw e
    }
  }

  /** Gives the new call its sound beside its answer to the page. */
  private bring(name: string, sessionId: string): void {
    if (this.sessions.get(sessionId)?.phase === 'ended') {
      this.media.release(name)
      return
    }
    this.media.rename(name, sessionId)
    void this.media.attach(sessionId)
  }

  private acceptOnce(options: SessionOptions): Promise<Success> {
    const id = sessionId(options)
    const under = this.accepting.get(id)
    if (under) return under
    const accepted = this.accept(options).finally(() => this.accepting.delete(id))
    this.accepting.set(id, accepted)
    return accepted
  }

  private async accept(options: SessionOptions): Promise<Success> {
    const { sessionId } = this.session(options, 'ringing')
    const sdp = await this.media.offer(sessionId)
    let accepted: Accepted
    try {
      accepted = await this.connection.request<Accepted>('call.accept', { sessionId, sdp })
    } catch (e) {
      this.media.release(sessionId)
      throw e
    }
    if (this.sessions.get(sessionId)?.phase === 'ringing') this.sessions.set(sessionId, { phase: 'connecting' })
    if (accepted.sdp) await this.media.answer(sessionId, accepted.sdp)
    else void this.media.attach(sessionId)
    return success({})
  }

  private async hungUp(options: SessionOptions): Promise<Success> {
    const session = this.session(options)
    await this.connection.request('call.hungUp', { sessionId: session.sessionId })
    return success({})
  }

  private end(options: SessionOptions): Promise<Success> {
    const session = this.session(options)
    return session.phase === 'ringing' ? this.decline(session) : this.hungUp(options)
  }

  /** Declines a ringing call: it goes on to the next agent. */
  private async decline(session: Session): Promise<Success> {
    await this.connection.request('call.decline', { sessionId: session.sessionId })
    return success({})
  }

  private deleteCall(options: SessionOptions): Promise<Success> {
    const session = this.session(options)
    if (session.phase !== 'ended') throw new TcccError(codes.wrongState, 'the call has not ended')
    this.sessions.delete(session.sessionId)
    return Promise.resolve(success({}))
  }

  /** The microphone is off at once, whatever the server says: it is told for the records, and keeps it off after a reload. */
  private async mute(options: SessionOptions, on: boolean): Promise<Success> {
    const { sessionId } = this.session(options, 'connecting', 'calling', 'talking')
    this.media.mute(sessionId, on)
    const told = this.tellMuted(sessionId)
    this.sessions.set(sessionId, { muted: on })
    await told
    return success({})
  }

  private async tellMuted(sessionId: string): Promise<void> {
    const on = this.media.isMuted(sessionId)
    if (this.told.has(sessionId) === on) return
    this.tell(sessionId, on)
    try {
      await this.connection.request('call.mute', { sessionId, on })
    } catch (e) {
      this.tell(sessionId, !on)
      console.warn('tccc: the server does not know yet that the microphone was switched', asError(e).message)
    }
  }

  private tell(sessionId: string, on: boolean): void {
    if (on) this.told.add(sessionId)
    else this.told.delete(sessionId)
  }

  private isMicMuted(options: SessionOptions): Promise<Success<{ isMicMuted: boolean }>> {
    const { sessionId } = this.session(options)
    return Promise.resolve(success({ isMicMuted: this.media.isMuted(sessionId) }))
  }

  private async hold(options: SessionOptions, on: boolean): Promise<Success> {
    const { sessionId } = this.session(options, 'talking')
    await this.connection.request('call.hold', { sessionId, on })
    this.sessions.set(sessionId, { held: on })
    return success({})
  }

  private async sendDigits(options: SessionOptions & { dtmfText?: string }): Promise<Success> {
    const { sessionId } = this.session(options, 'calling', 'talking')
    const digits = String(options.dtmfText ?? '').toUpperCase()
    if (!/^[0-9*#A-D]{1,32}$/.test(digits)) throw new TcccError(codes.badOption, 'dtmfText: must be 1 to 32 of 0-9, *, #, A-D')
    await this.connection.request('call.digits', { sessionId, digits })
    return success({})
  }

  private session(options: SessionOptions, ...phases: Phase[]): Session {
    const id = sessionId(options)
    const session = this.sessions.get(id)
    if (!session) throw new TcccError(codes.noSession, `there is no session ${id}`)
    if (phases.length > 0 && !phases.includes(session.phase)) {
      throw new TcccError(codes.wrongState, `session ${id} is ${session.phase}`)
    }
    return session
  }
}

/** A function whose promise ends in time and fails only with a TcccError, also when it throws at once. */
function ending<O, T>(f: (options: O) => Promise<T>): (options: O) => Promise<T> {
  return (options) => settle(Promise.resolve(options).then(f))
}

function sessionId(options: Partial<SessionOptions> | undefined): string {
  const id = options?.sessionId
  if (!id) throw new TcccError(codes.badOption, 'sessionId: is missing')
  return String(id)
}

/** Pages are not always written in TypeScript: numbers given as numbers are taken as they are meant. */
function outbound(options: Partial<OutboundOptions> | undefined): OutboundOptions {
  const { phoneNumber, phoneDesc, uui, skillGroupId, callerPhoneNumber, servingNumberGroupIds, phoneEncodeType } = options ?? {}
  if (!phoneNumber) throw new TcccError(codes.badOption, 'phoneNumber: is missing')
  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value))
  return {
    phoneNumber: String(phoneNumber),
    phoneDesc: text(phoneDesc),
    uui: text(uui),
    skillGroupId: text(skillGroupId),
    callerPhoneNumber: text(callerPhoneNumber),
    servingNumberGroupIds: servingNumberGroupIds?.map(String),
    phoneEncodeType,
  }
}
