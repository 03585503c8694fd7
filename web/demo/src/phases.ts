import type { Step } from './server'

/** A stretch of a session. */
export interface Phase {
  name: 'flow' | 'queue' | 'ring' | 'talk' | 'after'
  from: number // ms since the session began
  to: number
  colour: string
}

const COLOURS: Record<Phase['name'], string> = {
  flow: 'var(--violet)', queue: 'var(--amber)', ring: 'var(--blue)', talk: 'var(--green)', after: 'var(--soft)',
}

/**
 * The stretches of a session, read off its journal. `now` is given while the session runs: then the last stretch is open.
 */
export function phases(steps: Step[], now?: number): { list: Phase[]; total: number } {
  const first = steps[0]
  if (!first) return { list: [], total: 0 }
  const begin = first.TimestampMs
  const list: Phase[] = []
  let name: Phase['name'] | '' = first.Event === 'call.CallOut' ? 'ring' : 'flow'
  let from = 0
  const turn = (next: Phase['name'] | '', at: number) => {
    if (next === name) return
    if (name && at > from) list.push({ name, from, to: at, colour: COLOURS[name] })
    name = next
    from = at
  }
  for (const s of steps) {
    const at = s.TimestampMs - begin
    const wants = (c: string) => s.Commands.some((x) => x.includes(c))
    if (wants('call.Closed') || wants('Closed')) turn('', at)
    else if (wants('acd.Enqueued') || wants('Enqueued')) turn('queue', at)
    else if (s.Event === 'acd.Offered') turn('ring', at)
    else if (wants('call.Connect') && wants('call.Record')) turn('talk', at)
    else if (s.Event === 'call.HungUp' && (name as string) === 'talk') turn('after', at)
  }
  const last = steps[steps.length - 1]
  turn('', (now ?? last?.TimestampMs ?? begin) - begin)
  const total = Math.max(...list.map((p) => p.to), 0)
  return { list, total }
}
