import { en } from './en'
import { zh } from './zh'

/** What the face says, in the agent's language. */
export type Strings = typeof en

export function strings(lang: 'zh' | 'en'): Strings {
  return lang === 'zh' ? zh : en
}
