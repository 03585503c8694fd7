// What the ways out of a node are called.
import type { Exit, Step } from './definition'

type Words = (key: string, named?: Record<string, unknown>) => string

/** exitWords names a way out: of a menu the key and what it means, of working hours "open" and "closed". */
export function exitWords(s: Step, e: Exit, t: Words): string {
  if (e.name.startsWith('choices.')) return e.label ? `${e.key ?? ''} · ${e.label}` : t('designer.exit.key', { key: e.key })
  if (e.name.startsWith('branches.')) return e.label ?? t('designer.exit.branch', { key: e.key })
  if (e.name === 'leave') return t('designer.exit.leave', { key: e.key })
  if (e.name === 'next') {
    if (s.type === 'worktime') return t('designer.exit.open')
    if (s.type === 'condition') return t('designer.exit.otherwise')
    if (s.type === 'blacklist') return t('designer.exit.notListed')
  }
  return t(`designer.exit.${e.name}`)
}

/** fallsTo is the exit that is taken when this one leads nowhere; empty when the call ends then. */
export function fallsTo(s: Step, exit: string): string {
  if (exit === 'invalid') return 'noInput'
  if (exit === 'failed' && (s.type === 'http' || s.type === 'sms')) return 'next'
  if (s.type === 'satisfaction' && exit.startsWith('choices.')) return 'next'
  return ''
}
