import type { Measured } from './network'

/** How a step ended. */
export type Standing = 'idle' | 'busy' | 'good' | 'fair' | 'bad'

export type Step = 'browser' | 'microphone' | 'speaker' | 'network'

export const steps: readonly Step[] = ['browser', 'microphone', 'speaker', 'network']

/** What a step found: how it stands, and facts for the report. */
export interface Finding {
  standing: Standing
  facts: Record<string, string>
}

export type Findings = Record<Step, Finding>

export const nothing: Findings = {
  browser: { standing: 'idle', facts: {} },
  microphone: { standing: 'idle', facts: {} },
  speaker: { standing: 'idle', facts: {} },
  network: { standing: 'idle', facts: {} },
}

/** The whole: as good as the worst step; open while a step is. What is broken is said at once. */
export function verdict(findings: Findings): { standing: Standing; open: number } {
  const all = steps.map((s) => findings[s].standing)
  const open = all.filter((s) => s === 'idle' || s === 'busy').length
  if (all.includes('bad')) return { standing: 'bad', open }
  if (open > 0) return { standing: 'idle', open }
  return { standing: all.includes('fair') ? 'fair' : 'good', open }
}

/** How a measured network stands: calls work up to a fair grade well, with a bad one somehow, and not with less. */
export function standingOf(measured: Measured): Standing {
  if (measured.grade === 0 || measured.grade >= 5) return 'bad'
  return measured.grade >= 3 || measured.way === 'tcp' ? 'fair' : 'good'
}

/** The report as text, in English: it is for administrators and tickets. */
export function report(findings: Findings, about: { at: string; agent: string; page: string }): string {
  const lines = [`OpenSeat self-check`, `time: ${about.at}`, `page: ${about.page}`, `browser: ${about.agent}`]
  for (const step of steps) {
    const { standing, facts } = findings[step]
    lines.push(`${step}: ${standing}`)
    for (const [name, value] of Object.entries(facts)) lines.push(`  ${name}: ${value}`)
  }
  return lines.join('\n')
}
