import type { EventMap, IvrKey, ServerType } from './types'
import type { CallView } from './wire'

export type Phase = 'ringing' | 'connecting' | 'calling' | 'talking' | 'ended'

/** A call as the page sees it. Times are of this page's clock, in milliseconds; 0 = not yet. */
export interface Session {
  readonly sessionId: string
  readonly direction: 'in' | 'out'
  phase: Phase
  callerPhoneNumber: string
  calleePhoneNumber: string
  callerLocation: string
  remark: string
  ivrPath: IvrKey[]
  serverType: ServerType
  timeout: number
  ringAt: number
  acceptAt: number
  endAt: number
  muted: boolean
  held: boolean
  closeBy: string
}

type Data = Record<string, unknown>
type Emit = <N extends keyof EventMap>(name: N, data: EventMap[N]) => void

/** Ended calls that are kept in the list until the page deletes them. */
const mostEnded = 50

/**
 * Sessions is the list of the agent's calls. News may come twice and a picture of the whole may overtake them, so every
 * change asks first whether it is one; only changes are emitted.
 */
export class Sessions {
  private readonly all = new Map<string, Session>()
  private ahead = 0 // how far the server's clock is ahead of ours

  constructor(
    private readonly emit: Emit,
    private readonly changed: (session: Session) => void,
    private readonly now: () => number = Date.now,
  ) {}

  get(sessionId: string): Session | undefined {
    return this.all.get(sessionId)
  }

  list(): Session[] {
    return [...this.all.values()]
  }

  running(): Session[] {
    return this.list().filter((s) => s.phase !== 'ended')
  }

  /** Takes one of the server's events; false when it is not about calls. */
  apply(name: string, data: Data): boolean {
    switch (name) {
      case 'callIn':
        this.callIn(data)
        return true
      case 'userAccessed':
        this.accessed(data as EventMap['userAccessed'])
        return true
      case 'callOuted':
        this.callOuted(data)
        return true
      case 'calloutAccepted':
        this.calloutAccepted(data as EventMap['calloutAccepted'])
        return true
      case 'autoTransfer':
        this.autoTransfer(text(data, 'sessionId'))
        return true
      case 'sessionEnded':
        this.ended(data as EventMap['sessionEnded'])
        return true
      default:
        return false
    }
  }

  /** Brings the list to the server's picture, taken at its time, and emits what was missed. */
  restore(views: CallView[], at: number): void {
    this.ahead = at - this.now()
    const seen = new Set(views.map((v) => v.sessionId))
    for (const session of this.running()) {
      if (!seen.has(session.sessionId)) {
        this.ended({ sessionId: session.sessionId, type: 'phone', closeBy: 'admin', mainReason: 'connectionLost' })
      }
    }
    for (const view of views) this.restoreOne(view)
  }

  /** Notes what the page itself did. */
  set(sessionId: string, change: Partial<Pick<Session, 'phase' | 'muted' | 'held'>>): void {
    const session = this.all.get(sessionId)
    if (!session || session.phase === 'ended') return
    Object.assign(session, change)
    this.changed(session)
  }

  /** Takes an ended call out of the list. */
  delete(sessionId: string): void {
    if (!this.all.delete(sessionId)) return
    this.emit('sessionCompleted', { sessionId })
  }

  private callIn(data: Data): void {
    const known = this.all.get(text(data, 'sessionId'))
    if (known && known.phase !== 'ended') return
    this.add(data, 'in', 'ringing')
    this.emit('callIn', data as EventMap['callIn'])
  }

  private accessed(data: EventMap['userAccessed']): void {
    if (this.talk(data.sessionId)) this.emit('userAccessed', data)
  }

  private callOuted(data: Data): void {
    if (this.all.has(text(data, 'sessionId'))) return
    this.add(data, 'out', 'calling')
    this.emit('callOuted', data as EventMap['callOuted'])
  }

  private calloutAccepted(data: EventMap['calloutAccepted']): void {
    if (this.talk(data.sessionId)) this.emit('calloutAccepted', data)
  }

  private talk(sessionId: string): boolean {
    const session = this.all.get(sessionId)
    if (!session || session.phase === 'talking' || session.phase === 'ended') return false
    session.phase = 'talking'
    session.acceptAt = this.now()
    this.changed(session)
    return true
  }

  private autoTransfer(sessionId: string): void {
    const session = this.all.get(sessionId)
    if (!session || session.phase === 'ended') return
    this.finish(session, '')
    this.all.delete(sessionId)
    this.emit('autoTransfer', { sessionId })
  }

  private ended(data: EventMap['sessionEnded']): void {
    const session = this.all.get(data.sessionId)
    if (!session || session.phase === 'ended') return
    this.finish(session, data.closeBy)
    const old = this.list().filter((s) => s.phase === 'ended')
    for (const s of old.slice(0, Math.max(0, old.length - mostEnded))) this.all.delete(s.sessionId)
    this.emit('sessionEnded', data)
  }

  private finish(session: Session, closeBy: string): void {
    session.phase = 'ended'
    session.endAt = this.now()
    session.closeBy = closeBy
    this.changed(session)
  }

  private add(data: Data, direction: Session['direction'], phase: Phase): Session {
    const session: Session = {
      sessionId: text(data, 'sessionId'),
      direction,
      phase,
      callerPhoneNumber: text(data, 'callerPhoneNumber'),
      calleePhoneNumber: text(data, 'calleePhoneNumber'),
      callerLocation: text(data, 'callerLocation'),
      remark: text(data, 'remark'),
      ivrPath: Array.isArray(data['ivrPath']) ? (data['ivrPath'] as IvrKey[]) : [],
      serverType: (data['serverType'] as ServerType | undefined) ?? 'staffSeat',
      timeout: typeof data['timeout'] === 'number' ? data['timeout'] : 0,
      ringAt: this.now(),
      acceptAt: 0,
      endAt: 0,
      muted: data['muted'] === true,
      held: data['held'] === true,
      closeBy: '',
    }
    this.all.delete(session.sessionId) // a call that rings again goes to the end of the list
    this.all.set(session.sessionId, session)
    this.changed(session)
    return session
  }

  private restoreOne(view: CallView): void {
    const known = this.all.get(view.sessionId)
    if (!known || known.phase === 'ended') this.meet(view)
    else this.catchUp(known, view)
  }

  /** A call this page did not know: it was loaded in the middle of it. */
  private meet(view: CallView): void {
    const phase = phaseOf(view)
    const session = this.add({ ...view }, view.direction === 0 ? 'in' : 'out', phase)
    session.ringAt = this.here(view.ringAt) || session.ringAt
    session.acceptAt = this.here(view.acceptAt)
    this.changed(session)
    const { sessionId, callerPhoneNumber, calleePhoneNumber, remark, serverType, ivrPath, timeout } = session
    const restored = true
    if (session.direction === 'out') {
      this.emit('callOuted', { sessionId, callerPhoneNumber, calleePhoneNumber, remark, serverType, restored })
      if (phase === 'talking') this.emit('calloutAccepted', { sessionId, restored })
    } else if (phase === 'talking') {
      this.emit('userAccessed', { sessionId, restored })
    } else if (phase === 'ringing') {
      this.emit('callIn', {
        sessionId,
        type: 'phone',
        timeout,
        callerPhoneNumber,
        calleePhoneNumber,
        callerLocation: session.callerLocation,
        remark,
        ivrPath,
        serverType,
      })
    }
  }

  /** One of the server's times on this page's clock. */
  private here(time: string | undefined): number {
    return time ? Date.parse(time) - this.ahead : 0
  }

  private catchUp(session: Session, view: CallView): void {
    const { sessionId } = session
    session.held = view.held
    const phase = phaseOf(view)
    if (phase !== 'talking') {
      session.phase = phase
      this.changed(session)
    } else if (session.phase === 'talking') {
      this.changed(session)
    } else if (session.direction === 'in') {
      this.accessed({ sessionId, restored: true })
    } else {
      this.calloutAccepted({ sessionId, restored: true })
    }
  }
}

function phaseOf(view: CallView): Phase {
  if (view.state !== 'inProgress') return view.state
  return view.acceptAt ? 'talking' : 'connecting'
}

function text(data: Data, name: string): string {
  const value = data[name]
  return typeof value === 'string' ? value : ''
}
