import type { Connection } from './connection'
import { asError } from './errors'
import type { Roster, RosterAgent, RosterGroup } from './ui/office'

/** Groups and colleagues, live while somebody watches. */
export class RosterWatch {
  current: Roster | undefined
  private watching = false

  constructor(
    private readonly connection: Connection,
    private readonly changed: () => void,
  ) {}

  /** Begins or ends to watch. */
  watch(on: boolean): void {
    if (on === this.watching) return
    this.watching = on
    void this.ask()
  }

  /** The connection is new: it has to be asked again. */
  restored(): void {
    if (this.watching) void this.ask()
  }

  /** Takes what changed. */
  apply(change: Partial<Roster>): void {
    if (!this.current || !this.watching) return
    this.current = {
      groups: merge(this.current.groups, change.groups, (g: RosterGroup) => String(g.skillGroupId)),
      agents: merge(this.current.agents, change.agents, (a: RosterAgent) => a.userId),
    }
    this.changed()
  }

  private async ask(): Promise<void> {
    const on = this.watching
    try {
      const roster = await this.connection.request<Roster>('roster.watch', { on })
      if (on !== this.watching) return
      this.current = on ? { groups: roster.groups, agents: roster.agents } : undefined
      this.changed()
    } catch (e) {
      console.warn('tccc: colleagues are not shown', asError(e).message)
    }
  }
}

/** A list with some of its things replaced, or added. */
function merge<T>(all: T[], changed: T[] | undefined, id: (thing: T) => string): T[] {
  if (!changed) return all
  const news = new Map(changed.map((c) => [id(c), c]))
  const kept = all.map((a) => news.get(id(a)) ?? a)
  const known = new Set(all.map(id))
  return [...kept, ...changed.filter((c) => !known.has(id(c)))]
}
