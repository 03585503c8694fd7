// Flows to begin with. Their words are in the language of the page; the groups and hours are chosen afterwards.
import type { Definition } from './definition'

type Words = (key: string) => string

export const templates = ['empty', 'menu', 'queue', 'hours'] as const
export type Template = (typeof templates)[number]

/** begin makes a flow of a template. */
export function begin(template: Template, name: string, lang: 'zh' | 'en', group: number, schedule: string, t: Words): Definition {
  const say = (key: string) => [{ text: t(`designer.say.${key}`), lang }]
  const label = (key: string) => t(`designer.name.${key}`)
  const queue = { type: 'queue', label: label('queue'), nobody: 'nobody', overflow: 'nobody', ...(group ? { group } : {}) }
  const nobody = { type: 'hangup', label: label('nobody'), prompts: say('nobody') }
  const message = { type: 'voicemail', label: label('message'), prompts: say('message'), next: 'bye' }
  const bye = { type: 'hangup', label: label('bye'), prompts: say('bye') }
  switch (template) {
    case 'menu':
      return {
        name, start: 'menu',
        nodes: {
          menu: {
            type: 'keys', label: label('menu'), prompts: say('menu'), wrongPrompts: say('wrong'), retries: 2, noInput: 'queue', invalid: 'queue',
            choices: { 1: { label: label('queue'), next: 'queue' }, 2: { label: label('message'), next: 'message' } },
          },
          queue: { ...queue, overflow: 'message' }, nobody: { ...nobody }, message, bye,
        },
      }
    case 'queue':
      return { name, start: 'queue', nodes: { queue: { ...queue, prompts: say('wait') }, nobody } }
    case 'hours':
      return {
        name, start: 'hours',
        nodes: {
          hours: { type: 'worktime', label: label('hours'), next: 'queue', closed: 'message', ...(schedule ? { schedule } : {}) },
          queue: { ...queue, nobody: 'message', overflow: 'message' }, message: { ...message, prompts: say('closed') }, bye,
        },
      }
    case 'empty':
      return { name, start: 'bye', nodes: { bye } }
  }
}
