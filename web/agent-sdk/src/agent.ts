import type { AgentStatus, EventMap } from './types'
import type { StatusView } from './wire'

/** AgentState is what the agent is doing, as the server told last. */
export class AgentState {
  current: StatusView = { status: 'offline' }

  constructor(private readonly changed: (status: EventMap['statusChanged']) => void) {}

  get status(): AgentStatus {
    return this.current.status
  }

  /** Takes the server's word, unless a later one was heard before. */
  apply(next: StatusView): void {
    const { current } = this
    if ((next.since ?? 0) < (current.since ?? 0)) return
    this.current = next
    const same =
      next.status === current.status &&
      next.reason === current.reason &&
      next.reserved === current.reserved &&
      next.until === current.until
    if (!same) this.changed({ ...next })
  }

  /** The page was put out, or was never let in. */
  gone(): void {
    this.current = { status: 'offline' }
  }
}
