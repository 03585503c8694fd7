import type { Drawer } from './prefs'

/** What a tab remembers of the page that was loaded in it before. */
export interface Former {
  tabUUID: string
  sdkAppId: number
  userId: string
  /** Lets the page in that takes its place, should its token be spent. Good for ten minutes. */
  resume: string
  /** The pages before it, the latest first: one that was left at once may not have taken its calls yet. */
  before?: string[]
  /** The page went in good order: this is no copy of a tab that is still there. */
  left?: boolean
}

/** Pages before that are remembered. */
const mostBefore = 8

export interface TabConfig {
  drawer: () => Drawer
  locks: Pick<LockManager, 'request' | 'query'> | undefined
  tabUUID: string
}

const place = 'openseat.tab'

/**
 * Tab remembers, over a reload, which page was here: its calls' sound may come to the page that takes its place without asking
 * the agent. A duplicated tab has the same memory as its original; what tells them apart is that the original has not left and
 * still holds its lock.
 */
export class Tab {
  private current: Former | undefined
  private before: string[] = []

  constructor(private readonly config: TabConfig) {}

  /** The page whose place this one takes, if it is one that is wanted. */
  async former(wanted: (former: Former) => boolean): Promise<Former | undefined> {
    const found = this.read()
    this.hold()
    if (!found || !wanted(found)) return undefined
    if (!found.left && (await this.isThere(found.tabUUID))) return undefined // it is our original; else it crashed
    this.before = [found.tabUUID, ...(found.before ?? [])].slice(0, mostBefore)
    return found
  }

  /** Whether a page is one of those that were in this tab before. */
  wasHere(tabUUID: string): boolean {
    return this.before.includes(tabUUID)
  }

  /** Notes how the next page of this tab may take this one's place. */
  remember(current: Omit<Former, 'tabUUID' | 'before' | 'left'>): void {
    this.current = { ...current, tabUUID: this.config.tabUUID, before: this.before }
    this.write(this.current)
  }

  /** The page goes (pagehide), or comes back as it was (pageshow). */
  leave(left: boolean): void {
    if (this.current) this.write({ ...this.current, left })
  }

  /** The agent is signed out: nobody takes this page's place. */
  forget(): void {
    this.current = undefined
    try {
      this.config.drawer().removeItem(place)
    } catch {
      // nothing is kept here
    }
  }

  /** Holds the page's lock for as long as it lives. */
  private hold(): void {
    this.config.locks?.request(lockOf(this.config.tabUUID), () => new Promise(() => undefined)).catch(() => undefined)
  }

  private async isThere(tabUUID: string): Promise<boolean> {
    try {
      const { held } = (await this.config.locks?.query()) ?? {}
      return held?.some((l) => l.name === lockOf(tabUUID)) ?? true
    } catch {
      return true // not to be known: ask the agent rather than take a call from another tab
    }
  }

  private read(): Former | undefined {
    try {
      const value = JSON.parse(this.config.drawer().getItem(place) ?? 'null') as Former | null
      return value?.tabUUID ? value : undefined
    } catch {
      return undefined
    }
  }

  private write(former: Former): void {
    try {
      this.config.drawer().setItem(place, JSON.stringify(former))
    } catch {
      // nothing may be kept here: the agent is asked
    }
  }
}

function lockOf(tabUUID: string): string {
  return `openseat.tab.${tabUUID}`
}
