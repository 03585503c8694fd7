// What is wrong with a flow, in the reader's words: the server tells it in English.
import type { FlowProblem } from '../../api/types'
import type { Definition } from './definition'

type Words = (key: string, named?: Record<string, unknown>) => string

const known: [RegExp, string, string[]][] = [
  [/^is missing$/, 'missing', []],
  [/^must be (\d+) to (\d+)$/, 'range', ['from', 'to']],
  [/^there is no node "(.*)"$/, 'nowhere', ['id']],
  [/^cannot be reached$/, 'unreachable', []],
  [/^this skill group does not exist$/, 'group', []],
  [/^this flow is not published$/, 'flow', []],
  [/^this schedule does not exist$/, 'schedule', []],
  [/^must be one of 0-9, \*, #$/, 'key', []],
  [/^must not be above max$/, 'minmax', []],
  [/^names that begin with System are set by the system$/, 'system', []],
  [/^must be a letter, then up to 63 letters, digits or _$/, 'variable', []],
  [/^must have either audio or text$/, 'either', []],
  [/^must be an http or https address$/, 'url', []],
  [/^a flow cannot be its own part$/, 'own', []],
]

/** messageOf says a problem's message; one that is not known is said as the server said it. */
export function messageOf(message: string, t: Words): string {
  for (const [form, key, names] of known) {
    const found = form.exec(message)
    if (found) return t(`designer.problem.${key}`, Object.fromEntries(names.map((n, i) => [n, found[i + 1] ?? ''])))
  }
  return message
}

/** fieldOf names the field of a problem: "Keys 1 › then". */
export function fieldOf(field: string, t: Words): string {
  const [first, at, inner] = field.split('.') as [string, string | undefined, string | undefined]
  if (!first) return ''
  const place = at === undefined ? '' : ` ${first === 'choices' || first === 'outputs' ? at : String(Number(at) + 1)}`
  const words = t(`designer.field.${first}`)
  return words + place + (inner === 'next' ? ` › ${t('designer.field.next')}` : '')
}

/** inWords is a whole problem; the node is named by whoever shows it. */
export function inWords(p: FlowProblem, t: Words): string {
  const message = messageOf(p.Message, t)
  return !p.Field || p.Message === 'cannot be reached' ? message : `${fieldOf(p.Field, t)}: ${message}`
}

/** missingSchedules finds working hours that there are none of: such a node would always be open. */
export function missingSchedules(d: Definition, schedules: string[]): FlowProblem[] {
  return Object.entries(d.nodes).filter(([, s]) => s.type === 'worktime' && s.schedule && !schedules.includes(s.schedule))
    .map(([id]) => ({ Node: id, Field: 'schedule', Message: 'this schedule does not exist', Warning: true }))
}
