import type { Media } from './media'
import { countsOf, Quality } from './quality'
import type { Session, Sessions } from './sessions'
import type { EventMap } from './types'

export interface WatchConfig {
  sessions: Sessions
  media: Pick<Media, 'stats'>
  emit: <N extends 'networkQuality' | 'mediaOneWay' | 'mediaRestored'>(name: N, data: EventMap[N]) => void
  now: () => number
}

/** Nothing reaches this page: what it finds out by itself. The rest the server tells. */
const deaf = { side: 'agent', direction: 'in' } as const

/** Watch measures, every second, the sound of the calls that sound on this page. */
export class Watch {
  private readonly watched = new Map<string, Quality>()
  private readonly alarmed = new Set<string>()

  constructor(private readonly config: WatchConfig) {}

  /** A second has passed. */
  async tick(): Promise<void> {
    const here = this.config.sessions.running().filter((s) => s.here && s.phase === 'talking')
    for (const id of this.watched.keys()) {
      if (!here.some((s) => s.sessionId === id)) this.forget(id)
    }
    await Promise.all(here.map((s) => this.measure(s)))
  }

  private async measure(session: Session): Promise<void> {
    const { sessionId } = session
    const { config } = this
    const report = await config.media.stats(sessionId).catch(() => undefined)
    if (session.phase === 'ended' || !session.here) return
    const at = config.now()
    const quality = this.watched.get(sessionId) ?? new Quality(sessionId, at)
    this.watched.set(sessionId, quality)
    const judged = quality.take(report ? countsOf(report, at) : { at }, hearsSomebody(session))
    session.quality = judged.quality
    config.emit('networkQuality', judged)
    this.alarm(session, quality.isSilent)
  }

  /** Tells once that nothing comes in, and once that it does again; an alarm of the server says more, and stands. */
  private alarm(session: Session, silent: boolean): void {
    const { sessionId } = session
    if (silent && !session.oneWay && !this.alarmed.has(sessionId)) {
      this.alarmed.add(sessionId)
      session.oneWay = { ...deaf }
      this.config.emit('mediaOneWay', { sessionId, ...deaf })
    } else if (!silent && this.alarmed.delete(sessionId)) {
      session.oneWay = undefined
      this.config.emit('mediaRestored', { sessionId, ...deaf })
    }
  }

  private forget(sessionId: string): void {
    this.watched.delete(sessionId)
    this.alarmed.delete(sessionId)
  }
}

/** Whether the agent should hear somebody: not while he holds the customer, or waits in silence for a transfer to be taken. */
function hearsSomebody({ held, transfer }: Session): boolean {
  return !held && !transfer
}
