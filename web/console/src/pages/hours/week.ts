// A week of working hours as spans of minutes, to be drawn.
import type { WorkPeriod } from '../../api/types'

export const dayMinutes = 24 * 60

/** minutes reads a time of day; null when it is none. */
export function minutes(time: string): number | null {
  const m = /^(\d\d):(\d\d)$/.exec(time)
  if (!m) return null
  const at = Number(m[1]) * 60 + Number(m[2])
  return Number(m[2]) < 60 && at <= dayMinutes ? at : null
}

/** overnight tells whether a time reaches into the next day. */
export function overnight(from: string, to: string): boolean {
  const [f, t] = [minutes(from), minutes(to)]
  return f !== null && t !== null && t <= f && t > 0
}

export type Span = [from: number, to: number]

/** spansOf is when work goes on, by weekday (0 Sunday): what reaches over midnight is split, what touches is joined. */
export function spansOf(week: WorkPeriod[]): Span[][] {
  const days: Span[][] = Array.from({ length: 7 }, () => [])
  for (const p of week) {
    const [f, t] = [minutes(p.From), minutes(p.To)]
    if (f === null || t === null) continue
    for (const d of p.Weekdays) {
      if (t > f) days[d]?.push([f, t])
      else {
        days[d]?.push([f, dayMinutes])
        if (t > 0) days[(d + 1) % 7]?.push([0, t])
      }
    }
  }
  return days.map(joined)
}

function joined(spans: Span[]): Span[] {
  const out: Span[] = []
  for (const [f, t] of spans.sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && f <= last[1]) last[1] = Math.max(last[1], t)
    else out.push([f, t])
  }
  return out
}
