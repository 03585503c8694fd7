import { newSession, phaseOf, text, wasRung } from './session'
import type { Change, Data, Phase, Session } from './session'
import { applyTeam, memberOf, targetOf, toldOf } from './team'
import type { EventMap, MonitorMode } from './types'
import type { CallView } from './wire'

export type { Phase, Session } from './session'

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
      case 'sessionCompleted':
        this.delete(text(data, 'sessionId'))
        return true
      default:
        return this.team(name, data)
    }
  }

  /** Brings the list to the server's picture, taken at its time, and emits what was missed. */
  restore(views: CallView[], at: number): void {
    this.ahead = at - this.now()
    const seen = new Set(views.map((v) => v.sessionId))
    for (const session of this.running()) {
      if (!seen.has(session.sessionId)) {
        this.ended({ sessionId: session.sessionId, closeBy: 'admin', mainReason: 'connectionLost' })
      }
    }
    for (const view of views) this.restoreOne(view)
  }

  /** Notes what the page itself did. */
  set(sessionId: string, change: Change): void {
    const session = this.all.get(sessionId)
    if (!session || session.phase === 'ended') return
    Object.assign(session, change)
    this.changed(session)
  }

  /** Puts a call into the list that the agent supervises. */
  supervise(view: CallView, mode: MonitorMode): void {
    const known = this.all.get(view.sessionId)
    if (known && known.phase !== 'ended') this.set(view.sessionId, { monitor: mode })
    else this.add({ ...view }, true, 'talking', { ...this.facts(view), type: 'monitor', monitor: mode })
  }

  /** Takes an ended call out of the list. */
  delete(sessionId: string): void {
    if (!this.all.delete(sessionId)) return
    this.emit('sessionCompleted', { sessionId })
  }

  private callIn(data: Data): void {
    const known = this.all.get(text(data, 'sessionId'))
    if (known && known.phase !== 'ended') return
    this.add(data, true, 'ringing')
    this.emit('callIn', data as unknown as EventMap['callIn'])
  }

  private accessed(data: EventMap['userAccessed']): void {
    const session = this.all.get(data.sessionId)
    if (!session || session.phase === 'ended') return
    if (session.type === 'monitor') this.set(data.sessionId, { type: 'phone', monitor: undefined })
    else if (session.phase === 'talking') return
    this.talk(session, data.tabUUID)
    this.emit('userAccessed', data)
  }

  private callOuted(data: Data): void {
    if (this.all.has(text(data, 'sessionId'))) return
    this.add(data, false, 'calling')
    this.emit('callOuted', data as EventMap['callOuted'])
  }

  private calloutAccepted(data: EventMap['calloutAccepted']): void {
    const session = this.all.get(data.sessionId)
    if (!session || session.phase === 'talking' || session.phase === 'ended') return
    this.talk(session)
    this.emit('calloutAccepted', data)
  }

  private talk(session: Session, tabUUID = session.tabUUID): void {
    session.phase = 'talking'
    session.tabUUID = tabUUID
    session.acceptAt ||= this.now()
    this.changed(session)
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
    this.emit('sessionEnded', { type: session.type, ...data })
  }

  private finish(session: Session, closeBy: string): void {
    session.phase = 'ended'
    session.endAt = this.now()
    session.closeBy = closeBy
    session.transfer = session.oneWay = undefined
    session.here = session.elsewhere = false
    this.changed(session)
  }

  private team(name: string, data: Data): boolean {
    const session = this.all.get(text(data, 'sessionId'))
    const known = applyTeam(session, name, data)
    if (!known || !session) return known
    this.changed(session)
    this.emit(name as 'transfer', toldOf(data) as EventMap['transfer'])
    return true
  }

  private add(data: Data, rung: boolean, phase: Phase, change: Change = {}): Session {
    const session = Object.assign(newSession(data, rung, phase, this.now()), change)
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
    const session = this.add({ ...view }, wasRung(view), phase, this.facts(view))
    const { sessionId, callerPhoneNumber, calleePhoneNumber, remark, serverType, ivrPath, timeout, callerLocation } = session
    const restored = true
    const peer = session.type === 'internal' ? { peerUserId: session.peerUserId } : {}
    if (!session.rung) {
      this.emit('callOuted', { sessionId, callerPhoneNumber, calleePhoneNumber, remark, serverType, ...peer, tabUUID: view.tabUUID, restored })
      if (phase === 'talking') this.emit('calloutAccepted', { sessionId, restored })
    } else if (phase === 'talking' && session.type !== 'monitor') {
      this.emit('userAccessed', { sessionId, tabUUID: view.tabUUID, restored })
    } else if (phase === 'ringing') {
      const type = session.type === 'internal' ? 'internal' : 'phone'
      this.emit('callIn', { sessionId, type, timeout, callerPhoneNumber, calleePhoneNumber, callerLocation, remark, ivrPath, serverType, ...peer, restored })
    }
  }

  /** What a picture tells beyond the fields of events. */
  private facts(view: CallView): Change {
    const monitor = view.monitor || undefined
    return {
      ringAt: this.local(view.ringAt) || this.now(),
      acceptAt: this.local(view.acceptAt),
      held: view.held,
      members: (view.members ?? []).map(memberOf),
      transfer: view.transfer ? targetOf({ ...view.transfer }) : undefined,
      monitor,
      ...(monitor && { type: 'monitor' as const }),
    }
  }

  /** One of the server's times on this page's clock. */
  private local(time: string | undefined): number {
    return time ? Date.parse(time) - this.ahead : 0
  }

  private catchUp(session: Session, view: CallView): void {
    const { sessionId } = session
    const { held, members, transfer, monitor } = this.facts(view)
    Object.assign(session, { held, members, transfer, monitor, tabUUID: view.tabUUID ?? session.tabUUID })
    const phase = phaseOf(view)
    if (phase !== 'talking') {
      session.phase = phase
      this.changed(session)
    } else if (session.phase === 'talking') {
      this.changed(session)
    } else if (session.rung) {
      this.accessed({ sessionId, tabUUID: view.tabUUID, restored: true })
    } else {
      this.calloutAccepted({ sessionId, restored: true })
    }
  }
}
