import type { UserCustomSettings } from './types'

/** What this browser remembers of its agent. */
interface Remembered extends UserCustomSettings {
  microphone?: string
  speaker?: string
  /** Names the browser, for pages that share one login. */
  browser?: string
}

/** The part of Storage that is used. */
export type Drawer = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const place = 'openseat.agent'

/** Prefs keeps the agent's settings of this browser. Where nothing may be kept (a private window, a strict policy), they last as long as the page. */
export class Prefs {
  private readonly fallback: Remembered = {}

  constructor(private readonly drawer: () => Drawer) {}

  get(): Remembered {
    return { ...this.fallback, ...this.read() }
  }

  /** Changes what is named. Other tabs may have changed the rest. */
  set(change: Remembered): void {
    Object.assign(this.fallback, change)
    try {
      this.drawer().setItem(place, JSON.stringify({ ...this.read(), ...change }))
    } catch {
      // nothing may be kept here
    }
  }

  /** The browser's name, the same for all its tabs of this site. */
  browser(uuid: () => string): string {
    const known = this.get().browser
    if (known) return known
    this.set({ browser: uuid() })
    return this.get().browser ?? ''
  }

  private read(): Remembered {
    try {
      const value: unknown = JSON.parse(this.drawer().getItem(place) ?? '{}')
      return typeof value === 'object' && value !== null ? value : {}
    } catch {
      return {}
    }
  }
}
