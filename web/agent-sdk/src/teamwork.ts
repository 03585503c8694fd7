import { findSession, oneCallee, oneTarget, required, sessionIdOf } from './callOptions'
import type { Connection } from './connection'
import { asError, codes, ending, success, TcccError } from './errors'
import type { Hearing } from './hearing'
import type { Sessions } from './sessions'
import type { CallApi, InviteOptions, InviteResponse, MemberOptions, MonitorMode, MonitorOptions, SessionOptions, Success, TransferOptions } from './types'
import type { CallView } from './wire'

/** The methods of calls that more than one agent takes part in. */
export type TeamApi = Pick<CallApi, 'transfer' | 'transferCancel' | 'invite' | 'kick' | 'reconnect' | 'monitor' | 'intercept'>

/** How `invite` fails, as pages know it; anything else is '-999'. */
const inviteCodes: Record<string, string | undefined> = {
  [codes.noSession]: '-7',
  ResourceNotFound: '-7',
  'InvalidParameterValue.RecordNotExist': '-7',
  ResourceUnavailable: '-8001',
  'FailedOperation.SeatStatusBusy': '-8003',
  'FailedOperation.CallOutFailed': '-8002',
}
const toPhone = '-8004' // an outside line that cannot be had, where a colleague's would be -8002

/** Teamwork does what agents do together: hand on, consult, supervise. */
export class Teamwork {
  constructor(
    private readonly connection: Connection,
    private readonly sessions: Sessions,
    private readonly hearing: Hearing,
  ) {}

  /** The public face; every promise ends within ten seconds. */
  readonly api: TeamApi = {
    transfer: ending((options) => this.transfer(options)),
    transferCancel: ending((options) => this.transferCancel(options)),
    invite: ending((options) => this.invite(options)),
    kick: ending((options) => this.kick(options)),
    reconnect: ending((options) => this.reconnect(options)),
    monitor: ending((options) => this.monitor(options)),
    intercept: ending((options) => this.intercept(options)),
  }

  private async transfer(options: TransferOptions): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options, 'talking')
    const target = oneTarget(options)
    await this.connection.request('call.transfer', { sessionId, ...target })
    return success({})
  }

  private async transferCancel(options: SessionOptions): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options, 'talking')
    await this.connection.request('call.transferCancel', { sessionId })
    this.sessions.set(sessionId, { transfer: undefined })
    return success({})
  }

  private async invite(options: InviteOptions): Promise<Success<InviteResponse>> {
    try {
      const { sessionId } = findSession(this.sessions, options, 'talking')
      const callee = oneCallee(options.callee)
      return success(await this.connection.request<InviteResponse>('call.invite', { sessionId, callee, allowQueue: options.allowQueue === true }))
    } catch (e) {
      throw notInvited(asError(e), Boolean((options as Partial<InviteOptions> | undefined)?.callee?.phone))
    }
  }

  private async kick(options: MemberOptions): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options)
    await this.connection.request('call.kick', { sessionId, memberId: required(options.memberId, 'memberId') })
    return success({})
  }

  private async reconnect(options: SessionOptions & { memberId?: string }): Promise<Success> {
    const { sessionId } = findSession(this.sessions, options)
    const { memberId } = options
    await this.connection.request('call.reconnect', memberId ? { sessionId, memberId: String(memberId) } : { sessionId })
    return success({})
  }

  private async monitor(options: MonitorOptions): Promise<Success<SessionOptions>> {
    const sessionId = sessionIdOf(options)
    const mode = modeOf(options)
    if (mode !== 'text') this.refuseSecond(sessionId)
    const view = await this.connection.request<CallView>('call.monitor', { sessionId, mode })
    this.sessions.supervise({ ...view, sessionId, serverType: 'staffSeat' }, mode)
    this.hearing.supervised(sessionId)
    return success({ sessionId })
  }

  /** One can read many calls, but hear one. */
  private refuseSecond(sessionId: string): void {
    const other = this.sessions.running().find((s) => s.type === 'monitor' && s.monitor !== 'text' && s.sessionId !== sessionId)
    if (other) throw new TcccError(codes.wrongState, `session ${other.sessionId} is monitored already: one at a time`)
  }

  private async intercept(options: SessionOptions): Promise<Success> {
    const { sessionId, type } = findSession(this.sessions, options, 'talking')
    if (type !== 'monitor') throw new TcccError(codes.wrongState, `session ${sessionId} is not monitored`)
    await this.connection.request('call.intercept', { sessionId })
    this.sessions.apply('userAccessed', { sessionId, tabUUID: this.hearing.tabUUID })
    this.hearing.supervised(sessionId)
    return success({})
  }
}

function modeOf({ mode, textOnly }: MonitorOptions): MonitorMode {
  const all: readonly MonitorMode[] = ['listen', 'whisper', 'barge', 'text']
  const wanted = mode ?? (textOnly ? 'text' : 'listen')
  if (!all.includes(wanted)) throw new TcccError(codes.badOption, `mode: must be one of ${all.join(', ')}`)
  return wanted
}

function notInvited(error: TcccError, phone: boolean): TcccError {
  const code = inviteCodes[error.code] ?? '-999'
  return new TcccError(code === '-8002' && phone ? toPhone : code, error.message)
}
