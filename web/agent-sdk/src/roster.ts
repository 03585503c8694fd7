import type { Connection } from './connection'
import { asError } from './errors'
import type { Roster, RosterAgent, RosterGroup } from './ui/office'

/** What changed: groups and agents that are new or other, and the names of those that are gone. */
interface Change extends Partial<Roster> {
  gone?: string[]
  goneGroups?: (string | number)[]
}

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
  apply(change: Change): void {
    if (!this.current || !this.watching) return
    this.current = {
      groups: merge(this.current.groups, change.groups, change.goneGroups, (g: RosterGroup) => String(g.skillGroupId)),
      agents: merge(this.current.agents, change.agents, change.gone, (a: RosterAgent) => a.userId),
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

/** A list with some of its things replaced, added, or taken out. */
function merge<T>(all: T[], changed: T[] = [], gone: (string | number)[] = [], id: (thing: T) => string): T[] {
  const news = new Map(changed.map((c) => [id(c), c]))
  const known = new Set(all.map(id))
  const out = new Set(gone.map(String))
  return [...all.map((a) => news.get(id(a)) ?? a), ...changed.filter((c) => !known.has(id(c)))].filter((a) => !out.has(id(a)))
}
