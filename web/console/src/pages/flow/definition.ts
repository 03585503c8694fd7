// Flows as the pages handle them: the definition of core/flow, what each type of node has, and changes to it. A change
// answers a new definition and leaves the old one as it was.

export interface Prompt {
  audio?: string
  text?: string
  lang?: string
}

export interface Choice {
  label: string
  next?: string
}

export interface Branch {
  if: string
  next: string
}

export interface Assignment {
  var: string
  value?: string
  expr?: string
}

export interface Step {
  type: string
  label?: string
  prompts?: Prompt[]
  next?: string
  choices?: Record<string, Choice>
  timeout?: number
  retries?: number
  wrongPrompts?: Prompt[]
  noInput?: string
  invalid?: string
  var?: string
  min?: number
  max?: number
  schedule?: string
  closed?: string
  branches?: Branch[]
  assign?: Assignment[]
  url?: string
  method?: string
  headers?: Record<string, string>
  params?: Record<string, string>
  outputs?: Record<string, string>
  failed?: string
  to?: string
  text?: string
  listed?: string
  group?: number
  priority?: number
  music?: Prompt[]
  nobody?: string
  overflow?: string
  announce?: Prompt[]
  every?: number
  leaveKey?: string
  leave?: string
  user?: string
  last?: boolean
  number?: string
  caller?: string
  flow?: string
  maxSeconds?: number
}

export interface Definition {
  name: string
  start: string
  nodes: Record<string, Step>
  afterCall?: string
}

/** Field is what the properties of a node show. */
export type Field = Exclude<keyof Step, 'type' | 'label' | ExitField>
/** ExitField is a field of a node that names another. */
export type ExitField = 'next' | 'noInput' | 'invalid' | 'closed' | 'failed' | 'listed' | 'nobody' | 'overflow' | 'leave'

export interface Kind {
  icon: string
  family: 'talk' | 'ask' | 'decide' | 'connect' | 'end'
  fields: readonly Field[]
  exits: readonly ExitField[]
  /** fresh is what a new node of the kind begins with. */
  fresh?: Partial<Step>
}

/** kinds are the types of nodes, in the order of the palette. */
export const kinds = {
  play: { icon: 'sound', family: 'talk', fields: ['prompts'], exits: ['next'] },
  voicemail: { icon: 'microphone', family: 'talk', fields: ['prompts', 'maxSeconds'], exits: ['next'] },
  sms: { icon: 'chat', family: 'talk', fields: ['to', 'text'], exits: ['next', 'failed'] },
  keys: { icon: 'keypad', family: 'ask', fields: ['prompts', 'choices', 'timeout', 'retries', 'wrongPrompts'], exits: ['noInput', 'invalid'], fresh: { choices: { 1: { label: '' } } } },
  digits: { icon: 'digits', family: 'ask', fields: ['prompts', 'var', 'min', 'max', 'timeout', 'retries', 'wrongPrompts'], exits: ['next', 'noInput', 'invalid'], fresh: { var: 'Digits' } },
  speech: { icon: 'speech', family: 'ask', fields: ['prompts', 'var', 'timeout', 'retries', 'maxSeconds'], exits: ['next', 'noInput'], fresh: { var: 'Said' } },
  satisfaction: { icon: 'star', family: 'ask', fields: ['prompts', 'choices', 'timeout', 'retries', 'wrongPrompts'], exits: ['next'], fresh: { choices: { 1: { label: '' }, 2: { label: '' } } } },
  worktime: { icon: 'time', family: 'decide', fields: ['schedule'], exits: ['next', 'closed'] },
  condition: { icon: 'branch', family: 'decide', fields: ['branches'], exits: ['next'], fresh: { branches: [{ if: '', next: '' }] } },
  blacklist: { icon: 'lock-on', family: 'decide', fields: [], exits: ['next', 'listed'] },
  set: { icon: 'variable', family: 'decide', fields: ['assign'], exits: ['next'], fresh: { assign: [{ var: '' }] } },
  http: { icon: 'server', family: 'decide', fields: ['method', 'url', 'headers', 'params', 'outputs', 'timeout', 'retries'], exits: ['next', 'failed'] },
  subflow: { icon: 'flow', family: 'decide', fields: ['flow'], exits: ['next'] },
  queue: { icon: 'usergroup', family: 'connect', fields: ['group', 'prompts', 'music', 'announce', 'every', 'timeout', 'priority', 'leaveKey'], exits: ['nobody', 'overflow'] },
  agent: { icon: 'user', family: 'connect', fields: ['last', 'user', 'prompts', 'music', 'timeout', 'priority'], exits: ['nobody', 'overflow'] },
  external: { icon: 'call', family: 'connect', fields: ['number', 'caller', 'prompts', 'music', 'timeout'], exits: ['failed'] },
  hangup: { icon: 'hangup', family: 'end', fields: ['prompts'], exits: [] },
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof kinds

/** kindOf is what is known of a type; one that is not known has nothing. */
export const kindOf = (type: string): Kind => (type in kinds ? kinds[type as KindName] : { icon: 'error-circle', family: 'end', fields: [], exits: [] })

export const families: Kind['family'][] = ['talk', 'ask', 'decide', 'connect', 'end']
export const kindsOf = (family: Kind['family']): KindName[] => (Object.keys(kinds) as KindName[]).filter((k) => kinds[k].family === family)

/** Exit is a way out of a node: its name is the path of the field that leads there. */
export interface Exit {
  name: string
  /** key of a choice, number of a branch. */
  key?: string
  label?: string
  to: string
}

const keyOrder = '1234567890*#'

/** keysOf are the keys of choices as a telephone has them. */
export const keysOf = (choices: Record<string, Choice> | undefined): string[] => Object.keys(choices ?? {}).sort((a, b) => keyOrder.indexOf(a) - keyOrder.indexOf(b))

/** exitsOf lists the ways out of a node, those that lead nowhere included. */
export function exitsOf(s: Step): Exit[] {
  const kind = kindOf(s.type)
  const out: Exit[] = []
  if (s.type === 'keys' || s.type === 'satisfaction') {
    for (const key of keysOf(s.choices)) out.push({ name: `choices.${key}.next`, key, label: s.choices?.[key]?.label ?? '', to: s.choices?.[key]?.next ?? '' })
  }
  if (s.type === 'condition') {
    s.branches?.forEach((b, i) => out.push({ name: `branches.${i}.next`, key: String(i + 1), label: b.if, to: b.next }))
  }
  if ((s.type === 'queue' || s.type === 'agent') && s.leaveKey) out.push({ name: 'leave', key: s.leaveKey, to: s.leave ?? '' })
  for (const name of kind.exits) out.push({ name, to: s[name] ?? '' })
  return out
}

export const clone = <T>(v: T): T => JSON.parse(JSON.stringify(v)) as T

/** leads makes an exit of a node lead to another; an empty one leads nowhere. */
export function leads(d: Definition, id: string, exit: string, to: string): Definition {
  return withNode(d, id, (s) => point(s, exit, to))
}

function point(s: Step, exit: string, to: string) {
  const [field, at] = exit.split('.') as [string, string | undefined]
  if (field === 'choices' && at !== undefined) {
    const choice = s.choices?.[at]
    if (choice) choice.next = to
  } else if (field === 'branches' && at !== undefined) {
    const branch = s.branches?.[Number(at)]
    if (branch) branch.next = to
  } else {
    s[field as ExitField] = to
  }
}

/** withNode changes one node. */
export function withNode(d: Definition, id: string, change: (s: Step) => void): Definition {
  const step = d.nodes[id]
  if (!step) return d
  const changed = clone(step)
  change(changed)
  return { ...d, nodes: { ...d.nodes, [id]: tidy(changed) } }
}

/** tidy leaves out what says nothing, as the server does. */
export function tidy(s: Step): Step {
  const out: Record<string, unknown> = { type: s.type }
  for (const [k, v] of Object.entries(s)) {
    if (k !== 'type' && !isNothing(v)) out[k] = v
  }
  if (s.choices) out.choices = Object.fromEntries(keysOf(s.choices).map((k) => [k, withoutNothing(s.choices?.[k] ?? { label: '' }, ['label'])]))
  if (s.branches) out.branches = s.branches.map((b) => ({ if: b.if, next: b.next }))
  if (s.assign) out.assign = s.assign.map((a) => withoutNothing(a, ['var']))
  for (const name of ['prompts', 'wrongPrompts', 'music', 'announce'] as const) {
    const prompts = s[name]
    if (prompts?.length) out[name] = prompts.map((p) => withoutNothing(p, ['text' in p ? 'text' : 'audio']))
  }
  for (const name of ['choices', 'branches', 'assign']) if (isNothing(out[name])) Reflect.deleteProperty(out, name)
  return out as unknown as Step
}

function withoutNothing<T extends object>(v: T, keep: string[]): T {
  return Object.fromEntries(Object.entries(v).filter(([k, x]) => keep.includes(k) || !isNothing(x))) as T
}

function isNothing(v: unknown): boolean {
  if (v === null || v === undefined || v === '' || v === 0 || v === false) return true
  return typeof v === 'object' && Object.keys(v).length === 0
}

/** freshID is an ID that no node has, after a type: queue, queue2 … */
export function freshID(d: Definition, wanted: string): string {
  const stem = wanted.replace(/\d+$/, '') || 'node'
  if (!(stem in d.nodes)) return stem
  let n = 2
  while (`${stem}${n}` in d.nodes) n++
  return `${stem}${n}`
}

/** added puts a new node in; the first one is the start. */
export function added(d: Definition, type: KindName, label: string): { definition: Definition; id: string } {
  const id = freshID(d, type)
  const fresh: Partial<Step> = 'fresh' in kinds[type] ? clone((kinds[type] as Kind).fresh ?? {}) : {}
  const nodes = { ...d.nodes, [id]: { type, label, ...fresh } }
  return { definition: { ...d, start: d.start || id, nodes }, id }
}

/** removed takes nodes out, and every way that led to them. */
export function removed(d: Definition, ids: string[]): Definition {
  const gone = new Set(ids)
  const nodes: Record<string, Step> = {}
  for (const [id, step] of Object.entries(d.nodes)) {
    if (!gone.has(id)) nodes[id] = withoutWays(step, (to) => gone.has(to))
  }
  const out: Definition = { ...d, nodes, start: gone.has(d.start) ? '' : d.start }
  if (d.afterCall && gone.has(d.afterCall)) delete out.afterCall
  return out
}

function withoutWays(s: Step, isGone: (to: string) => boolean): Step {
  const dead = exitsOf(s).filter((e) => e.to && isGone(e.to))
  if (!dead.length) return s
  const changed = clone(s)
  for (const e of dead) point(changed, e.name, '')
  return tidy(changed)
}

/** renamed gives a node another ID, everywhere. */
export function renamed(d: Definition, from: string, to: string): Definition {
  if (from === to || !to || to in d.nodes || !(from in d.nodes)) return d
  const nodes: Record<string, Step> = {}
  for (const [id, step] of Object.entries(d.nodes)) {
    const changed = clone(step)
    for (const e of exitsOf(step)) if (e.to === from) point(changed, e.name, to)
    nodes[id === from ? to : id] = changed
  }
  const out: Definition = { ...d, nodes, start: d.start === from ? to : d.start }
  if (d.afterCall === from) out.afterCall = to
  return out
}

/** Clip is what was copied: nodes with the ways among them. */
export type Clip = Record<string, Step>

export function copied(d: Definition, ids: string[]): Clip {
  const inside = new Set(ids)
  return Object.fromEntries(ids.flatMap((id) => {
    const step = d.nodes[id]
    return step ? [[id, withoutWays(clone(step), (to) => !inside.has(to))] as const] : []
  }))
}

/** pasted puts copies in under IDs of their own; ids maps the old ones to the new. */
export function pasted(d: Definition, clip: Clip): { definition: Definition; ids: Record<string, string> } {
  let out = d
  const ids: Record<string, string> = {}
  for (const [id, step] of Object.entries(clip)) {
    const fresh = freshID(out, id)
    ids[id] = fresh
    out = { ...out, nodes: { ...out.nodes, [fresh]: clone(step) } }
  }
  for (const fresh of Object.values(ids)) {
    out = withNode(out, fresh, (s) => {
      for (const e of exitsOf(s)) point(s, e.name, ids[e.to] ?? '')
    })
  }
  return { definition: { ...out, start: out.start || Object.values(ids)[0] || '' }, ids }
}

/** variablesOf are the names that a flow fills, and those that the system gives. */
export function variablesOf(d: Definition): string[] {
  const names = new Set(['SystemCallerNumber', 'SystemCalleeNumber', 'SystemSessionId', 'SystemLastAgent', 'WaitNo', 'WaitSeconds', 'StaffNo'])
  for (const s of Object.values(d.nodes)) {
    if (s.var) names.add(s.var)
    for (const a of s.assign ?? []) if (a.var) names.add(a.var)
    for (const v of Object.keys(s.outputs ?? {})) names.add(v)
  }
  return [...names]
}
