/** A page of the workbench. */
export type View = 'phone' | 'records' | 'people' | 'day' | 'watch' | 'settings'
/** What is unfolded under a call. */
export type Panel = 'keypad' | 'transfer' | 'team'
export type Theme = 'system' | 'light' | 'dark'

/** Where something that can be dragged is: distances from the right and the bottom edge, so that it stays near them. */
export interface Spot {
  right: number
  bottom: number
}

export interface Size {
  width: number
  height: number
}

/** What is kept from one load of the page to the next. */
interface Kept {
  theme: Theme
  float: Spot
  frame: Spot & Size
  shortcuts: boolean
  seen: number
}

const fresh: Kept = {
  theme: 'system',
  float: { right: 24, bottom: 24 },
  frame: { right: 24, bottom: 24, width: 880, height: 580 },
  shortcuts: true,
  seen: 0,
}

/** Smallest size of the workbench, if the window is not smaller. */
export const smallest: Size = { width: 760, height: 480 }

/** How long something said in passing is seen. */
const passing = 6_000

/** The part of localStorage that is used. */
export type Drawer = Pick<Storage, 'getItem' | 'setItem'>

/**
 * Shell is the state of the face itself: what is open, where it is, how it looks. The page shows and hides with tccc.UI, the
 * agent with the mouse and the keyboard; places and tastes are kept in the browser.
 */
export class Shell {
  visible = { all: true, float: true, bar: true, workbench: false }
  view: View = 'phone'
  maximised = false
  help = false
  /** The call that the workbench shows, if there are several. */
  chosen = ''
  /** Ended calls whose form has been put away. */
  readonly closed = new Set<string>()
  /** Keys sent in a call, as the agent sees them. */
  readonly digits = new Map<string, string>()
  /** Names of colleagues and groups that have been seen, since they are not always watched. */
  readonly names = new Map<string, string>()
  /** What the agent is told of a call, until he puts it away. */
  readonly notices = new Map<string, string>()
  /** Missed calls that the agent has not looked at. */
  missed = 0
  kept: Kept
  private readonly panels = new Map<string, Panel>()
  /** What is said in passing, now. */
  said = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private watchers = 0

  constructor(
    private readonly changed: () => void,
    /** Has the server tell colleagues' states, or no more. */
    private readonly watch: (on: boolean) => void,
    private readonly drawer: () => Drawer | undefined,
    private readonly key: string,
  ) {
    this.kept = { ...fresh, ...this.read() }
  }

  set(change: Partial<Pick<Shell, 'view' | 'maximised' | 'help' | 'chosen' | 'missed'>>): void {
    Object.assign(this, change)
    this.changed()
  }

  show(change: Partial<Shell['visible']>): void {
    this.visible = { ...this.visible, ...change }
    this.changed()
  }

  /** Opens the workbench at a page. */
  open(view: View): void {
    this.view = view
    this.show({ workbench: true })
  }

  keep(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change }
    try {
      this.drawer()?.setItem(this.key, JSON.stringify(this.kept))
    } catch {
      // full or forbidden: it is kept until the page is left
    }
    this.changed()
  }

  panel(sessionId: string): Panel | undefined {
    return this.panels.get(sessionId)
  }

  /** Unfolds a panel, or folds it when it is open. */
  toggle(sessionId: string, panel: Panel): void {
    if (this.panels.get(sessionId) === panel) this.panels.delete(sessionId)
    else this.panels.set(sessionId, panel)
    this.changed()
  }

  fold(sessionId: string): void {
    if (this.panels.delete(sessionId)) this.changed()
  }

  /** Views that show colleagues' states say when they open (1) and close (-1). */
  watching(change: 1 | -1): void {
    const before = this.watchers > 0
    this.watchers += change
    if (before !== this.watchers > 0) this.watch(this.watchers > 0)
  }

  typed(sessionId: string, key: string): void {
    this.digits.set(sessionId, ((this.digits.get(sessionId) ?? '') + key).slice(-32))
    this.changed()
  }

  /** Tells the agent something of a call; empty = no more. */
  notice(sessionId: string, text: string): void {
    if (text) this.notices.set(sessionId, text)
    else this.notices.delete(sessionId)
    this.changed()
  }

  /** Says something in passing. */
  say(text: string): void {
    clearTimeout(this.timer)
    this.said = text
    this.timer = setTimeout(() => this.hush(), passing)
    this.changed()
  }

  /** What was said in passing is over. */
  hush(): void {
    clearTimeout(this.timer)
    this.said = ''
    this.changed()
  }

  /** Closes the topmost thing that is open; false when nothing is. */
  escape(sessionIds: string[]): boolean {
    const open = sessionIds.find((id) => this.panels.has(id))
    if (this.help) this.set({ help: false })
    else if (open !== undefined) this.fold(open)
    else if (this.visible.workbench) this.show({ workbench: false })
    else return false
    return true
  }

  /** Forgets what belonged to calls that are gone. */
  forget(known: string[]): void {
    for (const id of [...this.panels.keys()]) if (!known.includes(id)) this.panels.delete(id)
    for (const id of [...this.digits.keys()]) if (!known.includes(id)) this.digits.delete(id)
    for (const id of [...this.notices.keys()]) if (!known.includes(id)) this.notices.delete(id)
    for (const id of [...this.closed]) if (!known.includes(id)) this.closed.delete(id)
  }

  private read(): Partial<Kept> {
    try {
      return JSON.parse(this.drawer()?.getItem(this.key) ?? '{}') as Partial<Kept>
    } catch {
      return {}
    }
  }
}

/** A place for something of a size, so that all of it is in the window. */
export function within<T extends Spot>(spot: T, size: Size, window: Size, margin = 8): T {
  const clamp = (value: number, most: number) => Math.max(margin, Math.min(value, Math.max(margin, most - margin)))
  return { ...spot, right: clamp(spot.right, window.width - size.width), bottom: clamp(spot.bottom, window.height - size.height) }
}
