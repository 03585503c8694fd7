import type { Drawer } from './prefs'

/** What a tab remembers of the page that was loaded in it before. */
export interface Former {
  tabUUID: string
  sdkAppId: number
  userId: string
  /** Lets the page in that takes its place, should its token be spent. Good for ten minutes. */
  resume: string
  /** The page went in good order: this is no copy of a tab that is still there. */
  left?: boolean
}

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

  constructor(private readonly config: TabConfig) {}

  /** The page whose place this one takes. */
  async former(): Promise<Former | undefined> {
    const found = this.read()
    this.hold()
    if (!found || found.left) return found
    return (await this.isThere(found.tabUUID)) ? undefined : found // it crashed, or it is our original
  }

  /** Notes how the next page of this tab may take this one's place. */
  remember(current: Omit<Former, 'tabUUID' | 'left'>): void {
    this.current = { ...current, tabUUID: this.config.tabUUID }
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
