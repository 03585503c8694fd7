// The picture of a definition: which nodes and ways are drawn, and where. Places are not part of a definition: they are
// computed, and where somebody moved a node, kept in the browser.
import { exitsOf, type Definition, type Step } from './definition'

/** Marks are drawn beside the nodes: where the walk begins, and where it goes on after the call. */
export const startMark = '→start'
export const afterMark = '→after'
export const isMark = (id: string) => id === startMark || id === afterMark

export interface Place {
  x: number
  y: number
}
export type Places = Record<string, Place>

export interface Way {
  id: string
  from: string
  exit: string
  to: string
}

/** waysOf lists what leads from where to where; ways to nodes that do not exist are not drawn. */
export function waysOf(d: Definition): Way[] {
  const ways: Way[] = []
  const add = (from: string, exit: string, to: string | undefined) => {
    if (to && to in d.nodes) ways.push({ id: `${from}:${exit}`, from, exit, to })
  }
  add(startMark, 'start', d.start)
  add(afterMark, 'afterCall', d.afterCall)
  for (const [id, s] of Object.entries(d.nodes)) for (const e of exitsOf(s)) add(id, e.name, e.to)
  return ways
}

// Sizes of what is drawn, in pixels; the style of the boxes keeps to them.
export const boxWidth = 220
const headHeight = 58
const exitHeight = 26
const columnGap = 90
const rowGap = 36

const heightOf = (s: Step | undefined) => (s ? headHeight + exitHeight * exitsOf(s).length : 40)

/** layout places every node and mark: columns by their distance from the start, rows so that few ways cross. */
export function layout(d: Definition): Places {
  const columns = ordered(d, layered(d))
  const places: Places = {}
  columns.forEach((ids, column) => {
    const heights = ids.map((id) => heightOf(d.nodes[id]))
    let y = -(heights.reduce((a, b) => a + b, 0) + rowGap * (ids.length - 1)) / 2
    ids.forEach((id, i) => {
      places[id] = { x: column * (boxWidth + columnGap), y: Math.round(y) }
      y += (heights[i] ?? 0) + rowGap
    })
  })
  return places
}

/** layered gives every node the column after the last of those that lead to it; ways back do not count. */
function layered(d: Definition): Map<string, number> {
  const next = neighbours(d)
  const column = new Map<string, number>()
  const order: string[] = []
  const seen = new Set<string>()
  const back = new Set<string>()
  const walk = (id: string, above: Set<string>) => {
    seen.add(id)
    above.add(id)
    for (const to of next.get(id) ?? []) {
      if (above.has(to)) back.add(`${id}:${to}`)
      else if (!seen.has(to)) walk(to, above)
    }
    above.delete(id)
    order.unshift(id)
  }
  for (const id of [startMark, afterMark, ...Object.keys(d.nodes)]) if (!seen.has(id)) walk(id, new Set())
  for (const id of order) {
    const at = column.get(id) ?? (isMark(id) ? 0 : 1)
    column.set(id, at)
    for (const to of next.get(id) ?? []) if (!back.has(`${id}:${to}`)) column.set(to, Math.max(column.get(to) ?? 0, at + 1))
  }
  return column
}

function neighbours(d: Definition): Map<string, string[]> {
  const next = new Map<string, string[]>()
  for (const w of waysOf(d)) next.set(w.from, [...(next.get(w.from) ?? []), w.to])
  return next
}

/** ordered sorts each column by where its nodes' predecessors stand, twice over. */
function ordered(d: Definition, column: Map<string, number>): string[][] {
  const columns: string[][] = []
  for (const [id, at] of column) (columns[at] ??= []).push(id)
  for (let i = 0; i < columns.length; i++) columns[i] ??= []
  const before = new Map<string, { id: string; exit: number }[]>()
  const exitNumber = new Map<string, number>()
  for (const w of waysOf(d)) {
    const n = exitNumber.get(w.from) ?? 0
    exitNumber.set(w.from, n + 1)
    before.set(w.to, [...(before.get(w.to) ?? []), { id: w.from, exit: n }])
  }
  columns.forEach((ids, at) => {
    if (at === 0) {
      ids.sort((a, b) => (a === startMark ? -1 : b === startMark ? 1 : 0))
      return
    }
    const rank = new Map(columns.slice(0, at).flatMap((c) => c.map((id, i) => [id, i / Math.max(1, c.length)] as const)))
    const weight = (id: string) => {
      const ways = (before.get(id) ?? []).filter((b) => rank.has(b.id))
      return ways.length ? ways.reduce((sum, b) => sum + (rank.get(b.id) ?? 0) + b.exit / 1000, 0) / ways.length : 1
    }
    ids.sort((a, b) => weight(a) - weight(b) || a.localeCompare(b))
  })
  return columns
}

const most = 100 // flows whose places a browser keeps
const keyOf = (app: number) => `openseat.console.flowPlaces.${app}`

type Kept = Record<string, Places>

function kept(app: number, storage: Pick<Storage, 'getItem'>): Kept {
  try {
    const all: unknown = JSON.parse(storage.getItem(keyOf(app)) ?? '{}')
    return typeof all === 'object' && all !== null ? (all as Kept) : {}
  } catch {
    return {}
  }
}

/** placesOf are where somebody put the nodes of a flow in this browser. */
export const placesOf = (app: number, flow: string, storage: Pick<Storage, 'getItem'> = localStorage): Places => kept(app, storage)[flow] ?? {}

/** keepPlaces keeps them; the flows that were not touched for longest are forgotten. */
export function keepPlaces(app: number, flow: string, places: Places, storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage) {
  const others = Object.entries(kept(app, storage)).filter(([name]) => name !== flow)
  const all = [...others, [flow, places] as const].filter(([, p]) => Object.keys(p).length > 0)
  try {
    storage.setItem(keyOf(app), JSON.stringify(Object.fromEntries(all.slice(-most))))
  } catch {
    // A browser that keeps nothing shows the computed places.
  }
}

/** placed is where everything stands: where somebody put it, else where the layout wants it. */
export function placed(d: Definition, moved: Places): Places {
  const all = layout(d)
  for (const id of Object.keys(all)) {
    const at = moved[id]
    if (at) all[id] = at
  }
  return all
}
