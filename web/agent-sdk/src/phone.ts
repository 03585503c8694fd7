import { digitsOf, findSession, outbound, required, sessionIdOf } from './callOptions'
import type { Connection } from './connection'
import { codes, ending, settle, success, TcccError } from './errors'
import type { Hearing } from './hearing'
import { hasWebSound } from './session'
import type { Session, Sessions } from './sessions'
import type { CallApi, CallResponse, DigitsOptions, InternalOptions, InternalResponse, OutboundOptions, SessionOptions, Success } from './types'
import type { Accepted } from './wire'

/** The methods of calls that this file has; teamwork.ts has the others. */
export type PhoneApi = Pick<
  CallApi,
  | 'startOutboundCall'
  | 'startInternalCall'
  | 'accept'
  | 'hungUp'
  | 'end'
  | 'deleteCall'
  | 'muteMic'
  | 'unmuteMic'
  | 'isMicMuted'
  | 'hold'
  | 'unHold'
  | 'sendDigits'
  | 'resumeHere'
>

/** How long the agent may think about allowing his microphone: what has been given up may not be done later. */
const patience = 9_000

/** Phone does what the agent does with his own calls: the part that knows server, list and sound at once. */
export class Phone {
  private calls = 0
  private readonly accepting = new Map<string, Promise<Success>>()

  constructor(
    private readonly connection: Connection,
    private readonly sessions: Sessions,
    private readonly hearing: Hearing,
  ) {}

  /** The public face; every promise ends within ten seconds. */
  readonly api: PhoneApi = {
    startOutboundCall: ending((options) => this.callOut(options)),
    startInternalCall: ending((options) => this.callIn(options)),
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
    resumeHere: ending((options) => this.resumeHere(options)),
  }

  private callOut(options: OutboundOptions): Promise<Success<CallResponse>> {
    return this.begin<CallResponse>('call.start', outbound(options))
  }

  private async callIn(options: Partial<InternalOptions> | undefined): Promise<Success<InternalResponse>> {
    const peerUserId = required(options?.calleeUserId, 'calleeUserId')
    const wish = { calleeUserId: peerUserId, useMobile: options?.useMobile === true }
    const { sessionId, serverType } = await this.begin<InternalResponse>('call.internal', wish)
    return success({ sessionId, serverType, peerUserId })
  }

  /** Begins a call, its sound made ready before: who has no microphone shall not ring anybody. */
  private async begin<T extends CallResponse | InternalResponse>(method: string, wish: object): Promise<Success<T>> {
    const name = `call-${++this.calls}`
    try {
      await settle(this.hearing.ready(name), patience)
      const response = await this.connection.request<T>(method, wish)
      this.hearing.bring(name, response.sessionId, response.serverType)
      return success(response)
    } catch (e) {
      this.hearing.spoiled(name)
      throw e
    }
  }

  private acceptOnce(options: SessionOptions): Promise<Success> {
    const id = sessionIdOf(options)
    const under = this.accepting.get(id)
    if (under) return under
    const accepted = this.accept(options).finally(() => this.accepting.delete(id))
    this.accepting.set(id, accepted)
    return accepted
  }

  private async accept(options: SessionOptions): Promise<Success> {
    const session = findSession(this.sessions, options, 'ringing')
    const { sessionId } = session
    if (!hasWebSound(session)) throw new TcccError(codes.wrongState, 'the call rings on a telephone: it is answered there')
    const sdp = await settle(this.hearing.offer(sessionId), patience)
    let accepted: Accepted
    try {
      accepted = await this.connection.request<Accepted>('call.accept', { sessionId, sdp })
    } catch (e) {
      this.hearing.drop(sessionId)
      throw e
    }
    if (session.phase === 'ringing') this.sessions.set(sessionId, { phase: 'connecting' })
    await this.hearing.answered(sessionId, accepted.sdp)
    return success({})
  }

  private async hungUp(options: SessionOptions): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options)
    await this.connection.request('call.hungUp', { sessionId })
    return success({})
  }

  private end(options: SessionOptions): Promise<Success> {
    const session = findSession(this.sessions, options)
    return session.phase === 'ringing' ? this.decline(session) : this.hungUp(options)
  }

  /** Declines a ringing call: it goes on to the next agent. */
  private async decline({ sessionId }: Session): Promise<Success> {
    await this.connection.request('call.decline', { sessionId })
    return success({})
  }

  /** The call goes from this page's list whatever the server says: it is told so that the other tabs know. */
  private async deleteCall(options: SessionOptions): Promise<Success> {
    const { sessionId, phase } = findSession(this.sessions, options)
    if (phase !== 'ended') throw new TcccError(codes.wrongState, 'the call has not ended')
    this.sessions.delete(sessionId)
    await this.connection.request('call.complete', { sessionId }).catch(() => undefined)
    return success({})
  }

  private async mute(options: SessionOptions, on: boolean): Promise<Success> {
    const session = findSession(this.sessions, options, 'connecting', 'calling', 'talking')
    await this.hearing.mute(session, on)
    return success({})
  }

  private isMicMuted(options: SessionOptions): Promise<Success<{ isMicMuted: boolean }>> {
    return Promise.resolve(success({ isMicMuted: findSession(this.sessions, options).muted }))
  }

  private async hold(options: SessionOptions, on: boolean): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options, 'talking')
    await this.connection.request('call.hold', { sessionId, on })
    this.sessions.set(sessionId, { held: on })
    return success({})
  }

  private async sendDigits(options: DigitsOptions): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options, 'calling', 'talking')
    await this.connection.request('call.digits', { sessionId, digits: digitsOf(options.dtmfText) })
    return success({})
  }

  private async resumeHere(options: SessionOptions): Promise<Success> {
    const session = findSession(this.sessions, options, 'connecting', 'calling', 'talking')
    if (!hasWebSound(session)) throw new TcccError(codes.wrongState, 'the sound of the call is a telephone’s')
    await this.hearing.take(session)
    return success({})
  }
}
