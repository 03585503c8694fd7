import type { Session } from './sessions'

/** What makes a call heard. */
export interface Tone {
  start(): void
  stop(): void
}

/** What shows a call while the page is not looked at. */
export interface Notice {
  show(session: Session): void
  clear(): void
}

export interface RingConfig {
  tone: Tone
  notice: Notice
  /** The browser's locks, when several pages share one login: who holds the lock rings. */
  locks: Pick<LockManager, 'request'> | undefined
  /** The lock's name. */
  name: string
  /** How well this page can ring: 0 the agent looks at it, 1 he has used it before, 2 he never touched it (browsers keep it silent). */
  rank: () => 0 | 1 | 2
}

/** Better pages are let go first by so many ms a rank. */
const precedence = 60

/** Ring rings while calls ring and the agent does not talk. Of several tabs, one: the best of them, and when it is gone the next. */
export class Ring {
  private sessions: Session[] = []
  private wish: AbortController | undefined
  private ringing = false

  constructor(private readonly config: RingConfig) {}

  /** Takes the running calls, whenever they change. */
  update(running: Session[]): void {
    this.sessions = running.filter((s) => s.phase === 'ringing' && s.serverType === 'staffSeat')
    const wanted = this.sessions.length > 0 && !running.some((s) => s.phase === 'talking' && s.type !== 'monitor')
    if (!wanted) this.stop()
    else if (this.ringing) this.notify()
    else if (!this.wish) void this.begin()
  }

  /** The agent has turned to the page or away from it, or changed what he wants to hear and see. */
  refresh(): void {
    if (!this.ringing) return
    this.config.tone.start()
    this.notify()
  }

  stop(): void {
    this.wish?.abort()
    this.wish = undefined
    if (!this.ringing) return
    this.ringing = false
    this.config.tone.stop()
    this.config.notice.clear()
  }

  private async begin(): Promise<void> {
    const wish = new AbortController()
    this.wish = wish
    const { locks, name, rank } = this.config
    if (!locks) {
      this.start()
      return
    }
    await new Promise((resolve) => setTimeout(resolve, rank() * precedence))
    if (wish.signal.aborted) return
    const until = new Promise<void>((resolve) => wish.signal.addEventListener('abort', () => resolve()))
    try {
      await locks.request(name, { signal: wish.signal }, () => {
        this.start()
        return until
      })
    } catch {
      // another tab rang until it was over
    }
  }

  private start(): void {
    this.ringing = true
    this.config.tone.start()
    this.notify()
  }

  private notify(): void {
    const [first] = this.sessions
    if (first) this.config.notice.show(first)
  }
}
